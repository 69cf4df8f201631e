"""Orders of what is bought to order, and a receipt that many wait for."""

from __future__ import annotations

from odoo.api import Environment
from odoo.fields import Command
from odoo.tools import SQL

from bench.supplying import warehouse
from bench.urgent.copies import copies

LINES = 5


def make_to_order(env: Environment) -> list[int]:
    """Return ids of products that are bought for each order."""
    mto = env.ref("stock.route_warehouse0_mto")
    mto.active = True
    buy = env["stock.warehouse"].search([], limit=1).buy_pull_id.route_id
    vendor = env["res.partner"].create({"name": "Vendor"})
    products = env["product.product"].create(
        [
            {
                "name": f"Made to order {number}",
                "type": "consu",
                "is_storable": True,
                "route_ids": [Command.set((mto | buy).ids)],
                "seller_ids": [Command.create({"partner_id": vendor.id, "price": 1})],
            }
            for number in range(LINES)
        ]
    )
    return products.ids


def sell(env: Environment, products: list[int]):
    """Return a quotation of one each."""
    customer = env["res.partner"].search([("name", "=", "Customer")], limit=1)
    return env["sale.order"].create(
        {
            "partner_id": (customer or customer.create({"name": "Customer"})).id,
            "order_line": [
                Command.create({"product_id": product, "product_uom_qty": 1})
                for product in products
            ],
        }
    )


def let_customers_wait(env: Environment, product: int) -> None:
    """Give an open delivery of each product to a customer's order line.

    :param product: one that is kept in stock, to make the first line
    """
    order = sell(env, [product])
    order.action_confirm()
    order.picking_ids.action_cancel()
    first = warehouse.products(env, 1).id
    lines = copies(
        order.order_line, warehouse.PRODUCTS, product_id=f"{first} + n", state="'sale'"
    )
    env.cr.execute(
        SQL(
            """
            UPDATE stock_move move
               SET sale_line_id = %(lines)s + move.product_id - %(first)s
              FROM (SELECT DISTINCT ON (product_id) id
                      FROM stock_move
                     WHERE state NOT IN ('done', 'cancel')
                       AND location_id = %(stock)s
                       AND product_id BETWEEN %(first)s AND %(last)s
                  ORDER BY product_id, id) chosen
             WHERE move.id = chosen.id
            """,
            lines=lines,
            first=first,
            last=first + warehouse.PRODUCTS - 1,
            stock=_stock(env).id,
        )
    )
    env.cr.execute(
        "UPDATE sale_order_line line SET product_uom_qty = move.product_uom_qty "
        "FROM stock_move move WHERE move.sale_line_id = line.id AND line.id >= %s",
        [lines],
    )
    env.invalidate_all()


def deliveries(env: Environment, products: list[int]) -> list[int]:
    """Return ids of open deliveries, one of each product: the one in the middle."""
    rows = env.execute_query(
        SQL(
            """
            SELECT (array_agg(id ORDER BY date, id))[(count(*) + 1) / 2]
              FROM stock_move
             WHERE state NOT IN ('done', 'cancel')
               AND location_id = %s
               AND product_id IN %s
          GROUP BY product_id
            """,
            _stock(env).id,
            tuple(products),
        )
    )
    return [id_ for (id_,) in rows]


def receive(env: Environment) -> int:
    """Let what is to come of each product come, all at once; return how many lines.

    That are the rows that a receipt changes. Odoo's own part, which takes far longer,
    is left out.
    """
    first, stock = warehouse.products(env, 1).id, _stock(env).id
    env.cr.execute(
        SQL(
            """
            UPDATE stock_move move
               SET state = 'done', quantity = product_qty
              FROM (SELECT DISTINCT ON (product_id) id
                      FROM stock_move
                     WHERE state NOT IN ('done', 'cancel')
                       AND location_dest_id = %(stock)s
                       AND product_id BETWEEN %(first)s AND %(last)s
                  ORDER BY product_id, id) chosen
             WHERE move.id = chosen.id
            """,
            first=first,
            last=first + warehouse.PRODUCTS - 1,
            stock=stock,
        )
    )
    lines = env.cr.rowcount
    env.cr.execute(
        "UPDATE stock_quant SET quantity = quantity + 20 "
        "WHERE location_id = %s AND product_id BETWEEN %s AND %s",
        [stock, first, first + warehouse.PRODUCTS - 1],
    )
    return lines


def _stock(env: Environment):
    return env["stock.warehouse"].search([], limit=1).lot_stock_id
