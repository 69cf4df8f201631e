"""Who may create, read, change and delete which records of our models.

Each cell has one sign for create, read, write (u for update) and delete: a capital
letter when it is allowed on a stranger's record, a small one when only on one's own,
a dash when never. To create for somebody else is a capital, only for oneself a small
letter.
"""

from odoo.fields import Command

from .roles import APPROVERS, ROLES

TABLE = """
model                  public portal employee buyer manager accountant sales approvals budgets settings
approval.decision      ----   ----   crud     crud  crud    crud       crud  Crud      crud    crud
approval.log           ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--    -r--
approval.process       ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--    -r--
approval.rule          ----   ----   ----     ----  ----    ----       ----  CRUD      ----    ----
approval.rule.step     ----   ----   ----     ----  ----    ----       ----  CRUD      ----    ----
approval.substitute    ----   ----   crud     crud  crud    crud       crud  CRUD      crud    crud
approval.task          ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--    -r--
approval.trial         ----   ----   ----     ----  ----    ----       ----  CRUD      ----    ----
spend.budget           ----   ----   -ru-     -ru-  -ru-    -ru-       -ru-  -ru-      CRUD    -ru-
spend.budget.line      ----   ----   crud     crud  crud    crud       crud  crud      CRUD    crud
spend.closing          ----   ----   ----     ----  ----    ----       ----  ----      Crud    ----
spend.entry            ----   ----   ----     ----  ----    ----       ----  ----      -R--    ----
spend.import           ----   ----   crud     crud  crud    crud       crud  crud      Crud    crud
spend.transfer         ----   ----   -r--     -r--  -r--    -r--       -r--  -r--      -R--    -r--
spend.transfer.wizard  ----   ----   crud     crud  crud    crud       crud  crud      Crud    crud
test.approval.document ----   ----   CRUD     CRUD  CRUD    CRUD       CRUD  CRUD      CRUD    CRUD
urgency.answer         ----   ----   Crud     Crud  Crud    Crud       Crud  Crud      Crud    Crud
urgency.case           ----   ----   ----     ----  -R--    ----       ----  ----      ----    ----
urgency.change         ----   ----   ----     ----  ----    C---       ----  ----      ----    ----
urgency.confirmation   ----   ----   ----     ----  ----    C---       ----  ----      ----    ----
urgency.displacement   ----   ----   ----     ----  -R--    ----       ----  ----      ----    ----
urgency.level          ----   ----   -R--     -R--  CRUD    -R--       -R--  -R--      -R--    -R--
urgency.quota          ----   ----   ----     ----  -R--    ----       ----  ----      ----    ----
"""  # noqa: E501

#: Models that store nothing: there is no record to touch.
ABSTRACT = {
    "approval.line.mixin",
    "approval.mixin",
    "approval.protected",
    "approval.reading",
    "spend.control",
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
        case "approval.process" | "approval.task" | "approval.log":
            return {"company_id": 1, "process_id": process, "user_id": user}
        case "spend.budget":
            dates = {"date_from": "2070-01-01", "date_to": "2070-12-31"}
            return {"name": "New", "user_id": user, **dates}
        case "spend.budget.line":
            account = scene.theirs["account.analytic.account"]["spare"]
            budget = scene.own["spend.budget"].get(login)
            budget = budget or scene.theirs["spend.budget"]["draft"]
            return {"budget_id": budget, "account_id": account, "amount": 1}
        case "spend.closing" | "spend.import":
            budget = scene.own["spend.budget"].get(login)
            budget = budget or scene.theirs["spend.budget"]["draft"]
            file = {"file": "QQ=="} if model == "spend.import" else {}
            return {"budget_id": budget, **file}
        case "spend.transfer.wizard":
            line = scene.own["spend.budget.line"].get(login)
            line = line or scene.theirs["spend.budget.line"]["draft"]
            lines = {"from_line_id": line, "to_line_id": line}
            return {**lines, "amount": 1, "reason": "New"}
        case "spend.entry" | "spend.transfer":
            return {"amount": 1, "reason": "changed"}
        case "test.approval.document" | "urgency.level":
            return {"name": "New"}
        case "urgency.answer":
            return {"answer": "refuse", "res_model": "sale.order", "res_ids": [1]}
        case "urgency.change" | "urgency.confirmation":
            order = scene.theirs["sale.order"]["draft"]
            return {
                "urgency.change": {"res_model": "sale.order", "res_id": order},
                "urgency.confirmation": {"sale_id": order},
            }[model]
        case "urgency.quota" | "urgency.case" | "urgency.displacement":
            return {"user_id": user, "level_id": 1}
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
    "spend.budget": {"note": "Changed"},
    "spend.budget.line": {"amount": 2},
    "spend.closing": {"choice": "leave"},
    "spend.entry": {"amount": 2},
    "spend.import": {"only_good": True},
    "spend.transfer": {"amount": 2},
    "spend.transfer.wizard": {"amount": 2},
    "test.approval.document": {"amount": 1},
    "urgency.answer": {"text": "Changed"},
    "urgency.case": {"reason": "Changed"},
    "urgency.change": {"urgency_reason": "Changed"},
    "urgency.confirmation": {"sale_id": False},
    "urgency.displacement": {"delay_days": 0},
    "urgency.level": {"name": "Changed"},
    "urgency.quota": {"used": 0},
}
