from collections import defaultdict
from datetime import date, timedelta
from random import Random

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .test_revenue_report import REVENUE

#: What one dollar costs in the other currency from a day on.
RATES = {"2025-12-01": 2.0, "2026-02-01": 4.0, "2026-03-15": 2.5}


@tagged("post_install", "-at_install")
class TestRevenueOracle(AccountTestInvoicingCommon):
    """Against plain Python that adds up lines, customer by customer and month by
    month: two companies, three currencies, taxes, refunds, what was taken back, and
    customers who are one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.setup_other_currency("GBP", rates=list(RATES.items()))
        cls.own = cls.setup_other_currency("CHF", rates=[("2025-01-01", 8.0)])
        other = cls.setup_other_company(name="Far", currency_id=cls.own.id)
        cls.far = other["company"]
        cls.near = cls.env.company
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Hospital {number}", "is_company": True} for number in range(4)]
        )
        cls.ward = cls.env["res.partner"].create(
            {"name": "Ward", "parent_id": cls.customers[0].id}
        )

    def test_random_invoices_of_two_companies(self):
        random = Random(6)
        invoices = self.env["account.move"]
        for _number in range(40):
            invoices |= self._random_invoice(random)
        self.env.flush_all()
        self._assert_revenue(invoices)
        one, other = self.customers[2], self.customers[3]
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((one | other).ids, one)
        self.env.flush_all()
        self._assert_revenue(invoices)

    def _random_invoice(self, random):
        company = random.choice([self.near, self.near, self.far])
        # first and last days of months, and days between
        begins = date(2026, random.randint(1, 5), 1)
        day = begins + timedelta(days=random.choice([-1, 0, 0, 14, 20]))
        is_foreign = company == self.near and random.random() < 0.5
        currency = self.foreign if is_foreign else company.currency_id
        taxes = self.tax_sale_a if company == self.near else self.env["account.tax"]
        invoice = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": random.choice(["out_invoice"] * 3 + ["out_refund"]),
                    "partner_id": random.choice([*self.customers, self.ward]).id,
                    "invoice_date": day,
                    "date": day,
                    "currency_id": currency.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Bed",
                                "quantity": random.randint(1, 3),
                                "price_unit": random.randint(1, 90),
                                "tax_ids": [Command.set(taxes.ids)],
                            }
                        )
                        for _line in range(random.randint(1, 2))
                    ],
                }
            )
        )
        state = random.random()
        if state < 0.85:
            invoice.action_post()
        if state < 0.1:
            invoice.button_draft()
        if state < 0.05:
            invoice.button_cancel()
        return invoice

    def _assert_revenue(self, invoices):
        months = defaultdict(set)
        posted = [move for move in invoices if move.state == "posted"]
        for move in posted:
            if move.move_type == "out_invoice":
                months[self._get_customer(move)].add(move.invoice_date.replace(day=1))
        expected, by_currency = defaultdict(float), defaultdict(float)
        for move in posted:
            month = move.invoice_date.replace(day=1)
            before = [each for each in months[self._get_customer(move)] if each < month]
            amount = self._count(move)
            expected[move.company_id, "returning" if before else "new"] += amount
            by_currency[move.company_id.currency_id] += amount
        reports = self.env[REVENUE].sudo()
        reports.invalidate_model(flush=False)
        domain = [("id", "in", invoices.ids)]
        found = reports._read_group(domain, ["company_id", "kind"], ["amount:sum"])
        self.assertEqual(len(found), len(expected))
        for company, kind, amount in found:
            with self.subTest(company=company.name, kind=kind):
                self.assertAlmostEqual(amount, expected[company, kind], 2)
        self._assert_not_mixed(reports, domain, by_currency)

    def _assert_not_mixed(self, reports, domain, by_currency):
        """What the screen shows of several currencies is converted, not added up."""
        ((found, currencies),) = reports._read_group(
            domain, aggregates=["amount:sum_currency", "currency_id:array_agg_distinct"]
        )
        self.assertEqual(set(currencies), {each.id for each in by_currency})
        right = by_currency[self.near.currency_id] + by_currency[self.own] / 8
        self.assertAlmostEqual(found, right, 2)

    def _get_customer(self, move):
        partner = move.partner_id
        return move.company_id, partner.parent_id or partner

    def _count(self, move):
        """Return what an invoice is worth to its company, line by line."""
        rate = 1.0
        if move.currency_id == self.foreign:
            day = str(move.invoice_date)
            rate = RATES[max(each for each in RATES if each <= day)]
        sign = -1 if move.move_type == "out_refund" else 1
        return sign * sum(
            round(line.quantity * line.price_unit / rate, 2)
            for line in move.invoice_line_ids
        )
