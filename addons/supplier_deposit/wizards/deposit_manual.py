from odoo import api, fields, models


class DepositManual(models.TransientModel):
    """A deposit that no rule makes: asked for by hand, on one order."""

    _name = "deposit.manual"
    _description = "New Deposit"
    _inherit = ["deposit.wizard"]

    order_id = fields.Many2one("purchase.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id")
    amount_total = fields.Monetary(related="order_id.amount_total", related_sudo=False)
    percent = fields.Float(string="Percent of the Order", digits=(5, 2))
    amount = fields.Monetary(
        compute="_compute_amount",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
    )
    title = fields.Char(required=True, default=lambda self: self.env._("By agreement"))
    date_due = fields.Date(
        string="Due Date", required=True, default=fields.Date.context_today
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank or Cash",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of',"
        " company_id)]",
        help="Empty: the first bank journal of the company.",
    )

    @api.depends("percent")
    def _compute_amount(self):
        for wizard in self:
            share = wizard.amount_total * wizard.percent / 100
            wizard.amount = wizard.currency_id.round(share) or wizard.amount

    def action_confirm(self):
        """Make the deposit; it is approved and paid like those of rules."""
        self.ensure_one()
        order = self.order_id
        order._deposit_check_by_hand()
        deposit = self.env["supplier.deposit"]._begin_by_hand(
            order.sudo().with_company(order.company_id),
            self.amount,
            self.date_due,
            own_title=self.title,
            journal=self.journal_id.sudo(),
        )
        deposit._message_log(
            body=self.env._("Asked for by hand by %s.", self.env.user.name),
            author_id=self.env.user.partner_id.id,
        )
        return self._close()
