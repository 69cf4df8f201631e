from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..allocation import PROPORTION, deductions, split_amount
from ..readings import (
    get_base,
    get_billed_share,
    get_covered,
    get_deposits,
    get_item,
    is_in_force,
    is_price_credit,
)
from ..valuation import get_cost_account, revalue

#: How far the rate of a bank may be from ours, when a deposit is paid in company
#: currency: beyond it somebody has mistyped.
RATE_TOLERANCE = 0.05


class SupplierDeposit(models.Model):
    """What happens to the money: paying, deducting, claiming back, receiving it."""

    _inherit = "supplier.deposit"

    # ------------------------------------------------------------
    # PAY
    # ------------------------------------------------------------

    def _prepare_payment(self, date=None):
        """Make the draft that the cashier posts, or post it, as the rule says."""
        self.ensure_one()
        if not self.amount_unpaid or self._get_drafts():
            return
        date = date or fields.Date.context_today(self)
        self._check_accounting(date)
        name = self.env._("Deposit %s", self.name)
        payment = self._create_payment(
            "outbound", self.journal_id, date, self.amount_unpaid, name
        )
        # whoever paid less than all, or cancelled, did so on purpose: the rest waits
        if self.posting == "posted" and self._get_advance_payments() == payment:
            payment.action_post()

    def _create_payment(self, direction, journal, date, amount, memo, **values):
        """Make a draft payment of the deposit.

        :param str direction: ``outbound``: to the vendor, or ``inbound``
        :param journal: ``account.journal`` of the bank or the cash
        :param float amount: in the deposit's currency
        :param values: of the payment, besides
        """
        return self.env["account.payment"].create(
            {
                "payment_type": direction,
                "partner_type": "supplier",
                "partner_id": self.partner_id.commercial_partner_id.id,
                "amount": amount,
                "currency_id": self.currency_id.id,
                "company_id": self.company_id.id,
                "journal_id": journal.id,
                "destination_account_id": self._get_account().id,
                "date": date,
                "memo": memo,
                "deposit_id": self.id,
                **values,
            }
        )

    def _receive_payment(self, journal, date, amount, excess, account):
        """Post the vendor's payment, matched with the deposit.

        :param float excess: what of the amount is beyond what the vendor owes
        """
        name = self.env._("Refund of deposit %s", self.name)
        sources = self.line_ids.browse()
        for source, part, _left in self.sudo()._draw(amount - excess):
            if source.currency_id != self.currency_id:
                # what comes back is worth what was paid for it, whatever the day's rate
                unit = self.currency_id
                source = self.sudo()._transfer(
                    source, part, source.account_id, unit, name, date=date
                )
                source.deposit_id = self
            sources |= source
        own = sources.account_id[:1]
        values = {"destination_account_id": own.id}
        if excess:
            balance = self.currency_id._convert(
                excess, self.company_currency_id, self.company_id, date
            )
            beyond = {
                "name": self.env._("Paid beyond deposit %s", self.name),
                "account_id": account.id,
                "partner_id": self.partner_id.commercial_partner_id.id,
                "currency_id": self.currency_id.id,
                "amount_currency": -excess,
                "balance": -balance,
            }
            values["write_off_line_vals"] = [beyond]
        payment = self.sudo()._create_payment(
            "inbound", journal, date, amount, name, **values
        )
        payment.action_post()
        self._check_booked(payment)
        items = payment.move_id.line_ids
        credit = items.filtered(lambda line: line.account_id == own and line.credit)
        (sources | credit).reconcile()
        return payment

    def _get_drafts(self):
        """Return the payments to the vendor that wait for the cashier.

        Odoo posts the entry of a payment before it says so of the payment.
        """
        return self._get_advance_payments().filtered(
            lambda p: p.state == "draft" and p.move_id.state != "posted"
        )

    def _drop_drafts(self):
        """Delete what was prepared and never posted."""
        self._get_drafts().filtered(lambda p: not p.move_id.posted_before).unlink()

    def _renew_draft(self):
        """Bring a draft payment in step with the deposit."""
        self._drop_drafts()
        self._prepare_payment()

    def _get_account(self):
        """Return the account that deposits are debited to."""
        self.ensure_one()
        return self.account_id or self._get_payable_account()

    def _get_payable_account(self):
        """Return the vendor's payable account, of the branch or of those above it."""
        for company in reversed(self.company_id.parent_ids):
            vendor = self.partner_id.with_company(company)
            if account := vendor.property_account_payable_id:
                return account
        return self.env["account.account"]

    def _refuse_payment(self, is_so, reason):
        env = self.env
        values = {"deposit": self.name, "reason": reason}
        text = env._("Deposit %(deposit)s cannot be paid: %(reason)s", **values)
        self._refuse(is_so, text)

    def _check_accounting(self, date):
        """Say what is missing before anything is made."""
        env, journal = self.env, self.journal_id
        methods = journal.outbound_payment_method_line_ids
        bank = env._("its bank is missing or archived: choose one in the rule.")
        self._refuse_payment(not journal.active, bank)
        method = env._("journal %s has no method for outgoing payments.", journal.name)
        self._refuse_payment(not methods, method)
        account = env._("vendor %s has no payable account.", self.partner_id.name)
        self._refuse_payment(not self._get_payable_account(), account)
        self._check_bank(journal, methods[:1])
        self._check_period(date, journal)

    def _check_payable(self, payment, total):
        """Refuse a payment that is not what has been approved.

        :param float total: what all cover that are posted together with it
        """
        self.ensure_one()
        if not payment.move_id.posted_before or self.stage != "cancelled":
            self._check_may_be_paid()
        vendor = self.partner_id.commercial_partner_id
        self._refuse_payment(
            payment.partner_id.commercial_partner_id != vendor
            or payment.currency_id not in (self.currency_id, self.company_currency_id)
            or payment.payment_type != "outbound"
            or payment.destination_account_id != self._get_account()
            or not payment.outstanding_account_id
            or self._exceeds(total, self.amount - self.amount_paid),
            self.env._(
                "its payment must be what was approved: vendor, currency and account, "
                "no more than is left to pay, from a bank that books it."
            ),
        )
        covered = get_covered(payment)
        worth = self.currency_id._convert(
            covered, payment.currency_id, self.company_id, payment.date
        )
        self._refuse_payment(
            abs(payment.amount - worth) > worth * RATE_TOLERANCE,
            self.env._("the amount is not what it covers is worth at any rate."),
        )
        self._check_goes_to_vendor(payment)

    def _check_entry(self, payment):
        vendor = self.partner_id.commercial_partner_id
        item = get_item(payment)
        self._refuse_payment(
            item.currency_id != payment.currency_id
            or item.partner_id.commercial_partner_id != vendor
            or payment.currency_id.compare_amounts(
                sum(item.mapped("amount_currency")), payment.amount
            ),
            self.env._("its entry does not say what the payment says."),
        )

    def _check_goes_to_vendor(self, payment):
        bank = payment.partner_bank_id
        self._refuse_payment(
            bank.partner_id.commercial_partner_id
            - self.partner_id.commercial_partner_id,
            self.env._(
                "it goes to bank account %s, which is not one of the vendor's.",
                bank.acc_number,
            ),
        )

    def _check_may_be_paid(self):
        """Refuse what is not due, or whose order is not approved as it is."""
        self.ensure_one()
        env, order = self.env, self.order_id
        is_paid = self.stage == "due" and not self.amount_unpaid
        self._refuse_payment(is_paid, env._("it has been paid already."))
        state = env._("it is %s.", self._get_state_label())
        self._refuse_payment(self.stage != "due", state)
        # a changed order waits again: what was approved of it covers its deposits,
        # which have not followed the change
        self._refuse_payment(
            order.state != "purchase"
            and not (order.sudo().approval_base and self._is_of_order()),
            env._("order %s is not confirmed.", order.name),
        )

    def action_pay(self):
        """Open the cashier's list: what is due, added up before it is posted."""
        self._check_role("account.group_account_invoice")
        self._refuse(not self, self.env._("No deposit is due: nothing to pay."))
        for deposit in self.sudo():
            deposit._check_may_be_paid()
        return self._open("deposit.payment", deposit_ids=[Command.set(self.ids)])

    def action_pay_batch(self):
        """Open the cashier's list: for what is selected, else for all that is due."""
        due = [("state", "=", "due"), ("amount_unpaid", ">", 0)]
        return (self or self.search(due)).action_pay()

    @api.model
    def _open(self, model, **values):
        return self.env[model].create(values)._get_action()

    def _post_payments(self, date):
        """Post what is due, all of it or nothing."""
        for deposit in self:
            deposit._check_may_be_paid()
            deposit._post_payment(date)

    def _post_payment(self, date):
        """Pay what is left."""
        self._prepare_payment(date)
        for payment in self._get_drafts():
            if payment.date != date:
                payment.date = date
            payment.action_post()

    def action_open_adoption(self):
        """Ask which money that was paid by hand is the payment of the deposit."""
        self.ensure_one()
        self._check_role("account.group_account_invoice")
        self._check_may_be_paid()
        return self._open("deposit.adoption", deposit_id=self.id)

    def _find_adoptable(self):
        """Return journal items of money that was paid to the vendor by hand: open, of
        no deposit, on its account, no more than is left to pay."""
        self.ensure_one()
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", self._get_account().id),
                ("partner_id", "child_of", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("currency_id", "=", self.currency_id.id),
                ("reconciled", "=", False),
                ("deposit_id", "=", False),
                ("amount_currency", ">", 0),
                ("amount_currency", "<=", self.amount_unpaid),
                "|",
                ("move_id.origin_payment_id", "!=", False),
                ("move_id.statement_line_id", "!=", False),
            ]
        )
        return items.filtered(
            lambda item: not item.matched_credit_ids and not item.matched_debit_ids
        )

    # ------------------------------------------------------------
    # DEDUCT
    # ------------------------------------------------------------

    def _settle(self, order):
        """Deduct what is missing from the bills of an order, and take back what credit
        notes leave no room for.

        :return: those of which less is deducted than before
        """
        share = get_billed_share(order)
        advances = self.filtered(lambda d: d.line_ids and d._is_of_order())
        before = {deposit: deposit.amount_deducted for deposit in advances}
        payments = advances.filtered(lambda d: d.method == "payment")
        payments._match_credit_notes(order)
        for deposit in payments.filtered(lambda d: d.deduction == PROPORTION):
            if excess := deposit._get_excess_deduction(share):
                deposit._take_back(excess)
                deposit._match_credit_notes(order)
        for policy, group in advances.grouped("deduction").items():
            first = group[:1]
            bills = first._get_open_bills()
            if policy == PROPORTION:
                bills = bills[::-1]  # the newest has its own part first
            rows = [
                (
                    bill,
                    first._get_room(bill),
                    first._get_part_of_order(bill),
                    {deposit: deposit._get_deducted_from(bill) for deposit in group},
                )
                for bill in bills
            ]
            for deposit, bill, amount in deductions(
                group._get_sources(), rows, policy, order.currency_id.round, share
            ):
                deposit._deduct(bill, amount)
        return advances.filtered(lambda d: d.amount_deducted < before[d])

    def _get_sources(self):
        """Return what there is to deduct, for :func:`deductions`."""
        return [
            (d, d._get_free_amount(), d.amount_paid, d.amount_deducted) for d in self
        ]

    def _get_open_bills(self):
        """Return the posted bills of the order and its vendor that are still open, the
        oldest first."""
        self.ensure_one()
        moves = self._get_posted(self.order_id, "in_invoice").filtered(
            lambda move: move.amount_residual and self._is_for(move)
        )
        return moves.sorted(lambda move: (move.invoice_date or move.date, move.id))

    def _is_for(self, move):
        """Tell whether a bill is of its vendor, and of its company or one of the same
        tree: Odoo matches no others."""
        vendor, company = self.partner_id.commercial_partner_id, self.company_id
        is_of_tree = move.company_id.root_id == company.root_id
        return is_of_tree and move.commercial_partner_id == vendor

    @api.model
    def _get_posted(self, order, kind):
        return order.order_line.invoice_lines.move_id.filtered(
            lambda move: move.move_type == kind and move.state == "posted"
        )

    def _get_billed_lines(self, bill):
        return bill.invoice_line_ids.filtered(
            lambda line: (
                line.purchase_line_id.order_id == self.order_id and not line.deposit_id
            )
        )

    def _of_bill(self, bill, amount):
        """Return an amount of a bill in the deposit's currency."""
        date = bill.invoice_date or bill.date
        return bill.currency_id._convert(
            amount, self.currency_id, self.company_id, date
        )

    def _get_room(self, bill):
        """Return what a bill can deduct, in the deposit's currency: its residual, but
        not more than it bills of this order and has not deducted yet."""
        billed = sum(self._get_billed_lines(bill).mapped("price_total"))
        taken = self._get_taken(bill, self.order_id)
        left = min(bill.amount_residual, billed - taken)
        return self._of_bill(bill, max(0.0, left))

    @api.model
    def _get_taken(self, bill, orders):
        """Return what deposits of orders take off a bill, in its currency."""
        own = bill.line_ids.matched_debit_ids.filtered(
            lambda match: get_deposits(match).order_id & orders
        )
        return sum(own.mapped("credit_amount_currency"))

    def _get_part_of_order(self, bill):
        """Return which part of the order a bill bills, up to 1."""
        billed = sum(self._get_billed_lines(bill).mapped("price_subtotal"))
        total = get_base(self.order_id, "untaxed")
        return min(1.0, self._of_bill(bill, billed) / total) if total else 1.0

    def _get_deducted_from(self, bill):
        """Return what a bill deducts, in the deposit's currency: what it was paid at
        says how much that is, whatever the bill's rate."""
        deducted = 0.0
        for match in bill.line_ids.matched_debit_ids:
            item, amount = match.debit_move_id, match.debit_amount_currency
            if item.deposit_id == self:
                deducted += self._of_item(item, amount)
            elif item.move_id.deposit_allocation_id == self:
                whole = self._get_allocated(item.move_id)
                deducted += whole * amount / item.amount_currency
        return self.currency_id.round(deducted)

    def _get_excess_deduction(self, share):
        """Return what our own entries deduct beyond the part that has been billed; what
        an accountant matched by hand stays."""
        entries = self.allocation_ids.filtered(is_in_force)
        booked = sum(map(self._get_allocated, entries))
        target = self.currency_id.round(self.amount_paid * share)
        return max(0.0, self.currency_id.round(booked - target))

    def _deduct(self, bill, amount):
        """Deduct from a bill by matching it with the payment, or, where a part is meant
        or their accounts or currencies differ, with an entry over that part."""
        for item, part, left in self._draw(amount):
            targets = self._get_payables(bill)
            owed = -sum(targets.mapped("amount_residual_currency"))
            if targets and (
                self.deduction == PROPORTION
                or targets.account_id != item.account_id
                or bill.currency_id != item.currency_id
                or self._exceeds(min(left, self._of_bill(bill, owed)), part)
            ):
                item = self._allocate(item, bill, targets.account_id[:1], part)
            (item | targets).reconcile()

    @api.model
    def _get_payables(self, moves):
        """Return the open items of bills and credit notes on vendors' accounts."""
        return moves.line_ids.filtered(
            lambda line: (
                line.account_type == "liability_payable" and not line.reconciled
            )
        )

    def _draw(self, amount):
        """Yield the open advances, each with what an amount takes of it, and what is
        open of it."""
        for item in self._get_advances():
            left = self._of_item(item, item.amount_residual_currency)
            part = min(amount, left)
            if self._exceeds(part):
                amount -= part
                yield item, part, left

    def _allocate(self, source, bill, payable, amount):
        """Book a part of an advance onto the vendor's payable account, to be matched
        with a bill. On one in another currency it is worth what it was booked at, up to
        what is owed."""
        journal = self._find_general_journal()
        expected = max(bill.date, source.date)
        # where the period of the bill is closed, the day of the credit note that made
        # room for it is the next best
        since = max(expected, self._get_last_credit_date() or expected)
        same = bill.currency_id == self.currency_id
        if not same:
            left = self._of_item(source, source.amount_residual_currency)
            owed = -sum(self._get_payables(bill).mapped("amount_residual"))
            amount = min(amount, left * owed / source.amount_residual)
        item = self._transfer(
            source,
            amount,
            payable,
            self.currency_id if same else self.company_currency_id,
            f"{self.name} · {bill.name}",
            date=self._find_open_date(journal, expected, since),
            deposit_allocation_id=self.id,
        )
        self._say_when_booked(item.move_id, expected)
        return item

    def _transfer(self, source, amount, account, currency, name, **values):
        """Book a part of an advance onto another account, and match it.

        :param currency: of the item on that account
        :return: that item
        """
        left = self._of_item(source, source.amount_residual_currency)
        ratio = min(1.0, amount / left)
        balance = self.company_currency_id.round(source.amount_residual * ratio)
        in_source = source.currency_id.round(source.amount_residual_currency * ratio)
        own = amount if currency == self.currency_id else balance
        if currency == source.currency_id:
            own = in_source
        items = [
            {
                "account_id": on.id,
                "currency_id": unit.id,
                "amount_currency": in_unit,
                "balance": booked,
            }
            for on, unit, in_unit, booked in (
                (account, currency, own, balance),
                (source.account_id, source.currency_id, -in_source, -balance),
            )
        ]
        entry = self._book(items, name, source.partner_id, **values)
        item, credit = entry.line_ids.sorted("balance", reverse=True)
        (source | credit).reconcile()
        return item

    def _book(self, items, name, partner, journal=None, **values):
        """Post an entry of the deposit."""
        common = {"name": name, "partner_id": partner.id}
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": (journal or self._find_general_journal()).id,
                "company_id": self.company_id.id,
                "ref": self.name,
                "line_ids": [Command.create({**common, **item}) for item in items],
                **values,
            }
        )
        entry.action_post()
        return entry

    def _find_general_journal(self):
        journals = self.env["account.journal"]
        domain = journals._check_company_domain(self.company_id)
        journal = journals.search([*domain, ("type", "=", "general")], limit=1)
        self._refuse(
            not journal,
            self.env._(
                "Deposit %s cannot be deducted: there is no journal for miscellaneous "
                "operations.",
                self.name,
            ),
        )
        return journal

    @api.model
    def _keep_rate(self, matches, bill=None):
        """An advance in foreign currency is not monetary: what it buys costs what was
        paid for it. Book the difference of rates on to what the bill debits."""
        for match in matches.filtered(get_deposits):
            exchange, company = match.exchange_move_id, match.company_id
            bought = bill or match.credit_move_id.move_id
            booked = exchange.line_ids.filtered(
                lambda line, company=company: (
                    line.account_id
                    in company.expense_currency_exchange_account_id
                    | company.income_currency_exchange_account_id
                )
            )
            costs = bought.invoice_line_ids.filtered(
                lambda line: (
                    line.display_type == "product"
                    and line.balance
                    and not line.deposit_id
                )
            )
            amount = sum(booked.mapped("balance"))
            if (
                not company.deposit_keeps_rate
                or bought.move_type != "in_invoice"
                or exchange.state != "posted"
                or exchange.deposit_reclass_ids
                or not costs
                or company.currency_id.is_zero(amount)
            ):
                continue
            parts = split_amount(
                amount, costs.mapped("balance"), company.currency_id.round
            )
            own = {"currency_id": company.currency_id.id}
            items = [
                {
                    **own,
                    "account_id": get_cost_account(cost).id,
                    "balance": part,
                    "analytic_distribution": cost.analytic_distribution,
                    "cogs_origin_id": cost.id,
                }
                for cost, part in zip(costs, parts, strict=True)
            ] + [
                {**own, "account_id": line.account_id.id, "balance": -line.balance}
                for line in booked
            ]
            deposit = get_deposits(match)
            deposit._book(
                items,
                self.env._(
                    "Deposit %(deposit)s at the rate of its day: %(bill)s",
                    deposit=deposit.name,
                    bill=bought.name,
                ),
                bought.commercial_partner_id,
                exchange.journal_id,
                date=exchange.date,
                ref=bought.name,
                deposit_exchange_id=exchange.id,
            )
            revalue(costs)

    @api.model
    def _lose_rate(self, matches):
        """Odoo takes exchange differences back, and we what was booked with them."""
        for entry in matches.exchange_move_id.deposit_reclass_ids.filtered(is_in_force):
            entry._reverse_moves([{"date": entry.date}]).action_post()
            revalue(entry.line_ids.cogs_origin_id)

    # ------------------------------------------------------------
    # TAKE BACK
    # ------------------------------------------------------------

    def _take_back(self, amount, date=None):
        """Take back deductions that entries of ours booked, the newest first, at least
        so much. They go back whole; what is too much then is deducted again."""
        date = date or self._get_last_credit_date()
        for entry in self.allocation_ids.sorted("id", reverse=True):
            if self._exceeds(amount) and is_in_force(entry):
                amount -= self._get_allocated(entry)
                self._reverse(entry, date)

    def _get_allocated(self, entry):
        """Return what an allocation deducts, in the deposit's currency."""
        for item in entry.line_ids:
            if item.currency_id == self.currency_id:
                return abs(item.amount_currency)
        matches = entry.line_ids.matched_debit_ids
        match = matches.filtered(lambda m: m.debit_move_id.deposit_id == self)[:1]
        return self._of_item(match.debit_move_id, match.debit_amount_currency)

    @api.model
    def _reverse_orphans(self, moves):
        """Reverse allocations that their bill or their advance let go of."""
        for entry in moves.filtered("deposit_allocation_id").filtered(is_in_force):
            debits = entry.line_ids.filtered("debit")
            credits = entry.line_ids - debits
            if not (debits.matched_credit_ids and credits.matched_debit_ids):
                entry.deposit_allocation_id._as_system()._reverse(entry)

    def _reverse(self, entry, date=None):
        """Book an entry of ours back, so that the advance is open again.

        :param date: when it was taken back, if that is later than the entry
        """
        entry = entry.with_env(self.env)
        expected = max(entry.date, date or entry.date)
        # the reversal is there before matches are undone: they look for orphans
        booked = self._find_open_date(entry.journal_id, expected)
        dates = {"date": booked, "invoice_date": entry.invoice_date and booked}
        reversal = entry._reverse_moves([{**dates, "ref": entry.ref}])
        entry.line_ids.remove_move_reconcile()
        reversal.action_post()
        self._say_when_booked(reversal, expected)
        lines = (entry | reversal).line_ids.filtered(
            lambda line: line.account_id.reconcile and not line.reconciled
        )
        for same in lines.grouped(lambda i: (i.account_id, i.currency_id)).values():
            same.reconcile()

    def _match_credit_notes(self, order):
        """Match credit notes with the bills they reverse. Where goods went back and the
        bill has no room for it, its deductions are taken off: the money is open for the
        next bill."""
        plain = self.filtered(lambda deposit: deposit.deduction != PROPORTION)
        for note in self._get_posted(order, "in_refund"):
            bill = note.reversed_entry_id
            if bill.state != "posted":
                continue
            self._match_credit_note(note)
            if note.amount_residual and not is_price_credit(note):
                matches = bill.line_ids.matched_debit_ids
                freed = matches.filtered(lambda m: m.debit_move_id.deposit_id in plain)
                if freed:
                    freed.unlink()
                    self._match_credit_note(note)

    @api.model
    def _match_credit_note(self, note):
        lines = self._get_payables(note | note.reversed_entry_id)
        if len(lines.move_id) == 2 and len(lines.account_id) == 1:
            lines.reconcile()

    def _get_last_credit_date(self):
        """Return the date of the newest credit note of the order, if there is one."""
        notes = self._get_posted(self.order_id, "in_refund")
        return max(notes.mapped("date"), default=None)

    # ------------------------------------------------------------
    # PAYMENT ORDER
    # ------------------------------------------------------------

    def action_print_payment_order(self):
        """Print the payment order of the deposits."""
        self._check_role("account.group_account_invoice")
        # raises where nothing would be on it
        self.env["report.supplier_deposit.report_payment_order"]._get_sheets(self)
        report = self.env.ref("supplier_deposit.report_payment_order_action")
        return report.report_action(self)

    # ------------------------------------------------------------
    # PERIODS AND BANKS
    # ------------------------------------------------------------

    def _check_period(self, date, journal, has_tax=False):
        """Refuse a date whose period is locked, where Odoo would take the next open day
        and not say so."""
        locks = self.company_id._get_violated_lock_dates(date, has_tax, journal)
        if locks:
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s: nothing can be booked on %(date)s, as the "
                    "period is locked until %(lock)s.",
                    deposit=self.name,
                    date=format_date(self.env, date),
                    lock=format_date(self.env, max(lock for lock, _field in locks)),
                )
            )

    def _check_bank(self, journal, method):
        """Refuse a bank in another currency, where Odoo would say to change that of its
        account. Bills are paid from any, at its rate."""
        currency = method.payment_account_id.currency_id
        own = self.currency_id | self.company_currency_id
        self._refuse(
            self.method == "payment" and currency - own,
            self.env._(
                "%(journal)s is kept in %(currency)s: choose another bank.",
                journal=journal.name,
                currency=currency.name,
            ),
        )

    def _check_booked(self, payment):
        """Refuse a payment without an entry: it could not be matched with anything."""
        entry = payment.move_id
        self._refuse(
            not entry
            or (entry.state == "posted" and entry.origin_payment_id != payment),
            self.env._(
                "Journal %s books no payments. Give its payment method an outstanding "
                "account, or the account of the bank.",
                payment.journal_id.display_name,
            ),
        )

    def _find_open_date(self, journal, *dates):
        """Return the date of an entry that follows from others: the first, the best
        one, whose period is open, or today."""
        for date in dates:
            if not self.company_id._get_violated_lock_dates(date, False, journal):
                return date
        today = fields.Date.context_today(self)
        self._check_period(today, journal)
        return today

    def _say_when_booked(self, entry, expected):
        """Write down why an entry is not dated as one would expect."""
        if entry.date == expected:
            return
        reason = self.env._(
            "%(entry)s is not dated %(expected)s, as that period is locked.",
            entry=entry.name,
            expected=format_date(self.env, expected),
        )
        for record in (entry, self):
            record._message_log(body=reason)
