"""A warehouse with 10,000 products, ten open moves each, and one that ten thousand
wait for."""

from __future__ import annotations

from odoo.api import Environment
from odoo.fields import Command
from odoo.tools import SQL

from bench.urgent.copies import copies

PRODUCTS, OPEN_EACH, DONE = 10_000, 10, 500_000
WANTED = 10_000
DAYS = 60

# Every fifth open move is a receipt of what the four orders before it want.
RECEIPT = 5


def fill(env: Environment) -> None:
    """Fill it; the product that thousands wait for is the last one."""
    product = env["product.product"].create(
        {"name": "Product", "type": "consu", "is_storable": True}
    )
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", env.company.id)], limit=1
    )
    stock = warehouse.lot_stock_id
    vendors = env.ref("stock.stock_location_suppliers")
    customers = env.ref("stock.stock_location_customers")
    env["stock.quant"]._update_available_quantity(product, stock, 20)
    leaving = _transfer(env, product, warehouse.out_type_id, stock, customers)
    coming = _transfer(env, product, warehouse.in_type_id, vendors, stock)
    first = _copy_product(env, product)
    drop_foreign_keys(env, "stock_move", "stock_picking")
    opened = PRODUCTS * OPEN_EACH
    numbers = {
        leaving: f"n % {RECEIPT} <> 0",
        coming: f"n % {RECEIPT} = 0",
    }
    for move, where in numbers.items():
        pickings = copies(move.picking_id, opened + WANTED, where, name="'BENCH/' || n")
        quantity = "1 + n % 9" if move == leaving else f"({RECEIPT} * 4)"
        values = {
            "picking_id": f"{pickings} + n",
            "date": f"now() + n % {DAYS} * interval '1 day'",
            "product_qty": quantity,
            "product_uom_qty": quantity,
        }
        # numbers go round the products, so that each has moves of both kinds
        wanted = f"CASE WHEN n < {opened} THEN {first} + (n / {RECEIPT}) % {PRODUCTS}"
        wanted += f" ELSE {first + PRODUCTS} END"
        copies(move, opened + WANTED, where, product_id=wanted, **values)
        done = {"state": "'done'", "product_id": f"{first} + n % {PRODUCTS}"}
        done["date"] = "now() - n % 700 * interval '1 day'"
        copies(move, DONE // 2, **done)
    env.cr.execute(SQL("ANALYZE stock_move"))


def _copy_product(env: Environment, product) -> int:
    """Return the id of the first of many products like one, with as many in stock."""
    templates = copies(product.product_tmpl_id, PRODUCTS + 1)
    first = copies(product, PRODUCTS + 1, product_tmpl_id=f"{templates} + n")
    quant = env["stock.quant"].search(
        [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
    )
    copies(quant, PRODUCTS + 1, product_id=f"{first} + n")
    return first


def drop_foreign_keys(env: Environment, *tables: str) -> None:
    """Check no copies: they are as sound as what they are copied from.

    Twenty checks for each of 600,000 rows take longer than all the rest.
    """
    for name, table in env.execute_query(
        SQL(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text IN %s",
            tables,
        )
    ):
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )


def _transfer(env: Environment, product, kind, source, target):
    """Return the move of one transfer, of which nothing is reserved."""
    picking = env["stock.picking"].create(
        {
            "picking_type_id": kind.id,
            "location_id": source.id,
            "location_dest_id": target.id,
            "move_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": 1,
                        "location_id": source.id,
                        "location_dest_id": target.id,
                    }
                )
            ],
        }
    )
    picking.action_confirm()
    picking.do_unreserve()
    return picking.move_ids


def products(env: Environment, count: int):
    """Return some of the products; 0: the one that thousands wait for."""
    last = env["product.product"].search([], order="id desc", limit=1)
    if not count:
        return last
    return last.browse(range(last.id - PRODUCTS, last.id - PRODUCTS + count))
