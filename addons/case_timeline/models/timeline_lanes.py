from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..condensing import DEEPEST, condense
from ..spans import NOBODY

#: So many cases of a customer or an opportunity are there to choose from.
MOST_CASES = 50
#: For whom so many of them wait is told at a glance.
MOST_WAITING = 3
#: In which order departments stand below each other, as a case goes through them.
ORDER = (
    "customer",
    "care",
    "sales",
    "purchase",
    "approval",
    "account",
    "vendor",
    "stock",
    NOBODY,
)


class TimelineLanes(models.AbstractModel):
    """Who held a case, department by department, and which dates it must meet.

    The times of an order or opportunity are stored (``timeline.span``). Those of a
    purchase alone, which has nothing of its customers, are worked out when somebody
    looks.
    """

    _name = "timeline.lanes"
    _description = "Lanes of a Case"

    @api.model
    @api.readonly
    def get_lanes(self, model, res_id, date_from=None, date_to=None):
        """Return who held a case, and when; decisive spans add up to its duration.

        Of thousands of spans those are joined that are too near to each other to be
        seen: they have a *count*, and neither document, step nor holder. Whoever asks
        for a part of the time gets more of them one by one.

        A customer has several cases, and so has an opportunity with several orders: the
        one that is shown is the newest that has not ended.

        :param str model: *res.partner*, *crm.lead*, *sale.order* or *purchase.order*
        :param int res_id: of the record
        :param str date_from: only what was held at this moment or later, UTC
        :param str date_to: only what was held before this moment, UTC
        :return: *case*: which one it is; *cases*: which there are besides; *start*;
            *end*, nothing while it goes on; *now*; *part*: the moments that were
            asked for; *lanes*: departments with the *hours* for which the case waited
            for them then, and their *spans*, which are whole; *marks*: days to be met
        :rtype: dict
        :raise AccessError: if the user may not read the record
        :raise UserError: if there is no such story
        """
        record = self.env["timeline.access"]._check_record(model, res_id).record
        cases = self._find_cases(record)
        case = next((case for case in cases if case["is_open"]), None)
        case = case or (cases[0] if cases else self._describe_case(record, False))
        shown = self.env[case["model"]].browse(case["id"])
        as_moment = self.env["timeline.access"]._as_moment
        part = [as_moment(date_from or None), as_moment(date_to or None)]
        rows = []
        if model != "res.partner" or cases:
            rows = self._read_rows(shown, part=part)
        hours = self._sum_hours(rows, *part)
        spans = self._describe_rows(shown, rows, is_part=any(part))
        ends = [span["to"] for span in spans if span["is_decisive"]]
        return {
            "case": case,
            "cases": cases,
            "start": spans[0]["from"] if spans else False,
            "end": max(ends) if all(ends) and ends else False,
            "now": fields.Datetime.to_string(fields.Datetime.now()),
            "part": [fields.Datetime.to_string(moment) for moment in part],
            "lanes": self._make_lanes(spans, hours),
            "marks": self._get_marks(shown) if spans else [],
        }

    @api.model
    def _get_waiting(self, record):
        """Return for whom the cases of a record wait now: the newest few.

        :param record: which the user may read
        :rtype: list
        """
        labels = self.env["timeline.words"]._get_departments()
        cases = [case for case in self._find_cases(record) if case["is_open"]]
        found = []
        for case in cases[:MOST_WAITING]:
            shown = self.env[case["model"]].browse(case["id"])
            rows = self._read_rows(shown, is_now=True)
            for span in self._describe_rows(shown, rows):
                if span["is_decisive"] and not span["to"]:
                    found.append(
                        {
                            "case": case["name"],
                            "department": span["department"],
                            "department_label": labels.get(
                                span["department"], span["department"]
                            ),
                            "step_label": span["step_label"],
                            "document": span["document"],
                            "holder": span["holder"],
                            "since": span["from"],
                            "is_back": span["is_back"],
                        }
                    )
        return found

    # ------------------------------------------------------------
    # CASES
    # ------------------------------------------------------------

    @api.model
    def _find_cases(self, record):
        """Return the cases of a record that the user may read, the newest first."""
        if record._name not in ("res.partner", "crm.lead"):
            return [self._describe_case(record, self._has_open([record.id], record))]
        if record._name == "crm.lead":
            orders = self._find_ids(
                "sale.order", Domain("opportunity_id", "=", record.id)
            )
            found = list(orders) or [record]
        else:
            family = record.sudo().commercial_partner_id.id
            domain = Domain("partner_id.commercial_partner_id", "=", family)
            orders = self._find_ids("sale.order", domain)
            leads = self._find_ids(
                "crm.lead", domain & Domain("type", "=", "opportunity")
            )
            # an opportunity's time is that of its orders, once it has some
            ordered = set(orders.opportunity_id._ids)
            found = [*orders, *(lead for lead in leads if lead.id not in ordered)]
        by_model = defaultdict(list)
        for each in found:
            by_model[each._name].append(each.id)
        still_open = {
            (name, id_)
            for name, ids in by_model.items()
            for id_ in self._has_open(ids, self.env[name])
        }
        return [
            self._describe_case(each, (each._name, each.id) in still_open)
            for each in found
        ]

    @api.model
    def _find_ids(self, model, domain):
        records = self.env[model]
        if not records.has_access("read"):
            return records
        return records.search(domain, order="id DESC", limit=MOST_CASES)

    @api.model
    def _has_open(self, ids, records):
        """Return the ids of those cases that have not ended."""
        if records._name == "purchase.order":
            return [
                id_
                for id_ in ids
                if any(
                    row["date_to"] is None
                    for row in self.env["timeline.span"]._work_out_purchase(id_)
                )
            ]
        column = "sale_id" if records._name == "sale.order" else "lead_id"
        self.env.cr.execute(
            SQL(
                "SELECT DISTINCT %(column)s FROM timeline_span "
                "WHERE %(column)s = ANY(%(ids)s) AND date_to IS NULL",
                column=SQL.identifier(column),
                ids=list(ids),
            )
        )
        return [id_ for (id_,) in self.env.cr.fetchall()]

    @api.model
    def _describe_case(self, record, is_open):
        return {
            "model": record._name,
            "id": record.id,
            "name": record.display_name or "",
            "is_open": bool(is_open),
        }

    # ------------------------------------------------------------
    # SPANS
    # ------------------------------------------------------------

    @api.model
    def _read_rows(self, record, is_now=False, part=(None, None)):
        """Return the spans of a case, with the working hours until now of those that
        have not ended.

        :param bool is_now: only those that have not ended
        :param part: only what was held from one moment to the other, if there are any
        """
        spans = self.env["timeline.span"]
        if record._name == "purchase.order":
            rows = spans._work_out_purchase(record.id)
        else:
            rows = self._read_stored(record, is_now)
        rows = [row for row in rows if self._is_within(row, *part)]
        now, clocks = fields.Datetime.now(), {}
        for row in rows:
            if row["working_hours"] is None:
                row["working_hours"] = spans._count_hours(
                    row["company_id"],
                    row["date_from"],
                    max(now, row["date_from"]),
                    clocks,
                )
        return rows

    @api.model
    def _sum_hours(self, rows, date_from, date_to):
        """Return for how many working hours a case waited for each department, from one
        moment to the other, if there are any."""
        spans, now = self.env["timeline.span"], fields.Datetime.now()
        found, clocks = defaultdict(float), {}
        for row in rows:
            if not row["is_decisive"]:
                continue
            begins, ends = row["date_from"], row["date_to"] or now
            start, end = max(begins, date_from or begins), min(ends, date_to or ends)
            found[row["department"]] += (
                row["working_hours"]
                if (start, end) == (begins, ends)
                else spans._count_hours(
                    row["company_id"], start, max(start, end), clocks
                )
            )
        return found

    @api.model
    def _describe_rows(self, record, rows, is_part=False):
        """Return spans of a case as the user reads them.

        :param rows: as ``_read_rows`` returns them
        :param bool is_part: whoever looks into a part sees what lies upon each other
        """
        words = self.env["timeline.words"]
        now = fields.Datetime.now()
        rows = condense(rows, now, deepest=len(rows) if is_part else DEEPEST)
        people = words._get_users(row["user_id"] for row in rows)
        self.env["timeline.access"]._add_links(rows)
        names = self._read_names(record, rows)
        return [
            {
                "department": row["department"],
                "step": row["step"] or False,
                "step_label": words._get_step(row["step"]),
                "document": names.get((row["res_model"], row["res_id"]), ""),
                "holder": people.get(row["user_id"], ""),
                "from": fields.Datetime.to_string(row["date_from"]),
                "to": row["date_to"]
                and fields.Datetime.to_string(row["date_to"])
                or False,
                "working_hours": row["working_hours"],
                "is_decisive": row["is_decisive"],
                "is_back": bool(row["is_back"]),
                "open": row["open"],
                "count": row.get("count", 1),
            }
            for row in rows
        ]

    @api.model
    def _is_within(self, row, date_from, date_to):
        return not (
            (date_from and row["date_to"] and row["date_to"] <= date_from)
            or (date_to and row["date_from"] >= date_to)
        )

    @api.model
    def _read_stored(self, record, is_now):
        column = "sale_id" if record._name == "sale.order" else "lead_id"
        self.env.cr.execute(
            SQL(
                """
                SELECT res_model, res_id, company_id, department, step, user_id,
                       date_from, date_to, working_hours, is_decisive, is_back
                  FROM timeline_span
                 WHERE %s = %s AND %s
              ORDER BY date_from, id
                """,
                SQL.identifier(column),
                record.id,
                SQL("date_to IS NULL") if is_now else SQL("TRUE"),
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _read_names(self, record, rows):
        """Return what the documents of spans are called, as the story of the case
        says. What an opportunity is called is for who may read it.

        :param rows: with what the user may open
        """
        wanted = {
            (row["res_model"], row["res_id"])
            for row in rows
            if row["res_id"] and (row["res_model"] != "crm.lead" or row["open"])
        }
        if not wanted:
            return {}
        column = {"sale.order": "sale_id", "crm.lead": "lead_id"}
        is_sale = record._name == "sale.order"
        lead = (is_sale and record.sudo().opportunity_id.id) or None
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT ON (res_model, res_id)
                       res_model, res_id, parameters->>'name'
                  FROM timeline_event
                 WHERE (%s = %s OR (res_model = 'crm.lead' AND res_id = %s AND is_home))
                   AND (res_model, res_id) IN %s
                   AND parameters->>'name' IS NOT NULL
              ORDER BY res_model, res_id, date DESC, id DESC
                """,
                SQL.identifier(column.get(record._name, "purchase_id")),
                record.id,
                lead,
                tuple(wanted),
            )
        )
        return {(model, id_): name for model, id_, name in self.env.cr.fetchall()}

    @api.model
    def _make_lanes(self, spans, hours):
        """Return departments with their spans.

        :param dict hours: for which the case waited for them
        """
        labels = self.env["timeline.words"]._get_departments()
        by_department = defaultdict(list)
        for span in spans:
            by_department[span.pop("department")].append(span)
        keys = sorted(
            by_department,
            key=lambda key: (ORDER.index(key) if key in ORDER else len(ORDER), key),
        )
        return [
            {
                "department": key,
                "label": labels.get(key, key),
                "hours": hours.get(key, 0),
                "spans": by_department[key],
            }
            for key in keys
        ]

    # ------------------------------------------------------------
    # DAYS TO BE MET
    # ------------------------------------------------------------

    @api.model
    def _get_marks(self, record):
        """Return days that a case must meet or was told to meet."""
        found = [("deadline", self.env._("Deadline"), record.sudo().needed_by)]
        if record._name == "purchase.order":
            found.append(
                ("expected", self.env._("Expected"), record.sudo().date_planned)
            )
        else:
            column = "order_id" if record._name == "sale.order" else "lead_id"
            domain = [(column, "=", record.id), ("is_open", "=", True)]
            promises = self.env["supply.promise"].sudo().search(domain)
            for key, label, name in (
                ("wanted", self.env._("Wanted"), "wanted_on"),
                ("told", self.env._("Promised"), "told_on"),
                ("likely", self.env._("Likely"), "likely_on"),
            ):
                days = promises.filtered(name).mapped(name)
                found.append((key, label, max(days, default=False)))
        return [
            {"key": key, "label": label, "day": self._get_day(moment)}
            for key, label, moment in found
            if moment
        ]

    @api.model
    def _get_day(self, moment):
        """Return the user's day of a moment, or a day as it is."""
        if isinstance(moment, datetime):
            moment = fields.Datetime.context_timestamp(self, moment).date()
        return fields.Date.to_string(moment)
