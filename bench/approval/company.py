"""Who buys, approves, receives and bills; a vendor; five products: alike everywhere."""

from __future__ import annotations

from odoo.api import Environment
from odoo.fields import Command

from tools.inside import records

BUYER = "bench_buyer"
APPROVERS = [f"bench_approver_{number}" for number in (1, 2, 3)]
STOREKEEPER, ACCOUNTANT = "bench_storekeeper", "bench_accountant"
LINES = 5
VENDOR = "Bench vendor"


def set_up(env: Environment):
    """Return the users of a new database; they are told on the screen, not by mail."""
    vendor = env["res.partner"].create({"name": VENDOR})
    env["product.product"].create(
        [
            {
                "name": f"Bench product {number}",
                "default_code": f"BENCH-{number}",
                "type": "consu",
                "is_storable": True,
                "seller_ids": [Command.create({"partner_id": vendor.id, "price": 100})],
            }
            for number in range(LINES)
        ]
    )
    buys, bills = "purchase.group_purchase_user", "account.group_account_invoice"
    return (
        users(env, [BUYER, *APPROVERS], buys)
        | users(env, [STOREKEEPER], "stock.group_stock_user")
        | users(env, [ACCOUNTANT], buys, bills)
    )


def users(env: Environment, logins: list[str], *more_groups: str):
    """Make users of the first company."""
    groups = dict.fromkeys(logins, ("base.group_user", *more_groups))
    made = records.users(env, groups, notification_type="inbox")
    for user in made:
        user.email = f"{user.login}@bench.example"
    return made


def order_values(env: Environment) -> dict:
    """Return what a buyer enters: a vendor and five lines."""
    vendor = env["res.partner"].search([("name", "=", VENDOR)], limit=1)
    products = env["product.product"].search([("default_code", "=like", "BENCH-%")])
    return {
        "partner_id": vendor.id,
        "order_line": [
            Command.create({"product_id": product.id, "product_qty": 10})
            for product in products
        ],
    }
