"""Figures of little, of nothing, and of what went wrong."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .common import moment
from .test_overview import REPORTS
from .waiting_common import WaitingCommon

WAITS, DELIVERIES, VENDORS = (
    "cx.waiting.report",
    "cx.delivery.report",
    "cx.vendor.report",
)
PARTS = ("hours:median", "hours_p80:p80", "hours_p95:p95")


class LittleCommon(WaitingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.empty = cls.env["res.company"].create({"name": "Founded today"})
        cls.boss = new_user(
            cls.env,
            "cx-boss",
            groups="base.group_user,purchase.group_purchase_manager,"
            "sales_team.group_sale_manager,account.group_account_manager,"
            "stock.group_stock_manager,approval_matrix.group_approval_manager",
            company_id=cls.company.id,
            company_ids=[Command.set((cls.company | cls.empty).ids)],
            tz=False,
        )

    def _as_boss(self, company=None):
        self.env.flush_all()
        self.env.invalidate_all()
        company = company or self.company
        context = {"allowed_company_ids": company.ids}
        return self.env(user=self.boss, context=context, su=False)

    def _measures(self, report):
        return [
            f"{field.name}:{field.aggregator}"
            for field in report._fields.values()
            if field.aggregator and field.name != "id"
        ]

    def _read_all(self, env):
        """Read all there is, as screens do; return the page, figures and sentences."""
        for name in REPORTS:
            report = env[name]
            report.web_search_read([], {"display_name": {}})
            report.formatted_read_group([], [], ["__count", *self._measures(report)])
        page = env["cx.overview"].get_overview(90)
        figures = env["cx.overview"].get_promises(90) + env["cx.overview"].get_figures(
            90
        )
        hand_overs = env["cx.waiting"].get_hand_overs(90)
        return page, figures, hand_overs, env["cx.waiting"].get_what_if(90)


@tagged("post_install", "-at_install")
class TestNothing(LittleCommon):
    def test_company_without_records_has_no_figures(self):
        env = self._as_boss(self.empty)
        page, figures, hand_overs, what_if = self._read_all(env)
        self.assertEqual(page["departments"], [])
        self.assertGreater(len(figures), 5)
        said = {(figure["value"], figure["count"]) for figure in figures}
        self.assertEqual(said, {(None, 0)})
        self.assertEqual(hand_overs, [])
        self.assertEqual(what_if, {"what_if": [], "promises": None})
        for name in REPORTS:
            with self.subTest(report=name):
                domain = [("company_id", "=", self.empty.id)]
                self.assertFalse(env[name].search_count(domain))

    def test_no_rows_have_no_share(self):
        """Nothing, and not 0 %, which would say that all was late."""
        nothing = [("id", "=", 0)]
        for name in REPORTS:
            report = self._as_boss()[name]
            found = report._read_group(nothing, aggregates=self._measures(report))
            with self.subTest(report=name):
                self.assertFalse(any(found[0]))

    def test_company_without_working_hours_works_around_the_clock(self):
        self.company.resource_calendar_id = False
        case, start = self._case(), moment(self._day(-6), 20)
        self._span(case, "stock", start)
        env = self._as_boss()
        self._read_all(env)
        row = env[WAITS].search([("sale_id", "=", case.id)])
        hours = (moment(self._day(0), 19) - start) / timedelta(hours=1)
        self.assertAlmostEqual(row.hours_open, hours)
        self.assertEqual(env["cx.waiting"]._get_hours_a_day("stock"), 24)

    def test_working_hours_that_have_no_day_are_none(self):
        """Nobody works: then nothing waits in working hours, and all in others."""
        self.company.resource_calendar_id.attendance_ids.unlink()
        case, start = self._case(), moment(self._day(-6), 20)
        self._span(case, "stock", start)
        vendor = self._span(case, "vendor", start)
        env = self._as_boss()
        self._read_all(env)
        rows = env[WAITS].search([("sale_id", "=", case.id)])
        self.assertEqual((rows - vendor).hours_open, 0)
        self.assertGreater((rows & vendor).hours_open, 100)


@tagged("post_install", "-at_install")
class TestLittle(LittleCommon):
    def test_one_time_is_all_percentiles(self):
        start = moment(self._day(-6), 8)
        self._span(self._case(), "stock", start, start + timedelta(hours=2))
        found = self._as_boss()[WAITS]._read_group([], aggregates=PARTS)
        self.assertEqual([round(each, 4) for each in found[0]], [2, 2, 2])

    def test_all_open_is_in_no_median(self):
        case = self._case()
        for number in range(6):
            self._span(case, "stock", moment(self._day(-6 - number), 8))
        env = self._as_boss()
        ((count, over, *hours),) = env[WAITS]._read_group(
            [], aggregates=["hours_open:count", "over_rate:count", *PARTS]
        )
        self.assertEqual((count, over), (6, 0))
        self.assertFalse(any(hours))
        self.assertEqual(env["cx.waiting"].get_hand_overs(90), [])

    def test_open_opportunity_of_no_company_waits_too(self):
        """Its hours are those of the reader's company, as when it is over."""
        lead = self.env["crm.lead"].create(
            {"name": "Beds", "type": "opportunity", "user_id": self.boss.id}
        )
        lead.company_id = False
        start = moment(self._day(-4), 8)
        for company in (False, self.company.id):
            span = self._span(lead, "care", start, company_id=company or None)
            row = self._as_boss()[WAITS].browse(span.id)
            with self.subTest(company=company):
                # Thursday and Friday, and Monday until it is 19:00 there
                self.assertAlmostEqual(row.hours_open, 24)

    def test_goods_that_came_before_they_were_ordered_are_early(self):
        """A transfer that was dated back, and a purchase confirmed after it came."""
        line = self._order(2, wanted=-10, told=-10, day=-12)
        self._deliver(line, 2, moment(self._day(-20)))
        row = self._row(DELIVERIES, line)
        self.assertEqual((row.otif, row.outcome), ("met", "early"))
        self.assertEqual(row.days_late, -10)
        bought = self._purchase(2, moment(self._day(-12)))
        bought.order_id.picking_ids.action_cancel()
        self._move(
            self.suppliers,
            self.stock,
            2,
            moment(self._day(-30)),
            purchase_line_id=bought.id,
        )
        row = self._row(VENDORS, bought)
        self.assertEqual((row.verdict, row.on_time_rate), ("met", 100))
        self.assertLess(row.days_late, 0)

    def test_order_cancelled_in_the_middle_is_withdrawn_and_not_due(self):
        line = self._order(4, wanted=-10, told=-10)
        self._deliver(line, 1, moment(self._day(-11)))
        self._cancel(line, moment(self._day(-11), 15))
        self._run_job()
        row = self._row(DELIVERIES, line)
        self.assertFalse(row.otif)
        self.assertEqual(row.outcome, "withdrawn")
        domain = [("id", "=", line.id)]
        self.assertEqual(self._share(DELIVERIES, "otif_rate:count", domain), 0)
        self.assertEqual(self._share(DELIVERIES, "kept_rate:count", domain), 1)
        self.assertEqual(self._share(DELIVERIES, "kept_rate:avg", domain), 0)

    def test_nothing_due_has_no_share_of_vendors(self):
        """What was planned for tomorrow is no denominator."""
        bought = self._purchase(2, moment(self._day(3)))
        domain = [("id", "=", bought.id)]
        self.assertTrue(self._row(VENDORS, bought))
        for name in ("on_time_rate", "line_rate", "planned_rate"):
            with self.subTest(name=name):
                self.assertEqual(self._share(VENDORS, f"{name}:count", domain), 0)
                self.assertFalse(self._share(VENDORS, f"{name}:avg", domain))
