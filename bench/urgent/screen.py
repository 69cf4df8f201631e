"""What the screen of the urgent chain asks the server."""

from __future__ import annotations

from typing import Any

from odoo.api import Environment

from bench.common.screen import columns

PAGE = 80
OPEN = [("state", "!=", "delivered")]
GROUPS = {"state": "state", "customer": "partner_id", "holder": "holder_kind"}


def first_page(env: Environment) -> dict[str, Any]:
    """Return what the list asks for, with its filter *Under Way*."""
    return env["urgency.case"].web_search_read(
        OPEN, columns(env, "urgency.case"), limit=PAGE, count_limit=10_001
    )


def grouped(name: str):
    """Return what asks for the list's groups."""

    def read(env: Environment) -> dict[str, Any]:
        return env["urgency.case"].web_read_group(
            OPEN, [GROUPS[name]], ["age_days:avg", "slack_days:min"], limit=PAGE
        )

    return read


def pivot(env: Environment) -> list:
    """Return what the pivot table asks for."""
    return env["urgency.case"].formatted_read_grouping_sets(
        OPEN, [[], ["state"], ["state", "level_id"]], ["__count"]
    )


CHANGED = 20
"""Orders that changed a moment ago: the job has not followed yet."""

READS = {
    "first page": first_page,
    **{f"groups by {name}": grouped(name) for name in GROUPS},
    "pivot table": pivot,
}
