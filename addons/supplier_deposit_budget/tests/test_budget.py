from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.supplier_deposit.tests.common import DepositCommon


@tagged("post_install", "-at_install")
class TestBudget(DepositCommon):
    """Of a deposit's own bill, and of what takes it back, budgets count nothing: what
    it pays for is committed. Its links say so, and no flag."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule(30, method="bill", account_id=cls.prepayment.id)
        account = cls.env["account.analytic.account"].create(
            {
                "name": "Clinic",
                "plan_id": cls.env["account.analytic.plan"].create({"name": "P"}).id,
                "company_id": cls.env.company.id,
            }
        )
        cls.shares = {str(account.id): 100}
        cls.env["account.analytic.distribution.model"].create(
            {
                "analytic_distribution": cls.shares,
                "company_id": cls.env.company.id,
            }
        )
        cls.line = (
            cls.env["spend.budget"]
            .sudo()
            .create(
                {
                    "name": "Plan",
                    "company_id": cls.env.company.id,
                    "date_from": "2000-01-01",
                    "date_to": "2100-12-31",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "amount": 1000,
                                "control": "block",
                            }
                        )
                    ],
                }
            )
            .line_ids
        )
        cls.line.budget_id._system_write({"state": "open"})

    def _assert_balance(self, committed=0.0, actual=0.0):
        self.env.flush_all()
        self.env.invalidate_all()
        line = self.line.sudo()
        self.assertEqual((line.committed, line.actual), (committed, actual))
        self.assertEqual(line.budget_id._find_differences(), [])

    def _pay(self, deposit):
        deposit._as_system()._post_payments(fields.Date.today())
        self.assertEqual(deposit.state, "paid")

    def test_own_bill_and_what_takes_it_back_are_not_spent(self):
        order = self._order()
        self._assert_balance(committed=1000)
        self._pay(self._deposit(order))
        self._assert_balance(committed=1000)
        self._bill(order, quantity=4)
        self._assert_balance(committed=600, actual=400)
        last = self._bill(order)
        self._assert_balance(actual=1000)
        self._credit(last, 6)
        self._assert_balance(committed=600, actual=400)

    def test_flag_taken_away_changes_nothing(self):
        order = self._order()
        deposit = self._deposit(order)
        deposit.bill_id.invoice_line_ids.is_downpayment = False
        self._pay(deposit)
        self._bill(order)
        self._assert_balance(actual=1000)

    def test_other_bill_matched_to_the_line_of_a_deposit_is_spent(self):
        order = self._order(quantity=5)
        bill = self._bill(order)
        self._assert_balance(actual=500)
        line = bill.invoice_line_ids.filtered("product_id")
        line.purchase_line_id = self._deposit(order).order_line_id
        self._assert_balance(committed=500, actual=500)

    def test_bill_that_says_it_reverses_the_bill_of_a_deposit_is_spent(self):
        order = self._order(quantity=5)
        deposit = self._deposit(order)
        bill = self._bill(order, quantity=0, post=False)
        line = bill.invoice_line_ids.filtered("product_id")
        line.write({"purchase_line_id": False, "quantity": 1, "price_unit": 400})
        line.account_id = self.prepayment
        bill.reversed_entry_id = deposit.bill_id
        bill.action_post()
        self._assert_balance(committed=500, actual=400)

    def test_cancelled_order_takes_its_deposit_bill_back(self):
        order = self._order()
        deposit = self._deposit(order)
        order.button_cancel()
        self._assert_balance()
        self.assertNotEqual(deposit.bill_id.state, "posted")
