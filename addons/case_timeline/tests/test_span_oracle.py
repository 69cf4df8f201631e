"""Whom cases waited for, from random events: ``oracle.py`` looks at each minute."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.modules.module import load_script
from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_path

from ..spans import OPEN, partition
from ..steps import Event, find_end, find_intervals
from . import oracle
from .common import TimelineCommon

MIGRATION = "case_timeline/migrations/19.0.1.4.0/post-count-returns.py"
#: A Monday afternoon in Hanoi: the working day ends meanwhile.
BEGINS = datetime(2026, 1, 5, 9, 30)
#: What may happen to a document, and how it begins.
STATES = {
    "sale.order": (
        "sale.quoted",
        "sale.sent",
        "sale.confirmed",
        "sale.confirmed",
        "sale.cancelled",
        "sale.delivered_none",
        "sale.delivered_pending",
        "sale.delivered_full",
        "sale.delivered_full",
        "sale.date",
        "sale.holder",
    ),
    "crm.lead": (
        "lead.pending",
        "lead.won",
        "lead.lost",
        "lead.stage",
        "lead.merged",
        "lead.holder",
    ),
    "stock.picking": (
        "picking.ready",
        "picking.ready",
        "picking.waiting",
        "picking.done",
        "picking.cancelled",
    ),
    "purchase.order": (
        "purchase.sent",
        "purchase.submitted",
        "purchase.ordered",
        "purchase.ordered",
        "purchase.cancelled",
        "purchase.quoted",
        "purchase.received_partial",
        "purchase.received_full",
        "purchase.date",
        "purchase.holder",
        "purchase.left",
    ),
    "supplier.deposit": (
        "deposit.planned",
        "deposit.waiting",
        "deposit.due",
        "deposit.paid",
        "deposit.cancelled",
    ),
    "approval.log": (
        "approval.submitted",
        "approval.submitted",
        "approval.questioned",
        "approval.questioned",
        "approval.answered",
        "approval.approved",
        "approval.forwarded",
        "approval.sent_back",
        "approval.granted",
        "approval.rejected",
        "approval.withdrawn",
    ),
    "mail.message": ("mail.sent", "mail.received"),
}
FIRST = {
    "sale.order": "sale.quoted",
    "crm.lead": "lead.made",
    "purchase.order": "purchase.quoted",
}


class Chance(random.Random):
    """Draws what happens in a case: whatever its kinds allow, and more."""

    def draw_case(self, sale=5, leads=(1, 2)):
        """Return the events of a case, in their order; some at the same moment.

        :param sale: id of the order; nothing: there is only an opportunity
        :param leads: ids of opportunities
        """
        events = []
        if sale:
            events += self._draw("sale.order", sale, 6)
        for number in leads[: self.randint(0 if sale else 1, len(leads))]:
            events += self._draw("crm.lead", number, 3)
        if sale:
            for purchase in range(self.randint(0, 3)):
                events += self._draw_purchase(300 + purchase)
            events += self._draw_transfers(range(self.randint(0, 4)))
            for question in range(self.randint(0, 2)):
                events += self._draw_question(question)
        # what happens to one document keeps its order
        return sorted(events, key=lambda event: event.date)

    def _draw(self, model, number, most, **values):
        count = self.randint(1, most)
        moments = sorted(self.randint(0, 90) for _event in range(count))
        if self.random() < 0.3:
            moments[-1] = moments[0]
            moments.sort()
        kinds = [self.choice(STATES[model]) for _event in range(count)]
        if model in FIRST:
            kinds[0] = FIRST[model]
        return [
            Event(
                BEGINS + timedelta(minutes=moment),
                kind,
                model,
                number,
                values.get("department", ""),
                values.get("purchase"),
                self.choice([None, 7, 8]) if model in FIRST else None,
            )
            for moment, kind in zip(moments, kinds, strict=True)
        ]

    def _draw_purchase(self, purchase):
        events = self._draw("purchase.order", purchase, 6, purchase=purchase)
        for number in range(self.randint(0, 2)):
            events += self._draw(
                "supplier.deposit", 10 * purchase + number, 3, purchase=purchase
            )
        log = self._draw("approval.log", 0, 6, purchase=purchase)
        if self.random() < 0.6:
            events += [
                event._replace(
                    res_id=10 * purchase + number, step=self.choice(["One", "Two"])
                )
                for number, event in enumerate(log)
            ]
        numbers = range(1000 * purchase, 1000 * purchase + self.randint(0, 2))
        events += self._draw_transfers(numbers, purchase=purchase)
        return events + self._draw("mail.message", purchase, 1, purchase=purchase)

    def _draw_transfers(self, numbers, **values):
        """Some take back what others brought, or what such ones took back; most others
        are done."""
        events = []
        for number in numbers:
            mine = self._draw("stock.picking", number, 4, **values)
            if self.random() < 0.5:
                of = self.choice([number - 1, 10**6])
                mine = [event._replace(return_of=of) for event in mine]
            if self.random() < 0.6:
                last = "picking.ready" if mine[0].return_of else "picking.done"
                mine[-1] = mine[-1]._replace(kind=last)
            events += mine
        return events

    def _draw_question(self, number):
        """Asked, closed, perhaps asked again; and given from one to another."""
        moment = self._draw("mail.message", number, 1)[0].date
        department = self.choice(["stock", "purchase"])
        closing = ["question.answered", "question.withdrawn", "question.gone"]
        kinds = ["question.open", self.choice(closing), "question.open"]
        kinds = [*kinds, self.choice(closing)][: self.choice([1, 2, 2, 3, 4])]
        if self.random() < 0.4:
            kinds.insert(self.randint(1, len(kinds)), "question.holder")
        events = []
        for kind in kinds:
            who = self.choice([9, 8, None])
            event = (moment, kind, "supply.question", number, department, None, who)
            events.append(Event(*event))
            moment += timedelta(minutes=self.randint(0, 40))
        return events


class TestSpansOfEvents(BaseCase):
    def test_random_events(self):
        """Each decisive span, exactly; also of opportunities without an order."""
        chance, seen, ended, held = Chance(23), set(), 0, 0
        for number in range(600):
            sale = 5 if chance.random() < 0.9 else None
            events = chance.draw_case(sale)
            found = [
                [
                    span.start,
                    None if span.end == OPEN else span.end,
                    span.interval and span.interval[2:],
                ]
                for span in partition(
                    find_intervals(events), events[0].date, find_end(events)
                )
                if span.is_decisive
            ]
            right = [
                [start, end, turn and turn[2:]]
                for start, end, turn in oracle.find_decisive(events)
            ]
            with self.subTest(number=number):
                self.assertEqual(found, right)
                self._check_partition(events, found)
            seen |= {(turn and turn[2:4], not end) for _start, end, turn in found}
            # the same if nothing took anything back
            moved = [event._replace(return_of=None) for event in events]
            ended += find_end(moved) != find_end(events)
            held += find_intervals(moved) != find_intervals(events)
        # whoever may have a case has one of these, for a while and still
        places = {
            ("care", "quotation"),
            ("care", "opportunity"),
            ("customer", "decision"),
            ("stock", "transfer"),
            ("stock", "answer"),
            ("purchase", "answer"),
            ("purchase", "quotation"),
            ("purchase", "information"),
            ("vendor", "offer"),
            ("vendor", "delivery"),
            ("approval", "approval"),
            ("approval", "deposit"),
            ("account", "deposit"),
            None,
        }
        self.assertEqual(
            seen, {(place, is_open) for place in places for is_open in (True, False)}
        )
        self.assertGreater(ended, 5)
        self.assertGreater(held, 5)

    def _check_partition(self, events, spans):
        """They join up, and add up to the time between beginning and end."""
        end = oracle.find_end(events)
        if end == events[0].date:
            self.assertFalse(spans)
            return
        self.assertEqual((spans[0][0], spans[-1][1]), (events[0].date, end))
        for one, other in zip(spans, spans[1:], strict=False):
            self.assertEqual(one[1], other[0])


@tagged("post_install", "-at_install")
class TestStoredSpans(TimelineCommon):
    """The same through the database, with hours and who had the case before."""

    def test_random_events(self):
        chance = Chance(24)
        company = self.env.company
        company.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Office", "tz": "Asia/Ho_Chi_Minh", "company_id": company.id}
        )
        leads = [self._lead(f"Beds {number}").id for number in range(20)]
        self._run()
        self._forget()  # of the opportunities there is what the test says
        cases = {}
        for number, lead in enumerate(leads):
            sale = 10**8 + number
            cases[sale, lead] = events = chance.draw_case(sale, (lead,))
            self._write_case(sale, lead, events)
        self.env["timeline.span"]._follow([sale for sale, _lead in cases], leads)
        rows = self._check_cases(cases)
        self.assertGreater(rows, 50)
        self.env.cr.execute("SELECT count(*) FROM timeline_span WHERE is_back")
        self.assertGreater(self.env.cr.fetchone()[0], 5)
        # those of an earlier version do not say it, and are worked out anew
        self.env.cr.execute("UPDATE timeline_span SET is_back = NULL")
        migration = load_script(file_path(MIGRATION), "post_count_returns")
        migration.migrate(self.env.cr, "19.0.1.3.0")
        self._run()
        self.assertEqual(self._check_cases(cases), rows)

    def _check_cases(self, cases):
        """Compare the spans of cases; return how many there are."""
        count = 0
        for (sale, lead), events in cases.items():
            with self.subTest(sale=sale):
                count += self._check_case(sale, lead, events)
        return count

    def _write_case(self, sale, lead, events):
        """Write the events of a case, those of its opportunity with that."""
        has_lead = any(event.model == "crm.lead" for event in events)
        self._insert_events(
            f"random {sale}",
            *(
                {
                    **event._asdict(),
                    "sale": None if event.model == "crm.lead" else sale,
                    "lead": lead if has_lead else None,
                }
                for event in events
            ),
        )

    def _check_case(self, sale, lead, events):
        found = [
            (
                span.date_from,
                span.date_to or None,
                span.department,
                span.step or None,
                span.res_model or None,
                span.res_id,
                span.user_id,
                span.from_department or None,
                span.is_back,
            )
            for span in self._read_spans(sale)
        ]
        right, before, held = [], None, []
        for start, end, turn in oracle.find_decisive(events):
            place = ("nobody", None, None, 0, 0)
            if turn:
                place = (turn.department, turn.step, *turn[2:4], turn.holder)
            held.append(place[0])
            right.append((start, end, *place, before, self._is_back(held)))
            before = place[0]
        self.assertEqual(found, right)
        for span in self._read_spans(sale):
            if span.date_to:
                hours = self._count_hours(span.date_from, span.date_to)
                self.assertAlmostEqual(span.working_hours, hours, 3)
        self.assertFalse(self.env["timeline.span"].search([("lead_id", "=", lead)]))
        return len(found)

    def _is_back(self, held):
        """Return whether the last of these who had a case gets it anew, from another
        one."""
        runs, before = self._list_runs(held), self._list_runs(held[:-1])
        is_new = held[-1] != "nobody" and len(runs) > len(before)
        return is_new and runs.count(runs[-1]) > 1

    def _list_runs(self, held):
        runs = []
        for place in held:
            if place != "nobody" and runs[-1:] != [place]:
                runs.append(place)
        return runs

    def _read_spans(self, sale):
        domain = [("sale_id", "=", sale), ("is_decisive", "=", True)]
        return self.env["timeline.span"].search(domain, order="date_from")

    def _count_hours(self, start, end):
        """Return working hours, minute by minute."""
        zone, count = ZoneInfo("Asia/Ho_Chi_Minh"), 0
        while start < end:
            there = start.replace(tzinfo=UTC).astimezone(zone)
            is_day = 8 <= there.hour < 12 or 13 <= there.hour < 17
            count += is_day and there.weekday() < 5
            start += oracle.MINUTE
        return count / 60
