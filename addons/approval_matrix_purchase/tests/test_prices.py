from odoo.tests import TransactionCase, tagged

from ..prices import judge_price


@tagged("post_install", "-at_install")
class TestJudgePrice(TransactionCase):
    """The arithmetic, without orders."""

    def test_far_above_begins_at_the_share_of_the_company(self):
        self.assertIsNone(judge_price(119.99, 100, 20))
        self.assertEqual(judge_price(120, 100, 20), "above")

    def test_a_third_of_a_cent_is_no_difference(self):
        self.assertEqual(judge_price(0.36, 0.3, 20), "above")

    def test_a_bargain_is_not_far_below(self):
        for price in (99, 50, 21):
            self.assertIsNone(judge_price(price, 100, 20), price)

    def test_a_slip_is(self):
        for name, price, last in (
            ("box for piece", 20_000, 120_000),
            ("a zero is missing", 12_000, 120_000),
            ("three zeros are missing", 120, 120_000),
            ("dollars", 4.7, 120_000),
        ):
            with self.subTest(name):
                self.assertEqual(judge_price(price, last, 20), "below")

    def test_a_fifth_is_far_below(self):
        self.assertEqual(judge_price(20, 100, 20), "below")
        self.assertEqual(judge_price(0.1 + 0.2, 1.5, 20), "below")

    def test_another_currency_counts_only_far_beyond_its_rate(self):
        for price in (450, 130, 100, 70, 21):
            self.assertIsNone(judge_price(price, 100, 20, is_foreign=True), price)
        for price in (500, 2_500_000, 20, 0.004):
            found = judge_price(price, 100, 20, is_foreign=True)
            self.assertEqual(found, "currency", price)

    def test_what_is_for_free_is_no_slip(self):
        self.assertIsNone(judge_price(0, 100, 20))
        self.assertIsNone(judge_price(100, 0, 20))

    def test_who_wants_no_warning_of_prices_gets_none(self):
        for price in (1, 1000):
            self.assertIsNone(judge_price(price, 100, 0))
            self.assertIsNone(judge_price(price, 100, 0, is_foreign=True))
