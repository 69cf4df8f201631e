"""What others committed after a merge began, and before it locked its customers.

A transaction sees the database as it was when it began. Who makes an order only shares
the row of its customer: locking that afterwards succeeds, and tells nothing of the
order. So a second connection, which sees what is there once all are locked, looks for
rows that the merge does not see, or not as they are now.
"""

from odoo.tools import SQL

from .documents import find_columns
from .moving import as_text, get_key_sql, is_one_of
from .places import KEY, Place


def find_unseen(env, places, partners):
    """Return what refers to customers and is not as the transaction sees it.

    :param env: of the merge, which has locked them
    :param places: where customers stand
    :param partners: their ids
    :return: names of tables and columns
    :rtype: list[str]
    """
    env.flush_all()
    ((oldest, newest),) = env.execute_query(
        SQL(
            """
            SELECT pg_snapshot_xmin(now)::text, pg_snapshot_xmax(now)::text
              FROM pg_current_snapshot() AS now
            """
        )
    )
    asked = [
        *((place, _is_of(place, partners)) for place in places),
        *(
            (Place(KEY, table, column), _names_one(column, partners))
            for table, column in find_columns(env)
        ),
    ]
    with env.registry.cursor() as cr:
        rows = _read_since(cr, asked, oldest)
    return [
        asked[number][0].name
        for number, versions in rows.items()
        if not _is_seen(env, asked[number][0], versions, newest)
    ]


def _read_since(cr, asked, oldest):
    """Return the versions of rows that a transaction wrote which was not over for sure
    when the merge began.

    :return: by number of what is asked, keys and versions
    :rtype: dict[int, list]
    """
    parts = [
        SQL(
            """
            SELECT %s AS number, to_jsonb(%s) AS key, held.xmin::text AS version
              FROM %s AS held
             WHERE age(held.xmin) <= age(%s::xid8::xid) AND %s
            """,
            number,
            get_key_sql(place),
            SQL.identifier(place.table),
            oldest,
            condition,
        )
        for number, (place, condition) in enumerate(asked)
    ]
    cr.execute(SQL(" UNION ALL ").join(parts))
    found = {}
    for number, key, version in cr.fetchall():
        found.setdefault(number, []).append((key, version))
    return found


def _is_seen(env, place, versions, newest):
    """Tell whether the transaction has these versions of rows, or its own."""
    rows = env.execute_query(
        SQL(
            """
            SELECT %s, held.xmin::text, age(held.xmin) <= age(%s::xid8::xid)
              FROM %s AS held
             WHERE %s
            """,
            get_key_sql(place),
            # none of others that is as new is seen
            newest,
            SQL.identifier(place.table),
            is_one_of(place, [key for key, _version in versions]),
        )
    )
    own = {as_text(key) for key, _version, is_own in rows if is_own}
    seen = {(as_text(key), version) for key, version, _is_own in rows}
    return all(
        as_text(key) in own or (as_text(key), version) in seen
        for key, version in versions
    )


def _is_of(place, partners):
    return SQL(
        "held.%s = ANY(%s) AND %s",
        SQL.identifier(place.column),
        [place.value(partner) for partner in partners],
        place.condition,
    )


def _names_one(column, partners):
    """Return whether JSON has one of these numbers anywhere."""
    path = " || ".join(f"@ == {int(partner)}" for partner in partners)
    return SQL(
        "jsonb_path_exists(held.%s::jsonb, %s::jsonpath)",
        SQL.identifier(column),
        f"$.** ? ({path})",
    )
