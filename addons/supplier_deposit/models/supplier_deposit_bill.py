from odoo import Command, fields, models
from odoo.exceptions import UserError


class SupplierDeposit(models.Model):
    """Deposits by bill, on Odoo's own down-payment lines of purchase orders.

    The bill of the deposit is one unit of the order's down-payment line; how the final
    bills take that unit back is in ``supplier_deposit_deduct``.
    """

    _inherit = "supplier.deposit"

    def _prepare_bill(self):
        """Make the bill of the deposit, and post it if the rule says so."""
        self.ensure_one()
        if self.bill_id.state in ("draft", "posted"):
            return
        self._check_accounting(fields.Date.context_today(self))
        line = self.order_line_id
        if not line:
            values = self._prepare_order_line_values()
            line = self.order_id._create_downpayments([values])
            self.write({"order_line_id": line.id})
        elif line.price_unit != self.amount:
            line.price_unit = self.amount
        bill = self.env["account.move"].create(self._prepare_bill_values())
        self._check_period(
            bill.invoice_date, bill.journal_id, bill._affect_tax_report()
        )
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
        lines = bill.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        if (
            bill.commercial_partner_id != vendor
            or bill.currency_id != self.currency_id
            or self.currency_id.compare_amounts(bill.amount_untaxed, self.amount) > 0
            # what is debited elsewhere, final bills could not take back from there
            or any(line.account_id != self.account_id for line in lines)
            or any(line.purchase_line_id != self.order_line_id for line in lines)
        ):
            raise UserError(
                self.env._(
                    "The bill of deposit %(deposit)s must be what was approved: "
                    "vendor, currency and prepayment account as on the deposit, "
                    "nothing but its own line, and no more than its amount before "
                    "taxes.",
                    deposit=self.name,
                )
            )

    def _check_not_replaced(self, move):
        """Refuse a bill of nothing but deposits that is not, or not any more, the bill
        of one.

        :param move: ``account.move`` that is about to be posted
        :raises UserError:
        """
        lines = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        if (
            move.move_type == "in_invoice"
            and lines
            and lines.purchase_line_id <= self.order_line_id
            and all(line.purchase_line_id and line.quantity > 0 for line in lines)
        ):
            deposits = self.filtered(
                lambda deposit: deposit.order_line_id in lines.purchase_line_id
            )
            raise UserError(
                self.env._(
                    "This bill was made for deposit %(deposit)s, which has another "
                    "bill now or none any more. Pay it from there.",
                    deposit=", ".join(deposits.mapped("name")),
                )
            )

    def _is_advance(self, line):
        """Tell whether a line of a bill or credit note is money advanced by this
        deposit, or takes such money back.

        :param line: ``account.move.line``
        """
        self.ensure_one()
        move = line.move_id
        if line.account_id != self.account_id:
            return False
        # any bill can be said to reverse another: of credit notes only it is believed
        is_refund = move.move_type == "in_refund"
        bill = move.reversed_entry_id if is_refund else move
        if self.bill_id and self.bill_id == bill:
            return True
        takes_back = line.balance > 0 if is_refund else line.balance < 0
        return takes_back and line.purchase_line_id == self.order_line_id

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
