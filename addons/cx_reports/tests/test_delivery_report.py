from datetime import timedelta
from random import Random

from odoo import Command
from odoo.tests import tagged

from .common import ReportCommon, local_day, moment

REPORT = "cx.delivery.report"


class DeliveryCommon(ReportCommon):
    def _assert_row(self, line, **expected):
        row = self._row(REPORT, line)
        self.assertTrue(row, "The line has no row.")
        self.assertEqual({name: row[name] for name in expected}, expected)


@tagged("post_install", "-at_install")
class TestOtif(DeliveryCommon):
    def test_all_on_the_day_is_met(self):
        line = self._order(10, wanted=-5)
        self._deliver(line, 10, moment(self._day(-5)))
        self._assert_row(line, otif="met", otif_rate=100.0, quantity_in_time=10)

    def test_part_on_the_day_is_missed_though_the_rest_comes(self):
        line = self._order(10, wanted=-5)
        self._deliver(line, 9, moment(self._day(-5)))
        self._deliver(line, 1, moment(self._day(-4)))
        self._assert_row(
            line, otif="missed", quantity_in_time=9, delivered_on=self._day(-4)
        )

    def test_last_minute_of_the_company_day_counts(self):
        line = self._order(10, wanted=-5)
        self._deliver(line, 10, moment(self._day(-5), 23, 59))
        self._assert_row(line, otif="met", delivered_on=self._day(-5))

    def test_first_minute_of_the_next_company_day_is_late(self):
        """In UTC it is still the day before."""
        line = self._order(10, wanted=-5)
        self._deliver(line, 10, moment(self._day(-4), 0, 1))
        self._assert_row(line, otif="missed", delivered_on=self._day(-4))

    def test_what_comes_back_in_time_does_not_count(self):
        line = self._order(10, wanted=-5)
        move = self._deliver(line, 10, moment(self._day(-7)))
        self._bring_back(move, 1, moment(self._day(-6)))
        self._assert_row(line, otif="missed", quantity_in_time=9)

    def test_what_comes_back_later_takes_nothing_away(self):
        line = self._order(10, wanted=-5)
        move = self._deliver(line, 10, moment(self._day(-7)))
        self._bring_back(move, 10, moment(self._day(-3)))
        self._assert_row(line, otif="met", quantity_delivered=0)

    def test_return_that_is_not_refunded_counts_as_odoo_counts_it(self):
        line = self._order(10, wanted=-5)
        move = self._deliver(line, 10, moment(self._day(-7)))
        self._bring_back(move, 4, moment(self._day(-6)), to_refund=False)
        self._assert_row(line, otif="met", quantity_delivered=10)

    def test_day_that_is_not_over_is_open(self):
        line = self._order(10, wanted=0)
        self._assert_row(line, otif="open")
        self.assertIsNone(self._share(REPORT, "otif_rate:avg") or None)

    def test_told_day_counts_where_none_was_wanted(self):
        line = self._order(10, told=-5)
        self._deliver(line, 10, moment(self._day(-5)))
        self._assert_row(line, otif="met", due_on=self._day(-5))

    def test_wanted_day_moved_later_hides_no_miss(self):
        line = self._order(10, wanted=-5)
        line.wanted_on = self._day(-1)
        self._run_job()
        self._deliver(line, 10, moment(self._day(-2)))
        self._assert_row(line, otif="missed", wanted_on=self._day(-5))

    def test_wanted_day_written_after_ordering_hides_no_miss(self):
        """Neither one that is over nor one that is still to come."""
        for wanted in (-1, 3):
            with self.subTest(wanted=wanted):
                line = self._order(10, told=-5)
                line.wanted_on = self._day(wanted)
                self._run_job()
                self._deliver(line, 10, moment(self._day(-2)))
                due_on = self._day(-5)
                self._assert_row(line, otif="missed", due_on=due_on, wanted_on=False)

    def test_wanted_day_written_after_ordering_makes_nothing_due(self):
        line = self._order(10)
        line.wanted_on = self._day(-1)
        self._run_job()
        self.assertFalse(self._row(REPORT, line))

    def test_ordered_in_dozens_is_delivered_in_units(self):
        self.product.uom_ids = [Command.link(self.dozen.id)]
        line = self._order(2, wanted=-5, product_uom_id=self.dozen.id)
        self._deliver(line, 23, moment(self._day(-5)))
        self._assert_row(line, otif="missed", quantity=24)
        self._deliver(line, 1, moment(self._day(-5)))
        self._assert_row(line, otif="met")

    def test_goods_for_another_company_of_ours_are_delivered(self):
        shelf = self.between.copy({"name": "Shelf", "location_id": self.between.id})
        for place in (self.between, shelf):
            with self.subTest(place=place.name):
                line = self._order(10, wanted=-5, told=-5)
                values = {"sale_line_id": line.id}
                when = moment(self._day(-5))
                move = self._move(self.stock, place, 10, when, **values)
                self._bring_back(move, 3, moment(self._day(-4)))
                self._assert_row(
                    line, otif="met", outcome="on_day", quantity_delivered=7
                )
                self.assertEqual(line.qty_delivered, 7)

    def _order_and_deliver_at_once(self, when, **line):
        """Let goods be ordered and delivered before the job looks."""
        with self._at(moment(self._day(-30), 9)):
            line = self._quotation(10, **line)
            if when == "looked at":
                self._run_job()
                when = self._day(-5)
            line.order_id.action_confirm()
            line.order_id.picking_ids.action_cancel()
        self._deliver(line, 10, moment(when))
        self._run_job()
        return line

    def test_what_was_delivered_before_anybody_looked_is_judged(self):
        wanted = self._day(-5)
        for when, otif in ((wanted, "met"), (self._day(-4), "missed")):
            with self.subTest(otif=otif):
                line = self._order_and_deliver_at_once(when, wanted_on=wanted)
                self._assert_row(line, otif=otif, due_on=wanted)
                promise = self.promises.search([("sale_line_id", "=", line.id)])
                self.assertFalse(promise.is_open)
                self.assertTrue(promise.is_ordered and promise.ordered_at)
                self._run_job()
                self.assertEqual(len(promise), 1)

    def test_quotation_that_was_delivered_before_anybody_looked_is_judged(self):
        """Its promise knows what was wanted when it was ordered."""
        wanted = self._day(-5)
        line = self._order_and_deliver_at_once("looked at", wanted_on=wanted)
        line.wanted_on = self._day(-1)
        self._run_job()
        self._assert_row(line, otif="met", due_on=wanted)
        promise = self.promises.search([("sale_line_id", "=", line.id)])
        self.assertTrue(promise.is_ordered and promise.ordered_at)
        self.assertEqual(promise.ordered_wanted_on, wanted)

    def test_service_that_was_delivered_has_no_promise(self):
        service = self.env["product.product"].create(
            {"name": "Advice", "type": "service"}
        )
        line = self._quotation(1, product=service, wanted_on=self._day(-5))
        line.order_id.action_confirm()
        line.qty_delivered = 1
        self._run_job()
        self.assertFalse(self.promises.search([("sale_line_id", "=", line.id)]))

    def test_quotation_is_not_due(self):
        line = self._quotation(10, wanted_on=self._day(-5))
        self._run_job()
        self.assertFalse(self._row(REPORT, line))


@tagged("post_install", "-at_install")
class TestOrderedThen(DeliveryCommon):
    """What was ordered at the end of the day counts: who cuts a late line was late."""

    def test_line_cut_after_its_miss_stays_missed(self):
        line = self._order(10, wanted=-5, told=-5)
        self._deliver(line, 6, moment(self._day(-5)))
        self._reorder(line, 6, moment(self._day(-3)))
        self._assert_row(
            line, otif="missed", quantity_due=10, quantity=6, outcome="late_5"
        )

    def test_line_cut_to_nothing_after_its_miss_stays_missed(self):
        line = self._order(10, wanted=-5)
        self._reorder(line, 0, moment(self._day(-3)))
        self._assert_row(line, otif="missed")

    def test_line_cut_before_it_was_due_is_met(self):
        line = self._order(10, wanted=-5, told=-5)
        self._deliver(line, 6, moment(self._day(-6)))
        self._reorder(line, 6, moment(self._day(-5), 23, 59))
        self._assert_row(line, otif="met", quantity_due=6, outcome="on_day")

    def test_line_raised_after_it_was_met_stays_met(self):
        line = self._order(10, wanted=-5)
        self._deliver(line, 10, moment(self._day(-5)))
        self._reorder(line, 12, moment(self._day(-4)))
        self._assert_row(line, otif="met", quantity_due=10)

    def test_several_changes(self):
        line = self._order(10, wanted=-5)
        self._reorder(line, 8, moment(self._day(-6)))
        self._reorder(line, 4, moment(self._day(-3)))
        self._assert_row(line, quantity_due=8)

    def test_order_cancelled_after_its_miss_stays_missed(self):
        for told in (None, -5):
            with self.subTest(told=told):
                line = self._order(10, wanted=-5, told=told)
                self._deliver(line, 6, moment(self._day(-5)))
                self._cancel(line, moment(self._day(-4), 0, 1))
                self._run_job()
                self._assert_row(
                    line,
                    otif="missed",
                    otif_rate=0.0,
                    quantity_due=10,
                    outcome="withdrawn" if told else False,
                )

    def test_order_cancelled_by_the_end_of_its_day_is_in_no_figure(self):
        line = self._order(10, wanted=-5)
        self._cancel(line, moment(self._day(-5), 23, 59))
        self._run_job()
        self.assertFalse(self._row(REPORT, line))

    def test_order_cancelled_after_it_was_met_stays_met(self):
        line = self._order(10, wanted=-5)
        self._deliver(line, 10, moment(self._day(-5)))
        self._cancel(line, moment(self._day(-4)))
        self._assert_row(line, otif="met")

    def test_nothing_is_ordered_between_cancelling_and_confirming_again(self):
        for again, otif in ((-6, "missed"), (-4, False)):
            with self.subTest(again=again):
                line = self._order(10, wanted=-5, told=-5)
                self._cancel(line, moment(self._day(-8)))
                line.order_id.action_draft()
                line.order_id.action_confirm()
                self._date_change(line, moment(self._day(again)))
                self._assert_row(line, otif=otif)

    def test_order_that_was_not_cancelled_has_no_past(self):
        line = self._order(10)
        self.assertFalse(line.ordered_before)

    def test_nobody_writes_what_was_ordered(self):
        line = self._order(10, wanted=-5)
        self._reorder(line, 6, moment(self._day(-3)))
        kept = line.ordered_before
        line.ordered_before = False
        self.env.flush_all()
        line.invalidate_recordset()
        self.assertEqual(line.ordered_before, kept)
        self.assertFalse(line.copy({"order_id": line.order_id.id}).ordered_before)

    def test_quotation_has_no_past(self):
        line = self._quotation(10)
        line.product_uom_qty = 3
        self.env.flush_all()
        line.invalidate_recordset()
        self.assertFalse(line.ordered_before)


@tagged("post_install", "-at_install")
class TestSafeAndSlips(DeliveryCommon):
    def _say(self, line, **values):
        """Let the promise of a line say this; what is possible is not asked."""
        promise = self.promises.search([("sale_line_id", "=", line.id)])
        promise._system_write(values)

    def test_delivered_by_the_safe_day(self):
        for late, rate in ((-1, 100.0), (0, 100.0), (1, 0.0)):
            line = self._order(10, wanted=-5)
            self._say(line, ordered_safe_on=self._day(-8))
            self._deliver(line, 10, moment(self._day(-8 + late)))
            self._assert_row(line, safe_rate=rate)

    def test_not_delivered_at_all_is_not_by_the_safe_day(self):
        line = self._order(10, wanted=-5)
        self._say(line, ordered_safe_on=self._day(-1))
        self._assert_row(line, safe_rate=0.0)

    def test_what_happens_after_the_safe_day_takes_nothing_away(self):
        line = self._order(10, wanted=-5)
        self._say(line, ordered_safe_on=self._day(-8))
        move = self._deliver(line, 10, moment(self._day(-8)))
        self._bring_back(move, 2, moment(self._day(-7)))
        self._reorder(line, 12, moment(self._day(-6)))
        self._assert_row(line, safe_rate=100.0)

    def test_order_cancelled_after_its_safe_day_was_not_there_by_then(self):
        line = self._order(10, wanted=-5)
        self._say(line, ordered_safe_on=self._day(-8))
        self._cancel(line, moment(self._day(-4)))
        self._assert_row(line, safe_rate=0.0)

    def test_safe_day_that_is_not_over_says_nothing(self):
        line = self._order(10, wanted=-5)
        self._say(line, ordered_safe_on=self._day(0))
        ids = [("id", "=", line.id)]
        self.assertEqual(self._share(REPORT, "safe_rate:count", ids), 0)

    def test_first_safe_day_after_ordering_counts(self):
        """What is said later, when it is known to be late, hides nothing."""
        line = self._order(10, wanted=-5)
        promise = self.promises.search([("sale_line_id", "=", line.id)])
        ordered = self._versions(line).sorted("id").filtered("is_ordered")[:1]
        self.assertEqual(promise.ordered_safe_on, ordered.safe_on)
        self._run_job()
        self.assertEqual(promise.ordered_safe_on, ordered.safe_on)

    def test_slips(self):
        """Of four that were told one has become impossible, and of one nobody knows."""
        told = self._day(5)
        days = (self._day(4), told, self._day(6), False)
        lines = [self._order(10, told=5) for _day in days]
        untold = self._order(10, wanted=5)
        for line, likely in zip(lines, days, strict=True):
            self._say(
                line, is_open=True, is_ordered=True, likely_on=likely, told_on=told
            )
        ids = [("id", "in", [untold.id, *(line.id for line in lines)])]
        self.assertAlmostEqual(self._share(REPORT, "slip_rate:avg", ids), 50)
        self.assertEqual(self._share(REPORT, "slip_rate:count", ids), 4)


@tagged("post_install", "-at_install")
class TestPromiseAccuracy(DeliveryCommon):
    def test_days_between_what_was_told_and_the_last_delivery(self):
        expected = {
            -1: "early",
            0: "on_day",
            1: "late_1",
            2: "late_5",
            5: "late_5",
            6: "late_more",
        }
        for late, outcome in expected.items():
            with self.subTest(late=late):
                line = self._order(10, told=-10)
                self._deliver(line, 10, moment(self._day(-10 + late)))
                self._assert_row(line, outcome=outcome, days_late=late)

    def test_first_day_told_counts(self):
        line = self._order(10, told=-10)
        self._tell(line, -4)
        self._deliver(line, 10, moment(self._day(-4)))
        self._assert_row(line, outcome="late_more", told_on=self._day(-10))

    def test_last_of_several_deliveries_counts(self):
        line = self._order(10, told=-10)
        self._deliver(line, 5, moment(self._day(-12)))
        self._assert_row(line, outcome="overdue", delivered_on=False)
        self._deliver(line, 5, moment(self._day(-9)))
        self._assert_row(line, outcome="late_1")

    def test_line_raised_after_it_was_kept_stays_kept(self):
        line = self._order(10, told=-10)
        self._deliver(line, 10, moment(self._day(-10)))
        self._reorder(line, 12, moment(self._day(-3)))
        kept = {"outcome": "on_day", "kept_rate": 100.0, "days_late": 0}
        self._assert_row(line, **kept, delivered_on=self._day(-10))
        self._deliver(line, 2, moment(self._day(-1)))
        self._assert_row(line, **kept, delivered_on=self._day(-10))

    def test_what_comes_back_later_breaks_no_promise(self):
        line = self._order(10, told=-10)
        move = self._deliver(line, 10, moment(self._day(-10)))
        self._bring_back(move, 2, moment(self._day(-3)))
        self._assert_row(line, outcome="on_day", kept_rate=100.0)
        self._reorder(line, 8, moment(self._day(-3)))
        self._assert_row(line, outcome="on_day", kept_rate=100.0)

    def test_what_comes_back_in_time_is_to_be_brought_again(self):
        line = self._order(10, told=-5)
        move = self._deliver(line, 10, moment(self._day(-7)))
        self._bring_back(move, 2, moment(self._day(-6)))
        self._assert_row(line, outcome="overdue")
        self._deliver(line, 2, moment(self._day(-4)))
        self._assert_row(line, outcome="late_1", delivered_on=self._day(-4))

    def test_late_line_ends_when_all_was_there_for_the_first_time(self):
        line = self._order(10, told=-10)
        when = moment(self._day(-9), 15)
        move = self._deliver(line, 10, when)
        self._bring_back(move, 3, moment(self._day(-8)))
        self._reorder(line, 20, moment(self._day(-7)))
        self._assert_row(line, outcome="late_1", delivered_at=when)

    def test_what_came_and_went_before_the_day_told_was_early(self):
        line = self._order(10, told=-10)
        move = self._deliver(line, 10, moment(self._day(-12)))
        self._bring_back(move, 10, moment(self._day(-11)))
        self._reorder(line, 0, moment(self._day(-11)))
        self._assert_row(line, outcome="early", delivered_on=self._day(-12))

    def test_withdrawn_counts_as_late(self):
        line = self._order(10, told=3)
        self._assert_row(line, outcome="open")
        line.order_id._action_cancel()
        self._run_job()
        self._assert_row(line, outcome="withdrawn", kept_rate=0.0)
        self.assertEqual(self._share(REPORT, "kept_rate:avg"), 0.0)

    def test_deleted_line_is_withdrawn(self):
        line = self._order(10, told=3)
        line.order_id._action_cancel()
        line_id = line.id
        line.order_id.unlink()
        self.env.flush_all()
        row = self.env[REPORT].search([("id", "=", line_id)])
        self.assertEqual((row.outcome, row.order_id.id), ("withdrawn", False))

    def test_quotation_that_was_never_ordered_withdraws_nothing(self):
        line = self._quotation(10)
        self._run_job()
        self._tell(line, 3)
        line.order_id._action_cancel()
        self._run_job()
        self.assertFalse(self._row(REPORT, line))

    def test_nothing_told_is_no_promise(self):
        line = self._order(10, wanted=-5)
        self._assert_row(line, outcome=False)
        self.assertIsNone(self._share(REPORT, "kept_rate:avg") or None)


class DeliveryJudged(DeliveryCommon):
    """What comes of a line, in plain Python."""

    def _quantity_at(self, line, changes, at):
        """Return what was ordered at the end of a day."""
        for day, before in changes:
            if day > at:
                return before
        return 0 if line.order_id.state == "cancel" else line.product_uom_qty

    def _get_flows(self, line):
        """Return what went out and came back: days and quantities."""
        sent, back = (
            moves.filtered(lambda move: move.state == "done")
            for moves in line._get_outgoing_incoming_moves()
        )
        flows = [(local_day(move.date), move.quantity) for move in sent]
        return flows + [(local_day(move.date), -move.quantity) for move in back]

    def _get_net(self, line, day):
        """Return what had been delivered at the end of a day, net."""
        return sum(each for when, each in self._get_flows(line) if when <= day)

    def _is_full(self, line, changes, day):
        """Return whether all was there at the end of a day that was ordered then."""
        ordered = self._quantity_at(line, changes, day)
        return 0 < ordered <= self._get_net(line, day)

    def _get_end(self, line, changes):
        """Return the day on which all had come: the last one until the day told, else
        due, if all was there on that day; else the first one after it."""
        asked = self._get_told(line) or self._get_due(line)
        came = [day for day, quantity in self._get_flows(line) if quantity > 0]
        changed = [day for day, _before in changes]
        if self._is_full(line, changes, asked):
            last = max(day for day in came if day <= asked)
            if self._is_full(line, changes, last):
                return last
            return max(last, *(day for day in changed if day <= asked))
        was_ordered = self._quantity_at(line, changes, asked) > 0
        for day in sorted({*came, *changed}):
            if was_ordered and day <= asked:
                continue
            if self._is_full(line, changes, day):
                return day
        return None

    def _get_told(self, line):
        """Return the first day that the customer was told."""
        versions = self._versions(line).sorted("id")
        return next((each.told_on for each in versions if each.told_on), None)

    def _get_due(self, line):
        """Return the day wanted when it was ordered, else told first."""
        versions = self._versions(line).sorted("id")
        ordered = next(each for each in versions if each.is_ordered)
        return ordered.wanted_on or self._get_told(line)

    def _judge(self, line, changes, today=None):
        """Return the day a line is due, what came of it and of what was told, and how
        much was there in time; nothing if it is in no figure.

        :param today: nothing: that of the tests
        """
        told, due = self._get_told(line), self._get_due(line)
        cancelled = line.order_id.state == "cancel"
        if not due:
            return None
        ordered = self._quantity_at(line, changes, due)
        if cancelled and not told and not ordered:
            return None
        today = today or self._day(0)
        in_time = self._get_net(line, due)
        full_on = self._get_end(line, changes)
        otif = outcome = False
        if ordered:
            otif = "open"
            if due < today:
                otif = "met" if in_time >= ordered else "missed"
        if told and full_on:
            late = (full_on - told).days
            outcome = (
                "early"
                if late < 0
                else ["on_day", "late_1", *["late_5"] * 4][late]
                if late <= 5
                else "late_more"
            )
        elif told:
            outcome = "overdue" if told < today else "open"
            outcome = "withdrawn" if cancelled else outcome
        return due, otif, outcome, in_time


@tagged("post_install", "-at_install")
class TestDeliveryOracle(DeliveryJudged):
    """Against plain Python over the records, which adds up as a person would."""

    def test_random_orders(self):
        random, changes = Random(17), {}
        lines = self.env["sale.order.line"]
        for _number in range(24):
            line = self._order(
                random.randint(1, 6),
                wanted=random.choice([None, random.randint(-9, 1)]),
                told=random.choice([None, random.randint(-9, 1)]),
            )
            for _delivery in range(random.randint(0, 3)):
                when = self._day(random.randint(-12, -1))
                when = moment(when, random.choice([0, 6, 7, 23]), random.randint(0, 59))
                move = self._deliver(line, random.randint(1, 4), when)
                if random.random() < 0.3:
                    later = when + timedelta(hours=random.randint(0, 60))
                    to_refund = random.random() < 0.6
                    self._bring_back(move, 1, later, to_refund)
            changes[line] = []
            when = moment(self._day(-13))
            for _change in range(random.choice([0, 0, 1, 2])):
                when += timedelta(minutes=random.randint(1, 9000))
                changes[line].append((local_day(when), line.product_uom_qty))
                least = max(1, int(line.qty_delivered))
                self._reorder(line, random.randint(least, least + 5), when)
            if random.random() < 0.3:
                line.wanted_on = self._day(random.randint(-9, 3))
            if random.random() < 0.3:
                when += timedelta(minutes=random.randint(1, 9000))
                when = min(when, moment(self._day(0), 7))
                changes[line].append((local_day(when), line.product_uom_qty))
                self._cancel(line, when)
            lines |= line
        self._run_job()
        said = {line: self._say_anything(random, line) for line in lines}
        rows = self.env[REPORT].search([("company_id", "=", self.company.id)])
        expected = {}
        for line in lines:
            if facts := self._judge(line, changes[line]):
                expected[line.id] = facts
        names = ("due_on", "otif", "outcome", "quantity_in_time")
        self.assertEqual(
            {row.id: tuple(row[name] for name in names) for row in rows}, expected
        )
        quantities = {
            line.id: (
                self._quantity_at(line, changes[line], expected[line.id][0]),
                sum(quantity for _day, quantity in self._get_flows(line)),
            )
            for line in lines
            if line.id in expected
        }
        self.assertEqual(
            {row.id: (row.quantity_due, row.quantity_delivered) for row in rows},
            quantities,
        )
        self._assert_rates(expected)
        self._assert_what_was_said(lines, changes, said)

    def _say_anything(self, random, line):
        """Let the promise of a line say a safe day, and what is likely now."""
        likely = random.choice([None, random.randint(-9, 5)])
        values = {
            "ordered_safe_on": self._day(random.randint(-12, 1)),
            "is_open": line.order_id.state != "cancel" and random.random() < 0.7,
            "is_ordered": True,
            "likely_on": likely and self._day(likely),
        }
        self.promises.search([("sale_line_id", "=", line.id)])._system_write(values)
        return values

    def _assert_what_was_said(self, lines, changes, said):
        """Compare lines by the safe day, slips, and days late."""
        safe, slips, late = [], [], []
        for line in lines:
            if not self._judge(line, changes[line]):
                continue
            full_on, values = self._get_end(line, changes[line]), said[line]
            told = self._get_told(line)
            day = values["ordered_safe_on"]
            ordered = self._quantity_at(line, changes[line], day)
            if ordered and day < self._day(0):
                safe.append(self._is_full(line, changes[line], day))
            if told and values["is_open"]:
                likely = values["likely_on"]
                slips.append(not likely or likely > told)
            if told and full_on:
                late.append((full_on - told).days)
        domain = [("company_id", "=", self.company.id)]
        for name, right in (("safe_rate", safe), ("slip_rate", slips)):
            self.assertEqual(self._share(REPORT, f"{name}:count", domain), len(right))
            share = 100 * sum(right) / len(right)
            self.assertAlmostEqual(self._share(REPORT, f"{name}:avg", domain), share)
        found = self._share(REPORT, "days_late:avg", domain)
        self.assertAlmostEqual(found, sum(late) / len(late))

    def _assert_rates(self, expected):
        def percent(yes, no):
            return 100 * yes / (yes + no)

        otif = [each[1] for each in expected.values()]
        kept = [each[2] for each in expected.values() if each[2]]
        good = sum(each in ("early", "on_day") for each in kept)
        bad = sum(each not in ("early", "on_day", "open") for each in kept)
        domain = [("company_id", "=", self.company.id)]
        self.assertAlmostEqual(
            self._share(REPORT, "otif_rate:avg", domain),
            percent(otif.count("met"), otif.count("missed")),
        )
        self.assertAlmostEqual(
            self._share(REPORT, "kept_rate:avg", domain), percent(good, bad)
        )
