from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestLifecycle(SpendBudgetCommon):
    """An order reserves, commits, and is spent, whatever becomes of it on the way."""

    def test_quotation_takes_nothing(self):
        line = self._line()
        self._order()
        self.assertBalance(line)

    def test_submitted_order_reserves(self):
        line = self._line()
        self._submitted(price=300)
        self.assertBalance(line, reserved=300)

    def test_order_created_in_a_state_counts_at_once(self):
        line = self._line()
        self._order(price=40, state="to approve")
        self._order(price=50, state="purchase")
        self.assertBalance(line, reserved=40, committed=50)

    def test_confirmed_order_commits(self):
        line = self._line()
        self._confirmed(price=300)
        self.assertBalance(line, committed=300)

    def test_double_validation_reserves_then_commits(self):
        self.company.write({"po_double_validation": "two_step"})
        self.company.po_double_validation_amount = 10
        line = self._line()
        order = self._confirmed(price=300)
        self.assertBalance(line, reserved=300)
        order.with_user(self.env.user).button_approve()
        self.assertBalance(line, committed=300)

    def test_rejected_or_withdrawn_order_releases(self):
        line = self._line()
        order = self._submitted(price=300)
        order.button_draft()
        self.assertBalance(line)

    def test_cancelled_order_releases_and_reset_takes_nothing(self):
        line = self._line()
        order = self._confirmed(price=300)
        order.button_cancel()
        self.assertBalance(line)
        order.button_draft()
        self.assertBalance(line)
        order.button_confirm()
        self.assertBalance(line, committed=300)

    def test_edited_order_holds_what_it_costs_now(self):
        line = self._line()
        order = self._confirmed(price=300, quantity=2)
        order.order_line.product_qty = 3
        self.assertBalance(line, committed=900)
        order.order_line.write({"price_unit": 100, "discount": 50})
        self.assertBalance(line, committed=150)

    def test_deleted_line_releases(self):
        line = self._line()
        order = self._submitted(lines=[{"price_unit": 10}, {"price_unit": 20}])
        self.assertBalance(line, reserved=30)
        order.order_line[0].unlink()
        self.assertBalance(line, reserved=20)
        entries = self.env["spend.entry"].search([("line_id", "=", line.id)])
        self.assertEqual(entries[0].reason, "deleted")

    def test_line_moved_to_another_order_goes_with_it(self):
        line = self._line()
        order = self._submitted(lines=[{"price_unit": 10}, {"price_unit": 20}])
        order.order_line[0].order_id = self._order(price=1)
        self.assertBalance(line, reserved=20)

    def test_order_in_use_by_form_is_posted_once(self):
        line = self._line()
        order = self._submitted(price=10)
        self.env.flush_all()
        before = self.env["spend.entry"].search_count([])
        order.write(
            {
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": 1})
                    for _number in range(5)
                ]
                + [Command.update(order.order_line.id, {"price_unit": 70})]
            }
        )
        self.assertEqual(self.env["spend.entry"].search_count([]) - before, 1)
        self.assertBalance(line, reserved=70)

    def test_distribution_split_between_two_lines(self):
        lines = self._budget(
            {"account_id": self.clinic.id, "amount": 500},
            {"account_id": self.ward.id, "amount": 500},
        ).line_ids
        shares = {str(self.clinic.id): 60, str(self.ward.id): 40}
        order = self._confirmed(
            lines=[{"price_unit": 100.01, "analytic_distribution": shares}]
        )
        self.assertBalance(lines[0], committed=60.01)
        self.assertBalance(lines[1], committed=40.0)
        order.order_line.analytic_distribution = {str(self.ward.id): 100}
        self.assertBalance(lines[0])
        self.assertBalance(lines[1], committed=100.01)

    def test_department_and_category_lines_cover_what_is_below(self):
        below = self._department("Sales North", self.department)
        category = self.env["product.category"].create(
            {"name": "Cots", "parent_id": self.category.id}
        )
        lines = self._budget(
            {"department_id": self.department.id, "amount": 500},
            {"category_id": category.id, "amount": 500},
        ).line_ids
        order = self._confirmed(price=10, department_id=below.id)
        self.assertBalance(lines[0], committed=10)
        self.product.categ_id = category
        order.department_id = self._department("Elsewhere")
        self.assertBalance(lines[0])
        self.assertBalance(lines[1], committed=10)

    def test_department_of_the_buyer_is_suggested_where_budgets_are_used(self):
        self.assertFalse(self._order().department_id)
        self._line()
        self.assertEqual(self._order().department_id, self.department)

    def test_rebate_line_frees_nothing_before_it_is_billed(self):
        line = self._line()
        self._confirmed(lines=[{"price_unit": 100}, {"price_unit": -90}])
        self.assertBalance(line, committed=100)

    def test_other_company_period_and_drafts_are_left_alone(self):
        line = self._line()
        draft = self._budget(
            {"account_id": self.clinic.id, "amount": 1}, is_open=False
        ).line_ids
        order = self._order(date_order="2025-06-01 08:00:00")
        self.env.flush_all()
        self.cr.execute(
            "UPDATE purchase_order SET create_date = '2025-06-01' WHERE id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        with freeze_time("2025-06-02 08:00:00"):
            order.button_confirm()
        order.order_line.price_unit = 5
        self.assertBalance(line)
        self.assertEqual(draft.committed, 0)

    def test_day_of_the_order_is_that_of_the_company(self):
        line = self._line()
        self.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        self._confirmed(price=5, date_order="2025-12-31 18:00:00")
        self.assertBalance(line, committed=5)

    def test_opening_counts_what_is_there_already(self):
        self._confirmed(price=10)
        self._submitted(price=20)
        self._bill(price=30)
        line = self._line()
        self.assertBalance(line, reserved=20, committed=10, actual=30)

    def test_a_line_added_later_takes_over_what_fits_it_better(self):
        line = self._line()
        order = self._confirmed(price=10)
        added = self.env["spend.budget.line"].create(
            {
                "budget_id": line.budget_id.id,
                "account_id": self.clinic.id,
                "category_id": self.category.id,
                "amount": 100,
            }
        )
        self.assertBalance(line)
        self.assertBalance(added, committed=10)
        order.button_cancel()
        self.assertBalance(added)
