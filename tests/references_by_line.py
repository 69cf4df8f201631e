"""Two orders whose goods are bought for them, and what they are linked to, as JSON.

``python references_by_line.py <conf> <database>``, from the folder of the project.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from odoo.fields import Command  # noqa: E402

from tools.inside.session import environment  # noqa: E402


def main():
    with environment() as env:
        part_lines(env)
        route = env.ref("stock.route_warehouse0_mto")
        route.active = True
        warehouse = env["stock.warehouse"].search([], limit=1)
        routes = route + warehouse.buy_pull_id.route_id
        vendor = env["res.partner"].create(
            {"name": "Steel Beds", "group_rfq": "default"}
        )
        bed, chair = (
            env["product.product"].create(
                {
                    "name": name,
                    "is_storable": True,
                    "route_ids": [Command.set(routes.ids)],
                    "seller_ids": [
                        Command.create(
                            {"partner_id": vendor.id, "price": 100, "delay": 5}
                        )
                    ],
                }
            )
            for name in ("Bed", "Wheelchair")
        )
        lines = order(env, "Bach Mai Hospital", (bed, 4), (chair, 3))
        told = {
            "links": links(lines),
            "references": len(lines.move_ids.reference_ids),
        }
        lines = order(env, "School", (bed, 5)) + order(env, "Hotel", (bed, 7))
        purchases = lines.supply_link_ids.purchase_id
        told["purchases"] = len(purchases)
        if len(purchases) > 1:
            purchases.action_merge()
            follow(env)
        told["merged"] = links(lines)
        open_links = lines.supply_link_ids.filtered(lambda link: link.state == "open")
        told["merged_purchases"] = len(open_links.purchase_id)
        print(json.dumps(told))


def part_lines(env):
    """Have each line grouped by itself, as addons do that build on OCA's."""
    lines = type(env["sale.order.line"])
    if "stock_reference_id" in lines._fields:
        lines._get_stock_reference_key = lambda line: (1, line.id)


def order(env, customer, *wanted):
    """Return the lines of a confirmed order."""
    sale = env["sale.order"].create(
        {
            "partner_id": env["res.partner"].create({"name": customer}).id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": quantity})
                for product, quantity in wanted
            ],
        }
    )
    sale.action_confirm()
    follow(env)
    return sale.order_line


def follow(env):
    """Do what the scheduled action does in the next minute."""
    env.flush_all()
    while env["supply.change"]._follow_batch():
        pass


def links(lines):
    return [
        [link.kind, link.state, link.quantity]
        for line in lines
        for link in line.supply_link_ids
        if link.state == "open"
    ]


if __name__ == "__main__":
    main()
