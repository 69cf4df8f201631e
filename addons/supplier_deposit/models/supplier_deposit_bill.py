from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..allocation import split_down_payment
from .supplier_deposit import ACTIVE


class SupplierDeposit(models.Model):
    """Deposits by bill, on Odoo's own down-payment lines of purchase orders.

    The bill of the deposit is one unit of the order's down-payment line; the final
    bills take that unit back in parts, as negative lines.
    """

    _inherit = "supplier.deposit"

    def _prepare_bill(self):
        """Make the bill of the deposit, and post it if the rule says so."""
        self.ensure_one()
        if self.bill_id.state in ("draft", "posted"):
            return
        self._check_accounting()
        line = self.order_line_id
        if not line:
            values = self._prepare_order_line_values()
            line = self.order_id._create_downpayments([values])
            self.write({"order_line_id": line.id})
        elif line.price_unit != self.amount:
            line.price_unit = self.amount
        bill = self.env["account.move"].create(self._prepare_bill_values())
        self._check_period(bill.invoice_date, bill.journal_id, bill._affect_tax_report())
        self.write({"bill_id": bill.id})
        if self.posting == "posted":
            bill.action_post()

    def _check_bill(self):
        """Refuse to post a bill of the deposit that is not what was approved.

        :raises UserError:
        """
        self.ensure_one()
        self._check_may_be_paid()
        bill = self.bill_id
        vendor = self.partner_id.commercial_partner_id
        if (
            bill.commercial_partner_id != vendor
            or bill.currency_id != self.currency_id
            or self.currency_id.compare_amounts(bill.amount_untaxed, self.amount) > 0
        ):
            raise UserError(
                self.env._(
                    "The bill of deposit %(deposit)s must be what was approved: vendor "
                    "and currency as on the deposit, and no more than its amount "
                    "before taxes.",
                    deposit=self.name,
                )
            )

    def _prepare_order_line_values(self):
        self.ensure_one()
        return {
            "name": self.env._("Deposit %(deposit)s", deposit=self.name),
            "product_qty": 0.0,
            "is_downpayment": True,
            "price_unit": self.amount,
            "tax_ids": [Command.clear()],
            "order_id": self.order_id.id,
        }

    def _prepare_bill_values(self):
        self.ensure_one()
        values = self.order_id._prepare_invoice()
        return {
            **values,
            "invoice_date": fields.Date.context_today(self),
            "invoice_payment_term_id": False,
            "invoice_date_due": max(self.date_due, fields.Date.context_today(self)),
            "invoice_line_ids": [Command.create(self._prepare_bill_line_values())],
        }

    def _prepare_bill_line_values(self, quantity=1.0, price=None):
        self.ensure_one()
        bill = self.bill_id
        taxes = bill.invoice_line_ids.tax_ids
        price = self.amount if price is None else price
        if price and any(tax.price_include for tax in taxes):
            price *= bill.amount_total / bill.amount_untaxed
        return {
            "name": self.order_line_id.name,
            "quantity": quantity,
            "price_unit": price,
            "account_id": self.account_id.id,
            "tax_ids": [Command.set(taxes.ids)],
            "purchase_line_id": self.order_line_id.id,
            "is_downpayment": True,
        }

    def _measure_bill(self):
        """Return what was paid, deducted and given back of a deposit bill."""
        paid = self._get_money(self.bill_id)
        applied = 0.0
        for line in self._get_final_lines():
            if line.move_id.state == "posted":
                sign = -1 if line.move_id.move_type == "in_invoice" else 1
                applied += sign * line.price_total
        refunded = sum(self._get_money(note) for note in self._get_refunds_of_bill())
        return paid, applied, refunded

    def _get_money(self, move):
        """Return how much of a bill or credit note the bank has moved."""
        if move.state != "posted":
            return 0.0
        lines = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )
        return sum(
            partial.credit_amount_currency
            for partial in lines.matched_debit_ids
            if self._is_money(partial.debit_move_id.move_id)
        ) + sum(
            partial.debit_amount_currency
            for partial in lines.matched_credit_ids
            if self._is_money(partial.credit_move_id.move_id)
        )

    def _get_refunds_of_bill(self):
        self.ensure_one()
        return self.bill_id.reversal_move_ids.filtered(
            lambda move: move.state == "posted"
        )

    def _get_final_lines(self):
        """Return the lines of other bills and credit notes that take the unit back."""
        self.ensure_one()
        own = self.bill_id | self.bill_id.reversal_move_ids
        return self.order_line_id.invoice_lines.filtered(
            lambda line: line.move_id not in own
        )

    @api.model
    def _find_for_bill(self, move):
        """Return the deposits by bill that a bill or credit note may take back."""
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
        if amount and move.currency_id != self.currency_id:
            raise UserError(
                self.env._(
                    "%(order)s has a deposit in %(currency)s to deduct: its bills must "
                    "be in %(currency)s too.",
                    order=self.order_id.name,
                    currency=self.currency_id.name,
                )
            )
        if not amount:
            lines.with_context(dynamic_unlink=True).unlink()
            return
        left = 1 - sum(
            -line.quantity if line.move_id.move_type == "in_invoice" else line.quantity
            for line in self._get_final_lines()
            if line.move_id.state == "posted"
        )
        if move.move_type == "in_refund":
            left = 1 - left
        total = self.bill_id.amount_total
        net = amount * self.bill_id.amount_untaxed / total if total else amount
        quantity, price = split_down_payment(net, left, is_last)
        values = self._prepare_bill_line_values(-quantity, price)
        commands = (
            [Command.update(lines[0].id, values)] if lines else [Command.create(values)]
        )
        commands += [Command.delete(line.id) for line in lines[1:]]
        move.write({"invoice_line_ids": commands})

    def _get_deduction(self, move):
        """Return what a bill deducts, or a credit note gives back, and whether nothing
        is left then.

        :return: ``(amount, is last)``, in the deposit's currency, not negative
        """
        self.ensure_one()
        if self.state not in ACTIVE:
            return 0.0, False
        currency = self.currency_id
        paid, applied, refunded = self._measure_bill()
        share = self._get_billed_share(self.order_id, besides=move)
        wanted = min(currency.round(paid * share), paid - refunded) - applied
        limit = paid - applied - refunded
        if move.move_type == "in_refund":
            wanted, limit = -wanted, applied
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
        amount = currency.round(min(max(wanted, 0.0), limit, room, others))
        if currency.compare_amounts(amount, 0) <= 0:
            return 0.0, False
        return amount, not currency.compare_amounts(amount, limit)

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

    def _pay_bill(self, date):
        """Pay the bill of the deposit from its journal.

        :param date: of the payment
        """
        self.ensure_one()
        if not self.journal_id:
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s cannot be paid: there is no bank journal to "
                    "pay from. Choose one in the deposit rule.",
                    deposit=self.name,
                )
            )
        date = date or fields.Date.context_today(self)
        self._check_period(date, self.journal_id)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.bill_id.ids
        )
        payment = register.create(
            {"journal_id": self.journal_id.id, "payment_date": date}
        )._create_payments()
        self._check_booked(payment)
        return payment
