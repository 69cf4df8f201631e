from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    wanted_on = fields.Date(
        copy=False,
        groups="base.group_user",
        help="The day on which the customer wants these goods. Empty: when the order "
        "is needed, or what its delivery date said before anything was told.",
    )
    promise_ids = fields.One2many(
        "supply.promise", "sale_line_id", readonly=True, groups="base.group_user"
    )
    promise_day = fields.Date(
        string="Likely There",
        compute="_compute_promise",
        groups="base.group_user",
        help="When the customer likely has all of it.",
    )
    promise_text = fields.Char(
        string="Promise", compute="_compute_promise", groups="base.group_user"
    )

    @api.depends(
        "promise_ids.likely_on",
        "promise_ids.reason",
        "company_id.promise_beside_forecast",
    )
    @api.depends_context("lang", "uid")
    def _compute_promise(self):
        for line in self:
            promise = self.env["supply.promise"]
            if line.company_id.promise_beside_forecast:
                promise = line.sudo().promise_ids.filtered("is_open")[:1]
            line.promise_day = promise.likely_on
            line.promise_text = promise.reason_text

    def action_ask_for_faster(self):
        """Open the dialog that asks the buyer about a vendor who is faster."""
        return self.env["supply.question.ask"]._open_for_faster(self)
