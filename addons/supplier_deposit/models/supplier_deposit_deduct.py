from odoo import Command, api, models
from odoo.exceptions import UserError

from ..allocation import split_down_payment
from .supplier_deposit import ACTIVE


class SupplierDeposit(models.Model):
    """How final bills take deposit bills back: as negative lines, in proportion.

    A bill in another currency takes back what the deposit was booked at, and no
    exchange difference comes of it.
    """

    _inherit = "supplier.deposit"

    def _get_bill_line(self):
        """Return the journal item that holds what was advanced."""
        self.ensure_one()
        return self.bill_id.invoice_line_ids.filtered(
            lambda line: line.purchase_line_id == self.order_line_id
        )

    def _get_line_amount(self, line):
        """Return what a line of a final bill takes back, taxes included, in the
        deposit's currency."""
        self.ensure_one()
        if line.currency_id == self.currency_id:
            return line.price_total
        balance = abs(line.balance) * line.price_total / abs(line.price_subtotal or 1.0)
        return self.currency_id.round(balance / self._get_booked_rate())

    def _to_currency_of(self, move, amount):
        """Return an amount of the deposit in the currency of a final bill.

        It is worth what it was booked at: so nothing is left on the prepayment
        account, and the vendor's advance does not follow the rate.
        """
        self.ensure_one()
        if move.currency_id == self.currency_id:
            return amount
        return self.company_currency_id._convert(
            self._to_booked_amount(amount),
            move.currency_id,
            move.company_id,
            move.invoice_date or move.date,
        )

    def _from_currency_of(self, move, amount):
        """Return an amount of a final bill in the deposit's currency, likewise."""
        self.ensure_one()
        if move.currency_id == self.currency_id:
            return amount
        booked = move.currency_id._convert(
            amount,
            self.company_currency_id,
            move.company_id,
            move.invoice_date or move.date,
        )
        return self.currency_id.round(booked / self._get_booked_rate())

    def _get_final_lines(self):
        """Return the lines of other bills and credit notes that take the unit back."""
        self.ensure_one()
        own = self.bill_id | self.bill_id.reversal_move_ids
        return self.order_line_id.invoice_lines.filtered(
            lambda line: line.move_id not in own
        )

    @api.model
    def _find_for_bill(self, move):
        """Return the deposits by bill that a bill or credit note may take back.

        :raises UserError: when it is a bill of a deposit that another has replaced
        """
        orders = move.invoice_line_ids.purchase_line_id.order_id
        if not orders:
            return self._engine()
        deposits = self._engine().search(
            [
                ("order_id", "in", orders.ids),
                ("method", "=", "bill"),
                ("order_line_id", "!=", False),
            ]
        )
        of_deposits = deposits.bill_id | deposits.bill_id.reversal_move_ids
        if move in of_deposits or move.reversed_entry_id in deposits.bill_id:
            return self._engine()
        deposits._check_not_replaced(move)
        return deposits

    @api.model
    def _find_of_final_bills(self, moves):
        """Return the deposits by bill that journal entries take back."""
        moves = moves.filtered(lambda move: move.is_purchase_document())
        lines = moves.sudo().invoice_line_ids.purchase_line_id
        lines = lines.filtered("is_downpayment")
        if not lines:
            return self._engine()
        return self._engine().search([("order_line_id", "in", lines.ids)])

    def _refresh_lines(self, move):
        """Make a draft deduct what belongs to it of what is paid, and nothing else.

        :param move: ``account.move``, a draft bill or credit note of the order
        """
        self.ensure_one()
        move = move.with_env(self.env)
        lines = move.invoice_line_ids.filtered(
            lambda line: line.purchase_line_id == self.order_line_id
        )
        amount, is_last = self._get_deduction(move)
        if not amount:
            lines.with_context(dynamic_unlink=True).unlink()
            return
        taken = self._get_unit_taken(self._get_final_lines())
        left = taken if move.move_type == "in_refund" else self._get_unit_left()
        total = self.bill_id.amount_total
        net = amount * self.bill_id.amount_untaxed / total if total else amount
        net = self._to_currency_of(move, net)
        quantity, price = split_down_payment(net, left, is_last, self._get_digits())
        values = self._prepare_bill_line_values(-quantity, price)
        commands = (
            [Command.update(lines[0].id, values)] if lines else [Command.create(values)]
        )
        commands += [Command.delete(line.id) for line in lines[1:]]
        move.write({"invoice_line_ids": commands})

    @api.model
    def _get_unit_taken(self, lines):
        """Return how much of the down payment's unit lines took back."""
        return sum(
            -line.quantity if line.move_id.move_type == "in_invoice" else line.quantity
            for line in lines
            if line.parent_state == "posted"
        )

    def _get_unit_left(self):
        self.ensure_one()
        lines = self.order_line_id.invoice_lines
        own = lines.filtered(lambda line: line.move_id == self.bill_id)
        return 1 - self._get_unit_taken(lines - own)

    def _get_deduction(self, move):
        """Return what a bill deducts, or a credit note gives back, and whether nothing
        is left then.

        :return: ``(amount, is last)``, in the deposit's currency, not negative
        """
        self.ensure_one()
        vendor = self.partner_id.commercial_partner_id
        if self.state not in ACTIVE or move.commercial_partner_id != vendor:
            return 0.0, False
        currency = self.currency_id
        paid, applied, refunded = self._measure_bill()
        share = self._get_billed_share(self.order_id, besides=move)
        credited = self._get_credited()
        kept = paid - max(refunded, credited, self.amount_claimed)
        wanted = min(self._get_target(paid, share), kept) - applied
        limit = kept - applied
        rest = paid - applied - credited
        if move.move_type == "in_refund":
            wanted, limit, rest = -wanted, applied, applied
        room = sum(
            line.price_total
            for line in move.invoice_line_ids
            if line.purchase_line_id.order_id == self.order_id
            and not line.is_downpayment
        )
        others = sum(
            line.price_total
            for line in move.invoice_line_ids
            if line.purchase_line_id != self.order_line_id
        )
        room = self._from_currency_of(move, min(room, others))
        amount = currency.round(min(max(wanted, 0.0), limit, room))
        if currency.compare_amounts(amount, 0) <= 0:
            return 0.0, False
        return amount, not currency.compare_amounts(amount, rest)

    def _get_digits(self):
        """Return in how many decimals the unit of a down payment can be split.

        :raises UserError: when it cannot
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if not digits:
            raise UserError(
                self.env._(
                    "Deposit bills are deducted in parts of a unit: set the decimal "
                    "accuracy of “Product Unit” to 2."
                )
            )
        return digits

    def _match_lines(self):
        """Match the prepayment of deposit bills with what final bills took back, which
        also books the exchange difference."""
        for deposit in self:
            own = deposit.bill_id | deposit._get_refunds_of_bill()
            lines = own.invoice_line_ids.filtered(
                lambda line, deposit=deposit: (
                    line.purchase_line_id == deposit.order_line_id
                )
            )
            lines |= deposit._get_final_lines()
            open_lines = lines.filtered(
                lambda line: (
                    line.parent_state == "posted"
                    and line.account_id.reconcile
                    and not line.reconciled
                )
            )
            for same in open_lines.grouped("account_id").values():
                if len({line.balance > 0 for line in same}) == 2:
                    same.reconcile()
