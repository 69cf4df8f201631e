from odoo import api, fields, models
from odoo.exceptions import UserError


class UrgencyChange(models.TransientModel):
    """Says what a level means for others before it is set."""

    _name = "urgency.change"
    _description = "Change of Urgency"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    urgency_level_id = fields.Many2one(
        "urgency.level",
        string="Urgency",
        required=True,
        compute="_compute_urgency",
        store=True,
        compute_sudo=False,
        precompute=True,
        readonly=False,
    )
    is_urgent = fields.Boolean(related="urgency_level_id.is_urgent")
    reason_required = fields.Boolean(related="urgency_level_id.reason_required")
    deadline_required = fields.Boolean(related="urgency_level_id.deadline_required")
    urgency_reason = fields.Char(
        string="Reason",
        compute="_compute_urgency",
        store=True,
        compute_sudo=False,
        precompute=True,
        readonly=False,
    )
    needed_by = fields.Datetime(
        compute="_compute_urgency",
        store=True,
        compute_sudo=False,
        precompute=True,
        readonly=False,
    )
    displaced_html = fields.Html(
        string="Orders that become late",
        compute="_compute_displaced_html",
        sanitize=False,
    )
    can_lend = fields.Boolean(compute="_compute_displaced_html")

    @api.depends("res_model", "res_id")
    def _compute_urgency(self):
        for wizard in self:
            order = wizard._get_order()
            wizard.urgency_level_id = order.urgency_level_id
            wizard.urgency_reason = order.urgency_reason
            wizard.needed_by = order.needed_by

    @api.depends("res_model", "res_id", "urgency_level_id")
    def _compute_displaced_html(self):
        for wizard in self:
            order = wizard._get_order()
            takes = wizard.urgency_level_id.is_urgent and not order.is_urgent
            lines = order._get_displaced() if takes else []
            offers = []
            if lines:
                raised = order.sudo()._get_supply_moves().ids
                offers = self.env["urgency.swap"].sudo()._find(lines, raised)
            displaced = self.env["urgency.displacement"]
            wizard.displaced_html = displaced._render_list(lines, offers)
            wizard.can_lend = bool(offers)

    @api.onchange("needed_by")
    def _onchange_needed_by(self):
        return self.env["urgency.mixin"]._warn_of_past(self.needed_by)

    def action_confirm(self):
        """Set the level with the rights of the user.

        :raises UserError: when it is about nothing that can be urgent
        """
        self.ensure_one()
        order = self._get_order()
        changes = order._get_changes(
            {"urgency_reason": self.urgency_reason, "needed_by": self.needed_by}
        )
        order.write({"urgency_level_id": self.urgency_level_id.id, **changes})
        return {"type": "ir.actions.act_window_close"}

    def action_confirm_and_lend(self):
        """Set the level, then open what can be lent to who waits longer because of it.

        :raises UserError: when it is about nothing that can be urgent
        """
        self.ensure_one()
        lines = self._get_order()._get_displaced()
        self.action_confirm()
        return self.env["urgency.swap"]._open(lines)

    def _get_order(self):
        """Return the order, which the user may change."""
        model = self.env.get(self.res_model)
        if model is None or model._abstract or not hasattr(model, "_get_displaced"):
            raise UserError(self.env._("Open the order and change its urgency there."))
        order = model.browse(self.res_id).exists()
        if not order:
            raise UserError(self.env._("There is no such order any more."))
        order.check_access("write")
        return order
