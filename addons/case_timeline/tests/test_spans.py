import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase

from ..spans import OPEN, Interval, partition
from ..steps import Event, find_end, find_end_of_purchase, find_intervals
from . import oracle

DAY_0 = datetime(2026, 1, 5)


def at(day, minute=0):
    return DAY_0 + timedelta(days=day, minutes=minute)


def held(start, end, name="vendor", number=1):
    return Interval(start, end, "purchase.order", number, name, "delivery")


class TestPartition(BaseCase):
    def test_parallel_work_counts_once(self):
        """Two purchases, of which one comes later, and then the delivery."""
        one, two = held(at(0), at(4)), held(at(0), at(9), number=2)
        delivery = held(at(9), at(10), "stock", 3)
        spans = partition([one, two, delivery], at(0), at(10))
        decisive = [
            (span.interval.res_id, (span.end - span.start).days)
            for span in spans
            if span.is_decisive
        ]
        self.assertEqual(decisive, [(2, 9), (3, 1)])
        rest = [span for span in spans if not span.is_decisive]
        self.assertEqual(
            [(span.interval.res_id, span.start, span.end) for span in rest],
            [(1, at(0), at(4))],
        )

    def test_what_nobody_held_is_nobodys(self):
        spans = partition([held(at(1), at(2))], at(0), at(4))
        self.assertEqual(
            [(span.start, span.end, bool(span.interval)) for span in spans],
            [(at(0), at(1), False), (at(1), at(2), True), (at(2), at(4), False)],
        )

    def test_nothing_outside_the_case_counts(self):
        spans = partition([held(at(-3), at(9))], at(0), at(4))
        self.assertEqual([(s.start, s.end) for s in spans], [(at(0), at(4))])

    def test_case_of_a_moment_has_no_spans(self):
        self.assertEqual(partition([held(at(0), at(1))], at(0), at(0)), [])

    def test_open_case_ends_open(self):
        spans = partition([held(at(1), OPEN)], at(0), OPEN)
        self.assertEqual([span.end for span in spans], [at(1), OPEN])

    def test_random_cases_are_partitioned(self):
        """Decisive spans join up, add up, and say what each minute says."""
        chance = random.Random(17)
        for _case in range(300):
            length = chance.randint(1, 90)
            intervals = []
            for number in range(chance.randint(0, 8)):
                start = chance.randint(-10, 95)
                end = start + chance.randint(0, 60)
                intervals.append(held(at(0, start), at(0, end), number=number))
            chance.shuffle(intervals)
            start, end = at(0), at(0, length)
            spans = partition(intervals, start, end)
            decisive = [span for span in spans if span.is_decisive]
            self.assertEqual(decisive[0].start, start)
            self.assertEqual(decisive[-1].end, end)
            for one, other in zip(decisive, decisive[1:], strict=False):
                self.assertEqual(one.end, other.start)
            total = sum((s.end - s.start for s in decisive), timedelta())
            self.assertEqual(total, end - start)
            for moment, longest in oracle.minutes(intervals, start, end):
                (span,) = [s for s in decisive if s.start <= moment < s.end]
                number = span.interval and span.interval.res_id
                if longest:
                    self.assertIn(number, [each.res_id for each in longest])
                else:
                    self.assertIsNone(number)
            self._check_rest(intervals, spans, start, end)

    def _check_rest(self, intervals, spans, start, end):
        """Each interval is there whole, in decisive spans and others."""
        for interval in intervals:
            begins, ends = max(interval.start, start), min(interval.end, end)
            own = [
                span.end - span.start
                for span in spans
                if span.interval and span.interval.res_id == interval.res_id
            ]
            expected = max(ends - begins, timedelta())
            self.assertEqual(sum(own, timedelta()), expected)


class TestSteps(BaseCase):
    def _walk(self, *events):
        events = [Event(*event) for event in events]
        return [
            (each.department, each.step, each.start, each.end)
            for each in sorted(find_intervals(events))
        ]

    def test_approval_is_with_the_approvers_until_granted(self):
        found = self._walk(
            (at(0), "purchase.quoted", "purchase.order", 7, "", 7),
            (at(1), "approval.submitted", "approval.log", 1, "", 7),
            (at(2), "approval.questioned", "approval.log", 2, "", 7),
            (at(3), "approval.answered", "approval.log", 3, "", 7),
            (at(4), "approval.granted", "approval.log", 4, "", 7),
            (at(4), "purchase.ordered", "purchase.order", 7, "", 7),
            (at(9), "purchase.received_full", "purchase.order", 7, "", 7),
        )
        self.assertEqual(
            found,
            [
                ("purchase", "quotation", at(0), at(1)),
                ("approval", "approval", at(1), at(2)),
                ("purchase", "information", at(2), at(3)),
                ("approval", "approval", at(3), at(4)),
                ("vendor", "delivery", at(4), at(9)),
            ],
        )

    def _ask(self, *log):
        """Return who has a purchase about which *Manager* asks at 2: moments, kinds and
        steps of what happens then, in the request."""
        events = [
            Event(at(0), "purchase.quoted", "purchase.order", 7, "", 7),
            *(
                Event(at(moment), kind, "approval.log", number, "", 7, None, step)
                for number, (moment, kind, step) in enumerate(
                    (
                        (0, "approval.submitted", ""),
                        (2, "approval.questioned", "Manager"),
                        *log,
                    )
                )
            ),
        ]
        return [
            (each.step, each.start, each.end)
            for each in sorted(find_intervals(events))
            if each.start >= at(2)
        ]

    def test_whoever_asked_decides_without_an_answer(self):
        for kind in ("approved", "forwarded", "sent_back"):
            with self.subTest(kind):
                self.assertEqual(
                    self._ask(
                        (3, f"approval.{kind}", "Manager"),
                        (8, "approval.granted", ""),
                    ),
                    [
                        ("information", at(2), at(3)),
                        ("approval", at(3), at(8)),
                        ("quotation", at(8), OPEN),
                    ],
                )

    def test_delivery_of_goods_that_were_put_back_before_is_no_return(self):
        """Picked, put back and picked again; the transfer to the customer was there
        before: its goods were put back, and it takes none back."""
        transfer = "stock.picking"
        events = [
            Event(at(0), "sale.confirmed", "sale.order", 1),
            Event(at(0), "sale.delivered_pending", "sale.order", 1),
            Event(at(1), "picking.done", transfer, 10),
            Event(at(1), "sale.delivered_started", "sale.order", 1),
            Event(at(3), "picking.done", transfer, 20, return_of=10),
            Event(at(4), "picking.done", transfer, 21, return_of=20),
            Event(at(4), "picking.ready", transfer, 11, return_of=20),
        ]
        self.assertEqual(find_end(events), OPEN)
        events += [
            Event(at(30), "picking.done", transfer, 11, return_of=20),
            Event(at(30), "sale.delivered_full", "sale.order", 1),
        ]
        self.assertEqual(find_end(events), at(30))

    def test_another_step_decides_while_one_waits_for_an_answer(self):
        self.assertEqual(
            self._ask((3, "approval.approved", "Director")),
            [("information", at(2), OPEN)],
        )

    def test_one_of_a_step_decides_while_another_waits_for_the_answer_that_comes(self):
        self.assertEqual(
            self._ask(
                (3, "approval.approved", "Manager"),
                (5, "approval.answered", ""),
            ),
            [("information", at(2), at(5)), ("approval", at(5), OPEN)],
        )

    def test_answer_to_another_question_is_none_to_the_first(self):
        self.assertEqual(
            self._ask(
                (3, "approval.approved", "Manager"),
                (5, "approval.questioned", "Director"),
                (6, "approval.answered", ""),
            ),
            [
                ("information", at(2), at(3)),
                ("approval", at(3), at(5)),
                ("information", at(5), at(6)),
                ("approval", at(6), OPEN),
            ],
        )

    def test_vendor_begins_when_the_deposit_is_paid(self):
        found = self._walk(
            (at(0), "purchase.ordered", "purchase.order", 7, "", 7),
            (at(0), "deposit.waiting", "supplier.deposit", 1, "", 7),
            (at(1), "deposit.due", "supplier.deposit", 1, "", 7),
            (at(3), "deposit.paid", "supplier.deposit", 1, "", 7),
            (at(9), "purchase.received_full", "purchase.order", 7, "", 7),
        )
        self.assertEqual(
            found,
            [
                ("approval", "deposit", at(0), at(1)),
                ("account", "deposit", at(1), at(3)),
                ("vendor", "delivery", at(3), at(9)),
            ],
        )

    def test_opportunity_is_held_until_the_quotation(self):
        found = self._walk(
            (at(0), "lead.made", "crm.lead", 1),
            (at(0), "lead.pending", "crm.lead", 1),
            (at(2), "sale.quoted", "sale.order", 5),
            (at(3), "sale.sent", "sale.order", 5),
            (at(5), "lead.won", "crm.lead", 1),
            (at(5), "sale.confirmed", "sale.order", 5),
        )
        self.assertEqual(
            found,
            [
                ("care", "opportunity", at(0), at(2)),
                ("care", "quotation", at(2), at(3)),
                ("customer", "decision", at(3), at(5)),
            ],
        )

    def test_question_is_with_whom_it_asks(self):
        found = self._walk(
            (at(0), "question.open", "supply.question", 1, "stock"),
            (at(2), "question.answered", "supply.question", 1, "stock"),
        )
        self.assertEqual(found, [("stock", "answer", at(0), at(2))])

    def test_question_that_is_asked_again(self):
        found = self._walk(
            (at(0), "question.open", "supply.question", 1, "stock"),
            (at(2), "question.answered", "supply.question", 1, "stock"),
            (at(5), "question.open", "supply.question", 1, "stock"),
        )
        self.assertEqual(
            found,
            [("stock", "answer", at(0), at(2)), ("stock", "answer", at(5), OPEN)],
        )

    def test_document_that_is_given_to_somebody_else(self):
        """Nobody else's document is cut, nor one that stays with the same person."""
        for model, kind, holder in (
            ("sale.order", "sale.quoted", "sale.holder"),
            ("crm.lead", "lead.made", "lead.holder"),
            ("supply.question", "question.open", "question.holder"),
            ("purchase.order", "purchase.quoted", "purchase.holder"),
        ):
            purchase = 1 if model == "purchase.order" else None
            events = [
                Event(at(0), kind, model, 1, "care", purchase, 7),
                Event(at(1), holder, model, 1, "care", purchase, 7),
                Event(at(2), holder, model, 1, "care", purchase, 8),
                Event(at(3), holder, model, 1, "care", purchase, None),
            ]
            with self.subTest(model=model):
                found = sorted(find_intervals(events), key=lambda each: each.start)
                self.assertEqual(
                    [(each.start, each.end, each.holder) for each in found],
                    [(at(0), at(2), 7), (at(2), at(3), 8), (at(3), OPEN, None)],
                )

    def test_purchase_that_left_is_not_waited_for(self):
        found = self._walk(
            (at(0), "purchase.ordered", "purchase.order", 7, "", 7),
            (at(2), "purchase.left", "purchase.order", 7, "", 7),
        )
        self.assertEqual(found, [("vendor", "delivery", at(0), at(2))])

    def test_question_about_a_purchase_that_left_is_not_waited_for(self):
        found = self._walk(
            (at(1), "question.open", "supply.question", 1, "stock", 7),
            (at(1), "question.open", "supply.question", 2, "stock", 8),
            (at(2), "purchase.left", "purchase.order", 7, "", 7),
        )
        self.assertEqual(
            found,
            [("stock", "answer", at(1), at(2)), ("stock", "answer", at(1), OPEN)],
        )

    def test_end_of_an_order(self):
        quoted = Event(at(0), "sale.quoted", "sale.order", 5)
        confirmed = Event(at(1), "sale.confirmed", "sale.order", 5)
        pending = Event(at(1), "sale.delivered_pending", "sale.order", 5)
        partial = Event(at(2), "sale.delivered_partial", "sale.order", 5)
        full = Event(at(3), "sale.delivered_full", "sale.order", 5)
        cancelled = Event(at(4), "sale.cancelled", "sale.order", 5)
        for events, end in (
            ([quoted], OPEN),
            ([quoted, confirmed], at(1)),
            ([quoted, confirmed, pending], OPEN),
            ([quoted, confirmed, pending, partial], OPEN),
            ([quoted, confirmed, pending, full], at(3)),
            ([quoted, confirmed, pending, full, partial._replace(date=at(5))], OPEN),
            ([quoted, cancelled], at(4)),
        ):
            with self.subTest(kinds=[event.kind for event in events]):
                self.assertEqual(find_end(events), end)

    def _move(self, day, state, number, return_of=None, purchase=None):
        return Event(
            at(day),
            f"picking.{state}",
            "stock.picking",
            number,
            purchase=purchase,
            return_of=return_of,
        )

    def _deliver(self, *events):
        """Return the end of an order that is delivered in full at 2."""
        first = [
            Event(at(0), "sale.confirmed", "sale.order", 5),
            Event(at(0), "sale.delivered_pending", "sale.order", 5),
            self._move(0, "waiting", 1),
            self._move(2, "done", 1),
            Event(at(2), "sale.delivered_full", "sale.order", 5),
        ]
        return find_end(first + list(events))

    def _say(self, day, status):
        return Event(at(day), f"sale.delivered_{status}", "sale.order", 5)

    def test_delivered_case_stays_so_while_goods_are_taken_back(self):
        """Whether Odoo says so of the order or of the transfer first."""
        begun = [self._say(5, "partial"), self._move(5, "waiting", 2, return_of=1)]
        for events in (begun, begun[::-1]):
            done = [self._move(6, "ready", 2, 1), self._move(7, "done", 2, 1)]
            self.assertEqual(self._deliver(*events), at(2))
            self.assertEqual(self._deliver(*events, *done, self._say(7, "full")), at(2))

    def test_delivered_case_goes_on_when_more_is_to_be_delivered(self):
        """Such as of a line that is raised, or instead of what came back; also while
        goods are taken back, of which Odoo's status says nothing then."""
        returned = [self._say(5, "partial"), self._move(5, "ready", 2, return_of=1)]
        for more in (self._move(6, "waiting", 3), self._move(6, "waiting", 3, 2)):
            self.assertEqual(self._deliver(*returned, more), OPEN)
            done = more._replace(date=at(8), kind="picking.done")
            self.assertEqual(self._deliver(*returned, more, done), at(8))
        raised = [self._say(6, "partial"), self._move(6, "waiting", 3)]
        self.assertEqual(self._deliver(*raised), OPEN)

    def test_rest_is_delivered_while_goods_are_taken_back(self):
        """Odoo calls it delivered in full only when these are back."""
        events = [
            Event(at(0), "sale.confirmed", "sale.order", 5),
            self._say(0, "pending"),
            self._move(2, "done", 1),
            self._move(2, "waiting", 2),
            self._say(2, "partial"),
            self._move(3, "ready", 3, return_of=1),
        ]
        self.assertEqual(find_end(events), OPEN)
        events.append(self._move(4, "done", 2))
        self.assertEqual(find_end(events), at(4))
        events += [self._move(9, "done", 3, 1), self._say(9, "full")]
        self.assertEqual(find_end(events), at(4))

    def test_vendor_waits_for_nothing_that_goes_back(self):
        def say(day, status):
            return Event(at(day), f"purchase.{status}", "purchase.order", 7, purchase=7)

        events = [
            say(0, "ordered"),
            say(0, "received_pending"),
            self._move(0, "ready", 1, purchase=7),
            self._move(2, "done", 1, purchase=7),
            say(2, "received_full"),
            say(5, "received_partial"),
            self._move(5, "ready", 2, return_of=1, purchase=7),
        ]
        back = [self._move(6, "done", 2, 1, 7), say(6, "received_full")]
        for story in (events, events + back):
            found = [each[:2] for each in find_intervals(story)]
            self.assertEqual(found, [(at(0), at(2))])
            self.assertEqual(find_end_of_purchase(story), at(2))
        # the vendor sends something else for it
        events.append(self._move(5, "ready", 3, return_of=2, purchase=7))
        found = [each[:2] for each in find_intervals(events)]
        self.assertEqual(found, [(at(0), at(2)), (at(5), OPEN)])
        self.assertEqual(find_end_of_purchase(events), OPEN)

    def test_end_of_an_opportunity(self):
        """Another one that is merged into it is over, and it goes on."""
        made = [Event(at(0), "lead.made", "crm.lead", number) for number in (1, 2)]
        merged = Event(at(2), "lead.merged", "crm.lead", 2)
        lost = Event(at(1), "lead.lost", "crm.lead", 2)
        won = Event(at(3), "lead.won", "crm.lead", 1)
        again = Event(at(4), "lead.pending", "crm.lead", 1)
        for events, end in (
            (made[:1], OPEN),
            ([made[0], won], at(3)),
            ([made[0], won, again], OPEN),
            ([*made, merged], OPEN),
            ([*made, lost, merged], OPEN),
            ([*made, merged, won], at(3)),
            ([made[0], won, made[1], merged._replace(date=at(5))], at(3)),
        ):
            with self.subTest(kinds=[event.kind for event in events]):
                self.assertEqual(find_end(events), end)
