from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.supplier_deposit.allocation import billed_share, split_down_payment
from odoo.addons.supplier_deposit.cash_projection import lowest, project

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


@tagged("post_install", "-at_install")
class TestAllocation(BaseCase):
    def test_share_is_of_money(self):
        self.assertEqual(billed_share([(1000, 10, 600, 5)]), 0.6)

    def test_everything_billed_is_all(self):
        self.assertEqual(billed_share([(1000, 10, 800, 10)]), 1.0)

    def test_share_stays_between_nothing_and_all(self):
        self.assertEqual(billed_share([(1000, 10, 1500, 5)]), 1.0)
        self.assertEqual(billed_share([(1000, 10, -50, -1)]), 0.0)
        self.assertEqual(billed_share([]), 0.0)

    def test_unit_of_a_down_payment_is_never_used_up_before_the_last_bill(self):
        left = 1.0
        for _bill in range(5):
            quantity, price = split_down_payment(20.01, left, False)
            self.assertAlmostEqual(quantity * price, 20.01)
            left -= quantity
            self.assertGreater(round(left, 2), 0)
        quantity, price = split_down_payment(7, left, True)
        self.assertAlmostEqual(quantity, left)
        self.assertAlmostEqual(quantity * price, 7)
