"""Every role × every model of ours × create, read, write and delete.

The table is ``security.access.TABLE``; the models come from the registry, so that a
new one cannot be forgotten.
"""

import pytest

from odoo.exceptions import AccessError

from security import access, inventory, values
from security.company import DOCUMENTS
from security.holes import known
from security.roles import OWNER, asked_about

TABLE = access.parse()


def test_every_model_is_in_the_table(scene):
    stored = inventory.models(scene.registry) - inventory.abstract(scene.registry)
    new = sorted(stored - set(TABLE))
    assert not new, (
        f"New models {new}: say in security.access.TABLE who may create, read, change "
        "and delete their records; add values to values_to_create() and CHANGES, and "
        "a stranger's record to Scene.theirs."
    )
    gone = sorted(set(TABLE) - stored)
    assert not gone, f"Take {gone} out of security.access.TABLE: no such models."


def test_abstract_models_store_nothing(scene):
    assert inventory.abstract(scene.registry) == access.ABSTRACT, (
        "security.access.ABSTRACT must name our abstract models. One that became a "
        "real model needs a row in TABLE."
    )


def test_every_document_has_records_in_every_state(scene):
    mixin = scene.registry["approval.mixin"]
    documents = {
        name for name in mixin._inherit_children if not scene.registry[name]._abstract
    }
    assert documents == set(DOCUMENTS), (
        "Each model under approval.mixin needs records: add it to DOCUMENTS in "
        "security.company and say in Company._document how one is made."
    )


@pytest.mark.parametrize(
    "model, role",
    [
        pytest.param(model, role, marks=known("access", model, role))
        for model in TABLE
        for role in asked_about(model)
    ],
)
def test_access(scene, model, role):
    assert model in scene.theirs, f"Scene.theirs has no stranger's record of {model}."
    found = "".join(
        _sign(scene, role, model, operation, letter)
        for operation, letter in zip(access.OPERATIONS, "crud", strict=True)
    )
    assert found == TABLE[model][role]


def _sign(scene, role, model, operation, letter):
    theirs = next(iter(scene.theirs[model].values()))
    own = scene.own.get(model, {}).get(role)
    if _allowed(scene, role, model, operation, theirs, OWNER):
        return letter.upper()
    if operation == "create":
        own = 0
    if own is not None and _allowed(scene, role, model, operation, own, role):
        return letter
    return "-"


def _allowed(scene, role, model, operation, record, login):
    """Try it; whatever goes wrong must be a refusal of access."""
    args = {
        "create": [[values.values_to_create(scene, model, login)]],
        "read": [],
        "write": [access.CHANGES[model]],
        "unlink": [],
    }[operation]
    outcome = scene.call(role, model, operation, [record], args)
    assert outcome.error is None or isinstance(outcome.error, AccessError)
    if operation == "read":
        found = scene.call(role, model, "search", None, [[("id", "=", record)]])
        assert found.answer == ([] if outcome.error else [record]) or (
            outcome.error and isinstance(found.error, AccessError)
        ), "A search must find what can be read, and nothing else."
    return outcome.error is None
