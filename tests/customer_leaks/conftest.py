"""A salesperson who sees their own customers only, and what is hidden from them."""

import pytest

from odoo.api import SUPERUSER_ID, Environment

from leaks import JOBS, add_user
from office import copied_registry
from tools.inside import records


@pytest.fixture(scope="module")
def registry():
    with copied_registry("leaks") as registry:
        yield registry


@pytest.fixture
def env(registry):
    with registry.cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
        cr.rollback()


@pytest.fixture
def owner(env):
    """A salesperson with ten customers; somebody else has one, with everything."""
    user = add_user(env, "leaks-owner")
    env["res.partner"].create(
        [{"name": f"Own {number}", "user_id": user.id} for number in range(10)]
    )
    access = env["customer.access"]
    access._switch(True)
    while access._fill():
        pass
    return user


@pytest.fixture
def hidden(env, owner):
    other = add_user(env, "leaks-other")
    return env["res.partner"].create(
        {
            "name": "Zyxhidden",
            "is_company": True,
            "user_id": other.id,
            "vat": "0100109106",
            "email": "zyxhidden@example.com",
        }
    )


@pytest.fixture
def everything(env, owner):
    """A salesperson of own customers too, who does all else."""
    return add_user(env, "leaks-everything", *JOBS["all of it"])


@pytest.fixture
def told(env, owner, everything, hidden):
    """A hidden customer with a case of every kind, who is a vendor as well: quoted,
    ordered, urgent, asked about, approved, bought, received, invoiced and paid."""
    other = env["res.users"].search([("login", "=", "leaks-other")])
    as_other = env(user=other.id)
    product = env["product.product"].create({"name": "Bed", "is_storable": True})
    line = {"product_id": product.id, "product_uom_qty": 1}
    lead = as_other["crm.lead"].create(
        {
            "name": "Zyxhidden wants beds",
            "partner_id": hidden.id,
            "type": "opportunity",
            "user_id": other.id,
        }
    )
    stages = env["crm.stage"].search([("is_won", "=", False)], limit=2)
    for stage in stages:
        lead.stage_id = stage
        env.flush_all()
    order = as_other["sale.order"].create(
        {
            "partner_id": hidden.id,
            "opportunity_id": lead.id,
            "user_id": other.id,
            "name": "Zyxhidden's order",
            "commitment_date": "2026-11-01 10:00:00",
            "order_line": [(0, 0, line)],
        }
    )
    # also an order of a lead that the owner may read
    own = env["res.partner"].search([("user_id", "=", owner.id)], limit=1)
    mixed = env["crm.lead"].create(
        {
            "name": "Mixed",
            "partner_id": own.id,
            "type": "opportunity",
            "user_id": owner.id,
        }
    )
    mixed_order = order.with_env(env).copy(
        {"opportunity_id": mixed.id, "name": "Zyxhidden's other order"}
    )
    for each in order, mixed_order:
        each.with_env(env).action_confirm()
    order.with_env(env).write(
        {
            "urgency_level_id": env.ref("urgent_orders.urgency_level_urgent").id,
            "urgency_reason": "Zyxhidden waits",
        }
    )
    _invoice(env, hidden, other)
    _buy(env, hidden)
    # colleagues tell the owner of the customer, and give them something to do
    for user in owner, everything:
        # an e-mail says in its subject what it is about: whoever sends one tells it
        user.notification_type = "inbox"
        hidden.message_notify(body="Call", partner_ids=user.partner_id.ids)
        lead.with_env(env).message_notify(body="Call", partner_ids=user.partner_id.ids)
        hidden.activity_schedule("mail.mail_activity_data_todo", user_id=user.id)
    done = lead.with_env(env).activity_schedule("mail.mail_activity_data_todo")
    done.action_feedback(feedback="Called")
    buyer = env.ref("base.user_admin")
    approver = add_user(env, "leaks-approver")
    step = records.step("Zyx", approver.ids)
    records.approval_rule(env, "purchase.order", step)
    bought = {"product_id": product.id, "product_qty": 1, "price_unit": 5}
    purchase = records.purchase(env(user=buyer.id), hidden, bought)
    purchase.name = "Zyxhidden's purchase"
    purchase.button_confirm()
    questions = as_other["supply.question"]
    questions._ask(order.order_line, "purchase", "When?", user=buyer)
    env.flush_all()
    for changes in "supply.change", "timeline.change":
        while env[changes]._follow_batch():
            env.flush_all()
    env.flush_all()
    env.invalidate_all()


def _invoice(env, partner, user):
    """Invoice a customer in the name of a salesperson; the customer pays."""
    bank = records.bank(env)
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_user_id": user.id,
            "invoice_date": "2026-11-02",
            "invoice_line_ids": [(0, 0, {"name": "Bed", "price_unit": 5})],
        }
    )
    invoice.action_post()
    wizards = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    wizards.create({"journal_id": bank.id}).action_create_payments()


def _buy(env, partner):
    """Buy from a customer who is a vendor as well: it has come, and a bill is there."""
    product = env["product.product"].create({"name": "Sheet", "is_storable": True})
    bought = {"product_id": product.id, "product_qty": 1, "price_unit": 5}
    order = records.purchase(env, partner, bought)
    order.name = "Zyxhidden's first purchase"
    order.button_confirm()
    order.picking_ids.move_ids.quantity = 1
    order.picking_ids.button_validate()
    late = records.purchase(env, partner, bought)
    late.button_confirm()
    late.picking_ids.move_ids.quantity = 1
    late.picking_ids.button_validate()
    late.action_create_invoice()
