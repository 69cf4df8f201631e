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
        orders = self._engine().env["purchase.order"].browse(orders.ids)
        # of two confirmations at once the second meets a serialization error here,
        # which is retried, and not the unique index
        orders.flush_recordset()
        old = self._engine().search([("order_id", "in", orders.ids)])
        begun_before = old.order_id
        old._resume()
        fresh = orders.filtered(
            lambda order: (
                order not in begun_before
                or all(
                    deposit.state in ("cancelled", "refunded")
                    for deposit in old
                    if deposit.order_id == order
                )
            )
        )
        rules = self.env["deposit.rule"]._match(fresh)
        values = []
        for order in fresh:
            if rule := rules.get(order.id):
                past = old.filtered(lambda d, order=order: d.order_id == order)
                values += self._prepare_order_values(order, rule, past)
        deposits = self._engine().create(values)
        kept = old.filtered(lambda deposit: deposit.state in UNPAID)
        (deposits | kept)._follow_order()
        today = fields.Date.context_today(self)
        ready = (deposits | kept).filtered(
            lambda deposit: (
                deposit.state == "planned"
                and not deposit.is_refused
                and deposit.date_due <= today
            )
        )
        ready._make_due()
        return deposits

    def _prepare_order_values(self, order, rule, past):
        """Return the values of the deposits of one order.

        Together they never come to more than the order.

        :param past: deposits of the same order that have ended
        """
        values = []
        total = left = order._get_deposit_base(rule.base)
        number = max(past.mapped("round"), default=-1) + 1
        for position, milestone in enumerate(rule.line_ids, start=1):
            if milestone.amount_type == "percent":
                amount = total * milestone.percent / 100
            else:
                amount = rule.currency_id._convert(
                    milestone.amount,
                    order.currency_id,
                    order.company_id,
                    fields.Date.context_today(order),
                )
            amount = min(order.currency_id.round(amount), left)
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
        return journals.search(
            [
                *journals._check_company_domain(order.company_id),
                ("type", "=", "bank"),
            ],
            limit=1,
        )

    def _resume(self):
        """The order goes on after all: what is with the vendor is deducted again."""
        claimed = self.filtered(lambda deposit: deposit.state == "refund_awaited")
        claimed.write({"is_claimed": False})
        claimed._sync()

    def _follow_order(self):
        """Bring deposits that nobody has paid yet in step with their order."""
        for deposit in self:
            if deposit.state not in UNPAID or not deposit._is_free_to_change():
                continue
            values = {}
            order = deposit.order_id
            if deposit.percent:
                amount = deposit._get_share_of_order()
                if deposit.currency_id.compare_amounts(amount, deposit.amount):
                    values["amount"] = amount
            date = deposit._get_planned_date()
            if deposit.state == "planned" and date and date != deposit.date_due:
                values["date_due"] = date
            for name in ("partner_id", "currency_id", "user_id"):
                if deposit[name] != order[name]:
                    values[name] = order[name].id
            if not values:
                continue
            if "amount" in values and values["amount"] <= 0:
                deposit._cancel_unpaid()
                continue
            deposit.write(values)
            if deposit.state == "due":
                deposit._renew_draft()

    def _is_free_to_change(self):
        """Tell whether neither a payment nor a bill has been posted."""
        self.ensure_one()
        return self.payment_id.state in (
            False,
            "draft",
            "canceled",
            "rejected",
        ) and self.bill_id.state in (False, "draft", "cancel")
