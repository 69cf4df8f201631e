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
