"""What the screen of the urgent chain asks the server."""

from __future__ import annotations

from typing import Any

from lxml import etree

from odoo.api import Environment

PAGE = 80
OPEN = [("state", "!=", "delivered")]
GROUPS = {"state": "state", "customer": "partner_id", "holder": "holder_kind"}

_COLUMNS: dict[str, dict] = {}


def first_page(env: Environment) -> dict[str, Any]:
    """Return what the list asks for, with its filter *Under Way*."""
    return env["urgency.case"].web_search_read(
        OPEN, _columns(env), limit=PAGE, count_limit=10_001
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


READS = {
    "first page": first_page,
    **{f"groups by {name}": grouped(name) for name in GROUPS},
    "pivot table": pivot,
}


def _columns(env: Environment) -> dict[str, dict]:
    """Return the fields of the list view, read once, as the browser does."""
    if not _COLUMNS:
        arch = env["urgency.case"].get_view(view_type="list")["arch"]
        for node in etree.fromstring(arch).iter("field"):
            name = node.get("name")
            relational = env["urgency.case"]._fields[name].relational
            shown = {"fields": {"display_name": {}}}
            _COLUMNS[name] = shown if relational else {}
    return _COLUMNS
