"""Requests know how urgent they are, and no longer only that they are."""

from odoo.tools import SQL

#: How urgent the orders are that wait for an approval, by their request.
ORDERS = SQL(
    """
    SELECT process.id, greatest(level.sequence, 1) AS urgency
      FROM approval_process process
      JOIN purchase_order purchase ON purchase.id = process.res_id
      JOIN urgency_level level ON level.id = purchase.urgency_level_id
     WHERE process.res_model = 'purchase.order'
       AND process.state = 'open'
       AND level.is_urgent
    """
)


def migrate(cr, version):
    if not version:
        return
    for table, column in (("approval_process", "id"), ("approval_task", "process_id")):
        cr.execute(
            SQL(
                """
                UPDATE %s record
                   SET urgency = ranked.urgency
                  FROM (%s) ranked
                 WHERE ranked.id = record.%s
                """,
                SQL.identifier(table),
                ORDERS,
                SQL.identifier(column),
            )
        )
