from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    supply_link_ids = fields.One2many(
        "supply.link",
        "sale_line_id",
        string="Bought For It",
        domain=[("state", "in", ("open", "received"))],
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    supply_method = fields.Char(
        string="Supply",
        compute="_compute_supply_method",
        groups="base.group_user",
        help="What supply.state says: it colours the column.",
    )
    supply_source = fields.Char(
        string="Goods",
        compute="_compute_supply_method",
        groups="base.group_user",
        help="From where the goods come, and when, as of the last look at it.",
    )

    @api.depends("supply_link_ids")
    @api.depends_context("lang", "tz", "uid")
    def _compute_supply_method(self):
        states = self.env["supply.state"].search_fetch(
            [("sale_line_id", "in", self._origin.ids)],
            [
                "sale_line_id",
                "method",
                "quantity",
                "quantity_now",
                "quantity_short",
                "ready_on",
                "overdue_days",
            ],
        )
        by_line = {state.sale_line_id.id: state for state in states}
        for line in self:
            state = by_line.get(line._origin.id, states.browse())
            line.supply_method = state.method
            line.supply_source = state._describe() if state else ""

    def action_view_supply_waiting(self):
        """Show where the goods of these lines come from."""
        self.check_access("read")
        return self.env["supply.waiting"]._open(self)
