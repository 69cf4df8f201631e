"""What changed between two summaries of a document. Plain Python, no Odoo."""


def compare(old, new):
    """Set two summaries side by side, leaving out what stayed the same.

    :param dict old: summary as ``approval.mixin._approval_summary`` returns it
    :param dict new: likewise
    :return: ``{"facts": [(label, before, after), …], "columns": […],
        "rows": [(kind, before, after), …]}``; *kind* is ``removed``, ``added`` or
        ``changed``; a row that is not there is ``None``
    :rtype: dict
    """
    before, after = dict(old.get("facts", [])), dict(new.get("facts", []))
    facts = [
        (label, before.get(label, ""), after.get(label, ""))
        for label in {**before, **after}
        if before.get(label) != after.get(label)
    ]
    columns = new.get("columns") or old.get("columns") or []
    rows = _compare_rows(old.get("rows", []), new.get("rows", []))
    kept = [index for index in range(len(columns)) if _tells(index, rows)]
    return {
        "facts": facts,
        "columns": [columns[index] for index in kept] if rows else columns,
        "rows": [
            (kind, *(cells and [cells[index] for index in kept] for cells in sides))
            for kind, *sides in rows
        ],
    }


def _tells(index, rows):
    """Tell whether a column is worth its room: the first, and those that differ."""
    return not index or any(
        (old[index] if old else "") != (new[index] if new else "")
        for _kind, old, new in rows
    )


def _compare_rows(old, new):
    """Pair the rows that differ by their first cell, in order of appearance."""
    gone, come = _without_common(old, new), _without_common(new, old)
    rows = []
    for row in gone:
        partner = next((other for other in come if other[0] == row[0]), None)
        if partner is None:
            rows.append(("removed", row, None))
        else:
            come.remove(partner)
            rows.append(("changed", row, partner))
    return rows + [("added", None, row) for row in come]


def _without_common(rows, others):
    """Return the rows that have no equal among the others, each counted once."""
    left = [list(row) for row in others]
    result = []
    for row in rows:
        row = list(row)
        if row in left:
            left.remove(row)
        else:
            result.append(row)
    return result
