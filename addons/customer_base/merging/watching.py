"""What a merge changes besides moving rows, with what was there before.

Values are kept as PostgreSQL writes them in texts, so that they are put back exactly.
"""

import json
from collections import defaultdict

from odoo.tools import SQL

#: Where the cursor has the watch while a merge runs.
WATCH = "customer_base.watch"


class Watch:
    """Values before the first change of each column of each row."""

    def __init__(self, cr):
        self.cr = cr
        self.before = defaultdict(lambda: defaultdict(dict))
        self.kept = defaultdict(set)

    def __enter__(self):
        # not in its cache, which is emptied when a savepoint is rolled back
        self.cr.postcommit.data[WATCH] = self
        return self

    def __exit__(self, *_error):
        self.cr.postcommit.data.pop(WATCH, None)

    def note(self, table, ids, columns):
        """Keep what columns of rows have now, unless they are noted already."""
        noted = self.before[table]
        new = [row for row in ids if any(name not in noted[row] for name in columns)]
        for row, values in read_rows(self.cr, table, new, columns).items():
            noted[row] = values | noted[row]

    def keep(self, table, ids, columns):
        """Keep what columns of rows have, also where only others change: an undo knows
        by them whether somebody wrote there since."""
        self.note(table, ids, columns)
        self.kept[table].update(columns)

    def compare(self):
        """Return what has changed: by table, row and column, before and after.

        Of rows that have changed, with the columns to keep.

        :rtype: dict[str, dict[int, dict[str, list]]]
        """
        changes = {}
        for table, rows in self.before.items():
            columns = {name for values in rows.values() for name in values}
            now = read_rows(self.cr, table, list(rows), columns)
            for row, values in rows.items():
                changed = {
                    name: [value, now[row][name]]
                    for name, value in values.items()
                    if row in now and now[row][name] != value
                }
                if changed:
                    changed |= {
                        name: [values[name], now[row][name]]
                        for name in self.kept[table] & values.keys()
                    }
                    changes.setdefault(table, {})[row] = changed
        return changes


def read_rows(cr, table, ids, columns):
    """Return the texts of values, by id and column."""
    if not ids or not columns:
        return {}
    pairs = SQL(", ").join(
        SQL("%s::text, %s::text", name, SQL.identifier(name))
        for name in sorted(columns)
    )
    cr.execute(
        SQL(
            "SELECT id, jsonb_build_object(%s) FROM %s WHERE id = ANY(%s)",
            pairs,
            SQL.identifier(table),
            list(ids),
        )
    )
    return dict(cr.fetchall())


def put_back(cr, table, rows):
    """Give columns of rows the values that they had.

    :param rows: texts by id and column
    :type rows: dict[int, dict[str, str]]
    """
    by_columns = defaultdict(list)
    for row, values in rows.items():
        if values:
            by_columns[tuple(sorted(values))].append({"id": row, "had": values})
    cr.execute(
        """
        SELECT attname, format_type(atttypid, atttypmod)
          FROM pg_attribute
         WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
        """,
        (f'"{table}"',),
    )
    types = dict(cr.fetchall())
    for columns, patches in by_columns.items():
        cr.execute(
            SQL(
                """
                UPDATE %(table)s AS held SET %(values)s
                  FROM jsonb_to_recordset(%(patches)s) AS old (id int4, had jsonb)
                 WHERE held.id = old.id
                """,
                table=SQL.identifier(table),
                values=SQL(", ").join(
                    SQL(
                        "%s = (old.had->>%s)::%s",
                        SQL.identifier(name),
                        name,
                        SQL(types[name]),
                    )
                    for name in columns
                ),
                patches=json.dumps(patches),
            )
        )
