"""Plausible values of new records, as somebody would send them, by model."""

from odoo.fields import Command

from .roles import APPROVERS


def values_to_create(scene, model, login):
    """Return plausible values of a new record that belongs to a user."""
    for find in (
        _of_approvals,
        _of_excesses,
        _of_deposits,
        _of_budgets,
        _of_supply,
        _of_desks,
        _of_timeline,
        _of_urgency,
        _of_questions,
        _of_customer_data,
        _of_reports,
    ):
        values = find(scene, model, login)
        if values is not None:
            return values
    raise LookupError(f"values_to_create() has no values for {model}: add them.")


def _of_approvals(scene, model, login):
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
        case "approval.verification.run":
            return {"summary": "New"}
        case "approval.verification.finding":
            run = scene.theirs["approval.verification.run"]["done"]
            return {"run_id": run, "text": "New"}
        case "approval.link":
            task = scene.theirs["approval.task"]["purchase.order waiting"]
            return {"task_id": task, "user_id": user, "expires_at": "2090-01-01"}
        case "approval.trial":
            return {"model_id": scene.model_ids["test.approval.document"]}
        case "approval.trial.question":
            return {"trial_id": scene.theirs["approval.trial"]["amount"], "text": "?"}
        case "approval.process" | "approval.task" | "approval.log":
            return {"company_id": 1, "process_id": process, "user_id": user}
        case "test.approval.document":
            return {"name": "New"}
    return None


def _of_excesses(scene, model, login):
    line = scene.theirs["purchase.order.line"]["draft"]
    match model:
        case "purchase.excess":
            return {"flow": "bill", "partner_id": scene.partner, "company_id": 1}
        case "purchase.excess.line":
            excess = scene.theirs["purchase.excess"]["waiting"]
            return {"excess_id": excess, "order_line_id": line, "quantity": 1}
        case "purchase.excess.ask":
            return {"reason": "New"}
        case "purchase.excess.ask.line":
            ask = scene.own["purchase.excess.ask"].get(login)
            ask = ask or scene.theirs["purchase.excess.ask"]["asked"]
            return {"ask_id": ask, "order_line_id": line, "quantity": 1}
    return None


def _of_deposits(scene, model, login):
    match model:
        case "deposit.cancellation":
            order = scene.theirs["purchase.order"]["draft"]
            return {"order_ids": [Command.set([order])]}
        case "deposit.adoption":
            return {"deposit_id": scene.theirs["supplier.deposit"]["draft"]}
        case "deposit.claim" | "deposit.claim.ask":
            deposit = scene.theirs["supplier.deposit"]["approved"]
            return {"deposit_id": deposit, "amount": 1, "reason": "New"}
        case "deposit.manual":
            order = scene.theirs["purchase.order"]["approved"]
            return {"order_id": order, "amount": 1}
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
    return None


def _of_budgets(scene, model, login):
    budget = scene.own["spend.budget"].get(login)
    budget = budget or scene.theirs["spend.budget"]["draft"]
    match model:
        case "spend.budget":
            dates = {"date_from": "2070-01-01", "date_to": "2070-12-31"}
            return {"name": "New", "user_id": scene.users[login], **dates}
        case "spend.budget.line":
            account = scene.theirs["account.analytic.account"]["spare"]
            return {"budget_id": budget, "account_id": account, "amount": 1}
        case "spend.closing" | "spend.split":
            return {"budget_id": budget}
        case "spend.import":
            return {"budget_id": budget, "file": "QQ=="}
        case "spend.rest.closing":
            order = scene.theirs["purchase.order"]["approved"]
            return {"order_id": order, "reason": "New"}
        case "spend.transfer.wizard":
            line = scene.own["spend.budget.line"].get(login)
            line = line or scene.theirs["spend.budget.line"]["draft"]
            lines = {"from_line_id": line, "to_line_id": line}
            return {**lines, "amount": 1, "reason": "New"}
        case "spend.transfer.request":
            line = scene.own["spend.budget.line"].get(login)
            line = line or scene.theirs["spend.budget.line"]["draft"]
            return {"to_line_id": line, "amount": 1, "reason": "New"}
        case "spend.entry" | "spend.forecast" | "spend.transfer":
            return {"amount": 1, "reason": "changed"}
    return None


def _of_urgency(scene, model, login):
    match model:
        case "urgency.level":
            return {"name": "New"}
        case "urgency.answer":
            return {"answer": "refuse", "res_model": "sale.order", "res_ids": [1]}
        case "urgency.change":
            order = scene.theirs["sale.order"]["draft"]
            return {"res_model": "sale.order", "res_id": order}
        case "urgency.confirmation":
            return {"sale_id": scene.theirs["sale.order"]["draft"]}
        case "urgency.case.state" | "urgency.case.change":
            return {"sale_id": scene.theirs["sale.order"]["draft"]}
        case "urgency.quota" | "urgency.case" | "urgency.displacement":
            return {"user_id": scene.users[login], "level_id": 1}
    return None


_OF_TIMELINE = {
    "timeline.change": {"source": "sale_order", "res_id": 1, "operation": "fill"},
    "timeline.event": {
        "date": "2030-01-01 08:00:00",
        "kind": "sale.confirmed",
        "res_model": "sale.order",
        "res_id": 1,
        "source": "sale.order,1,sale.confirmed,1",
    },
    "timeline.span": {"department": "nobody", "date_from": "2030-01-01 08:00:00"},
}


def _of_supply(scene, model, login):
    match model:
        case "supply.link":
            return {"kind": "mto", "state": "open", "quantity": 1}
        case "supply.state":
            order = scene.theirs["sale.order"]["draft"]
            return {"order_id": order, "quantity": 1}
        case "supply.change":
            return {"product_id": 1}
        case "supply.swap":
            return {"quantity": 1, "borrower_id": 1, "lender_id": 1}
        case "supply.waiting":
            return {"sale_name": "New", "quantity": 1}
        case "supply.pace":
            return {"kind": "approval", "company_id": 1}
        case "supply.promise" | "supply.promise.version":
            return {"company_id": 1, "told_on": "2030-01-01"}
        case "supply.promise.gone":
            return {"sale_line_id": 1}
        case "supply.promise.tell":
            return {"order_id": scene.theirs["sale.order"]["draft"]}
        case "supply.promise.tell.line":
            return {"tell_id": scene.theirs["supply.promise.tell"]["told"]}
    return None


def _of_desks(scene, model, login):
    match model:
        case "supply.answer":
            line = next(iter(scene.theirs["purchase.order.line"].values()))
            return {"line_id": line, "quantity": 1}
        case "supply.quote":
            return {"outcome": "lost", "company_id": 1}
        case "supply.buy":
            return {"left_out": "New"}
        case "supply.buy.line":
            return {"buy_id": scene.theirs["supply.buy"]["told"], "quantity": 1}
        case "supply.decision":
            return {"kind": "undo", "reason": "New"}
        case "supply.rescue" | "supply.need":
            return {"quantity": 1}
        case "supply.redate":
            return {"shift_days": 1}
    return None


def _of_timeline(scene, model, login):
    return _OF_TIMELINE.get(model)


def _of_questions(scene, model, login):
    match model:
        case "supply.question":
            return {"text": "New", "department": "purchase", "company_id": 1}
        case "supply.question.ask":
            order = scene.theirs["sale.order"]["draft"]
            about = {"res_model": "sale.order", "res_id": order}
            return {**about, "department": "purchase", "text": "New"}
        case "supply.question.reply":
            question = scene.own["supply.question"].get(login)
            question = question or scene.theirs["supply.question"]["open"]
            return {"question_id": question, "text": "New"}
        case "crm.lead.line":
            lead = scene.own["crm.lead"].get(login) or scene.theirs["crm.lead"]["open"]
            return {"lead_id": lead, "product_id": scene.wanted, "quantity": 1}
        case "crm.lead.demand":
            return {"quantity": 1}
        case "customer.access":
            return {"partner_id": 1, "reader": 1, "until": "2030-01-01"}
        case "customer.access.request":
            return {"partner_id": 1, "user_id": 1}
        case "customer.share":
            return {
                "partner_id": 1,
                "user_id": 2,
                "until": "2030-01-01",
                "reason": "New",
            }
        case "customer.claim":
            return {"value": 1, "moment": "2030-01-01 12:00:00"}
        case "customer.hint":
            return {"user_id": 1, "day": "2030-01-01", "value": 1}
        case "customer.duplicate":
            return {"partner_id": 1, "other_id": scene.partner, "level": "sure"}
        case "customer.merge":
            return {"survivor": 1, "sources": [scene.partner]}
        case "customer.merge.undo":
            return {"merge_id": scene.theirs["customer.merge"]["kept"]}
        case "customer.merge.wizard":
            return {"partner_ids": [scene.partner]}
        case "customer.key":
            return {"partner_id": 1, "kind": "name", "value": 1}
    return None


def _of_customer_data(scene, model, login):
    match model:
        case "customer.field.rule":
            return {"name": "New"}
        case "customer.changed":
            return {"partner": 1}
        case "customer.mark":
            return {"name": f"Of {login}", "place": 1}
        case "customer.level" | "customer.salutation":
            return {"name": f"Of {login}"}
    return None


def _of_reports(scene, model, login):
    return {"company_id": 1} if model.startswith("cx.") else None
