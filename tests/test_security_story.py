"""What each role learns of a case from its story and from all reports.

Nothing that the source would not tell them: neither amounts nor names of what they may
not read, nor anything that somebody wrote. The methods and the reports come from the
registry, so that a new one cannot be forgotten.
"""

from contextlib import suppress

import pytest

from odoo.exceptions import UserError

from security.asking import call, find, forms, list_calls, names_told
from security.roles import CLERKS, STAFF, asked_about
from security.roles import ROLES as USERS

ROLES = asked_about("cx.overview")
#: Who exports rows of what.
EXPORTED = [
    ("salesmanager", "cx.delivery.report"),
    ("salesmanager", "cx.waiting.report"),
    ("bookkeeper", "cx.revenue.report"),
    ("manager", "cx.vendor.report"),
]
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
def told(story):
    """Return what a role is told: each call with what came of it."""
    known = {}

    def ask(role):
        if role not in known:
            env = story.env(user=story.scene.users[role], context={})
            known[role] = [
                (asked, call(env, *asked)) for asked in list_calls(story, env)
            ]
        return known[role]

    return ask


def _opened(env, args):
    """Return what the contact is called whose story is asked for: who may read it
    knows that."""
    if args[:1] != ("res.partner",):
        return None
    partner = env["res.partner"].browse(args[1])
    return partner.name if partner.has_access("read") else None


@pytest.mark.parametrize("role", sorted(STAFF))
def test_role_has_its_own_groups_only(story, role):
    """Else the tests below would prove nothing."""
    own = {**USERS, **CLERKS}[role]
    user = story.env["res.users"].browse(story.scene.users[role])
    expected = {*own, "base.group_allow_export"}
    assert set(user.group_ids.get_external_id().values()) == expected


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
        for texts in [forms(env, secret.value)]
        for (model, method, args), said in told(role)
        if find(secret.value, said, texts) and secret.value != _opened(env, args)
    ]
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", ROLES)
def test_what_people_wrote_is_told_to_nobody(story, told, role):
    """Not even to those who may read it: they open where it is from."""
    env = story.env(user=story.scene.users[role], context={})
    assert not names_told(story, env, told(role)) & set(WRITTEN)


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
    assert names <= names_told(story, env, told(role))


@pytest.mark.parametrize("role", ROLES)
def test_the_log_of_cases_tells_no_more(story, role):
    env = story.env(user=story.scene.users[role], context={})
    traces = []
    for kind in ("events", "waits"):
        with suppress(UserError):
            traces += [str(each) for each in env["cx.case.log"]._read_traces(kind)]
    names = names_told(story, env, [((), traces)])
    may = {name for name in names if story.may_read(env, story.secrets[name])}
    assert names == may
    assert not names & set(WRITTEN)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["question", "answer", "subject"])
def test_what_people_wrote_is_found_by_who_may_read_it(story, role, name):
    env = story.env(user=story.scene.users[role], context={})
    secret = story.secrets[name]
    page = call(
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
