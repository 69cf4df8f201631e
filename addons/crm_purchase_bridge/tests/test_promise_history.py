from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseHistory(PromiseCommon):
    """What is known of promises when they are compared with what became of them."""

    def test_a_quotation_confirmed_later_has_the_version_it_was_ordered_with(self):
        self._count(4)
        line = self._quotation(4)
        self._run_job()
        line.order_id.action_confirm()
        self._run_job()
        versions = self._versions(line)
        self.assertEqual(versions.mapped("is_ordered"), [True, False])
        self.assertEqual(versions[0].cause["code"], "ordered")

    def test_one_confirmed_before_the_job_saw_it_has_one_too(self):
        line = self._quotation(4)
        line.order_id.action_confirm()
        self._run_job()
        self.assertEqual(self._versions(line).mapped("is_ordered"), [True])

    def test_following_again_adds_no_version(self):
        line = self._quotation(4)
        self._run_job()
        line.order_id.action_confirm()
        self._run_job()
        self.promises._follow(line)
        self.assertEqual(len(self._versions(line)), 2)

    def test_widths_count_the_version_of_the_order_only(self):
        """What was in stock as it was ordered, and was taken later, tells nothing about
        how good estimates of purchases are."""
        for number in range(8):
            self._add_delivered(number, spreads=(0.0, 2.0))
        self.assertFalse(self._count_widths())
        for number in range(8):
            self._add_delivered(number, spreads=(2.0, 0.0))
        self.assertEqual(self._count_widths().mapped("sample"), [8, 8])

    def test_lines_deleted_after_the_customer_was_told_are_marked(self):
        told, silent = self._quotation(4), self._quotation(3)
        self._run_job()
        self.promises._tell(told, {told.id: self._day(9)}, "phone")
        ids = told.id, silent.id
        for line in told, silent:
            line.order_id._action_cancel()
        told.order_id.unlink()
        self.env.cr.execute("DELETE FROM sale_order_line WHERE id = %s", [silent.id])
        self.assertEqual(self._get_marked(ids), [ids[0]])

    def test_lines_deleted_in_sql_are_marked_too(self):
        line = self._told_and_deleted()
        self.assertEqual(self._get_marked([line]), [line])
        self.assertFalse(self._verify())

    def test_verification_finds_deleted_lines_that_nobody_marked(self):
        line = self._told_and_deleted()
        self.env.cr.execute("DELETE FROM supply_promise_gone")
        self.assertEqual([finding.id for finding in self._verify()], [line])
        gone = self.env["supply.promise.gone"]
        gone._fill()
        self.assertEqual(self._get_marked([line]), [line])
        self.assertFalse(self._verify())
        gone._fill()

    def _told_and_deleted(self):
        """Tell a day for a line, delete the line in SQL, and return its id."""
        line = self._quotation(4)
        self._run_job()
        self.promises._tell(line, {line.id: self._day(9)}, "phone")
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM sale_order_line WHERE id = %s", [line.id])
        self.env.invalidate_all()
        return line.id

    def _get_marked(self, ids):
        marks = self.env["supply.promise.gone"]
        marks.invalidate_model(flush=False)
        return marks.search([("sale_line_id", "in", ids)]).mapped("sale_line_id")

    def _verify(self):
        checks = self.env["approval.verification"]._check_promises(self.company, 100)
        return [finding for _count, found in checks for finding in found]

    def _add_delivered(self, number, spreads):
        """Add a delivered line whose versions had these spreads."""
        self._count(1)
        line = self._sale(1)
        self.env["supply.promise.version"]._system_create(
            [
                {
                    "sale_line_id": line.id,
                    "company_id": self.company.id,
                    "is_ordered": True,
                    "likely_on": self._day(0),
                    "estimated_at": day(0) - timedelta(days=number),
                    "spread": spread,
                    "way": "ordered",
                }
                for spread in spreads
            ]
        )
        line.move_ids._action_assign()
        self._done(line.move_ids)

    def _count_widths(self):
        with freeze_time(day(1)):
            self.env["supply.pace"]._count_past(self.company)
        return self.env["supply.pace"].search(
            [("kind", "=", "width"), ("company_id", "=", self.company.id)]
        )
