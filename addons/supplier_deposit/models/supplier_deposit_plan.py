import logging
from collections import defaultdict
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from odoo.addons.approval_matrix.batches import work_off

from ..allocation import billed_share, overpaid, plan_milestones
from ..readings import (
    get_base,
    get_covered,
    get_expected,
    is_down_payment,
    lowers_price,
)
from .supplier_deposit import UNPAID

_logger = logging.getLogger(__name__)

BATCH = 50


class SupplierDeposit(models.Model):
    """How deposits begin, follow their order, and become due."""

    _inherit = "supplier.deposit"

    # ------------------------------------------------------------
    # BEGIN: once for each order and milestone
    # ------------------------------------------------------------

    @api.model
    def _start(self, orders):
        """Make the deposits of orders that have just been confirmed.

        :param orders: ``purchase.order``
        """
        rules = self.env["deposit.rule"]._match(orders)
        old = self._engine().search([("order_id", "in", orders.ids)])
        if not rules and not old:
            return old
        orders = old.env["purchase.order"].browse(orders.ids)
        # of two confirmations at once the second meets a serialization error here,
        # which is retried, and not the unique index
        orders.flush_recordset()
        old._resume()
        old._part_with_vendor()
        # what ended by itself, expired or claimed back by somebody, stays as it is
        live = old.filtered(
            lambda d: d.state in UNPAID or not d.is_order_ended and d._is_of_order()
        )
        past, values = old.grouped("order_id"), []
        for order in orders:
            known = past.get(order, old.browse())
            rule = (known & live).rule_id[:1] or rules.get(order.id)
            if rule:
                values += self._prepare_rule_values(order, rule, known, known & live)
        deposits = old.create(values)
        unpaid = deposits | live.filtered(lambda deposit: deposit.state in UNPAID)
        unpaid._follow_order()
        unpaid._make_due_by_date()
        live._tell_of_over()
        return deposits

    @api.model
    def _prepare_rule_values(self, order, rule, past, live):
        """Return the values of the deposits that an order lacks.

        :param past: all its deposits so far
        :param live: those of them that stand
        """
        positions = {line: number for number, line in enumerate(rule.line_ids, start=1)}
        company, day = order.company_id, order.company_id._approval_day()
        lines = [
            (
                line,
                line.percent,
                rule.currency_id._convert(line.amount, order.currency_id, company, day),
            )
            for line in rule.line_ids - live.milestone_id
        ]
        fixed = {line: amount for line, _percent, amount in lines}
        amounts = plan_milestones(
            get_base(order, rule.base),
            lines,
            live._get_standing()._get_agreed(),
            order.currency_id.round,
        )
        number = max(past.mapped("round"), default=-1) + 1
        suffix = f"-{number + 1}" if number else ""
        terms = ("method", "posting", "deduction", "base")
        return [
            {
                **self._prepare_order_values(order, rule.journal_id),
                **{name: rule[name] for name in terms},
                "name": f"{order.name}/{positions[line]}{suffix}",
                "rule_id": rule.id,
                "milestone_id": line.id,
                "round": number,
                "account_id": rule.account_id.id,
                "percent": line.percent,
                "fixed_amount": fixed[line],
                "days_before": line.days,
                "is_dated": line.trigger == "before_delivery",
                "amount": amount,
            }
            for line, amount in amounts.items()
        ]

    @api.model
    def _prepare_order_values(self, order, journal):
        """:param journal: to pay from; if empty, the first bank that can is taken"""
        if not journal:
            domain = journal._check_company_domain(order.company_id)
            banks = journal.sudo().search([*domain, ("type", "=", "bank")])
            # a bank account in another currency cannot pay it
            journal = banks.filtered(
                lambda bank: not bank.currency_id - order.currency_id
            )[:1]
        return {
            "order_id": order.id,
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
            "user_id": order.user_id.id,
            "currency_id": order.currency_id.id,
            "journal_id": journal.id,
        }

    @api.model
    def _begin_by_hand(self, order, amount, date_due, journal, **values):
        """Make a deposit of an order without a rule.

        :param order: ``purchase.order``, confirmed
        :param float amount: in the order's currency
        :raises UserError: when the deposits would come to more than the order
        """
        # of two at once the second meets a serialization error here, which is retried;
        # at the order, as it may have no deposit yet
        order._approval_touch()
        order.flush_recordset()
        deposits, currency = self._find(order), order.currency_id
        deposits._touch()
        left = get_base(order, "total") - deposits._get_standing()._get_agreed()
        if not 0 < currency.round(amount) <= currency.round(left):
            raise UserError(
                self.env._(
                    "Enter an amount up to %(amount)s: deposits do not come to more "
                    "than the order.",
                    amount=format_amount(self.env, max(0.0, left), currency),
                )
            )
        deposit = self._engine(order.company_id).create(
            {
                **self._prepare_order_values(order, journal),
                "name": f"{order.name}/H{len(deposits) + 1}",
                "fixed_amount": amount,
                "amount": amount,
                "date_due": date_due,
                **values,
            }
        )
        deposit._make_due_by_date()
        return deposit

    # ------------------------------------------------------------
    # END AND RETURN
    # ------------------------------------------------------------

    def _stop(self):
        """Their orders are cancelled: claim back what is paid, drop the rest."""
        deposits = self._as_system()
        deposits._cancel_unpaid()
        deposits.write({"is_order_ended": True, "stage": "cancelled"})
        deposits._claim(self.env._("The order was cancelled."))

    def _pause(self):
        """Their orders went back to a quotation: nothing is paid meanwhile."""
        for deposit in self._as_system():
            if deposit.state in UNPAID and deposit._is_free_to_change():
                deposit._back_to_planned()

    def _resume(self):
        """The order goes on after all: what was claimed with its end is deducted
        again, and what is being paid in spite of it is not paid twice."""
        ended = self.filtered(lambda d: d.is_order_ended and d._is_of_order())
        paid = ended.filtered(lambda d: d.amount_paid and not d._has_returned())
        paid._drop_to_dos()
        paid.claim_ids._withdraw()
        # the rest of one that was paid in part is judged anew
        for deposit in paid:
            stage = "planned" if deposit._measure_unpaid() else "due"
            deposit.write({"stage": stage, "is_order_ended": False})

    def _part_with_vendor(self):
        """The order has another vendor or currency: what was meant for the one before
        is dropped, what is with them is claimed back.

        :return: those that were dropped
        """
        strange = self.filtered(
            lambda deposit: (
                not deposit._is_of_order()
                # what nobody has paid follows the order into another currency
                and (deposit.amount_paid or not deposit._is_of_vendor())
            )
        )
        dropped = strange.filtered(lambda deposit: deposit.state in UNPAID)
        dropped._cancel_unpaid()
        dropped.write({"is_order_ended": True})
        strange._claim(self.env._("The order has another vendor or currency."))
        return dropped

    def _cancel_unpaid(self):
        """Cancel what has not been paid of deposits, with the drafts made to pay it.

        What was posted stays: it is claimed back, or its payment cancelled by whoever
        can stop it.
        """
        for deposit in self.filtered(lambda d: d.state in UNPAID):
            deposit._drop_drafts()
            deposit.write({"stage": "cancelled", "hold_reason": False})
            deposit._drop_to_dos()

    def _is_of_order(self):
        """Tell whether its money is with the vendor of the order as it is now, in the
        order's currency: else it is claimed back, and deducted from nothing."""
        return self._is_of_vendor() and self.currency_id == self.order_id.currency_id

    def _is_of_vendor(self):
        vendor = self.order_id.partner_id.commercial_partner_id
        return self.partner_id.commercial_partner_id == vendor

    def _is_free_to_change(self):
        """Tell whether nothing that was made to pay it has been posted."""
        return not self.amount_paid

    # ------------------------------------------------------------
    # FOLLOW: what is not paid is in step with the order
    # ------------------------------------------------------------

    def _follow_order(self):
        """Bring deposits that nobody has paid yet in step with their order.

        One that grows is judged again: by the vendor's limit, the cash, the approvers.
        One whose order comes to nothing waits, in case it grows back.
        """
        again = revived = self.browse()
        for deposit in self.filtered(lambda deposit: deposit.state in UNPAID):
            old, values = deposit.amount, deposit._prepare_changes()
            if not values:
                continue
            deposit.write(values)
            grown = deposit.currency_id.compare_amounts(deposit.amount, old) > 0
            if deposit.state not in UNPAID:
                deposit._drop_drafts()  # all that it comes to now has been paid
            elif grown and not old:
                revived |= deposit
            elif not deposit.amount or grown and deposit.stage == "due":
                deposit._back_to_planned()
                again |= deposit
            elif deposit.stage == "due":
                deposit._renew_draft()
        again._make_due()
        revived._make_due_by_date()

    def _prepare_changes(self):
        """Return what has changed with the order."""
        values, order = {"user_id": self.order_id.user_id}, self.order_id
        fixed = self.fixed_amount
        if self._is_free_to_change():
            values |= {name: order[name] for name in ("partner_id", "currency_id")}
            if fixed and order.currency_id != self.currency_id:
                today = fields.Date.context_today(self)
                fixed = values["fixed_amount"] = self.currency_id._convert(
                    fixed, order.currency_id, self.company_id, today
                )
        elif not self._is_of_order():
            return {}
        amount = self._get_wanted_amount(fixed)
        if order.currency_id.compare_amounts(amount, self.amount):
            values["amount"] = amount
        if self.stage == "planned" and (planned := self._get_planned_date()):
            values["date_due"] = planned
        return {
            name: self._fields[name].convert_to_write(value, self)
            for name, value in values.items()
            if self[name] != value
        }

    def _get_wanted_amount(self, fixed):
        """Return what it should come to: with the others never more than the order, nor
        than what bills can still deduct, but not less than has been paid.

        :param float fixed: what was agreed, in the order's currency
        """
        order, standing = self.order_id, self._get_standing()
        others = standing - self
        total = get_base(order, self.base)
        paid = self.amount_paid / self._get_tax_factor()
        covered = sum(d._get_free_amount() / d._get_tax_factor() for d in standing)
        covered += sum(d.amount_unpaid / d._get_tax_factor() for d in others)
        to_bill = total * (1 - self._get_billed_share(order))
        wanted = min(
            self._get_share_of_order(fixed),
            total - others._get_agreed(),
            paid + max(0.0, to_bill - covered),
        )
        # what was reset to be corrected is posted again
        reset = self._get_drafts().filtered(lambda p: p.move_id.posted_before)
        least = paid + sum(map(get_covered, reset))
        return max(0.0, *map(order.currency_id.round, (least, wanted)))

    def _get_share_of_order(self, fixed):
        """Return what was agreed of the order as it is now, in its currency."""
        total = get_base(self.order_id, self.base)
        share = total * self.percent / 100 if self.percent else fixed
        return self.order_id.currency_id.round(min(share, total))

    def _get_standing(self):
        """Return the deposits of the same orders that count, itself included; also
        those that were given up after a part was paid."""
        return self._find(self.order_id).filtered(
            lambda deposit: (
                not deposit._has_returned()
                and (
                    deposit.stage != "cancelled"
                    or (deposit.amount_paid and deposit._is_of_order())
                )
            )
        )

    def _get_agreed(self):
        """Return what the deposits come to; of those that were given up, what was
        paid."""
        return sum(
            deposit.amount_paid / deposit._get_tax_factor()
            if deposit.stage == "cancelled"
            else deposit.amount
            for deposit in self
        )

    def _has_returned(self):
        """Tell whether all that was paid has come back, or is given up: nothing of it
        was or will be deducted."""
        return self.state == "done" and self.currency_id.is_zero(self.amount_deducted)

    @api.model
    def _get_billed_share(self, order, drafts=()):
        """Return which part of an order has been billed.

        A credit note for a lower price is money, not goods that went back: it does not
        take back that they were billed.

        :param order: ``purchase.order``
        :param drafts: ``account.move`` records to count as if they were posted
        """
        lines = order.order_line.filtered(
            lambda line: (
                not line.display_type
                and (
                    not is_down_payment(line)
                    # flagged by somebody, and billed as goods
                    or any(not item.deposit_id for item in line.invoice_lines)
                )
            )
        )
        billed = defaultdict(lambda: [0.0, 0.0])
        for item in lines.invoice_lines:
            move, line = item.move_id, item.purchase_line_id
            sign = {"in_invoice": 1, "in_refund": -1}.get(move.move_type, 0)
            is_posted = move.state == "posted" or move in drafts
            if not is_posted or lowers_price(item):
                continue
            billed[line][0] += sign * item.currency_id._convert(
                item.price_subtotal,
                order.currency_id,
                order.company_id,
                move.invoice_date or move.date,
            )
            billed[line][1] += sign * item.product_uom_id._compute_quantity(
                item.quantity, line.product_uom_id
            )
        return billed_share(
            (line.price_subtotal, get_expected(line), *billed[line]) for line in lines
        )

    # ------------------------------------------------------------
    # TOO MUCH: telling the buyer
    # ------------------------------------------------------------

    def _measure_over(self):
        """Return what was paid beyond the share of the order, in its currency."""
        if self.state != "paid" or not self._is_of_order():
            return 0.0
        given_back = max(self.amount_claimed, self._get_given_back())
        share = self._get_share_of_order(self.fixed_amount) * self._get_tax_factor()
        over = overpaid(share, self.amount_paid, given_back)
        return self.currency_id.round(min(over, self._get_free_amount()))

    def _tell_of_over(self):
        """Tell the buyer once of an order that was reduced below its deposit."""
        self.invalidate_recordset(["amount_over"], flush=False)
        for deposit in self:
            over = deposit.amount_over
            grown = deposit.currency_id.compare_amounts(over, deposit.amount_over_told)
            if grown > 0:
                deposit._tell_buyer(
                    self.env._(
                        "%(amount)s of deposit %(deposit)s are too much",
                        amount=deposit._money(over),
                        deposit=deposit.name,
                    ),
                    self.env._(
                        "The order was reduced. Claim them back, or leave them for the "
                        "next bill."
                    ),
                )
            if grown:
                deposit.amount_over_told = over

    def _tell_of_freed(self):
        """Tell the buyer what credit notes left with the vendor."""
        for deposit in self.filtered(lambda d: d.state == "paid"):
            free = deposit._get_free_amount()
            if deposit.currency_id.compare_amounts(free, 0) > 0:
                deposit._tell_buyer(
                    self.env._(
                        "%(amount)s of deposit %(deposit)s are with the vendor again",
                        amount=deposit._money(free),
                        deposit=deposit.name,
                    ),
                    self.env._(
                        "A credit note gave them back. Claim them back, or leave them "
                        "for the next bill."
                    ),
                )

    def _tell_of_rest(self):
        """Tell the buyer when all is billed and money is left with the vendor."""
        for deposit in self.filtered(lambda d: d.state == "paid"):
            if not (
                deposit.activity_ids
                or deposit.currency_id.is_zero(deposit._get_free_amount())
                or deposit._get_billed_share(deposit.order_id) < 1
                or deposit._get_open_bills()
            ):
                deposit._tell_buyer(
                    self.env._(
                        "Claim the rest of deposit %(deposit)s back",
                        deposit=deposit.name,
                    ),
                    self.env._("Everything has been billed; the deposit was more."),
                )

    # ------------------------------------------------------------
    # DUE: under the vendor's limit, and with approval
    # ------------------------------------------------------------

    def _get_planned_date(self):
        """Return the date that follows from the expected arrival, if it does."""
        if not self.is_dated or not self.order_id.date_planned:
            return False
        arrival = self.company_id._approval_day(self.order_id.date_planned)
        return fields.Date.subtract(arrival, days=self.days_before)

    def _make_due_by_date(self):
        """Make those due whose date has come."""
        today = fields.Date.context_today(self)
        self.filtered(lambda d: not d.is_refused and d.date_due <= today)._make_due()

    def _may_become_due(self):
        is_planned = self.stage == "planned" and self.amount_unpaid
        return is_planned and self.order_id.state == "purchase"

    def _make_due(self, cache=None):
        """Ask for approval where a rule wants it; prepare the payment of the others.

        :param dict cache: what was found out for others of the same batch
        :raises UserError: when a payment cannot be made; nothing has happened then
        """
        cache = {} if cache is None else cache
        # one after the other: each counts those before it against the vendor's limit
        for deposit in self._as_system().filtered(lambda d: d._may_become_due()):
            if not deposit._fits_under_cap():
                cap = deposit.company_currency_id.format(deposit.rule_id.cap)
                reason = self.env._(
                    "The vendor's limit of %(amount)s is reached.", amount=cap
                )
                deposit._hold(reason)
                continue
            deposit._prepare_due(cache)
            if deposit._approval_required() - deposit._approval_given():
                # as the system, not as whoever confirmed the order: they may approve
                # this
                deposit._approval_start()
                deposit.write({"stage": "waiting", "hold_reason": False})
            else:
                deposit._enter_due()

    def _prepare_due(self, cache):
        """Find out what approval rules may ask about: addons that judge deposits do.

        :param dict cache: what they found out for others of the same batch
        """

    @api.model
    def _get_unbooked_domain(self):
        """Return which deposits will cost money that no open bill asks for yet."""
        return Domain("state", "in", UNPAID)

    def _enter_due(self):
        """It may be paid now: make the draft that the cashier posts, or post it."""
        self.write({"stage": "due", "hold_reason": False})
        self._prepare_payment()

    def _back_to_planned(self):
        self._drop_drafts()
        self.write({"stage": "planned", "hold_reason": False})

    def _fits_under_cap(self):
        """Tell whether the vendor's limit has room for it.

        The rule's row is updated: of two deposits at once the second fails with a
        serialization error, is retried, and sees the first.
        """
        rule = self.rule_id
        if not rule.cap:
            return True
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE deposit_rule SET cap_revision = cap_revision + 1 WHERE id = %s",
            [rule.id],
        )
        deposits = self.search(
            [
                ("partner_id", "child_of", self.partner_id.commercial_partner_id.id),
                ("company_id", "child_of", rule.company_id.id),
                "|",
                ("stage", "in", ("waiting", "due")),
                ("amount_open", ">", 0),
            ]
        )
        asked = deposits.filtered(lambda deposit: deposit.stage != "planned") | self
        outstanding = sum(
            deposit._to_company_currency(
                deposit.amount_open + (deposit in asked) * deposit.amount_unpaid
            )
            for deposit in deposits | self
        )
        return self.company_currency_id.compare_amounts(outstanding, rule.cap) <= 0

    def _hold(self, reason):
        """Leave it where it is, and tell the buyer once why."""
        if self.hold_reason != reason:
            self.write({"hold_reason": reason})
            self._tell_buyer(
                self.env._("Deposit %(deposit)s is on hold", deposit=self.name), reason
            )

    def action_make_due(self):
        """Ask for, or prepare, the payment now: before its date, or after a refusal.

        :raises UserError: when it is not planned any more, or cannot be paid
        """
        self._check_role(
            "purchase.group_purchase_user", "account.group_account_invoice"
        )
        for deposit in self:
            if not deposit._may_become_due():
                raise UserError(
                    self.env._(
                        "%(deposit)s is not waiting for its date.", deposit=deposit.name
                    )
                )
            deposit._check_may_hasten()
        self._as_system().write({"is_refused": False})
        self._make_due()
        return True

    def _check_may_hasten(self):
        """Where no cashier comes between, only whoever sees to a deposit, a purchase
        manager or accounting has it paid before its date.

        :raises UserError:
        """
        roles = "purchase.group_purchase_manager,account.group_account_invoice"
        if (
            self.posting == "posted"
            and not self.env.su
            and self.env.user != self._get_responsible()
            and not self.env.user.has_groups(roles)
        ):
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s would be paid at once: ask its buyer, a "
                    "purchase manager or accounting.",
                    deposit=self.name,
                )
            )

    # ------------------------------------------------------------
    # BY DATE: due, and expired
    # ------------------------------------------------------------

    @api.model
    def _cron_due(self):
        """Make planned deposits due."""
        return self._work_off(
            self._get_due_domain(), lambda batch: batch._try_each("_make_due", {})
        )

    @api.model
    def _cron_expire(self):
        """Cancel what nobody paid in time."""
        return self._work_off(
            self._get_late_domain(), lambda batch: batch._try_each("_expire")
        )

    @api.model
    def _work_off(self, domain, act):
        return work_off(
            self.env["ir.cron"],
            self._engine(),
            domain,
            "date_due",
            lambda batch: act(batch.try_lock_for_update()),
            BATCH,
        )

    @api.model
    def _by_day(self, get_domain):
        """Return what a function says of a day, for every company's own."""
        groups = self._engine()._read_group([("stage", "in", UNPAID)], ["company_id"])
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & get_domain(fields.Date.context_today(self._engine(company)))
            for (company,) in groups
        )

    @api.model
    def _get_due_domain(self):
        waiting = Domain("state", "=", "planned") & Domain("is_refused", "=", False)
        waiting &= Domain("amount", ">", 0) & Domain("order_id.state", "=", "purchase")
        return waiting & self._by_day(lambda today: Domain("date_due", "<=", today))

    @api.model
    def _get_late_domain(self):
        """Return which deposits nobody paid in time, archived rules included."""
        rules = self.env["deposit.rule"].sudo().with_context(active_test=False)
        rules = rules.search([("expiry_days", ">", 0)])
        unpaid = Domain("state", "in", UNPAID) & Domain("amount_paid", "=", 0)
        return unpaid & self._by_day(
            lambda today: Domain.OR(
                Domain("rule_id", "=", rule.id)
                & Domain("date_due", "<", today - timedelta(days=rule.expiry_days))
                for rule in rules
            )
        )

    def _expire(self):
        self._cancel_unpaid()
        self._tell_buyer(
            self.env._("Deposit %(deposit)s has expired", deposit=self.name),
            self.env._("Nobody paid it in time, so it was cancelled."),
        )

    def _try_each(self, method, *args):
        """Do it with each, or leave the deposit as it was, with the reason on it.

        :param str method: of one deposit
        :param args: of the method
        """
        for deposit in self:
            try:
                with self.env.cr.savepoint():
                    getattr(deposit, method)(*args)
                continue
            except (UserError, RedirectWarning) as error:
                reason = str(error)
            except OperationalError:
                raise  # the whole batch has to begin again
            except Exception:
                _logger.exception("Deposit %s: %s failed", deposit.name, method)
                reason = self.env._("An unexpected error; the server's log has it.")
            self.env.invalidate_all()
            deposit._hold(reason)
