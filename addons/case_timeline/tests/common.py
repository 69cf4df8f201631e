from collections import Counter, defaultdict
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import Command
from odoo.tools import SQL

from odoo.addons.supply_link.tests.common import SupplyCommon

from ..models.timeline_change import PLACE
from ..sources import SOURCES
from ..touched import Cases
from .oracle import find_arrival

#: What a rebuild tells as well as what was noted at the time.
TOLD = (
    "res_model",
    "res_id",
    "kind",
    "department",
    "sale_id",
    "lead_id",
    "partner_id",
    "family_id",
    "purchase_id",
    "is_home",
    "is_shown",
)
#: What is shown depends on what was before, which the past may not know.
SAME = tuple(name for name in TOLD if name != "is_shown")
#: Kinds of events after which an order, or an opportunity, is in another state.
STATES = ("sale.quoted", "sale.sent", "sale.confirmed", "sale.cancelled", "sale.gone")
OUTCOMES = ("lead.pending", "lead.won", "lead.lost", "lead.gone")


#: Documents that one holds as they say themselves, and what they say, as SQL.
HELD_ALONE = ("sale.order", "crm.lead", "stock.picking", "supply.question")
HELD = """
    SELECT id, NULL::integer, 'sale.order', id,
           CASE state WHEN 'draft' THEN 'care' ELSE 'customer' END,
           CASE state WHEN 'draft' THEN 'quotation' ELSE 'decision' END,
           COALESCE(user_id, 0)
      FROM sale_order WHERE state IN ('draft', 'sent')
     UNION
    SELECT NULL, id, 'crm.lead', id, 'care', 'opportunity', COALESCE(user_id, 0)
      FROM crm_lead WHERE won_status = 'pending'
     UNION
    SELECT line.order_id, NULL, 'stock.picking', picking.id, 'stock', 'transfer', 0
      FROM stock_picking picking
      JOIN stock_move move ON move.picking_id = picking.id
      JOIN sale_order_line line ON line.id = move.sale_line_id
     WHERE picking.state = 'assigned'
       AND NOT EXISTS (
           SELECT FROM stock_move move
            WHERE move.picking_id = picking.id AND move.purchase_line_id IS NOT NULL)
     UNION
    SELECT document_id, NULL, 'supply.question', id, department, 'answer',
           COALESCE(user_id, 0)
      FROM supply_question
     WHERE state = 'open' AND document_model = 'sale.order'
     UNION
    SELECT NULL, document_id, 'supply.question', id, department, 'answer',
           COALESCE(user_id, 0)
      FROM supply_question
     WHERE state = 'open' AND document_model = 'crm.lead'
     UNION
    SELECT event.sale_id, NULL, 'supply.question', question.id, question.department,
           'answer', COALESCE(question.user_id, 0)
      FROM supply_question question
      JOIN timeline_event event ON event.lead_id = question.document_id
     WHERE question.state = 'open' AND question.document_model = 'crm.lead'
       AND event.sale_id IS NOT NULL
     UNION
    SELECT sold.order_id, NULL, 'supply.question', question.id, question.department,
           'answer', COALESCE(question.user_id, 0)
      FROM supply_question question
      JOIN purchase_order_line bought ON bought.order_id = question.document_id
      JOIN supply_link link ON link.purchase_line_id = bought.id
      JOIN sale_order_line sold ON sold.id = link.sale_line_id
     WHERE question.state = 'open' AND question.document_model = 'purchase.order'
       AND link.kind <> 'candidate'
"""


def add_spans(sale, count, seconds, apart, is_decisive=True):
    """Write spans of a case that begin so many seconds apart, in two lanes."""
    sale.env.cr.execute(
        SQL(
            """
            INSERT INTO timeline_span (
                   sale_id, company_id, res_model, res_id, department, step,
                   user_id, date_from, date_to, working_hours, is_decisive)
            SELECT %(sale)s, %(company)s, 'stock.picking', number,
                   (ARRAY['stock', 'vendor'])[1 + number %% 2], 'transfer', 2,
                   TIMESTAMP '2026-01-05' + number * %(apart)s * INTERVAL '1 s',
                   TIMESTAMP '2026-01-05' + number * %(apart)s * INTERVAL '1 s'
                   + %(seconds)s * INTERVAL '1 s',
                   0.25, %(is_decisive)s
              FROM generate_series(0, %(count)s - 1) number
            """,
            sale=sale.id,
            company=sale.company_id.id,
            count=count,
            seconds=seconds,
            apart=apart,
            is_decisive=is_decisive,
        )
    )


class Telling:
    """What the jobs do, and what they have told: for tests with any documents."""

    #: How long after the transaction began is now: see ``_pass_time``.
    hours = 0

    @classmethod
    def _run(cls, batch=None):
        """Do what the jobs do in the next minutes."""
        cls.env.flush_all()
        while cls.env["supply.change"]._follow_batch():
            cls.env.flush_all()
        cls._pass_time()
        while cls.env["timeline.change"]._follow_batch(batch):
            pass
        cls.env.invalidate_all()

    @classmethod
    def _pass_time(cls, hours=None):
        """Let what is noted since have happened so many hours after the transaction
        began: to the database all of a test is one moment.

        :param int hours: nothing: as many as before
        """
        cls.hours = cls.hours if hours is None else hours
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "UPDATE timeline_change SET noted_on = noted_on + %s"
                " WHERE noted_on = now() AT TIME ZONE 'UTC'",
                timedelta(hours=cls.hours),
            )
        )

    @classmethod
    def _user(cls, login, group):
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "group_ids": [(6, 0, cls.env.ref(group).ids)],
            }
        )

    def _ask(self, record, text):
        """Ask purchasing about a document, as whoever the record is of."""
        questions = self.env["supply.question"].with_user(record.env.user)
        return questions._ask(record, "purchase", text)

    def _mail(self, document):
        """Send the customer an e-mail about a document, and return the message."""
        return document.message_post(
            body="Hello",
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    @classmethod
    def _forget(cls):
        """Empty the tables, as when the addon is installed anew."""
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "ALTER TABLE timeline_event DISABLE TRIGGER USER;"
                "DELETE FROM timeline_event;"
                "ALTER TABLE timeline_event ENABLE TRIGGER USER;"
                "DELETE FROM timeline_span; DELETE FROM timeline_change"
            )
        )
        parameters = cls.env["ir.config_parameter"]
        parameters.search([("key", "=like", "case_timeline.%")]).unlink()
        cls.env.invalidate_all()

    @classmethod
    def _rebuild(cls, batch=None):
        """Tell the past from the documents alone."""
        cls._forget()
        while cls.env["timeline.change"]._fill_batch(
            **({"batch": batch} if batch else {})
        ):
            cls._run()

    def _events(self, domain=(), **values):
        domain = [*domain, *((name, "=", value) for name, value in values.items())]
        return self.env["timeline.event"].sudo().search(domain, order="date, id")

    def _find_told(self, document, **values):
        """Return the events of a document in the cases that they are told in; not the
        copies that rest, as they are told elsewhere."""
        events = self._events(res_model=document._name, res_id=document.id, **values)
        return events - events.filtered(self._is_at_rest)

    def _count(self, document, **values):
        """Return how often what is told of a document, by kind."""
        return Counter(self._find_told(document, **values).mapped("kind"))

    def _is_at_rest(self, event):
        """Tell whether an event is a copy that is in no case any more."""
        return not event.is_home and not any(event[name] for name in PLACE[:4])

    def _kinds(self, *domain, **values):
        return self._events(domain, is_shown=True, **values).mapped("kind")

    def _picture(self):
        """Return all that is told, in no order, to compare it with another one."""
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM timeline_event",
                SQL(", ").join(map(SQL.identifier, TOLD)),
            )
        )
        return sorted(self.env.cr.fetchall(), key=repr)

    def _verify(self):
        """Return what verification finds wrong."""
        self.env.ref("case_timeline.ir_cron_fill").active = False
        self.env.flush_all()
        verification = self.env["approval.verification"]
        found = []
        for name in ("changes", "events", "spans"):
            check = getattr(verification, f"_check_timeline_{name}")
            for _count, findings in check(None, 100):
                found += [finding.text for finding in findings]
        return found

    # ------------------------------------------------------------
    # NOTHING IS MISSING, NOTHING IS THERE TWICE
    # ------------------------------------------------------------

    def _check_whole(self):
        """All that happened is told, once, and spans follow from it; told anew from
        the documents alone it is the same."""
        self._run()
        self.assertEqual(self._verify(), [])
        self._check_partition()
        told = self._told()
        held = self._read_held()
        self._check_held(held)
        with suppress(_TakenBack), self.env.cr.savepoint(flush=False):
            self._rebuild()
            self.assertEqual(self._verify(), [])
            self._check_partition()
            rebuilt = self._told()
            held_anew = self._read_held()
            raise _TakenBack
        self.env.invalidate_all()
        self.assertEqual(held, held_anew, "who holds what, by what is told of the past")
        self.assertFalse(rebuilt - told, "told of the past, and not at the time")
        missing = self._find_over(row for row in told if row not in rebuilt)
        self.assertFalse(missing, "told at the time, and not of the past")

    def _read_held(self):
        """Return who holds what now: in which case, document, department, step, user;
        what is decisive depends on when each began, which the past may not know."""
        self.env.cr.execute(
            "SELECT sale_id, lead_id, res_model, res_id, department, step,"
            "       COALESCE(user_id, 0)"
            "  FROM timeline_span WHERE date_to IS NULL AND res_model IS NOT NULL"
        )
        return set(self.env.cr.fetchall())

    def _check_held(self, held):
        """Whoever holds a document by the case is who holds it by the document."""
        self.env.cr.execute(SQL(HELD.replace("%", "%%")))
        said, going_on = set(self.env.cr.fetchall()), set()
        for (name, id_), (_begins, end) in self._read_cases().items():
            if not end:
                going_on.add((id_, None) if name == "sale" else (None, id_))
        said = {row for row in said if row[:2] in going_on}
        seen = {row for row in held if row[2] in HELD_ALONE}
        self.assertEqual(seen, said, "who holds what, by the documents")

    def _told(self):
        """Return how often each thing is told, with what it says of phases."""
        self.env.cr.execute(
            SQL(
                "SELECT %s, chain, parameters->>'now' FROM timeline_event",
                SQL(", ").join(map(SQL.identifier, SAME)),
            )
        )
        return Counter(self.env.cr.fetchall())

    def _find_over(self, told):
        """Return what the past should have told, too: of a document that is there and
        belongs to a case, the phase in which it is, or what happens once; in a case
        that it still serves."""
        verification, now = self.env["approval.verification"], {}
        for table, source in SOURCES.items():
            rows = verification._read_documents(table, source, 0, 10**6)
            places = self.env["timeline.place"]._find(table, list(rows))
            now[source.model] = {id_: source.phases(rows[id_]) for id_ in places}
        served = self._read_served()
        found = []
        for row in told:
            event = dict(zip((*SAME, "chain", "now"), row, strict=True))
            phases = now[event["res_model"]].get(event["res_id"])
            if phases is None or event["chain"] == "holder":
                continue  # who had it before is not known of the past
            is_over = event["chain"] and str(phases[event["chain"]]) != event["now"]
            case = (event["purchase_id"], event["sale_id"])
            if not is_over and (event["is_home"] or case in served):
                found.append(event)
        return found

    def _read_served(self):
        """Return purchases with the orders that they serve or served."""
        self.env.cr.execute(
            SQL(
                """
                SELECT bought.order_id, sold.order_id
                  FROM supply_link link
                  JOIN purchase_order_line bought ON bought.id = link.purchase_line_id
                  JOIN sale_order_line sold ON sold.id = link.sale_line_id
                 WHERE link.kind <> 'candidate'
                """
            )
        )
        return set(self.env.cr.fetchall())

    def _check_partition(self):
        """Decisive spans of each case join up from its first event to its end, and
        add up to the time between; what has not ended ends open."""
        self.env.cr.execute(
            SQL(
                """
                SELECT sale_id, lead_id, date_from, date_to
                  FROM timeline_span
                 WHERE is_decisive
              ORDER BY date_from
                """
            )
        )
        spans = defaultdict(list)
        for sale, lead, *times in self.env.cr.fetchall():
            spans[("sale", sale) if sale else ("lead", lead)].append(times)
        cases = self._read_cases()
        self.assertFalse(spans.keys() - cases.keys(), "spans of no case")
        for case, (begins, ends) in cases.items():
            mine = spans[case]
            if begins == ends:
                self.assertFalse(mine, case)
                continue
            self.assertTrue(mine, case)
            self.assertEqual(mine[0][0], begins, case)
            self.assertEqual(mine[-1][1], ends, case)
            for (_from, until), (start, _to) in zip(mine, mine[1:], strict=False):
                self.assertEqual(until, start, case)
            total = sum((to - start for start, to in mine if to), timedelta())
            self.assertEqual(total, (ends or mine[-1][0]) - begins, case)

    def _read_cases(self):
        """Return when each case began and ended, by its events and nothing else.

        An order's case begins with its opportunity, which is no case of its own then.

        :return: first moment and end, or nothing while it goes on, by case
        :rtype: dict
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT sale_id, lead_id, date, kind, res_model, res_id, purchase_id,
                       (parameters->>'return_of')::integer
                  FROM timeline_event
                 WHERE sale_id IS NOT NULL OR lead_id IS NOT NULL
              ORDER BY date, id
                """
            )
        )
        of_sales, of_leads = defaultdict(list), defaultdict(list)
        leads = defaultdict(set)
        for sale, lead, *values in self.env.cr.fetchall():
            event = _Told(*values)
            (of_sales[sale] if sale else of_leads[lead]).append(event)
            if sale and lead:
                leads[sale].add(lead)
        gone = {
            s for s, es in of_sales.items() if any(e.kind == "sale.gone" for e in es)
        }
        cases = {}
        ordered = set().union(*(each for s, each in leads.items() if s not in gone))
        for sale, events in of_sales.items():
            before = [event for lead in leads[sale] for event in of_leads[lead]]
            begins = min(event.date for event in events + before)
            cases["sale", sale] = begins, self._find_end_of_order(events)
        for lead, events in of_leads.items():
            if lead not in ordered:
                own = [event for event in events if event.res_id == lead]
                cases["lead", lead] = events[0].date, self._find_end_of_lead(own)
        return cases

    def _find_end_of_order(self, events):
        """Return when it was cancelled; else, of a confirmed one, when it was delivered
        in full, if it has goods; what is taken back later changes nothing."""
        mine = [event for event in events if event.model == "sale.order"]
        states = [event for event in mine if event.kind in STATES]
        delivered = [e for e in mine if e.kind.startswith("sale.delivered_")]
        if not states:
            return None
        if states[-1].kind in ("sale.cancelled", "sale.gone"):
            return states[-1].date
        if states[-1].kind != "sale.confirmed":
            return None
        if not delivered or delivered[-1].kind == "sale.delivered_none":
            return states[-1].date
        goods = [event for event in events if not event.purchase]
        arrived = find_arrival(goods, "sale.delivered")
        return max(states[-1].date, arrived) if arrived else None

    def _find_end_of_lead(self, events):
        """Return when an opportunity itself was won or lost; not what others came to
        that were merged into it.

        :param events: of the opportunity itself, or of others with its number
        """
        mine = [event for event in events if event.model == "crm.lead"]
        states = [event for event in mine if event.kind in OUTCOMES]
        is_over = states and states[-1].kind != "lead.pending"
        return states[-1].date if is_over else None


class _Told(NamedTuple):
    """An event of a case."""

    date: datetime
    kind: str
    model: str
    res_id: int
    purchase: int | None
    return_of: int | None


class _TakenBack(Exception):
    """What was tried is taken back."""


class TimelineCommon(Telling, SupplyCommon):
    """A vendor, a customer, goods that are bought to order; and a job that ran."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.family = cls.customer
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ward 3", "parent_id": cls.customer.id}
        )
        cls._run()

    @classmethod
    def _make_people(cls):
        """Make two salespeople and a buyer, who have the least rights they need."""
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.other_seller = cls._user("other", "sales_team.group_sale_salesman")
        cls.buyer = cls._user("buyer2", "purchase.group_purchase_user")

    @classmethod
    def _buy(cls, order):
        """Order what an order needs from the vendor; return the purchase."""
        cls._run()
        purchase = cls._bought_for(order).order_id
        purchase.button_confirm()
        return purchase

    @classmethod
    def _play(cls, order):
        """Buy, receive and deliver what an order needs; return the purchase."""
        purchase = cls._buy(order)
        cls._receive(purchase)
        cls._done(order.picking_ids)
        cls._run()
        return purchase

    def _bill(self, purchases):
        """Return one draft bill of all lines of purchases."""
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": "2026-06-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "purchase_line_id": line.id,
                            "quantity": line.product_qty,
                        }
                    )
                    for line in purchases.order_line
                ],
            }
        )

    def _lead(self, name="Beds", **values):
        return self.env["crm.lead"].create(
            {"name": name, "type": "opportunity", "partner_id": self.customer.id}
            | values
        )

    def _meet(self, lead):
        """Return a meeting about an opportunity."""
        return self.env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": lead.id,
                "start": "2026-06-01 08:00:00",
                "stop": "2026-06-01 09:00:00",
            }
        )

    def _forge(self, sale, *events):
        """Write events of a case as if they had happened at other times.

        :param events: moment, kind, model, id and purchase of each
        """
        self._insert_events(
            f"forged {sale}",
            *(
                {
                    "sale": sale,
                    **dict(
                        zip(("date", "kind", "model", "res_id"), event, strict=False)
                    ),
                    "purchase": event[-1],
                }
                for event in events
            ),
        )
        self.env["timeline.span"]._follow([sale] if sale else [], [])
        return self.env["timeline.span"].search([("sale_id", "=", sale)])

    def _insert_events(self, name, *events):
        """Write events as the job does.

        :param str name: tells these from others
        :param events: *date*, *kind*, *model* and *res_id* of each; and *sale*, *lead*,
            *purchase*, *department*, *holder*, *step* and *return_of*, where there are
            any
        """
        rows = [
            {
                "date": str(event["date"]),
                "kind": event["kind"],
                "department": event.get("department") or "",
                "user_id": None,
                "company": self.env.company.id,
                "res_model": event["model"],
                "res_id": event["res_id"],
                "chain": None,
                "parameters": {
                    "holder": event.get("holder"),
                    "step": event.get("step"),
                    "return_of": event.get("return_of"),
                },
                "amounts": None,
                "sale": event.get("sale"),
                "lead": event.get("lead"),
                "partner": self.customer.id,
                "purchase": event.get("purchase"),
                "source": f"{name} {number}",
                "is_home": not event.get("sale") or not event.get("purchase"),
                "is_shown": True,
            }
            for number, event in enumerate(events)
        ]
        self.env["timeline.change"]._insert(rows, Cases())
