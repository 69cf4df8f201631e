"""Case and step conversion against plain Python, which walks through each history as a
person with a calendar would: companies, time zones, readers, merges and what was lost.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from odoo import Command
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from ..report.cx_case_step_report import STEPS
from .test_case_step_report import REPORT as CASES
from .test_case_step_report import CaseStepCommon
from .test_conversion_report import CONVERSION, ConversionCommon

HANOI, LIMA = "Asia/Ho_Chi_Minh", "America/Lima"


def around_a_month(random):
    """Return a moment within a day of the beginning of a month, to the minute: at most
    of them it is not the same month everywhere."""
    begins = datetime(2026, random.randint(2, 7), 1)
    return begins + timedelta(minutes=random.randint(-1440, 1440))


def month_of(moment, zone):
    """Return the first day of the month that it was there."""
    there = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return there.date().replace(day=1)


class CompaniesCommon:
    """Two companies on both sides of the earth, and three who read them."""

    @classmethod
    def _found_companies(cls):
        cls.company.partner_id.tz = HANOI
        cls.far = cls.env["res.company"].create({"name": "Far"})
        cls.far.partner_id.tz = LIMA
        cls.zones = {cls.company: HANOI, cls.far: LIMA}
        cls.boss = cls._reader("boss", "sales_team.group_sale_manager")
        cls.seller = cls._reader("seller", "sales_team.group_sale_salesman")
        cls.rival = cls._reader("rival", "sales_team.group_sale_salesman")

    @classmethod
    def _reader(cls, login, group):
        return new_user(
            cls.env,
            f"cx-{login}",
            groups=f"base.group_user,{group}",
            company_id=cls.company.id,
            company_ids=[Command.set((cls.company | cls.far).ids)],
            tz="Pacific/Kiritimati",
        )

    def _readers(self):
        """Yield each reader with the companies that they chose."""
        both = self.company | self.far
        for reader in (self.boss, self.seller):
            for companies in (both, self.company, self.far):
                yield reader, companies

    def _may_read(self, reader, companies, record):
        """Return whether somebody reads a record: the tests' own rule."""
        if record.company_id and record.company_id not in companies:
            return False
        return reader == self.boss or record.user_id in (reader, reader.browse())

    def _zone(self, record, companies):
        return self.zones[record.company_id or companies[0]]

    def _reports(self, model, reader, companies):
        self.env.flush_all()
        reports = self.env[model].with_user(reader)
        reports.invalidate_model(flush=False)
        context = {"allowed_company_ids": companies.ids, "tz": reader.tz}
        return reports.with_context(**context)

    def _merge_customers(self):
        """Let the customer of all go on as another one."""
        twin = self.customer.copy({"name": "Twin"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.customer).ids, twin)
        return twin

    def _assert_shares(self, reports, expected, row):
        """Compare shares and medians of each group: what is a step and a month.

        :param expected: by the group, days until each of its rows went on, or nothing
        :param row: names of the fields that make a group
        """
        groups = reports._read_group(
            [], row, ["__count", "conversion_rate:avg", "days:median"]
        )
        self.assertEqual(len(groups), len(expected))
        for *group, count, share, days in groups:
            all_days = expected[tuple(group)]
            took = [each for each in all_days if each is not None]
            with self.subTest(group=group):
                self.assertEqual(count, len(all_days))
                self.assertAlmostEqual(share, 100 * len(took) / len(all_days), 6)
                self.assertAlmostEqual(days or 0, median(took) if took else 0, 6)


@tagged("post_install", "-at_install")
class TestCaseConversionOracle(CompaniesCommon, CaseStepCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._found_companies()

    def test_random_cases_of_two_companies(self):
        random, told = Random(15), []
        leads = self.env["crm.lead"]
        for number in range(36):
            lead = self.env["crm.lead"]
            if random.random() < 0.6:
                lead = self._random_lead(random, f"Beds {number}")
            told += self._random_story(random, lead)
            leads |= lead
        told = self._merge_leads(random, leads, told)
        twin = self._merge_customers()
        for reader, companies in self._readers():
            with self.subTest(reader=reader.login, companies=companies.mapped("name")):
                self._assert_cases(reader, companies, told, twin)

    def _random_lead(self, random, name):
        lead = self._lead(
            name,
            type=random.choice(["opportunity", "opportunity", "opportunity", "lead"]),
            company_id=random.choice([self.company.id, self.far.id, False]),
            user_id=random.choice([self.seller.id, self.rival.id, False]),
        )
        if random.random() < 0.2:
            lead.action_set_lost()
        return lead

    def _random_story(self, random, lead):
        """Let steps be taken by an opportunity and its orders, or by one order.

        :return: opportunity, order, step and moment of each
        """
        orders = [self.env["sale.order"]] if lead else []
        if lead.type != "lead":
            for _order in range(random.randint(0 if lead else 1, 2)):
                company = lead.company_id or random.choice([self.company, self.far])
                order = self._order(
                    company_id=company.id,
                    opportunity_id=lead.id,
                    user_id=random.choice([self.seller.id, self.rival.id, False]),
                    order_line=[],
                )
                if random.random() < 0.2:
                    order._action_cancel()
                orders.append(order)
        told = []
        for order in orders:
            for key, kind in STEPS.items():
                own = ("1_question", "2_opportunity") if not order else list(STEPS)
                if key not in own or (key == "2_opportunity" and order):
                    continue
                for _time in range(random.choice((0, 1, 1, 2))):
                    moment = around_a_month(random)
                    self._forge_steps(lead, order, [(moment, kind)])
                    told.append((lead, order, key, moment))
            if random.random() < 0.3:
                bill = [(around_a_month(random), "invoice.posted")]
                self._forge_steps(lead, order, bill, move_type="in_invoice")
        return told

    def _merge_leads(self, random, leads, told):
        """Let two opportunities go on as one, with all that happened to both."""
        pair = leads.filtered(
            lambda lead: lead.active and lead.type == "opportunity"
        ).grouped(lambda lead: (lead.company_id, lead.user_id))
        pair = next(each[:2] for each in pair.values() if len(each) > 1)
        ids = set(pair.ids)
        survivor = pair.merge_opportunity()
        return [
            (survivor if lead.id in ids else lead, order, key, moment)
            for lead, order, key, moment in told
        ]

    def _assert_cases(self, reader, companies, told, customer):
        reached, walks = defaultdict(dict), defaultdict(list)
        for lead, order, key, moment in told:
            case = lead or order
            if case._name == "crm.lead" and case.type == "lead":
                continue
            if all(
                self._may_read(reader, companies, each)
                for each in (case, order or case)
            ):
                first = reached[case].get(key, moment)
                reached[case][key] = min(first, moment)
                walks[case].append((moment, key))
        expected, shares = {}, defaultdict(list)
        for case, firsts in reached.items():
            zone = self._zone(case, companies)
            began = month_of(min(firsts.values()), zone)
            walk = sorted(walks[case])
            for key, moment in firsts.items():
                if key == "6_invoice":
                    continue
                went_on = next(
                    (at for at, other in walk if other > key and at >= moment), None
                )
                expected[case._name, case.id, key] = (
                    began,
                    month_of(moment, zone),
                    moment,
                    went_on or False,
                    self._get_end(case, went_on),
                )
                days = went_on and (went_on - moment) / timedelta(days=1)
                shares[key, began].append(days)
        reports = self._reports(CASES, reader, companies)
        rows = reports.search([])
        found = {
            (case._name, case.id, row.step): (
                row.began_on.replace(day=1),
                row.entered_on.replace(day=1),
                row.entered_at,
                row.went_on_at,
                row.outcome,
            )
            for row in rows
            for case in [row.lead_id or row.sale_id]
        }
        self.assertEqual(found, expected)
        self.assertTrue(found)
        self.assertEqual(rows.sudo().partner_id, customer)
        self._assert_shares(reports, shares, ["step", "began_on:month"])

    def _get_end(self, case, went_on):
        if went_on:
            return "on"
        if case._name == "crm.lead":
            return "open" if case.active else "lost"
        return "lost" if case.state == "cancel" else "open"


@tagged("post_install", "-at_install")
class TestStepConversionOracle(CompaniesCommon, ConversionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._found_companies()
        # the order of the screen decides, not that of the making
        cls.visited.sequence, cls.offered.sequence = 1001, 1001

    def setUp(self):
        super().setUp()
        self._forget()

    def test_random_opportunities_of_two_companies(self):
        random, walks = Random(16), {}
        for number in range(32):
            lead = self._lead(
                f"Beds {number}",
                type="lead" if random.random() < 0.15 else "opportunity",
                company_id=random.choice([self.company.id, self.far.id, False]),
                user_id=random.choice([self.seller.id, self.rival.id, False]),
            )
            steps = sorted(around_a_month(random) for _n in range(random.randint(1, 6)))
            if random.random() < 0.3:
                steps = steps + steps[-1:]  # two within a second
            walks[lead] = [
                (moment, random.choice([*self.stages, None])) for moment in steps
            ]
            self._forge_walk(lead, walks[lead])
            if random.random() < 0.2:
                lead.action_set_lost()
        twin = self._merge_customers()
        for reader, companies in self._readers():
            with self.subTest(reader=reader.login, companies=companies.mapped("name")):
                self._assert_steps(reader, companies, walks, twin)

    def _assert_steps(self, reader, companies, walks, customer):
        expected, shares = {}, defaultdict(list)
        for lead, walk in walks.items():
            if lead.type == "lead" or not self._may_read(reader, companies, lead):
                continue
            zone, seen = self._zone(lead, companies), set()
            for place, (moment, stage) in enumerate(walk):
                if stage is None or stage == self.sold or stage in seen:
                    continue
                seen.add(stage)
                beyond = set(self.stages) - self._until(stage)
                went_on = next(
                    (
                        at
                        for at, step in walk[place + 1 :]
                        if not step or step in beyond
                    ),
                    None,
                )
                end = "on" if went_on else "open" if lead.active else "lost"
                month = month_of(moment, zone)
                expected[lead.id, stage] = (month, moment, went_on or False, end)
                days = went_on and (went_on - moment) / timedelta(days=1)
                shares[stage, month].append(days)
        reports = self._reports(CONVERSION, reader, companies)
        rows = reports.search([])
        found = {
            (row.lead_id.id, row.stage_id): (
                row.entered_on.replace(day=1),
                row.entered_at,
                row.went_on_at,
                row.outcome,
            )
            for row in rows
        }
        self.assertEqual(found, expected)
        self.assertTrue(found)
        self.assertEqual(rows.sudo().partner_id, customer)
        self._assert_shares(reports, shares, ["stage_id", "entered_on:month"])

    def _until(self, stage):
        """Return the stages up to one, as they stand on the screen."""
        row = list(self.stages.search([("id", "in", self.stages.ids)]))
        return set(row[: row.index(stage) + 1])
