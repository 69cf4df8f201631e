"""Who had what is counted anew where this version counts otherwise.

Before it, a purchase was with its buyer until an answer came, also where whoever had
asked decided without one; a question that was passed on after its limit was late twice;
and an opportunity whose order went to another one had no time any more. The job works
such cases out anew, a batch at a time, and writes those that differ.
"""

from odoo.api import SUPERUSER_ID, Environment
from odoo.tools import SQL


def migrate(cr, version):
    if not version:
        return
    env = Environment(cr, SUPERUSER_ID, {})
    asked = SQL(
        "sale_id IN (SELECT sale_id FROM timeline_event"
        " WHERE kind = 'approval.questioned' AND sale_id IS NOT NULL)"
    )
    late = SQL("res_model = 'supply.question' AND over = 'yes'")
    env["timeline.span"]._note_anew(SQL("%s OR %s", asked, late))
    cr.execute(
        """
        INSERT INTO timeline_change (source, res_id, operation, new, noted_on)
        SELECT 'timeline_span', 0, 'count',
               jsonb_build_object('sale', NULL, 'lead', event.lead_id),
               now() AT TIME ZONE 'UTC'
          FROM timeline_event event
         WHERE event.res_model = 'crm.lead' AND event.lead_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM timeline_span span
                            WHERE span.lead_id = event.lead_id)
           AND NOT EXISTS (SELECT FROM timeline_event sold
                            WHERE sold.lead_id = event.lead_id
                              AND sold.sale_id IS NOT NULL)
      GROUP BY event.lead_id
        """
    )
    cr.execute("SELECT timeline_note_wake()")
