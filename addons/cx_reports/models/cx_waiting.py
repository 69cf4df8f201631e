from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang

from ..report.cx_report import as_array
from ..report.cx_waiting_report import OUTSIDERS
from .cx_overview import ENOUGH

WAITS, DELIVERIES = "cx.waiting.report", "cx.delivery.report"
#: How many sentences of each kind there are at most.
MOST = 5
#: What a promise came to that was not kept, although all was delivered.
LATE = ("late_1", "late_5", "late_more")
#: What is asked of hand-overs.
MEASURES = (
    "__count",
    "hours:median",
    "over_rate:avg",
    "over_rate:count",
    "came_back:sum",
)
#: What is asked of a promise.
PROMISE = ("id", "order_id", "company_id", "told_on", "told_at", "delivered_at")


class CxWaiting(models.AbstractModel):
    """The slowest hand-overs in a sentence each, and what would have been if a step
    had taken no longer than it usually does.

    All is read with the rights of whoever looks.
    """

    _name = "cx.waiting"
    _description = "Hand-Overs and What Would Have Been"

    @api.model
    @api.readonly
    def get_hand_overs(self, days=30):
        """Return the slowest hand-overs.

        :param int days: one of the periods of the overview, until yesterday
        :return: each with its *text* and the *action* that opens its rows
        :rtype: list
        :raises AccessError: for customers and vendors in the portal
        :raises UserError: if there is no such period
        """
        period = self.env["cx.overview"]._get_period(days)
        if not self.env[WAITS].has_access("read"):
            return []
        return self._find_hand_overs(period)

    @api.model
    @api.readonly
    def get_what_if(self, days=30):
        """Return the steps that broke most promises.

        :param int days: likewise
        :return: ``what_if``: each with its *text* and the *action* that opens its rows;
            ``promises``: how many there were, and were kept
        :rtype: dict
        :raises AccessError: for customers and vendors in the portal
        :raises UserError: if there is no such period
        """
        period = self.env["cx.overview"]._get_period(days)
        found = {"what_if": [], "promises": None}
        if all(self.env[model].has_access("read") for model in (WAITS, DELIVERIES)):
            found |= self._find_what_if(period)
        return found

    # ------------------------------------------------------------
    # HAND-OVERS
    # ------------------------------------------------------------

    @api.model
    def _find_hand_overs(self, period):
        """Return the hand-overs after which cases waited longest, the slowest first.

        One is from a department to another one: spans of the second that follow one of
        the first. Fewer than ``ENOUGH`` say nothing, and half of which took no time are
        not slow.
        """
        domain = self.env["cx.overview"]._in_moments("date_to", period)
        handed = Domain("from_department", "!=", False) & Domain(domain)
        groups = self.env[WAITS]._read_group(
            handed, ["from_department", "department"], MEASURES
        )
        labels = self.env["timeline.words"]._get_departments()
        found = []
        for before, department, count, hours, over, limited, back in groups:
            if before == department or count < ENOUGH or not hours:
                continue
            rows = [("from_department", "=", before), ("department", "=", department)]
            found.append(
                {
                    "from": before,
                    "department": department,
                    "count": count,
                    "hours": hours,
                    "days": hours / self._get_hours_a_day(department),
                    "came_back": back,
                    "text": " ".join(
                        (
                            self._tell_hand_over(
                                labels.get(before, before),
                                labels.get(department, department),
                                count,
                                self._format_time(department, hours),
                                over if limited else None,
                            ),
                            *self._tell_returns(back),
                        )
                    ),
                    "action": self._prepare_waits(domain + rows),
                }
            )
        found.sort(key=lambda row: (-row["days"], row["from"], row["department"]))
        return found[:MOST]

    @api.model
    def _tell_hand_over(self, before, department, count, time, over):
        """:param over: percent over their limit; nothing: there is no limit"""
        words = {
            "before": before,
            "after": department,
            "count": self._format_count(count),
            "time": time,
        }
        if over is None:
            return self.env._(
                "%(before)s → %(after)s: %(count)s times a case waited, half of them "
                "longer than %(time)s. There is no limit.",
                **words,
            )
        return self.env._(
            "%(before)s → %(after)s: %(count)s times a case waited, half of them "
            "longer than %(time)s; %(over)s %% of those with a limit were over it.",
            over=round(over),
            **words,
        )

    @api.model
    def _tell_returns(self, back):
        """Yield a sentence about a department that gets cases again and again.

        :param int back: how often one came back
        """
        if back:
            yield self.env._(
                "In %(back)s of them it came back to where it had been before.",
                back=self._format_count(back),
            )

    @api.model
    def _get_hours_a_day(self, department):
        if department in OUTSIDERS:
            return 24.0
        return self.env.company.resource_calendar_id.hours_per_day or 24.0

    @api.model
    def _format_time(self, department, hours):
        """Return hours as people say them: of outsiders in days of 24 hours, else in
        working days of the company; in minutes what took less than an hour."""
        a_day = self._get_hours_a_day(department)
        is_outside = department in OUTSIDERS
        if hours < min(1, a_day):
            minutes = self._format_count(round(hours * 60))
            if is_outside:
                return self.env._("%(minutes)s minutes", minutes=minutes)
            return self.env._("%(minutes)s working minutes", minutes=minutes)
        if hours < a_day:
            value = self._format(hours)
            if is_outside:
                return self.env._("%(hours)s hours", hours=value)
            return self.env._("%(hours)s working hours", hours=value)
        value = self._format(hours / a_day)
        if is_outside:
            return self.env._("%(days)s days", days=value)
        return self.env._("%(days)s working days", days=value)

    @api.model
    def _format(self, value, digits=1):
        """Return a number as the reader writes it."""
        return formatLang(self.env, value, digits=digits)

    @api.model
    def _format_count(self, number):
        return self._format(number, 0)

    @api.model
    def _prepare_waits(self, domain):
        return self.env["cx.overview"]._prepare_action(
            "cx_reports.cx_waiting_report_action", domain, ("list", "pivot", "graph")
        )

    # ------------------------------------------------------------
    # WHAT WOULD HAVE BEEN
    # ------------------------------------------------------------

    @api.model
    def _find_what_if(self, period):
        """Return for each step how many more promises would have been kept if it had
        never taken longer than its median.

        Asked are promises of the period that were delivered in full, too late. Of each
        span of the step that ended after the customer was told and by the last
        delivery, the time after its median is saved; the last delivery is earlier by
        all that is saved. What was done meanwhile may have taken as long: it is the
        most that can be gained.
        """
        overview = self.env["cx.overview"]
        count, kept, late = self._read_promises(period)
        if not count:
            return {}
        labels = self.env["timeline.words"]._get_departments()
        found = []
        for department, step, usual, lines in self._find_gains(period, late):
            found.append(
                {
                    "department": department,
                    "step": step,
                    "usual": usual,
                    "gained": len(lines),
                    "text": self._tell_what_if(
                        labels.get(department, department),
                        self.env["timeline.words"]._get_step(step),
                        self._format_time(department, usual),
                        len(lines),
                        (100 * kept / count, 100 * (kept + len(lines)) / count),
                    ),
                    "action": overview._prepare_action(
                        "cx_reports.cx_delivery_report_action",
                        [("id", "in", sorted(lines))],
                        ("list", "pivot", "graph"),
                    ),
                }
            )
        found.sort(
            key=lambda row: (-row["gained"], row["department"], row["step"] or "")
        )
        return {"what_if": found[:MOST], "promises": {"count": count, "kept": kept}}

    @api.model
    def _tell_what_if(self, department, step, usual, gained, percents):
        # one of thousands is less than a percent, and something all the same
        digits = int(len(set(map(round, percents))) == 1)
        now, then = (self._format(each, digits) for each in percents)
        words = {
            "place": f"{department}: {step}" if step else department,
            "usual": usual,
            "now": now,
            "then": then,
        }
        if gained == 1:
            return self.env._(
                "If %(place)s had taken no longer than usual (%(usual)s), one more "
                "promise could have been kept: %(then)s %% instead of %(now)s %%.",
                **words,
            )
        return self.env._(
            "If %(place)s had taken no longer than usual (%(usual)s), up to %(gained)s "
            "more promises would have been kept: %(then)s %% instead of %(now)s %%.",
            gained=self._format_count(gained),
            **words,
        )

    @api.model
    def _read_promises(self, period):
        """Return how many promises there were, how many were kept, and those that were
        kept too late, with the fields ``PROMISE``."""
        deliveries = self.env[DELIVERIES]
        domain = self.env["cx.overview"]._in_period("told_on", period)
        query = deliveries._search(domain)

        def column(name):
            return deliveries._field_to_sql(query.table, name, query)

        # OFFSET: each row is worked out once, not anew for each column
        ((count, kept, *late),) = self.env.execute_query(
            SQL(
                "SELECT count(kept_rate), count(*) FILTER (WHERE kept_rate > 0), %s"
                "  FROM (%s OFFSET 0) promise",
                SQL(", ").join(
                    SQL(
                        "array_agg(%s) FILTER (WHERE outcome IN %s)",
                        SQL.identifier(name),
                        LATE,
                    )
                    for name in PROMISE
                ),
                query.subselect(
                    *(
                        SQL("%s AS %s", column(name), SQL.identifier(name))
                        for name in (*PROMISE, "outcome", "kept_rate")
                    )
                ),
            )
        )
        return count, kept, dict(zip(PROMISE, late, strict=True))

    @api.model
    def _find_gains(self, period, late):
        """Return department, step, median and the lines gained, where there are any.

        :param late: as ``_read_promises`` returns them
        """
        if not late["id"]:
            return []
        usual = [
            (department, step or None, hours)
            for department, step, hours in self.env[WAITS]._read_group(
                self.env["cx.overview"]._in_moments("date_to", period),
                ["department", "step"],
                ["hours:median"],
            )
            if hours is not None
        ]
        if not usual:
            return []
        return self.env.execute_query(self._get_gains_sql(late, usual))

    @api.model
    def _get_gains_sql(self, late, usual):
        """:param late: lists of the fields ``PROMISE`` of those that were kept too late
        :param usual: department, step and median of each step"""
        reports = self.env[WAITS]
        departments, steps, hours = map(list, zip(*usual, strict=True))
        late = {name: as_array(values) for name, values in late.items()}
        firsts = self.env.execute_query(
            SQL(
                "SELECT company_id, min(date_from) FROM timeline_span"
                " WHERE sale_id = ANY(%s::integer[]) AND company_id IS NOT NULL"
                " GROUP BY company_id",
                late["order_id"],
            )
        )
        finish = SQL(
            """
            CASE WHEN usual.department IN %(outsiders)s
                 THEN span.date_from + usual.hours * interval '1 hour'
                 ELSE %(moment)s END
            """,
            outsiders=OUTSIDERS,
            moment=reports._get_moment_sql(SQL("goal.clock")),
        )
        return SQL(
            """
            WITH late (id, order_id, company_id, told_on, told_at, delivered_at) AS (
                SELECT * FROM unnest(
                    %(id)s::integer[], %(order_id)s::integer[],
                    %(company_id)s::integer[], %(told_on)s::date[],
                    %(told_at)s::timestamp[], %(delivered_at)s::timestamp[])
            ),
            worktime AS MATERIALIZED (%(worktime)s),
            zones AS (%(zones)s),
            usual (department, step, hours) AS (
                SELECT * FROM unnest(%(departments)s::varchar[], %(steps)s::varchar[],
                                     %(hours)s::float8[])
            ),
            -- before they are sorted: else the arrays of working time are, too
            spared AS MATERIALIZED (
                SELECT late.id, usual.department, usual.step, usual.hours,
                       span.date_to - GREATEST(%(finish)s, span.date_from) AS time
                  FROM late
                  JOIN timeline_span span ON span.sale_id = late.order_id
                   AND span.is_decisive
                   AND span.date_to > late.told_at
                   AND span.date_to <= late.delivered_at
                  JOIN usual ON usual.department = span.department
                   AND usual.step IS NOT DISTINCT FROM span.step
                   AND %(taken)s > usual.hours
                  JOIN worktime ON worktime.company_id = late.company_id
                 CROSS JOIN LATERAL (
                    SELECT %(clock)s + 3600 * usual.hours
                 ) goal (clock)
            ),
            saved AS (
                SELECT id, department, step, hours, sum(time) AS time
                  FROM spared
              GROUP BY id, department, step, hours
            )
            SELECT saved.department, saved.step, saved.hours, array_agg(late.id)
              FROM saved
              JOIN late ON late.id = saved.id
              JOIN zones ON zones.company_id = late.company_id
             WHERE %(day)s <= late.told_on
          GROUP BY saved.department, saved.step, saved.hours
            """,
            worktime=reports._get_worktime_sql(dict(firsts)),
            zones=reports._get_zones_sql(),
            departments=departments,
            steps=steps,
            hours=hours,
            finish=finish,
            clock=reports._get_clock_sql(SQL("span.date_from")),
            taken=reports._get_hours_sql(),
            day=reports._get_day_sql(SQL("(late.delivered_at - saved.time)")),
            **late,
        )
