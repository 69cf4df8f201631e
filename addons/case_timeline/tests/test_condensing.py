import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..condensing import condense

START = datetime(2026, 1, 5)
NOW = START + timedelta(days=90)
LANES = ("care", "vendor", "stock")


def span(start, end, department="stock", is_decisive=False):
    return {
        "department": department,
        "is_decisive": is_decisive,
        "date_from": START + timedelta(minutes=start),
        "date_to": None if end is None else START + timedelta(minutes=end),
        "working_hours": 0.5,
        "res_model": "stock.picking",
        "res_id": start,
        "step": "transfer",
        "user_id": 2,
    }


def covered(rows, department, is_decisive):
    """Return the minutes that a lane holds something."""
    return {
        minute
        for row in rows
        if (row["department"], row["is_decisive"]) == (department, is_decisive)
        for minute in range(
            int((row["date_from"] - START).total_seconds() // 60),
            int(((row["date_to"] or NOW) - START).total_seconds() // 60),
        )
    }


@tagged("post_install", "-at_install")
class TestCondensing(BaseCase):
    def test_few_spans_stay_as_they_are(self):
        rows = [span(0, 10), span(10, 20, is_decisive=True), span(30, None)]
        self.assertEqual(condense(rows, NOW), rows)
        self.assertEqual(condense([], NOW), [])

    def test_what_lies_upon_each_other_too_often_is_joined(self):
        rows = [span(number, 100 + number) for number in range(5)]
        (one,) = condense(rows, NOW, deepest=4)
        self.assertEqual((one["date_from"], one["count"]), (START, 5))
        self.assertEqual(one["date_to"], START + timedelta(minutes=104))
        self.assertFalse(one["res_id"] or one["step"] or one["user_id"])
        self.assertEqual(condense(rows, NOW, deepest=5), rows)

    def test_what_has_not_ended_has_not_ended_when_joined(self):
        rows = [span(0, 10), span(5, None), span(2000, 2010)]
        (one,) = condense(rows, NOW, deepest=1)
        self.assertIsNone(one["date_to"])

    def test_random_spans(self):
        """Whatever there is: few are left, nothing is lost, and each lane holds all
        that it held, and more only where little was between."""
        for seed in range(60):
            chance = random.Random(seed)
            rows = []
            for _number in range(chance.choice([3, 40, 300])):
                start = chance.randrange(2000)
                end = start + chance.choice([1, 5, 200])
                rows.append(
                    span(start, end, chance.choice(LANES), chance.random() < 0.5)
                )
            most = chance.choice([6, 20, 100])
            found = condense(rows, NOW, most)
            with self.subTest(seed=seed):
                self.assertLessEqual(len(found), max(most, 6))
                self.assertEqual(sum(r.get("count", 1) for r in found), len(rows))
                self.assertEqual(
                    sum(row["working_hours"] for row in found), len(rows) / 2
                )
                moments = [row["date_from"] for row in found]
                self.assertEqual(moments, sorted(moments))
                for department in LANES:
                    for is_decisive in (True, False):
                        before = covered(rows, department, is_decisive)
                        after = covered(found, department, is_decisive)
                        self.assertLessEqual(before, after)
