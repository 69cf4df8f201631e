from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DepositCommon

REPORT = "supplier_deposit.report_payment_order"


@tagged("post_install", "-at_install")
class TestPaymentOrder(DepositCommon):
    """The payment order: on paper, for signatures and the bank."""

    def _html(self, deposits):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            REPORT, deposits.ids
        )
        return html.decode()

    def test_it_says_who_gets_how_much_on_which_account(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "0011-2233", "partner_id": self.vendor.id}
        )
        self._rule(30, posting="draft")
        deposits = self._order().deposit_ids | self._order(price=50).deposit_ids
        html = self._html(deposits)
        for text in (self.vendor.name, "0011-2233", "300.00", "150.00", "450.00"):
            self.assertIn(text, html)
        self.assertIn("Four hundred and fifty", html)

    def test_amount_in_vietnamese_words(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        order = self.env[f"report.{REPORT}"].with_context(lang="vi_VN")
        dong = self.env.ref("base.VND").with_context(lang="vi_VN")
        words = order._get_amount_in_words(dong, 68_640_000)
        self.assertTrue(words.endswith("nghìn đồng"), words)

    def test_each_currency_has_a_sheet_of_its_own(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._rule(30, posting="draft")
        deposits = self._order().deposit_ids
        deposits |= self._order(currency_id=euro.id).deposit_ids
        sheets = self.env[f"report.{REPORT}"]._get_sheets(deposits)
        self.assertEqual([sheet["total"] for sheet in sheets], [300, 300])
        self.assertEqual(len({sheet["currency"] for sheet in sheets}), 2)

    def test_what_waits_for_approval_is_not_on_it(self):
        line = {"name": "Later", "percent": 40, "trigger": "before_delivery"}
        self._rule(30, posting="draft").write({"line_ids": [Command.create(line)]})
        order = self._order()
        first, later = order.deposit_ids
        later.sudo().state = "planned"
        action = order.deposit_ids.with_user(self.cashier).action_print_payment_order()
        self.assertEqual(action["type"], "ir.actions.report")
        (sheet,) = self.env[f"report.{REPORT}"]._get_sheets(order.deposit_ids)
        ((deposit, _bank),) = sheet["lines"]
        self.assertEqual(deposit, first)
        with self.assertRaisesRegex(UserError, "due or paid"):
            later.with_user(self.cashier).action_print_payment_order()
        with self.assertRaises(AccessError):
            first.with_user(self.buyer).action_print_payment_order()
