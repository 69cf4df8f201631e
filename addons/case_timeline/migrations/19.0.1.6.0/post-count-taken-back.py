"""What was delivered in full stays so when goods are taken back.

Before this version a return opened a case again, and its time until then was nobody's.
Events of transfers that take goods back say so now, and the job works their cases out
anew, a batch at a time, and writes those that differ.
"""

import json

from odoo.api import SUPERUSER_ID, Environment
from odoo.tools import SQL


def migrate(cr, version):
    if not version:
        return
    env = Environment(cr, SUPERUSER_ID, {})
    # those that say so themselves, and what goes along with them
    cr.execute(
        """
        WITH told AS MATERIALIZED (
            SELECT DISTINCT event.sale_id, event.purchase_id
              FROM stock_picking picking
              JOIN timeline_event event
                ON event.res_model = 'stock.picking' AND event.res_id = picking.id
             WHERE picking.return_id IS NOT NULL
        )
        SELECT event.res_id FROM told
          JOIN timeline_event event ON event.sale_id = told.sale_id
         WHERE event.res_model = 'stock.picking'
         UNION
        SELECT event.res_id FROM told
          JOIN timeline_event event ON event.purchase_id = told.purchase_id
         WHERE event.res_model = 'stock.picking'
        """
    )
    returns = env["timeline.change"]._find_returns([id_ for (id_,) in cr.fetchall()])
    cr.execute("ALTER TABLE timeline_event DISABLE TRIGGER USER")
    cr.execute(
        """
        UPDATE timeline_event event
           SET parameters = COALESCE(event.parameters, '{}')
               || jsonb_build_object('return_of', found.value::integer)
          FROM jsonb_each_text(%s::jsonb) found
         WHERE event.res_model = 'stock.picking' AND event.res_id = found.key::integer
     RETURNING event.sale_id
        """,
        [json.dumps(returns)],
    )
    sales = {sale for (sale,) in cr.fetchall() if sale}
    cr.execute("ALTER TABLE timeline_event ENABLE TRIGGER USER")
    env["timeline.span"]._note_anew(SQL("sale_id = ANY(%s)", sorted(sales)))
    cr.execute("SELECT timeline_note_wake()")
