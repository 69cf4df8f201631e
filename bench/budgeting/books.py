"""Books with many journal items, and bills with many lines."""

from __future__ import annotations

from datetime import date

from odoo.api import Environment
from odoo.fields import Command

from bench.approval import company

ITEMS_OF_ONE = 20
"""Items of an entry that are expenses."""

BILL_LINES = 50

CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid = %s::regclass AND contype = 'f'
"""

INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
 WHERE schemaname = 'public' AND tablename = %s
   AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def expense_account(env: Environment):
    domain = [("account_type", "=", "expense")]
    return env["account.account"].search(domain, limit=1)


def entry(env: Environment, accounts, amount: float = 10.0):
    """Post an entry with expenses on analytic accounts, one after the other."""
    expense = expense_account(env).id
    items = [
        {
            "name": f"Expense {number}",
            "account_id": expense,
            "balance": amount,
            "analytic_distribution": {str(accounts[number % len(accounts)].id): 100},
        }
        for number in range(ITEMS_OF_ONE)
    ]
    payable = env["account.account"].search(
        [("account_type", "=", "liability_payable")], limit=1
    )
    rest = {"account_id": payable.id, "balance": -amount * ITEMS_OF_ONE}
    made = env["account.move"].create(
        {
            "move_type": "entry",
            "date": date(date.today().year, 1, 15),
            "line_ids": [Command.create(item) for item in [*items, rest]],
        }
    )
    made.action_post()
    return made


def fill(env: Environment, original, count: int) -> None:
    """Bring the books to so many expenses, by copies of an entry all over the year."""
    moves = count // ITEMS_OF_ONE - 1
    env.flush_all()
    _copy(
        env,
        "account_move",
        {"name": "'BENCH/' || copy", "date": "original.date + (copy % 300)::int"},
        f"generate_series(1, {moves}) AS copy WHERE original.id = {original.id}",
    )
    _copy(
        env,
        "account_move_line",
        {"move_id": "copied.id", "move_name": "copied.name", "date": "copied.date"},
        "(SELECT id, name, date FROM account_move WHERE name LIKE 'BENCH/%') AS copied"
        f" WHERE original.move_id = {original.id}",
    )
    env.invalidate_all()


def strip(env: Environment, table: str) -> list[str]:
    """Take away foreign keys and indexes, and return the statements that bring them
    back: row by row they take far longer than all at once.

    Bring them back in another transaction, after ``VACUUM``: an index that finds
    changed rows is not used while older transactions run, in any database.
    """
    env.cr.execute(CONSTRAINTS, [table])
    keys = env.cr.fetchall()
    env.cr.execute(INDEXES, [table])
    indexes = env.cr.fetchall()
    for name, _definition in keys:
        env.cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        env.cr.execute(f'DROP INDEX "{name}"')
    return [
        "SET LOCAL maintenance_work_mem = '256MB'",
        *(definition for _name, definition in indexes),
        *(  # what is copied has what its original has
            f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition} NOT VALID'
            for name, definition in keys
        ),
    ]


def _copy(env: Environment, table: str, replaced: dict[str, str], of: str) -> None:
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER'",
        [table],
    )
    kept = [f'"{name}"' for (name,) in env.cr.fetchall() if name not in replaced]
    columns = ", ".join([*kept, *replaced])
    values = ", ".join([*(f"original.{name}" for name in kept), *replaced.values()])
    env.cr.execute(
        f"INSERT INTO {table} (id, {columns}) "
        f"SELECT nextval('{table}_id_seq'), {values} FROM {table} AS original, {of}"
    )


def bills(env: Environment, count: int, account) -> list[int]:
    """Make drafts of bills with many lines, each charged to an analytic account."""
    vendor = env["res.partner"].search([("name", "=", company.VENDOR)], limit=1)
    line = {
        "name": "Bench expense",
        "account_id": expense_account(env).id,
        "quantity": 1,
        "price_unit": 10,
        "tax_ids": [Command.clear()],
        "analytic_distribution": {str(account.id): 100},
    }
    return (
        env["account.move"]
        .create(
            [
                {
                    "move_type": "in_invoice",
                    "partner_id": vendor.id,
                    "invoice_date": date.today(),
                    "invoice_line_ids": [Command.create(line)] * BILL_LINES,
                }
            ]
            * count
        )
        .ids
    )
