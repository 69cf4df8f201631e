from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ApprovalRule(models.Model):
    """Which documents need whose approval.

    This file holds the record; ``approval_rule_match`` finds the rule of a document.
    """

    _name = "approval.rule"
    _description = "Approval Rule"
    _inherit = ["approval.rule.mixin", "mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(
        default=10, help="The first rule that matches a document decides its route."
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Also applies to the branches of this company. Empty: all companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    model_id = fields.Many2one(
        "ir.model",
        string="Document",
        required=True,
        ondelete="cascade",
        domain=lambda self: [("model", "in", self._get_approvable_models())],
    )
    model = fields.Char(related="model_id.model", store=True, index=True)
    domain = fields.Char(
        string="Condition",
        default="[]",
        required=True,
        help="Only documents that match are routed by this rule.",
    )
    amount_min = fields.Monetary(
        string="From Amount",
        tracking=True,
        help="In company currency, at the document's date; this amount included.",
    )
    amount_max = fields.Monetary(
        string="Below Amount",
        tracking=True,
        help="In company currency, at the document's date; zero: no upper limit.",
    )
    tolerance = fields.Float(
        string="Tolerance (%)",
        help="After approval the total may drop or rise by so much without asking "
        "again, as long as the same is bought from the same vendor.",
    )
    step_ids = fields.One2many("approval.rule.step", "rule_id", copy=True)
    process_count = fields.Integer(compute="_compute_process_count")

    _amounts_in_order = models.Constraint(
        "CHECK (amount_min >= 0 AND (amount_max = 0 OR amount_max > amount_min))",
        "The upper amount must be greater than the lower one, and neither negative.",
    )

    _tolerance_is_a_share = models.Constraint(
        "CHECK (tolerance >= 0 AND tolerance < 100)",
        "A tolerance is a percentage below 100.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    def _compute_process_count(self):
        counts = dict(
            self.env["approval.process"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.process_count = counts.get(rule, 0)

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("step_ids", "active")
    def _check_steps(self):
        for rule in self:
            if rule.active and not rule.step_ids:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s” has no step: nobody could approve.",
                        rule=rule.name,
                    )
                )

    @api.constrains("company_id", "amount_min", "amount_max")
    def _check_currency(self):
        for rule in self:
            if not rule.company_id and (rule.amount_min or rule.amount_max):
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s” compares amounts: say in the currency of "
                        "which company.",
                        rule=rule.name,
                    )
                )

    @api.constrains("model_id")
    def _check_model(self):
        approvable = self._get_approvable_models()
        for rule in self:
            if rule.model_id.model not in approvable:
                raise ValidationError(
                    self.env._(
                        "“%(model)s” cannot be put under approval.",
                        model=rule.model_id.name,
                    )
                )

    @api.constrains("domain", "model_id")
    def _check_domain(self):
        for rule in self:
            if not self._is_readable(rule.domain, rule.model_id.model):
                raise ValidationError(
                    self.env._(
                        "The condition of rule “%(rule)s” cannot be read: choose "
                        "fields of the document in the editor.",
                        rule=rule.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = (
            self.env["approval.process"]
            .sudo()
            .search([("rule_id", "in", self.ids)], limit=1)
        )
        if used:
            raise UserError(
                self.env._(
                    "Rule “%(rule)s” has decided documents and stays on record. "
                    "Archive it instead.",
                    rule=used.rule_id.name,
                )
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_processes(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "approval_matrix.approval_process_action"
        )
        action["domain"] = [("rule_id", "=", self.id)]
        return action

    def action_try(self):
        """Open the trial: which route would a document take, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try It"),
            "res_model": "approval.trial",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model_id": self.model_id.id,
                "default_amount": self.amount_min,
                "default_company_id": (self.company_id or self.env.company).id,
            },
        }

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _get_approvable_models(self):
        """Return the names of the models whose documents can be put under approval."""
        children = self.env.registry["approval.mixin"]._inherit_children
        return [name for name in children if not self.env.registry[name]._abstract]
