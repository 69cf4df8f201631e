from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestExpiredQuotations(PromiseCommon):
    """Offers that are over are not promised again and again."""

    def _offer(self, until=None):
        line = self._quotation(4)
        line.order_id.validity_date = until and self._day(until)
        return line

    def _is_open(self, line):
        return self._promise(line).is_open

    def test_an_offer_is_open_until_the_end_of_its_last_day(self):
        line = self._offer(2)
        self.assertTrue(self._is_open(line))
        for number, is_open in ((2, True), (3, False)):
            with freeze_time(day(number)):
                self.promises._cron_day()
                self.assertEqual(self._is_open(line), is_open)

    def test_what_happens_to_the_product_does_not_wake_it(self):
        line = self._offer(-1)
        self.assertFalse(self._is_open(line))
        self._purchase(10, day(3))
        self.assertFalse(self._is_open(line))
        self.promises._follow(line)
        self.assertFalse(self._is_open(line))

    def test_an_old_offer_without_an_end_is_over(self):
        line = self._offer()
        with freeze_time(day(31)):
            self.promises._cron_day()
            self.assertFalse(self._is_open(line))

    def test_the_past_is_filled_without_offers_that_are_over(self):
        over, open_ = self._offer(-1), self._offer(5)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM supply_change")
        while self.promises._fill_batch(batch=10):
            pass
        self._run_job()
        self.assertFalse(self._promise(over))
        self.assertTrue(self._promise(open_))

    def test_the_verification_does_not_miss_them(self):
        line = self._offer(-1)
        self._run_job()
        self.assertEqual(self.promises._find_differences(line), [])

    def test_a_longer_offer_is_open_again(self):
        line = self._offer(-1)
        self._run_job()
        line.order_id.validity_date = self._day(9)
        self.assertTrue(self._is_open(line))

    def test_who_was_told_a_day_counts_on_it(self):
        line = self._offer(2)
        self.promises._tell(line, {line.id: self._day(9)}, "phone")
        for number, is_open in ((5, True), (10, False)):
            with freeze_time(day(number)):
                self.promises._cron_day()
                self.assertEqual(self._is_open(line), is_open)

    def test_a_day_can_be_told_of_an_offer_that_is_over(self):
        line = self._offer(-1)
        self.promises._tell(line, {line.id: self._day(9)}, "phone")
        promise = self._promise(line)
        self.assertEqual(self._to_number(promise.told_on), 9)
        self.assertTrue(promise.is_open)

    def test_the_panel_still_says_what_would_be_possible(self):
        self._count(4)
        look = self._look(self._offer(-1))
        self.assertEqual(look.answer.now, 4)

    def test_one_that_is_ordered_is_open(self):
        line = self._offer(-1)
        self._run_job()
        line.order_id.action_confirm()
        self.assertTrue(self._is_open(line))
