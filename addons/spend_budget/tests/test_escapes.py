from odoo import Command, fields
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
    # WHAT MOVES BETWEEN DOCUMENTS
    # ------------------------------------------------------------

    def test_merged_quotations_count_once(self):
        orders = self._order(price=100) | self._order(price=100)
        orders.action_merge()
        left = orders.filtered(lambda order: order.state != "cancel")
        self.assertEqual(len(left), 1)
        left.button_confirm()
        self.assertBalance(self.line, committed=200)

    def test_a_line_moved_to_a_quotation_is_released(self):
        order, other = self._confirmed(price=300), self._order(price=100)
        order.order_line.order_id = other
        self.assertBalance(self.line)
        other.button_confirm()
        self.assertBalance(self.line, committed=400)

    def test_bill_line_matched_to_another_order(self):
        first, second = self._confirmed(price=300), self._confirmed(price=300)
        bill = self._bill(first)
        self.assertBalance(self.line, committed=300, actual=300)
        bill.invoice_line_ids.purchase_line_id = second.order_line
        self.assertBalance(self.line, committed=300, actual=300)
        bill.button_draft()
        self.assertBalance(self.line, committed=600)
        bill.invoice_line_ids.quantity = 3
        with self.assertRaises(UserError), self.cr.savepoint():
            bill.action_post()
        bill.invoice_line_ids.quantity = 2
        bill.action_post()
        self.assertBalance(self.line, committed=300, actual=600)

    def test_refund_then_its_reversal(self):
        order = self._confirmed(price=300)
        bill = self._bill(order)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create(
                {
                    "date": fields.Date.to_date("2026-07-02"),
                    "journal_id": bill.journal_id.id,
                }
            )
        )
        refund = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        refund.action_post()
        self.assertBalance(self.line, committed=300)
        refund.button_draft()
        self.assertBalance(self.line, actual=300)

    def test_other_master_data_is_brought_up_to_date(self):
        line = self.budget.line_ids.create(
            {
                "budget_id": self.budget.id,
                "category_id": self.category.id,
                "amount": 5000,
            }
        )
        order = self._confirmed(
            lines=[
                {"price_unit": 100, "product_qty": 1, "analytic_distribution": False}
            ]
        )
        self.assertBalance(line, committed=100)
        self.product.categ_id = self.env["product.category"].create({"name": "Other"})
        self.assertTrue(self.budget._find_differences())
        self.budget.action_synchronise()
        self.assertBalance(line)
        self.product.categ_id = self.category
        self.budget.action_synchronise()
        self.assertBalance(line, committed=100)
        order.partner_id = self.vendor.copy()
        self.assertBalance(line, committed=100)

    def test_a_department_deleted_or_archived(self):
        child = self._department("Child", self.department)
        line = self._budget(
            {"department_id": self.department.id, "amount": 500}
        ).line_ids
        order = self._confirmed(
            lines=[
                {"price_unit": 100, "product_qty": 1, "analytic_distribution": False}
            ],
            department_id=child.id,
        )
        self.assertBalance(line, committed=100)
        child.active = False
        order.order_line.price_unit = 110
        self.assertBalance(line, committed=110)
        child.unlink()
        line.budget_id.action_synchronise()
        self.env.invalidate_all()
        order.order_line.price_unit = 120
        self.assertEqual(line.budget_id._find_differences(), [])

    def test_an_analytic_plan_deleted(self):
        plan = self.env["account.analytic.plan"].create({"name": "Short"})
        account = self._account("Short", plan)
        order = self._confirmed(
            lines=[
                {
                    "price_unit": 100,
                    "product_qty": 1,
                    "analytic_distribution": {f"{self.clinic.id},{account.id}": 100},
                }
            ],
        )
        self.assertBalance(self.line, committed=100)
        account.unlink()
        plan.unlink()
        order.order_line.price_unit = 110
        self.assertBalance(self.line, committed=110)

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
