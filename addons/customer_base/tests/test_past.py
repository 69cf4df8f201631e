from unittest.mock import patch

from odoo.tests import tagged

from ..models import customer_key
from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestPast(CustomerCommon):
    """Customers who were there before."""

    def setUp(self):
        super().setUp()
        self.keys = self.env["customer.key"]
        self.env.cr.execute("DELETE FROM customer_key")

    def _run(self, rounds=None):
        """Run the job; it is killed after some rounds."""
        left = iter(range(rounds)) if rounds else None

        def commit(_cron, processed=0, *, remaining=None, **_other):
            return 0 if left and next(left, None) is None else 1

        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", commit):
            self.keys._cron_fill()

    def _count(self):
        self.env.cr.execute("SELECT COUNT(DISTINCT partner_id) FROM customer_key")
        return self.env.cr.fetchone()[0]

    def test_the_job_finds_them(self):
        self.assertEqual(self._levels(phone="0912345678"), {})
        self.keys._begin_filling()
        self._run()
        self.assertEqual(self._levels(phone="0912345678"), {self.lan.id: "possible"})

    def test_the_job_goes_on_where_it_was(self):
        self.keys._begin_filling()
        with patch.object(customer_key, "BATCH", 1):
            self._run(rounds=2)
            some = self._count()
            self.assertGreater(some, 0)
            self._run()
        self.assertGreater(self._count(), some)
        self.assertEqual(self._levels(phone="0912345678"), {self.lan.id: "possible"})

    def test_when_all_is_done_the_job_does_nothing(self):
        self.keys._begin_filling()
        self._run()
        self.env.cr.execute("DELETE FROM customer_key")
        self._run()
        self.assertEqual(self._count(), 0)
