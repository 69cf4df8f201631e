from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context


class UrgencyConfirmation(models.TransientModel):
    """Shows who becomes late before an urgent quotation is confirmed."""

    _name = "urgency.confirmation"
    _description = "Confirmation of an Urgent Quotation"

    sale_id = fields.Many2one(
        "sale.order", string="Quotation", required=True, ondelete="cascade"
    )
    displaced_html = fields.Html(
        string="Orders that become late",
        compute="_compute_displaced_html",
        sanitize=False,
    )
    can_lend = fields.Boolean(compute="_compute_displaced_html")

    @api.constrains("sale_id")
    def _check_sale(self):
        """Whoever may not change the quotation does not get to hear who loses what."""
        for wizard in self.sudo(False):  # constraints have the system's rights
            wizard._get_order()

    @api.depends("sale_id")
    def _compute_displaced_html(self):
        for wizard in self:
            order = wizard._get_order()
            lines = order._get_displaced_by_confirming()
            offers = []
            if lines:
                planned = order.order_line._get_planned_demands()
                swaps = self.env["urgency.swap"].sudo()
                offers = swaps._find(lines, planned=planned)
            displaced = self.env["urgency.displacement"]
            wizard.displaced_html = displaced._render_list(lines, offers)
            wizard.can_lend = bool(offers)

    @api.model
    def _open(self, order):
        """Return the action that asks before one order is confirmed."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Confirm Urgent Order"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_sale_id": order.id},
        }

    def action_confirm(self):
        """Confirm the order with the rights of the user, as its own button does.

        :raises UserError: when it is no quotation any more
        """
        self.ensure_one()
        order = self._get_order()
        # free goods go to whoever comes first, and afterwards nothing tells from whom
        listed = order._get_displaced_by_confirming()
        context = {**clean_context(self.env.context), "validate_analytic": True}
        order = order.with_env(self.env(context=context))
        result = order.action_confirm()
        if listed and order.state == "sale":
            self.env["urgency.displacement"].sudo()._record(order.sudo(), listed)
        if isinstance(result, dict):
            return result
        return {"type": "ir.actions.act_window_close"}

    def action_confirm_and_lend(self):
        """Confirm the order, then open what can be lent to who waits longer.

        :raises UserError: when it is no quotation any more
        """
        self.ensure_one()
        lines = self._get_order()._get_displaced_by_confirming()
        result = self.action_confirm()
        if self.sale_id.state != "sale":
            return result
        return self.env["urgency.swap"]._open(lines)

    def _get_order(self):
        """Return the quotation, which the user may change."""
        order = self.sale_id.exists()
        if not order:
            raise UserError(self.env._("There is no such order any more."))
        order.check_access("write")
        return order
