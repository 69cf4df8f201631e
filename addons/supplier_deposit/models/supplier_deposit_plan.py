import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

from odoo.addons.approval_matrix.batches import work_off

from ..allocation import plan_milestones
from ..readings import get_base, get_billed_share, get_covered
from .purchase_order import CLERKS
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
        """Make the deposits of orders that have just been confirmed."""
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
        planned = self._plan_rule(order, rule, live)
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
                "fixed_amount": fixed,
                "days_before": line.days,
                "is_dated": line.trigger == "before_delivery",
                "amount": amount,
            }
            for line, (amount, fixed) in planned.items()
        ]

    @api.model
    def _plan_rule(self, order, rule, live):
        """Return what the deposits of a rule come to that an order lacks.

        :param live: those deposits of the order that stand
        :return: by line of the rule, amount and, if it is fixed, what was agreed, in
            the order's currency
        :rtype: dict
        """
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
            live._get_standing()._get_agreed() if live else 0.0,
            order.currency_id.round,
        )
        return {line: (amount, fixed[line]) for line, amount in amounts.items()}

    @api.model
    def _find_bank(self, company, currency):
        """Return the first bank that can pay in a currency: an account in another one
        cannot."""
        journals = self.env["account.journal"]
        domain = journals._check_company_domain(company)
        banks = journals.sudo().search([*domain, ("type", "=", "bank")])
        return banks.filtered(lambda bank: not bank.currency_id - currency)[:1]

    @api.model
    def _prepare_order_values(self, order, journal):
        """:param journal: to pay from; if empty, the first bank that can is taken"""
        journal = journal or self._find_bank(order.company_id, order.currency_id)
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
        """
        # of two at once the second meets a serialization error here, which is retried;
        # at the order, as it may have no deposit yet
        order._approval_touch()
        order.flush_recordset()
        deposits, currency = self._find(order), order.currency_id
        deposits._touch()
        left = get_base(order, "total") - deposits._get_standing()._get_agreed()
        self._refuse(
            not 0 < currency.round(amount) <= currency.round(left),
            self.env._(
                "Enter an amount up to %(amount)s: deposits do not come to more than "
                "the order.",
                amount=currency.format(max(0.0, left)),
            ),
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
        deposits.claim_ids._claim_all(deposits, self.env._("The order was cancelled."))

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
        strange.claim_ids._claim_all(
            strange, self.env._("The order has another vendor or currency.")
        )
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
        to_bill = total * (1 - get_billed_share(order))
        wanted = min(
            self._get_share_of_order(fixed),
            total - others._get_agreed(),
            paid + max(0.0, to_bill - covered),
        )
        # payments that were reset to draft for a correction will be posted again
        reset = self._get_drafts().filtered(lambda p: p.move_id.posted_before)
        least = paid + sum(map(get_covered, reset))
        return max(0.0, *map(order.currency_id.round, (least, wanted)))

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

    # ------------------------------------------------------------
    # PAID AND BILLED
    # ------------------------------------------------------------

    def _was_paid(self):
        """A payment was posted: what is not for this order any more is claimed back;
        bills that wait deduct the rest."""
        self._drop_to_dos()
        for deposit in self:
            deposit._renew_draft()
        wrong = self.filtered(
            lambda deposit: deposit.stage == "cancelled" or not deposit._is_of_order()
        )
        wrong.claim_ids._claim_all(
            wrong, self.env._("It was paid although its order does not need it.")
        )
        self._settle_orders((self - wrong).order_id)
        (self - wrong)._tell_of_over()

    def _adopt(self, item):
        """Take over money that was paid by hand, one of :meth:`_find_adoptable`."""
        self._check_may_be_paid()
        self._touch()
        self._refuse(
            item not in self._find_adoptable(),
            self.env._(
                "Choose money that was paid to the vendor, is not matched yet, and "
                "comes to no more than is left to pay."
            ),
        )
        item.move_id.origin_payment_id.deposit_id = self
        item.deposit_id = self
        self._message_log(
            body=self.env._("%s is the payment of this deposit.", item.move_id.name),
            author_id=self.env.user.partner_id.id,
        )
        self._as_system()._was_paid()

    @api.model
    def _settle_orders(self, orders):
        """Let the posted bills of orders deduct their deposits, and what is unpaid
        follow."""
        deposits = self._engine().search([("order_id", "in", orders.ids)])
        if not deposits:
            return
        # of two bills posted at once, or of a bill and a payment, the second meets a
        # serialization error here, and is retried
        deposits._touch()
        for order, group in deposits.grouped("order_id").items():
            group.with_company(order.company_id)._settle(order)._tell_of_freed()
        deposits._follow_order()
        deposits._tell_of_rest()
        ended = deposits.filtered(
            lambda d: d.state == "done" or (d.state == "cancelled" and d.claim_ids)
        )
        ended._drop_to_dos()

    def action_open_claim(self):
        """Ask how much is claimed back, and why."""
        self.ensure_one()
        self.claim_ids._check_claimable(self)
        amount = self.sudo().amount_over or self._get_free_amount()
        return self._open("deposit.claim.ask", deposit_id=self.id, amount=amount)

    def action_keep(self):
        """Withdraw what is claimed: the next bills deduct the deposit again."""
        self._check_role(*CLERKS)
        deposits = self._as_system()
        deposits._touch()
        for deposit in deposits:
            self._refuse(
                not deposit._exceeds(deposit.amount_awaited)
                or deposit.order_id.state == "cancel"
                or not deposit._is_of_order(),
                self.env._(
                    "%s: only a claim on an order that goes on with the same vendor "
                    "can be withdrawn.",
                    deposit.name,
                ),
            )
        deposits.claim_ids._withdraw()
        self._settle_orders(deposits.order_id)
        return True

    def action_register_refund(self):
        """Open the receipt of the vendor's money."""
        self._check_role("account.group_account_invoice")
        self.ensure_one()
        self.claim_ids._check_awaited(self)
        return self._open(
            "deposit.refund",
            deposit_id=self.id,
            amount=self.amount_awaited,
            journal_id=self.journal_id.id,
        )

    # ------------------------------------------------------------
    # TOO MUCH: telling the buyer
    # ------------------------------------------------------------

    def _tell_of_over(self):
        """Tell the buyer once of an order that was reduced below its deposit."""
        self.invalidate_recordset(["amount_over"], flush=False)
        for deposit in self:
            over, told = deposit.amount_over, deposit.amount_over_told
            if deposit._exceeds(over, told):
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
            if deposit._exceeds(abs(over - told)):
                deposit.amount_over_told = over

    def _tell_of_freed(self):
        """Tell the buyer what credit notes left with the vendor."""
        for deposit in self.filtered(lambda d: d.state == "paid" and d._has_free()):
            deposit._tell_buyer(
                self.env._(
                    "%(amount)s of deposit %(deposit)s are with the vendor again",
                    amount=deposit._money(deposit._get_free_amount()),
                    deposit=deposit.name,
                ),
                self.env._(
                    "A credit note gave them back. Claim them back, or leave them for "
                    "the next bill."
                ),
            )

    def _tell_of_rest(self):
        """Tell the buyer when all is billed and money is left with the vendor."""
        for deposit in self.filtered(lambda d: d.state == "paid" and d._has_free()):
            if not (
                deposit.activity_ids
                or get_billed_share(deposit.order_id) < 1
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
        """Ask for, or prepare, the payment now: before its date, or after a refusal."""
        self._check_may_make_due()
        self._as_system().write({"is_refused": False})
        self._make_due()
        return True

    def _check_may_make_due(self):
        self._check_role(*CLERKS)
        for deposit in self:
            text = self.env._(
                "%(deposit)s is not waiting for its date.", deposit=deposit.name
            )
            self._refuse(not deposit._may_become_due(), text)
            deposit._check_may_hasten()

    def _check_may_hasten(self):
        """Where no cashier comes between, only whoever sees to a deposit, a purchase
        manager or accounting has it paid before its date."""
        roles = "purchase.group_purchase_manager,account.group_account_invoice"
        self._refuse(
            self.posting == "posted"
            and not self.env.su
            and self.env.user != self._get_responsible()
            and not self.env.user.has_groups(roles),
            self.env._(
                "Deposit %(deposit)s would be paid at once: ask its buyer, a purchase "
                "manager or accounting.",
                deposit=self.name,
            ),
        )

    def action_submit_approval(self):
        """Ask again after a refusal; deposits ask by themselves the first time."""
        return self.action_make_due()

    def _approval_check_submission(self):
        """What conditions of rules ask is found out now, as when it becomes due."""
        self._check_may_make_due()
        self._as_system()._prepare_due({})

    def _approval_as_submitter(self):
        return self._as_system()

    def action_give_up(self):
        """Cancel what has not been paid of them: their order goes on without it."""
        self._check_role(*CLERKS)
        for deposit in self.filtered(lambda d: d.state not in UNPAID):
            self._refuse(True, self.env._("%s is not waiting any more.", deposit.name))
        self._as_system()._cancel_unpaid()
        for deposit in self:
            deposit._message_log(
                body=self.env._("Given up by %s.", self.env.user.name),
                author_id=self.env.user.partner_id.id,
            )
        return True

    def _approval_granted(self):
        """Make them due; what accounting refuses waits with the reason, approved as it
        is, and the cron tries again."""
        deposits = self._as_system()
        deposits.write({"is_refused": False})
        for deposit in deposits:
            deposit._try_each("_enter_due")
            if deposit.stage == "waiting":
                deposit.write({"stage": "planned"})

    def _approval_refused(self, reason):
        for deposit in self._as_system().filtered(lambda d: d.stage == "waiting"):
            # where approval is not needed any more it goes its way
            is_refused = bool(deposit._approval_required())
            deposit.write(
                {"stage": "planned", "hold_reason": reason, "is_refused": is_refused}
            )

    def _approval_reopened(self):
        """Its terms changed after approval: whatever was drafted is not paid."""
        deposits = self._as_system()
        deposits._drop_drafts()
        deposits.write({"stage": "waiting"})

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
