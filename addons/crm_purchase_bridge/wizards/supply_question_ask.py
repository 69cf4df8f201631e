from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SupplyQuestionAsk(models.TransientModel):
    """Asks another department about a record that the user reads."""

    _name = "supply.question.ask"
    _description = "Question to Another Department"

    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    department = fields.Selection(
        lambda self: self.env["supply.question"]._selection_department(),
        string="Ask",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="By Name",
        domain="[('share', '=', False), ('id', '!=', uid)]",
        help="Leave it empty to ask whoever deals with it.",
    )
    people = fields.Char(string="Goes To", compute="_compute_people")
    subject = fields.Char(string="About", compute="_compute_subject")
    product_ids = fields.Many2many("product.product", compute="_compute_subject")
    product_id = fields.Many2one(
        "product.product",
        domain="[('id', 'in', product_ids)]",
        help="Leave it empty to ask about all of it.",
    )
    text = fields.Text(string="Question")

    @api.constrains("res_model", "res_id")
    def _check_record(self):
        """Nobody gets to hear what a record is called that they may not read."""
        for wizard in self.sudo(False):  # constraints have the system's rights
            wizard._get_record()

    @api.model
    def _open(self, record, department, text=None):
        """Return the action that asks about one record.

        :param text: to begin with
        """
        record.ensure_one()
        record.check_access("read")
        labels = dict(self.env["supply.question"]._selection_department())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Ask %(department)s", department=labels.get(department, "")
            ),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_res_model": record._name,
                "default_res_id": record.id,
                "default_department": department,
                "default_text": text,
            },
        }

    @api.model
    def _open_for_faster(self, line):
        """Return the action that asks purchasing about a vendor who is faster; which
        one that is, the buyer sees.

        :param line: ``sale.order.line`` or ``crm.lead.line``
        """
        line.ensure_one()
        line.check_access("read")
        is_lead = line._name == "crm.lead.line"
        subject = "lead_line_id" if is_lead else "sale_line_id"
        promises = self.env["supply.promise"].sudo()
        day = promises.search([(subject, "=", line.id)]).faster_on
        text = self.env._("Can we have it earlier from another vendor?")
        if day:
            text = self.env._(
                "Another vendor could have it by %s. Can we buy there?",
                format_date(self.env, day),
            )
        return self._open(line, "purchase", text)

    @api.depends("res_model", "res_id")
    def _compute_subject(self):
        for wizard in self:
            record = wizard._get_record().sudo()
            names = [record._get_question_document()._get_question_name()]
            if product := record._get_question_subject().get("product_id"):
                names.append(product.display_name)
            wizard.subject = " – ".join(names)
            wizard.product_ids = record._get_question_lines().product_id

    @api.depends("res_model", "res_id", "department", "user_id", "product_id")
    def _compute_people(self):
        """Say who would get a to-do: the person named here, the one who deals with the
        record, else everyone of the department."""
        labels = dict(self.env["supply.question"]._selection_department())
        for wizard in self:
            named = wizard.user_id
            if not named and wizard.department in labels:
                values = (
                    self.env["supply.question"]
                    .sudo()
                    ._prepare_question(
                        wizard._get_asked_about().sudo(),
                        wizard.department,
                        self.env.user,
                    )
                )
                named = named.browse(values["user_id"] or [])
            everyone = self.env._(
                "Everyone in %(department)s",
                department=labels.get(wizard.department, ""),
            )
            wizard.people = named.sudo().name or everyone

    def action_ask(self):
        """Ask, with the rights of the user."""
        self.ensure_one()
        question = self.env["supply.question"]._ask(
            self._get_asked_about(), self.department, self.text, self.user_id
        )
        people = question.sudo().user_id.name or question.sudo()._get_label(
            "department"
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(people)s will answer.", people=people),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_asked_about(self):
        """Return the line with the product, else the record itself."""
        record = self._get_record()
        if not self.product_id:
            return record
        lines = record._get_question_lines()
        found = lines.filtered(lambda line: line.product_id == self.product_id)[:1]
        return found or record

    def _get_record(self):
        """Return the record, which the user may read."""
        records = self.env["supply.question"]._get_askable().get(self.res_model)
        if records is None or not self.res_id:
            raise UserError(self.env._("Open the document and ask there."))
        record = records.browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("This does not exist any more."))
        record.check_access("read")
        return record
