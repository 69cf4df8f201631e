from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.supplier_deposit.allocation import PROPORTION, deductions
from odoo.addons.supplier_deposit.models.purchase_order import ACCOUNTING
from odoo.addons.supplier_deposit.readings import get_base, get_billed_share

from ..rates import split_by_rate


class SupplierDeposit(models.Model):
    """Deposits that the vendor invoices.

    The lines of the deposit bill hold the money on a prepayment account, by tax. The
    bills of the order take it back as negative lines, and credit notes of those give
    it back; all these lines say whose they are (``deposit_id``) and are matched. What
    the deposit bill's payable items are matched with has been paid.
    """

    _inherit = "supplier.deposit"

    bill_id = fields.Many2one(
        "account.move",
        string="Deposit Bill",
        copy=False,
        check_company=True,
        ondelete="set null",
        groups=ACCOUNTING,
    )
    order_line_id = fields.Many2one(
        "purchase.order.line",
        string="Down Payment Line",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _bill_once = models.UniqueIndex("(bill_id) WHERE bill_id IS NOT NULL")

    # ------------------------------------------------------------
    # BOOKS
    # ------------------------------------------------------------

    @api.depends("line_ids.move_id.amount_residual")
    def _compute_amounts(self):
        return super()._compute_amounts()

    @api.depends(
        "line_ids.move_id.amount_residual",
        "line_ids.move_id.payment_state",
        "line_ids.parent_state",
    )
    def _compute_state(self):
        return super()._compute_state()

    @api.depends("line_ids.move_id.amount_residual")
    def _compute_is_under_way(self):
        return super()._compute_is_under_way()

    def _read_books(self):
        if self.method != "bill":
            return super()._read_books()
        _billed, outcomes, _dates = super()._read_books()
        bill, notes = self.bill_id, self._get_notes()
        for item in self._get_advances() - bill.line_ids:
            outcomes["deducted"] -= self._of_item(item, item.amount_currency)
        settled = self._read_settled(bill, bill | notes)
        refunded = self._read_settled(notes, bill | notes)
        outcomes["refunded"] += sum(amount for _move, amount in refunded)
        paid = sum(amount for _move, amount in settled)
        return paid, outcomes, [move.date for move, amount in settled if amount]

    def _read_settled(self, moves, own):
        """Return what payable items of posted bills or credit notes are matched with.

        :param own: entries that are nobody's money
        :return: list of ``(account.move, amount in the deposit's currency)``
        """
        found = []
        items = moves.filtered(lambda move: move.state == "posted").line_ids
        for line in items.filtered(lambda i: i.account_type == "liability_payable"):
            for match in line.matched_debit_ids | line.matched_credit_ids:
                side = "credit" if line == match.credit_move_id else "debit"
                other = (match.debit_move_id | match.credit_move_id) - line
                move = other.move_id
                if move not in own and move.state == "posted":
                    amount = match[f"{side}_amount_currency"]
                    found.append((move, self._of_bill(line.move_id, amount)))
        return found

    def _get_notes(self):
        """Return the posted credit notes of the deposit bill."""
        return self.bill_id.reversal_move_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "in_refund"
        )

    def _get_advances(self):
        """Lines of its bill, and what credit notes of final bills gave back."""
        items = super()._get_advances()
        return items.filtered("debit") if self.method == "bill" else items

    def _get_outcome(self, advance, other):
        if self.method == "bill" and other.move_id in self._get_notes():
            return None
        return super()._get_outcome(advance, other)

    def _of_item(self, item, amount):
        """Lines of bills count with their taxes, at what the deposit was booked at."""
        if self.method != "bill":
            return super()._of_item(item, amount)
        if item.currency_id != self.currency_id and item.amount_currency:
            balance = amount * item.balance / item.amount_currency
            amount = balance * self.bill_id.invoice_currency_rate
        return amount * (item.price_total / (item.price_subtotal or 1.0) or 1.0)

    def _of_bill(self, bill, amount):
        """What a bill in another currency comes to at its own rate, which may have been
        typed, and at that of the deposit."""
        if self.method != "bill" or bill.currency_id == self.currency_id:
            return super()._of_bill(bill, amount)
        rate = self.bill_id.invoice_currency_rate / bill.invoice_currency_rate
        return self.currency_id.round(amount * rate)

    def _to_booked_amount(self, amount):
        if self.method != "bill":
            return super()._to_booked_amount(amount)
        rate = self.bill_id.invoice_currency_rate or 1.0
        return self.company_currency_id.round(amount / rate)

    def _measure_unpaid(self):
        bill = self.sudo().bill_id
        if self.method == "bill" and bill.state == "posted":
            # a payment that books nothing leaves the residual as it is
            is_paid = bill.payment_state in ("in_payment", "paid")
            return 0.0 if is_paid else bill.amount_residual
        return super()._measure_unpaid()

    def _get_tax_factor(self):
        bill = self.sudo().bill_id
        is_on_top = self.method == "bill" and self.base == "untaxed"
        if is_on_top and bill.state == "posted" and bill.amount_untaxed:
            return bill.amount_total / bill.amount_untaxed
        return super()._get_tax_factor()

    def _get_own_moves(self):
        own = self.bill_id | self._get_notes()
        settled = [move for move, _amount in self._read_settled(own, own)]
        return super()._get_own_moves() | own.union(*settled)

    def _get_advance_payments(self):
        payments = super()._get_advance_payments()
        return payments | self.bill_id.reconciled_payment_ids.filtered(
            lambda payment: payment.state in ("in_process", "paid")
        )

    # ------------------------------------------------------------
    # PAY
    # ------------------------------------------------------------

    def _prepare_payment(self, date=None):
        """Make the bill of the deposit, and post it if the rule says so."""
        if self.method != "bill":
            return super()._prepare_payment(date)
        if self.bill_id.state in ("draft", "posted"):
            return None
        today = fields.Date.context_today(self)
        self._check_accounting(today)
        self._renew_order_line()
        line = self._prepare_line(self.amount, self.env["account.tax"])
        bill = self.env["account.move"].create(
            {
                **self.order_id._prepare_invoice(),
                "invoice_date": today,
                "invoice_payment_term_id": False,
                "invoice_date_due": max(self.date_due, today),
                "invoice_line_ids": [Command.create(line)],
            }
        )
        self.bill_id = bill
        if self.posting == "posted":
            bill.action_post()
        return None

    def _renew_order_line(self):
        """Make the down payment line of the order, unless it is there."""
        if line := self.order_line_id:
            if line.price_unit != self.amount:
                line.price_unit = self.amount
            return
        self.order_line_id = self.order_id._create_downpayments(
            [
                {
                    "name": self.env._("Deposit %s", self.name),
                    "product_qty": 0.0,
                    "is_downpayment": True,
                    "price_unit": self.amount,
                    "tax_ids": [Command.clear()],
                    "order_id": self.order_id.id,
                }
            ]
        )

    def _check_bill(self):
        """Refuse to post a bill of the deposit that is not what was approved."""
        self._touch()
        self._check_may_be_paid()
        self._renew_order_line()
        base = self._fields["base"]._description_selection(self.env)
        bill = self.bill_id
        lines = bill.invoice_line_ids.filtered(lambda i: i.display_type == "product")
        total = bill.amount_untaxed if self.base == "untaxed" else bill.amount_total
        vendor = self.partner_id.commercial_partner_id
        self._refuse(
            bill.move_type != "in_invoice"
            or bill.commercial_partner_id != vendor
            or bill.currency_id != self.currency_id
            or self._exceeds(total, self.amount)
            # final bills take it back from this account, and from no other
            or lines.account_id - self.account_id
            or lines.purchase_line_id - self.order_line_id,
            self.env._(
                "The bill of deposit %(deposit)s must be what was approved: its vendor "
                "and currency, nothing but lines on the prepayment account, and no "
                "more than %(amount)s (%(base)s).",
                deposit=self.name,
                amount=self._money(self.amount),
                base=dict(base)[self.base],
            ),
        )
        date = bill.date if bill.invoice_date else fields.Date.context_today(self)
        self._check_period(date, bill.journal_id, bill._affect_tax_report())
        lines.write({"deposit_id": self.id, "purchase_line_id": self.order_line_id.id})

    def _post_payment(self, date):
        """Post the deposit bill and pay it."""
        if self.method != "bill":
            return super()._post_payment(date)
        self._prepare_payment()
        bill = self.bill_id.with_env(self.env)
        if bill.state == "draft":
            bill.invoice_date = bill.invoice_date or date
            bill.action_post()
        self._check_period(date, self.journal_id)
        return self._pay_moves(bill, self.journal_id, date)

    def _pay_moves(self, moves, journal, date, amount=None, **values):
        """Post a payment of bills or credit notes.

        :param float amount: in the deposit's currency, if it is not all that is open
        :param values: of the wizard
        """
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        )
        wizard = register.create(
            {"journal_id": journal.id, "payment_date": date, "group_payment": True}
        )
        if amount:
            # a bank in another currency pays or receives that
            values["amount"] = self.currency_id._convert(
                amount, wizard.currency_id, self.company_id, date
            )
            wizard.write(values)
        payment = wizard._create_payments()
        self._check_booked(payment)
        return payment

    def _find_adoptable(self):
        """Bills are matched with what was paid by hand as any other."""
        items = super()._find_adoptable()
        return items.browse() if self.method == "bill" else items

    @api.model
    def _get_unbooked_domain(self):
        """Posted deposit bills ask for their money themselves."""
        asked = Domain("bill_id", "any", [("state", "=", "posted")])
        return super()._get_unbooked_domain() & ~asked

    # ------------------------------------------------------------
    # FOLLOW AND END
    # ------------------------------------------------------------

    def _is_free_to_change(self):
        return super()._is_free_to_change() and self.bill_id.state != "posted"

    def _prepare_changes(self):
        values = super()._prepare_changes()
        if self.method != "bill" or self.bill_id.state != "posted":
            return values
        if values.keys() - {"user_id"} or not self._is_of_order():
            bill = self.bill_id
            if (
                bill.payment_state == "not_paid"
                and not self.amount_deducted
                and not self._get_lock(bill)
            ):
                self._drop_bill()
                return super()._prepare_changes()
        return {name: values[name] for name in values if name == "user_id"}

    def _get_lock(self, bill, date=None):
        return bill._get_violated_lock_dates(
            date or bill.date, bill._affect_tax_report()
        )

    def _drop_drafts(self):
        """Its bill goes, too, if nobody has paid anything of it."""
        result = super()._drop_drafts()
        for deposit in self.filtered(lambda d: d.method == "bill"):
            is_unpaid = deposit.bill_id.payment_state == "not_paid"
            if is_unpaid and not deposit.amount_deducted:
                deposit._drop_bill()
        return result

    def _drop_bill(self):
        """Delete or cancel the bill of the deposit, which nobody has paid."""
        bill = self.bill_id
        self._refuse(
            bill.state == "posted" and self._get_lock(bill),
            self.env._(
                "The bill %(bill)s of deposit %(deposit)s is dated %(date)s, and that "
                "period is locked: reverse it with a credit note first.",
                bill=bill.name,
                deposit=self.name,
                date=format_date(self.env, bill.date),
            ),
        )
        self.bill_id = False
        if not bill.posted_before:
            bill.unlink()
        elif bill.state != "cancel":
            bill.button_cancel()

    def _cancel_unpaid(self):
        """Nobody has to pay the rest of a bill that was paid in part."""
        for deposit in self.filtered(lambda d: d.method == "bill" and d.amount_paid):
            deposit._credit_unpaid()
        return super()._cancel_unpaid()

    # ------------------------------------------------------------
    # DEDUCT
    # ------------------------------------------------------------

    def _settle(self, order):
        self._match_lines()
        self._claim_credited()
        result = super()._settle(order)
        today = fields.Date.context_today(self)
        for deposit in self.filtered(lambda d: d.method == "bill" and d.amount_paid):
            bill = deposit.bill_id
            is_locked = deposit._get_lock(bill, max(today, bill.date))
            if not is_locked and get_billed_share(order) >= 1:
                deposit._credit_unpaid()  # final bills ask for it
        return result

    def _match_lines(self):
        """Match what final bills took back."""
        for deposit in self.filtered(lambda d: d.method == "bill"):
            items = deposit.line_ids.filtered(
                lambda item: item.parent_state == "posted" and not item.reconciled
            )
            for same in items.grouped("tax_ids").values():
                if len({item.balance > 0 for item in same}) == 2:
                    same.reconcile()

    def _get_open_bills(self):
        return super()._get_open_bills() - self._find(self.order_id).bill_id

    @api.model
    def _get_taken(self, bill, orders):
        """Count lines of deposits with their taxes, not as what they are matched
        with."""
        taken = super()._get_taken(bill, orders)
        if bill.move_type != "in_invoice":
            return taken
        lines = bill.invoice_line_ids.filtered(
            lambda line: line.balance < 0 and line.deposit_id.order_id & orders
        )
        matched = sum(lines.matched_debit_ids.mapped("credit_amount_currency"))
        return taken - matched - sum(lines.mapped("price_total"))

    def _deduct_from_draft(self, move, old):
        """Make the lines of a draft that take back what belongs to it, or give back
        what a credit note leaves no room for, unless they are there already.

        :param old: the lines of deposits that it has
        """
        move, old = move.with_env(self.env), old.with_env(self.env)
        deposits = self.filtered(
            lambda deposit: (
                deposit.amount_paid and deposit._is_of_order() and deposit._is_for(move)
            )
        )
        deposits._match_lines()
        lines = deposits._plan_lines(move, old)
        if old and self._are_there(lines, old):
            return
        left = move.amount_residual - sum(old.mapped("price_total"))
        left -= sum(total for _values, _taxes, _balance, total in lines)
        # taxes of each line are rounded
        slack = move.currency_id.rounding * len(move.invoice_line_ids)
        if old and (left < slack or not all(item.deposit_id for item in old)):
            # their own rounding hides how much the bill has room for: without them it
            # is exact to the last cent
            old.unlink()
            old = old.browse()
            lines = deposits._plan_lines(move, old)
        self._add_lines(move, lines, old)

    def _plan_lines(self, move, old):
        """Return the lines that a draft should have, as :meth:`_prepare_lines` does."""
        lines = []
        whole = move.amount_residual - sum(old.mapped("price_total"))
        for order, deposits in self.grouped("order_id").items():
            share = get_billed_share(order, drafts=move)
            billed = sum(deposits[:1]._get_billed_lines(move).mapped("price_total"))
            left = min(whole, billed)
            for policy, group in deposits.grouped("deduction").items():
                first = group[:1]
                room = first._of_bill(move, max(0.0, left))
                if move.move_type == "in_refund":
                    parts = group._plan_giving_back(policy, share, room, order)
                else:
                    rows = [(move, room, first._get_part_of_order(move), {})]
                    round_ = order.currency_id.round
                    sources = group._get_sources()
                    parts = deductions(sources, rows, policy, round_, share)
                for deposit, _bill, amount in parts:
                    for line in deposit._prepare_lines(move, amount, -1):
                        lines.append(line)
                        left -= line[-1]
                        whole -= line[-1]
        return lines

    @api.model
    def _are_there(self, lines, old):
        """Tell whether lines of a draft are those that it should have, and nobody has
        made anything else of them. In another currency they are made anew: there people
        type what they are worth."""
        left = old
        for values, taxes, _balance, _total in lines:
            found = left.filtered(
                lambda item, values=values, taxes=taxes: (
                    item.currency_id == item.company_currency_id
                    and all(
                        item[name] == item._fields[name].convert_to_record(value, item)
                        for name, value in values.items()
                        if name not in ("name", "tax_ids")
                    )
                    and item.tax_ids == taxes
                    and not (
                        item.discount or item.product_id or item.analytic_distribution
                    )
                )
            )
            if not found:
                return False
            left -= found[0]
        return not left

    def _plan_giving_back(self, policy, share, room, order):
        """Return what a credit note gives back of each deposit: what was deducted
        beyond what is still billed.

        :return: list of ``(deposit, nothing, amount)``
        """
        parts = []
        billed = get_base(order, "total") * share
        for deposit in self:
            target = deposit.amount_paid * share if policy == PROPORTION else billed
            excess = deposit.amount_deducted - target
            amount = deposit.currency_id.round(min(excess, room))
            billed = max(0.0, billed - deposit.amount_deducted)
            if amount > 0:
                parts.append((deposit, None, amount))
                room -= amount
        return parts

    def _deduct(self, bill, amount):
        """A bill that is posted already gets no lines any more: a credit note over the
        deposit is matched with it, which also takes the tax back."""
        if self.method != "bill":
            return super()._deduct(bill, amount)
        if amount <= self.currency_id.rounding * len(self._get_rates()):
            return None  # lines were rounded, one for each rate
        expected = max(bill.date, self.bill_id.date)
        is_locked = self._get_lock(self.bill_id, expected)
        date = fields.Date.context_today(self) if is_locked else expected
        note = self._make_note(
            date,
            amount,
            like=bill,
            ref=f"{self.name} · {bill.name}",
            deposit_allocation_id=self.id,
            currency_id=bill.currency_id.id,
            invoice_currency_rate=bill.invoice_currency_rate,
        )
        self._say_when_booked(note, expected)
        self._match_lines()
        for items in self._get_payables(bill | note).grouped("account_id").values():
            items.reconcile()
        return self._keep_rate(note.line_ids.matched_debit_ids, bill)

    def _get_allocated(self, entry):
        if entry.move_type == "in_refund":
            return self._of_bill(entry, entry.amount_total)
        return super()._get_allocated(entry)

    # ------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------

    def _get_rates(self, taken=False):
        """Return what is left on the prepayment account by the taxes it was billed
        with.

        :param bool taken: what is not there any more, instead
        :return: by taxes: amount without them in the deposit's currency; with them for
            each unit; how it is booked
        """
        self.ensure_one()
        rates = defaultdict(lambda: (0.0, 1.0, 0.0))
        for item in self._get_advances():
            factor = item.price_total / (item.price_subtotal or 1.0) or 1.0
            net = self._of_item(item, item.amount_residual_currency) / factor
            booked = item.amount_residual
            if taken:
                is_own = item.move_id == self.bill_id
                net = is_own * item.amount_currency - net
                booked = is_own * item.balance - booked
            before = rates[item.tax_ids]
            rates[item.tax_ids] = before[0] + net, factor, before[2] + booked
        return rates

    def _prepare_lines(self, move, amount, quantity, like=None):
        """Return lines that make up an amount, by rate.

        :param float amount: with taxes, in the deposit's currency
        :param int quantity: -1 takes off what the move comes to, 1 adds to it
        :param like: ``account.move`` whose rates come first, if it is not this one
        :return: list of ``(values, taxes, balance, what it comes to with taxes)``, of
            which the balance is nothing where the rate of the move is right
        """
        self.ensure_one()
        gives_back = move.move_type == "in_refund" and quantity < 0
        rates = self._get_rates(taken=gives_back)
        weights = defaultdict(float)
        for line in self._get_billed_lines(like or move):
            weights[line.tax_ids] += line.price_total
        currency = self.currency_id
        nets = split_by_rate(
            amount,
            {taxes: (net, factor) for taxes, (net, factor, _b) in rates.items()},
            weights,
            currency.round,
            currency.rounding,
        )
        lines = []
        for taxes, net in nets.items():
            whole, factor, booked = rates[taxes]
            price, balance = net, None
            if move.currency_id != currency:
                # worth what it was booked at, at the rate of the bill
                booked = self.company_currency_id.round(booked * net / whole)
                balance = booked * (1 if gives_back else -1)
                price = move.currency_id.round(booked * move.invoice_currency_rate)
            total = price * factor
            if any(tax.price_include for tax in taxes):
                price = total
            values = self._prepare_line(price, taxes, quantity)
            lines.append((values, taxes, balance, total))
        return lines

    @api.model
    def _add_lines(self, move, lines, old=()):
        """Add lines of :meth:`_prepare_lines` to a draft, in place of old ones."""
        commands = [Command.delete(item.id) for item in old]
        commands += [Command.create(values) for values, *_rest in lines]
        if commands:
            move.write({"invoice_line_ids": commands})
        added = move.invoice_line_ids.filtered("deposit_id")
        for values, taxes, balance, _total in lines:
            for item in added if balance is not None else ():
                is_it = item.deposit_id.id == values["deposit_id"]
                if is_it and item.tax_ids == taxes and item.balance != balance:
                    item.balance = balance

    def _prepare_line(self, price, taxes, quantity=1):
        return {
            "name": self.env._("Deposit %s", self.name),
            "quantity": quantity,
            "price_unit": price,
            "account_id": self.account_id.id,
            "tax_ids": [Command.set(taxes.ids)],
            "purchase_line_id": self.order_line_id.id,
            "is_downpayment": True,
            "deposit_id": self.id,
        }

    def _make_note(self, date, amount, like=None, **values):
        """Post a credit note over a part of the deposit.

        :param float amount: with taxes, in the deposit's currency
        :param like: ``account.move`` that it deducts from
        """
        note = self.env["account.move"].create(
            {
                **self.order_id._prepare_invoice(),
                "move_type": "in_refund",
                "invoice_date": date,
                "date": date,
                "invoice_payment_term_id": False,
                **values,
            }
        )
        self._add_lines(note, self._prepare_lines(note, amount, 1, like))
        if like:
            # nothing that was ordered is credited with it
            note.invoice_line_ids.purchase_line_id = False
        self._check_period(date, note.journal_id, note._affect_tax_report())
        note.action_post()
        return note

    # ------------------------------------------------------------
    # CREDIT NOTES OF THE DEPOSIT BILL, REFUNDS
    # ------------------------------------------------------------

    def _check_credit(self, note):
        """Refuse credit notes of what other bills have deducted already: the prepayment
        would go below zero."""
        self._match_lines()
        left = sum(net * factor for net, factor, _b in self._get_rates().values())
        left = self.currency_id.round(left)
        total = self._of_bill(note, note.amount_total)
        self._refuse(
            self._exceeds(total, left),
            self.env._(
                "%(bill)s has %(amount)s left that other bills have not deducted: its "
                "credit notes come to more than that. Credit those bills first.",
                bill=self.bill_id.name,
                amount=self._money(left),
            ),
        )
        lines = note.invoice_line_ids
        lines = lines.filtered(lambda line: line.account_id == self.account_id)
        lines.write({"deposit_id": self.id})

    def _claim_credited(self):
        """A credit note of a deposit bill says that the vendor pays back: so much is
        not deducted any more."""
        for deposit in self.filtered(lambda d: d.method == "bill"):
            owed = sum(
                deposit._of_bill(note, note.amount_residual)
                for note in deposit._get_notes()
            )
            amount = min(owed - deposit.amount_awaited, deposit._get_free_amount())
            if deposit._exceeds(amount):
                reason = self.env._("The vendor has credited it.")
                deposit.claim_ids._claim(deposit, amount, reason)

    def _credit_unpaid(self):
        """Credit what nobody has paid of the deposit bill: nobody has to any more, and
        the bill comes to what the vendor has."""
        bill = self.bill_id
        if bill.state != "posted" or not bill.amount_residual:
            return
        for note in self._get_notes().filtered("amount_residual"):
            self._match_credit_note(note)
        if bill.amount_residual:
            # Odoo matches it with the bill when it is posted
            date = max(fields.Date.context_today(self), bill.date)
            self._make_note(date, bill.amount_residual, reversed_entry_id=bill.id)

    def _receive_payment(self, journal, date, amount, excess, account):
        """Credit the deposit bill with what comes back, and receive it."""
        if self.method != "bill":
            return super()._receive_payment(journal, date, amount, excess, account)
        system = self._as_system()
        if self.currency_id.is_zero(self._get_free_amount()):
            system._credit_unpaid()
        # a credit note whose money did not come, or one made by hand, is there already
        notes = system._get_notes().filtered("amount_residual")
        missing = amount - excess - sum(notes.mapped("amount_residual"))
        compared = self.currency_id.compare_amounts(missing, 0)
        if compared > 0:
            note = system._make_note(date, missing, reversed_entry_id=self.bill_id.id)
            # left open for the money, where Odoo matched it with the unpaid rest
            items = note.line_ids.filtered(
                lambda line: line.account_type == "liability_payable"
            )
            items.matched_credit_ids.unlink()
            notes |= note
        values = {}
        if excess:
            values["payment_difference_handling"] = "reconcile"
            values["writeoff_account_id"] = account.id
        part = amount if compared < 0 or excess else None
        payment = self._pay_moves(notes, journal, date, part, **values)
        payment.sudo().deposit_id = self
        return payment
