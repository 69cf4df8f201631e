from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.urgent_orders.tests.common import UrgencyCommon

from .common import ReportCommon
from .test_cohort_oracles import (
    HANOI,
    LIMA,
    CompaniesCommon,
    around_a_month,
    month_of,
)

REPORT = "cx.urgency.report"
QUOTAS = "urgency.quota"


@tagged("post_install", "-at_install")
class TestUrgentShareOracle(CompaniesCommon, ReportCommon):
    """Against plain Python over orders: it reads each one, and looks at a calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._found_companies()
        levels = cls.env["urgency.level"]
        cls.urgent = cls.env.ref("urgent_orders.urgency_level_urgent")
        cls.quiet = levels.create({"name": "Quiet", "sequence": 12})
        # what was urgent when it was ordered is, though nobody can choose it any more
        cls.gone = levels.create(
            {"name": "Gone", "sequence": 25, "is_urgent": True, "active": False}
        )

    def test_random_orders_of_two_companies(self):
        random = Random(18)
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "company_id": random.choice([self.company.id, self.far.id]),
                    "user_id": random.choice([self.seller.id, self.rival.id, False]),
                }
                for _number in range(60)
            ]
        )
        self.env.flush_all()
        for order in orders:
            level = random.choice([*self.urgent, *self.quiet, *self.gone, None])
            self.env.cr.execute(
                "UPDATE sale_order SET state = %s, date_order = %s,"
                " urgency_level_id = %s WHERE id = %s",
                [
                    random.choice(["draft", "sent", "sale", "sale", "sale", "cancel"]),
                    around_a_month(random),
                    level and level.id,
                    order.id,
                ],
            )
        self.env.invalidate_all()
        displaced = self._displace(random, orders)
        twin = self._merge_customers()
        for reader, companies in self._readers():
            with self.subTest(reader=reader.login, companies=companies.mapped("name")):
                self._assert_share(reader, companies, orders, displaced, twin)

    def _displace(self, random, orders):
        """Let orders push others back, some of them twice: it was urgent, and then
        critical. Return who pushed whom back, and when."""
        pushed = set()
        for _push in range(50):
            cause, victim = random.sample(list(orders[:12]), 2)
            pushed.add((cause.id, victim.id, datetime(2026, 1, random.randint(1, 2))))
        self.env["urgency.displacement"].sudo().create(
            [
                {
                    "document_model": "sale.order",
                    "document_id": victim,
                    "cause_model": "sale.order",
                    "cause_id": cause,
                    "raised_on": raised_on,
                    "company_id": self.company.id,
                }
                for cause, victim, raised_on in pushed
            ]
        )
        return pushed

    def _assert_share(self, reader, companies, orders, displaced, customer):
        expected, shares = {}, defaultdict(list)
        for order in orders:
            if order.state != "sale" or not self._may_read(reader, companies, order):
                continue
            month = month_of(order.date_order, self.zones[order.company_id])
            is_urgent = order.urgency_level_id in (self.urgent, self.gone)
            victims = {victim for cause, victim, _on in displaced if cause == order.id}
            times = [cause for cause, victim, _on in displaced if victim == order.id]
            expected[order.id] = (month, is_urgent, len(victims), len(times))
            shares[order.company_id, month].append(is_urgent)
        reports = self._reports(REPORT, reader, companies)
        rows = reports.search([])
        found = {
            row.id: (
                row.ordered_on.replace(day=1),
                row.is_urgent,
                row.displaced,
                row.was_displaced,
            )
            for row in rows
        }
        self.assertEqual(found, expected)
        self.assertTrue(found)
        self.assertEqual(rows.sudo().partner_id, customer)
        groups = reports._read_group(
            [],
            ["company_id", "ordered_on:month"],
            ["__count", "urgent_rate:avg", "displaced:sum"],
        )
        self.assertEqual(len(groups), len(shares))
        for company, month, count, share, _displaced in groups:
            right = shares[company, month]
            self.assertEqual(count, len(right))
            self.assertAlmostEqual(share, 100 * sum(right) / len(right), 6)
        self.assertEqual(
            sum(group[-1] for group in groups), sum(row[2] for row in expected.values())
        )


@tagged("post_install", "-at_install")
class TestQuotaOracle(UrgencyCommon):
    """Against plain counting: who gave the level how often in which month, there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.critical.quota = 3
        cls.care.tz = HANOI
        cls.far = cls._user("far", "sales_team.group_sale_salesman_all_leads")
        cls.far.tz = LIMA
        cls.nowhere = cls._user("nowhere", "sales_team.group_sale_salesman_all_leads")
        cls.nowhere.tz = False
        cls.kept.route_ids = False  # nothing is bought: only the level matters

    def test_random_months(self):
        random, used = Random(19), Counter()
        zones = {self.care: HANOI, self.far: LIMA, self.nowhere: "UTC"}
        plain = {user: self._sale(user=user, product=self.kept) for user in zones}
        now = datetime(2026, 10, 30, 12)
        for _step in range(45):
            now += timedelta(hours=random.randint(1, 40))
            user = random.choice(list(zones))
            there = now.replace(tzinfo=UTC).astimezone(ZoneInfo(zones[user]))
            month = there.date().replace(day=1)
            way = random.choice(["new", "raised", "urgent", "manager"])
            with freeze_time(now), self.subTest(user=user.login, now=now, way=way):
                is_free = used[user, month] < 3
                if way == "new":
                    order = self._critical(user)
                elif way == "raised":
                    order = plain[user]
                    order.with_user(user).write(self._urgency(self.critical))
                elif way == "urgent":
                    order = self._urgent_sale(user=user, product=self.kept)
                    self.assertEqual(order.urgency_level_id, self.urgent)
                    continue
                else:
                    order = self._critical(self.seller)
                    self.assertEqual(order.urgency_level_id, self.critical)
                    continue
                self.assertEqual(order.urgency_level_id == self.critical, is_free)
                used[user, month] += is_free
                if way == "raised":
                    order.with_user(user).urgency_level_id = self.normal
        counters = self.env[QUOTAS].search([("level_id", "=", self.critical.id)])
        found = {
            (each.user_id, each.month): (each.used, each.quota, each.remaining)
            for each in counters
        }
        expected = {key: (count, 3, 3 - count) for key, count in used.items() if count}
        self.assertEqual(found, expected)
        self.assertGreater(len({month for _user, month in found}), 1)
        self._assert_states(counters)

    def _critical(self, user):
        return self._urgent_sale(self.critical, user=user, product=self.kept)

    def _assert_states(self, counters):
        """One that is left is nearly none; the list finds what it shows."""
        names = {0: "full", 1: "near", 2: "free", 3: "free"}
        right = {each: names[each.remaining] for each in counters}
        self.assertEqual({each: each.state for each in counters}, right)
        for state in names.values():
            domain = [("id", "in", counters.ids), ("state", "=", state)]
            found = set(counters.search(domain))
            self.assertEqual(found, {each for each in right if right[each] == state})
