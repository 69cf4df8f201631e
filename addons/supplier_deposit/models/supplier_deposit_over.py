from odoo import api, fields, models
from odoo.tools import format_amount


class SupplierDeposit(models.Model):
    """What is with the vendor beyond need, and telling the buyer of it."""

    _inherit = "supplier.deposit"

    amount_over = fields.Monetary(
        string="Above Its Share",
        compute="_compute_amount_over",
        help="What was paid beyond the share of an order that was reduced since. It is "
        "kept for the next bill, unless it is claimed back.",
    )
    amount_over_told = fields.Monetary(
        readonly=True, help="What the buyer has been told is above its share."
    )

    @api.depends("amount_paid", "amount_refunded", "amount_claimed", "state")
    def _compute_amount_over(self):
        for deposit in self:
            over = 0.0
            if deposit.state in ("paid", "applied"):
                over = deposit.sudo()._measure_over()
            deposit.amount_over = over

    def _measure_over(self):
        """Return what was paid beyond the share of the order, in its currency: of a
        deposit that was paid in parts, the last ones are too much first."""
        self.ensure_one()
        parts = self._get_parts() & self._get_standing()
        over = -self._get_share_of_order()
        for part in parts:
            over += part.amount_paid - max(part.amount_claimed, part.amount_refunded)
        for part in parts.filtered(lambda part: part.part > self.part):
            over -= part._get_free_amount()
        return self.currency_id.round(max(0.0, min(over, self._get_free_amount())))

    def _get_free_amount(self):
        """Return what is with the vendor and not claimed back."""
        self.ensure_one()
        return self.amount_open - self.amount_awaited

    def _get_share_of_order(self):
        """Return what the rule asks of the order as it is now, in its currency; all
        parts together."""
        self.ensure_one()
        total = self.order_id._get_deposit_base(self.base)
        share = total * self.percent / 100 if self.percent else self.fixed_amount
        return self.currency_id.round(min(share, total))

    def _get_standing(self):
        """Return the deposits of its order that count, itself included."""
        self.ensure_one()
        return self.order_id._get_deposits().filtered(
            lambda deposit: deposit.state not in ("cancelled", "refunded")
        )

    def _tell_of_over(self):
        """Tell the buyer once of an order that was reduced below its deposit."""
        self.invalidate_recordset(["amount_over"], flush=False)
        for deposit in self.filtered(lambda d: d.state in ("paid", "applied")):
            over = deposit.amount_over
            if deposit.currency_id.compare_amounts(over, deposit.amount_over_told) > 0:
                deposit._tell_buyer(
                    self.env._(
                        "%(amount)s of deposit %(deposit)s are too much",
                        amount=format_amount(self.env, over, deposit.currency_id),
                        deposit=deposit.name,
                    ),
                    self.env._(
                        "The order was reduced. Claim them back, or leave them for the "
                        "next bill."
                    ),
                )
            if deposit.amount_over_told != over:
                deposit.write({"amount_over_told": over})

    def _tell_of_freed(self):
        """Tell the buyer that a credit note left money with the vendor."""
        for deposit in self.filtered(lambda d: d.state in ("paid", "applied")):
            free = deposit._get_free_amount()
            if deposit.currency_id.compare_amounts(free, 0) > 0:
                deposit._tell_buyer(
                    self.env._(
                        "%(amount)s of deposit %(deposit)s are with the vendor again",
                        amount=format_amount(self.env, free, deposit.currency_id),
                        deposit=deposit.name,
                    ),
                    self.env._(
                        "A credit note gave them back. Claim them back, or leave them "
                        "for the next bill."
                    ),
                )

    def _tell_of_rest(self):
        """Tell the buyer when all is billed and money is left with the vendor."""
        for deposit in self.filtered(lambda d: d.state in ("paid", "applied")):
            late = deposit.method == "bill" and deposit._get_open_bills()
            if (
                deposit.activity_ids
                or deposit.currency_id.is_zero(deposit._get_free_amount())
                or deposit._get_billed_share(deposit.order_id) < 1
                or deposit.method == "payment"
                and deposit._get_open_bills()
            ):
                continue
            note = self.env._("Everything has been billed; the deposit was more.")
            if late:
                note = self.env._(
                    "The deposit was paid after %(bills)s: reset what is open of that "
                    "to draft and post it again, and it is deducted; or claim it back.",
                    bills=", ".join(late.mapped("name")),
                )
            deposit._tell_buyer(
                self.env._(
                    "Claim the rest of deposit %(deposit)s back", deposit=deposit.name
                ),
                note,
            )
