"""Answer times against a count of working minutes."""

from datetime import timedelta
from random import Random
from statistics import median

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .common import local_day, moment
from .test_approval_report import minutes, worked
from .waiting_common import WaitingCommon

MONDAY = fields.Date.to_date("2026-03-02")
HOLIDAY = MONDAY + timedelta(days=3)


@tagged("post_install", "-at_install")
class TestAnswerTimesOracle(WaitingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleagues = {
            department: [
                new_user(
                    cls.env,
                    f"cx-{department}-{number}",
                    groups=f"base.group_user,{group}",
                    company_id=cls.company.id,
                    company_ids=[Command.set(cls.company.ids)],
                )
                for number in range(2)
            ]
            for department, group in (
                ("purchase", "purchase.group_purchase_user"),
                ("stock", "stock.group_stock_user"),
            )
        }
        cls.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": cls.company.id,
                "date_from": moment(HOLIDAY, 0),
                "date_to": moment(HOLIDAY, 23, 59),
            }
        )

    def test_random_questions(self):
        """Answered, withdrawn or open; at night, on a holiday, in the same minute."""
        random, rows = Random(44), []
        order = self._quotation(1).order_id
        for number in range(40):
            department = random.choice(list(self.colleagues))
            start = moment(
                MONDAY + timedelta(days=random.randint(0, 6)),
                random.randint(0, 23),
                random.randint(0, 59),
            )
            with freeze_time(start):
                questions = self.env["supply.question"].with_user(self.care)
                question = questions._ask(
                    order.with_user(self.care), department, f"When? {number}"
                )
            self._check_limit(question.sudo(), start)
            person, hours = random.choice(self.colleagues[department]), None
            end = start + timedelta(minutes=random.choice([0, 5, 70, 1500, 9000]))
            with freeze_time(end):
                way = random.choice(["answered"] * 4 + ["withdrawn", "open"])
                if way == "answered":
                    question.with_user(person)._answer("Soon")
                    hours = self._count(start, end)
                elif way == "withdrawn":
                    question._withdraw()
            self.assertEqual(question.sudo().state, way)
            who = person if hours is not None else person.browse()
            rows.append((question.sudo(), department, who, hours))
        self._check_rows(rows)

    def _count(self, start, end):
        """Return working hours between two moments, minute by minute."""
        there = {each for each in minutes(start, end) if local_day(each) != HOLIDAY}
        return worked(there) / 60

    def _check_limit(self, question, start):
        """It is due when so many working hours are over, and not a minute earlier."""
        hours, due_at = question.limit_hours, question.due_at
        self.assertTrue(hours)
        self.assertEqual(self._count(start, due_at), hours)
        minute = timedelta(minutes=1)
        self.assertLess(self._count(start, due_at - minute), hours)

    def _check_rows(self, rows):
        """Compare each answer, and medians by department and by who answered."""
        for question, _department, _person, hours in rows:
            self.assertAlmostEqual(question.answer_hours, hours or 0, 4)
        ids = [question.id for question, *_rest in rows]
        self.env.flush_all()
        for place, name in ((1, "department"), (2, "answered_by_id")):
            expected = {}
            for row in rows:
                expected.setdefault(row[place], []).append(row[-1])
            groups = (
                self.env["supply.question"]
                .sudo()
                ._read_group(
                    [("id", "in", ids)], [name], ["__count", "answer_hours:median"]
                )
            )
            self.assertEqual({group for group, *_figures in groups}, set(expected))
            for group, count, value in groups:
                hours = [each for each in expected[group] if each is not None]
                with self.subTest(name, group=group):
                    self.assertEqual(count, len(expected[group]))
                    self.assertAlmostEqual(value or 0, median(hours or [0]), 4)
