from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .common import CashCommon


@tagged("post_install", "-at_install")
class TestForesight(CashCommon):
    """Whoever approves an order reads what its deposits leave of the cash."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = new_user(
            cls.env,
            "cash.head",
            groups="purchase.group_purchase_user",
            company_id=cls.company.id,
        )
        people = cls.director | cls.head
        step = {"name": "Any", "quorum": "one", "user_ids": [Command.set(people.ids)]}
        cls.env["approval.rule"].sudo().create(
            {
                "name": "Orders",
                "model_id": cls.env["ir.model"].sudo()._get_id("purchase.order"),
                "company_id": cls.company.id,
                "step_ids": [Command.create(step)],
            }
        )

    def _submitted(self):
        order = self._order(user=self.buyer, user_id=self.buyer.id)
        self.assertEqual(order.state, "to approve")
        return order

    def _told(self, order, user):
        self.env.flush_all()
        self.env.invalidate_all()
        task = order.sudo().approval_process_id.task_ids.filtered(
            lambda task: task.user_id == user
        )
        details = dict(task.with_user(user).sudo(False).card["details"])
        return details.get("Cash After It", "")

    def _amount(self, amount):
        return self.company.currency_id.format(amount)

    def _lowest(self):
        """Return the lowest cash without any order that waits."""
        deposits = self.env["supplier.deposit"].sudo()
        days = deposits._project_cash(self.company, self.company._approval_day())
        return min(balance for _day, balance in days)

    def test_the_deposit_counts_before_anybody_made_it(self):
        self._rule(30)
        self.bank.cash_floor = self._lowest() - 100
        text = self._told(self._submitted(), self.director)
        self.assertIn(f"{self._amount(200)} under the floor", text)
        self.assertIn(self._amount(self._lowest() - 300), text)

    def test_above_the_floor(self):
        self._rule(30)
        self.bank.cash_floor = self._lowest() - 1000
        text = self._told(self._submitted(), self.director)
        self.assertIn("stays above the floor", text)
        self.assertIn(self._amount(self._lowest() - 300), text)

    def test_balances_are_for_accountants(self):
        self._rule(30)
        order, balance = self._submitted(), self._amount(self._lowest() - 300)
        self.assertIn(balance, self._told(order, self.director))
        self.assertEqual(self._told(order, self.head), "")
        self.bank.cash_floor = self._lowest() - 1000
        self.assertIn(balance, self._told(order, self.director))
        text = self._told(order, self.head)
        self.assertIn("stays above the floor", text)
        self.assertNotIn(balance, text)

    def test_a_deposit_that_is_projected_already_counts_once(self):
        lowest = self._lowest()
        rule = self._rule(30)
        rule.line_ids.write({"trigger": "before_delivery", "days": 0})
        order = self._order(confirm=False, user_id=self.buyer.id)
        order.order_line.date_planned = fields.Datetime.now() + timedelta(days=20)
        order.with_user(self.buyer).button_confirm()
        self.assertIn(self._amount(lowest - 300), self._told(order, self.director))
        order.with_user(self.head).action_approve()
        self.assertEqual(order.sudo().deposit_ids.state, "planned")
        order.with_user(self.buyer).order_line.product_qty = 12
        self.assertEqual(order.state, "to approve")
        # of the 360 that it comes to now
        self.assertIn(self._amount(lowest - 360), self._told(order, self.director))

    def test_the_cash_is_projected_once_for_all_cards(self):
        self._rule(30)
        orders = [self._submitted() for _number in range(3)]
        calls, model = [], self.registry["supplier.deposit"]
        project = model._project_cash

        def counted(deposits, *args):
            calls.append(args)
            return project(deposits, *args)

        self.patch(model, "_project_cash", counted)
        tasks = self.env["approval.task"].union(
            *(order.sudo().approval_process_id.task_ids for order in orders)
        )
        mine = tasks.filtered(lambda task: task.user_id == self.director)
        self.env.invalidate_all()
        cards = mine.with_user(self.director).sudo(False).mapped("card")
        self.assertEqual(len(cards), 3)
        self.assertEqual(len(calls), 1)
