"""One product that thousands wait for, and what an urgent order takes from them."""

from __future__ import annotations

from odoo.api import Environment

from bench.approval.company import VENDOR
from bench.urgent.company import sale
from bench.urgent.copies import copies, relate
from tools.inside import records

MOVES, RECEIPTS = 2_000, 200
QUANTITY = 10
PRODUCT = "Bench wheelchair"


def fill(env: Environment) -> dict[str, int]:
    """Return the ids of an order and of a quotation, both urgent.

    A receipt a day has what ten orders want; orders want it the day it comes.
    """
    product = env["product.product"].create(
        {"name": PRODUCT, "type": "consu", "is_storable": True}
    )
    order = sale(env, product, QUANTITY)
    day = f"now() + n / {MOVES // RECEIPTS} * interval '1 day'"
    sales = copies(order, MOVES, name="'BW' || n", access_token="NULL")
    lines = copies(order.order_line, MOVES, order_id=f"{sales} + n")
    pickings = copies(
        order.picking_ids, MOVES, name="'BENCH/W/' || n", sale_id=f"{sales} + n"
    )
    moves = copies(
        order.order_line.move_ids,
        MOVES,
        picking_id=f"{pickings} + n",
        sale_line_id=f"{lines} + n",
        date=f"{day} + interval '1 hour'",
    )
    relate(
        env,
        "stock_reference_move_rel",
        MOVES,
        reference_id=str(order.stock_reference_ids.id),
        move_id=f"{moves} + n",
    )
    vendor = env["res.partner"].search([("name", "=", VENDOR)], limit=1)
    line = {"product_id": product.id, "product_qty": QUANTITY * MOVES // RECEIPTS}
    purchase = records.purchase(env, vendor, line)
    purchase.button_confirm()
    copies(
        purchase.order_line.move_ids,
        RECEIPTS - 1,
        date="now() + (n + 1) * interval '1 day'",
    )
    env.invalidate_all()
    urgent = sale(env, product, QUANTITY)
    urgent.order_line.move_ids.date = env.cr.now().replace(year=env.cr.now().year + 2)
    quotation = urgent.copy()
    for each in (urgent, quotation):
        env.cr.execute(
            "UPDATE sale_order SET urgency_level_id = %s WHERE id = %s",
            [env.ref("urgent_orders.urgency_level_urgent").id, each.id],
        )
    quotation.commitment_date = urgent.order_line.move_ids.date
    return {"order": urgent.id, "quotation": quotation.id}


def order(env: Environment, ids: dict[str, int]) -> int:
    """Return how many lose to the order whose urgency is raised."""
    return len(env["sale.order"].browse(ids["order"])._get_displaced())


def quotation(env: Environment, ids: dict[str, int]) -> int:
    """Return how many lose to the quotation when it is confirmed."""
    found = env["sale.order"].browse(ids["quotation"])._get_displaced_by_confirming()
    return len(found)
