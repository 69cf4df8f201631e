"""All that can be asked of stories and reports, and what is found in the answers."""

from __future__ import annotations

from odoo.exceptions import UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tools import formatLang

from . import inventory
from .methods import METHODS

#: What of a report can be asked for as a table.
GROUPED = {"boolean", "char", "date", "datetime", "many2one", "selection"}


def list_calls(story, env):
    """Return all that can be asked: model, method and arguments."""
    records = (
        story.customer,
        story.lead,
        story.order,
        story.purchase,
        story.vendor,
    )
    models = sorted(name for name in inventory.models(env.registry) if name in METHODS)
    found = []
    for name in filter(lambda each: each.startswith("timeline."), models):
        for method in METHODS[name]:
            found += [(name, method, (each._name, each.id)) for each in records]
    for name in filter(lambda each: each.startswith("cx."), models):
        for method in METHODS[name]:
            if getattr(get_public_method(env[name], method), "_api_model", False):
                found.append((name, method, ()))
    for name in list_reports(env):
        found += _list_questions(env, name)
    return found


def list_reports(env):
    return sorted(
        name
        for name in inventory.models(env.registry)
        if name.startswith("cx.") and not env.registry[name]._abstract
    )


def _list_questions(env, name):
    """Return what can be asked of a report: its rows, and all tables of them."""
    fields = {
        each: field
        for each, field in env.registry[name]._fields.items()
        if env[name]._has_field_access(field, "read")
    }
    wanted = {
        each: {"fields": {"display_name": {}}} if field.comodel_name else {}
        for each, field in fields.items()
    }
    measures = ["__count"]
    measures += [
        f"{each}:{field.aggregator}"
        for each, field in fields.items()
        if field.aggregator and field.store and each != "id"
    ]
    groups = [
        f"{each}:month" if field.type.startswith("date") else each
        for each, field in fields.items()
        if field.store and field.type in GROUPED
    ]
    yield name, "search_read", ([], list(fields))
    yield name, "web_search_read", ([], wanted)
    yield name, "name_search", ("", [])
    for group in groups:
        yield name, "formatted_read_group", ([], [group], measures)
    yield name, "formatted_read_grouping_sets", ([], [[], *([g] for g in groups)])
    rows = env[name].search([]) if env[name].has_access("read") else env[name]
    yield name, "export_data", (rows.ids, [each for each in fields if each != "id"])
    for each, field in fields.items():
        if field.relational:
            yield name, "export_data", (rows.ids, [f"{each}/display_name"])


def call(env, model, method, args, context=None):
    """Return what somebody is told, be it that they may not.

    :param dict context: that the caller sends along
    """
    env.invalidate_all()
    get_public_method(env[model], method)
    with env.cr.savepoint(flush=False):
        try:
            sent = {"context": dict(context)} if context else {}
            return call_kw(env[model], method, list(args), sent)
        except UserError as error:
            return str(error)


def find(value, said, texts):
    """Return whether a value is among what was said.

    :param texts: as which an amount may be written
    """
    if isinstance(said, dict):
        return any(find(value, each, texts) for each in (*said, *said.values()))
    if isinstance(said, list | tuple | set):
        return any(find(value, each, texts) for each in said)
    if isinstance(said, str):
        return any(text in said for text in texts)
    return not isinstance(value, str) and said == value


def forms(env, value):
    return {value} if isinstance(value, str) else {formatLang(env, value), f"{value:,}"}


def names_told(story, env, answers):
    """Return the names of the secrets that are among answers."""
    return {
        name
        for name, secret in story.secrets.items()
        for texts in [forms(env, secret.value)]
        if any(find(secret.value, said, texts) for _call, said in answers)
    }
