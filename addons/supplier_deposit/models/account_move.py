from collections import defaultdict

from odoo import Command, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "deposit.link.mixin"]

    _deposit_links = ("deposit_allocation_id",)

    deposit_allocation_id = fields.Many2one(
        "supplier.deposit",
        string="Deducts Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="The deposit that this entry books from prepayments onto the vendor.",
    )

    def _post(self, soft=True):
        """Deduct deposits from the bills of their order, and give them back after
        credit notes."""
        if not self.env["deposit.rule"]._is_in_use():
            return super()._post(soft)
        turns = self._deposit_get_turns()
        if len(turns) > 1:
            return self.browse().union(*(turn._post(soft) for turn in turns))
        bills = self.filtered(lambda m: m.move_type in ("in_invoice", "in_refund"))
        deposits = self.env["supplier.deposit"]._engine()
        for deposit in deposits.search([("bill_id", "in", bills.ids)]):
            deposit._check_bill()
            bill = deposit.bill_id.with_env(self.env).sudo()
            deposit.with_env(self.sudo().env)._check_period(
                bill.date, bill.journal_id, bill._affect_tax_report()
            )
        bills.sudo()._deposit_refresh_lines()
        posted = super()._post(soft)
        bills = posted.filtered(lambda m: m.move_type in ("in_invoice", "in_refund"))
        orders = bills.sudo().line_ids.purchase_line_id.order_id
        if orders:
            self.env["supplier.deposit"]._settle_orders(orders)
            self.env["supplier.deposit"]._find_of_final_bills(bills)._match_lines()
        posted._deposit_changed()
        posted._deposit_claim_credited()
        bills._deposit_tell()
        return posted

    def _deposit_tell(self):
        """Tell buyers what credit notes left with vendors."""
        notes = self.filtered(lambda move: move.move_type == "in_refund")
        deposits = notes.sudo().line_ids.purchase_line_id.order_id._get_deposits()
        if notes - deposits.bill_id.reversal_move_ids:
            deposits._tell_of_freed()

    def _deposit_get_turns(self):
        """Return the entries in groups to post one after the other: of bills of one
        order each has to see what those before it deducted."""
        turns = []
        counts = defaultdict(int)
        for move in self:
            orders = move.sudo().invoice_line_ids.purchase_line_id.order_id
            turn = max((counts[order] for order in orders), default=0)
            for order in orders:
                counts[order] = turn + 1
            if turn == len(turns):
                turns.append(self.browse())
            turns[turn] |= move
        return turns

    def _deposit_claim_credited(self):
        """A credit note of a deposit bill says that the vendor pays back: so much is
        not deducted any more."""
        bills = self.filtered(lambda move: move.move_type == "in_refund")
        bills = bills.sudo().reversed_entry_id
        if bills:
            deposits = self.env["supplier.deposit"]._engine()
            deposits = deposits.search([("bill_id", "in", bills.ids)])
            deposits._check_credited()
            deposits._claim_credited()

    def _deposit_check_deducted(self):
        """Keep deposit bills that other bills have deducted: those would be left with
        prepayments that nobody paid.

        :raises UserError:
        """
        if not self.env["deposit.rule"]._is_in_use():
            return
        for deposit in (
            self.env["supplier.deposit"]
            ._engine()
            .search([("bill_id", "in", self.ids), ("amount_applied", ">", 0)])
        ):
            raise UserError(
                self.env._(
                    "%(bill)s has been deducted from other bills: reset or credit "
                    "those first, so that deposit %(deposit)s is whole again.",
                    bill=deposit.bill_id.name,
                    deposit=deposit.name,
                )
            )

    def button_draft(self):
        self._deposit_check_deducted()
        result = super().button_draft()
        self._deposit_release()
        self._deposit_withdrawn()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._deposit_withdrawn()
        return result

    def _deposit_release(self):
        """Let go of the deposits of the order: Odoo leaves drafts matched, so that they
        would seem to be deducted. They are again when the bill is posted."""
        if not self.env["deposit.rule"]._is_in_use():
            return
        entries = self.sudo().filtered("deposit_allocation_id")
        entries.line_ids.remove_move_reconcile()
        bills = self.filtered(lambda move: move.is_purchase_document())
        if not bills:
            return
        orders = bills.sudo().invoice_line_ids.purchase_line_id.order_id
        deposits = orders._get_deposits()
        own = deposits.payment_id.move_id | deposits.allocation_ids
        lines = (bills - deposits.bill_id).sudo().line_ids
        matches = lines.matched_debit_ids | lines.matched_credit_ids
        matches.filtered(
            lambda match: (
                match.debit_move_id.move_id in own
                or (match.debit_move_id | match.credit_move_id)
                & lines.filtered(
                    lambda line: line.purchase_line_id in deposits.order_line_id
                )
            )
        ).unlink()

    def _deposit_withdrawn(self):
        """Bills that do not count any more deduct nothing; credit notes that do not
        count any more leave their bill to be deducted again."""
        if not self.env["deposit.rule"]._is_in_use():
            return
        self._deposit_changed()
        bills = self.filtered(lambda move: move.is_purchase_document())
        orders = bills.sudo().invoice_line_ids.purchase_line_id.order_id
        own = orders._get_deposits().bill_id
        orders = (bills - own).sudo().invoice_line_ids.purchase_line_id.order_id
        if orders:
            self.env["supplier.deposit"]._settle_orders(orders)

    def _deposit_changed(self):
        """Let the deposits of journal entries see what has become of them; what is
        paid now is deducted from bills that were posted before."""
        Deposit = self.env["supplier.deposit"]
        deposits = Deposit._find_of_moves(self)
        deposits |= Deposit._find_of_final_bills(self)
        paid = deposits._sync()
        if paid:
            Deposit._settle_orders(paid.order_id)

    def _deposit_reverse_orphans(self):
        """Reverse allocations that their bill or their prepayment let go of."""
        entries = self.sudo().filtered(
            lambda move: (
                move.deposit_allocation_id
                and move.state == "posted"
                and not move.reversed_entry_id
                and not move.reversal_move_ids
            )
        )
        for entry in entries:
            payable = entry.line_ids.filtered("debit")
            prepaid = entry.line_ids - payable
            if not payable.matched_credit_ids or not prepaid.matched_debit_ids:
                entry._reverse_allocation()

    def _reverse_allocation(self, date=None):
        """Book an allocation back, so that the prepayment is open again.

        :param date: when it was taken back, if that is later than the allocation
        """
        self.ensure_one()
        entry = self.with_env(self.env["supplier.deposit"]._engine().env)
        entry = entry.with_company(entry.company_id)
        deposit = entry.deposit_allocation_id
        expected = max(entry.date, date or entry.date)
        # the reversal is there before matches are undone: they look for orphans
        reversal = entry._reverse_moves(
            [
                {
                    "date": deposit._find_open_date(entry.journal_id, expected),
                    "ref": entry.ref,
                }
            ]
        )
        entry.line_ids.remove_move_reconcile()
        reversal._post(soft=False)
        deposit._say_when_booked(reversal, expected)
        for account in entry.line_ids.account_id:
            lines = (entry | reversal).line_ids.filtered(
                lambda line, account=account: (
                    line.account_id == account and not line.reconciled
                )
            )
            if account.reconcile and lines:
                lines.reconcile()

    def _deposit_refresh_lines(self):
        """Make drafts of bills and credit notes deduct what is paid of deposit bills,
        in proportion to what they bill of the order."""
        for move in self:
            deposits = self.env["supplier.deposit"]._find_for_bill(move)
            move._deposit_reset_lines(deposits)
            for deposit in deposits.with_company(move.company_id):
                deposit._refresh_lines(move)
            lines = move.invoice_line_ids.filtered("is_downpayment")
            if deposits and all(line.display_type != "product" for line in lines):
                lines.unlink()  # the heading of nothing

    def _deposit_reset_lines(self, deposits):
        """Let a draft deduct nothing for now: what one deposit deducted before must not
        leave less room for another."""
        lines = self.invoice_line_ids.filtered(
            lambda line: line.purchase_line_id in deposits.order_line_id
        )
        if len(lines) > 1:
            commands = [Command.update(line.id, {"quantity": 0.0}) for line in lines]
            self.write({"invoice_line_ids": commands})
