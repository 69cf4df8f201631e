from datetime import datetime
from itertools import accumulate

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ..case_log import defuse

#: What can be counted of a report.
NUMBERS = ("float", "integer", "monetary")
#: Shares of the rows, by the name of the aggregate that says where they end.
PERCENTILES = {"median": 0.5, "p80": 0.8, "p95": 0.95}
#: Key in the cache of the cursor: spans of working time, by company and first moment.
SPANS = "cx_reports.spans"
#: Of a company that works around the clock: from the year 1 to the year 9000.
ALWAYS = [(-62_000_000_000.0, 222_000_000_000.0)]
#: Whatever an approver does with a step ends the question they asked about it.
DECISIONS = ("approved", "rejected", "forwarded", "sent_back")
#: Before all time, so that each moment has a span before it.
NEVER = -1e15


def as_array(values):
    """Return an array as the database reads it from text: to quote each number or
    moment takes five times as long.

    :param values: numbers, days or moments; ``None`` is one, too
    """
    texts = ("NULL" if value is None else str(value) for value in values)
    return "{%s}" % ",".join(texts)


class CxReport(models.AbstractModel):
    """What reports share: they are queries, and nobody writes them.

    A report shows what its reader may read at the source, by the rules of the source
    itself. Days are those of the company; hours are working hours of the company, by
    the calendar that approvals count with. Percentiles are exact
    (``percentile_cont``).
    """

    _name = "cx.report"
    _description = "Report on What Customers Get"

    #: Fields that lead to what a row is counted from. The first one that its reader may
    #: open is opened.
    _sources = ()

    def _export_rows(self, fields, **options):
        """Names that people wrote are no formulas in a spreadsheet, not even those that
        look like one; Odoo's own export lets them be, in workbooks. What a row has no
        number for is empty, and not 0."""
        rows = super()._export_rows(fields, **options)
        names = ["/".join(path) for path in fields]
        # of lists of records below a row, there are more
        is_one_each = len(rows) == len(self)
        missing = self._find_missing(names) if is_one_each else {}
        ids = self.ids if is_one_each else [None] * len(rows)
        return [
            [
                "" if name in missing.get(row_id, ()) else defuse(value)
                for name, value in zip(names, row, strict=True)
            ]
            for row_id, row in zip(ids, rows, strict=True)
        ]

    def _find_missing(self, names):
        """Return the numbers that rows do not have, by id of the row: Odoo reads them
        as 0."""
        numbers = [
            name
            for name in dict.fromkeys(names)
            if name in self._fields and self._fields[name].type in NUMBERS
        ]
        if not self or not numbers:
            return {}
        query = self._search([("id", "in", self.ids)])
        rows = self.env.execute_query(
            query.select(
                self._field_to_sql(query.table, "id", query),
                *(
                    SQL("%s IS NULL", self._field_to_sql(query.table, name, query))
                    for name in numbers
                ),
            )
        )
        return {
            row_id: {
                name
                for name, is_missing in zip(numbers, are, strict=True)
                if is_missing
            }
            for row_id, *are in rows
        }

    def action_open_source(self):
        """Open what the row is counted from: the record itself.

        :return: an action; nothing where the reader may read none of it
        :rtype: dict or None
        """
        self.ensure_one()
        for name in self._sources:
            if not self._has_field_access(self._fields[name], "read"):
                continue
            record = self[name]
            if record and record.has_access("read"):
                return {
                    "type": "ir.actions.act_window",
                    "res_model": record._name,
                    "res_id": record.id,
                    "views": [(False, "form")],
                }
        return None

    @api.private
    def exists(self):
        """Rows that are hidden from the reader exist: they are refused, not missing."""
        return super(CxReport, self.sudo()).exists().with_env(self.env)

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """With the company, by which rules ask for each row of a page: without it, the
        whole report would be counted once more."""
        if field_names is not None:
            field_names = {*field_names, "company_id"}
        return super().search_fetch(domain, field_names, offset, limit, order)

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, aggregate = aggregate_spec.partition(":")
        if aggregate not in PERCENTILES:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)",
            PERCENTILES[aggregate],
            self._field_to_sql(self._table, name, query),
        )

    # ------------------------------------------------------------
    # PARTS OF QUERIES
    # ------------------------------------------------------------

    def _get_readable_sql(
        self, model, column=None, domain=Domain.TRUE, is_reference=False
    ):
        """Return the condition that the reader may read a record at the source.

        :param str model: of the source
        :param SQL column: which has its id; nothing: the query reads the source
            itself, by the name of its table, so that nobody looks for each row twice
        :param Domain domain: which of the records count at all, for everybody
        :param bool is_reference: whether what the column names is there: then it is not
            looked up where the reader may read all
        """
        if self.env.su and domain.is_true():
            return SQL("TRUE")
        source = self.env[model].with_context(active_test=False)
        if not source.has_access("read"):
            return SQL("FALSE")
        if is_reference and domain.is_true() and self._reads_all(source):
            return SQL("%s IS NOT NULL", column)
        query = source._search(domain)
        if column is None:
            if query.from_clause.code == SQL.identifier(source._table).code:
                return query.where_clause or SQL("TRUE")
            column = SQL.identifier(source._table, "id")
        return SQL("%s IN %s", column, query.subselect())

    def _reads_all(self, source):
        """Return whether no rule keeps any record of a source from the reader: such as
        that of the companies, where the reader has chosen all there are."""
        if type(source)._search is not models.BaseModel._search:
            return False  # it has rules that are no rules of Odoo's
        everywhere = self._get_all_companies()

        def is_passed(condition):
            if condition.field_expr != "company_id" or condition.operator != "in":
                return False
            is_required = source._fields["company_id"].required
            needed = everywhere if is_required else everywhere | {False}
            return needed <= set(condition.value)

        rules = self.env["ir.rule"]._compute_domain(source._name, "read")
        return rules.map_conditions(
            lambda condition: Domain.TRUE if is_passed(condition) else condition
        ).is_true()

    @tools.ormcache()
    def _get_all_companies(self):
        """Return the ids of all companies there are, closed ones too. Odoo empties its
        caches when one is made."""
        rows = self.env.execute_query(SQL("SELECT id FROM res_company"))
        return frozenset(company for (company,) in rows)

    def _get_zones_sql(self):
        """Return a query of the time zone in which each company has its days, as
        ``res.company._approval_zone`` says: ``company_id``, ``zone``, ``today``."""
        return SQL(
            """
            SELECT place.company_id, place.zone,
                   (%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE place.zone)::date
                       AS today
              FROM (
                SELECT company.id AS company_id,
                       COALESCE(NULLIF(contact.tz, ''), calendar.tz, 'UTC') AS zone
                  FROM res_company company
                  JOIN res_partner contact ON contact.id = company.partner_id
             LEFT JOIN resource_calendar calendar
                    ON calendar.id = company.resource_calendar_id
            ) place
            """,
            fields.Datetime.now(),
        )

    def _get_day_sql(self, moment, zone="zones.zone"):
        """Return the company's day of a moment in UTC."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            moment,
            SQL.identifier(*zone.split(".")),
        )

    def _get_places_sql(self, usage):
        """Return the locations of a kind: looked up once, not joined to each move."""
        return SQL("(SELECT id FROM stock_location WHERE usage = %s)", usage)

    def _get_own_quantity_sql(self):
        """Return the quantity of a row ``move`` in the own unit of its product, beside
        a row ``judged`` that has that unit and its factor. Most moves are in it: for
        them no unit is looked up."""
        return SQL(
            """
            CASE WHEN move.product_uom = judged.product_uom_id THEN move.quantity
                 ELSE move.quantity
                      * (SELECT factor FROM uom_uom WHERE id = move.product_uom)
                      / judged.own_factor END
            """
        )

    def _get_worktime_sql(self, firsts):
        """Return a query of the working time of companies, as arrays: when each span
        starts and ends, in seconds, and how many were worked before.

        :param dict firsts: the first moment that is asked about, by id of the company
        """
        companies, starts, ends, before = [], [], [], []
        for company, spans in self._get_spans(firsts).items():
            worked = list(
                accumulate((end - start for start, end in spans), initial=0.0)
            )
            for start, end, done in zip(
                [NEVER, *(start for start, _end in spans)],
                [NEVER, *(end for _start, end in spans)],
                [0.0, *worked],
                strict=False,
            ):
                companies.append(company)
                starts.append(start)
                ends.append(end)
                before.append(done)
        return SQL(
            """
            SELECT span.company_id,
                   array_agg(span.start ORDER BY span.start) AS starts,
                   array_agg(span.stop ORDER BY span.start) AS stops,
                   array_agg(span.before ORDER BY span.start) AS before
              FROM unnest(%s::integer[], %s::float8[], %s::float8[], %s::float8[])
                   AS span (company_id, start, stop, before)
          GROUP BY span.company_id
            """,
            *map(as_array, (companies, starts, ends, before)),
        )

    def _get_spans(self, firsts):
        """Return the spans of working time of companies until now, in seconds.

        They are read from the beginning of a year to the end of a day, so that reports
        which ask about nearly the same time read them once: what comes after the last
        moment that is asked about does not count.

        :param dict firsts: the first moment that is asked about, by id of the company
        """
        cache = self.env.cr.cache.setdefault(SPANS, {})
        end = fields.Datetime.end_of(fields.Datetime.now(), "day")
        firsts = {
            company: datetime(first.year, 1, 1) for company, first in firsts.items()
        }
        for company in self.env["res.company"].sudo().browse(firsts):
            key = company.id, firsts[company.id], end
            if key in cache:
                continue
            spans = ALWAYS
            if company.resource_calendar_id:
                calendar = company._approval_working_time().read_from(
                    firsts[company.id]
                )
                epoch = fields.Datetime.to_datetime("1970-01-01")
                spans = [
                    ((start - epoch).total_seconds(), (stop - epoch).total_seconds())
                    for start, stop in calendar.get_spans(end)
                ]
            cache[key] = spans
        return {
            company: cache[company, first, end] for company, first in firsts.items()
        }

    def _get_worked_sql(self, start, end):
        """Return the working hours between two moments in UTC, of a row beside which
        ``worktime`` stands."""
        return SQL(
            "(%s - %s) / 3600", self._get_clock_sql(end), self._get_clock_sql(start)
        )

    def _get_moment_sql(self, clock):
        """Return the moment at which a clock of working time shows so much, of a row
        beside which ``worktime`` stands. What ends with the day's work ends in the
        evening, not the next morning.

        :param SQL clock: seconds, as ``_get_clock_sql`` returns them
        """
        number = SQL("width_bucket(%s - 0.001, worktime.before)", clock)
        return SQL(
            """
            (to_timestamp(worktime.starts[%(number)s]
                          + %(clock)s - worktime.before[%(number)s])
             AT TIME ZONE 'UTC')
            """,
            number=number,
            clock=clock,
        )

    def _get_clock_sql(self, moment):
        """Return how many seconds were worked until a moment, likewise."""
        # not extract: it would count in numeric, which takes five times as long
        seconds = SQL("date_part('epoch', %s)", moment)
        number = SQL("width_bucket(%s, worktime.starts)", seconds)
        return SQL(
            """
            (worktime.before[%(number)s] - worktime.starts[%(number)s]
             + LEAST(%(seconds)s, worktime.stops[%(number)s]))
            """,
            number=number,
            seconds=seconds,
        )

    def _get_firsts(self, table, column):
        """Return the first moment of a table, by id of the company.

        :param str column: of moments; with the company it has an index, so that each
            company is looked up
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company.id, first.moment
                  FROM res_company company
                 CROSS JOIN LATERAL (
                    SELECT min(%(column)s) FROM %(table)s
                     WHERE company_id = company.id
                 ) first (moment)
                 WHERE first.moment IS NOT NULL %(companies)s
                """,
                column=SQL.identifier(column),
                table=SQL.identifier(table),
                companies=SQL()
                if self.env.su
                else SQL("AND company.id IN %s", tuple(self.env.companies.ids)),
            )
        )
        return dict(rows)

    def _get_questions_sql(self, process, until, about):
        """Return a query of the working hours in which a request waited for answers.

        A question ends with the answer. It has none where whoever asked decides
        without it: then nothing was waited for.

        :param SQL process: id of the request
        :param SQL until: a moment; waiting after it does not count
        :param SQL about: condition on the row ``asked`` of the log
        """
        return SQL(
            """
            SELECT SUM(%(worked)s)
              FROM (
                SELECT unnest(range_agg(tsrange(
                           LEAST(asked.date, %(until)s), LEAST(ended.date, %(until)s)
                       )))
                  FROM approval_log asked
                 CROSS JOIN LATERAL (
                    SELECT later.date, later.event
                      FROM approval_log later
                     WHERE later.process_id = asked.process_id
                       AND later.sequence > asked.sequence
                       AND (later.event = 'answered'
                            OR later.event IN %(decisions)s
                               AND later.user_id = asked.user_id
                               AND later.step_name = asked.step_name)
                  ORDER BY later.sequence
                     LIMIT 1
                 ) ended
                 WHERE asked.process_id = %(process)s
                   AND asked.event = 'questioned'
                   AND ended.event = 'answered'
                   AND %(about)s
            ) waiting (span)
            """,
            worked=self._get_worked_sql(
                SQL("lower(waiting.span)"), SQL("upper(waiting.span)")
            ),
            until=until,
            decisions=DECISIONS,
            process=process,
            about=about,
        )
