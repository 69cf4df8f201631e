"""Invoices go along with the orders that they are of.

Before this version the events of an invoice stayed in the case of its order when that
was deleted, where nobody could read them any more; and of several purchases not all
told of their bill or receipt. The job takes events to where they belong.
"""

from odoo.api import SUPERUSER_ID, Environment


def migrate(cr, version):
    if not version:
        return
    env = Environment(cr, SUPERUSER_ID, {})
    env["timeline.change"]._note_places()
    cr.execute("SELECT timeline_note_wake()")
