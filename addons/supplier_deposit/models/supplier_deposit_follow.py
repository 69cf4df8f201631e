from odoo import fields, models

from .supplier_deposit import UNPAID


class SupplierDeposit(models.Model):
    """How deposits that nobody has paid yet follow their order."""

    _inherit = "supplier.deposit"

    def _get_wanted_amount(self):
        """Return what it should come to: with the others never more than the order, nor
        than what is still to be billed of it, for nothing else can be deducted."""
        self.ensure_one()
        others = self._get_standing() - self
        total = self.order_id._get_deposit_base(self.base)
        to_bill = total * (1 - self._get_billed_share(self.order_id))
        left = min(
            total - sum(others.mapped("amount")),
            to_bill - sum(other.amount - other.amount_applied for other in others),
        )
        parts = self._get_parts() & others
        wanted = self._get_share_of_order() - sum(parts.mapped("amount"))
        return max(0.0, self.currency_id.round(min(wanted, left)))

    def _part_with_vendor(self):
        """The order has another vendor: what was meant for the one before is dropped,
        what is with them is claimed back.

        :return: those that were dropped
        """
        unpaid = self.filtered(
            lambda deposit: deposit.state in UNPAID and not deposit._is_of_vendor()
        )
        unpaid._cancel_unpaid()
        unpaid.write({"is_order_ended": True})
        paid = self.filtered(
            lambda deposit: (
                deposit.state in ("paid", "applied") and not deposit._is_of_order()
            )
        )
        paid._claim()
        return unpaid

    def _follow_order(self):
        """Bring deposits that nobody has paid yet in step with their order.

        One that grows is judged again: by the vendor's limit and the approvers.
        One whose order comes to nothing waits, in case it grows back.
        """
        again = revived = self.browse()
        for deposit in self.filtered(lambda deposit: deposit.state in UNPAID):
            values = deposit._prepare_changes()
            if not values or not (
                deposit._is_free_to_change() or deposit._recall_bill()
            ):
                continue
            old = deposit.amount
            deposit.write(values)
            grown = deposit.currency_id.compare_amounts(deposit.amount, old) > 0
            if grown and not old:
                revived |= deposit
            elif grown and deposit.state == "due":
                deposit._back_to_planned()
                again |= deposit
            elif not deposit.amount:
                deposit._back_to_planned()
            elif deposit.state == "due":
                deposit._renew_draft()
        again._make_due()
        revived._make_due_by_date()

    def _prepare_changes(self):
        """Return what has changed with the order."""
        self.ensure_one()
        values = {}
        order = self.order_id
        if self.fixed_amount and order.currency_id != self.currency_id:
            today = fields.Date.context_today(self)
            fixed = self.currency_id._convert(
                self.fixed_amount, order.currency_id, self.company_id, today
            )
            self.write({"fixed_amount": fixed})
        amount = self._get_wanted_amount()
        if self.currency_id.compare_amounts(amount, self.amount):
            values["amount"] = amount
        date = self._get_planned_date()
        if self.state == "planned" and date and date != self.date_due:
            values["date_due"] = date
        for name in ("partner_id", "currency_id", "user_id"):
            if self[name] != order[name]:
                values[name] = order[name].id
        return values

    def _recall_bill(self):
        """Cancel the posted bill of a deposit whose order has changed, if nobody has
        begun to pay it and its period is open.

        :return: whether it could be cancelled
        """
        self.ensure_one()
        bill = self.bill_id
        if (
            bill.state != "posted"
            or bill.payment_state != "not_paid"
            or bill._get_violated_lock_dates(bill.date, bill._affect_tax_report())
        ):
            return False
        bill.button_cancel()
        return True

    def _back_to_planned(self):
        self._drop_drafts()
        self.write({"state": "planned", "hold_reason": False})

    def _make_due_by_date(self):
        """Make those due whose date has come."""
        today = fields.Date.context_today(self)
        self.filtered(
            lambda deposit: (
                deposit.state == "planned"
                and not deposit.is_refused
                and deposit.date_due <= today
            )
        )._make_due()
