"""What each role learns of a case from its story and from all reports.

Nothing that the source would not tell them: neither amounts nor names of what they may
not read, nor anything that somebody wrote. The methods and the reports come from the
registry, so that a new one cannot be forgotten.
"""

from contextlib import suppress

import pytest

from odoo.exceptions import UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tools import formatLang

from security import inventory
from security.methods import METHODS
from security.roles import STAFF, asked_about
from security.story import Story

ROLES = asked_about("cx.overview")
#: Who exports rows of what.
EXPORTED = [
    ("salesmanager", "cx.delivery.report"),
    ("salesmanager", "cx.waiting.report"),
    ("bookkeeper", "cx.revenue.report"),
    ("manager", "cx.vendor.report"),
]
#: What of a report can be asked for as a table.
GROUPED = {"boolean", "char", "date", "datetime", "many2one", "selection"}
#: What is told to nobody, as it is what people wrote.
WRITTEN = (
    "agenda",
    "agreed",
    "answer",
    "body",
    "description",
    "doubt",
    "meeting",
    "note",
    "question",
    "reason",
    "reply",
    "subject",
)


@pytest.fixture(scope="module")
def story(scene):
    with scene.session() as env:
        # salespeople see their own customers only
        access = env["customer.access"]
        access._switch(True)
        while access._fill():
            pass
        # whoever may take rows into a spreadsheet finds no more in it
        staff = env["res.users"].browse([scene.users[role] for role in STAFF])
        staff.group_ids |= env.ref("base.group_allow_export")
        yield Story(scene, env)
    scene.registry.clear_all_caches()
    scene.registry.reset_changes()


@pytest.fixture(scope="module")
def told(story):
    """Return what a role is told: each call with what came of it."""
    known = {}

    def ask(role):
        if role not in known:
            env = story.env(user=story.scene.users[role], context={})
            known[role] = [(call, _call(env, *call)) for call in _calls(story, env)]
        return known[role]

    return ask


def _calls(story, env):
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
    for name in _reports(env):
        found += _questions(env, name)
    return found


def _reports(env):
    return sorted(
        name
        for name in inventory.models(env.registry)
        if name.startswith("cx.") and not env.registry[name]._abstract
    )


def _questions(env, name):
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


def _call(env, model, method, args):
    """Return what somebody is told, be it that they may not."""
    env.invalidate_all()
    get_public_method(env[model], method)
    with env.cr.savepoint(flush=False):
        try:
            return call_kw(env[model], method, list(args), {})
        except UserError as error:
            return str(error)


def _opened(env, args):
    """Return what the contact is called whose story is asked for: who may read it
    knows that."""
    if args[:1] != ("res.partner",):
        return None
    partner = env["res.partner"].browse(args[1])
    return partner.name if partner.has_access("read") else None


def _find(value, said, texts):
    """Return whether a value is among what was said.

    :param texts: as which an amount may be written
    """
    if isinstance(said, dict):
        return any(_find(value, each, texts) for each in (*said, *said.values()))
    if isinstance(said, list | tuple | set):
        return any(_find(value, each, texts) for each in said)
    if isinstance(said, str):
        return any(text in said for text in texts)
    return not isinstance(value, str) and said == value


def _forms(env, value):
    return {value} if isinstance(value, str) else {formatLang(env, value), f"{value:,}"}


def _names_told(story, env, answers):
    """Return the names of the secrets that are among answers."""
    return {
        name
        for name, secret in story.secrets.items()
        for texts in [_forms(env, secret.value)]
        if any(_find(secret.value, said, texts) for _call, said in answers)
    }


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_told_what_the_source_would_not(story, told, role):
    env = story.env(user=story.scene.users[role], context={})
    closed = {
        name: secret
        for name, secret in story.secrets.items()
        if not story.may_read(env, secret)
    }
    leaks = [
        f"{name} by {model}.{method}{args}"
        for name, secret in closed.items()
        for texts in [_forms(env, secret.value)]
        for (model, method, args), said in told(role)
        if _find(secret.value, said, texts) and secret.value != _opened(env, args)
    ]
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", ROLES)
def test_what_people_wrote_is_told_to_nobody(story, told, role):
    """Not even to those who may read it: they open where it is from."""
    env = story.env(user=story.scene.users[role], context={})
    assert not _names_told(story, env, told(role)) & set(WRITTEN)


@pytest.mark.parametrize("role, model", EXPORTED)
def test_rows_that_one_may_read_are_exported(told, role, model):
    """Else the tests above would prove nothing of exports."""
    exported = [
        said["datas"]
        for (name, method, _args), said in told(role)
        if (name, method) == (model, "export_data") and isinstance(said, dict)
    ]
    assert exported
    assert exported[0]


@pytest.mark.parametrize(
    "role, names",
    [
        ("salesmanager", {"customer", "opportunity", "amount"}),
        ("bookkeeper", {"customer", "amount", "spent", "vendor"}),
        ("manager", {"spent", "vendor", "deposit"}),
        ("buyer", {"spent", "vendor", "deposit"}),
        ("storekeeper", {"customer"}),
    ],
)
def test_what_one_may_read_is_told(story, told, role, names):
    """Else the tests above would prove nothing."""
    env = story.env(user=story.scene.users[role], context={})
    assert names <= _names_told(story, env, told(role))


@pytest.mark.parametrize("role", ROLES)
def test_the_log_of_cases_tells_no_more(story, role):
    env = story.env(user=story.scene.users[role], context={})
    traces = []
    for kind in ("events", "waits"):
        with suppress(UserError):
            traces += [str(each) for each in env["cx.case.log"]._read_traces(kind)]
    names = _names_told(story, env, [((), traces)])
    may = {name for name in names if story.may_read(env, story.secrets[name])}
    assert names == may
    assert not names & set(WRITTEN)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["question", "answer", "subject"])
def test_what_people_wrote_is_found_by_who_may_read_it(story, role, name):
    env = story.env(user=story.scene.users[role], context={})
    secret = story.secrets[name]
    page = _call(
        env,
        "timeline.feed",
        "get_page",
        ("sale.order", story.order.id, None, None, 9, None, None, None, None, None)
        + (secret.value,),
    )
    if isinstance(page, str):
        assert secret.value not in page
        return
    assert bool(page["events"]) <= story.may_read(env, secret)
