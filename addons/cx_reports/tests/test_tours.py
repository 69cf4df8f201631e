from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase
from odoo.addons.crm_purchase_bridge.tests.common import BridgeCommon

PATHS = (
    "approval-speed",
    "approver-load",
    "case-conversion",
    "churn",
    "new-returning-revenue",
    "promises-kept",
    "step-conversion",
    "urgent-share",
    "vendors-on-time",
    "where-cases-wait",
)


class ReportTourCase(TourCase, BridgeCommon):
    def _look_at_the_overview(self):
        """One line was wanted three days ago, and nothing was delivered."""
        sale = self._sale(quantity=10, product=self.kept, user=self.seller)
        sale.order_line.wanted_on = fields.Date.today() - timedelta(days=3)
        sale.action_confirm()
        self._follow_supply()
        self._let_vendors_take_long(5)
        for tour in ("overview", "sentence"):
            self._tour("/odoo/where-customers-wait", tour, self.seller)

    def _have_a_late_order(self):
        """It was wanted three days ago, and nothing was delivered."""
        sale = self._sale(quantity=10, product=self.kept, user=self.seller)
        sale.order_line.wanted_on = fields.Date.today() - timedelta(days=3)
        sale.action_confirm()
        self._follow_supply()

    def _look_at_the_definitions(self):
        self._tour("/odoo/where-customers-wait", "figures", self.seller)

    def _look_at_quotas(self):
        """Customer care has one slot a month, and used it."""
        self.critical.quota = 1
        self.env["urgency.quota"]._take(self.care, self.critical)
        self._tour("/odoo/where-customers-wait", "quotas", self.seller)

    def _look_at_answer_times(self):
        """Purchasing answered a question."""
        question = self._ask(self._sale())
        question.with_user(self.buyer)._answer("Tomorrow")
        self._tour("/odoo/where-customers-wait", "answer_times", self.seller)

    def _let_vendors_take_long(self, number):
        """Purchasing has so many orders for an hour, and then a vendor for two days."""
        start = fields.Datetime.now() - timedelta(days=5)
        course = (("purchase", start), ("vendor", start + timedelta(hours=1)))
        for _order in range(number):
            sale = self._sale(quantity=1, product=self.kept, user=self.seller)
            for department, begins in course:
                is_vendor = department == "vendor"
                ends = timedelta(days=2) if is_vendor else timedelta(hours=1)
                self.env["timeline.span"]._system_create(
                    {
                        "sale_id": sale.id,
                        "company_id": sale.company_id.id,
                        "department": department,
                        "from_department": "purchase" if is_vendor else False,
                        "date_from": begins,
                        "date_to": begins + ends,
                        "working_hours": 1,
                        "is_decisive": True,
                    }
                )

    def _look_where_cases_wait(self):
        """One order waited two hours for customer care."""
        sale = self._sale(quantity=10, product=self.kept, user=self.seller)
        start = fields.Datetime.now() - timedelta(days=3)
        self.env["timeline.span"]._system_create(
            {
                "sale_id": sale.id,
                "company_id": sale.company_id.id,
                "res_model": "sale.order",
                "res_id": sale.id,
                "department": "care",
                "step": "quotation",
                "date_from": start,
                "date_to": start + timedelta(hours=2),
                "working_hours": 2,
                "is_decisive": True,
            }
        )
        self._tour("/odoo/where-cases-wait", "waiting", self.seller)


@tagged("post_install", "-at_install")
class TestReportTour(Desk, ReportTourCase):
    def test_overview(self):
        self._look_at_the_overview()

    def test_where_cases_wait(self):
        self._look_where_cases_wait()

    def test_definitions(self):
        self._look_at_the_definitions()

    def test_quotas(self):
        self._look_at_quotas()

    def test_answer_times(self):
        self._look_at_answer_times()

    def test_logs_are_exported_from_the_menu(self):
        self._sale(confirm=True, user=self.seller)
        while self.env["timeline.change"]._follow_batch():
            pass
        self._let_vendors_take_long(1)
        self._tour("/odoo/where-customers-wait", "case_log", self.seller)

    def test_page_says_how_old_its_figures_are(self):
        behind = {"as_of": "2026-11-27 08:00:00", "seconds": 7}
        overview = type(self.env["cx.overview"])
        with patch.object(overview, "_get_delay", lambda self: behind):
            self._tour("/odoo/where-customers-wait", "age", self.seller)

    def test_reports_say_how_old_their_figures_are(self):
        """Pivot, graph and list, before anybody decides by them."""
        self._have_a_late_order()
        behind = {"as_of": "2026-11-27 08:00:00", "seconds": 185}
        overview = type(self.env["cx.overview"])
        with patch.object(overview, "_get_delay", lambda self: behind):
            self._tour("/odoo/promises-kept", "report_age", self.seller)

    def test_a_row_opens_its_order(self):
        self._have_a_late_order()
        self._tour("/odoo/promises-kept", "row", self.seller)

    def test_reports_without_rows_open(self):
        self.seller.group_ids |= self.env.ref("purchase.group_purchase_manager")
        for path in PATHS:
            with self.subTest(path=path):
                self._tour(f"/odoo/{path}", "reports", self.seller)


@tagged("post_install", "-at_install")
class TestReportPhoneTour(Phone, ReportTourCase):
    def test_overview_on_a_phone(self):
        self._look_at_the_overview()

    def test_where_cases_wait_on_a_phone(self):
        self._look_where_cases_wait()

    def test_definitions_on_a_phone(self):
        self._look_at_the_definitions()

    def test_quotas_on_a_phone(self):
        self._look_at_quotas()

    def test_answer_times_on_a_phone(self):
        self._look_at_answer_times()

    def test_figures_are_read_on_a_phone_without_moving_them(self):
        """All of a row below each other; a number opens its rows."""
        self._have_a_late_order()
        self._let_vendors_take_long(5)
        self._tour("/odoo/where-cases-wait", "cards_waits", self.seller)
        self._tour("/odoo/promises-kept", "cards_promises", self.seller)

    def test_nothing_is_wider_than_a_phone(self):
        self._have_a_late_order()
        self._let_vendors_take_long(5)
        for path in ("where-customers-wait", "where-cases-wait", "promises-kept"):
            with self.subTest(path=path):
                self._tour(f"/odoo/{path}", "width", self.seller)
