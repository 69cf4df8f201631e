"""Who may create, read, change and delete which records of our models.

Each cell has one sign for create, read, write (u for update) and delete: a capital
letter when it is allowed on a stranger's record, a small one when only on one's own,
a dash when never. To create for somebody else is a capital, only for oneself a small
letter.
"""

from odoo.fields import Command

from .roles import APPROVERS, ROLES

TABLE = """
model                   public portal employee buyer manager accountant sales approvals settings
approval.decision       ----   ----   crud     crud  crud    crud       crud  Crud      crud
approval.log            ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--
approval.process        ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--
approval.rule           ----   ----   ----     ----  ----    ----       ----  CRUD      ----
approval.rule.step      ----   ----   ----     ----  ----    ----       ----  CRUD      ----
approval.substitute     ----   ----   crud     crud  crud    crud       crud  CRUD      crud
approval.task           ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--
approval.trial          ----   ----   ----     ----  ----    ----       ----  CRUD      ----
deposit.cancellation    ----   ----   ----     Crud  Crud    ----       ----  ----      ----
deposit.payment         ----   ----   ----     ----  ----    Crud       ----  ----      ----
deposit.refund          ----   ----   ----     ----  ----    Crud       ----  ----      ----
deposit.rule            ----   ----   ----     -R--  -R--    -R--       ----  ----      ----
deposit.rule.line       ----   ----   ----     -R--  -R--    -R--       ----  ----      ----
supplier.deposit        ----   ----   ----     -R--  -R--    -R--       ----  ----      ----
test.approval.document  ----   ----   CRUD     CRUD  CRUD    CRUD       CRUD  CRUD      CRUD
urgency.level           ----   ----   -R--     -R--  CRUD    -R--       -R--  -R--      -R--
"""  # noqa: E501

#: Models that store nothing: there is no record to touch.
ABSTRACT = {
    "approval.line.mixin",
    "approval.mixin",
    "approval.protected",
    "approval.reading",
    "urgency.mixin",
}

OPERATIONS = ("create", "read", "write", "unlink")


def parse():
    """Return the table as ``{model: {role: "CRUD"}}``."""
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    assert head[1:] == list(ROLES), "TABLE has one column for each of ROLES, in order"
    return {model: dict(zip(ROLES, cells, strict=True)) for model, *cells in rows}


def values_to_create(scene, model, login):
    """Return plausible values of a new record that belongs to a user."""
    user = scene.users[login]
    step = {"name": "New", "user_ids": [Command.set([scene.users[APPROVERS[0]]])]}
    process = scene.own["approval.process"].get(login)
    process = process or scene.theirs["approval.process"]["purchase.order waiting"]
    match model:
        case "approval.decision":
            return {"process_ids": [Command.set([process])], "text": "New"}
        case "approval.rule":
            document = scene.model_ids["test.approval.document"]
            steps = [Command.create(step)]
            return {"name": "New", "model_id": document, "step_ids": steps}
        case "approval.rule.step":
            return {**step, "rule_id": scene.theirs["approval.rule"]["spare"]}
        case "approval.substitute":
            return {
                "user_id": user,
                "substitute_id": scene.users[APPROVERS[1]],
                "date_from": "2090-01-01 00:00:00",
                "date_to": "2090-02-01 00:00:00",
            }
        case "approval.trial":
            return {"model_id": scene.model_ids["test.approval.document"]}
        case "deposit.cancellation":
            order = scene.theirs["purchase.order"]["draft"]
            return {"order_ids": [Command.set([order])]}
        case "deposit.payment":
            deposit = scene.theirs["supplier.deposit"]["draft"]
            return {"deposit_ids": [Command.set([deposit])]}
        case "deposit.refund":
            deposit = scene.theirs["supplier.deposit"]["approved"]
            return {"deposit_id": deposit, "amount": 1, "journal_id": scene.bank}
        case "deposit.rule":
            lines = [Command.create({"name": "New", "percent": 10})]
            return {"name": "New", "line_ids": lines}
        case "deposit.rule.line":
            rule = scene.theirs["deposit.rule"]["used"]
            return {"name": "New", "percent": 10, "rule_id": rule}
        case "supplier.deposit":
            return {"name": "New", "order_id": 1, "amount": 1}
        case "approval.process" | "approval.task" | "approval.log":
            return {"company_id": 1, "process_id": process, "user_id": user}
        case "test.approval.document" | "urgency.level":
            return {"name": "New"}
    raise LookupError(f"values_to_create() has no values for {model}: add them.")


#: Plausible changes, by model.
CHANGES = {
    "approval.decision": {"text": "Changed"},
    "approval.log": {"comment": "Changed"},
    "approval.process": {"state": "approved"},
    "approval.rule": {"name": "Changed"},
    "approval.rule.step": {"name": "Changed"},
    "approval.substitute": {"date_to": "2100-01-01 00:00:00"},
    "approval.task": {"state": "approved"},
    "approval.trial": {"amount": 1},
    "deposit.cancellation": {"order_ids": []},
    "deposit.payment": {"date": "2030-01-01"},
    "deposit.refund": {"amount": 2},
    "deposit.rule": {"name": "Changed"},
    "deposit.rule.line": {"name": "Changed"},
    "supplier.deposit": {"amount": 1},
    "test.approval.document": {"amount": 1},
    "urgency.level": {"name": "Changed"},
}
