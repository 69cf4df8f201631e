from datetime import datetime, timedelta
from random import Random

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.case_timeline.tests.common import TimelineCommon

CONVERSION = "cx.conversion.report"
START = datetime(2026, 6, 1, 9)


class ConversionCommon(TimelineCommon):
    """Four stages in a row, the last one is won."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = cls.env["crm.stage"].create(
            [
                {"name": name, "sequence": 1000 + number, "is_won": name == "Sold"}
                for number, name in enumerate(("New", "Visited", "Offered", "Sold"))
            ]
        )
        cls.new, cls.visited, cls.offered, cls.sold = cls.stages

    def _walk(self, lead, *stages):
        """Let an opportunity go through stages, and return its rows by stage."""
        for stage in stages:
            lead.stage_id = stage
            self.env.flush_all()
        self._run()
        return self._rows(lead)

    def _rows(self, lead):
        self.env[CONVERSION].invalidate_model(flush=False)
        rows = self.env[CONVERSION].search([("lead_id", "in", lead.ids)])
        return {row.stage_id: row for row in rows}

    def _outcomes(self, lead, *stages):
        return {stage: row.outcome for stage, row in self._walk(lead, *stages).items()}

    def _forge_walk(self, lead, steps):
        """Write that an opportunity entered stages, or was won, at given moments."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO timeline_event (date, kind, res_model, res_id, parameters,
                                            lead_id, source, is_home)
                SELECT date, kind, 'crm.lead', %(lead)s,
                       jsonb_build_object('now', stage), %(lead)s,
                       'forged ' || %(lead)s || ' ' || number, TRUE
                  FROM unnest(%(dates)s::timestamp[], %(kinds)s::varchar[],
                              %(stages)s::varchar[])
                       WITH ORDINALITY AS step (date, kind, stage, number)
              ORDER BY number
                """,
                lead=lead.id,
                dates=[date for date, _stage in steps],
                kinds=["lead.stage" if stage else "lead.won" for _date, stage in steps],
                stages=[str(stage.id) if stage else None for _date, stage in steps],
            )
        )


@tagged("post_install", "-at_install")
class TestConversion(ConversionCommon):
    def test_next_stage_is_a_step(self):
        lead = self._lead(stage_id=self.new.id)
        self.assertEqual(
            self._outcomes(lead, self.visited),
            {self.new: "on", self.visited: "open"},
        )

    def test_skipped_stage_was_not_entered(self):
        lead = self._lead(stage_id=self.new.id)
        self.assertEqual(
            self._outcomes(lead, self.offered),
            {self.new: "on", self.offered: "open"},
        )

    def test_going_back_is_no_step(self):
        lead = self._lead(stage_id=self.offered.id)
        self.assertEqual(
            self._outcomes(lead, self.new), {self.offered: "open", self.new: "open"}
        )

    def test_coming_back_counts_once(self):
        lead = self._lead(stage_id=self.new.id)
        self.assertEqual(
            self._outcomes(lead, self.visited, self.new, self.visited),
            {self.new: "on", self.visited: "open"},
        )

    def test_won_is_beyond_all_stages(self):
        lead = self._lead(stage_id=self.offered.id)
        self.assertEqual(self._outcomes(lead, self.sold), {self.offered: "on"})

    def test_lost_opportunity_did_not_go_on(self):
        lead = self._lead(stage_id=self.new.id)
        self._walk(lead, self.visited)
        lead.action_set_lost()
        self._run()
        outcomes = {stage: row.outcome for stage, row in self._rows(lead).items()}
        self.assertEqual(outcomes, {self.new: "on", self.visited: "lost"})

    def test_merged_opportunities_are_one(self):
        one, other = (
            self._lead("One", stage_id=self.new.id),
            self._lead("Other", stage_id=self.new.id),
        )
        self._run()
        survivor = (one | other).merge_opportunity()
        self._run()
        rows = self.env[CONVERSION].search([("stage_id", "=", self.new.id)])
        self.assertEqual(rows.lead_id, survivor)
        self.assertEqual(len(rows), 1)

    def test_share_is_of_those_that_entered(self):
        """Two of four that entered went on, one of them within two days."""
        day = timedelta(days=1)
        ways = ([2], [6], [], [])
        for number, way in enumerate(ways):
            lead = self._lead(str(number), stage_id=self.sold.id)
            steps = [(START, self.new)]
            steps += [(START + after * day, self.visited) for after in way]
            self._forge_walk(lead, steps)
        groups = self.env[CONVERSION]._read_group(
            [("stage_id", "in", self.stages.ids)],
            ["entered_at:month", "stage_id"],
            ["__count", "conversion_rate:avg", "days:median"],
        )
        self.assertIn((datetime(2026, 6, 1), self.new, 4, 50.0, 4.0), groups)

    def test_random_opportunities(self):
        """Against plain Python that walks through each history."""
        random, expected = Random(17), {}
        for number in range(25):
            lead = self._lead(str(number))
            moment, steps = START, []
            for _step in range(random.randint(1, 6)):
                moment += timedelta(hours=random.randint(0, 40))
                steps.append((moment, random.choice([*self.stages[:3], None])))
            self._forge_walk(lead, steps)
            seen = set()
            for place, (date, stage) in enumerate(steps):
                if not stage or stage in seen:
                    continue
                seen.add(stage)
                went = [
                    later
                    for later, reached in steps[place + 1 :]
                    if not reached or reached.sequence > stage.sequence
                ]
                expected[lead, stage] = (date, min(went, default=False))
        found = {
            (row.lead_id, row.stage_id): (row.entered_at, row.went_on_at)
            for row in self.env[CONVERSION].search(
                [("stage_id", "in", self.stages[:3].ids)]
            )
        }
        self.assertEqual(found, expected)

    def test_salesperson_sees_own_opportunities_only(self):
        user = self._user("seller", "sales_team.group_sale_salesman")
        mine = self._lead("Mine", stage_id=self.new.id, user_id=user.id)
        other = self._lead("Other", stage_id=self.new.id, user_id=self.env.uid)
        self._run()
        rows = self.env[CONVERSION].with_user(user).search([])
        self.assertIn(mine, rows.lead_id.sudo())
        self.assertNotIn(other, rows.lead_id.sudo())

    def test_buyer_has_no_access(self):
        user = self._user("buyer", "purchase.group_purchase_manager")
        self.assertFalse(self.env[CONVERSION].with_user(user).has_access("read"))
