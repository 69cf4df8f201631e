from odoo import api, fields, models

#: The worst comes first.
RISKS = ("late", "unknown", "unsafe", "open", "safe")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    promise_beside_forecast = fields.Boolean(
        compute="_compute_promise_beside_forecast", groups="base.group_user"
    )
    promise_day = fields.Date(
        string="Likely There",
        compute="_compute_promise",
        groups="base.group_user",
        help="When the customer likely has the last of it.",
    )
    promise_risk = fields.Selection(
        selection=lambda self: self.env["supply.promise"]._fields["risk"].selection,
        string="Promise",
        compute="_compute_promise",
        groups="base.group_user",
    )

    @api.depends("company_id")
    def _compute_promise_beside_forecast(self):
        for order in self:
            company = order.company_id.sudo()
            order.promise_beside_forecast = company.promise_beside_forecast

    @api.depends("order_line.promise_ids.likely_on", "order_line.promise_ids.risk")
    def _compute_promise(self):
        promises = (
            self.env["supply.promise"]
            .sudo()
            .search([("order_id", "in", self.ids), ("is_open", "=", True)])
        )
        by_order = promises.grouped("order_id")
        for order in self:
            mine = by_order.get(order.sudo(), promises.browse())
            days = mine.mapped("likely_on")
            order.promise_day = max(days) if days and all(days) else False
            risks = set(mine.mapped("risk"))
            order.promise_risk = next((r for r in RISKS if r in risks), False)

    def action_tell_promise(self):
        """Open what to tell the customer."""
        return self.env["supply.promise.tell"]._open(self)
