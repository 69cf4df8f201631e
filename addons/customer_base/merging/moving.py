"""Moving rows from some customers to another, and back.

What cannot be moved stays where it is: a row that would be there twice, or that the
database refuses to change.
"""

import json

from psycopg2.errors import (
    CheckViolation,
    ExclusionViolation,
    InsufficientPrivilege,
    UniqueViolation,
)

from odoo.tools import SQL, mute_logger

#: One row of these is refused, others of the same table may do.
ROW_REFUSED = (UniqueViolation, CheckViolation, ExclusionViolation)


def find_filled(env, places, partners):
    """Return the places that have rows of customers, in one query.

    :rtype: list[Place]
    """
    asked = [
        SQL(
            "SELECT %s WHERE EXISTS (SELECT FROM %s WHERE %s = ANY(%s) AND %s)",
            number,
            SQL.identifier(place.table),
            SQL.identifier(place.column),
            [place.value(partner) for partner in partners],
            place.condition,
        )
        for number, place in enumerate(places)
    ]
    rows = env.execute_query(SQL(" UNION ALL ").join(asked)) if asked else []
    return [places[number] for number in sorted(number for (number,) in rows)]


def find_rows(env, place, sources):
    """Return the rows of customers: each with its key and whose it is."""
    rows = env.execute_query(
        SQL(
            "SELECT %s, %s FROM %s AS held WHERE %s = ANY(%s) AND %s",
            get_key_sql(place),
            SQL.identifier(place.column),
            SQL.identifier(place.table),
            SQL.identifier(place.column),
            [place.value(source) for source in sources],
            place.condition,
        )
    )
    return [(key, place.partner(value)) for key, value in rows]


def move(env, place, rows, sources, survivor):
    """Move rows of a place to the survivor.

    :param rows: from :func:`find_rows`
    :return: what was moved and what stayed, as keys of rows by customer
    :rtype: tuple[dict[int, list], dict[int, list]]
    """
    twice = _find_twice(env, place, sources, survivor)
    wanted = [key for key, _source in rows if as_text(key) not in twice]
    moved = set(_change(env, place, wanted, survivor))
    told = {}, {}
    for key, source in rows:
        told[as_text(key) not in moved].setdefault(source, []).append(key)
    return told


def move_back(env, place, source, keys, survivor):
    """Move rows back that are still the survivor's.

    :return: keys of those that were not moved, and are there
    :rtype: list
    """
    moved = set(_change(env, place, keys, source, survivor))
    left = [key for key in keys if as_text(key) not in moved]
    if not left:
        return []
    rows = env.execute_query(
        SQL(
            "SELECT %s FROM %s AS held WHERE %s",
            get_key_sql(place),
            SQL.identifier(place.table),
            is_one_of(place, left),
        )
    )
    return [key for (key,) in rows]


def get_key_sql(place):
    """Return SQL of what identifies a row: its id, or all its other columns."""
    if place.has_id:
        return SQL("held.id")
    return SQL("to_jsonb(held) - %s", place.column)


def as_text(key):
    """Return the key of a row as it is compared."""
    return key if isinstance(key, int) else json.dumps(key, sort_keys=True)


def is_one_of(place, keys):
    """Return SQL of whether a row has one of these keys."""
    if place.has_id:
        return SQL("held.id = ANY(%s)", list(keys))
    texts = [json.dumps(key) for key in keys]
    return SQL("to_jsonb(held) - %s = ANY(%s::jsonb[])", place.column, texts)


def _find_twice(env, place, sources, survivor):
    """Return the rows that a unique index would refuse beside those of the survivor, or
    of a source that is moved before them."""
    twice = set()
    column, table = SQL.identifier(place.column), SQL.identifier(place.table)
    for others, condition in place.unique:
        names = SQL(", ").join(map(SQL.identifier, others))
        rows = env.execute_query(
            SQL(
                """
                SELECT key
                  FROM (
                        SELECT %(key)s AS key, %(column)s AS owner,
                               row_number() OVER (
                                   %(parts)s
                                   ORDER BY %(column)s = %(survivor)s DESC, %(order)s
                               ) AS number
                          FROM %(table)s AS held
                         WHERE %(column)s = ANY(%(all)s)
                           AND %(where)s
                           AND (%(condition)s)
                           AND %(filled)s
                       ) AS numbered
                 WHERE number > 1 AND owner != %(survivor)s
                """,
                key=get_key_sql(place),
                column=column,
                parts=SQL("PARTITION BY %s", names) if others else SQL(),
                order=get_key_sql(place),
                survivor=place.value(survivor),
                table=table,
                all=[place.value(each) for each in (*sources, survivor)],
                where=place.condition,
                # PostgreSQL's own text of the index
                condition=SQL(condition.replace("%", "%%")),
                filled=SQL(" AND ").join(
                    [SQL("%s IS NOT NULL", SQL.identifier(name)) for name in others]
                    or [SQL("TRUE")]
                ),
            )
        )
        twice.update(as_text(key) for (key,) in rows)
    return twice


def _change(env, place, keys, partner, of=None):
    """Have rows belong to a customer; return the texts of the keys of those that do.

    :param of: only those that are this customer's
    """
    if not keys:
        return []
    try:
        with mute_logger("odoo.sql_db"), env.cr.savepoint(flush=False):
            return _update(env, place, keys, partner, of)
    except InsufficientPrivilege:
        return []  # a table that only grows: what it tells is of then
    except ROW_REFUSED:
        if len(keys) == 1:
            return []
        return [
            done for key in keys for done in _change(env, place, [key], partner, of)
        ]


def _update(env, place, keys, partner, of):
    column = SQL.identifier(place.column)
    owner = SQL("%s = %s", column, place.value(of)) if of else SQL("TRUE")
    rows = env.execute_query(
        SQL(
            "UPDATE %s AS held SET %s = %s WHERE %s AND %s AND %s RETURNING %s",
            SQL.identifier(place.table),
            column,
            place.value(partner),
            is_one_of(place, keys),
            owner,
            place.condition,
            get_key_sql(place),
        )
    )
    return [as_text(key) for (key,) in rows]
