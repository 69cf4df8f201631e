from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..limits import get_over_sql
from ..spans import NOBODY, OPEN, partition
from ..steps import Event, find_end, find_end_of_purchase, find_intervals

#: What a span says, in the order in which it is read and written.
VALUES = (
    "sale_id",
    "lead_id",
    "company_id",
    "res_model",
    "res_id",
    "department",
    "from_department",
    "step",
    "user_id",
    "date_from",
    "date_to",
    "working_hours",
    "is_decisive",
    "over",
    "is_back",
)
#: Places of those that a limit depends on.
LIMITED = [
    VALUES.index(name)
    for name in ("res_model", "res_id", "department", "step", "date_from", "date_to")
]
OVER = VALUES.index("over")


class TimelineSpan(models.Model):
    """A time in which somebody held a case: an order with all that serves it, or an
    opportunity that has no order yet.

    Decisive spans follow each other without gap and overlap from the first event to
    the last delivery, so that they add up to the duration of the case. The rest was
    done meanwhile. All of it follows from the events, and is worked out anew when there
    are new ones.
    """

    _name = "timeline.span"
    _description = "Time a Case Waited"
    _inherit = ["approval.protected"]
    _order = "date_from, id"
    _rec_name = "step"
    _log_access = False

    # plain numbers: a case may be deleted at any time
    sale_id = fields.Integer(readonly=True, export_string_translation=False)
    lead_id = fields.Integer(readonly=True, export_string_translation=False)
    company_id = fields.Integer(readonly=True, export_string_translation=False)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Integer(string="Record", readonly=True)
    department = fields.Char(required=True, readonly=True)
    from_department = fields.Char(
        readonly=True,
        help="Who had the case just before; of what was done meanwhile: nothing.",
    )
    step = fields.Char(readonly=True)
    user_id = fields.Integer(readonly=True, export_string_translation=False)
    date_from = fields.Datetime(string="From", required=True, readonly=True)
    date_to = fields.Datetime(
        string="Until", readonly=True, help="Empty: it has not ended."
    )
    working_hours = fields.Float(
        readonly=True, help="Working hours of the company from beginning to end."
    )
    is_decisive = fields.Boolean(
        readonly=True, help="The case waited for it; decisive times add up."
    )
    over = fields.Char(
        string="Limit",
        readonly=True,
        help="“yes”: a limit ran out meanwhile; “no”: it did not. Empty: there was "
        "none, or it has not ended.",
    )

    is_back = fields.Boolean(
        readonly=True,
        help="The department had the case before, and another one has had it since.",
    )

    _sale_index = models.Index("(sale_id) WHERE sale_id IS NOT NULL")
    _lead_index = models.Index("(lead_id) WHERE lead_id IS NOT NULL")
    _over_index = models.Index("(date_to) WHERE is_decisive")

    # ------------------------------------------------------------
    # FOLLOWING EVENTS
    # ------------------------------------------------------------

    @api.model
    def _follow(self, sales, leads):
        """Work out the spans of cases anew, and write those of cases that differ.

        :param sales: ids of orders
        :param leads: ids of opportunities; their orders are concerned, too
        """
        differing = self._compare(sales, leads)
        for name in ("sale", "lead"):
            ids = [id_ for (which, id_) in differing if which == name]
            self.env.cr.execute(
                SQL(
                    "DELETE FROM timeline_span WHERE %s = ANY(%s)",
                    SQL.identifier(f"{name}_id"),
                    ids,
                )
            )
        rows = [row for right, _stored in differing.values() for row in right]
        for start in range(0, len(rows), 1000):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO timeline_span (%s) VALUES %s",
                    SQL(", ").join(map(SQL.identifier, VALUES)),
                    SQL(", ").join(tuple(row) for row in rows[start : start + 1000]),
                )
            )
        self.invalidate_model(flush=False)

    @api.model
    def _note_anew(self, which):
        """Note cases whose spans the job works out anew, a batch at a time.

        :param SQL which: condition on any of a case's spans
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO timeline_change (source, res_id, operation, new, noted_on)
                SELECT 'timeline_span', 0, 'count',
                       jsonb_build_object('sale', sale_id, 'lead', lead_id),
                       now() AT TIME ZONE 'UTC'
                  FROM timeline_span
                 WHERE %s
              GROUP BY sale_id, lead_id
                """,
                which,
            )
        )

    @api.model
    def _compare(self, sales, leads):
        """Compare what is stored of cases with what follows from their events.

        :return: rows as they should be and as they are, by case, where these differ
        :rtype: dict
        """
        events = self._read_events(sales, leads)
        stored = self._read_stored(events)
        clocks, differing = {}, {}
        cases = {
            case: self._work_out(case, mine, clocks) for case, mine in events.items()
        }
        self._judge([row for rows in cases.values() for row in rows])
        for case, rows in cases.items():
            right = sorted(map(tuple, rows), key=repr)
            if right != sorted(stored.get(case, ()), key=repr):
                differing[case] = right, stored.get(case, [])
        return differing

    @api.model
    def _judge(self, rows):
        """Say of rows that are over whether a limit ran out meanwhile.

        :param list rows: lists, as ``VALUES`` says
        """
        limited = [
            row
            for row in rows
            if row[VALUES.index("date_to")]
            and (
                row[VALUES.index("department")] == "approval"
                or row[VALUES.index("res_model")] == "supply.question"
            )
        ]
        if not limited:
            return
        columns = zip(*([row[at] for at in LIMITED] for row in limited), strict=True)
        self.env.cr.execute(
            SQL(
                """
                SELECT CASE %s WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END
                  FROM unnest(%s::varchar[], %s::integer[], %s::varchar[],
                              %s::varchar[], %s::timestamp[], %s::timestamp[])
                       WITH ORDINALITY AS span (res_model, res_id, department, step,
                                                date_from, date_to, number)
              ORDER BY span.number
                """,
                get_over_sql(SQL("span.date_to")),
                *map(list, columns),
            )
        )
        for row, (over,) in zip(limited, self.env.cr.fetchall(), strict=True):
            row[OVER] = over

    @api.model
    def _read_events(self, sales, leads):
        """Return the events of cases, by *sale* or *lead* and its id.

        To the case of an order belongs what happened to its opportunity before.
        """
        leads = set(leads)
        self.env.cr.execute(
            SQL(
                # those that are deleted have a case, too, which began with it
                """
                SELECT id FROM sale_order WHERE opportunity_id = ANY(%(leads)s)
                 UNION
                SELECT sale_id FROM timeline_event
                 WHERE lead_id = ANY(%(leads)s) AND sale_id IS NOT NULL
                """,
                leads=list(leads),
            )
        )
        sales = {*sales, *(id_ for (id_,) in self.env.cr.fetchall())}
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT sale_id, lead_id FROM timeline_event
                 WHERE sale_id = ANY(%s) AND lead_id IS NOT NULL
                """,
                list(sales),
            )
        )
        lead_of = dict(self.env.cr.fetchall())
        found = {("sale", id_): [] for id_ in sales}
        found |= {("lead", id_): [] for id_ in leads}
        self.env.cr.execute(
            SQL(
                """
                SELECT sale_id, lead_id, date, kind, res_model, res_id, department,
                       purchase_id, (parameters->>'holder')::integer,
                       parameters->>'step',
                       (parameters->>'return_of')::integer, company_id
                  FROM timeline_event
                 WHERE sale_id = ANY(%s) OR (sale_id IS NULL AND lead_id = ANY(%s))
              ORDER BY date, id
                """,
                list(sales),
                [*leads, *lead_of.values()],
            )
        )
        of_leads, begun = defaultdict(list), set()
        for sale, lead, *values, company in self.env.cr.fetchall():
            event = (Event(*values), company)
            if sale:
                found["sale", sale].append(event)
                begun.add(lead)
            else:
                of_leads[lead].append(event)
        for (name, id_), mine in found.items():
            of_lead = of_leads.get(lead_of.get(id_) if name == "sale" else id_, [])
            mine += of_lead
            mine.sort(key=lambda each: each[0].date)
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT lead_id FROM timeline_event event
                 WHERE lead_id = ANY(%s) AND sale_id IS NOT NULL
                   -- an opportunity goes on without an order that is deleted
                   AND NOT EXISTS (
                       SELECT FROM timeline_event gone
                        WHERE gone.sale_id = event.sale_id AND gone.kind = 'sale.gone')
                """,
                list(leads),
            )
        )
        for (lead,) in self.env.cr.fetchall():
            found["lead", lead] = []  # its time is that of its orders
        return found

    @api.model
    def _read_stored(self, cases):
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM timeline_span "
                "WHERE sale_id = ANY(%s) OR lead_id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, VALUES)),
                [id_ for name, id_ in cases if name == "sale"],
                [id_ for name, id_ in cases if name == "lead"],
            )
        )
        stored = defaultdict(list)
        for row in self.env.cr.fetchall():
            case = ("sale", row[0]) if row[0] else ("lead", row[1])
            stored[case].append(row)
        return stored

    @api.model
    def _work_out(self, case, events, clocks):
        """Return the rows of a case."""
        companies = [company for _event, company in events if company]
        own = [c for event, c in events if c and event.model == "sale.order"]
        events = [event for event, _company in events]
        if not events:
            return []
        company = ([*companies, *own] or [None])[-1]
        name, id_ = case
        sale, lead = (id_, None) if name == "sale" else (None, id_)
        return self._cut(sale, lead, company, events, find_end(events), clocks)

    @api.model
    def _cut(self, sale, lead, company, events, end, clocks):
        """Return the rows of a case with that end, as ``VALUES`` says; limits are
        looked at later (``_judge``), for many cases at once."""
        rows, before, had = [], None, []
        for begins, ends, held, is_decisive in partition(
            find_intervals(events), events[0].date, end
        ):
            department = held.department if held else NOBODY
            is_open = ends == OPEN
            rows.append(
                [
                    sale,
                    lead,
                    company,
                    held.model if held else None,
                    held.res_id if held else None,
                    department,
                    before if is_decisive else None,
                    held.step if held else None,
                    (held and held.holder) or None,
                    begins,
                    None if is_open else ends,
                    None
                    if is_open
                    else self._count_hours(company, begins, ends, clocks),
                    is_decisive,
                    None,
                    (is_decisive and self._is_back(department, had)) or None,
                ]
            )
            if is_decisive:
                before = department
                had.append(department)
        return rows

    @api.model
    def _is_back(self, department, had):
        """Return whether a case comes back to a department. What nobody had meanwhile
        was with no other one.

        :param list had: who had it before
        """
        had = [each for each in had if each != NOBODY]
        return department in had and department != had[-1]

    @api.model
    def _work_out_purchase(self, purchase):
        """Return who held a purchase, from what happened to it and nothing else: its
        customers are not for those who buy.

        :param int purchase: id
        :return: rows like those of the table, by name, in their order
        :rtype: list
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT date, kind, res_model, res_id, department, purchase_id,
                       (parameters->>'holder')::integer,
                       parameters->>'step',
                       (parameters->>'return_of')::integer, company_id
                  FROM timeline_event
                 WHERE purchase_id = %s AND sale_id IS NULL
              ORDER BY date, id
                """,
                purchase,
            )
        )
        rows = self.env.cr.fetchall()
        if not rows:
            return []
        events = [Event(*values) for *values, _company in rows]
        end = find_end_of_purchase(events)
        found = self._cut(None, None, rows[-1][-1], events, end, {})
        found.sort(key=lambda row: row[VALUES.index("date_from")])
        return [dict(zip(VALUES, row, strict=True)) for row in found]

    @api.model
    def _count_hours(self, company, start, end, clocks):
        """Return the working hours of a company between two moments, to the second."""
        if company not in clocks:
            companies = self.env["res.company"].sudo()
            one = companies.browse(company).exists() if company else companies
            clocks[company] = (one or self.env.company.sudo())._approval_working_time()
        return round(clocks[company].count(start, end), 4)
