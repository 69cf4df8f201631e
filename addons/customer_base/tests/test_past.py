from unittest.mock import patch

from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..models import customer_key
from .common import CustomerCommon

MIGRATION = "customer_base/migrations/19.0.1.4.0/post-keys-anew.py"


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

    def test_who_has_it_begin_anew_is_not_overwritten(self):
        self.keys._begin_filling()
        with patch.object(customer_key, "BATCH", 1):
            self._run(rounds=2)
            self.keys._begin_filling()
            self._run(rounds=1)
        newest = self.env["res.partner"].with_context(active_test=False)
        newest = newest.search([], order="id DESC", limit=2)
        mark = self.env["customer.mark"]._get_place(customer_key.FILLED_TO)
        self.assertEqual(mark, newest[1].id)

    def test_a_batch_leaves_the_caches_of_all_workers(self):
        self.keys._begin_filling()
        registry = type(self.env.registry)
        with (
            patch.object(customer_key, "BATCH", 1),
            patch.object(registry, "clear_cache", autospec=True) as cleared,
        ):
            self._run(rounds=2)
        cleared.assert_not_called()

    def test_a_company_that_moves_abroad_has_all_looked_at_again(self):
        """Numbers without a country are another country's now."""
        parameters = self.env["ir.config_parameter"]
        company = self.env["res.company"].search([], order="id", limit=1)
        germany, vietnam = self.env.ref("base.de").id, self.env.ref("base.vn").id
        for change in (
            lambda: company.partner_id.write({"country_id": germany}),
            lambda: company.write({"country_id": vietnam}),
        ):
            parameters.set_param(customer_key.FILLED_TO, False)
            self.lan.country_id = self.env.ref("base.fr")
            company.partner_id.street = "1 Lê Lợi"
            self.assertFalse(parameters.get_param(customer_key.FILLED_TO))
            change()
            self.assertTrue(parameters.get_param(customer_key.FILLED_TO))
        self._run()
        self.assertFalse(parameters.get_param(customer_key.FILLED_TO))

    def test_when_all_is_done_the_job_does_nothing(self):
        self.keys._begin_filling()
        self._run()
        self.env.cr.execute("DELETE FROM customer_key")
        self._run()
        self.assertEqual(self._count(), 0)

    def test_a_job_of_an_earlier_version_goes_on_where_it_was(self):
        self.env.cr.execute("DELETE FROM customer_mark")
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(customer_key.FILLED_TO, str(self.lan.id))
        self._run()
        self.assertEqual(self._levels(name="Nguyễn Thị Lan", phone="0912345678"), {})
        found = self._levels(name="An Phát", vat="0100233488", is_company=True)
        self.assertEqual(found, {self.an_phat.id: "sure"})

    def test_keys_of_an_earlier_version_are_worked_out_anew(self):
        self.env.cr.execute("DELETE FROM customer_changed")
        path = file_path(MIGRATION)
        load_script(path, "post_keys_anew").migrate(self.env.cr, "19.0.1.0.0")
        self._run()
        self.assertEqual(self._levels(phone="0912345678"), {self.lan.id: "possible"})
        # pairs were judged in another way
        _rows, changed = self.env["customer.changed"]._take(100_000)
        self.assertIn(self.lan.id, changed)
