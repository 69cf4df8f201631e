from odoo import api, fields, models

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
                    fields.Date.context_today(order),
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
        again."""
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
                    "amount_claimed": deposit.amount_refunded,
                }
            )
            deposit._sync()

    def _is_of_order(self):
        """Tell whether its money is with the vendor of the order as it is now, in the
        order's currency: else it is claimed back, and deducted from nothing."""
        self.ensure_one()
        order = self.order_id
        return (
            self.partner_id.commercial_partner_id
            == order.partner_id.commercial_partner_id
            and self.currency_id == order.currency_id
        )

    def _get_wanted_amount(self):
        """Return what it should come to: with the others never more than the order."""
        self.ensure_one()
        others = self._get_standing() - self
        left = self.order_id._get_deposit_base(self.base) - sum(others.mapped("amount"))
        parts = self._get_parts() & others
        wanted = self._get_share_of_order() - sum(parts.mapped("amount"))
        return max(0.0, self.currency_id.round(min(wanted, left)))

    def _follow_order(self):
        """Bring deposits that nobody has paid yet in step with their order.

        One that grows is judged again: by the vendor's limit, the cash, the approvers.
        One whose order comes to nothing waits, in case it grows back.
        """
        again = revived = self.browse()
        for deposit in self:
            if deposit.state not in UNPAID or not deposit._is_free_to_change():
                continue
            values = deposit._prepare_changes()
            if not values:
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

    def _is_free_to_change(self):
        """Tell whether neither a payment nor a bill has been posted."""
        self.ensure_one()
        return self.payment_id.state in (
            False,
            "draft",
            "canceled",
            "rejected",
        ) and self.bill_id.state in (False, "draft", "cancel")
