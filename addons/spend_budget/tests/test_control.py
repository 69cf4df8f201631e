from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestControl(SpendBudgetCommon):
    """What happens when money runs out."""

    def _activities(self, budget):
        return budget.activity_ids.filtered(lambda each: each.user_id == self.owner)

    def test_within_budget(self):
        self._line(100)
        order = self._order(price=100)
        self.assertEqual(order.budget_state, "within")
        order.button_confirm()
        self.assertEqual(order.budget_state, "within")

    def test_no_budget_no_state(self):
        order = self._order()
        self.assertEqual(order.budget_state, "none")
        self.assertFalse(order.budget_impact)

    def test_warning_line_warns_and_tells_the_owner_once(self):
        line = self._line(100, control="warn")
        order = self._order(price=150)
        self.assertEqual(order.budget_state, "warned")
        order.button_confirm()
        self.assertEqual(order.budget_state, "warned")
        self.assertEqual(len(self._activities(line.budget_id)), 1)
        order.order_line.price_unit = 160
        order.button_cancel()
        self.assertEqual(len(self._activities(line.budget_id)), 1)
        self.assertEqual(order.budget_state, "none")

    def test_escalating_line_makes_the_order_over(self):
        self._line(100, control="escalate")
        order = self._order(price=150)
        self.assertEqual(order.budget_state, "over")
        order.write({"state": "to approve"})
        self.assertEqual(order.budget_state, "over")

    def test_tolerance_still_counts_as_within(self):
        line = self._line(100, control="block", tolerance=10)
        order = self._confirmed(price=110)
        self.assertEqual(order.budget_state, "within")
        with self.assertRaises(UserError):
            order.sudo().order_line.price_unit = 110.01
        self.assertEqual(line.available, -10)

    def test_blocking_line_refuses_with_figures_and_who_can_help(self):
        line = self._line(100, control="block")
        self._confirmed(price=70)
        order = self._order(price=50)
        self.assertEqual(order.budget_state, "over")
        with self.assertRaises(UserError) as refusal:
            order.button_confirm()
        for part in ("Clinic", "50.00", "30.00", "20.00", "Owner", "Keeper"):
            self.assertIn(part, str(refusal.exception))
        self.assertBalance(line, committed=70)

    def test_blocking_line_refuses_a_bill_that_costs_more(self):
        line = self._line(100, control="block")
        order = self._confirmed(price=100)
        with self.assertRaises(UserError):
            self._bill(order, price=101)
        self._bill(order, price=100)
        self.assertBalance(line, actual=100)

    def test_bill_over_a_warning_line_tells_the_owner(self):
        line = self._line(100, control="warn")
        self._bill(price=150)
        self.assertEqual(len(self._activities(line.budget_id)), 1)

    def test_state_is_what_the_own_reservation_did(self):
        self._line(100, control="escalate")
        first = self._submitted(price=90)
        second = self._submitted(price=20)
        self.assertEqual((first.budget_state, second.budget_state), ("within", "over"))
        first.button_confirm()
        self.assertEqual(first.budget_state, "within")
        second.order_line.price_unit = 5
        self.assertEqual(second.budget_state, "within")

    def test_state_can_be_searched_and_filtered(self):
        Order = self.env["purchase.order"]
        self._line(100, control="escalate")
        orders = (
            self._order(price=10)
            | self._order(price=150)
            | self._submitted(price=90)
            | self._submitted(price=90)
        )
        other = self._order(
            lines=[{"price_unit": 1, "analytic_distribution": {str(self.ward.id): 100}}]
        )
        every = orders | other
        for state in ("none", "within", "warned", "over"):
            for domain in (
                [("budget_state", "=", state)],
                [("budget_state", "in", [state])],
            ):
                found = Order.with_user(self.buyer).search(domain) & every
                self.assertEqual(found, every.filtered_domain(domain), domain)
        self.assertEqual(
            len(orders.filtered_domain([("budget_state", "=", "over")])), 3
        )

    def test_form_of_a_quotation_checks_before_it_is_saved(self):
        self._line(
            100, control="escalate", account_id=False, category_id=self.category.id
        )
        with Form(self.env["purchase.order"].with_user(self.buyer)) as form:
            form.partner_id = self.vendor
            form.date_order = fields.Datetime.to_datetime("2026-06-15 08:00:00")
            with form.order_line.new() as line:
                line.product_id = self.product
                line.price_unit = 90
            self.assertEqual(form.budget_state, "within")
            with form.order_line.edit(0) as line:
                line.product_qty = 2
            self.assertEqual(form.budget_state, "over")
            self.assertIn("180", form.budget_impact)

    def test_impact_shows_before_and_after(self):
        line = self._line(100, control="escalate")
        self._confirmed(price=30)
        order = self._order(price=90)
        (row,) = order._budget_impacts()[order]
        self.assertEqual(row["line"], line)
        figures = (row["amount"], row["before"], row["after"])
        self.assertEqual(figures, (90, 70, -20))
        self.assertIn("Clinic", order.with_user(self.buyer).budget_impact)
        order.button_confirm()
        (row,) = order._budget_impacts()[order]
        figures = (row["amount"], row["before"], row["after"])
        self.assertEqual(figures, (90, 70, -20))

    def test_impact_of_a_draft_bill_counts_what_it_releases(self):
        self._line(100)
        order = self._confirmed(price=80)
        bill = self._bill(order, price=90, post=False)
        (row,) = bill._budget_impacts()[bill]
        figures = (row["amount"], row["before"], row["after"])
        self.assertEqual(figures, (90, 100, 10))
        bill.action_post()
        bill.invalidate_recordset()
        self.assertIn("Clinic", bill.budget_impact)

    def test_lowering_a_blocking_line_under_what_is_used(self):
        line = self._line(100, control="block")
        self._confirmed(price=70)
        with self.assertRaises(UserError) as refusal:
            line.amount = 69
        self.assertIn("70.00", str(refusal.exception))
        line.write({"amount": 70})
        line.write({"control": "warn", "amount": 5})
        with self.assertRaises(UserError):
            line.control = "block"

    def test_opening_a_blocking_budget_that_is_over_already(self):
        self._confirmed(price=70)
        with self.assertRaises(UserError):
            self._line(60, control="block")

    def test_context_keys_and_system_rights_loosen_nothing(self):
        self._line(100, control="block")
        keys = {"spend_budget.watch": True, "active_test": False, "spend_budget": False}
        order = self._order(price=150).sudo().with_context(**keys)
        with self.assertRaises(UserError):
            order.button_confirm()
        with self.assertRaises(UserError):
            order.write({"state": "purchase"})
        with self.assertRaises(UserError):
            order.copy({"state": "purchase", "date_order": order.date_order})

    def test_engine_fields_of_orders_cannot_be_written(self):
        self._line(100, control="escalate")
        order = self._submitted(price=150)
        order.sudo().write(
            {"budget_posted_state": "within", "budget_memo": {"verdicts": {}}}
        )
        order.sudo().order_line.write({"budget_carried": {"from": [1]}})
        self.assertEqual(order.budget_state, "over")
        self.assertFalse(order.sudo().order_line.budget_carried)

    def test_absurd_distribution_is_refused_in_words(self):
        self._line(100)
        order = self._order()
        order.order_line.analytic_distribution = {str(self.clinic.id): 1e200}
        with self.assertRaises(UserError):
            order.write({"state": "to approve"})

    def test_foreign_order_without_rate_is_refused(self):
        self._line(100)
        foreign = self.setup_other_currency("EUR", rates=[])
        foreign.rate_ids.unlink()
        order = self._order(currency_id=foreign.id)
        with self.assertRaises(UserError):
            order.button_confirm()

    def test_branches_use_the_budget_of_the_parent(self):
        line = self._line(500)
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        buyer = self._user("far", "purchase.group_purchase_user", company=branch)
        self._confirmed(user=buyer, price=40, company_id=branch.id)
        self.assertBalance(line, committed=40)

    def test_another_company_is_left_alone(self):
        line = self._line(500)
        other = self._create_company(name="Other")
        buyer = self._user("stranger", "purchase.group_purchase_user", company=other)
        self._confirmed(user=buyer, price=40, company_id=other.id)
        self.assertBalance(line)

    def test_many_lines_of_many_orders_are_posted_together(self):
        line = self._line(5000)
        orders = self._order(price=10) | self._order(price=20)
        orders.button_confirm()
        self.assertBalance(line, committed=30)

    def test_order_may_be_edited_by_lines_of_the_form(self):
        line = self._line(100, control="block")
        order = self._submitted(lines=[{"price_unit": 60}, {"price_unit": 40}])
        first, second = order.order_line
        order.order_line = [
            Command.update(first.id, {"price_unit": 90}),
            Command.update(second.id, {"price_unit": 10}),
        ]
        self.assertBalance(line, reserved=100)

    def test_only_managers_open_and_close(self):
        budget = self._budget(
            {"account_id": self.clinic.id, "amount": 1}, is_open=False
        )
        for user in (self.owner, self.buyer):
            with self.assertRaises(AccessError):
                budget.with_user(user).action_open()
        budget.with_user(self.manager).action_open()
        self.assertEqual(budget.state, "open")
