from odoo import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestOrderCard(PromiseCommon):
    """Whoever approves an order reads for whom it is, and what they were told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head, cls.stranger = cls.env["res.users"].create(
            [
                {
                    "name": name,
                    "login": f"card-{name.lower()}",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref(group).ids)],
                }
                for name, group in (
                    ("Head", "purchase.group_purchase_user"),
                    ("Stranger", "base.group_user"),
                )
            ]
        )
        people = cls.head | cls.stranger
        step = {"name": "Any", "quorum": "one", "user_ids": [Command.set(people.ids)]}
        cls.env["approval.rule"].create(
            {
                "name": "Orders",
                "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                "company_id": cls.company.id,
                "step_ids": [Command.create(step)],
            }
        )

    def _bought_for(self, line):
        """Return an order that buys what an order line sells, and waits."""
        order = self._purchase(1, self._day(9), confirm=False).order_id
        order.order_line.sale_line_id = line
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        return order

    def _tasks(self, orders, user):
        """Return the tasks of a user, of which nothing is known yet."""
        tasks = self.env["approval.task"].union(
            *(order.sudo().approval_process_id.task_ids for order in orders)
        )
        tasks = tasks.filtered(lambda task: task.user_id == user)
        self.env.flush_all()
        self.env.invalidate_all()
        return tasks.with_user(user).sudo(False).with_prefetch(tasks.ids)

    def _told(self, order, user=None):
        card = self._tasks(order, user or self.head).card
        return dict(card["details"]).get("For", "")

    def test_customer_and_day(self):
        line = self._sale(1, due=self._day(12))
        order = self._bought_for(line)
        name, day = line.order_id.name, format_date(self.env, self._day(12))
        self.assertEqual(self._told(order), f"Pool Customer ({name}): due {day}")

    def test_the_day_that_the_customer_was_told(self):
        line = self._sale(1, due=self._day(12))
        order = self._bought_for(line)
        told = self._day(15)
        self.promises.with_user(self.care)._tell(line, {line.id: told}, "phone")
        self.assertIn(f": promised {format_date(self.env, told)}", self._told(order))

    def test_the_first_day_comes_first(self):
        late, soon = self._sale(1, due=self._day(20)), self._sale(1, due=self._day(5))
        order = self._purchase(1, self._day(9), confirm=False).order_id
        order.order_line.sale_line_id = late
        order.order_line.copy({"order_id": order.id, "sale_line_id": soon.id})
        order.button_confirm()
        names = [
            row.split("(")[1].split(")")[0] for row in self._told(order).split("\n")
        ]
        self.assertEqual(names, [soon.order_id.name, late.order_id.name])

    def test_customers_are_for_those_who_may_read_them(self):
        line = self._sale(1)
        line.order_id.user_id = self.care
        order = self._bought_for(line)
        self.assertIn("Pool Customer", self._told(order, self.head))
        self.assertEqual(self._told(order, self.stranger), "")

    def test_what_is_bought_for_nobody_says_nothing(self):
        order = self._purchase(1, self._day(9), confirm=False).order_id
        order.button_confirm()
        self.assertEqual(self._told(order), "")

    def test_no_price_of_the_sale_is_told(self):
        line = self._sale(1, price_unit=7654321)
        card = self._tasks(self._bought_for(line), self.head).card
        self.assertNotIn("7,654,321", str(card))
        self.assertNotIn("7654321", str(card))

    def test_queries_do_not_grow_with_the_number_of_cards(self):
        line = self._sale(80)
        self.promises.with_user(self.care)._tell(line, {line.id: self._day(7)}, "phone")

        def count(number):
            orders = [self._bought_for(line) for _number in range(number)]
            tasks = self._tasks(orders, self.head)
            start = self.env.cr.sql_log_count
            for card in tasks.mapped("card"):
                self.assertIn("Pool Customer", dict(card["details"])["For"])
            return self.env.cr.sql_log_count - start

        count(2)  # what is remembered from then on
        self.assertEqual(count(2), count(80))
