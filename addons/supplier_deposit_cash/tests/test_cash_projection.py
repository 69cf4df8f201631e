from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.supplier_deposit_cash.cash_projection import (
    lowest,
    project,
    spend,
)

START, END = date(2030, 1, 1), date(2030, 1, 31)


@tagged("post_install", "-at_install")
class TestCashProjection(BaseCase):
    def test_what_is_late_is_expected_today(self):
        days = project(100, [(date(2029, 5, 1), -30)], START, END)
        self.assertEqual(days, [(START, 70), (END, 70)])

    def test_what_lies_beyond_the_horizon_is_left_out(self):
        days = project(100, [(date(2030, 2, 1), -30)], START, END)
        self.assertEqual(days, [(START, 100), (END, 100)])

    def test_lowest_point_counts_from_the_day_money_is_spent(self):
        flows = [(date(2030, 1, 5), -90), (date(2030, 1, 10), 200)]
        days = project(100, flows, START, END)
        self.assertEqual(lowest(days, START), (date(2030, 1, 5), 10))
        self.assertEqual(lowest(days, date(2030, 1, 7)), (date(2030, 1, 7), 10))
        self.assertEqual(lowest(days, date(2030, 1, 12)), (date(2030, 1, 12), 210))

    def test_what_is_spent_besides_counts_from_its_day_on(self):
        days = project(100, [(date(2030, 1, 10), 50)], START, END)
        flows = [(date(2030, 1, 5), -30), (date(2030, 1, 10), -20)]
        self.assertEqual(
            spend(days, flows),
            [
                (START, 100),
                (date(2030, 1, 5), 70),
                (date(2030, 1, 10), 100),
                (END, 100),
            ],
        )

    def test_what_should_have_been_spent_is_spent_today(self):
        days = project(100, [], START, END)
        self.assertEqual(
            spend(days, [(date(2029, 5, 1), -30)]), [(START, 70), (END, 70)]
        )

    def test_what_is_spent_beyond_the_horizon_is_left_out(self):
        days = project(100, [], START, END)
        self.assertEqual(spend(days, [(date(2030, 3, 1), -30)]), days)
