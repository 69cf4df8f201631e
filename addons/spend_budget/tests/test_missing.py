from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestMissing(SpendBudgetCommon):
    """What no budget line is for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._line()
        cls.elsewhere = {
            "price_unit": 70,
            "analytic_distribution": {str(cls.ward.id): 100},
        }

    def _stray(self, **values):
        return self._order(lines=[self.elsewhere], **values)

    def _stray_bill(self, **values):
        elsewhere = {"analytic_distribution": {str(self.ward.id): 100}}
        return self._bill(price=70, line=elsewhere, **values)

    def test_nothing_happens_unless_it_is_wanted(self):
        order = self._stray()
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(order.budget_state, "none")
        self._stray_bill()

    def test_blocked_order_names_who_can_add_a_line(self):
        self.company.budget_missing_policy = "block"
        order = self._stray()
        refused = self.assertRaisesRegex(UserError, "No budget line.*Keeper")
        with refused, self.env.cr.savepoint():
            order.button_confirm()
        self.assertEqual(order.state, "draft")

    def test_blocked_part_of_an_order(self):
        self.company.budget_missing_policy = "block"
        both = {str(self.clinic.id): 60, str(self.ward.id): 40}
        order = self._order(lines=[{"price_unit": 100, "analytic_distribution": both}])
        with self.assertRaisesRegex(UserError, "40.00"):
            order.button_confirm()

    def test_order_within_a_line_passes(self):
        self.company.budget_missing_policy = "block"
        order = self._confirmed()
        self.assertEqual(order.budget_state, "within")

    def test_ask_is_a_state_for_rules(self):
        self.company.budget_missing_policy = "ask"
        order = self._stray()
        self.assertEqual(order.budget_state, "missing")
        self.assertIn("No budget line", order.budget_impact)
        order.button_confirm()
        self.assertEqual(order.budget_state, "missing")
        self.assertIn(order, order.search([("budget_state", "=", "missing")]))

    def test_warning(self):
        self.company.budget_missing_policy = "warn"
        order = self._stray()
        order.button_confirm()
        self.assertEqual(order.budget_state, "warned")

    def test_company_without_any_budget(self):
        self.line.budget_id.action_close()
        self.company.budget_missing_policy = "block"
        with self.assertRaisesRegex(UserError, "No budget line"):
            self._order().button_confirm()

    def test_budget_of_the_day_overrules_the_company(self):
        self.company.budget_missing_policy = "block"
        self.line.budget_id.missing_policy = "nothing"
        self._stray().button_confirm()
        self.line.budget_id.missing_policy = "block"
        self.company.budget_missing_policy = "nothing"
        with self.assertRaisesRegex(UserError, "No budget line"):
            self._stray().button_confirm()

    def test_order_from_before_the_policy_goes_on(self):
        order = self._stray()
        order.button_confirm()
        self.company.budget_missing_policy = "block"
        order.order_line.price_unit = 80
        self.assertEqual(order.state, "purchase")
        self.assertEqual(self._bill(order).state, "posted")

    def test_more_of_it_is_judged_again(self):
        self.company.budget_missing_policy = "ask"
        order = self._stray()
        order.button_confirm()
        self.company.budget_missing_policy = "block"
        order.order_line.price_unit = 60
        with self.assertRaisesRegex(UserError, "No budget line"):
            order.order_line.price_unit = 71

    def test_blocked_bill_without_an_order(self):
        self.company.budget_missing_policy = "block"
        with self.assertRaisesRegex(UserError, "No budget line"):
            self._stray_bill()

    def test_bill_of_an_order_is_not_asked_again(self):
        order = self._stray()
        order.button_confirm()
        self.company.budget_missing_policy = "block"
        self.assertEqual(self._bill(order).state, "posted")

    def test_link_to_an_order_hides_no_bill(self):
        order = self._confirmed()
        self.company.budget_missing_policy = "block"
        with self.assertRaisesRegex(UserError, "No budget line"):
            self._stray_bill(order=order)

    def test_warned_bill_says_so(self):
        self.company.budget_missing_policy = "warn"
        bill = self._stray_bill()
        self.assertIn("No budget line", "".join(bill.message_ids.mapped("body")))

    # ------------------------------------------------------------
    # BILLS THAT ARE POSTED ALREADY
    # ------------------------------------------------------------

    def _refuses(self, bill, **values):
        """Check that changing the line of a posted bill is refused, and undone."""
        refused = self.assertRaisesRegex(UserError, "No budget line")
        with refused, self.env.cr.savepoint():
            bill.invoice_line_ids.write(values)
        self.env.invalidate_all()

    def test_posted_bill_cannot_be_moved_where_no_line_is(self):
        self.company.budget_missing_policy = "block"
        bill = self._bill(price=70)
        self._refuses(bill, **{"analytic_distribution": self._ward()})
        both = {str(self.clinic.id): 60, str(self.ward.id): 40}
        self._refuses(bill, **{"analytic_distribution": both})
        self._refuses(bill, **{"analytic_distribution": False})
        self.assertBalance(self.line, actual=70)

    def _ward(self):
        return {str(self.ward.id): 100}

    def test_account_of_a_posted_bill(self):
        expense = self.company_data["default_account_expense"]
        other = expense.copy({"name": "Other"})
        self.line.budget_id.action_close()
        self._line(account_id=False, general_account_id=expense.id)
        self.company.budget_missing_policy = "block"
        self._refuses(self._bill(price=70), account_id=other.id)

    def test_department_of_a_posted_bill(self):
        self.line.budget_id.action_close()
        self._line(account_id=False, department_id=self.department.id)
        self.company.budget_missing_policy = "block"
        bill = self._bill(price=70, budget_department_id=self.department.id)
        other = self._department("Elsewhere")
        with self.assertRaisesRegex(UserError, "No budget line"):
            bill.budget_department_id = other

    def test_posted_bill_of_an_order(self):
        self.company.budget_missing_policy = "block"
        bill = self._bill(self._confirmed())
        self._refuses(bill, **{"analytic_distribution": self._ward()})

    def test_posting_past_the_button(self):
        self.company.budget_missing_policy = "block"
        bill = self._stray_bill(post=False)
        with self.assertRaisesRegex(UserError, "No budget line"):
            bill.write({"state": "posted"})

    def test_posted_bill_may_become_better(self):
        bill = self._stray_bill()
        self.company.budget_missing_policy = "block"
        both = {str(self.clinic.id): 60, str(self.ward.id): 40}
        bill.invoice_line_ids.analytic_distribution = both
        self.assertBalance(self.line, actual=42)
        self._refuses(bill, **{"analytic_distribution": self._ward()})

    def test_posted_bill_stays_as_it_is(self):
        bill = self._stray_bill()
        self.company.budget_missing_policy = "block"
        bill.invoice_line_ids.analytic_distribution = self._ward()
        bill.invoice_line_ids.product_id = self.product.copy()
        self.assertEqual(bill.state, "posted")

    def test_warning_on_a_posted_bill(self):
        self.company.budget_missing_policy = "warn"
        bill = self._bill(price=70)
        bill.invoice_line_ids.analytic_distribution = self._ward()
        said = [body for body in bill.message_ids.mapped("body") if "No budget" in body]
        self.assertEqual(len(said), 1)

    def test_entries_are_booked_all_the_same(self):
        self.company.budget_missing_policy = "block"
        accounts = (
            self.company_data["default_account_expense"],
            self.company_data["default_account_payable"],
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-07-01",
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": balance})
                    for account, balance in zip(accounts, (50, -50), strict=True)
                ],
            }
        )
        entry.action_post()
        self.assertEqual(entry.state, "posted")

    def test_nobody_but_managers_change_the_policy_of_an_open_budget(self):
        budget = self.line.budget_id.with_user(self.owner)
        with self.assertRaises(AccessError):
            budget.missing_policy = "nothing"
