from collections import defaultdict
from datetime import UTC, datetime

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime, Domain
from odoo.tools import SQL

from ..case_log import Entry, Trace
from ..report.cx_waiting_report import EVERYBODY, QUALIFIED

#: How many cases are read at a time.
BATCH = 200
#: What a log says of cases.
KINDS = ("events", "waits")


class CxCaseLog(models.AbstractModel):
    """The story of all cases that somebody may read, for other programs.

    A case is an order with all that serves it and with the opportunity that it came
    from, or an opportunity without an order; a lead that nobody has qualified is none
    yet. *events*: what happened, as the feed shows it. *waits*: who held the case, from
    when until when; these times follow each other and add up to the duration of the
    case; of holders people find their own name, as in the report. Times are those of
    the calendar. There are no amounts, and no texts that people wrote.
    """

    _name = "cx.case.log"
    _description = "Log of Cases"

    @api.model
    def _check(self, kind, date_from, date_to):
        """Return the period as moments, after a look whether there is such a log."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees see reports."))
        if kind not in KINDS:
            raise UserError(self.env._("Choose a log of events or of waits."))
        moments = []
        for value in (date_from, date_to):
            try:
                moments.append(self._to_moment(value or None))
            except (ValueError, OverflowError) as error:
                raise UserError(
                    self.env._("%(value)s is no date: write 2026-01-31.", value=value)
                ) from error
        return moments

    @api.model
    def _to_moment(self, value):
        """Return a moment in UTC. A day begins where the company is."""
        moment = Datetime.to_datetime(value)
        is_day = isinstance(value, str) and len(value) <= len("2026-01-31")
        if moment and (is_day or not isinstance(value, str | datetime)):
            zone = self.env.company.sudo()._approval_zone()
            moment = moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        return moment

    @api.model
    def _read_traces(self, kind, date_from=None, date_to=None):
        """Yield the cases that the user may read, a batch of them at a time.

        :param str kind: of ``KINDS``
        :param date_from: first day of the company on which a case begins, or a moment
            in UTC; nothing: the first
        :param date_to: first day or moment that is too late; nothing: none
        :return: :class:`~odoo.addons.cx_reports.case_log.Trace`
        """
        period = self._check(kind, date_from, date_to)
        departments = self.env["timeline.words"]._get_departments()
        read = self._read_events if kind == "events" else self._read_waits
        for model in ("sale.order", "crm.lead"):
            last = 0
            while rows := self._read_cases(model, last, period):
                last = rows[-1][0]
                entries = read(model, rows, departments)
                for id_, name, *_rest in rows:
                    if entries[id_]:
                        key = f"{model},{id_}"
                        yield Trace(key, name or key, entries[id_])

    @api.model
    def _read_cases(self, model, last, period):
        """Return the next cases: id, name, company and opportunity of each."""
        records = self.env[model].with_context(active_test=False)
        if not records.has_access("read"):
            return []
        domain = Domain("company_id", "in", [False, *self.env.companies.ids])
        if model == "crm.lead":
            domain &= QUALIFIED
        query = records._search(domain & Domain("id", ">", last))
        case = SQL.identifier(query.table)
        if model == "sale.order":
            column, lead = SQL("sale_id"), SQL("%s.opportunity_id", case)
        else:
            column, lead = SQL("lead_id"), SQL("NULL::integer")
            query.add_where(
                SQL(
                    "NOT EXISTS (SELECT FROM timeline_event event "
                    "WHERE event.lead_id = %s.id AND event.sale_id IS NOT NULL)",
                    case,
                )
            )
        begun = SQL(
            "(SELECT min(event.date) FROM timeline_event event WHERE event.%s = %s.id)",
            column,
            case,
        )
        for operator, moment in zip((">=", "<"), period, strict=True):
            if moment:
                query.add_where(SQL("%s %s %s", begun, SQL(operator), moment))
        query.order, query.limit = SQL("%s.id", case), BATCH
        self.env.cr.execute(
            query.select(
                SQL("%s.id", case),
                SQL("%s.name", case),
                SQL("%s.company_id", case),
                lead,
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _read_events(self, model, cases, departments):
        ids = [id_ for id_, *_rest in cases]
        is_sale = model == "sale.order"
        of_lead = defaultdict(list)
        for id_, _name, _company, lead in cases:
            of_lead[lead].append(id_)
        leads = self.env["crm.lead"].with_context(active_test=False)
        # what an opportunity is called is for who may read it
        readable = []
        if is_sale and leads.has_access("read"):
            known = Domain("id", "in", [lead for lead in of_lead if lead])
            readable = list(leads._search(known).get_result_ids())
        self.env.cr.execute(
            SQL(
                """
                SELECT sale_id, lead_id, date, kind, department, user_id,
                       parameters->>'name'
                  FROM timeline_event
                 WHERE is_shown
                   AND (company_id IS NULL OR company_id = ANY(%s))
                   AND (sale_id = ANY(%s) OR (sale_id IS NULL AND lead_id = ANY(%s)))
              ORDER BY date, id
                """,
                self.env.companies.ids,
                ids if is_sale else [],
                readable if is_sale else ids,
            )
        )
        rows = self.env.cr.fetchall()
        names = self.env["timeline.words"]._get_users(row[5] for row in rows)
        zones, found = self._get_zones(cases), defaultdict(list)
        for sale, lead, date, kind, department, user, document in rows:
            mine = [sale or lead] if sale or not is_sale else of_lead[lead]
            for id_ in mine:
                found[id_].append(
                    Entry(
                        kind,
                        date.replace(tzinfo=UTC).astimezone(zones[id_]),
                        group=departments.get(department, department or ""),
                        resource=names.get(user, ""),
                        document=document or "",
                    )
                )
        return found

    @api.model
    def _read_waits(self, model, cases, departments):
        column = SQL.identifier("sale_id" if model == "sale.order" else "lead_id")
        self.env.cr.execute(
            SQL(
                """
                SELECT %(case)s, department, step, user_id, date_from, date_to
                  FROM timeline_span
                 WHERE %(case)s = ANY(%(ids)s) AND is_decisive
              ORDER BY date_from, id
                """,
                case=column,
                ids=[id_ for id_, *_rest in cases],
            )
        )
        rows = self.env.cr.fetchall()
        users = {row[3] for row in rows}
        if not self.env.user.has_group(EVERYBODY):
            # how long others had cases is for who may compare people
            users &= {self.env.uid}
        names = self.env["timeline.words"]._get_users(users)
        zones, found = self._get_zones(cases), defaultdict(list)
        for id_, department, step, user, start, end in rows:
            for lifecycle, moment in (("start", start), ("complete", end)):
                if moment:
                    found[id_].append(
                        Entry(
                            f"{department}.{step}" if step else department,
                            moment.replace(tzinfo=UTC).astimezone(zones[id_]),
                            lifecycle,
                            departments.get(department, department),
                            names.get(user, ""),
                        )
                    )
        return found

    @api.model
    def _get_zones(self, cases):
        """Return the time zone of each case's company, by id of the case."""
        companies = self.env["res.company"].sudo()
        zones = {
            company: (
                companies.browse(company) or self.env.company.sudo()
            )._approval_zone()
            for company in {row[2] for row in cases}
        }
        return {row[0]: zones[row[2]] for row in cases}
