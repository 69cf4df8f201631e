"""Tables whose changes matter to promises, besides those that supply follows from.

``supply_link/triggers.py`` makes triggers for them that leave notes in its outbox.
"""

from __future__ import annotations

from odoo.addons.supply_link.triggers import Source

SOURCES = {
    # who holds the approval of a purchase
    "approval_task": Source(
        "line.product_id, line.id, line.sale_line_id",
        ("state", "holder_id", "activated_at"),
        "JOIN approval_process process ON process.id = changed.process_id "
        "AND process.res_model = 'purchase.order' "
        "JOIN purchase_order_line line ON line.order_id = process.res_id",
    ),
    # what the vendor waits for before delivering
    "supplier_deposit": Source(
        "line.product_id, line.id, line.sale_line_id",
        ("stage", "state", "order_id"),
        "JOIN purchase_order_line line ON line.order_id = changed.order_id",
    ),
    "crm_lead_line": Source(
        "changed.product_id, NULL::integer, NULL::integer",
        ("product_id", "quantity", "product_uom_id", "needed_on"),
    ),
}
