from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestEscapes(SpendBudgetCommon):
    """What buyers and owners try to get past their budgets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._line(control="block")
        cls.budget = cls.line.budget_id

    # ------------------------------------------------------------
    # FORGED VALUES
    # ------------------------------------------------------------

    def test_defaults_in_the_context_do_not_excuse_lines(self):
        forged = {
            "default_budget_carried": {"from": self.budget.ids},
            "default_budget_memo": {"rate": [self.currency.id, "2026-06-15", 1e9]},
            "default_budget_posted_state": "within",
            "default_budget_revision": 7,
        }
        order = self.env(user=self.buyer)["purchase.order"].with_context(**forged)
        order = order.create(
            {
                "partner_id": self.vendor.id,
                "date_order": "2026-06-15 08:00:00",
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 100,
                            "product_qty": 1,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {str(self.clinic.id): 100},
                        }
                    )
                ],
            }
        )
        self.assertFalse(order.sudo().order_line.budget_carried)
        self.assertFalse(order.sudo().budget_memo)
        self.assertFalse(order.sudo().budget_posted_state)
        self.assertNotEqual(order.sudo().budget_revision, 7)
        order.button_confirm()
        self.assertBalance(self.line, committed=100)

    def test_defaults_in_the_context_do_not_fill_budgets(self):
        forged = {"default_actual": -9000.0, "default_state": "open"}
        budget = (
            self.env(user=self.manager)["spend.budget"]
            .with_context(**forged)
            .create(
                {
                    "name": "Forged",
                    "company_id": self.company.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                    "line_ids": [
                        Command.create({"account_id": self.ward.id, "amount": 10})
                    ],
                }
            )
        )
        self.assertEqual(budget.state, "draft")
        self.assertEqual(budget.line_ids.actual, 0)

    def test_owners_do_not_relabel_lines(self):
        line = self.line.with_user(self.owner)
        for vals in (
            {"company_id": 1},
            {"user_id": self.buyer.id},
            {"date_from": "2020-01-01"},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaises(AccessError),
                self.cr.savepoint(),
            ):
                line.write(vals)

    def test_a_line_called_a_down_payment_counts(self):
        order = self._order(price=600)
        order.order_line.is_downpayment = True
        order.button_confirm()
        self.assertBalance(self.line, committed=600)
        self._bill(order)
        self.assertBalance(self.line, actual=600)

    def test_a_bill_line_called_a_down_payment_counts(self):
        bill = self._bill(price=600, post=False)
        bill.invoice_line_ids.is_downpayment = True
        bill.action_post()
        self.assertBalance(self.line, actual=600)

    # ------------------------------------------------------------
    # DATES
    # ------------------------------------------------------------

    @freeze_time("2026-06-15 08:00:00")
    def test_an_order_dated_out_of_every_budget_counts_today(self):
        for date in ("2031-01-01 08:00:00", "2019-01-01 08:00:00"):
            with self.subTest(date=date):
                order = self._order(price=600, date_order=date)
                self.assertEqual(order.budget_state, "within")
                order.button_confirm()
                self.assertBalance(self.line, committed=600)
                order.button_cancel()
                self.assertBalance(self.line)
                order = self._order(price=6000, date_order=date)
                with self.assertRaises(UserError), self.cr.savepoint():
                    order.button_confirm()

    @freeze_time("2026-06-15 08:00:00")
    def test_a_confirmed_order_moved_out_of_every_budget_stays(self):
        order = self._confirmed(price=600)
        order.date_order = "2031-01-01 08:00:00"
        self.assertBalance(self.line, committed=600)

    # ------------------------------------------------------------
    # NONSENSE
    # ------------------------------------------------------------

    def test_a_form_without_a_company_can_be_edited(self):
        order = self.env["purchase.order"].new({"partner_id": self.vendor.id})
        order.company_id = False
        self.assertEqual(order.budget_state, "none")
        self.assertFalse(order.department_id)

    def test_absurd_prices_are_refused_in_words(self):
        with self.assertRaises(UserError), self.cr.savepoint():
            self._confirmed(price=1e300)
        self.assertBalance(self.line)

    def test_discounts_beyond_all_free_nothing(self):
        self._confirmed(price=900)
        order = self._order(
            lines=[
                {"price_unit": 200, "product_qty": 1},
                {"price_unit": 200, "product_qty": 1, "discount": 300},
            ]
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            order.button_confirm()
        self.assertBalance(self.line, committed=900)

    # ------------------------------------------------------------
    # BRANCHES
    # ------------------------------------------------------------

    def test_branches_share_the_limit_whoever_of_them_bills(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.cr.precommit.run()
        clerk = self._user("branch", "purchase.group_purchase_user", company=branch)
        self._confirmed(price=600)
        order = self._order(price=300, user=clerk, company_id=branch.id)
        order.button_confirm()
        self.assertBalance(self.line, committed=900)
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.price_unit = 401
        with self.assertRaises(UserError), self.cr.savepoint():
            self._order(price=101, user=clerk, company_id=branch.id).button_confirm()
        self.assertBalance(self.line, committed=900)

    def test_two_lines_of_an_order_and_a_bill_cannot_pass_a_block_together(self):
        order = self._confirmed(price=900)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._bill(price=101)
        bill = self._bill(order, post=False)
        bill.invoice_line_ids.price_unit = 1000
        bill.action_post()
        self.assertBalance(self.line, actual=1000)
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 1001
        with self.assertRaises(UserError), self.cr.savepoint():
            bill.action_post()

    def test_the_order_of_lines_in_use_is_for_managers(self):
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.line.with_user(self.owner).sequence = 1
        self.line.with_user(self.manager).sequence = 1

    def test_everything_of_another_company_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += other
        spy = self._user("spy", "spend_budget.group_budget_user", company=other)
        env = self.env(user=spy)
        self._confirmed(price=10)
        for model in ("spend.budget", "spend.budget.line", "spend.entry"):
            self.assertFalse(env[model].search([]), model)
        with self.assertRaises(AccessError):
            self.line.with_user(spy).read(["amount"])
        with self.assertRaises(AccessError):
            self.budget.with_user(spy).action_verify()

    def test_the_system_without_a_company_at_hand_confirms(self):
        order = self._order(price=100)
        env = self.env(
            user=self.env.ref("base.user_root"), context={"allowed_company_ids": []}
        )
        order.with_env(env).button_confirm()
        self.assertBalance(self.line, committed=100)
