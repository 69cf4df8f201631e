"""Salespeople who see their own customers only, and every model that names customers:
it is closed or excused, and what is closed is hidden."""

import pytest

from odoo.addons.customer_base.models.ir_rule import CLOSED

from leaks import (
    EXCUSED,
    EXCUSED_FIELDS,
    JOBS,
    TRIED_BELOW,
    VIEWS,
    add_user,
    find_closed,
    find_fields,
    find_following,
    find_readable,
    find_unknown,
    get_direct,
    is_seen,
    is_view,
    names_telling_documents,
)

#: Closed models that are tried elsewhere.
NOT_INSERTED = {
    "crm.lead.line": "names a lead: test_leaks_told.py",
    "mrp.production": "names a line of an order: test_leaks_told.py",
    "product.attribute.custom.value": "likewise",
}


@pytest.mark.parametrize("job", JOBS)
def test_everything_that_names_customers_is_closed_or_excused(env, owner, job):
    user = add_user(env, "leaks-job", *JOBS[job])
    assert user._has_own_customers_only(), f"{job}: sees everybody's"
    names = find_readable(env, user)
    open_ = sorted(names - find_closed(env) - set(EXCUSED))
    assert not open_, (
        f"Salespeople with own customers only, {job}, read {open_}: let each say by "
        "which fields, as _named_customers (Odoo's in CLOSED of customer_base), or say "
        "in EXCUSED why others' customers are safe there."
    )


def test_every_field_that_names_customers_is_closed_or_excused(env, owner):
    assert find_fields(env) == set(EXCUSED_FIELDS), (
        "Add each to what its model says, as _named_customers or in CLOSED, or say in "
        "EXCUSED_FIELDS why others' customers are safe there; take away what is there "
        "no more."
    )


def test_nothing_is_both_closed_and_excused(env):
    assert not find_closed(env) & set(EXCUSED)


def test_what_is_closed_is_said_once(env):
    """Models of ours say it themselves, those of Odoo are listed."""
    ours = {name for name in find_closed(env) if env[name]._named_customers}
    assert "supply.promise" in ours
    assert not ours & set(CLOSED)


def test_what_is_closed_exists(env):
    assert not find_unknown(env)


def test_nothing_is_left_out_that_is_not_named(env, everything):
    """What the tests below do not try is in one of the two lists, and nothing else."""
    readable = find_readable(env, everything)
    closed = find_closed(env)
    views = {name for name in closed if is_view(env[name])}
    assert views == VIEWS
    assert not views - readable
    assert closed - views - readable == set(NOT_INSERTED)


def test_a_document_of_a_hidden_customer_is_hidden(env, owner, everything, hidden):
    """By each of its fields, whomever the others name. One's own, and a vendor's, is
    seen as without the rule: nothing shows that by hiding everything."""
    own = env["res.partner"].create({"name": "Own", "user_id": everything.id})
    vendor = env["res.partner"].create({"name": "Vendor", "supplier_rank": 1})
    tried, leaks = set(), set()
    seen = {}
    for name in sorted(find_closed(env) - VIEWS - set(NOT_INSERTED)):
        fields = get_direct(env, name)
        for field in fields:
            partners = {**dict.fromkeys(fields, own), field: hidden}
            for user in owner, everything:
                if is_seen(env, name, partners, user):
                    leaks.add((name, field, user.login))
            tried.add((name, field))
        for other in own, vendor:
            partners = dict.fromkeys(fields, other)
            seen[name, other] = is_seen(env, name, partners, everything)
    assert not leaks
    closed = len(find_closed(env))
    assert len(tried) >= closed - len(VIEWS) - len(NOT_INSERTED)
    env["customer.access"]._switch(False)
    for (name, other), was_seen in seen.items():
        partners = dict.fromkeys(get_direct(env, name), other)
        assert was_seen == is_seen(env, name, partners, everything), (name, other.name)


#: What names a document that is called as its customer to all who sell, and why that is
#: right.
NAMING_DOCUMENTS = {
    "calendar.event": "leaves out leads of hidden customers: test_leaks_told.py",
    "cx.case.step.report": TRIED_BELOW,
    "cx.conversion.report": TRIED_BELOW,
    "cx.waiting.report": TRIED_BELOW,
}


def test_everything_that_names_telling_documents_is_closed_or_excused(env, everything):
    names = find_readable(env, everything, names_telling_documents)
    assert names - find_closed(env) == set(NAMING_DOCUMENTS)


def test_what_follows_a_customer_is_emptied(env, owner):
    """Fields of own documents that are worked out of a customer, who may be hidden."""
    assert not find_following(env), (
        "Let each be worked out of partner_id, of a model in CLOSED or with "
        "_named_customers: see customer_following.py of customer_base."
    )
