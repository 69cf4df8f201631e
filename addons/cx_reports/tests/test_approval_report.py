from datetime import UTC, timedelta
from random import Random
from statistics import median

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.approval_matrix_purchase.tests.common import PurchaseApprovalCommon

from .common import ZONE, moment, percentile

MONDAY = fields.Date.to_date("2026-03-02")
REPORT, STEPS = "cx.approval.report", "cx.step.report"


def worked(minutes):
    """Return how many of these minutes are working time: the tests' own calendar."""
    hours = [minute.replace(tzinfo=UTC).astimezone(ZONE) for minute in minutes]
    return sum(
        each.weekday() < 5 and (8 <= each.hour < 12 or 13 <= each.hour < 17)
        for each in hours
    )


def minutes(start, end):
    step, found = timedelta(minutes=1), set()
    while start < end:
        found.add(start)
        start += step
    return found


class ApprovalReportCommon(PurchaseApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Office", "tz": "Asia/Ho_Chi_Minh", "company_id": cls.company.id}
        )
        cls.rule = cls._rule(cls.manager, cls.director)

    def _at(self, when):
        return freeze_time(when)

    def _ask(self, order, user, when):
        with self._at(when):
            order.with_user(user).action_ask_information("Why so many?")

    def _answer(self, order, when):
        with self._at(when):
            order.with_user(self.buyer).approval_process_id._answer("A new ward")

    def _approve(self, order, user, when):
        with self._at(when):
            order.with_user(user).action_approve()

    def _submit(self, when):
        with self._at(when):
            order = self._order()
            order.button_confirm()
        return order

    def _process(self, order):
        return self.env["approval.process"].search(
            [("res_model", "=", "purchase.order"), ("res_id", "=", order.id)]
        )

    def _row(self, order):
        self.env.flush_all()
        return self.env[REPORT].search([("process_id", "=", self._process(order).id)])

    def _steps(self, order):
        self.env.flush_all()
        domain = [("process_id", "=", self._process(order).id)]
        return self.env[STEPS].search(domain, order="asked_at, id")


@tagged("post_install", "-at_install")
class TestApprovalSpeed(ApprovalReportCommon):
    def test_working_hours_minus_those_of_questions(self):
        """Monday 9 to Tuesday 9 are 8 hours; from 10 to 14 it waited for an answer,
        which are 3."""
        order = self._submit(moment(MONDAY, 9))
        self._ask(order, self.manager, moment(MONDAY, 10))
        self._answer(order, moment(MONDAY, 14))
        self._approve(order, self.manager, moment(MONDAY, 15))
        self._approve(order, self.director, moment(MONDAY + timedelta(days=1), 9))
        row = self._row(order)
        self.assertAlmostEqual(row.hours_total, 8)
        self.assertAlmostEqual(row.hours_questioned, 3)
        self.assertAlmostEqual(row.hours, 5)
        first, second = self._steps(order)
        self.assertEqual((first.user_id, second.user_id), (self.manager, self.director))
        self.assertAlmostEqual(first.hours, 2)
        self.assertAlmostEqual(second.hours, 3)

    def test_question_without_answer_is_no_waiting(self):
        order = self._submit(moment(MONDAY, 9))
        self._ask(order, self.manager, moment(MONDAY, 10))
        self._approve(order, self.manager, moment(MONDAY, 11))
        self._ask(order, self.director, moment(MONDAY, 14))
        self._answer(order, moment(MONDAY, 15))
        self._approve(order, self.director, moment(MONDAY, 16))
        row = self._row(order)
        self.assertAlmostEqual(row.hours_questioned, 1)
        self.assertAlmostEqual(row.hours, 5)

    def test_weekend_and_holiday_do_not_count(self):
        friday = MONDAY + timedelta(days=4)
        monday = MONDAY + timedelta(days=7)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "date_from": moment(monday, 0),
                "date_to": moment(monday, 23, 59),
            }
        )
        order = self._submit(moment(friday, 16))
        self._approve(order, self.manager, moment(friday, 16, 30))
        self._approve(order, self.director, moment(monday + timedelta(days=1), 9))
        self.assertAlmostEqual(self._row(order).hours, 2)

    def test_company_without_calendar_works_around_the_clock(self):
        self.company.resource_calendar_id = False
        order = self._submit(moment(MONDAY, 20))
        self._approve(order, self.manager, moment(MONDAY, 22))
        self._approve(order, self.director, moment(MONDAY + timedelta(days=1), 1))
        self.assertAlmostEqual(self._row(order).hours, 5)

    def test_open_request_is_in_no_median(self):
        order = self._submit(moment(MONDAY, 9))
        with self._at(moment(MONDAY, 11)):
            row = self._row(order)
            self.assertAlmostEqual(row.hours_open, 2)
            self.assertFalse(row.is_granted)
            domain = [("id", "=", row.id)]
            ((value,),) = self.env[REPORT]._read_group(
                domain, aggregates=["hours:median"]
            )
            self.assertFalse(value)

    def test_refused_request_was_not_granted(self):
        order = self._submit(moment(MONDAY, 9))
        with self._at(moment(MONDAY, 10)):
            order.with_user(self.manager).action_reject("Too dear")
        self.assertFalse(self._row(order).is_granted)
        self.assertEqual(self._steps(order).mapped("state"), ["rejected"])

    def test_step_over_its_limit(self):
        self.rule.step_ids[0].limit_hours = 2
        order = self._submit(moment(MONDAY, 9))
        self._approve(order, self.manager, moment(MONDAY, 11, 30))
        self.assertEqual(self._steps(order)[0].in_time, "no")
        other = self._submit(moment(MONDAY, 9))
        self._approve(other, self.manager, moment(MONDAY, 10, 59))
        self.assertEqual(self._steps(other)[0].in_time, "yes")


@tagged("post_install", "-at_install")
class TestApprovalReaders(ApprovalReportCommon):
    def test_people_see_their_own_work_only(self):
        order = self._submit(moment(MONDAY, 9))
        self._approve(order, self.manager, moment(MONDAY, 10))
        self._approve(order, self.director, moment(MONDAY, 11))
        self.env.flush_all()
        for user in (self.manager, self.director):
            rows = self.env[STEPS].with_user(user).search([])
            self.assertEqual(rows.user_id, user)
            groups = self.env[STEPS].with_user(user)._read_group([], ["user_id"])
            self.assertEqual(groups, [(user,)])
        self.assertFalse(self.env[STEPS].with_user(self.buyer).search([]))
        self.assertFalse(self.env[REPORT].with_user(self.care).search([]))
        self.assertEqual(
            self.env[REPORT].with_user(self.buyer).search([]).process_id,
            self._process(order),
        )

    def test_states_are_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        requests = self.env["approval.process"].with_context(lang="vi_VN")
        fields = self.env["ir.model.fields"]._get("approval.process", "state")
        granted = fields.selection_ids.filtered(lambda each: each.value == "approved")
        granted.with_context(lang="vi_VN").name = "Đã duyệt xong"
        said = {
            name: dict(env.fields_get(["state"])["state"]["selection"])
            for name, env in (
                ("source", requests),
                ("report", self.env[REPORT].with_context(lang="vi_VN")),
            )
        }
        self.assertEqual(said["report"], said["source"])
        self.assertEqual(said["report"]["approved"], "Đã duyệt xong")

    def test_nobody_writes(self):
        order = self._submit(moment(MONDAY, 9))
        row = self._row(order).with_user(self.admin)
        for change in (
            lambda: row.write({"hours": 0}),
            lambda: row.unlink(),
            lambda: row.create({}),
        ):
            with self.assertRaises(AccessError):
                change()


@tagged("post_install", "-at_install")
class TestApprovalOracle(ApprovalReportCommon):
    """Against a plain count of working minutes."""

    def test_random_requests(self):
        random, expected, steps = Random(5), {}, {}
        for _number in range(10):
            now = moment(MONDAY, random.randint(0, 23), random.randint(0, 59))
            start, asked, waiting = now, None, set()
            order = self._submit(now)
            steps[order] = []
            for user in (self.manager, self.director):
                begun = now
                for _question in range(random.randint(0, 2)):
                    now += timedelta(minutes=random.randint(1, 900))
                    self._ask(order, user, now)
                    asked = asked or now
                    if random.random() < 0.8:
                        now += timedelta(minutes=random.randint(1, 3000))
                        self._answer(order, now)
                        waiting |= minutes(asked, now)
                        asked = None
                now += timedelta(minutes=random.randint(1, 3000))
                self._approve(order, user, now)
                steps[order].append(worked(minutes(begun, now) - waiting))
                asked = None
            whole = minutes(start, now)
            expected[order] = (
                worked(whole),
                worked(whole - waiting),
                worked(whole & waiting),
            )
        found = {}
        for order in expected:
            row = self._row(order)
            hours = row.hours_total, row.hours, row.hours_questioned
            found[order] = tuple(round(each * 60) for each in hours)
        self.assertEqual(found, expected)
        for order, right in steps.items():
            rows = self._steps(order)
            self.assertEqual([round(row.hours * 60) for row in rows], right)
        ids = [self._process(order).id for order in expected]
        ((value,),) = self.env[REPORT]._read_group(
            [("id", "in", ids)], aggregates=["hours:median"]
        )
        self.assertAlmostEqual(
            value, median(net for _gross, net, _asked in expected.values()) / 60
        )
        net = [value / 60 for _gross, value, _asked in expected.values()]
        self._check_percentiles(REPORT, ids, ("p80", 0.8), net)
        self._check_percentiles(REPORT, ids, ("p95", 0.95), net)
        each = [value / 60 for values in steps.values() for value in values]
        self._check_percentiles(STEPS, ids, ("p80", 0.8), each)

    def _check_percentiles(self, report, ids, which, values):
        name, share = which
        ((value,),) = self.env[report]._read_group(
            [("process_id", "in", ids)], aggregates=[f"hours_{name}:{name}"]
        )
        self.assertAlmostEqual(value, percentile(values, share), 4)

    def test_random_limits_and_open_requests(self):
        """Some are granted, some wait for either step, some for an answer."""
        random, hours, in_time = Random(6), {}, []
        steps = self.rule.step_ids
        steps[0].limit_hours, steps[1].limit_hours = 6, 12
        until, orders = moment(MONDAY + timedelta(days=9), 10, 17), []
        for number in range(16):
            now = start = moment(
                MONDAY + timedelta(days=random.randint(0, 2)),
                random.randint(0, 23),
                random.randint(0, 59),
            )
            order = self._submit(now)
            orders.append(order)
            for user in (self.manager, self.director)[: number % 3]:
                now += timedelta(minutes=random.randint(1, 3000))
                self._approve(order, user, now)
            if number % 3 < 2:
                hours[order] = worked(minutes(start, until)) / 60
                if random.random() < 0.3:
                    now += timedelta(minutes=5)
                    self._ask(order, (self.manager, self.director)[number % 3], now)
        processes = self.env["approval.process"].union(*map(self._process, orders))
        with self._at(until):
            self._check_open(REPORT, processes, list(hours.values()))
            for order in orders:
                self.assertAlmostEqual(self._row(order).hours_open, hours.get(order, 0))
            open_hours = []
            for task in processes.task_ids:
                if task.state == "active":
                    asked = minutes(task.activated_at, until)
                    open_hours.append(worked(asked) / 60)
                    if not task.paused_at and task.due_at < until:
                        in_time.append(False)
                elif task.decided_at:
                    in_time.append(task.decided_at <= task.due_at)
            self._check_open(STEPS, processes, open_hours)
            self.assertEqual(len(set(in_time)), 2)
            ((rate, count),) = self.env[STEPS]._read_group(
                [("process_id", "in", processes.ids)],
                aggregates=["in_time_rate:avg", "in_time_rate:count"],
            )
            self.assertEqual(count, len(in_time))
            self.assertAlmostEqual(rate, 100 * sum(in_time) / len(in_time))

    def _check_open(self, report, processes, hours):
        """Compare how long the longest has waited, and how many wait."""
        self.env.flush_all()
        ((longest, count),) = self.env[report]._read_group(
            [("process_id", "in", processes.ids)],
            aggregates=["hours_open:max", "hours_open:count"],
        )
        self.assertAlmostEqual(longest, max(hours))
        self.assertEqual(count, len(hours))
