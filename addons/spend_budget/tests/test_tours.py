from odoo import Command
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .test_requests import RequestCommon


class MoneyTourCase(TourCase, RequestCommon):
    """The screens, in a real browser, used by those who work with them."""

    def _request(self):
        return self.env["spend.transfer.request"].search([])

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

    def test_owner_gives_it(self):
        request = self._asked()
        path = f"/odoo/budget-requests/{request.id}"
        self._tour(path, "give_money", self.giver_owner)
        self.assertEqual(self._amounts(), (150, 950))

    def test_buyer_closes_the_rest_and_opens_it_again(self):
        self._close_rest()
