"""Nobody writes requests, tasks, logs and ledgers by hand, not even the system."""

import pytest
from psycopg2 import IntegrityError, errors

from odoo.exceptions import AccessError
from odoo.fields import Command

from security import inventory

PROTECTED = (
    "approval.link",
    "approval.log",
    "approval.process",
    "approval.task",
    "spend.entry",
    "spend.transfer",
    "supply.answer",
    "supply.decision",
    "supply.promise",
    "supply.promise.gone",
    "supply.promise.version",
    "supply.question",
    "supply.quote",
    "timeline.event",
    "timeline.span",
)
WHO = (None, "settings", "approvals", "employee")

VALUES = {
    "approval.link": {"used_at": False},
    "approval.log": {"comment": "I was never here"},
    "approval.process": {"state": "approved"},
    "approval.task": {"state": "approved"},
    "spend.entry": {"reason": "cancelled"},
    "spend.transfer": {"reason": "It was somebody else"},
    "supply.answer": {"price_unit": 1},
    "supply.decision": {"reason": "It was somebody else"},
    "supply.promise": {"told_on": "2030-01-01"},
    "supply.promise.gone": {"sale_line_id": 2},
    "supply.promise.version": {"told_on": "2030-01-01"},
    "supply.quote": {"price_unit": 1},
    "supply.question": {"answer": "I was never asked"},
    "timeline.event": {"kind": "sale.confirmed"},
    "timeline.span": {"department": "nobody"},
}

WAYS = {
    "create": lambda record, values: record.create(values),
    "write": lambda record, values: record.write(values),
    "unlink": lambda record, values: record.unlink(),
    "copy": lambda record, values: record.copy(),
    "assign": lambda record, values: setattr(record, *next(iter(values.items()))),
    "update": lambda record, values: record.update(values),
    "web_save": lambda record, values: record.web_save(values, {}),
    "name_create": lambda record, values: record.name_create("New"),
}


def test_protected_models_are_all_tested(scene):
    children = set(scene.registry["approval.protected"]._inherit_children)
    assert children == set(PROTECTED), (
        "PROTECTED must name every model that inherits approval.protected, and VALUES "
        "a change of each."
    )


@pytest.mark.parametrize("who", WHO, ids=str)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", PROTECTED)
def test_orm_refuses(scene, model, way, who):
    with scene.session(who) as env:
        record = env[model].sudo().browse(next(iter(scene.theirs[model].values())))
        record.read()
        with pytest.raises(AccessError):
            WAYS[way](record, VALUES[model])


@pytest.mark.parametrize("model", PROTECTED)
def test_import_refuses(scene, model):
    with scene.session("settings") as env:
        name, value = next(iter(VALUES[model].items()))
        record = next(iter(scene.theirs[model].values()))
        result = env[model].sudo().load([".id", name], [[str(record), value]])
        assert not result["ids"]
        assert result["messages"]


@pytest.mark.parametrize("who", WHO, ids=str)
@pytest.mark.parametrize("command", ["create", "update", "delete"])
def test_commands_of_other_models_refuse(scene, command, who):
    """Lists of requests on other models are a way round to write."""
    theirs = scene.theirs["approval.process"]["purchase.order waiting"]
    values = VALUES["approval.process"]
    commands = {
        "create": Command.create(values),
        "update": Command.update(theirs, values),
        "delete": Command.delete(theirs),
    }
    lists = [
        (model, name)
        for model in inventory.models(scene.registry) - set(PROTECTED)
        for name, field in scene.registry[model]._fields.items()
        if field.comodel_name in PROTECTED and field.type.endswith("2many")
    ]
    assert lists, "There is at least the wizard."
    for model, name in lists:
        with scene.session(who) as env, pytest.raises(AccessError):
            env[model].sudo().create({name: [commands[command]]})


STATEMENTS = {
    "UPDATE approval_log SET comment = 'Not me'": errors.InsufficientPrivilege,
    "DELETE FROM approval_log": errors.InsufficientPrivilege,
    "TRUNCATE approval_log": errors.InsufficientPrivilege,
    "UPDATE spend_entry SET amount = 0": errors.InsufficientPrivilege,
    "DELETE FROM spend_entry": errors.InsufficientPrivilege,
    "TRUNCATE spend_entry": errors.InsufficientPrivilege,
    "TRUNCATE approval_process CASCADE": errors.InsufficientPrivilege,
    "DELETE FROM approval_process": IntegrityError,
    "INSERT INTO approval_log (process_id, sequence, date, event, previous_hash, hash)"
    " SELECT process_id, 99, date, 'granted', hash, hash FROM approval_log"
    " LIMIT 1": errors.CheckViolation,
}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_database_refuses(scene, statement):
    with scene.session() as env, pytest.raises(STATEMENTS[statement]):
        env.cr.execute(statement)
