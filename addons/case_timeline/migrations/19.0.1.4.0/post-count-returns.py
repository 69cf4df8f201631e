"""Spans say whether a case came back to a department that had it before.

Those that were written before say nothing. The job works out anew those cases that any
department had several times, and writes those that came back; and those with a question
that was asked again, with which somebody is then.
"""

from odoo.api import SUPERUSER_ID, Environment
from odoo.tools import SQL


def migrate(cr, version):
    if not version:
        return
    env = Environment(cr, SUPERUSER_ID, {})
    several = (
        SQL(
            "%(case)s IN (SELECT %(case)s FROM timeline_span"
            " WHERE is_decisive AND %(case)s IS NOT NULL"
            " GROUP BY %(case)s, department HAVING count(*) > 1"
            " UNION SELECT %(case)s FROM timeline_event"
            " WHERE kind = 'question.open' AND %(case)s IS NOT NULL"
            " GROUP BY %(case)s, res_id HAVING count(*) > 1)",
            case=SQL.identifier(name),
        )
        for name in ("sale_id", "lead_id")
    )
    env["timeline.span"]._note_anew(SQL(" OR ").join(several))
    cr.execute("SELECT timeline_note_wake()")
