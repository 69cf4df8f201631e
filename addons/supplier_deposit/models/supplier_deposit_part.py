from odoo import models

#: What the rest of a deposit takes over from it.
KEPT = (
    "order_id",
    "rule_id",
    "milestone_id",
    "round",
    "company_id",
    "partner_id",
    "user_id",
    "currency_id",
    "method",
    "deduction",
    "base",
    "percent",
    "fixed_amount",
    "journal_id",
    "account_id",
    "days_before",
    "is_dated",
)


class SupplierDeposit(models.Model):
    """Payments of less than what was due.

    A deposit has one payment. What the payment left over becomes a deposit of its own,
    as a backorder does, and is judged and approved as one. Deposit bills need none of
    this: the bill itself stays open.
    """

    _inherit = "supplier.deposit"

    def _leave_rest(self):
        """Make deposits of what has not been paid of these; the cashier pays them."""
        rests = self.browse()
        for deposit in self:
            if (
                deposit.method != "payment"
                or deposit.is_claimed
                or deposit.order_id.state != "purchase"
            ):
                continue
            currency = deposit.currency_id
            rest = currency.round(deposit.amount - deposit.amount_paid)
            if currency.compare_amounts(rest, 0) > 0:
                deposit.write({"amount": deposit.amount_paid})
                rests |= deposit.create(deposit._prepare_rest_values(rest))
        rests._make_due_by_date()

    def _renew_rests(self):
        """Make again what went with an order that has come back.

        :return: the new deposits, planned
        """
        rests = self.browse()
        for deposit in self:
            later = deposit._get_parts().filtered(
                lambda part, deposit=deposit: part.part > deposit.part
            )
            if later and all(
                part.state == "cancelled" and part.is_order_ended for part in later
            ):
                amount = later.sorted("part")[-1].amount
                rests |= deposit.create(deposit._prepare_rest_values(amount))
        return rests

    def _prepare_rest_values(self, amount):
        """:param float amount: what is left, in the deposit's currency"""
        self.ensure_one()
        values = {
            name: self._fields[name].convert_to_write(self[name], self) for name in KEPT
        }
        part = 1 + max(self._get_parts().mapped("part"))
        name = self.name.removesuffix(f".{self.part + 1}") if self.part else self.name
        return {
            **values,
            "name": f"{name}.{part + 1}",
            "part": part,
            "amount": amount,
            "date_due": self.date_due,
            # whoever paid less did so on purpose: nothing goes out by itself
            "posting": "draft",
        }

    def _get_parts(self):
        """Return the deposits that one was paid in, itself included."""
        self.ensure_one()
        return self.order_id._get_deposits().filtered(
            lambda deposit: (
                deposit.milestone_id == self.milestone_id
                and deposit.round == self.round
            )
        )
