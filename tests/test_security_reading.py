"""What each role can find out about requests and documents that are not theirs."""

import pytest

from odoo.exceptions import AccessError

from security import inventory
from security.company import DOCUMENTS
from security.holes import known
from security.roles import APPROVERS, OWNER, ROLES

OUTSIDERS = ("public", "portal")
ENGINE = ("approval.process", "approval.task", "approval.log")
READERS = [role for role in ROLES if role != "approvals"]
"""All but those who see every request."""


def _roles(kind, roles=tuple(ROLES)):
    return [pytest.param(role, marks=known(kind, "", role)) for role in roles]


def _portals(scene, model):
    """Return the portal user's record of a model that outsiders may read at all."""
    own = scene.own.get(model, {}).get("portal")
    with scene.session("portal") as env:
        assert own or not env[model].has_access("read"), (
            f"Give the portal user a record of {model} in Company._furnish_roles()."
        )
    return own or 1


def _answers(scene, role, calls):
    """Return the fields of ours for which a call is not refused.

    :param calls: from the name of a field and a record to method, ids and arguments
    """
    answered = []
    for model, names in inventory.fields(scene.registry).items():
        record = _portals(scene, model)
        for name in sorted(names):
            method, ids, args = calls(name, record)
            outcome = scene.call(role, model, method, ids, args)
            # what cannot be grouped by at all is a ValueError
            if not isinstance(outcome.error, (AccessError, ValueError)):
                answered.append((model, name, outcome.said))
    return answered


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsiders_do_not_read_our_fields(scene, role):
    """On their own orders too, where they read all that Odoo shows them."""
    assert not _answers(scene, role, lambda name, own: ("read", [own], [[name]]))
    web = _answers(scene, role, lambda name, own: ("web_read", [own], [{name: {}}]))
    assert not web
    for model, names in inventory.fields(scene.registry).items():
        if "portal" in scene.own.get(model, {}):
            described = scene.call(role, model, "fields_get", None).answer or ()
            assert not names & set(described)


@pytest.mark.parametrize("role", _roles("searching", OUTSIDERS))
def test_outsiders_do_not_search_our_fields(scene, role):
    assert not _answers(
        scene, role, lambda name, own: ("search", None, [[(name, "!=", False)]])
    )


@pytest.mark.parametrize("role", _roles("grouping", OUTSIDERS))
def test_outsiders_do_not_group_by_our_fields(scene, role):
    assert not _answers(
        scene,
        role,
        lambda name, own: ("formatted_read_group", None, [[], [name], ["__count"]]),
    )


def test_portal_reads_its_own_orders(scene):
    """Else the tests above would prove nothing."""
    for model in inventory.fields(scene.registry):
        if "portal" in scene.own.get(model, {}):
            own = scene.own[model]["portal"]
            assert scene.call("portal", model, "read", [own], [["name"]]).answer


@pytest.mark.parametrize("model", ENGINE)
@pytest.mark.parametrize("role", READERS)
def test_requests_of_others_are_not_found(scene, role, model):
    domain = [("id", "in", list(scene.theirs[model].values()))]
    calls = {
        "search": (domain,),
        "search_count": (domain,),
        "search_read": (domain, ["display_name"]),
        "formatted_read_group": (domain, ["company_id"], ["__count"]),
        "name_search": ("", domain),
    }
    for method, args in calls.items():
        outcome = scene.call(role, model, method, None, args)
        assert isinstance(outcome.error, AccessError) or not outcome.answer, method
    found = scene.call(role, model, "web_search_read", None, (domain, {"id": {}}))
    assert isinstance(found.error, AccessError) or not found.answer["records"]


@pytest.mark.parametrize("role", READERS)
def test_a_document_does_not_open_its_request(scene, role):
    """Whoever reads the document does not read the request through its field."""
    for model in DOCUMENTS:
        waiting = scene.theirs[model]["waiting"]
        wanted = {name: {} for name in ("terms", "fingerprint", "excluded_ids")}
        request = {"approval_process_id": {"fields": wanted}}
        outcome = scene.call(role, model, "web_read", [waiting], [request])
        assert isinstance(outcome.error, AccessError) or not (
            wanted.keys() & (outcome.answer[0]["approval_process_id"] or {}).keys()
        )


@pytest.mark.parametrize("role", _roles("secrets"))
def test_strangers_learn_nothing_from_answers(scene, role):
    """Neither names, nor who decides, nor amounts: in refusals and answers alike."""
    told = []
    with scene.session() as env:
        methods = inventory.methods(env)
    people = {login.capitalize() for login in (OWNER, *APPROVERS)}
    for model in DOCUMENTS:
        for state, record in scene.theirs[model].items():
            if not scene.call(role, model, "read", [record]).error:
                continue
            secrets = people | _secrets(scene, model, record)
            for method in sorted(methods[model] - {"create"}):
                args = {"action_forward": [scene.users["sales"], "x"], "write": [{}]}
                outcome = scene.call(
                    role,
                    model,
                    method,
                    [record],
                    args.get(method, ()),
                    {"show_total_amount": True},
                )
                if any(secret in outcome.said for secret in secrets):
                    told.append(f"{model} {state} {method}: {outcome.said}")
    assert not told, "\n".join(told)


def _secrets(scene, model, record):
    with scene.session() as env:
        document = env[model].browse(record)
        amount = document._approval_amount()
        return {document.display_name, f"{amount:,.0f}", f"{int(amount):,}"}
