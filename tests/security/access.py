"""Who may create, read, change and delete which records of our models.

Each cell has one sign for create, read, write (u for update) and delete: a capital
letter when it is allowed on a stranger's record, a small one when only on one's own,
a dash when never. To create for somebody else is a capital, only for oneself a small
letter.
"""

from .roles import CLERKS, ROLES

TABLE = """
model                  public portal employee buyer manager accountant sales approvals budgets settings
approval.decision      ----   ----   crud     crud  crud    crud       crud  Crud      crud    crud
approval.link          ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
approval.log           ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--    -r--
approval.process       ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--    -r--
approval.rule          ----   ----   ----     ----  ----    ----       ----  CRUD      ----    ----
approval.rule.step     ----   ----   ----     ----  ----    ----       ----  CRUD      ----    ----
approval.substitute    ----   ----   crud     crud  crud    crud       crud  CRUD      crud    crud
approval.task          ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--    -r--
approval.trial         ----   ----   ----     ----  ----    ----       ----  CRUD      ----    ----
approval.trial.question ----   ----   ----     ----  ----    ----       ----  CRUD      ----    ----
approval.verification.finding ----   ----   ----     ----  ----    ----       ----  -r--      ----    -r--
approval.verification.run ----   ----   ----     ----  ----    ----       ----  Crud      ----    Crud
crm.lead.demand        ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
crm.lead.line          ----   ----   ----     -R--  -R--    ----       crud  ----      ----    ----
customer.access        ----   ----   ----     ----  ----    ----       ----  ----      ----    -R--
customer.access.request ----  ----   ----     ----  ----    ----       ----  ----      ----    ----
customer.changed       ----   ----   ----     ----  ----    ----       ----  ----      ----    -R--
customer.claim         ----   ----   ----     ----  ----    ----       ----  ----      ----    -R--
customer.duplicate     ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
customer.field.rule    ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
customer.hint          ----   ----   ----     ----  ----    ----       ----  ----      ----    -R--
customer.key           ----   ----   ----     ----  ----    ----       ----  ----      ----    -R--
customer.mark          ----   ----   ----     ----  ----    ----       ----  ----      ----    -R--
customer.merge         ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
customer.merge.undo    ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
customer.merge.wizard  ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
customer.share         ----   ----   ----     ----  ----    ----       -R--  ----      ----    ----
customer.level         ----   ----   -R--     -R--  -R--    -R--       -R--  -R--      -R--    -R--
customer.salutation    ----   ----   -R--     -R--  -R--    -R--       -R--  -R--      -R--    -R--
cx.approval.report     ----   ----   -r--     -r--  -r--    -r--       -r--  -R--      -r--    -r--
cx.case.step.report    ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
cx.churn.report        ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
cx.conversion.report   ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
cx.delivery.report     ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
cx.revenue.report      ----   ----   ----     ----  ----    -R--       ----  ----      ----    ----
cx.step.report         ----   ----   ----     ----  ----    ----       ----  -R--      ----    ----
cx.urgency.report      ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
cx.vendor.report       ----   ----   ----     ----  -R--    ----       ----  ----      ----    ----
cx.waiting.report      ----   ----   ----     -R--  -R--    -R--       ----  ----      ----    ----
deposit.adoption       ----   ----   ----     ----  ----    Crud       ----  ----      ----    ----
deposit.cancellation   ----   ----   ----     Crud  Crud    ----       ----  ----      ----    ----
deposit.claim          ----   ----   ----     -R--  -R--    -R--       ----  ----      ----    ----
deposit.claim.ask      ----   ----   ----     Crud  Crud    Crud       ----  ----      ----    ----
deposit.manual         ----   ----   ----     ----  Crud    Crud       ----  ----      ----    ----
deposit.payment        ----   ----   ----     ----  ----    Crud       ----  ----      ----    ----
deposit.refund         ----   ----   ----     ----  ----    Crud       ----  ----      ----    ----
deposit.rule           ----   ----   ----     -R--  -R--    -R--       ----  ----      ----    ----
deposit.rule.line      ----   ----   ----     -R--  -R--    -R--       ----  ----      ----    ----
purchase.excess        ----   ----   ----     -R--  -R--    -R--       ----  ----      ----    ----
purchase.excess.line   ----   ----   ----     -R--  -R--    -R--       ----  ----      ----    ----
purchase.excess.ask    ----   ----   ----     Crud  Crud    ----       ----  ----      ----    ----
purchase.excess.ask.line ---- ----   ----     crud  crud    ----       ----  ----      ----    ----
spend.budget           ----   ----   -ru-     -ru-  -ru-    -ru-       -ru-  -ru-      CRUD    -ru-
spend.budget.line      ----   ----   crud     crud  crud    crud       crud  crud      CRUD    crud
spend.closing          ----   ----   ----     ----  ----    ----       ----  ----      Crud    ----
spend.entry            ----   ----   ----     ----  ----    ----       ----  ----      -R--    ----
spend.forecast         ----   ----   ----     ----  ----    ----       ----  ----      -R--    ----
spend.import           ----   ----   crud     crud  crud    crud       crud  crud      Crud    crud
spend.split            ----   ----   crud     crud  crud    crud       crud  crud      Crud    crud
spend.rest.closing     ----   ----   ----     Crud  Crud    Crud       ----  ----      ----    ----
spend.transfer         ----   ----   -r--     -r--  -r--    -r--       -r--  -r--      -R--    -r--
spend.transfer.wizard  ----   ----   crud     crud  crud    crud       crud  crud      Crud    crud
spend.transfer.request ----   ----   crud     crud  crud    crud       crud  crud      CRud    crud
supplier.deposit       ----   ----   ----     -R--  -R--    -R--       ----  ----      ----    ----
supply.answer          ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
supply.buy             ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
supply.buy.line        ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
supply.change          ----   ----   ----     ----  ----    ----       ----  ----      ----    -R--
supply.decision        ----   ----   ----     ----  -R--    ----       ----  ----      ----    ----
supply.link            ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
supply.need            ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
supply.pace            ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
supply.promise         ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
supply.promise.gone    ----   ----   ----     ----  ----    ----       ----  ----      ----    -R--
supply.promise.tell    ----   ----   ----     ----  ----    ----       C---  ----      ----    ----
supply.promise.tell.line ---- ----   ----     ----  ----    ----       ----  ----      ----    ----
supply.promise.version ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
supply.question        ----   ----   -r--     -R--  -R--    -R--       -r--  -r--      -r--    -r--
supply.question.ask    ----   ----   ----     ----  ----    C---       ----  ----      ----    ----
supply.question.reply  ----   ----   crud     Crud  Crud    Crud       crud  crud      crud    crud
supply.quote           ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
supply.redate          ----   ----   ----     C---  C---    ----       ----  ----      ----    ----
supply.rescue          ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
supply.state           ----   ----   ----     -R--  -R--    ----       ----  ----      ----    ----
supply.swap            ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
supply.waiting         ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
test.approval.document ----   ----   CRUD     CRUD  CRUD    CRUD       CRUD  CRUD      CRUD    CRUD
timeline.change        ----   ----   ----     ----  ----    ----       ----  ----      ----    -R--
timeline.event         ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
timeline.span          ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
urgency.answer         ----   ----   Crud     Crud  Crud    Crud       Crud  Crud      Crud    Crud
urgency.case           ----   ----   ----     ----  -R--    ----       ----  ----      ----    ----
urgency.case.change    ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
urgency.case.state     ----   ----   ----     ----  ----    ----       ----  ----      ----    ----
urgency.change         ----   ----   ----     ----  ----    C---       ----  ----      ----    ----
urgency.confirmation   ----   ----   ----     ----  ----    C---       ----  ----      ----    ----
urgency.displacement   ----   ----   ----     ----  -R--    ----       ----  ----      ----    ----
urgency.level          ----   ----   -R--     -R--  CRUD    -R--       -R--  -R--      -R--    -R--
urgency.quota          ----   ----   ----     ----  -R--    ----       ----  ----      ----    ----
"""  # noqa: E501

#: The same of those who are asked about stories and reports only.
CLERKS_TABLE = """
model                  storekeeper salesmanager invoicing bookkeeper
cx.approval.report     -r--        -r--         -r--      -r--
cx.case.step.report    ----        -R--         ----      ----
cx.churn.report        ----        -R--         ----      ----
cx.conversion.report   ----        -R--         ----      ----
cx.delivery.report     -R--        -R--         ----      ----
cx.revenue.report      ----        -R--         -R--      -R--
cx.step.report         ----        ----         ----      ----
cx.urgency.report      ----        -R--         ----      ----
cx.vendor.report       ----        ----         ----      ----
cx.waiting.report      -R--        -R--         -R--      -R--
timeline.change        ----        ----         ----      ----
timeline.event         ----        ----         ----      ----
timeline.span          ----        ----         ----      ----
"""

#: Models that store nothing: there is no record to touch.
ABSTRACT = {
    "approval.card",
    "approval.condition",
    "approval.document",
    "approval.editing",
    "approval.holder",
    "approval.letter",
    "approval.limit",
    "approval.line.mixin",
    "approval.message",
    "approval.mixin",
    "approval.notice",
    "approval.protected",
    "approval.reading",
    "approval.route",
    "approval.rule.mixin",
    "approval.setup",
    "approval.usage",
    "approval.verification",
    "cx.case.log",
    "customer.leading",
    "customer.match",
    "customer.survivorship",
    "cx.cohort.report",
    "cx.figures",
    "cx.overview",
    "cx.report",
    "cx.request.report",
    "cx.waiting",
    "deposit.link.mixin",
    "deposit.terms",
    "deposit.wizard",
    "purchase.excess.limits",
    "purchase.excess.source",
    "purchase.precedent",
    "report.supplier_deposit.report_payment_order",
    "spend.audit",
    "spend.bulk",
    "spend.control",
    "spend.document",
    "spend.ledger",
    "spend.source",
    "supply.caller",
    "supply.arrival",
    "supply.buying",
    "supply.component",
    "supply.desk",
    "supply.effect",
    "supply.facts",
    "supply.holder",
    "supply.offer",
    "supply.outlook",
    "supply.shortage",
    "supply.wish",
    "supply.outbox",
    "supply.overview",
    "supply.promise.words",
    "supply.quotes",
    "supply.panel",
    "supply.panel.words",
    "supply.clock",
    "supply.kit",
    "supply.commons",
    "supply.crowd",
    "supply.customers",
    "supply.derivation",
    "supply.part",
    "supply.pool",
    "supply.production",
    "supply.serving",
    "supply.stock",
    "supply.tie",
    "supply.question.mixin",
    "supply.question.subject",
    "timeline.access",
    "timeline.feed",
    "timeline.lanes",
    "timeline.place",
    "timeline.search",
    "timeline.words",
    "urgency.document",
    "urgency.mixin",
    "urgency.notice",
    "urgency.supply",
    "urgency.swap",
}

OPERATIONS = ("create", "read", "write", "unlink")


def parse():
    """Return the table as ``{model: {role: "CRUD"}}``."""
    found = {}
    for table, roles in ((TABLE, ROLES), (CLERKS_TABLE, CLERKS)):
        head, *rows = (line.split() for line in table.strip().splitlines())
        assert head[1:] == list(roles), "A table has one column for each role, in order"
        for model, *cells in rows:
            found.setdefault(model, {}).update(zip(roles, cells, strict=True))
    return found


#: Plausible changes, by model.
CHANGES = {
    "approval.decision": {"text": "Changed"},
    "approval.link": {"expires_at": "2100-01-01 00:00:00"},
    "approval.log": {"comment": "Changed"},
    "approval.process": {"state": "approved"},
    "approval.rule": {"name": "Changed"},
    "approval.rule.step": {"name": "Changed"},
    "approval.substitute": {"date_to": "2100-01-01 00:00:00"},
    "approval.task": {"state": "approved"},
    "approval.trial": {"amount": 1},
    "approval.trial.question": {"answer": "yes"},
    "approval.verification.finding": {"text": "Changed"},
    "approval.verification.run": {"summary": "Changed"},
    "purchase.excess": {"reason": "Changed"},
    "purchase.excess.ask": {"reason": "Changed"},
    "purchase.excess.ask.line": {"quantity": 2},
    "purchase.excess.line": {"quantity": 2},
    "spend.budget": {"note": "Changed"},
    "spend.budget.line": {"amount": 2},
    "spend.closing": {"choice": "leave"},
    "spend.entry": {"amount": 2},
    "spend.forecast": {"amount": 2},
    "spend.import": {"only_good": True},
    "spend.split": {"months": "3"},
    "spend.rest.closing": {"reason": "Changed"},
    "spend.transfer": {"amount": 2},
    "spend.transfer.request": {"reason": "Changed"},
    "spend.transfer.wizard": {"amount": 2},
    "crm.lead.demand": {"quantity": 2},
    "crm.lead.line": {"quantity": 2},
    "customer.access": {"reader": 2},
    "customer.access.request": {"until": "2030-01-01"},
    "customer.changed": {"partner": 2},
    "customer.claim": {"value": 2},
    "customer.duplicate": {"is_different": True},
    "customer.field.rule": {"weight": 2},
    "customer.hint": {"value": 2},
    "customer.key": {"value": 2},
    "customer.mark": {"place": 2},
    "customer.merge": {"survivor": 2},
    "customer.merge.undo": {"left_count": 2},
    "customer.merge.wizard": {"choices": {"name": 1}},
    "customer.share": {"until": "2030-01-01"},
    "customer.level": {"name": "Changed"},
    "customer.salutation": {"name": "Changed"},
    "cx.approval.report": {"hours": 2},
    "cx.case.step.report": {"days": 2},
    "cx.churn.report": {"orders": 2},
    "cx.conversion.report": {"days": 2},
    "cx.delivery.report": {"quantity": 2},
    "cx.revenue.report": {"amount": 2},
    "cx.step.report": {"hours": 2},
    "cx.urgency.report": {"displaced": 2},
    "cx.vendor.report": {"quantity": 2},
    "cx.waiting.report": {"hours": 2},
    "deposit.cancellation": {"order_ids": []},
    "deposit.adoption": {"line_id": False},
    "deposit.claim": {"amount": 2},
    "deposit.claim.ask": {"amount": 2},
    "deposit.manual": {"amount": 2},
    "deposit.payment": {"date": "2030-01-01"},
    "deposit.refund": {"amount": 2},
    "deposit.rule": {"name": "Changed"},
    "deposit.rule.line": {"name": "Changed"},
    "supplier.deposit": {"amount": 1},
    "supply.answer": {"price_unit": 2},
    "supply.buy": {"left_out": "Changed"},
    "supply.buy.line": {"quantity": 2},
    "supply.change": {"product_id": 1},
    "supply.decision": {"reason": "Changed"},
    "supply.link": {"quantity": 2},
    "supply.need": {"quantity": 2},
    "supply.pace": {"likely": 2},
    "supply.promise": {"told_on": "2030-01-01"},
    "supply.promise.gone": {"sale_line_id": 1},
    "supply.promise.tell": {"channel": "zalo"},
    "supply.promise.tell.line": {"told_on": "2030-01-01"},
    "supply.promise.version": {"told_on": "2030-01-01"},
    "supply.question": {"answer": "Changed"},
    "supply.question.ask": {"text": "Changed"},
    "supply.question.reply": {"text": "Changed"},
    "supply.quote": {"price_unit": 2},
    "supply.redate": {"shift_days": 2},
    "supply.rescue": {"quantity": 2},
    "supply.state": {"quantity_now": 2},
    "supply.swap": {"quantity": 2},
    "supply.waiting": {"quantity": 2},
    "test.approval.document": {"amount": 1},
    "timeline.change": {"operation": "fill"},
    "timeline.event": {"kind": "sale.confirmed"},
    "timeline.span": {"department": "nobody"},
    "urgency.answer": {"text": "Changed"},
    "urgency.case": {"reason": "Changed"},
    "urgency.case.change": {"sale_id": 1},
    "urgency.case.state": {"reason": "Changed"},
    "urgency.change": {"urgency_reason": "Changed"},
    "urgency.confirmation": {"sale_id": False},
    "urgency.displacement": {"delay_days": 0},
    "urgency.level": {"name": "Changed"},
    "urgency.quota": {"used": 0},
}
