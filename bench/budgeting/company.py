"""A budget with one line, orders charged to it, and a ledger with much history."""

from __future__ import annotations

from datetime import date
from typing import Any

from odoo.api import Environment
from odoo.fields import Command

from bench.approval import company
from tools.inside import records

PRICE = 100
QUANTITY = 10
ORDER = company.LINES * PRICE * QUANTITY
ACCOUNT = "Bench ward"

# What an order does in its life, for orders that are gone: reserved, released,
# committed. The balances follow, so that they equal the ledger.
FILL = """
INSERT INTO spend_entry
    (line_id, budget_id, company_id, kind, amount, reason, date, user_id, document,
     description, source_model, source_id, number)
SELECT %(line)s, %(budget)s, %(company)s, kind, amount, reason, at, %(user)s,
       'B' || source, 'Bench product', 'purchase.order.line', source, number
  FROM (SELECT 1000000000 + generate_series(%(first)s, %(last)s) AS source,
               now() at time zone 'utc' AS at) AS sources,
       (VALUES ('reserve', 1, 'submitted', 1), ('reserve', -1, 'approved', 2),
               ('commit', 1, 'approved', 2), ('commit', -1, 'cancelled', 3))
       AS moves (kind, amount, reason, number)
"""
MOVES = 4


def account(env: Environment):
    """Return the analytic account that is planned with."""
    accounts = env["account.analytic.account"].sudo()
    plan = env["account.analytic.plan"].sudo().search([], limit=1)
    return accounts.search([("name", "=", ACCOUNT)], limit=1) or accounts.create(
        {"name": ACCOUNT, "plan_id": plan.id, "company_id": env.company.id}
    )


def period() -> dict[str, str]:
    year = date.today().year
    return {"date_from": f"{year}-01-01", "date_to": f"{year}-12-31"}


def budget(env: Environment, amount: float, control: str = "block"):
    """Open a budget with one line."""
    line = {"account_id": account(env).id, "amount": amount, "control": control}
    opened = records.budget(env, line, **period())
    opened.action_open()
    return opened


def order_values(env: Environment) -> dict[str, Any]:
    """Return an order of ``ORDER``, without taxes, charged to the account."""
    share = {str(account(env).id): 100}
    values = company.order_values(env)
    for command in values["order_line"]:
        command[2].update(
            price_unit=PRICE,
            product_qty=QUANTITY,
            tax_ids=[Command.clear()],
            analytic_distribution=share,
        )
    return values


def fill(env: Environment, line, count: int) -> None:
    """Bring the ledger of a line to so many entries of orders that are gone."""
    env.cr.execute("SELECT count(*) FROM spend_entry WHERE source_id >= 1000000000")
    there = env.cr.fetchone()[0] // MOVES
    env.cr.execute(
        FILL,
        {
            "line": line.id,
            "budget": line.budget_id.id,
            "company": env.company.id,
            "user": env.uid,
            "first": there,
            "last": count // MOVES - 1,
        },
    )


def many_lines_of_ours(env: Environment, count: int, *, is_open: bool = True) -> None:
    accounts = _accounts(env, count)
    lines = [{"account_id": each.id, "amount": 1000} for each in accounts]
    made = records.budget(env, *lines, **period())
    if is_open:
        made.action_open()


def many_lines_of_oca(env: Environment, count: int) -> None:
    domain = [("account_type", "=", "expense")]
    expenses = env["account.account"].search(domain, limit=5)
    position = env["account.budget.post"].create(
        {"name": "Bench", "account_ids": [Command.set(expenses.ids)]}
    )
    env["crossovered.budget"].create(
        {
            "name": "Bench lines",
            **period(),
            "crossovered_budget_line_ids": [
                Command.create(
                    {
                        "general_budget_id": position.id,
                        "analytic_account_id": each.id,
                        "planned_amount": 1000,
                        **period(),
                    }
                )
                for each in _accounts(env, count)
            ],
        }
    )


def _accounts(env: Environment, count: int):
    plan = env["account.analytic.plan"].search([], limit=1)
    return env["account.analytic.account"].create(
        [{"name": f"Bench {number}", "plan_id": plan.id} for number in range(count)]
    )
