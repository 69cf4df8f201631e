"""Spans say who had the case before, and whether a limit ran out.

Those that were written before say nothing. The job works their cases out anew, a batch
at a time, and writes those that differ.
"""

from odoo.api import SUPERUSER_ID, Environment
from odoo.tools import SQL


def migrate(cr, version):
    if not version:
        return
    env = Environment(cr, SUPERUSER_ID, {})
    env["timeline.span"]._note_anew(SQL("TRUE"))
    cr.execute("SELECT timeline_note_wake()")
