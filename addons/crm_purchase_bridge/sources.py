"""Tables whose changes matter to promises, besides those that supply follows from.

``supply_link/triggers.py`` makes triggers for them that leave notes in its outbox.
"""

from __future__ import annotations

from dataclasses import replace

from odoo.addons.supply_link.triggers import SOURCES as SUPPLY
from odoo.addons.supply_link.triggers import Source


def _with_columns(table, *columns):
    """Return a table of ``supply_link`` with more columns that matter."""
    source = SUPPLY[table]
    return replace(source, columns=(*source.columns, *columns))


SOURCES = {
    # what the customer wants, whether all goes out at once, and how long an offer holds
    "sale_order": _with_columns(
        "sale_order",
        "needed_by",
        "picking_policy",
        "told_delivery_date",
        "validity_date",
        "wanted_delivery_date",
    ),
    "sale_order_line": _with_columns("sale_order_line", "wanted_on"),
    # whether vendors have answered: they need not name a day
    "purchase_order_line": _with_columns(
        "purchase_order_line", "vendor_answered_on", "vendor_asked_on"
    ),
    # from then on the delivery date is no wish
    "supply_promise": Source(
        "changed.product_id, NULL::integer, changed.sale_line_id",
        ("told_on",),
        events=("UPDATE",),
    ),
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
        ("stage", "state", "order_id", "date_due", "date_paid"),
        "JOIN purchase_order_line line ON line.order_id = changed.order_id",
    ),
    # whose turn it is
    "supply_decision": Source(
        "changed.product_id, NULL::integer, NULLIF(changed.sale_line_id, 0)",
        ("place",),
        events=("INSERT",),
    ),
    "crm_lead": Source(
        "line.product_id, NULL::integer, NULL::integer",
        ("active", "stage_id", "company_id", "partner_id", "user_id", "team_id"),
        "JOIN crm_lead_line line ON line.lead_id = changed.id",
    ),
    "crm_lead_line": Source(
        "changed.product_id, NULL::integer, NULL::integer",
        ("product_id", "quantity", "product_uom_id", "needed_on"),
    ),
}
