from datetime import timedelta
from random import Random
from statistics import median

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .common import local_day, moment, percentile
from .test_approval_report import minutes, worked
from .waiting_common import WaitingCommon

HOUR = timedelta(hours=1)


class SentenceCommon(WaitingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_user(
            cls.env,
            "cx-boss",
            groups="base.group_user,sales_team.group_sale_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _sentences(self, days=90):
        self.env.flush_all()
        waiting = self.env["cx.waiting"].with_user(self.boss)
        waiting = waiting.with_context(allowed_company_ids=self.company.ids)
        return {
            "hand_overs": waiting.get_hand_overs(days),
            **waiting.get_what_if(days),
        }


@tagged("post_install", "-at_install")
class TestHandOvers(SentenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._case()

    def _hand_over(self, *hours, before="purchase", after="vendor"):
        """Let a department have a case for an hour, and then another one for long."""
        start = moment(self._day(-20), 8)
        for number in hours:
            case = self.case.copy()
            self._span(case, before, start - HOUR, start)
            self._span(case, after, start, start + number * HOUR)

    def test_sentence_with_its_rows(self):
        self._hand_over(24, 48, 72, 96, 120)
        (found,) = self._sentences()["hand_overs"]
        self.assertEqual((found["count"], found["hours"]), (5, 72))
        self.assertIn("Purchasing → Vendor: 5 times a case waited", found["text"])
        self.assertIn("longer than 3.0 days. There is no limit.", found["text"])
        rows = self.env["cx.waiting.report"].search(found["action"]["domain"])
        self.assertEqual(len(rows), 5)
        self.assertEqual(set(rows.mapped("department")), {"vendor"})

    def test_slowest_first_in_days_of_each(self):
        """Three days of eight working hours are longer than two of 24."""
        self._hand_over(*[48] * 5)
        self._hand_over(*[24 * 3 + 1] * 5, after="stock")
        found = self._sentences()["hand_overs"]
        days = [round(row["days"], 2) for row in found]
        self.assertEqual(days, sorted(days, reverse=True))

    def test_four_say_nothing(self):
        self._hand_over(24, 48, 72, 96)
        self.assertFalse(self._sentences()["hand_overs"])

    def test_same_department_is_no_hand_over(self):
        self._hand_over(*[24] * 5, after="purchase")
        self.assertFalse(self._sentences()["hand_overs"])

    def test_other_period(self):
        self._hand_over(*[24] * 5)
        with self._at(moment(self._day(60))):
            self.assertFalse(self._sentences(30)["hand_overs"])

    def test_random_hand_overs(self):
        """Against plain Python: what follows what in a case, and how long it took."""
        random, found = Random(21), {}
        asked = [
            self._question(
                self.case,
                random.choice([None, *[moment(self._day(day)) for day in (-25, -10)]]),
                random.choice([None, moment(self._day(-15))]),
            )
            for _number in range(6)
        ]
        for _case in range(30):
            case, before, had = self.case.copy(), None, []
            start = moment(self._day(random.randint(-40, -8)), random.randint(0, 23))
            for _span in range(6):
                after = random.choice(["care", "purchase", "stock", "vendor"])
                if random.random() < 0.1:
                    start += HOUR
                    before = None
                end = start + random.randint(10, 6000) * HOUR / 60
                document = random.choice([case, *asked])
                self._span(case, after, start, end, document=document)
                is_of_period = self._day(-30) <= local_day(end) < self._day(0)
                if before and before != after and is_of_period:
                    taken = minutes(start, end)
                    taken = len(taken) if after == "vendor" else worked(taken)
                    over = None
                    if document != case:
                        over = self._is_over(document, start, end)
                    back = after in had and had[-1] != after
                    taken = taken / 60, over, back
                    found.setdefault((before, after), []).append(taken)
                before, start = after, end
                had.append(after)
        self._check_hand_overs(self._sentences(30)["hand_overs"], found)

    def _check_hand_overs(self, rows, found):
        """The slowest five are there; which of those that are equal, does not matter.

        :param dict found: hours, whether a limit ran out and whether it came back, by
            pair of departments
        """
        expected = {}
        for pair, spans in found.items():
            if len(spans) >= 5:
                hours = percentile([hours for hours, *_rest in spans], 0.5)
                days = hours / (24 if pair[1] == "vendor" else 8)
                over = [over for _hours, over, _back in spans if over is not None]
                back = sum(back for *_rest, back in spans)
                expected[pair] = len(spans), hours, days, (over, back)
        self.assertGreater(len(expected), 5)
        self.assertLess(len(expected), len(found))
        slowest = sorted((days for *_rest, days, _said in expected.values()))[:-6:-1]
        self.assertEqual(len({(row["from"], row["department"]) for row in rows}), 5)
        for row, longest in zip(rows, slowest, strict=True):
            pair = row["from"], row["department"]
            count, hours, days, (over, back) = expected[pair]
            self.assertEqual(row["count"], count)
            self.assertAlmostEqual(row["hours"], hours, 2)
            self.assertAlmostEqual(row["days"], days, 2)
            self.assertAlmostEqual(row["days"], longest, 2)
            share = over and round(100 * sum(over) / len(over))
            text = f"; {share} % of those" if over else "There is no limit."
            self.assertIn(text, row["text"])
            self.assertEqual(row["came_back"], back)
            if back:
                self.assertIn(f"In {back} of them it came back", row["text"])
            else:
                self.assertNotIn("came back", row["text"])
        self.assertTrue(any(row["came_back"] for row in rows))
        self._check_returns(found)

    def _check_returns(self, found):
        """Compare how often cases of the period came back to each department."""
        expected = {}
        for (_before, after), spans in found.items():
            expected.setdefault(after, []).extend(back for *_rest, back in spans)
        period = self.env["cx.overview"]._in_moments(
            "date_to", (self._day(-30), self._day(0))
        )
        groups = self.env["cx.waiting.report"]._read_group(
            [*period, ("from_department", "!=", False)],
            ["department"],
            ["back_rate:count", "back_rate:avg", "came_back:sum"],
        )
        self.assertEqual({group[0] for group in groups}, set(expected))
        for department, count, rate, times in groups:
            back = expected[department]
            self.assertEqual((count, times), (len(back), sum(back)))
            self.assertAlmostEqual(rate, 100 * sum(back) / len(back))

    def test_equal_ones_are_in_the_same_order_always(self):
        pairs = [("care", "stock"), ("care", "purchase"), ("account", "purchase")]
        for before, after in pairs:
            self._hand_over(*[24] * 5, before=before, after=after)
        found = self._sentences()["hand_overs"]
        rows = [(row["from"], row["department"]) for row in found]
        self.assertEqual(rows, sorted(pairs))

    def test_department_that_gets_cases_again_says_so(self):
        start = moment(self._day(-20), 8)
        for number in range(5):
            case = self.case.copy()
            places = ["purchase", "approval", "purchase", "approval", "vendor"]
            for hour, place in enumerate(places[: 3 if number else 5]):
                self._span(case, place, start + hour * HOUR, start + (hour + 1) * HOUR)
        rows = {
            (row["from"], row["department"]): row
            for row in self._sentences()["hand_overs"]
        }
        row = rows["approval", "purchase"]
        self.assertEqual((row["count"], row["came_back"]), (5, 5))
        self.assertIn(
            "In 5 of them it came back to where it had been before.", row["text"]
        )
        row = rows["purchase", "approval"]
        self.assertEqual((row["count"], row["came_back"]), (6, 1))

    def test_time_that_nobody_had_it_is_no_other_department(self):
        start, places = moment(self._day(-20), 8), ["care", "nobody", "care"]
        spans = [
            self._span(self.case, place, start + hour * HOUR, start + (hour + 1) * HOUR)
            for hour, place in enumerate(places)
        ]
        self.assertEqual([span.came_back for span in spans], [0, 0, 0])

    def test_short_times_are_told_in_minutes(self):
        self._hand_over(*[0.5] * 5)
        self._hand_over(*[0.25] * 5, after="stock")
        inside, outside = self._sentences()["hand_overs"]
        self.assertIn("longer than 30 minutes.", outside["text"])
        self.assertIn("longer than 15 working minutes.", inside["text"])

    def test_what_took_no_time_is_not_slow(self):
        self._hand_over(*[0] * 5)
        self.assertFalse(self._sentences()["hand_overs"])

    def test_numbers_are_written_as_the_reader_writes_them(self):
        """A comma for the decimals, a point for the thousands, by the reader's
        language."""
        self.env["res.lang"]._activate_lang("vi_VN")
        waiting = self.env["cx.waiting"].with_context(lang="vi_VN")
        self.assertIn("3,5", waiting._format_time("vendor", 84))
        text = waiting._tell_hand_over("A", "B", 12_345, "3,5", 7.6)
        self.assertIn("12.345", text)
        self.assertIn("8 %", text)

    def test_period_that_is_not_offered(self):
        with self.assertRaisesRegex(UserError, "30, 90, 365"):
            self._sentences(7)


@tagged("post_install", "-at_install")
class TestWhatIf(SentenceCommon):
    """If a step had taken its median, so many promises would have been kept."""

    def _promise(self, told, delivered):
        """Tell a customer a day, and deliver at a moment."""
        line = self._order(1, day=-40)
        with self._at(moment(self._day(-38), 9)):
            self._tell(line, told)
        self._deliver(line, 1, delivered)
        self.env.cr.execute("DELETE FROM timeline_span")
        return line

    def _gains(self):
        found = self._sentences()
        gains = {(row["department"], row["step"]): row for row in found["what_if"]}
        return found, gains

    def _hold(self, line, department, start, end):
        self.held.append((line, department, start, end))

    def setUp(self):
        super().setUp()
        self.held = []

    def _write(self):
        for line, department, start, end in self.held:
            self._span(line.order_id, department, start, end, step="quotation")

    def test_one_promise_would_have_been_kept(self):
        """The vendor took 10 days, usually 4; it was 3 days late."""
        for days in (4, 4, 10):
            start = moment(self._day(-36), 12)
            line = self._promise(-29, start + timedelta(days=days))
            self._hold(line, "vendor", start, start + timedelta(days=days))
        self._write()
        found, gains = self._gains()
        self.assertEqual(found["promises"], {"count": 3, "kept": 2})
        row = gains["vendor", "quotation"]
        self.assertEqual((row["usual"], row["gained"]), (96, 1))
        self.assertIn("one more promise could have been kept", row["text"])
        self.assertIn("100 % instead of 67 %", row["text"])
        late = self.env["cx.delivery.report"].search(row["action"]["domain"])
        self.assertEqual(late.ids, line.ids)

    def test_a_gain_of_less_than_a_percent_is_told(self):
        """Else it would say: 67 % instead of 67 %."""
        tell = self.env["cx.waiting"]._tell_what_if
        text = tell("Vendor", "", "4 days", 2, (66.92, 67.12))
        self.assertIn("67.1 % instead of 66.9 %", text)
        self.assertIn("up to 2 more promises would have been kept", text)
        text = tell("Vendor", "", "4 days", 1234, (50.2, 67.1))
        self.assertIn("up to 1,234 more promises", text)
        self.assertIn("67 % instead of 50 %", text)

    def test_time_before_it_was_told_breaks_no_promise(self):
        start = moment(self._day(-39), 12)
        for hours in (1, 1, 30):
            line = self._promise(-30, moment(self._day(-29)))
            self._hold(line, "vendor", start - hours * HOUR, start)
        self._write()
        self.assertFalse(self._gains()[1])

    def test_weekends_are_no_working_time(self):
        """It had it from Friday 16:00; usually an hour: Friday 17:00 is early enough,
        and Monday 9:00, an hour longer, would have been as good as two days."""
        friday = self._day(-7 - (self._day(-7).weekday() - 4) % 7)
        told = (friday - self._day(0)).days
        for end in (
            moment(friday, 17),
            moment(friday, 17),
            moment(friday + timedelta(days=3), 9),
        ):
            line = self._promise(told, end)
            self._hold(line, "stock", moment(friday, 16), end)
        self._write()
        row = self._gains()[1]["stock", "quotation"]
        self.assertEqual((row["usual"], row["gained"]), (1, 1))

    def test_random_cases(self):
        """Against plain Python: minute by minute."""
        random = Random(8)
        for _number in range(25):
            start = moment(self._day(-36), 9) + random.randint(0, 2000) * HOUR / 60
            end, parts = start, []
            for department in random.sample(["vendor", "stock", "purchase"], 3):
                begins, end = end, end + random.randint(30, 7000) * HOUR / 60
                parts.append((department, begins, end))
            line = self._promise(random.randint(-37, -28), end)
            for part in parts:
                self._hold(line, *part)
        self._write()
        found, gains = self._gains()
        self.assertEqual(
            {place: row["gained"] for place, row in gains.items()}, self._expect()
        )
        self.assertTrue(gains)

    def _expect(self):
        def measure(department, start, end):
            found = minutes(start, end)
            return len(found) if department == "vendor" else worked(found)

        usual = {}
        for _line, department, start, end in self.held:
            taken = measure(department, start, end)
            usual.setdefault(department, []).append(taken)
        usual = {name: median(values) for name, values in usual.items()}
        expected = {}
        for line, department, start, end in self.held:
            report = self._row("cx.delivery.report", line)
            told = self._day(-38), report.told_on
            delivered = report.delivered_at
            if local_day(delivered) <= told[1]:
                continue
            usable = sorted(minutes(start, end))
            if department != "vendor":
                usable = [minute for minute in usable if worked([minute])]
            if len(usable) <= usual[department]:
                continue
            need = int(usual[department] + 0.5)
            moment_ = usable[need - 1] + HOUR / 60
            saved = end - moment_
            if local_day(delivered - saved) <= told[1]:
                key = department, "quotation"
                expected[key] = expected.get(key, 0) + 1
        return expected
