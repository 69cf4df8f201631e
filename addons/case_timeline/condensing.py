"""Of a case with thousands of spans, so many as a screen can show: plain Python.

A lane is a few hundred pixels wide, and nobody looks at a hundred rows of it. So spans
of a lane are joined where they lie upon each other too often, and then, until few are
left, where what is between them is shorter than can be seen.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import chain

#: So many spans are shown, and so many of a lane below each other.
MOST, DEEPEST = 400, 12
#: At first is joined what is nearer than this part of the whole.
PART = 1000


def condense(
    rows: list[dict], now: datetime, most: int = MOST, deepest: int = DEEPEST
) -> list[dict]:
    """Join spans of the same department, and either decisive or not, to fewer ones.

    What is joined says *count*, the sum of *working_hours* and neither document, step
    nor person.

    :param rows: with *department*, *is_decisive*, *working_hours*, *date_from* and
        *date_to*, which is nothing for what has not ended
    :param now: the end of what has not ended
    :return: rows by *date_from*; those that nothing was joined to as they were
    """
    if not rows:
        return []
    lanes = defaultdict(list)
    for row in rows:
        lanes[row["department"], row["is_decisive"]].append(row)
    lanes = {
        key: _join(mine, now, timedelta(0)) if _depth(mine, now) > deepest else mine
        for key, mine in lanes.items()
    }
    whole = max(_end(row, now) for row in rows) - min(row["date_from"] for row in rows)
    gap = max(whole / PART, timedelta(seconds=1))
    while sum(map(len, lanes.values())) > max(most, len(lanes)):
        lanes = {key: _join(mine, now, gap) for key, mine in lanes.items()}
        gap *= 2
    return sorted(chain(*lanes.values()), key=lambda row: row["date_from"])


def _end(row: dict, now: datetime) -> datetime:
    return row["date_to"] or max(now, row["date_from"])


def _depth(rows: list[dict], now: datetime) -> int:
    """Return how many of them there are at once, at most."""
    steps = sorted(
        step for row in rows for step in ((row["date_from"], 1), (_end(row, now), -1))
    )
    deepest = depth = 0
    for _moment, step in steps:
        depth += step
        deepest = max(deepest, depth)
    return deepest


def _join(rows: list[dict], now: datetime, gap: timedelta) -> list[dict]:
    """Join those with less than ``gap`` between them."""
    groups, end = [], None
    for row in sorted(rows, key=lambda each: each["date_from"]):
        if groups and row["date_from"] < end + gap:
            groups[-1].append(row)
            end = max(end, _end(row, now))
        else:
            groups.append([row])
            end = _end(row, now)
    return [_as_one(group, now) if len(group) > 1 else group[0] for group in groups]


def _as_one(rows: list[dict], now: datetime) -> dict:
    is_open = any(row["date_to"] is None for row in rows)
    return {
        **rows[0],
        "res_model": None,
        "res_id": None,
        "step": None,
        "user_id": None,
        "date_to": None if is_open else max(row["date_to"] for row in rows),
        "working_hours": sum(row["working_hours"] for row in rows),
        "is_back": any(row.get("is_back") for row in rows),
        "count": sum(row.get("count", 1) for row in rows),
    }
