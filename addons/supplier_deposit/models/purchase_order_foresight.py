from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.tools import format_amount, format_date

from .supplier_deposit import UNPAID


class Expected(NamedTuple):
    """A deposit that is to be paid once its order is approved.

    :param amount: in the order's currency
    :param day: on which it is due; nothing: at once
    :param journal: ``account.journal`` to pay from; empty: the first bank that can
    :param known: what plans of the cash have of it so far, where it is made already
    """

    amount: float
    day: date | None
    journal: models.Model
    known: float = 0.0


class PurchaseOrder(models.Model):
    """What whoever approves an order approves with it: money that leaves before any
    goods come."""

    _inherit = "purchase.order"

    def _approval_details(self):
        details, cache = super()._approval_details(), {}
        for order, expected in self._deposit_foresee().items():
            told = order._deposit_tell_expected(expected, cache)
            details[order] = [*details.get(order, ()), *told]
        return details

    def _deposit_foresee(self):
        """Return the deposits that orders will have to pay once they are confirmed:
        what their rules will make, or what is unpaid of those that they have already.

        It costs a query or two, however many orders there are. Nothing is made.

        :return: lists of :class:`Expected` by order; orders without any are left out
        :rtype: dict
        """
        deposits = self.env["supplier.deposit"]._engine()
        orders = self.filtered(lambda order: order.state != "cancel")
        if not orders or not deposits._is_in_use():
            return {}
        rules = self.env["deposit.rule"]._match(orders)
        standing = deposits.search(
            [("order_id", "in", orders.ids), ("state", "!=", "cancelled")]
        ).grouped("order_id")
        found = {}
        for order in orders:
            if order in standing:
                unpaid = [each for each in standing[order] if each.state in UNPAID]
                found[order] = [order._deposit_foresee_part(each) for each in unpaid]
            elif rule := rules.get(order.id):
                planned = deposits._plan_rule(order, rule, deposits.browse())
                found[order] = [
                    Expected(amount, line._get_day(order), rule.journal_id)
                    for line, (amount, _fixed) in planned.items()
                ]
        return {order: expected for order, expected in found.items() if expected}

    def _deposit_foresee_part(self, deposit):
        """Return what is left to pay of a deposit that stands, which follows the order
        while nothing of it is paid."""
        self.ensure_one()
        known = amount = deposit.amount_unpaid
        if deposit._is_free_to_change():
            amount = deposit._get_share_of_order(deposit.fixed_amount)
        return Expected(amount, deposit.date_due, deposit.journal_id, known)

    def _deposit_tell_expected(self, expected, cache):
        """Say how much is to be paid, and when.

        :param list expected: of :class:`Expected`
        :param dict cache: what was found out for others of the same batch
        :return: pairs of label and text
        """
        self.ensure_one()
        env, today, rows = self.env, self.company_id._approval_day(), []
        for each in sorted(expected, key=lambda each: each.day or today):
            amount = format_amount(env, each.amount, self.currency_id)
            if each.day and each.day > today:
                day = format_date(env, each.day)
                rows.append(env._("%(amount)s on %(day)s", amount=amount, day=day))
            else:
                rows.append(env._("%(amount)s when it is approved", amount=amount))
        return [(env._("Deposit"), "\n".join(rows))]
