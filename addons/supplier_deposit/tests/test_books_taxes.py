from odoo import Command
from odoo.tests import tagged

from .books import Books, Payable, Prepayment


class TaxedBooks(Books):
    """Orders with a VAT of 10 %; percentages are taken of the total."""

    shared_setup = True

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
        self._assert_amounts(self.deposits, "done", deducted=330, open=0)
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
