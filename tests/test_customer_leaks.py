"""Salespeople who see their own customers only, and everything that names customers.

The models come from the registry: a new one that such a salesperson may read, and that
names partners, is closed (``customer_base``'s list) or excused here, in words. So is a
new field of one that is closed. Some salespeople keep books, buy or work in a warehouse
besides: they get more documents by it, not more customers.
"""

from contextlib import closing
from itertools import count

import pytest

from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import AccessError, UserError

from odoo.addons.customer_base.models.ir_rule import CLOSED

from office import copied_registry
from tools.inside import records

#: Beside many-to-one fields: those that say a model and an id.
RELATIONS = {"many2one", "reference", "many2one_reference"}
_OWN = "core lets salespeople read their own only"
_FOLLOWS = "who reads the document reads this, nobody else"
_TRIED = "made of documents, with the rights of who looks; tried below"
_OURS = "names us: our companies, places and colleagues"
_VENDOR = "whom we buy from is known to all who sell"

#: What somebody may be besides a salesperson with own documents only. Administrators of
#: approvals, people and settings see what they administer: they get *All Documents*.
JOBS = {
    "nothing else": [],
    "invoicing": ["account.group_account_invoice"],
    "bookkeeper": ["account.group_account_user"],
    "buyer": ["purchase.group_purchase_user"],
    "storekeeper": ["stock.group_stock_user"],
    "invoicing and buyer": [
        "account.group_account_invoice",
        "purchase.group_purchase_user",
    ],
    "buyer and storekeeper": [
        "purchase.group_purchase_user",
        "stock.group_stock_user",
    ],
    "invoicing and storekeeper": [
        "account.group_account_invoice",
        "stock.group_stock_user",
    ],
    "all of it": [
        "account.group_account_manager",
        "account.group_account_user",
        "analytic.group_analytic_accounting",
        "base.group_partner_manager",
        "customer_base.group_customer_review",
        "customer_base.group_merge",
        "hr_expense.group_hr_expense_team_approver",
        "mrp.group_mrp_manager",
        "product.group_product_manager",
        "purchase.group_purchase_manager",
        "spend_budget.group_budget_user",
        "stock.group_stock_manager",
        "urgent_orders.group_urgency_manager",
    ],
}
EXCUSED = {
    "approval.process": "who asks and who decides read it, nobody else; tried below",
    "approval.task": "who asks and who decides read it, nobody else; tried below",
    "calendar.event": "its partners are many, and only those one may read are shown; "
    "what a title says is its owner's, who can make it private",
    "customer.access.request": "leaders decide, and see whom",
    "customer.share": "what is shared with me, or mine",
    "cx.approval.report": _TRIED,
    "cx.case.step.report": _TRIED,
    "cx.conversion.report": _TRIED,
    "cx.waiting.report": _TRIED,
    "discuss.channel.member": "who talks with me in a channel",
    "hr.employee.public": _OURS,
    "hr.work.location": _OURS,
    "ir.attachment": _FOLLOWS,
    "ir.ui.menu": "names actions",
    "mail.activity": "who reads the document reads this, and who was given it, whom it "
    "names nobody: see test_access_mail.py of customer_base",
    "mail.message": "who reads the document reads this, and who was sent it: what it "
    "says stays with them, what it is about is not named (test_access_mail.py)",
    "mail.scheduled.message": _FOLLOWS,
    "product.supplierinfo": _VENDOR,
    "res.company": _OURS,
    "res.partner": "the rule itself; who reads a contact reads all above it",
    "res.users": "has the partner's rule",
    "res.users.settings.volumes": _OWN,
    "spend.entry": "who owns the budget reads it: whom it pays",
    "stock.rule": _OURS,
    "stock.warehouse": _OURS,
    "supply.question": "asked about a document that one reads, or of one's department; "
    "tried below",
}

#: Fields of closed models that do not count.
EXCUSED_FIELDS = {
    "account.invoice.report.commercial_partner_id": "the company of its customer",
    "account.move.commercial_partner_id": "the company of its customer",
    "crm.activity.report.author_id": "who wrote it: a colleague, or the customer",
    "mail.followers.res_id": "says of what, not what that is called",
    "mail.notification.author_id": "who wrote what was sent to me",
    "purchase.report.commercial_partner_id": "the company of its vendor",
    "sale.report.commercial_partner_id": "the company of its customer",
    "sale.report.order_reference": "of an order of the same customer",
    "supply.need.vendor_id": _VENDOR,
    "supply.promise.faster_vendor_id": _VENDOR,
    "urgency.displacement.cause_id": "its number is kept, not its customer",
    "urgency.displacement.document_id": "an order of the same customer",
}

#: Fields that may have a name in them, and of how many of the newest records.
TELLING = {"char", "text", "html", "json", "many2one", "reference", "properties"}
LOOKED_AT = 50

#: What is unique gets one of these.
NUMBERS = count(1)

#: Documents without which their parts are read by nobody.
ABOVE = {
    "account.move": {"move_type": "out_invoice"},
    "calendar.event": {
        "name": "Meeting",
        "start": "2026-11-28 10:00:00",
        "stop": "2026-11-28 11:00:00",
    },
    "purchase.order": {"partner_id": 1},
}


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
    user = _user(env, "leaks-owner")
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
    other = _user(env, "leaks-other")
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
    return _user(env, "leaks-everything", *JOBS["all of it"])


def _user(env, login, *groups):
    groups = [
        env.ref(group).id for group in ("sales_team.group_sale_salesman", *groups)
    ]
    return env["res.users"].create(
        {"name": login, "login": login, "group_ids": [(6, 0, groups)]}
    )


def _names_partners(model):
    return any(map(_is_naming, model._fields.values()))


def _is_naming(field):
    return (
        field.store
        and field.type in RELATIONS
        and (field.type != "many2one" or field.comodel_name == "res.partner")
    )


def _readable(env, user):
    """Return the models that a user may read, and that name partners."""
    access = env["ir.model.access"].with_user(user)
    return {
        name
        for name, model in env.items()
        if not model._abstract
        and not model._transient
        and access.check(name, "read", raise_exception=False)
        and _names_partners(model)
    }


@pytest.mark.parametrize("job", JOBS)
def test_everything_that_names_customers_is_closed_or_excused(env, owner, job):
    user = _user(env, "leaks-job", *JOBS[job])
    assert user._has_own_customers_only(), f"{job}: sees everybody's"
    names = _readable(env, user)
    open_ = sorted(names - set(CLOSED) - set(EXCUSED))
    assert not open_, (
        f"Salespeople with own customers only, {job}, read {open_}: add each to CLOSED "
        "of customer_base, or say in EXCUSED why others' customers are safe there."
    )


def test_every_field_that_names_customers_is_closed_or_excused(env, owner):
    naming = {
        f"{name}.{field.name}"
        for name, (closed, _own) in CLOSED.items()
        if name in env
        for field in env[name]._fields.values()
        if _is_naming(field) and field.name not in closed
    }
    assert naming == set(EXCUSED_FIELDS), (
        "Add each to its model in CLOSED of customer_base, or say in EXCUSED_FIELDS "
        "why others' customers are safe there; take away what is there no more."
    )


def test_nothing_is_both_closed_and_excused():
    assert not set(CLOSED) & set(EXCUSED)


def test_what_is_closed_exists(env):
    for name, (fields, own) in CLOSED.items():
        if name not in env:
            continue
        for path in [*fields, *([own] if own else [])]:
            model = env[name]
            for field in path.split("."):
                assert field in model._fields, f"{name}: {path}"
                model = env.get(model._fields[field].comodel_name)


def _insert(env, name, partners):
    """Insert a record of a model that names partners, past all checks: for what needs
    many others to be made.

    :param dict partners: by field
    """
    model = env[name]
    values = {}
    for field in model._fields.values():
        if not field.store or not field.column_type or field.name == "id":
            continue
        if field.type == "many2one" and field.comodel_name == "res.partner":
            if field.name in partners:
                values[field.name] = partners[field.name].id
        elif field.name in ("company_id",):
            values[field.name] = env.company.id
        elif field.name == "active":
            values[field.name] = True
        elif field.required or field.name in ("name", "state"):
            values[field.name] = _some(env, field, next(NUMBERS))
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    _loosen(env, model._table)
    env.cr.execute(
        f'INSERT INTO "{model._table}" ({columns}) VALUES ({marks}) RETURNING id',
        list(values.values()),
    )
    (record,) = env.cr.fetchone()
    env.invalidate_all()
    return model.browse(record)


def _loosen(env, table):
    """Take away what a table demands of its rows, until the test is rolled back."""
    env.flush_all()
    env.cr.execute(
        "SELECT conname FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype IN ('f', 'c')",
        (table,),
    )
    for (name,) in env.cr.fetchall():
        env.cr.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')


def _some(env, field, number):
    match field.type:
        case "boolean":
            return False
        case "integer" | "float" | "monetary" | "many2one_reference":
            return number
        case "many2one":
            above = env[field.comodel_name]
            found = above.search([], limit=1)
            if not found and above._name in ABOVE:
                found = above.create(ABOVE[above._name])
            return found.id or 1
        case "date":
            return "2026-11-28"
        case "datetime":
            return "2026-11-28 10:00:00"
        case "selection":
            return next(iter(field.get_values(env)), None)
        case "json" | "properties":
            return "{}"
        case _:
            return '{"en_US": "x"}' if field.translate else f"x{number}"


def _get_direct(name):
    """Return the fields by which a closed model itself names partners."""
    return [field for field in CLOSED[name][0] if "." not in field]


def _is_view(model):
    return not model._auto or bool(model._table_query)


def _direct(name):
    """Return the fields by which a model itself names partners."""
    return [field for field in CLOSED[name][0] if "." not in field]


#: Closed models that nobody inserts anything into: they are tried with documents.
VIEWS = {
    "account.invoice.report",
    "crm.activity.report",
    "cx.delivery.report",
    "cx.revenue.report",
    "cx.urgency.report",
    "cx.vendor.report",
    "purchase.bill.line.match",
    "purchase.bill.union",
    "purchase.report",
    "sale.report",
    "supply.need",
    "urgency.case",
    "vendor.delay.report",
}

#: Closed models that are tried elsewhere.
NOT_INSERTED = {
    "crm.lead.line": "names a lead; tried below",
    "mrp.production": "names a line of an order; tried below",
    "product.attribute.custom.value": "likewise",
    "loyalty.card": "of an addon that is not installed here: test_customer_loyalty.py",
    "loyalty.history": "likewise",
}


def test_nothing_is_left_out_that_is_not_named(env, everything):
    """What the tests below do not try is in one of the two lists, and nothing else."""
    readable = _readable(env, everything)
    views = {name for name in CLOSED if name in env and _is_view(env[name])}
    assert views == VIEWS
    assert not views - readable
    assert set(CLOSED) - views - readable == set(NOT_INSERTED)


def test_a_document_of_a_hidden_customer_is_hidden(env, owner, everything, hidden):
    """By each of its fields, whomever the others name. One's own, and a vendor's, is
    seen as without the rule: nothing shows that by hiding everything."""
    own = env["res.partner"].create({"name": "Own", "user_id": everything.id})
    vendor = env["res.partner"].create({"name": "Vendor", "supplier_rank": 1})
    tried, leaks = set(), set()
    seen = {}
    for name in sorted(set(CLOSED) - VIEWS - set(NOT_INSERTED)):
        fields = _get_direct(name)
        for field in fields:
            partners = {**dict.fromkeys(fields, own), field: hidden}
            for user in owner, everything:
                if _is_seen(env, name, partners, user):
                    leaks.add((name, field, user.login))
            tried.add((name, field))
        for other in own, vendor:
            partners = dict.fromkeys(fields, other)
            seen[name, other] = _is_seen(env, name, partners, everything)
    assert not leaks
    assert len(tried) >= len(CLOSED) - len(VIEWS) - len(NOT_INSERTED)
    env["customer.access"]._switch(False)
    for (name, other), was_seen in seen.items():
        partners = dict.fromkeys(_get_direct(name), other)
        assert was_seen == _is_seen(env, name, partners, everything), (name, other.name)


def _get_direct(name):
    """Return the fields by which a closed model itself names partners."""
    return [field for field in CLOSED[name][0] if "." not in field]


def _is_view(model):
    return not model._auto or bool(model._table_query)


def _is_seen(env, name, partners, user):
    """Return whether a user sees a record that names these partners."""
    with closing(env.cr.savepoint()):  # some may not be deleted
        record = _insert(env, name, partners)
        record = record.with_user(user).with_context(active_test=False)
        seen = record.has_access("read")
        if record.browse().has_access("read"):
            assert seen == bool(record.search([("id", "=", record.id)]))
    return seen


def test_nobody_learns_by_a_tax_code(env, owner, hidden):
    own = env["res.partner"].search([("user_id", "=", owner.id)], limit=1)
    form = own.with_user(owner).new(origin=own)
    form.vat = hidden.vat
    shown = form.with_user(owner).same_vat_partner_id
    assert not shown or shown.id != hidden.id


def test_messages_of_a_hidden_customer_are_hidden(env, owner, hidden):
    message = hidden.message_post(body="Zyxhidden wants a price")
    messages = env["mail.message"].with_user(owner)
    assert not messages.search([("id", "=", message.id)])
    assert not message.with_user(owner).has_access("read")


def test_a_lead_of_nobody_without_a_customer(env, owner):
    lead = env["crm.lead"].create(
        {"name": "Zyx", "partner_name": "Zyxhidden", "user_id": False}
    )
    assert not lead.with_user(owner).has_access("read")
    env["ir.config_parameter"].set_param("customer_base.see_unowned", "True")
    env.invalidate_all()
    assert lead.with_user(owner).has_access("read")


def test_many_partners_are_shown_as_far_as_one_may_read(env, owner, hidden):
    event = env["calendar.event"].create(
        {
            "name": "Meeting",
            "start": "2026-11-28 10:00:00",
            "stop": "2026-11-28 11:00:00",
            "partner_ids": [(6, 0, hidden.ids)],
        }
    )
    env.flush_all()
    env.invalidate_all()
    read = event.with_user(owner).web_read(
        {"partner_ids": {"fields": {"display_name": {}}}}
    )
    assert "Zyxhidden" not in str(read)


# ------------------------------------------------------------
# WHAT IS EXCUSED
# ------------------------------------------------------------


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
    approver = _user(env, "leaks-approver")
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


#: Those that are excused because rights to the document, or who is asked, hide it.
TRIED = {
    "approval.process",
    "approval.task",
    "cx.approval.report",
    "cx.case.step.report",
    "cx.conversion.report",
    "cx.waiting.report",
    "supply.question",
}


def _read_all(env, name, user):
    found = env[name].with_user(user).with_context(active_test=False)
    if not found.has_access("read"):
        return ""
    names = [field.name for field in found._fields.values() if field.type in TELLING]
    names = [
        name for name in names if found._has_field_access(found._fields[name], "read")
    ]
    return str(found.search([]).read(names))


def test_what_is_a_view_or_excused_tells_nothing_of_a_hidden_customer(
    env, owner, everything, told
):
    root = env.ref("base.user_root")
    unsaid, leaks = set(), set()
    for name in sorted(TRIED | VIEWS):
        if "Zyxhidden" not in _read_all(env, name, root):
            unsaid.add(name)
        for user in owner, everything:
            is_asked = name == "supply.question" and user == everything
            if not is_asked and "Zyxhidden" in _read_all(env, name, user):
                leaks.add((name, user.login))
    assert not leaks
    assert not unsaid, "nothing of the customer is there, so that this proves nothing"


#: Records that name a hidden customer to all who sell, and why that is right.
KNOWN = {
    "product.supplierinfo": _VENDOR,
    "stock.reference": "has the numbers of orders, which only this test gives a name",
}


#: What callers may ask names to be made of.
NAMES = {
    "active_test": False,
    "partner_show_db_id": True,
    "sale_show_order_product_name": True,
    "sale_show_partner_name": True,
    "show_address": True,
    "show_email": True,
}


@pytest.mark.parametrize("job", ["nothing else", "all of it"])
def test_no_field_of_any_record_names_a_hidden_customer(
    env, owner, everything, told, job
):
    """Computed fields too, of all records that such a salesperson may read."""
    user = everything if JOBS[job] else owner
    access = env["ir.model.access"].with_user(user)
    naming = set()
    for name, model in env.items():
        if model._abstract or model._transient or name in KNOWN:
            continue
        if not access.check(name, "read", raise_exception=False):
            continue
        found = env[name].with_user(user).with_context(**NAMES)
        try:
            found = found.search([], limit=LOOKED_AT, order="id desc")
        except UserError:
            continue  # Odoo's own means
        for field in model._fields.values():
            if field.type in TELLING and found._has_field_access(field, "read"):
                try:
                    told_by = str(found.read([field.name]))
                except (UserError, ValueError):
                    continue
                if JOBS[job]:
                    # who buys, and who fetches goods, knows orders by their numbers
                    told_by = told_by.replace("Zyxhidden's ", "")
                if "Zyxhidden" in told_by:
                    naming.add(f"{name}.{field.name}")
                env.invalidate_all()
    assert not naming


#: Documents that are called as their customer, or after them; and what names one of
#: them to all who sell, and why that is right.
TELLING_DOCUMENTS = {"crm.lead", "sale.order.line"}
NAMING_DOCUMENTS = {
    "calendar.event": "leaves out leads of hidden customers; tried below",
    "cx.case.step.report": _TRIED,
    "cx.conversion.report": _TRIED,
    "cx.waiting.report": _TRIED,
}


def test_everything_that_names_telling_documents_is_closed_or_excused(env, everything):
    access = env["ir.model.access"].with_user(everything)
    names = {
        name
        for name, model in env.items()
        if not model._abstract
        and not model._transient
        and access.check(name, "read", raise_exception=False)
        and any(
            field.type == "many2one" and field.comodel_name in TELLING_DOCUMENTS
            for field in model._fields.values()
        )
    }
    assert names - set(CLOSED) == set(NAMING_DOCUMENTS)


def test_what_names_a_telling_document_tells_nothing_of_a_hidden_customer(
    env, owner, everything, hidden, told
):
    own = env["res.partner"].create({"name": "Zyxown", "user_id": owner.id})
    line = env["sale.order.line"].search([("order_partner_id", "=", hidden.id)])[:1]
    mine = line.order_id.copy({"partner_id": own.id, "user_id": owner.id}).order_line
    leads = env["crm.lead"].create(
        [
            {"name": "Zyxhidden of nobody", "partner_id": hidden.id, "user_id": False},
            {"name": "Zyxhidden unknown", "user_id": False},
            {"name": "Zyxown wants beds", "partner_id": own.id, "user_id": owner.id},
        ]
    )
    leads |= env["crm.lead"].search([("partner_id", "=", hidden.id)])
    lines = env["crm.lead.line"].create(
        [{"lead_id": lead.id, "product_id": line.product_id.id} for lead in leads]
    )
    colour = env["product.attribute"].create(
        {
            "name": "Colour",
            "create_variant": "no_variant",
            "value_ids": [(0, 0, {"name": "As wanted", "is_custom": True})],
        }
    )
    choice = env["product.template.attribute.line"].create(
        {
            "product_tmpl_id": line.product_id.product_tmpl_id.id,
            "attribute_id": colour.id,
            "value_ids": [(6, 0, colour.value_ids.ids)],
        }
    )
    for each in line, mine:
        env["product.attribute.custom.value"].create(
            {
                "custom_product_template_attribute_value_id": (
                    choice.product_template_value_ids.id
                ),
                "custom_value": "Green",
                "sale_order_line_id": each.id,
            }
        )
        env["mrp.production"].create(
            {"product_id": line.product_id.id, "product_qty": 1}
        ).sale_line_id = each
    events = env["calendar.event"].create(
        [
            {
                "name": "Meeting",
                "start": "2026-11-28 10:00:00",
                "stop": "2026-11-28 11:00:00",
                "opportunity_id": lead.id,
                "partner_ids": [(5,)],
            }
            for lead in leads
        ]
    )
    env.flush_all()
    env.invalidate_all()
    root = env.ref("base.user_root")
    for name, field in (
        ("crm.lead.line", "lead_id"),
        ("product.attribute.custom.value", "sale_order_line_id"),
        ("mrp.production", "sale_line_id"),
        ("calendar.event", "opportunity_id"),
    ):
        for user, is_told in (root, True), (owner, False), (everything, False):
            found = env[name].with_user(user)
            said = str(found.search([]).read([field]))
            env.invalidate_all()
            assert ("Zyxhidden" in said.replace("Zyxhidden's ", "")) == is_told, (
                name,
                user.login,
            )
            if user != everything:
                assert "Zyxown" in said, (name, user.login)
    assert len(lines) == len(events) == len(leads)


# ------------------------------------------------------------
# WINDOWS AND FORMS
# ------------------------------------------------------------

#: Models whose records of the hidden customer windows and forms are opened on.
OPENED = (
    "account.move",
    "account.move.line",
    "crm.lead",
    "purchase.order",
    "purchase.order.line",
    "sale.order",
    "stock.move",
    "stock.picking",
)


def _open(user, model, documents):
    """Return a window, or a form, as it opens on documents: by every field that may
    take them."""
    context = {
        "active_model": documents._name,
        "active_id": documents[:1].id,
        "active_ids": documents.ids,
    }
    for name, field in model._fields.items():
        if name in ("model", "res_model"):
            value = documents._name
        elif name in ("res_id", "thread_id"):
            value = documents[:1].id
        elif name == "res_ids":
            value = str(documents.ids)
        elif field.relational and field.comodel_name == documents._name:
            ids = documents.ids
            value = ids[0] if field.type == "many2one" else [(6, 0, ids)]
        elif field.type == "reference":
            value = f"{documents._name},{documents[:1].id}"
        else:
            continue
        context[f"default_{name}"] = value
    return model.with_user(user).with_context(**context)


def _takes(model, documents):
    """Return whether a record of a model may be opened on documents."""
    return model._transient or any(
        field.comodel_name == documents._name
        if field.relational
        else field.type in ("reference", "many2one_reference")
        for field in model._fields.values()
    )


def _show(window):
    """Yield what a client asks for when a window opens, and when it is confirmed."""
    shown = {
        name: {"fields": {"display_name": {}}} if field.relational else {}
        for name, field in window._fields.items()
        if window._has_field_access(field, "read")
    }
    yield lambda: window.onchange({}, [], shown)
    yield lambda: window.create({}).web_read(shown)


def _say(env, call):
    """Return what a call says, be it that it fails."""
    try:
        with closing(env.cr.savepoint()):
            return str(call())
    except Exception as error:  # of any kind: not all windows are for all documents
        return str(error)
    finally:
        env.invalidate_all(flush=False)


def test_no_window_or_form_tells_of_a_hidden_customer(
    env, everything, hidden, told, monkeypatch
):
    """They are filled with what they are opened on, some of it past all rules."""
    own = [("partner_id", "=", hidden.id)]
    opened = [hidden, *(env[name].search(own) for name in OPENED)]
    lines = env["sale.order.line"].search([("order_partner_id", "=", hidden.id)])
    opened.append(lines)
    for documents in opened:
        assert documents, documents._name
    env.flush_all()
    leads = env["crm.lead"].search(own)
    window = _open(env.ref("base.user_root"), env["crm.merge.opportunity"], leads)
    assert any("Zyxhidden" in _say(env, call) for call in _show(window)), (
        "windows say nothing to anybody, so that this proves nothing"
    )
    # as in a request of that user
    monkeypatch.setattr(env.transaction, "default_env", env(user=everything.id))
    access = env["ir.model.access"].with_user(everything)
    telling = set()
    for name, model in env.items():
        if model._abstract or not access.check(name, "create", raise_exception=False):
            continue
        for documents in opened:
            if not _takes(model, documents):
                continue
            for call in _show(_open(everything, model, documents)):
                if "Zyxhidden" in _say(env, call).replace("Zyxhidden's ", ""):
                    telling.add((name, documents._name))
    assert not telling


# ------------------------------------------------------------
# WHAT IS ASKED, NOT READ
# ------------------------------------------------------------


@pytest.fixture
def family(env, owner):
    """A contact of the owner under a company; beside it one whom somebody else has."""
    other = _user(env, "leaks-sibling")
    firm = env["res.partner"].create({"name": "Firm", "is_company": True})
    mine, sibling = env["res.partner"].create(
        [
            {"name": "Own", "parent_id": firm.id, "user_id": owner.id},
            {"name": "Zyxhidden", "parent_id": firm.id, "user_id": other.id},
        ]
    )
    as_other = env(user=other.id)
    as_other["crm.lead"].create(
        {
            "name": "Zyxhidden wants beds",
            "partner_id": sibling.id,
            "type": "opportunity",
            "user_id": other.id,
        }
    )
    product = env["product.product"].create({"name": "Bed", "is_storable": True})
    order = as_other["sale.order"].create(
        {
            "partner_id": sibling.id,
            "user_id": other.id,
            "name": "Zyxhidden's order",
            "order_line": [(0, 0, {"product_id": product.id})],
        }
    )
    order.with_env(env).action_confirm()
    sibling.message_post(
        body="Zyxhidden", message_type="comment", partner_ids=sibling.ids
    )
    env["calendar.event"].create(
        {
            "name": "Zyxhidden",
            "start": "2026-11-28 10:00:00",
            "stop": "2026-11-28 11:00:00",
            "partner_ids": [(6, 0, sibling.ids)],
            "res_model_id": env["ir.model"]._get_id("res.partner"),
            "res_id": sibling.id,
        }
    )
    own = env["crm.lead"].create(
        {
            "name": "Own lead",
            "partner_id": mine.id,
            "type": "opportunity",
            "user_id": owner.id,
        }
    )
    own.message_post(body="x", message_type="comment", partner_ids=mine.ids)
    env.flush_all()
    while env["timeline.change"]._follow_batch():
        pass
    env.flush_all()
    env.invalidate_all()
    return firm, mine, sibling


def _tell_story(env, user, record):
    """Return all that the API says of the story of a record."""
    asked = record._name, record.id
    feed, lanes = env["timeline.feed"].with_user(user), env["timeline.lanes"]
    head = feed.get_head(*asked)
    page = feed.get_page(*asked, limit=200)
    return {
        "head": head,
        "page": page,
        "searched": feed.get_page(*asked, search="Zyxhidden")["events"],
        "lanes": lanes.with_user(user).get_lanes(*asked),
    }


def test_the_story_of_a_hidden_customer_is_told_to_nobody_else(env, owner, told):
    for name, domain in (
        ("res.partner", [("name", "=", "Zyxhidden")]),
        ("crm.lead", [("name", "=", "Zyxhidden wants beds")]),
        ("sale.order", [("name", "like", "Zyxhidden")]),
        ("purchase.order", [("name", "like", "Zyxhidden")]),
    ):
        found = env[name].search(domain)
        assert found
        for record in found:
            assert "Zyxhidden" in str(_tell_story(env, SUPERUSER_ID, record))
            for method in "get_head", "get_page":
                with pytest.raises(AccessError):
                    getattr(env["timeline.feed"].with_user(owner), method)(
                        name, record.id
                    )
            with pytest.raises(AccessError):
                env["timeline.lanes"].with_user(owner).get_lanes(name, record.id)


def test_the_story_of_an_own_lead_leaves_out_orders_of_others(env, owner, told):
    mixed = env["crm.lead"].search([("name", "=", "Mixed")])
    assert "Zyxhidden" in str(_tell_story(env, SUPERUSER_ID, mixed))
    story = _tell_story(env, owner, mixed)
    assert story["page"]["events"]
    assert "Zyxhidden" not in str(story)


def test_the_story_of_a_company_leaves_out_contacts_of_others(env, owner, family):
    """Not only their names: that they were written to, and met, is theirs too."""
    firm, mine, sibling = family
    everything = _tell_story(env, SUPERUSER_ID, firm)
    assert "Zyxhidden" in str(everything)
    for record in firm, mine:
        story = _tell_story(env, owner, record)
        assert "Zyxhidden" not in str(story)
        told = {event["id"] for event in story["page"]["events"]}
        assert told
        of_sibling = env["timeline.event"].search([("partner_id", "=", sibling.id)])
        assert of_sibling & of_sibling.browse(
            event["id"] for event in everything["page"]["events"]
        )
        assert not told & set(of_sibling.ids)
    with pytest.raises(AccessError):
        _tell_story(env, owner, sibling)


@pytest.mark.parametrize("job", ["nothing else", "all of it"])
def test_who_makes_an_order_urgent_hears_of_no_hidden_customer(
    env, owner, everything, hidden, job
):
    """The preview counts what becomes late, and lists what one may open."""
    user = everything if JOBS[job] else owner
    product = env["product.product"].create({"name": "Bed", "is_storable": True})
    vendor = env["res.partner"].create({"name": "Vendor", "supplier_rank": 1})
    bought = {"product_id": product.id, "product_qty": 1, "price_unit": 5}
    records.purchase(env, vendor, bought).button_confirm()

    def sell(partner, moment):
        line = {"product_id": product.id}
        order = records.sale(env, partner, line, user_id=partner.user_id.id)
        order.action_confirm()
        order.order_line.move_ids.date = moment
        return order

    late = sell(hidden, "2026-12-05 10:00:00")
    own = env["res.partner"].create({"name": "Own", "user_id": user.id})
    order = sell(own, "2026-12-10 10:00:00")
    wizards = env["urgency.change"]
    values = {
        "res_model": "sale.order",
        "res_id": order.id,
        "urgency_level_id": env.ref("urgent_orders.urgency_level_urgent").id,
    }
    shown = {"displaced_html": {}}

    def preview(reader):
        env.flush_all()
        env.invalidate_all()
        wizard = wizards.with_user(reader)
        (read,) = wizard.create(values).web_read(shown)
        form = wizard.onchange(values, ["urgency_level_id"], shown)["value"]
        for html in read["displaced_html"], form["displaced_html"]:
            yield " ".join(html.split())

    for html in preview(SUPERUSER_ID):
        assert late.name in html
        assert "Zyxhidden" in html
    for html in preview(user):
        assert "1 of them are not listed" in html
        for name in "Zyxhidden", late.name, hidden.user_id.name:
            assert name not in html
    # who opens a delivery that names nobody does not hear whom its goods are for
    late.picking_ids.partner_id = False
    late.order_line.move_ids.write({"sale_line_id": False, "partner_id": hidden.id})
    for html in preview(SUPERUSER_ID):
        assert "Zyxhidden" in html
    for html in preview(user):
        assert "Zyxhidden" not in html
    values["res_id"] = late.id
    with pytest.raises(AccessError):
        next(preview(user))
