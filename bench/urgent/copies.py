"""Many rows alike, by one statement for each table."""

from __future__ import annotations

from odoo.api import Environment
from odoo.tools import SQL


def copies(record, count: int, where: str = "TRUE", **values: str) -> int:
    """Copy the row of a record; return the id of copy 0, from which the others count.

    :param count: how many numbers to go through
    :param where: SQL about the number ``n``: those for which there is a copy
    :param values: SQL by column, where a copy differs
    """
    record.ensure_one()
    env, table = record.env, record._table
    env.flush_all()
    (names,) = zip(
        *env.execute_query(
            SQL(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND table_schema = current_schema",
                table,
            )
        ),
        strict=True,
    )
    ((first,),) = env.execute_query(
        SQL("SELECT max(id) + 1 FROM %s", SQL.identifier(table))
    )
    values = {"id": f"{first} + n", **values}
    kept = [name for name in names if name not in values]
    columns = ", ".join(f'"{name}"' for name in (*kept, *values))
    expressions = ", ".join((*(f'old."{name}"' for name in kept), *values.values()))
    env.cr.execute(
        f"INSERT INTO {table} ({columns}) SELECT {expressions} "
        f"FROM {table} old, generate_series(0, {count - 1}) n "
        f"WHERE old.id = {record.id} AND ({where})"
    )
    env.cr.execute(f"SELECT setval('{table}_id_seq', {first + count})")
    env.invalidate_all()
    return first


def relate(
    env: Environment,
    table: str,
    count: int,
    where: str = "TRUE",
    **columns: str,
) -> None:
    """Fill a relation, with SQL about the number ``n`` by column."""
    env.cr.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} "
        f"FROM generate_series(0, {count - 1}) n WHERE {where}"
    )
