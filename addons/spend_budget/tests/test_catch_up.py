from unittest.mock import patch

from odoo.tests import tagged

from ..models import spend_budget_lifecycle, spend_bulk
from .test_entries import EntriesCommon


@tagged("post_install", "-at_install")
class TestCatchUp(EntriesCommon):
    """A budget that opens on large books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for amount in (10, 20, 30, 40, 50):
            cls._entry(cls._item(amount))
        read = spend_bulk.SpendBulk._get_postings
        cls.classPatch(spend_budget_lifecycle, "MOST_AT_ONCE", 3)
        cls.classPatch(
            spend_bulk.SpendBulk,
            "_get_postings",
            lambda self, budget, after, size=2: read(self, budget, after, size),
        )

    def _catch_up(self):
        with self.enter_registry_test_mode():
            self.env.ref("spend_budget.ir_cron_catch_up").method_direct_trigger()
        self.env.invalidate_all()

    def test_scheduler_counts_what_is_there(self):
        line = self._line()
        self.assertTrue(line.budget_id.is_catching_up)
        self.assertEqual(line.actual, 0)
        self._catch_up()
        self.assertFalse(line.budget_id.is_catching_up)
        self.assertBalance(line, actual=150)

    def test_few_items_are_counted_at_once(self):
        line = self._line(part_to="2026-06-30")
        self.assertEqual(line.actual, 0)
        with patch.object(spend_budget_lifecycle, "MOST_AT_ONCE", 5):
            line = self._line()
        self.assertFalse(line.budget_id.is_catching_up)
        self.assertBalance(line, actual=150)

    def test_killed_worker_is_followed_by_another(self):
        line = self._line()
        budget = line.budget_id.sudo()
        bulk = self.env["spend.bulk"].sudo()
        last = bulk._synchronise_items(budget, 0)
        budget._system_write({"catch_up_after": last})
        self.assertBalanceOnly(line, 30)
        self._catch_up()
        self.assertBalance(line, actual=150)

    def test_from_the_beginning_counts_nothing_twice(self):
        line = self._line()
        self._catch_up()
        line.budget_id._synchronise()
        self._catch_up()
        self.assertBalance(line, actual=150)

    def test_posting_meanwhile_is_counted_once(self):
        line = self._line()
        self._entry(self._item(7))
        self._catch_up()
        self.assertBalance(line, actual=157)

    def test_what_would_be_over_a_blocking_line_is_said(self):
        line = self._line(amount=100, control="block")
        self._catch_up()
        budget = line.budget_id
        self.assertFalse(budget.is_catching_up)
        self.assertIn("Not enough budget", budget.message_ids[0].body)
        self.assertLessEqual(line.actual, 100)

    def test_nobody_writes_how_far_it_is(self):
        budget = self._line().budget_id
        budget.with_user(self.manager).write({"is_catching_up": False})
        self.assertTrue(budget.is_catching_up)
        copy = budget.with_context(default_is_catching_up=True).copy()
        self.assertFalse(copy.is_catching_up)

    def assertBalanceOnly(self, line, actual):
        self.env.invalidate_all()
        self.assertEqual(line.actual, actual)
