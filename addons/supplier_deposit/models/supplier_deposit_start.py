from odoo import api, models

from .supplier_deposit import UNPAID


class SupplierDeposit(models.Model):
    """How deposits begin: once for each order and milestone."""

    _inherit = "supplier.deposit"

    @api.model
    def _start(self, orders):
        """Make the deposits of orders that have just been confirmed.

        The orders' rows are updated in this transaction, so nobody else is doing the
        same; the unique index backs that.

        :param orders: ``purchase.order``, confirmed
        """
        rules = self.env["deposit.rule"]._match(orders)
        known = self.sudo().search_count([("order_id", "in", orders.ids)], limit=1)
        if not rules and not known:
            return self.browse()
        orders = self._engine().env["purchase.order"].browse(orders.ids)
        # of two confirmations at once the second meets a serialization error here,
        # which is retried, and not the unique index
        orders.flush_recordset()
        old = self._engine().search([("order_id", "in", orders.ids)])
        old._resume()
        old._part_with_vendor()
        # what ended by itself, expired or claimed back by somebody, stays as it is
        live = old.filtered(
            lambda deposit: (
                deposit.state in UNPAID
                or not deposit.is_order_ended
                and deposit._is_of_order()
            )
        )
        values = []
        for order in orders:
            past = old.filtered(lambda d, order=order: d.order_id == order)
            rule = (past & live).rule_id[:1] or rules.get(order.id)
            if rule:
                values += self._prepare_order_values(order, rule, past, past & live)
        deposits = self._engine().create(values)
        deposits |= live._renew_rests()
        unpaid = deposits | live.filtered(lambda deposit: deposit.state in UNPAID)
        unpaid._follow_order()
        unpaid._make_due_by_date()
        live._tell_of_over()
        return deposits

    def _prepare_order_values(self, order, rule, past, live):
        """Return the values of the deposits that an order lacks.

        Together they never come to more than the order.

        :param past: all its deposits so far
        :param live: those of them that stand
        """
        values = []
        total = left = order._get_deposit_base(rule.base)
        standing = live.filtered(lambda d: d.state not in ("cancelled", "refunded"))
        left -= sum(standing.mapped("amount"))
        number = max(past.mapped("round"), default=-1) + 1
        for position, milestone in enumerate(rule.line_ids, start=1):
            if milestone in live.milestone_id:
                continue
            fixed = 0.0
            if milestone.amount_type == "fixed":
                fixed = rule.currency_id._convert(
                    milestone.amount,
                    order.currency_id,
                    order.company_id,
                    order.company_id._approval_day(),
                )
            wanted = order.currency_id.round(fixed or total * milestone.percent / 100)
            amount = min(wanted, left)
            if order.currency_id.compare_amounts(amount, 0) <= 0:
                continue
            left -= amount
            name = f"{order.name}/{position}"
            values.append(
                {
                    "name": f"{name}-{number + 1}" if number else name,
                    "order_id": order.id,
                    "rule_id": rule.id,
                    "milestone_id": milestone.id,
                    "round": number,
                    "company_id": order.company_id.id,
                    "partner_id": order.partner_id.id,
                    "user_id": order.user_id.id,
                    "currency_id": order.currency_id.id,
                    "method": rule.method,
                    "posting": rule.posting,
                    "deduction": rule.deduction,
                    "base": rule.base,
                    "percent": milestone.percent,
                    "fixed_amount": fixed,
                    "journal_id": self._find_journal(rule, order).id,
                    "account_id": rule.account_id.id,
                    "days_before": milestone.days,
                    "is_dated": milestone.trigger == "before_delivery",
                    "amount": amount,
                }
            )
        return values

    @api.model
    def _find_journal(self, rule, order):
        if rule.journal_id:
            return rule.journal_id
        journals = rule.env["account.journal"]
        journals = journals.search(
            [
                *journals._check_company_domain(order.company_id),
                ("type", "=", "bank"),
            ]
        )
        # a bank account in another currency cannot pay it
        return journals.filtered(
            lambda journal: (
                (journal.currency_id or order.currency_id) == order.currency_id
            )
        )[:1]

    def _resume(self):
        """The order goes on after all: what was claimed with its end is deducted
        again, and what is being paid in spite of it is not paid twice."""
        stuck = self.filtered(
            lambda deposit: (
                deposit.is_order_ended
                and deposit.state == "cancelled"
                and deposit._is_of_order()
                and not deposit._is_free_to_change()
            )
        )
        stuck._drop_to_dos()
        stuck.write({"state": "due", "is_order_ended": False})
        self.filtered(
            lambda deposit: (
                deposit.is_order_ended
                and deposit.state == "refund_awaited"
                and deposit._is_of_order()
                and not deposit._get_refund_under_way()
            )
        )._take_claim_back()

    def _take_claim_back(self):
        """What is with the vendor is deducted again."""
        for deposit in self.filtered("amount_awaited"):
            deposit.write(
                {
                    "is_claimed": False,
                    "is_order_ended": False,
                    "amount_claimed": deposit._get_least_claim(),
                }
            )
            deposit._sync()

    def _is_of_order(self):
        """Tell whether its money is with the vendor of the order as it is now, in the
        order's currency: else it is claimed back, and deducted from nothing."""
        self.ensure_one()
        return self._is_of_vendor() and self.currency_id == self.order_id.currency_id

    def _is_of_vendor(self):
        self.ensure_one()
        vendor = self.order_id.partner_id.commercial_partner_id
        return self.partner_id.commercial_partner_id == vendor

    def _is_free_to_change(self):
        """Tell whether neither a payment nor a bill has been posted."""
        self.ensure_one()
        return self.payment_id.state in (
            False,
            "draft",
            "canceled",
            "rejected",
        ) and self.bill_id.state in (False, "draft", "cancel")
