from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import CashCommon


class CashTourCase(TourCase, CashCommon):
    """The graph and the warning, in a real browser."""

    def _under_floor(self):
        self.bank.cash_floor = 500
        self._approval_rule(domain="[('under_floor', '=', True)]")
        self._rule(30, posting="draft")
        deposit = self._deposit(self._order(user_id=self.buyer.id))
        self.assertEqual(deposit.state, "waiting")
        return deposit

    def _read_card(self):
        task = self._under_floor().sudo().approval_process_id.task_ids
        path = f"/odoo/my-approvals/{task.id}"
        self._tour(path, "card_says_the_figure", self.director)


@tagged("post_install", "-at_install")
class TestCashTour(Desk, CashTourCase):
    def test_director_approves_a_deposit_under_the_floor(self):
        deposit = self._under_floor()
        path = f"/odoo/supplier-deposits/{deposit.id}"
        self._tour(path, "approve_under_floor", self.director)
        self.assertEqual(deposit.state, "due")
        self.assertEqual(deposit.sudo().approval_process_id.state, "approved")

    def test_card_says_by_how_much(self):
        self._read_card()

    def test_cash_without_floor_or_money(self):
        line = {"trigger": "before_delivery", "days": 7}
        self._rule(30).line_ids.write(line)
        order = self._order(confirm=False)
        order.order_line.date_planned = fields.Datetime.now() + timedelta(days=200)
        order.button_confirm()
        deposit = self._deposit(order)
        path = f"/odoo/supplier-deposits/{deposit.id}"
        self._tour(path, "without_money", self.director)
        self.assertEqual(deposit.cash_projection["lowest"], 0)
        self.init_invoice("out_invoice", post=True, amounts=[1000])
        self._tour(path, "without_floor", self.director)
        deposit.invalidate_recordset(["cash_projection"])
        last_day, balance = deposit.cash_projection["days"][-1]
        self.assertEqual((deposit.cash_projection["floor"], balance), (0, 1000))


@tagged("post_install", "-at_install")
class TestCashPhoneTour(Phone, CashTourCase):
    def test_director_approves_a_deposit_under_the_floor(self):
        deposit = self._under_floor()
        path = f"/odoo/supplier-deposits/{deposit.id}"
        self._tour(path, "approve_under_floor", self.director)
        self.assertEqual(deposit.state, "due")

    def test_card_says_by_how_much(self):
        self._read_card()
