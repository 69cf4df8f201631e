from collections import defaultdict

from odoo import api, fields, models

from ..allocation import billed_share
from .account_move_line import LIMIT, Limit
from .supplier_deposit import ACTIVE, UNPAID


class SupplierDeposit(models.Model):
    """Deducting advance payments from the bills of their order.

    What must have been deducted at any time is the paid amount times the part of the
    order that has been billed. The difference to what has been deducted is matched
    with the bills, or given back after a credit note.
    """

    _inherit = "supplier.deposit"

    books_revision = fields.Integer(
        readonly=True,
        copy=False,
        help="Raised with each deduction, claim and refund, so that two at once meet "
        "in one row.",
    )

    @api.model
    def _settle_orders(self, orders):
        """Bring deductions of the orders in step with their posted bills."""
        deposits = self._engine().search(
            [("order_id", "in", orders.ids), ("state", "in", UNPAID + ACTIVE)]
        )
        if deposits:
            # two bills of an order that are posted at once meet here, and a bill and
            # the bank's payment
            deposits._touch()
        unpaid = deposits.filtered(lambda deposit: deposit.state in UNPAID)
        deposits -= unpaid
        advances = deposits.filtered(lambda deposit: deposit.method == "payment")
        for order, group in advances.grouped("order_id").items():
            share = group._get_billed_share(order)
            for deposit in group.with_company(order.company_id):
                deposit._settle(share)
        deposits._sync()
        deposits._drop_unpaid_rest()
        deposits._tell_of_rest()
        unpaid._follow_order()

    def _touch(self):
        """Update the rows, so that of two transactions at once one is retried."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE supplier_deposit SET books_revision ="
            " COALESCE(books_revision, 0) + 1 WHERE id IN %s",
            [tuple(self.ids)],
        )
        self.invalidate_recordset(["books_revision"], flush=False)

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
            self._get_target(self.amount_paid, share),
            self.amount_paid - max(self.amount_refunded, self.amount_claimed),
        )
        missing = currency.round(target - self.amount_applied)
        if currency.compare_amounts(missing, 0) < 0:
            missing = self._give_back(-missing, self._get_last_credit_date())
        for bill, amount in self._share_out(missing):
            self._apply_to(bill, amount)
        self._match_credit_notes()

    def _get_target(self, paid, share):
        """Return what bills deduct altogether, as the rule says: all that is open, but
        no more than they come to; or as much of it as they bill of the order.

        :param float paid: in the deposit's currency
        :param float share: which part of the order has been billed
        """
        self.ensure_one()
        if self.deduction == "open":
            total = self.order_id._get_deposit_base("total")
            return self.currency_id.round(min(paid, total * share))
        return self.currency_id.round(paid * share)

    def _share_out(self, amount):
        """Return ``(bill, amount)`` of each bill to deduct from: what it lacks of its
        share, and what is left over where there is room. Where each bill takes what is
        open there are no shares: the oldest takes first.

        :param float amount: in the deposit's currency
        """
        self.ensure_one()
        currency = self.currency_id
        bills = self._get_open_bills()
        passes = (True, False)
        if self.deduction == "open":
            bills, passes = bills[::-1], (False,)
        shares = dict.fromkeys(bills, 0.0)
        for proportional in passes:
            for bill in bills:
                room = min(amount, self._get_room(bill) - shares[bill])
                if proportional:
                    share = self._get_share_of_bill(bill)
                    room = min(room, share - self._get_deducted_from(bill))
                room = max(0.0, currency.round(room))
                shares[bill] += room
                amount = currency.round(amount - room)
        return [(bill, share) for bill, share in shares.items() if share]

    def _get_open_bills(self):
        """Return the posted bills of the order and its vendor that are still open,
        newest first."""
        self.ensure_one()
        vendor = self.partner_id.commercial_partner_id
        moves = self.order_id.order_line.invoice_lines.move_id
        return moves.filtered(
            lambda move: (
                move.move_type == "in_invoice"
                and move.commercial_partner_id == vendor
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
        total = self.order_id._get_deposit_base("untaxed")
        share = min(1.0, billed / total) if total else 1.0
        return self.currency_id.round(self.amount_paid * share)

    def _get_deducted_from(self, bill):
        """Return what has been deducted from a bill, in the deposit's currency."""
        self.ensure_one()
        sources = self._get_deposit_lines() | self.allocation_ids.line_ids
        matches = bill.line_ids.matched_debit_ids
        matches = matches.filtered(lambda match: match.debit_move_id in sources)
        return sum(
            match.debit_amount_currency
            if match.debit_move_id.currency_id == self.currency_id
            else self.currency_id.round(match.amount / self._get_booked_rate())
            for match in matches
        )

    def _apply_to(self, bill, amount):
        """Deduct from a bill what it has room for.

        :param float amount: in the deposit's currency
        """
        self.ensure_one()
        sources = self._get_deposit_lines()
        if not sources:  # a payment without an entry leaves nothing to match
            return
        targets = bill.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "liability_payable"
                and not line.reconciled
            )
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))
        left = amount
        if targets.account_id[:1] != sources.account_id:
            # on a prepayment account, or the vendor's payable account has changed
            sources = self._allocate(bill, targets.account_id[:1], amount)
            left = sources.amount_residual_currency
        for target in targets:
            if sources.currency_id.compare_amounts(left, 0) <= 0:
                break
            matched = self._get_matched(sources)
            limited = {LIMIT: Limit(sources, left)}
            (sources | target).with_context(**limited).reconcile()
            left -= self._get_matched(sources) - matched

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
