from odoo.tests import BaseCase, tagged

from odoo.addons.supplier_deposit.allocation import billed_share, split_down_payment


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
