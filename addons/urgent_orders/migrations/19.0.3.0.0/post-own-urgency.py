"""What was set on an order itself is kept apart from what it inherits.

Urgency without a source was set by hand. A deadline on an order that serves others
followed theirs; elsewhere it was set by hand, too.
"""

from odoo.tools import SQL

#: Tables, and the condition by which an order has nobody to inherit from.
TABLES = {
    "crm_lead": SQL("TRUE"),
    "sale_order": SQL("urgency_source_id IS NULL"),
    "purchase_order": SQL("urgency_source_id IS NULL"),
    "stock_picking": SQL("urgency_source_id IS NULL AND urgency_purchase_id IS NULL"),
}


def migrate(cr, version):
    if not version:
        return
    for table, alone in TABLES.items():
        cr.execute(
            SQL(
                """
                UPDATE %s record
                   SET urgency_own = jsonb_build_object(
                       'urgency_level_id', urgency_level_id,
                       'urgency_reason', urgency_reason,
                       'needed_by', to_char(needed_by, 'YYYY-MM-DD HH24:MI:SS'),
                       'urgency_user_id', urgency_user_id,
                       'urgency_date', to_char(urgency_date, 'YYYY-MM-DD HH24:MI:SS'))
                  FROM urgency_level level
                 WHERE level.id = record.urgency_level_id
                   AND urgency_own IS NULL
                   AND %s
                   AND (level.is_urgent OR needed_by IS NOT NULL)
                """,
                SQL.identifier(table),
                alone,
            )
        )
