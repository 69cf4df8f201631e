"""An opportunity goes on when another one is merged into it.

Before this version its case ended then. The job works such cases out anew, a batch at a
time, and writes those that differ.
"""

from odoo.api import SUPERUSER_ID, Environment
from odoo.tools import SQL


def migrate(cr, version):
    if not version:
        return
    env = Environment(cr, SUPERUSER_ID, {})
    env["timeline.span"]._note_anew(
        SQL(
            "lead_id IN (SELECT lead_id FROM timeline_event WHERE kind = 'lead.merged')"
        )
    )
    cr.execute("SELECT timeline_note_wake()")
