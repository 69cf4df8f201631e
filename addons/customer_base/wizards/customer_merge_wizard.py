from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CustomerMergeWizard(models.TransientModel):
    """Customers side by side: who stays, and with which values."""

    _name = "customer.merge.wizard"
    _description = "Merge Customers"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        default=lambda self: self._get_selected(),
        context={"active_test": False},
    )
    survivor_id = fields.Many2one(
        "res.partner",
        "Stays",
        compute="_compute_survivor_id",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    choices = fields.Json()
    comparison = fields.Json(compute="_compute_comparison")
    refusal = fields.Text(compute="_compute_comparison")

    @api.model
    def _get_selected(self):
        """Return the customers that were selected in a list."""
        selected = self.env["res.partner"]
        if self.env.context.get("active_model") == selected._name:
            selected = selected.browse(self.env.context.get("active_ids"))
        return selected

    @api.depends("partner_ids")
    def _compute_survivor_id(self):
        merges = self.env["customer.merge"]
        for wizard in self:
            partners = wizard.partner_ids._origin
            if wizard.survivor_id not in partners:
                wizard.survivor_id = merges._suggest_survivor(partners)

    @api.depends("partner_ids", "survivor_id")
    def _compute_comparison(self):
        for wizard in self:
            partners, survivor = wizard.partner_ids._origin, wizard.survivor_id._origin
            wizard.comparison = False
            wizard.refusal = False
            if partners:
                compared = self.env["customer.merge"]._compare(partners, survivor)
                wizard.comparison, wizard.refusal = compared

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_merge(self):
        """Merge, and open the customer who stays."""
        self.ensure_one()
        if self.survivor_id not in self.partner_ids:
            raise UserError(self.env._("Choose which of these customers stays."))
        merge = self.env["customer.merge"]._merge(
            self.partner_ids, self.survivor_id, self.choices
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": merge.survivor,
            "views": [[False, "form"]],
        }

    def action_keep_apart(self):
        """Say that these are different customers, and remember it."""
        self.ensure_one()
        self.env["customer.duplicate"]._keep_apart(self.partner_ids)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _open(self, partners, survivor=None):
        """Return the action that shows customers side by side."""
        self.env["customer.merge"]._check_may_merge(partners)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "customer_base.action_customer_merge"
        )
        context = {"default_partner_ids": [Command.set(partners.ids)]}
        if survivor:
            context["default_survivor_id"] = survivor.id
        return {**action, "context": context}
