from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.spend_budget.tests.common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestAgreements(SpendBudgetCommon):
    """What is agreed with vendors and not ordered yet shows in the forecast."""

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-06-10 08:00:00"))

    def _agree(self, quantity=6, price=100, is_confirmed=True, lines=1, **values):
        agreement = self.env["purchase.requisition"].create(
            {
                "vendor_id": self.vendor.id,
                "company_id": self.company.id,
                "date_start": "2026-01-01",
                "date_end": "2026-08-31",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "analytic_distribution": {str(self.clinic.id): 100},
                        }
                    )
                    for _number in range(lines)
                ],
                **values,
            }
        )
        if is_confirmed:
            agreement.action_confirm()
        return agreement

    def _call_off(self, agreement, quantity, **values):
        """Order some of it."""
        return self._order(
            price=100, quantity=quantity, requisition_id=agreement.id, **values
        )

    def _rows(self, line, kind="plan"):
        self.env.invalidate_all()
        return {
            month.month: amount
            for month, amount in self.env["spend.forecast"]._read_group(
                [("line_id", "=", line.id), ("kind", "=", kind)],
                ["month:month"],
                ["amount:sum"],
            )
        }

    def test_rest_is_taken_in_equal_parts_until_the_agreement_ends(self):
        line = self._line()
        self._agree()
        self.assertEqual(self._rows(line), {6: 200, 7: 200, 8: 200})

    def test_parts_come_to_the_whole(self):
        line = self._line()
        self._agree(quantity=1, price=100)
        rows = self._rows(line)
        self.assertAlmostEqual(sum(rows.values()), 100, 2)
        self.assertLessEqual(max(rows.values()) - min(rows.values()), 0.011)

    def test_what_is_to_begin_later_takes_nothing_before(self):
        line = self._line()
        self._agree(date_start="2026-08-15")
        self.assertEqual(self._rows(line), {8: 600})

    def test_what_should_have_ended_is_taken_now(self):
        line = self._line()
        self._agree(date_end="2026-05-31")
        self.assertEqual(self._rows(line), {6: 600})

    def test_without_an_end_it_lasts_as_long_as_the_budget(self):
        line = self._line()
        self._agree(quantity=7, date_end=False)
        self.assertEqual(self._rows(line), dict.fromkeys(range(6, 13), 100))

    def test_what_is_ordered_or_waits_counts_itself(self):
        line = self._line(amount=5000)
        agreement = self._agree(quantity=12)
        self._call_off(agreement, 3).button_confirm()
        self._call_off(agreement, 3).write({"state": "to approve"})
        self._call_off(agreement, 5)  # a quotation: it may come to nothing
        self.assertEqual(self._rows(line), {6: 200, 7: 200, 8: 200})
        self.assertEqual(self._rows(line, "commit"), {6: 300})
        self.assertEqual(self._rows(line, "reserve"), {6: 300})

    def test_of_two_lines_of_a_product_the_first_is_used_up_first(self):
        line = self._line(amount=5000)
        agreement = self._agree(lines=2)
        self._call_off(agreement, 9).button_confirm()
        self.assertEqual(self._rows(line), {6: 100, 7: 100, 8: 100})

    def test_more_than_was_agreed_leaves_nothing(self):
        line = self._line(amount=5000)
        agreement = self._agree()
        self._call_off(agreement, 9).button_confirm()
        self.assertEqual(self._rows(line), {})

    def test_orders_in_another_unit_use_it_up(self):
        line = self._line(amount=5000)
        agreement = self._agree(quantity=18)
        order = self._call_off(agreement, 1)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.price_unit = 1200
        order.button_confirm()
        self.assertEqual(self._rows(line), {6: 200, 7: 200, 8: 200})

    def test_only_confirmed_blanket_orders_are_plans(self):
        line = self._line()
        self._agree(is_confirmed=False)
        self._agree(requisition_type="purchase_template")
        closed, cancelled = self._agree(), self._agree()
        closed.action_done()
        cancelled.action_cancel()
        self.assertEqual(self._rows(line), {})

    def test_nonsense_closes_nobodys_forecast(self):
        line = self._line()
        self._agree()
        for price in (1e20, 1e200):
            self._agree(quantity=1e10, price=price)
        self.assertEqual(self._rows(line), {6: 200, 7: 200, 8: 200})

    def test_amounts_without_a_rate_are_left_out(self):
        line = self._line()
        currency = self.env["res.currency"].create({"name": "XAG", "symbol": "X"})
        agreement = self._agree(currency_id=currency.id)
        self.assertEqual(self._rows(line), {})
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 2,
            }
        )
        self.assertEqual(self._rows(line), {6: 100, 7: 100, 8: 100})
        self.assertEqual(agreement.currency_id, currency)

    def test_taxes_that_nobody_gives_back_belong_to_it(self):
        tax = self.env["account.tax"].create(
            {
                "name": "Lost",
                "type_tax_use": "purchase",
                "amount": 10,
                "company_id": self.company.id,
                "invoice_repartition_line_ids": [
                    Command.create({"repartition_type": "base"}),
                    Command.create({"repartition_type": "tax"}),
                ],
            }
        )
        self.product.supplier_taxes_id = tax
        line = self._line()
        self._agree()
        self.assertEqual(self._rows(line), {6: 220, 7: 220, 8: 220})

    def test_department_of_who_buys_pays(self):
        department = self._department("Wards")
        self.buyer.employee_id.department_id = department
        line = self._budget({"amount": 1000, "department_id": department.id}).line_ids
        self._agree(user_id=self.buyer.id)
        self.assertEqual(self._rows(line), {6: 200, 7: 200, 8: 200})

    def test_line_by_account_sees_it(self):
        account = self.company_data["default_account_expense"]
        line = self._budget({"amount": 1000, "general_account_id": account.id}).line_ids
        self._agree()
        self.assertEqual(sum(self._rows(line).values()), 600)

    def test_it_reserves_nothing(self):
        line = self._line(amount=100)
        self._agree()
        self.assertEqual(line.available, 100)
        self.assertFalse(self.env["spend.entry"].search([("line_id", "=", line.id)]))
