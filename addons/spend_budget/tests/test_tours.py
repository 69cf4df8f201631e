from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import SpendBudgetCommon
from .test_requests import RequestCommon


class MoneyTourCase(TourCase, RequestCommon):
    """The screens, in a real browser, used by those who work with them."""

    def _request(self):
        return self.env["spend.transfer.request"].search([])

    def _ask_approvers(self):
        """The buyer reads who is asked, and asks them."""
        director = self._user("director")
        self.env["approval.rule"].sudo().create(
            {
                "name": "Money",
                "model_id": self.env["ir.model"]._get_id("spend.transfer.request"),
                "company_id": self.company.id,
                "step_ids": [
                    Command.create({"name": "Director", "user_ids": director.ids})
                ],
            }
        )
        request, _action = self._ask()
        request.write({"from_line_id": self.other.id, "reason": "Flood", "amount": 50})
        path = f"/odoo/budget-requests/{request.id}"
        self._tour(path, "ask_approvers", self.buyer)
        self.assertEqual(request.approval_holder_ids, director)

    def _wait_for(self, *groups):
        """Let the buyer's order wait for somebody, and return them."""
        self._submitted(price=80.0)
        reader = self._user("reader", *groups)
        self.env["approval.rule"].sudo().create(
            {
                "name": "Over budget",
                "model_id": self.env["ir.model"]._get_id("purchase.order"),
                "company_id": self.company.id,
                "step_ids": [
                    Command.create({"name": "Director", "user_ids": reader.ids})
                ],
            }
        )
        self.order.order_line.price_unit = 70.0
        self.order.button_confirm()
        return reader

    def _decide_from_card(self):
        reader = self._wait_for("spend_budget.group_budget_user")
        task = self.order.sudo().approval_process_id.task_ids
        self._tour(f"/odoo/my-approvals/{task.id}", "card_links", reader)

    def _close_rest(self):
        order = self._confirmed(price=5.0)
        self._tour(f"/odoo/purchase/{order.id}", "close_rest", self.buyer)
        reasons = self.env["spend.entry"].search([("line_id", "=", self.line.id)])
        self.assertEqual(reasons.mapped("reason"), ["reopened", "closed", "approved"])
        self.assertEqual(self.line.committed, 5)


@tagged("post_install", "-at_install")
class TestMoneyTour(Desk, MoneyTourCase):
    def test_buyer_asks_for_what_is_missing(self):
        self._tour(f"/odoo/purchase/{self.order.id}", "ask_for_money", self.buyer)
        request = self._request()
        self.assertEqual((request.state, request.amount), ("waiting", 50))

    def test_buyer_reads_who_is_asked(self):
        self._ask_approvers()

    def test_director_goes_on_from_the_card(self):
        self._decide_from_card()

    def test_goods_are_on_the_first_screen(self):
        reader = self._wait_for("purchase.group_purchase_user")
        self._tour(f"/odoo/purchase/{self.order.id}", "goods_first", reader)

    def test_owner_gives_it(self):
        request = self._asked()
        path = f"/odoo/budget-requests/{request.id}"
        self._tour(path, "give_money", self.giver_owner)
        self.assertEqual(self._amounts(), (150, 950))

    def test_director_looks_at_what_used_it(self):
        self._submitted(price=80.0)
        reader = self._user(
            "reader",
            "purchase.group_purchase_user",
            "spend_budget.group_budget_user",
        )
        self._tour(f"/odoo/purchase/{self.order.id}", "what_used_it", reader)

    def test_manager_starts_from_an_example(self):
        self._move_to_new_company()
        self._tour("/odoo/budgets", "first_budget", self.manager)
        self.assertTrue(self.env["spend.budget"].search([("state", "=", "draft")]))

    def _move_to_new_company(self):
        """Leave the manager a company without budgets."""
        company = self.env["res.company"].create({"name": "New"})
        self.manager.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )

    def test_buyer_closes_the_rest_and_opens_it_again(self):
        self._close_rest()


@tagged("post_install", "-at_install")
class TestMoneyPhoneTour(Phone, MoneyTourCase):
    def test_buyer_asks_for_what_is_missing(self):
        self._tour(f"/odoo/purchase/{self.order.id}", "ask_for_money", self.buyer)
        self.assertEqual(self._request().state, "waiting")

    def test_buyer_reads_who_is_asked(self):
        self._ask_approvers()

    def test_director_goes_on_from_the_card(self):
        self._decide_from_card()

    def test_owner_gives_it(self):
        request = self._asked()
        path = f"/odoo/budget-requests/{request.id}"
        self._tour(path, "give_money", self.giver_owner)
        self.assertEqual(self._amounts(), (150, 950))

    def test_buyer_closes_the_rest_and_opens_it_again(self):
        self._close_rest()


class BudgetTourCase(TourCase, SpendBudgetCommon):
    """What the director and the owners of budgets do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = cls._user(
            "director",
            "account.group_account_manager",
            "analytic.group_analytic_accounting",
            "purchase.group_purchase_manager",
            "spend_budget.group_budget_manager",
        )

    def _split(self):
        line = {"account_id": self.clinic.id, "amount": 1000}
        budget = self._budget(line, is_open=False)
        self._tour(f"/odoo/budgets/{budget.id}", "split", self.director)
        self.assertEqual(budget.state, "open")
        self.assertEqual(budget.line_ids.mapped("amount"), [250] * 4)

    def _forecast(self):
        year = fields.Date.today().year + 1
        budget = self._budget(
            {"account_id": self.clinic.id, "amount": 250},
            date_from=f"{year}-01-01",
            date_to=f"{year}-12-31",
        )
        day = f"{year}-07-15"
        self._bill(
            price=100, post=False, auto_post="monthly", date=day, invoice_date=day
        )
        self._tour(f"/odoo/budgets/{budget.id}", "forecast", self.director)

    def _owner_approves(self, name):
        self.env["approval.rule"].sudo().create(
            {
                "name": "Over budget",
                "model_id": self.env["ir.model"]._get_id("purchase.order"),
                "company_id": self.company.id,
                "domain": "[('budget_state', '=', 'over')]",
                "step_ids": [
                    Command.create(
                        {
                            "name": "Owner",
                            "approver_type": "budget_owner",
                            "quorum": "all",
                        }
                    )
                ],
            }
        )
        line = self._line(100.0, control="escalate")
        order = self._order(150.0)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self._tour("/odoo/my-approvals", name, self.owner)
        self.assertEqual(order.state, "purchase")
        self.assertBalance(line, committed=150)


@tagged("post_install", "-at_install")
class TestBudgetTour(Desk, BudgetTourCase):
    def test_director_splits_and_opens(self):
        self._split()

    def test_director_looks_ahead(self):
        self._forecast()

    def test_owner_approves(self):
        self._owner_approves("owner_approves")


@tagged("post_install", "-at_install")
class TestBudgetPhoneTour(Phone, BudgetTourCase):
    def test_director_splits_and_opens(self):
        self._split()

    def test_director_looks_ahead(self):
        self._forecast()

    def test_owner_approves(self):
        self._owner_approves("owner_approves_on_phone")
