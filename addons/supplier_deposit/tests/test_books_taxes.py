from odoo import Command
from odoo.tests import tagged

from .books import Books, DepositBill, Payable, Prepayment


class TaxedBooks(Books):
    """Orders with a VAT of 10 %; percentages are taken of the total."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat = cls._vat("VAT")
        cls.vat_included = cls._vat(
            "VAT included", price_include_override="tax_included"
        )

    @classmethod
    def _vat(cls, name, **values):
        account = cls.env["account.account"].create(
            {
                "name": name,
                "code": f"1331{len(name):02}",
                "account_type": "asset_current",
            }
        )
        parts = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": account.id}),
        ]
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": 10,
                "type_tax_use": "purchase",
                "invoice_repartition_line_ids": parts,
                "refund_repartition_line_ids": parts,
                **values,
            }
        )

    def _costs(self, tax, net):
        """Return what a bill says besides the vendor."""
        account = tax.invoice_repartition_line_ids.account_id
        return [self._item(self.expense, net), self._item(account, net / 10)]


class TaxCases:
    """Taxes of final bills stay whole; what is deducted is of the total."""

    def test_taxed_bills(self):
        self._begin_taxed(self.vat, 100)
        self._assert_bills(self.vat)

    def test_bills_with_taxes_included_in_prices(self):
        self._begin_taxed(self.vat_included, 110)
        self._assert_bills(self.vat_included)

    def _begin_taxed(self, tax, price, **values):
        self.product.supplier_taxes_id = tax
        self._begin(30, price=price, **values)
        self.assertEqual(self.order.amount_total, 1100)
        self.assertEqual(self.deposits.amount, 330)

    def _assert_bills(self, tax):
        self._invoice(4)
        self._assert_books(
            self._advance(330, 198),
            self._billed(440, 132, costs=self._costs(tax, 400)),
        )
        self._invoice()
        self._assert_amounts(self.deposits, "done", applied=330, open=0)
        self._assert_books(
            self._advance(330, 0),
            self._billed(440, 132, costs=self._costs(tax, 400)),
            self._billed(660, 198, costs=self._costs(tax, 600)),
        )
        self._assert_settled(payable=-770)


@tagged("post_install", "-at_install")
class TestPayableTaxes(TaxCases, Payable, TaxedBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentTaxes(TaxCases, Prepayment, TaxedBooks):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillTaxes(TaxCases, DepositBill, TaxedBooks):
    def test_deposit_bill_with_tax(self):
        """The vendor invoices the deposit with VAT; final bills take both back."""
        self._assert_taxed_deposit(self.vat, 300)

    def test_deposit_bill_with_tax_included(self):
        self._assert_taxed_deposit(self.vat_included, 330)

    def test_taxed_deposit_bill_is_refunded(self):
        for tax in (self.vat, self.vat_included):
            with self.subTest(tax=tax.name):
                self._begin_taxed_deposit(tax, 330 if tax.price_include else 300)
                self.order.button_cancel()
                self._refund(110)
                self._refund()
                self._assert_amounts(self.deposits, "refunded", refunded=330, open=0)
                self._assert_settled()
                account = tax.invoice_repartition_line_ids.account_id
                self.assertEqual(self._balance(account), 0)
                self.rule.active = False

    def _begin_taxed_deposit(self, tax, price):
        """The accountant enters the vendor's invoice of the deposit: 300 and VAT."""
        self.product.supplier_taxes_id = tax
        rule = {"posting": "draft", "base": "untaxed"}
        self._begin(30, price=110 if tax.price_include else 100, pay=False, rule=rule)
        bill = self.deposits.bill_id
        line = {"tax_ids": [Command.set(tax.ids)], "price_unit": price}
        bill.write(
            {"invoice_line_ids": [Command.update(bill.invoice_line_ids.id, line)]}
        )
        bill.action_post()
        self.assertEqual(bill.amount_total, 330)
        self._pay()
        self._assert_amounts(self.deposits, "paid", paid=330, open=330)

    def _assert_taxed_deposit(self, tax, price):
        self._begin_taxed_deposit(tax, price)
        account = tax.invoice_repartition_line_ids.account_id
        advance = [
            [
                self._item(self.prepayment, 300),
                self._item(account, 30),
                self._item(self.payable, -330),
            ],
            self._money(self.payable, 330),
        ]
        self._invoice(4)
        self._invoice()
        self._assert_amounts(self.deposits, "done", applied=330, open=0)
        self._assert_books(
            advance,
            [self._final(account, net) for net in (400, 600)],
        )
        self._assert_settled(payable=-770)
        self.assertEqual(self._balance(account), 100)

    def _final(self, account, net):
        """Return a final bill; Odoo adds its taxes up: those of the rest."""
        return [
            self._item(self.expense, net),
            self._item(self.prepayment, -net * 0.3),
            self._item(account, net * 0.07),
            self._item(self.payable, -net * 0.77, -net * 0.77),
        ]
