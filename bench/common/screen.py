"""What the browser asks for, when a screen is opened. Runs inside Odoo."""

from __future__ import annotations

from lxml import etree

from odoo.api import Environment

_columns: dict[str, dict[str, dict]] = {}


def columns(env: Environment, model: str) -> dict[str, dict]:
    """Return the fields of a model's list view, read once, as the browser does."""
    if model not in _columns:
        arch = env[model].get_view(view_type="list")["arch"]
        names = [node.get("name") for node in etree.fromstring(arch).iter("field")]
        shown = {"fields": {"display_name": {}}}
        fields = env[model]._fields
        _columns[model] = {
            name: shown if fields[name].relational else {} for name in names
        }
    return _columns[model]
