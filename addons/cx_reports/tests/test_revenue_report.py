from collections import defaultdict
from datetime import date, timedelta
from random import Random
from statistics import median

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.approval_matrix.tests.users import new_user

from .common import ReportCommon, moment

REVENUE, CHURN, URGENCY = "cx.revenue.report", "cx.churn.report", "cx.urgency.report"


@tagged("post_install", "-at_install")
class TestRevenue(AccountTestInvoicingCommon):
    def _invoice(self, partner, day, amount, kind="out_invoice", **values):
        return self.init_invoice(
            kind,
            partner=partner,
            invoice_date=fields.Date.to_date(day),
            amounts=[amount],
            taxes=[],
            post=True,
            **values,
        )

    def _rows(self, invoices):
        self.env.flush_all()
        rows = self.env[REVENUE].search([("id", "in", invoices.ids)], order="id")
        return [(row.kind, row.amount) for row in rows]

    def test_new_in_the_month_of_the_first_invoice_then_returning(self):
        invoices = self._invoice(self.partner_a, "2026-01-10", 100)
        invoices |= self._invoice(self.partner_a, "2026-01-31", 50)
        invoices |= self._invoice(self.partner_a, "2026-02-01", 70)
        self.assertEqual(
            self._rows(invoices), [("new", 100), ("new", 50), ("returning", 70)]
        )

    def test_refund_is_taken_off(self):
        invoices = self._invoice(self.partner_a, "2026-01-10", 100)
        invoices |= self._invoice(self.partner_a, "2026-03-01", 30, "out_refund")
        self.assertEqual(self._rows(invoices), [("new", 100), ("returning", -30)])

    def test_draft_and_bills_do_not_count(self):
        invoices = self._invoice(self.partner_a, "2026-01-10", 100)
        invoices.button_draft()
        invoices |= self._invoice(self.partner_a, "2026-01-10", 100, "in_invoice")
        self.assertEqual(self._rows(invoices), [])

    def test_contacts_of_a_company_are_one_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Ward", "parent_id": self.partner_a.id}
        )
        invoices = self._invoice(self.partner_a, "2026-01-10", 100)
        invoices |= self._invoice(contact, "2026-02-10", 50)
        self.assertEqual(self._rows(invoices), [("new", 100), ("returning", 50)])

    def test_other_currency_in_company_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self._invoice(self.partner_a, "2026-01-10", 100, currency=currency)
        self.assertEqual(self._rows(invoice), [("new", 50)])

    def test_buyer_sees_no_amount_by_any_road(self):
        self._invoice(self.partner_a, "2026-01-10", 100)
        buyer = new_user(
            self.env,
            "cx-buyer",
            groups="base.group_user,purchase.group_purchase_manager",
        )
        reports = self.env[REVENUE].with_user(buyer)
        for road in (
            lambda: reports.search([]).read(["amount"]),
            lambda: reports.web_search_read([], {"amount": {}}),
            lambda: reports._read_group([], aggregates=["amount:sum"]),
            lambda: reports.formatted_read_group([], ["kind"], ["amount:sum"]),
            lambda: reports.search([]).export_data(["amount"]),
        ):
            with self.assertRaises(AccessError):
                road()

    def test_random_invoices_against_plain_python(self):
        random, invoices = Random(9), self.env["account.move"]
        partners = self.partner_a | self.partner_b
        for _number in range(20):
            day = date(2026, 1, 1) + timedelta(days=random.randint(0, 120))
            kind = "out_refund" if random.random() < 0.2 else "out_invoice"
            partner = random.choice(partners)
            invoices |= self._invoice(partner, day, random.randint(1, 500), kind)
        firsts = {}
        for move in invoices.filtered(lambda move: move.move_type == "out_invoice"):
            partner = move.commercial_partner_id
            firsts[partner] = min(firsts.get(partner, date.max), move.invoice_date)
        expected = defaultdict(float)
        for move in invoices:
            first = firsts.get(move.commercial_partner_id) or date.max
            month = (move.invoice_date.year, move.invoice_date.month)
            new = month <= (first.year, first.month)
            sign = -1 if move.move_type == "out_refund" else 1
            expected["new" if new else "returning"] += sign * move.amount_untaxed
        self.env.flush_all()
        found = self.env[REVENUE]._read_group(
            [("id", "in", invoices.ids)], ["kind"], ["amount:sum"]
        )
        self.assertEqual(dict(found), dict(expected))


class SoldCommon(ReportCommon):
    def _sold(self, *days, partner=None, **values):
        """Confirm an order on each of these days."""
        orders = self.env["sale.order"]
        for day in days:
            order = orders.create(
                {
                    "partner_id": (partner or self.customer).id,
                    "company_id": self.company.id,
                    **values,
                }
            )
            order.action_confirm()
            order.date_order = moment(fields.Date.to_date(day))
            orders |= order
        self.env.flush_all()
        return orders

    def _months(self, partner, month=None):
        domain = [("partner_id", "=", partner.id)]
        if month:
            domain.append(("month", "=", month))
        return self.env[CHURN].search(domain, order="month")


@tagged("post_install", "-at_install")
class TestChurn(SoldCommon):
    """Today is 23 November 2026: the last whole month is October."""

    def test_gone_after_ninety_days(self):
        """Bought on 1 June: 30 August is the 90th day, so gone by 1 September."""
        self._sold("2026-06-01")
        rows = self._months(self.customer)
        self.assertEqual(
            [(str(row.month), row.is_gone) for row in rows],
            [("2026-07-01", False), ("2026-08-01", True)],
        )

    def test_own_gap_is_longer(self):
        """A customer who buys every hundred days is not gone after ninety."""
        self._sold("2026-01-01", "2026-04-11", "2026-07-20")
        row = self._months(self.customer, "2026-10-01")
        self.assertEqual((row.gap_days, row.quiet_days), (100, 300))
        self.assertFalse(row.is_gone)

    def test_newcomers_are_out(self):
        self._sold("2026-10-05")
        self.assertFalse(self._months(self.customer))

    def test_purchase_within_the_month_keeps_the_customer(self):
        self._sold("2026-06-01", "2026-08-31")
        self.assertFalse(self._months(self.customer, "2026-08-01").is_gone)

    def test_day_is_that_of_the_company(self):
        """Late on 31 July in UTC is August in Vietnam."""
        order = self._sold("2026-08-01")
        order.date_order = "2026-07-31 17:30:00"
        self.env.flush_all()
        self.assertEqual(str(self._months(self.customer)[0].last_on), "2026-08-01")

    def test_quotations_do_not_count(self):
        self.env["sale.order"].create({"partner_id": self.customer.id})
        self.env.flush_all()
        self.assertFalse(self._months(self.customer))

    def test_random_customers_against_plain_python(self):
        random, expected = Random(4), {}
        for number in range(8):
            partner = self.env["res.partner"].create({"name": f"Customer {number}"})
            start, spread = date(2025, 6, 1), random.choice([100, 300, 520])
            days = {
                start + timedelta(days=random.randint(0, spread))
                for _order in range(random.randint(1, 6))
            }
            self._sold(*days, partner=partner)
            for month in range(12):
                year, number_of = divmod(10 + month, 12)
                first = date(2025 + year, number_of + 1, 1)
                after = (first + timedelta(days=32)).replace(day=1)
                before = sorted(day for day in days if day < first)
                if not before:
                    continue
                gaps = [
                    (later - day).days
                    for day, later in zip(before, before[1:], strict=False)
                ]
                quiet = max(90, 3 * median(gaps) if gaps else 0)
                if (first - before[-1]).days > quiet:
                    continue
                bought = any(first <= day < after for day in days)
                gone = not bought and (after - before[-1]).days > quiet
                expected[partner.id, first] = gone
        rows = self.env[CHURN].search([("company_id", "=", self.company.id)])
        found = {(row.partner_id.id, row.month): row.is_gone for row in rows}
        self.assertEqual(found, expected)


@tagged("post_install", "-at_install")
class TestUrgentShare(SoldCommon):
    def test_share_of_confirmed_orders(self):
        level = self.env.ref("urgent_orders.urgency_level_urgent")
        urgent = self._sold(
            "2026-10-01",
            urgency_level_id=level.id,
            urgency_reason="Ward",
            needed_by=moment(self._day(5)),
        )
        others = self._sold("2026-10-01", "2026-10-02", "2026-10-03")
        self.env["sale.order"].create({"partner_id": self.customer.id})
        domain = [("company_id", "=", self.company.id)]
        self.assertEqual(self._share(URGENCY, "urgent_rate:avg", domain), 25.0)
        self.env["urgency.displacement"].sudo().create(
            {
                "document_model": "sale.order",
                "document_id": others[0].id,
                "cause_model": "sale.order",
                "cause_id": urgent.id,
                "raised_on": fields.Datetime.now(),
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._row(URGENCY, urgent).displaced, 1)
        self.assertEqual(self._row(URGENCY, others[0]).was_displaced, 1)
