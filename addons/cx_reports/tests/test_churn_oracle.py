from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from .common import ReportCommon
from .test_cohort_oracles import CompaniesCommon

REPORT = "cx.churn.report"


@tagged("post_install", "-at_install")
class TestChurnOracle(CompaniesCommon, ReportCommon):
    """Against plain Python, which writes down each customer's days and looks at them
    month by month. Today is 23 November 2026: the last whole month is October."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._found_companies()
        cls.houses = cls.env["res.partner"].create(
            [{"name": f"House {number}", "is_company": True} for number in range(9)]
        )
        cls.wards = cls.env["res.partner"].create(
            [{"name": "Ward", "parent_id": house.id} for house in cls.houses]
        )

    def test_random_customers_of_two_companies(self):
        random = Random(20)
        orders = self._random_orders(random)
        both = self.company | self.far
        self._assert_churn(orders, both)
        self.houses[7].active = self.wards[7].active = False
        one, other = self.houses[:2]
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((one | other).ids, one)
        for companies in (both, self.company, self.far):
            with self.subTest(companies=companies.mapped("name")):
                self._assert_churn(orders, companies)

    def _random_orders(self, random):
        """Order now and then, each customer in their own rhythm, often at midnight
        before the first day of a month."""
        plans = []
        for house, ward in zip(self.houses, self.wards, strict=True):
            day = datetime(2025, random.randint(6, 12), 1)
            rhythm = random.choice([9, 30, 60, 120])
            while day < datetime(2026, 11, 20):
                if random.random() < 0.3:
                    day = (day + timedelta(days=20)).replace(day=1)
                moment = day + timedelta(minutes=random.randint(-900, 900))
                plans.append((random.choice([house, ward]), moment))
                day += timedelta(days=random.randint(rhythm // 2, 2 * rhythm))
                if random.random() < 0.1:
                    day += timedelta(days=200)
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": random.choice([self.company.id, self.far.id]),
                }
                for partner, _moment in plans
            ]
        )
        self.env.flush_all()
        for order, (_partner, moment) in zip(orders, plans, strict=True):
            state = random.choice(["sale"] * 6 + ["draft", "cancel"])
            self.env.cr.execute(
                "UPDATE sale_order SET state = %s, date_order = %s WHERE id = %s",
                [state, moment, order.id],
            )
        self.env.invalidate_all()
        return orders

    def _assert_churn(self, orders, companies):
        reports = self._reports(REPORT, self.boss, companies)
        found = {
            (row.company_id, row.partner_id.id, row.month): (
                row.is_gone,
                row.last_on,
                row.orders,
                row.gap_days,
                row.quiet_days,
            )
            for row in reports.search([])
        }
        expected = self._count(orders, companies)
        self.assertEqual(found, expected)
        shares = defaultdict(list)
        for (company, _customer, month), row in expected.items():
            shares[company, month].append(row[0])
        self.assertIn(True, [row[0] for row in expected.values()])
        groups = reports._read_group(
            [], ["company_id", "month:month"], ["__count", "churn_rate:avg"]
        )
        self.assertEqual(len(groups), len(shares))
        for company, month, count, share in groups:
            gone = shares[company, month]
            self.assertEqual(count, len(gone))
            self.assertAlmostEqual(share, 100 * sum(gone) / len(gone), 6)

    def _count(self, orders, companies):
        bought = defaultdict(set)
        for order in orders:
            if order.state == "sale" and order.company_id in companies:
                zone = ZoneInfo(self.zones[order.company_id])
                there = order.date_order.replace(tzinfo=UTC).astimezone(zone)
                partner = order.partner_id
                customer = (partner.parent_id or partner).id
                bought[order.company_id, customer].add(there.date())
        expected = {}
        for (company, customer), days in bought.items():
            for number in range(12):
                starts = date(2025 + (10 + number) // 12, (10 + number) % 12 + 1, 1)
                ends = (starts + timedelta(days=31)).replace(day=1)
                before = sorted(day for day in days if day < starts)
                if not before:
                    continue
                gaps = [
                    (after - day).days
                    for day, after in zip(before, before[1:], strict=False)
                ]
                gap = median(gaps) if gaps else 0
                quiet = max(90, 3 * gap)
                if (starts - before[-1]).days > quiet:
                    continue
                is_gone = before[-1] + timedelta(days=quiet) < ends and not any(
                    starts <= day < ends for day in days
                )
                expected[company, customer, starts] = (
                    is_gone,
                    before[-1],
                    len(before),
                    gap,
                    quiet,
                )
        return expected
