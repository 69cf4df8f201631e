from odoo import api, fields, models

from ..promise_row import RISKS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    promise_beside_forecast = fields.Boolean(
        compute="_compute_promise_beside_forecast", groups="base.group_user"
    )
    told_delivery_date = fields.Datetime(
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The delivery date that was set because the customer was told so. As long "
        "as it stands, it is no wish of the customer.",
    )
    wanted_delivery_date = fields.Datetime(
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The delivery date before that: what the customer wanted.",
    )
    promise_day = fields.Date(
        string="Likely There",
        compute="_compute_promise",
        groups="base.group_user",
        help="When the customer likely has the last of it.",
    )
    promise_risk = fields.Selection(
        selection=lambda self: (
            self.env["supply.promise"]._fields["risk"]._description_selection(self.env)
        ),
        string="Promise",
        compute="_compute_promise",
        groups="base.group_user",
    )

    #: Whose turn it is asks for them whenever a pool is read, and few are.
    _told_delivery = models.Index("(id) WHERE told_delivery_date IS NOT NULL")

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

    def _set_told_delivery_date(self, moment):
        """Set Odoo's delivery date to what the customer was told, and keep what the
        customer wanted."""
        self.ensure_one()
        values = {"commitment_date": moment, "told_delivery_date": moment}
        if not self._is_told_delivery_date():
            values["wanted_delivery_date"] = self.commitment_date
        self.write(values)

    def _is_told_delivery_date(self):
        """Tell whether the delivery date is what we told, and nobody's wish."""
        told = self.told_delivery_date
        return bool(told) and self.commitment_date == told

    def _get_wanted_moment(self):
        """Return when the customer wants the order; nothing where nobody said it.

        Urgency is always the customer's. A delivery date only is where it is not ours.
        """
        if self.needed_by:
            return self.needed_by
        if self._is_told_delivery_date():
            return self.wanted_delivery_date
        return self.commitment_date

    def action_tell_promise(self):
        """Open what to tell the customer."""
        return self.env["supply.promise.tell"]._open(self)
