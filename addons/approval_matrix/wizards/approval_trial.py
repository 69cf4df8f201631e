from odoo import api, fields, models
from odoo.exceptions import UserError

from ..system import as_system


class ApprovalTrial(models.TransientModel):
    """Shows which route a document would take, and why; changes nothing."""

    _name = "approval.trial"
    _description = "Try Approval Rules"

    model_id = fields.Many2one("ir.model", string="Document", required=True)
    model = fields.Char(related="model_id.model")
    res_id = fields.Many2oneReference(string="Example", model_field="model")
    amount = fields.Float(help="Without an example: in company currency.")
    requester_id = fields.Many2one(
        "res.users",
        string="Requester",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    route_html = fields.Html(compute="_compute_route_html", sanitize=False)

    @api.depends("model_id", "res_id", "amount", "requester_id", "company_id")
    def _compute_route_html(self):
        for trial in self:
            trial.route_html = trial.model_id and self.env["ir.qweb"]._render(
                "approval_matrix.trial", {"trial": trial._get_route()}
            )

    def _get_route(self):
        """Return every rule with why it does not match, and the steps of the first
        that does."""
        self.ensure_one()
        document = self._get_example()
        company = document._approval_company() if document else self.company_id
        amount = document._approval_threshold_amount() if document else self.amount
        rules = self.env["approval.rule"]._get_rules(
            self.env[self.model_id.model], company
        )
        verdicts, chosen = [], rules.browse()
        for rule in rules:
            reason = rule._why_not(document, amount)
            if not reason and chosen:
                reason = self.env._("An earlier rule matches.")
            verdicts.append({"name": rule.name, "reason": reason})
            chosen = chosen or (rule.browse() if reason else rule)
        return {
            "amount": amount,
            "currency": company.currency_id,
            "rules": verdicts,
            "chosen": chosen.name,
            "steps": [self._get_step(step, document) for step in chosen.step_ids],
        }

    def _get_example(self):
        """Return the example as the gate would see it; the user must be able to read
        it."""
        self.env["approval.rule"]._check_approvable(self.model_id)
        document = self.env[self.model_id.model].browse(self.res_id or ()).exists()
        document.check_access("read")
        return as_system(document)

    def _get_people(self, step, document, excluded):
        """Return in words who would be asked in a step."""
        if step._falls_away(document):
            return self.env._("nobody: the step falls away")
        approvers, needed = step._resolve(document, self.requester_id, excluded)
        names = ", ".join(approvers.mapped("name"))
        return self.env._("%(needed)s of: %(names)s", needed=needed, names=names)

    def _get_step(self, step, document):
        try:
            if not document and step._needs_document():
                people = self.env._("whom the document names")
            else:
                excluded = self.requester_id | document._approval_get_editors()
                place = document or self.env[self.model_id.model].new(
                    {"company_id": self.company_id.id}
                )
                people = self._get_people(step, place.sudo(), excluded)
            error = False
        except UserError as refusal:
            people, error = False, str(refusal)
        return {
            "name": step.name,
            "number": step.sequence,
            "people": people,
            "error": error,
            "hours": step.limit_hours,
        }
