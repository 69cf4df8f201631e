"""Triggers that note which urgent cases changed, on whatever path it was.

What the screen of the urgent chain shows of a case is kept (``urgency.case.state``).
What changes what a case is worked out from leaves the orders it touched in
``urgency.case.change``, and wakes the job that brings what is kept up to date.
``supply_link/triggers.py`` makes the triggers.

Sale orders are noted when they are urgent. Purchase orders always are: which of them
serve an urgent order may be changed by somebody else at this moment, and that cannot
be seen yet. Whoever reads the notes sees both.
"""

from __future__ import annotations

from odoo.addons.supply_link.triggers import Outbox, Source

CASES = Outbox(
    "urgency_case_change",
    "urgency_note_",
    ("sale_id", "purchase_id"),
    "COALESCE(sale_id, purchase_id) IS NOT NULL",
)

IS_URGENT = (
    "JOIN urgency_level level ON level.id = {0}.urgency_level_id AND level.is_urgent"
)
#: The urgent order that a row names, or nothing of the row.
URGENT_SALE = f"JOIN sale_order sale ON sale.id = {{0}} {IS_URGENT.format('sale')}"
#: The same, and the row counts without one, too.
MAYBE_URGENT_SALE = (
    f"LEFT JOIN (sale_order sale {IS_URGENT.format('sale')}) ON sale.id = {{0}}"
)
BOUGHT = "LEFT JOIN purchase_order_line bought ON bought.id = changed.purchase_line_id"


SOURCES = {
    "sale_order": Source(
        "changed.id, NULL::integer",
        (
            "name",
            "state",
            "partner_id",
            "company_id",
            "user_id",
            "delivery_status",
            "date_order",
            "urgency_level_id",
            "urgency_reason",
            "urgency_date",
            "needed_by",
        ),
        IS_URGENT.format("changed"),
    ),
    "sale_order_line": Source(
        "sale.id, NULL::integer",
        ("order_id", "customer_lead"),
        URGENT_SALE.format("changed.order_id"),
    ),
    "stock_picking": Source(
        "sale.id, NULL::integer",
        ("sale_id", "state", "user_id"),
        URGENT_SALE.format("changed.sale_id"),
    ),
    "purchase_order": Source(
        "NULL::integer, changed.id",
        (
            "name",
            "state",
            "company_id",
            "user_id",
            "date_order",
            "receipt_status",
            "urgency_level_id",
            "urgency_reason",
            "urgency_date",
            "needed_by",
            "urgency_source_id",
        ),
    ),
    "purchase_order_line": Source(
        "NULL::integer, changed.order_id",
        ("order_id", "date_planned", "product_qty", "qty_received"),
    ),
    "approval_process": Source(
        "NULL::integer, changed.res_id",
        ("state", "res_id"),
        "WHERE changed.res_model = 'purchase.order'",
    ),
    "approval_task": Source(
        "NULL::integer, process.res_id",
        ("state", "holder_id", "due_at"),
        "JOIN approval_process process ON process.id = changed.process_id "
        "AND process.res_model = 'purchase.order'",
    ),
    "supply_link": Source(
        "sale.id, bought.order_id",
        ("sale_line_id", "purchase_line_id"),
        f"{BOUGHT} LEFT JOIN sale_order_line sold ON sold.id = changed.sale_line_id "
        f"{MAYBE_URGENT_SALE.format('sold.order_id')}",
    ),
    "supply_state": Source(
        "sale.id, bought.order_id",
        ("order_id", "method", "ready_on", "purchase_line_id"),
        f"{URGENT_SALE.format('changed.order_id')} {BOUGHT}",
    ),
    "stock_reference_sale_rel": Source(
        "sale.id, others.purchase_id",
        ("sale_id", "reference_id"),
        f"{URGENT_SALE.format('changed.sale_id')} "
        "LEFT JOIN stock_reference_purchase_rel others "
        "ON others.reference_id = changed.reference_id",
    ),
    "stock_reference_purchase_rel": Source(
        "sale.id, changed.purchase_id",
        ("purchase_id", "reference_id"),
        "LEFT JOIN stock_reference_sale_rel others "
        "ON others.reference_id = changed.reference_id "
        f"{MAYBE_URGENT_SALE.format('others.sale_id')}",
    ),
    "urgency_level": Source(
        "orders.sale_id, orders.purchase_id",
        ("is_urgent",),
        "JOIN (SELECT id AS sale_id, NULL::integer AS purchase_id, urgency_level_id "
        "FROM sale_order UNION ALL SELECT NULL::integer, id, urgency_level_id "
        "FROM purchase_order) orders ON orders.urgency_level_id = changed.id",
        events=("UPDATE",),
    ),
}
