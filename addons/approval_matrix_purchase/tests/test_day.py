from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.approval_matrix.fingerprint import canonical, fingerprint

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestDay(PurchaseApprovalCommon):
    """Days in what is approved are those of the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        cls.rule = cls._rule(cls.manager, cls.director)

    def test_order_date_is_the_day_of_the_company(self):
        order = self._order(date_order="2026-12-31 18:00:00")
        self.assertEqual(order._approval_terms()["ordered"], "2027-01-01")

    def test_expected_date_is_the_day_of_the_company(self):
        order = self._order()
        order.order_line.date_planned = "2040-05-01 20:00:00"
        (line,) = order._approval_terms()["lines"]
        self.assertEqual(line["date"], "2040-05-02")

    def test_later_on_the_same_day_keeps_the_approval(self):
        order = self._approved(date_order="2026-12-30 20:00:00")
        order.date_order = "2026-12-31 10:00:00"
        self.assertEqual(order.state, "purchase")

    def test_another_day_asks_again(self):
        order = self._approved(date_order="2026-12-31 10:00:00")
        order.date_order = "2026-12-31 18:00:00"
        self.assertEqual(order.state, "to approve")

    def test_approval_of_days_in_utc_stands(self):
        """Terms of version 1 had the days of UTC."""
        order = self._approved(date_order="2026-12-31 18:00:00")
        order.order_line.date_planned = "2040-05-01 20:00:00"
        process = order.sudo().approval_process_id
        terms = dict(process.terms, ordered="2026-12-31")
        lines = [{**line, "date": "2040-05-01"} for line in terms["lines"]]
        for line in lines:
            del line["units"]
        terms["lines"] = sorted(lines, key=canonical)
        process._system_write(
            {
                "terms": terms,
                "terms_version": {
                    **process.terms_version,
                    "approval_matrix_purchase": 1,
                },
                "fingerprint": fingerprint(terms),
            }
        )
        self.assertFalse(order._approval_missing())
        order.partner_ref = "V-1"
        self.assertEqual(order.state, "purchase")
        order.order_line.price_unit += 1
        self.assertEqual(order.state, "to approve")

    def test_rate_of_today_is_that_of_the_company_s_day(self):
        rates = [("2020-01-01", 2.0), ("2027-01-01", 1.0)]
        foreign = self.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [
                    Command.create({"name": day, "rate": rate}) for day, rate in rates
                ],
            }
        )
        with freeze_time("2026-12-31 18:00:00"):
            order = self._order(
                currency_id=foreign.id, date_order="2026-06-01 08:00:00"
            )
            order = order.with_context(tz="America/Los_Angeles")
            self.assertEqual(order._approval_convert(100), 100)
