from collections import defaultdict

from odoo import Command, api, models
from odoo.exceptions import UserError

from ..allocation import billed_share
from .account_move_line import LIMIT, Limit
from .supplier_deposit import ACTIVE


class SupplierDeposit(models.Model):
    """Deducting advance payments from the bills of their order.

    What must have been deducted at any time is the paid amount times the part of the
    order that has been billed. The difference to what has been deducted is matched
    with the bills, or given back after a credit note.
    """

    _inherit = "supplier.deposit"

    @api.model
    def _settle_orders(self, orders):
        """Bring deductions of the orders in step with their posted bills."""
        deposits = self._engine().search(
            [
                ("order_id", "in", orders.ids),
                ("state", "in", ACTIVE),
                ("method", "=", "payment"),
            ]
        )
        if not deposits:
            return
        # two bills of an order that are posted at once meet here
        deposits._touch()
        for order, group in deposits.grouped("order_id").items():
            share = group._get_billed_share(order)
            for deposit in group.with_company(order.company_id):
                deposit._settle(share)
        deposits._sync()
        deposits._remind_of_rest()

    def _touch(self):
        """Update the rows, so that of two transactions at once one is retried."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE supplier_deposit SET approval_revision ="
            " COALESCE(approval_revision, 0) + 1 WHERE id IN %s",
            [tuple(self.ids)],
        )
        self.invalidate_recordset(["approval_revision"], flush=False)

    @api.model
    def _get_billed_share(self, order, besides=None):
        """Return which part of an order has been billed.

        :param order: ``purchase.order``
        :param besides: ``account.move`` to count although it is not posted
        """
        besides = besides or self.env["account.move"]
        lines = order.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        billed = defaultdict(lambda: [0.0, 0.0])
        for item in lines.invoice_lines:
            move = item.move_id
            if move.state != "posted" and move not in besides:
                continue
            sign = {"in_invoice": 1, "in_refund": -1}.get(move.move_type, 0)
            amount = item.currency_id._convert(
                item.price_subtotal,
                order.currency_id,
                order.company_id,
                move.invoice_date or move.date,
            )
            line = item.purchase_line_id
            quantity = item.product_uom_id._compute_quantity(
                item.quantity, line.product_uom_id
            )
            billed[line][0] += sign * amount
            billed[line][1] += sign * quantity
        return billed_share(
            (line.price_subtotal, line.product_qty, *billed[line]) for line in lines
        )

    def _settle(self, share):
        """Deduct what is missing from bills, or give back what is too much.

        :param float share: which part of the order has been billed
        """
        self.ensure_one()
        self._sync()
        currency = self.currency_id
        target = min(
            currency.round(self.amount_paid * share),
            self.amount_paid - self.amount_refunded,
        )
        missing = currency.round(target - self.amount_applied)
        if currency.compare_amounts(missing, 0) < 0:
            missing = self._give_back(-missing)
        # each bill its share; what is left over where there is room
        for proportional in (True, False):
            for bill in self._get_open_bills():
                if currency.compare_amounts(missing, 0) <= 0:
                    break
                limit = missing
                if proportional:
                    limit = min(missing, self._get_share_of_bill(bill))
                missing = currency.round(missing - self._apply_to(bill, limit))
        self._match_credit_notes()

    def _get_open_bills(self):
        """Return the posted bills of the order not fully paid, newest first."""
        self.ensure_one()
        moves = self.order_id.order_line.invoice_lines.move_id
        return moves.filtered(
            lambda move: (
                move.move_type == "in_invoice"
                and move.state == "posted"
                and not move.currency_id.is_zero(move.amount_residual)
            )
        ).sorted(lambda move: (move.invoice_date or move.date, move.id), reverse=True)

    def _get_share_of_bill(self, bill):
        """Return what of the paid amount belongs to a bill, in the deposit's
        currency."""
        self.ensure_one()
        lines = bill.invoice_line_ids.filtered(
            lambda line: line.purchase_line_id.order_id == self.order_id
        )
        billed = bill.currency_id._convert(
            sum(lines.mapped("price_subtotal")),
            self.currency_id,
            self.company_id,
            bill.invoice_date or bill.date,
        )
        total = self.order_id.amount_untaxed
        share = min(1.0, billed / total) if total else 1.0
        return self.currency_id.round(self.amount_paid * share)

    def _apply_to(self, bill, amount):
        """Deduct from a bill what it can take, and no more than it bills of the order.

        :param float amount: in the deposit's currency
        :return: what was deducted
        """
        self.ensure_one()
        limit = min(amount, self._get_room(bill))
        if self.currency_id.compare_amounts(limit, 0) <= 0:
            return 0.0
        before = self._measure()["amount_applied"]
        sources = self._get_deposit_lines()
        targets = bill.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "liability_payable"
                and not line.reconciled
            )
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))
        if targets.account_id[:1] != sources.account_id:
            # on a prepayment account, or the vendor's payable account has changed
            sources = self._allocate(bill, targets.account_id[:1], limit)
        left = limit
        for target in targets:
            if self.currency_id.compare_amounts(left, 0) <= 0:
                break
            matched = self._get_matched(sources)
            limited = {LIMIT: Limit(sources, left)}
            (sources | target).with_context(**limited).reconcile()
            left -= self._get_matched(sources) - matched
        return self.currency_id.round(self._measure()["amount_applied"] - before)

    @api.model
    def _get_matched(self, lines):
        return sum(lines.matched_credit_ids.mapped("debit_amount_currency"))

    def _get_room(self, bill):
        """Return what a bill can take, in the deposit's currency: its residual, but not
        more than it bills of this order."""
        self.ensure_one()
        lines = bill.invoice_line_ids.filtered(
            lambda line: line.purchase_line_id.order_id == self.order_id
        )
        room = min(bill.amount_residual, sum(lines.mapped("price_total")))
        return bill.currency_id._convert(
            room, self.currency_id, self.company_id, bill.invoice_date or bill.date
        )

    def _allocate(self, bill, payable, amount):
        """Book a part of the prepayment onto the vendor's payable account.

        :return: the journal item on the payable account, to match with the bill
        """
        self.ensure_one()
        source = self._get_deposit_lines()
        rate = source.balance / source.amount_currency
        balance = self.company_currency_id.round(amount * rate)
        if not self.currency_id.compare_amounts(
            amount, source.amount_residual_currency
        ):
            balance = source.amount_residual
        common = {
            "name": self.env._(
                "Deposit %(deposit)s on %(bill)s", deposit=self.name, bill=bill.name
            ),
            "partner_id": source.partner_id.id,
            "currency_id": self.currency_id.id,
        }
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": max(bill.date, source.date),
                "journal_id": self._find_general_journal().id,
                "company_id": self.company_id.id,
                "ref": self.name,
                "deposit_allocation_id": self.id,
                "line_ids": [
                    Command.create(
                        {
                            **common,
                            "account_id": payable.id,
                            "amount_currency": amount,
                            "balance": balance,
                        }
                    ),
                    Command.create(
                        {
                            **common,
                            "account_id": source.account_id.id,
                            "amount_currency": -amount,
                            "balance": -balance,
                        }
                    ),
                ],
            }
        )
        entry._post(soft=False)
        debit, credit = entry.line_ids.sorted("balance", reverse=True)
        (source | credit).reconcile()
        return debit

    def _find_general_journal(self):
        journals = self.env["account.journal"]
        journal = journals.search(
            [
                *journals._check_company_domain(self.company_id),
                ("type", "=", "general"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s cannot be deducted: there is no journal for "
                    "miscellaneous operations.",
                    deposit=self.name,
                )
            )
        return journal

    def _give_back(self, amount):
        """Take deductions back, the newest first.

        :param float amount: at least so much, in the deposit's currency
        :return: what has to be deducted again, as matches are taken back whole
        """
        self.ensure_one()
        left = amount
        partials = self._get_deposit_lines().matched_credit_ids
        for partial in partials.sorted("id", reverse=True):
            move = partial.credit_move_id.move_id
            if self.currency_id.compare_amounts(left, 0) <= 0:
                break
            if not (move.is_purchase_document() or move.deposit_allocation_id):
                continue
            left -= partial.debit_amount_currency
            if move.deposit_allocation_id:
                move._reverse_allocation()
            else:
                partial.unlink()
        return max(0.0, self.currency_id.round(-left))

    def _match_credit_notes(self):
        """Match credit notes with the bills they reverse, where giving back left both
        open."""
        moves = self.order_id.order_line.invoice_lines.move_id
        for note in moves.filtered(
            lambda move: (
                move.move_type == "in_refund"
                and move.state == "posted"
                and move.reversed_entry_id.state == "posted"
            )
        ):
            lines = (note | note.reversed_entry_id).line_ids.filtered(
                lambda line: (
                    line.account_id.account_type == "liability_payable"
                    and not line.reconciled
                )
            )
            if len(lines.move_id) == 2 and len(lines.account_id) == 1:
                lines.reconcile()

    def _remind_of_rest(self):
        """Tell the buyer when all is billed and money is left with the vendor."""
        for deposit in self:
            order = deposit.order_id
            if (
                deposit.state in ("paid", "applied")
                and not deposit.activity_ids
                and deposit._get_billed_share(order) >= 1
                and not deposit._get_open_bills()
            ):
                deposit._tell_buyer(
                    self.env._(
                        "Claim the rest of deposit %(deposit)s back",
                        deposit=deposit.name,
                    ),
                    self.env._("Everything has been billed; the deposit was more."),
                )
