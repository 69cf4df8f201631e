from odoo import Command
from odoo.tests import Form, tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestQueries(SpendBudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.users"].browse(cls.buyer.id).group_ids += cls.env.ref(
            "analytic.group_analytic_accounting"
        )

    def _count(self, operation):
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.cache.clear()
        before = self.env.cr.sql_log_count
        operation()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _confirm(self):
        order = self._order(lines=[{"price_unit": 10 + n} for n in range(5)])
        return self._count(order.button_confirm)

    def test_confirming_costs_one_query_without_budgets(self):
        self._confirm()
        statements = []
        plain = self._confirm_watched(statements)
        ours = [each for each in statements if "spend_" in each]
        self.assertEqual(len(ours), 1, plain)

    def _confirm_watched(self, statements):
        order = self._order(lines=[{"price_unit": 10 + n} for n in range(5)])
        execute = type(self.env.cr).execute

        def watch(cursor, query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", watch)
        return self._count(order.button_confirm)

    def test_confirming_with_a_budget_costs_a_handful(self):
        self._confirm()
        without = self._confirm()
        self._line(100000)
        self._confirm()
        self.assertLessEqual(self._confirm() - without, 20)

    def test_number_of_lines_does_not_matter(self):
        self._line(1000000)

        def cost(number):
            order = self._submitted(lines=[{"price_unit": 1}] * number)
            return self._count(
                lambda: order.write(
                    {
                        "order_line": [
                            Command.update(line.id, {"price_unit": 5})
                            for line in order.order_line
                        ]
                    }
                )
            )

        cost(5)
        few, many = cost(5), cost(40)
        self.assertLessEqual(many - few, 2 * 35)

    def _read(self, orders):
        orders = orders.with_user(self.buyer).with_prefetch(orders.ids)
        return self._count(lambda: orders.mapped("budget_state"))

    def _assert_list_costs_no_more(self, **values):
        """Check that a list of many quotations costs as much as one of a few."""
        orders = self.env["purchase.order"].union(
            *(self._order(lines=[{"price_unit": 5}] * 2, **values) for _n in range(12))
        )
        self._read(orders)
        self.assertEqual(self._read(orders[:3]), self._read(orders))

    def test_list_of_quotations_that_no_line_is_for(self):
        self._line(account_id=self.ward.id)
        self.company.budget_missing_policy = "warn"
        self._assert_list_costs_no_more()

    def test_list_of_quotations_outside_every_budget(self):
        self._budget({"account_id": self.clinic.id, "amount": 10}, date_to="2026-05-31")
        self.company.budget_missing_policy = "warn"
        self._assert_list_costs_no_more(date_order="2026-08-01 08:00:00")

    def test_panels_of_many_quotations(self):
        self._line(account_id=self.ward.id)
        self.company.budget_missing_policy = "ask"
        orders = self.env["purchase.order"].union(
            *(self._order(lines=[{"price_unit": 5}] * 2) for _n in range(12))
        )

        def read(orders):
            return self._count(lambda: orders.mapped("budget_now"))

        read(orders)
        self.assertEqual(read(orders[:3]), read(orders))

    def test_opening_a_budget_does_not_depend_on_its_lines(self):
        accounts = self.env["account.analytic.account"].create(
            [
                {
                    "name": f"A{n}",
                    "plan_id": self.plan.id,
                    "company_id": self.company.id,
                }
                for n in range(500)
            ]
        )

        def cost(number):
            budget = self._budget(
                *[{"account_id": each.id, "amount": 5} for each in accounts[:number]]
            )
            Form(budget)
            return self._count(lambda: Form(budget))

        cost(5)
        few, many = cost(5), cost(500)
        self.assertEqual(few, many)
