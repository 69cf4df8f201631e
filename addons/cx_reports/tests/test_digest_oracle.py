"""Figures of a digest against plain Python: of each line what came of it."""

from datetime import timedelta
from random import Random

from odoo import Command
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user
from odoo.addons.supply_link.tests.pool_common import TODAY

from .common import local_day, moment
from .test_delivery_report import DeliveryJudged

NAMES = ("kpi_cx_otif", "kpi_cx_missed", "kpi_cx_broken")


@tagged("post_install", "-at_install")
class TestDigestOracle(DeliveryJudged):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls.env["res.company"].create({"name": "Far"})
        cls.boss = new_user(
            cls.env,
            "cx-boss",
            groups="base.group_user,sales_team.group_sale_manager",
            company_id=cls.company.id,
            company_ids=[Command.set((cls.company | cls.far).ids)],
            tz="America/Lima",
        )

    def test_random_lines(self):
        """Of the last day, week and month, of a company, at several moments."""
        random, changes = Random(43), {}
        for _number in range(40):
            line = self._order(
                random.randint(1, 4),
                wanted=self._draw_day(random),
                told=self._draw_day(random),
                day=-75,
            )
            for _delivery in range(random.randint(0, 2)):
                when = self._day(random.randint(-40, -1))
                when = moment(when, random.choice([0, 6, 7, 23]), random.randint(0, 59))
                self._deliver(line, random.randint(2, 4), when)
            changes[line] = []
            if random.random() < 0.1:
                when = moment(self._day(random.randint(-40, -1)))
                changes[line].append((local_day(when), line.product_uom_qty))
                self._cancel(line, when)
        self._run_job()
        self.env.flush_all()
        seen = set()
        for hours in (0, 8, -13, -30):
            now = TODAY + timedelta(hours=hours)
            with self.subTest(now=now), self._at(now):
                expected = self._expect(changes, now)
                self.assertEqual(self._read(self.company), expected)
                seen.update(expected["kpi_cx_otif"])
        self.assertIn("–", seen)
        self.assertGreater(len(seen), 4)
        nothing = {"kpi_cx_otif": ["–"] * 3} | dict.fromkeys(NAMES[1:], [0] * 3)
        self.assertEqual(self._read(self.far), nothing)

    def _draw_day(self, random):
        """Return a day, counted from today: often one with which a period begins or
        ends."""
        day = random.choice([-31, -30, -29, -24, -23, -8, -7, -6, -5, -4])
        return random.choice([None, day, random.randint(-62, -3)])

    def _read(self, company):
        """Return what the e-mail says of each figure: of a day, a week, a month."""
        digest = self.env["digest.digest"].create(
            {"name": "Month", "company_id": company.id} | dict.fromkeys(NAMES, True)
        )
        kpis = digest._compute_kpis(company, self.boss)
        return {
            kpi["kpi_name"]: [kpi[f"kpi_col{number}"]["value"] for number in (1, 2, 3)]
            for kpi in kpis
            if kpi["kpi_name"] in NAMES
        }

    def _expect(self, changes, now):
        """A period has the days that began in it, where the company is."""
        today, found = local_day(now), {name: [] for name in NAMES}
        month = now.replace(month=now.month - 1)
        for begins in (now - timedelta(days=1), now - timedelta(days=7), month):
            met = missed = broken = 0
            for line, mine in changes.items():
                due, otif, outcome, _in_time = (
                    self._judge(line, mine, today) or [None] * 4
                )
                if due and local_day(begins) <= due < today:
                    met += otif == "met"
                    missed += otif == "missed"
                told = due and self._get_told(line)
                if told and local_day(begins) <= told < today:
                    broken += outcome not in ("early", "on_day", "open")
            share = f"{100 * met / (met + missed):.2f}" if met + missed else "–"
            for name, value in zip(NAMES, (share, missed, broken), strict=True):
                found[name].append(value)
        return found
