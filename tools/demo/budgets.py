"""This year's budgets, whose owner is the finance director: of purchases, and of what
the warehouse costs month by month, with a rent that comes again and again."""

from __future__ import annotations

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.api import Environment

from tools.demo.catalogue import MEDICAL, OFFICE
from tools.demo.company import LANGUAGE
from tools.inside import records

AMOUNTS = {MEDICAL: 3_000_000_000, OFFICE: 35_000_000}

SERVICES = "6427"
"""The account of what others do for the company."""

LANDLORD = "Kho bãi Gia Lâm"
RENT, PER_MONTH = 24_000_000, 30_000_000


def create(env: Environment, *, owner) -> None:
    """Open the budgets before today's first order: they count them all. What the year
    has cost before comes on top."""
    categories = env["product.category"].search([("name", "in", list(AMOUNTS))])
    lines = [
        {"category_id": each.id, "amount": AMOUNTS[each.name], "control": "escalate"}
        for each in categories
    ]
    purchases = _budget(env, owner, "Ngân sách mua hàng", *lines)
    _open(purchases)
    for line in purchases.line_ids:
        line.amount += line.committed + line.actual
    account = env["account.account"].search([("code", "=like", f"{SERVICES}%")])[:1]
    line = {"general_account_id": account.id, "amount": 12 * PER_MONTH}
    warehouse = _budget(env, owner, "Ngân sách kho bãi", line)
    env["spend.split"].create({"budget_id": warehouse.id}).action_split()
    _open(warehouse)
    _rent(env, owner, account)


def _budget(env: Environment, owner, name: str, *lines: dict):
    today = fields.Date.context_today(owner)
    return records.budget(
        env,
        *lines,
        name=f"{name} {today.year}",
        date_from=today.replace(month=1, day=1),
        date_to=today.replace(month=12, day=31),
        user_id=owner.id,
    )


def _open(budget) -> None:
    budget.with_context(lang=LANGUAGE).action_open()


def _rent(env: Environment, owner, account) -> None:
    """Make a bill that core posts at the end of each month."""
    landlord = env["res.partner"].create({"name": LANDLORD, "lang": LANGUAGE})
    day = fields.Date.context_today(owner) + relativedelta(day=31)
    line = {
        "name": "Thuê kho",
        "account_id": account.id,
        "price_unit": RENT,
        "tax_ids": [Command.clear()],
    }
    env["account.move"].create(
        {
            "move_type": "in_invoice",
            "partner_id": landlord.id,
            "invoice_date": day,
            "date": day,
            "auto_post": "monthly",
            "invoice_line_ids": [Command.create(line)],
        }
    )
