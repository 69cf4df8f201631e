from odoo import Command
from odoo.tests import tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestBills(SpendBudgetCommon):
    """Bills spend, and release what was committed in proportion."""

    def test_bill_spends_and_releases(self):
        line = self._line()
        order = self._confirmed(price=100, quantity=4)
        self._bill(order)
        self.assertBalance(line, actual=400)

    def test_draft_bill_takes_nothing(self):
        line = self._line()
        order = self._confirmed(price=100, quantity=4)
        self._bill(order, post=False)
        self.assertBalance(line, committed=400)

    def test_partial_bills_release_in_proportion(self):
        line = self._line()
        order = self._confirmed(price=100, quantity=3)
        self._bill(order, quantity=1, price=120)
        self.assertBalance(line, committed=200, actual=120)
        self._bill(order, quantity=2)
        self.assertBalance(line, actual=320)

    def test_billing_more_than_ordered_releases_no_more(self):
        line = self._line()
        order = self._confirmed(price=100, quantity=3)
        self._bill(order, quantity=5)
        self.assertBalance(line, actual=500)

    def test_refund_takes_back(self):
        line = self._line()
        order = self._confirmed(price=100, quantity=4)
        self._bill(order)
        self._bill(order, quantity=1, move_type="in_refund")
        self.assertBalance(line, committed=100, actual=300)

    def test_bill_in_another_unit(self):
        line = self._line(10000)
        order = self._confirmed(price=100, quantity=24)
        dozen = self.env.ref("uom.product_uom_dozen")
        self._bill(order, quantity=1, price=1200, line={"product_uom_id": dozen.id})
        self.assertBalance(line, committed=1200, actual=1200)

    def test_bill_without_order_spends(self):
        line = self._line()
        self._bill(price=50)
        self.assertBalance(line, actual=50)

    def test_bill_reset_and_cancelled_takes_back(self):
        line = self._line()
        order = self._confirmed(price=100)
        bill = self._bill(order)
        bill.button_draft()
        self.assertBalance(line, committed=100)
        bill.action_post()
        self.assertBalance(line, actual=100)
        bill.button_draft()
        bill.button_cancel()
        self.assertBalance(line, committed=100)

    def test_reset_bill_with_a_changed_line(self):
        line = self._line()
        bill = self._bill(price=100)
        bill.button_draft()
        bill.invoice_line_ids = [
            Command.clear(),
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": 30,
                    "tax_ids": [Command.clear()],
                    "analytic_distribution": {str(self.clinic.id): 100},
                }
            ),
        ]
        bill.action_post()
        self.assertBalance(line, actual=30)

    def test_distribution_of_a_posted_bill_changed(self):
        lines = self._budget(
            {"account_id": self.clinic.id, "amount": 500},
            {"account_id": self.ward.id, "amount": 500},
        ).line_ids
        bill = self._bill(price=100)
        bill.invoice_line_ids.analytic_distribution = {str(self.ward.id): 100}
        self.assertBalance(lines[0])
        self.assertBalance(lines[1], actual=100)

    def test_bill_charged_elsewhere_releases_where_it_was_committed(self):
        lines = self._budget(
            {"account_id": self.clinic.id, "amount": 500},
            {"account_id": self.ward.id, "amount": 500},
        ).line_ids
        order = self._confirmed(price=100)
        ward = {"analytic_distribution": {str(self.ward.id): 100}}
        self._bill(order, line=ward)
        self.assertBalance(lines[0])
        self.assertBalance(lines[1], actual=100)

    def test_bill_of_the_next_period_spends_there(self):
        this = self._line()
        then = self._budget(
            {"account_id": self.clinic.id, "amount": 500},
            date_from="2027-01-01",
            date_to="2027-12-31",
        ).line_ids
        order = self._confirmed(price=100)
        self._bill(order, invoice_date="2027-02-01", date="2027-02-01")
        self.assertBalance(this)
        self.assertBalance(then, actual=100)

    def test_taxes_that_nobody_gives_back_count(self):
        lost, back = self._taxes()
        line = self._line()
        taxes = [Command.set((lost | back).ids)]
        order = self._confirmed(lines=[{"price_unit": 100, "tax_ids": taxes}])
        self.assertBalance(line, committed=110)
        self._bill(order)
        self.assertBalance(line, actual=110)
        self._bill(order, move_type="in_refund")
        self.assertBalance(line, committed=110)

    def _taxes(self):
        """Return a tax that stays with the company, and one that comes back."""
        lost = self.env["account.tax"].create(
            {"name": "Lost", "amount": 10, "type_tax_use": "purchase"}
        )
        back = self.env["account.tax"].create(
            {"name": "Back", "amount": 20, "type_tax_use": "purchase"}
        )
        for lines in (
            back.invoice_repartition_line_ids,
            back.refund_repartition_line_ids,
        ):
            lines.filtered(
                lambda line: line.repartition_type == "tax"
            ).account_id = self.company_data["default_account_tax_purchase"]
        return lost, back

    def test_foreign_order_keeps_its_rate_and_the_bill_shows_the_difference(self):
        foreign = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 0.5), ("2026-07-01", 0.25)]
        )
        line = self._line()
        order = self._confirmed(price=100, quantity=2, currency_id=foreign.id)
        self.assertBalance(line, committed=400)
        self.env["res.currency.rate"].search(
            [("currency_id", "=", foreign.id), ("name", "=", "2026-01-01")]
        ).rate = 0.1
        order.order_line.product_qty = 1
        self.assertBalance(line, committed=200)
        self._bill(order)
        self.assertBalance(line, actual=400)

    def test_rates_written_by_callers_count_for_nothing(self):
        foreign = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        line = self._line()
        order = self._order(price=100, currency_id=foreign.id)
        order.write({"currency_rate": 1000.0})
        order.button_confirm()
        self.assertBalance(line, committed=200)

    def test_a_bill_of_a_line_called_a_down_payment_is_spent(self):
        line = self._line()
        order = self._confirmed(price=100)
        order.sudo()._create_downpayments(
            [
                {
                    "order_id": order.id,
                    "name": "Advance",
                    "product_id": False,
                    "price_unit": 30,
                    "product_qty": 0,
                    "tax_ids": [],
                }
            ]
        )
        advance = order.order_line.filtered("is_downpayment")
        self._bill(
            price=30,
            line={"purchase_line_id": advance[-1].id, "is_downpayment": True},
        )
        self.assertBalance(line, committed=100, actual=30)

    def test_a_bill_matched_as_down_payment_is_not_spent_twice(self):
        line = self._line()
        order = self._confirmed(price=100)
        advance = self._bill(price=30)
        self.assertBalance(line, committed=100, actual=30)
        wizard = self.env["bill.to.po.wizard"].create(
            {"purchase_order_id": order.id, "partner_id": self.vendor.id}
        )
        ids = [-each for each in advance.invoice_line_ids.ids]
        wizard.with_context(active_ids=ids).action_add_downpayment()
        self.assertBalance(line, committed=100, actual=30)
        order = order.with_env(self.env)
        order.action_create_invoice()
        final = order.invoice_ids - advance
        final.invoice_date = final.date = "2026-07-02"
        self.assertIn(-30, final.invoice_line_ids.mapped("price_subtotal"))
        clinic = {"analytic_distribution": {str(self.clinic.id): 100}}
        final.invoice_line_ids.filtered("purchase_line_id").write(clinic)
        final.action_post()
        self.assertBalance(line, actual=100)

    def test_money_without_decimals(self):
        vnd = self.env.ref("base.VND")
        vnd.active = True
        company = self.env["res.company"].create({"name": "VN", "currency_id": vnd.id})
        self.env.user.company_ids += company
        account = self._account("Clinic VN", company=company)
        ward = self._account("Ward VN", company=company)
        buyer = self._user("mua", "purchase.group_purchase_user", company=company)
        lines = self._budget(
            {"account_id": account.id, "amount": 1000},
            {"account_id": ward.id, "amount": 1000},
            company_id=company.id,
        ).line_ids
        shares = {str(account.id): 33.33, str(ward.id): 66.67}
        self._confirmed(
            user=buyer,
            currency_id=vnd.id,
            lines=[{"price_unit": 101, "analytic_distribution": shares}],
        )
        self.assertBalance(lines[0], committed=34)
        self.assertBalance(lines[1], committed=67)
