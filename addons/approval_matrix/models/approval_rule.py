from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class ApprovalRule(models.Model):
    _name = "approval.rule"
    _description = "Approval Rule"
    _inherit = ["mail.thread"]
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
    step_ids = fields.One2many("approval.rule.step", "rule_id", copy=True)
    process_count = fields.Integer(compute="_compute_process_count")

    _amounts_in_order = models.Constraint(
        "CHECK (amount_min >= 0 AND (amount_max = 0 OR amount_max > amount_min))",
        "The upper amount must be greater than the lower one, and neither negative.",
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
            try:
                domain = Domain(literal_eval(rule.domain))
                domain.validate(self.env[rule.model_id.model])
            except (ValueError, TypeError, SyntaxError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of rule “%(rule)s” cannot be read: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if "model_id" in vals:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

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

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _get_approvable_models(self):
        """Return the names of the models whose documents can be put under approval."""
        children = self.env.registry["approval.mixin"]._inherit_children
        return [name for name in children if not self.env.registry[name]._abstract]

    @api.model
    @tools.ormcache()
    def _get_models_in_use(self):
        """Return the models for which a rule exists, archived ones included.

        An archived rule may still have requests running, and a rule that was used
        cannot be deleted: a model outside this set never had a request.

        :rtype: frozenset
        """
        groups = self.sudo().with_context(active_test=False)._read_group([], ["model"])
        return frozenset(model for (model,) in groups)

    @api.model
    def _match(self, documents):
        """Find the rule of each document.

        :return: the first rule that matches, by document id; documents without a
            rule are left out
        :rtype: dict
        """
        routes = {}
        documents = documents.sudo()
        by_company = documents.grouped(lambda document: document._approval_company())
        for company, group in by_company.items():
            rules = self.sudo().search(self._get_match_domain(group, company))
            if not rules:
                continue
            amounts = {document.id: document._approval_amount() for document in group}
            for rule in rules:
                group = group.filtered(lambda document: document.id not in routes)
                matching = group.filtered_domain(literal_eval(rule.domain))
                for document in matching:
                    if rule._covers(amounts[document.id]):
                        routes[document.id] = rule
        return routes

    @api.model
    def _get_match_domain(self, documents, company):
        return [
            ("model", "=", documents._name),
            "|",
            ("company_id", "=", False),
            ("company_id", "parent_of", company.ids),
        ]

    def _covers(self, amount):
        """Tell whether an amount in company currency is in the range of the rule."""
        self.ensure_one()
        return self.amount_min <= amount and (
            not self.amount_max or amount < self.amount_max
        )
