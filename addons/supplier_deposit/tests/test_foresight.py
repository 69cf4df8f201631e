from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import format_date

from odoo.addons.approval_matrix.tests.users import new_user

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestForesight(DepositCommon):
    """Whoever approves an order reads what is to be paid before any goods come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = new_user(
            cls.env,
            "deposit.head",
            groups="purchase.group_purchase_user",
            company_id=cls.company.id,
        )
        step = {"name": "Head", "user_ids": [Command.set(cls.head.ids)]}
        cls.env["approval.rule"].sudo().create(
            {
                "name": "Orders",
                "model_id": cls.env["ir.model"].sudo()._get_id("purchase.order"),
                "company_id": cls.company.id,
                "step_ids": [Command.create(step)],
            }
        )
        cls.arrival = fields.Datetime.now() + timedelta(days=20)

    def _submitted(self, **values):
        order = self._order(user=self.buyer, user_id=self.buyer.id, **values)
        self.assertEqual(order.state, "to approve")
        return order

    def _card(self, order, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        task = order.sudo().approval_process_id.task_ids
        return task.with_user(user or self.head).sudo(False).card

    def _told(self, order):
        return dict(self._card(order)["details"]).get("Deposit", "")

    def _format(self, amount):
        return self.company.currency_id.format(amount)

    def test_amount_and_day_of_each_deposit(self):
        rule = self._rule(30, 20)
        rule.line_ids[1].write({"trigger": "before_delivery", "days": 7})
        order = self._order(confirm=False, user_id=self.buyer.id)
        order.order_line.date_planned = self.arrival
        order.with_user(self.buyer).button_confirm()
        arrival = self.company._approval_day(order.date_planned)
        day = format_date(self.env, arrival - timedelta(days=7))
        self.assertEqual(
            self._told(order).splitlines(),
            [
                f"{self._format(300)} when it is approved",
                f"{self._format(200)} on {day}",
            ],
        )
        self.assertFalse(order.sudo().deposit_ids, "reading makes none")

    def test_a_day_that_is_over_is_at_once(self):
        rule = self._rule(30)
        rule.line_ids.write({"trigger": "before_delivery", "days": 60})
        self.assertIn("when it is approved", self._told(self._submitted()))

    def test_what_is_paid_already_is_not_told_again(self):
        rule = self._rule(30, 20)
        rule.line_ids[1].write({"trigger": "before_delivery", "days": 7})
        order = self._order(confirm=False, user_id=self.buyer.id)
        order.order_line.date_planned = self.arrival
        order.with_user(self.buyer).button_confirm()
        order.with_user(self.head).action_approve()
        self.assertEqual(order.sudo().deposit_ids.mapped("state"), ["paid", "planned"])
        order.with_user(self.buyer).order_line.product_qty = 12
        self.assertEqual(order.state, "to approve")
        told = self._told(order)
        self.assertEqual(len(told.splitlines()), 1)
        self.assertIn(f"{self._format(240)} on", told)

    def test_nothing_where_no_rule_makes_a_deposit(self):
        self._rule(30, amount_min=5000)
        self.assertEqual(self._card(self._submitted())["details"], [])

    def test_the_requester_is_told_nothing(self):
        self._rule(30)
        order = self._submitted()
        self.assertEqual(self._card(order, self.buyer)["details"], [])

    def test_queries_do_not_grow_with_the_number_of_cards(self):
        self._rule(30, 20, journal_id=False)

        def count(number):
            orders = [self._submitted() for _number in range(number)]
            ids = [order.sudo().approval_process_id.task_ids.id for order in orders]
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            tasks = self.env["approval.task"].with_user(self.head).browse(ids)
            for card in tasks.mapped("card"):
                self.assertTrue(card["details"])
            return self.env.cr.sql_log_count - start

        count(2)  # what is remembered from then on
        self.assertEqual(count(2), count(80))
