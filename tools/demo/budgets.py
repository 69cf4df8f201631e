"""This year's budget of purchases, whose owner is the finance director."""

from __future__ import annotations

from odoo import fields
from odoo.api import Environment

from tools.demo.catalogue import MEDICAL, OFFICE
from tools.demo.company import LANGUAGE
from tools.inside import records

AMOUNTS = {MEDICAL: 3_000_000_000, OFFICE: 35_000_000}


def create(env: Environment, *, owner) -> None:
    """Open the budget before the first order: it counts them all."""
    today = fields.Date.context_today(owner)
    categories = env["product.category"].search([("name", "in", list(AMOUNTS))])
    lines = [
        {"category_id": each.id, "amount": AMOUNTS[each.name], "control": "escalate"}
        for each in categories
    ]
    budget = records.budget(
        env,
        *lines,
        name=f"Ngân sách mua hàng {today.year}",
        date_from=today.replace(month=1, day=1),
        date_to=today.replace(month=12, day=31),
        user_id=owner.id,
    )
    budget.with_context(lang=LANGUAGE).action_open()
