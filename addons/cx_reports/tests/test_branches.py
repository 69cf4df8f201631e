from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .common import moment
from .waiting_common import REPORT, WaitingCommon

MONDAY = fields.Date.to_date("2026-03-02")


@tagged("post_install", "-at_install")
class TestBranches(WaitingCommon):
    """Each company counts with its own hours; nobody sees those that are not chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch, cls.stranger = cls.env["res.company"].create(
            [
                {"name": "Branch", "parent_id": cls.company.id},
                {"name": "Stranger"},
            ]
        )
        cls.companies = cls.company | cls.branch | cls.stranger
        cls.boss = new_user(
            cls.env,
            "cx-boss",
            groups="base.group_user,sales_team.group_sale_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.companies.ids)],
        )

    def setUp(self):
        super().setUp()
        self.spans = {}
        start = moment(MONDAY, 9)
        for company in self.companies:
            order = self.env["sale.order"].create(
                {"partner_id": self.customer.id, "company_id": company.id}
            )
            self.spans[company] = self._span(
                order,
                "care",
                start,
                start + timedelta(hours=2),
                company_id=company.id,
            )

    def _rows(self, companies):
        self.env.flush_all()
        reports = self.env[REPORT].with_user(self.boss)
        return reports.with_context(allowed_company_ids=companies.ids).search([])

    def test_only_companies_that_are_chosen(self):
        for chosen in (self.company, self.branch, self.company | self.branch):
            expected = {self.spans[company].id for company in chosen}
            self.assertEqual(set(self._rows(chosen).ids) & self._all(), expected)

    def _lookups(self, reader, companies):
        """Return how often the orders that somebody reads are looked up."""
        reports = self.env[REPORT].with_user(reader)
        query = reports.with_context(allowed_company_ids=companies.ids)._table_query
        return query.code.count('FROM "sale_order" WHERE')

    def _all_companies(self):
        return self.env["res.company"].with_context(active_test=False).search([])

    def test_with_all_companies_chosen_no_order_is_looked_up(self):
        """There is nothing to compare: no rule keeps an order from the reader."""
        everywhere = self._all_companies()
        self.boss.company_ids = everywhere
        self.assertEqual(self._lookups(self.boss, everywhere), 0)
        self.assertLessEqual(self._all(), set(self._rows(everywhere).ids))

    def _tell(self):
        """Do what the job of the timeline does."""
        self.env.flush_all()
        changes = self.env["timeline.change"]
        while changes._follow_batch():
            self.env.flush_all()

    def test_nobody_waits_for_orders_that_are_deleted(self):
        """Neither who reads all, nor who has fewer companies."""
        everywhere = self._all_companies()
        self.boss.company_ids = everywhere
        order = self.spans[self.company].sudo().sale_id
        kept = self.spans[self.branch].sudo().sale_id
        self._tell()
        order.unlink()
        self._tell()
        start = moment(MONDAY, 9)
        end = start + timedelta(hours=2)
        gone = self._span(order, "care", start, end)
        there = self._span(kept, "care", start, end, company_id=self.branch.id)
        for chosen in (everywhere, self.company | self.branch):
            rows = self._rows(chosen)
            self.assertNotIn(gone.id, rows.ids)
            self.assertIn(there.id, rows.ids)

    def test_order_that_was_deleted_this_moment_has_no_link(self):
        everywhere = self._all_companies()
        self.boss.company_ids = everywhere
        gone = self.spans[self.company]
        gone.sudo().sale_id.unlink()
        row = self._rows(everywhere).filtered(lambda row: row.id == gone.id)
        self.assertFalse(row.sale_id)
        self.assertFalse(row.action_open_source())

    def test_a_company_that_is_closed_is_one_that_was_not_chosen(self):
        chosen = self._all_companies() - self.stranger
        self.boss.company_ids = chosen
        self.stranger.action_archive()
        self.assertGreater(self._lookups(self.boss, chosen), 0)
        expected = self._all() - {self.spans[self.stranger].id}
        self.assertEqual(set(self._rows(chosen).ids) & self._all(), expected)

    def test_orders_of_others_are_looked_up_in_all_companies(self):
        everywhere = self._all_companies()
        seller = new_user(
            self.env,
            "cx-seller",
            groups="base.group_user,sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(everywhere.ids)],
        )
        self.assertGreater(self._lookups(seller, everywhere), 0)
        own = self.spans[self.branch]
        own.sudo().sale_id.user_id = seller
        self.env.flush_all()
        reports = self.env[REPORT].with_user(seller)
        found = reports.with_context(allowed_company_ids=everywhere.ids).search([])
        others = {self.spans[self.company].id, self.spans[self.stranger].id}
        self.assertIn(own.id, found.ids)
        self.assertFalse(others & set(found.ids))

    def test_groups_cross_no_company(self):
        self.env.flush_all()
        reports = self.env[REPORT].with_user(self.boss)
        groups = reports.with_context(allowed_company_ids=self.branch.ids)._read_group(
            [], ["company_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.branch, 1)])

    def test_branch_has_its_own_day(self):
        """Its orders are judged by its own days, not by those of the parent."""
        self.branch.partner_id.tz = "America/Lima"
        self.env.flush_all()
        zones = {
            company: zone
            for company, zone, _today in self.env.execute_query(
                self.env["cx.report"]._get_zones_sql()
            )
        }
        self.assertEqual(zones[self.branch.id], "America/Lima")
        self.assertEqual(zones[self.company.id], "Asia/Ho_Chi_Minh")
        self.assertEqual(zones[self.branch.id], str(self.branch._approval_zone()))

    def _all(self):
        return {span.id for span in self.spans.values()}
