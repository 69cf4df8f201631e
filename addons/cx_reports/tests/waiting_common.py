from datetime import timedelta

from odoo.tools import SQL

from odoo.addons.case_timeline.models.timeline_span import VALUES

from .common import ReportCommon
from .test_approval_report import minutes, worked

REPORT = "cx.waiting.report"


class Waiting:
    """Cases whose time was with given departments, whoever makes the company."""

    def _span(self, case, department, start, end=None, **values):
        """Write a decisive span of an order or opportunity.

        :param start: naive, UTC
        :param end: likewise; nothing: it still waits
        :param values: *step*, *document* and *user*, *is_decisive*
        """
        document = values.pop("document", case)
        user = values.pop("user", None)
        row = {
            "sale_id": case.id if case._name == "sale.order" else None,
            "lead_id": case.id if case._name == "crm.lead" else None,
            "company_id": self.company.id,
            "res_model": document._name if document else None,
            "res_id": document.id if document else None,
            "department": department,
            "step": None,
            "user_id": user.id if user else None,
            "date_from": start,
            "date_to": end,
            "working_hours": worked(minutes(start, end)) / 60 if end else None,
            "is_decisive": True,
            "over": None,
        } | values
        self.env.flush_all()
        row["from_department"] = self._find_before(row)
        row["is_back"] = self._find_back(row)
        self._judge(row)
        self.env.cr.execute(
            SQL(
                "INSERT INTO timeline_span (%s) VALUES %s RETURNING id",
                SQL(", ").join(map(SQL.identifier, row)),
                tuple(row.values()),
            )
        )
        return self.env[REPORT].browse(self.env.cr.fetchone()[0])

    def _find_before(self, row):
        """Return whose decisive span ends as this one begins."""
        domain = [
            ("is_decisive", "=", True),
            ("date_to", "=", row["date_from"]),
            ("sale_id", "=", row["sale_id"]),
            ("lead_id", "=", row["lead_id"]),
        ]
        return self.env["timeline.span"].search(domain, limit=1).department or None

    def _find_back(self, row):
        """Return whether the department had the case before, and another one since."""
        domain = [
            ("is_decisive", "=", True),
            ("date_to", "<=", row["date_from"]),
            ("sale_id", "=", row["sale_id"]),
            ("lead_id", "=", row["lead_id"]),
            ("department", "!=", "nobody"),
        ]
        had = self.env["timeline.span"].search(domain, order="date_from")
        had = had.mapped("department")
        return row["department"] in had[:-1] and row["department"] != had[-1]

    def _judge(self, row):
        """Say whether a limit ran out, as the job does."""
        spans = self.env["timeline.span"]
        values = [row.get(name) for name in VALUES]
        spans._judge([values])
        row |= dict(zip(VALUES, values, strict=True))

    @classmethod
    def _case(cls, user=None):
        """Return an order of a customer without a past."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Ward 3"}).id,
                "company_id": cls.company.id,
                "user_id": (user or cls.env.user).id,
            }
        )
        cls.env.flush_all()
        cls.env.cr.execute(SQL("DELETE FROM timeline_span"))
        return order

    def _question(self, case, due_at, closed_at):
        """Return a question about an order.

        :param due_at: naive, UTC; nothing: there is no limit
        :param closed_at: likewise; nothing: it still waits
        """
        questions = self.env["supply.question"].sudo()
        values = questions._prepare_question(case, "purchase", self.env.user)
        question = questions._system_create([{**values, "text": "When?"}])
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE supply_question SET due_at = %s, closed_at = %s WHERE id = %s",
                due_at,
                closed_at,
                question.id,
            )
        )
        question.invalidate_recordset()
        return question

    def _is_over(self, question, start, end):
        """Return whether the limit of a question ran out between two moments, before it
        was closed; nothing where it has none."""
        if not question.due_at:
            return None
        return start <= question.due_at < min(end, question.closed_at or end)

    def _hours(self, number):
        return timedelta(hours=number)


class WaitingCommon(Waiting, ReportCommon):
    """In a company that sells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Office", "tz": "Asia/Ho_Chi_Minh", "company_id": cls.company.id}
        )
