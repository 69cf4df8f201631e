"""What names customers: walks through models, and those that are excused, in words.

The models come from the registry: a new one that a salesperson who sees their own
customers only may read, and that names partners, is closed (``_find_closed`` of
``customer_base``) or excused here. So is a new field of one that is closed. Some
salespeople keep books, buy or work in a warehouse besides: they get more documents by
it, not more customers.
"""

from contextlib import closing
from itertools import count

#: Beside many-to-one fields: those that say a model and an id.
RELATIONS = {"many2one", "reference", "many2one_reference"}
OWN = "core lets salespeople read their own only"
FOLLOWS = "who reads the document reads this, nobody else"
TRIED_BELOW = "made of documents, with the rights of who looks; tried beside"
OURS = "names us: our companies, places and colleagues"
VENDOR = "whom we buy from is known to all who sell"

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
    "approval.process": "who asks and who decides read it, nobody else; tried beside",
    "approval.task": "who asks and who decides read it, nobody else; tried beside",
    "calendar.event": "its partners are many, and only those one may read are shown; "
    "what a title says is its owner's, who can make it private",
    "customer.access.request": "leaders decide, and see whom",
    "customer.share": "what is shared with me, or mine",
    "cx.approval.report": TRIED_BELOW,
    "cx.case.step.report": TRIED_BELOW,
    "cx.conversion.report": TRIED_BELOW,
    "cx.waiting.report": TRIED_BELOW,
    "discuss.channel.member": "who talks with me in a channel",
    "hr.employee.public": OURS,
    "hr.work.location": OURS,
    "ir.attachment": FOLLOWS,
    "ir.ui.menu": "names actions",
    "mail.activity": "who reads the document reads this, and who was given it, whom it "
    "names nobody: see test_access_mail.py of customer_base",
    "mail.message": "who reads the document reads this, and who was sent it: what it "
    "says stays with them, what it is about is not named (test_access_mail.py)",
    "mail.scheduled.message": FOLLOWS,
    "product.supplierinfo": VENDOR,
    "res.company": OURS,
    "res.partner": "the rule itself; who reads a contact reads all above it",
    "res.users": "has the partner's rule",
    "res.users.settings.volumes": OWN,
    "spend.entry": "who owns the budget reads it: whom it pays",
    "stock.rule": OURS,
    "stock.warehouse": OURS,
    "supply.question": "asked about a document that one reads, or of one's department; "
    "tried beside",
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
    "supply.need.vendor_id": VENDOR,
    "supply.promise.faster_vendor_id": VENDOR,
    "urgency.displacement.cause_id": "its number is kept, not its customer",
    "urgency.displacement.document_id": "an order of the same customer",
}

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

#: Documents that are called as their customer, or after them.
TELLING_DOCUMENTS = {"crm.lead", "sale.order.line"}

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


def add_user(env, login, *groups):
    groups = [
        env.ref(group).id for group in ("sales_team.group_sale_salesman", *groups)
    ]
    return env["res.users"].create(
        {"name": login, "login": login, "group_ids": [(6, 0, groups)]}
    )


def names_partners(model):
    return any(map(is_naming, model._fields.values()))


def is_naming(field):
    return (
        field.store
        and field.type in RELATIONS
        and (field.type != "many2one" or field.comodel_name == "res.partner")
    )


def find_readable(env, user, is_meant=names_partners):
    """Return the models that a user may read, and that name partners.

    :param is_meant: which models are meant, if others are
    """
    access = env["ir.model.access"].with_user(user)
    return {
        name
        for name, model in env.items()
        if not model._abstract
        and not model._transient
        and access.check(name, "read", raise_exception=False)
        and is_meant(model)
    }


def names_telling_documents(model):
    """Return whether a model names a document that is called as its customer, or after
    them."""
    return any(
        field.type == "many2one" and field.comodel_name in TELLING_DOCUMENTS
        for field in model._fields.values()
    )


def insert(env, name, partners):
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
            values[field.name] = make_some(env, field, next(NUMBERS))
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    loosen(env, model._table)
    env.cr.execute(
        f'INSERT INTO "{model._table}" ({columns}) VALUES ({marks}) RETURNING id',
        list(values.values()),
    )
    (record,) = env.cr.fetchone()
    env.invalidate_all()
    return model.browse(record)


def loosen(env, table):
    """Take away what a table demands of its rows, until the test is rolled back."""
    env.flush_all()
    env.cr.execute(
        "SELECT conname FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype IN ('f', 'c')",
        (table,),
    )
    for (name,) in env.cr.fetchall():
        env.cr.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')


def make_some(env, field, number):
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


def find_closed(env):
    """Return the models that are closed, of those that are installed."""
    return set(env["ir.rule"]._find_closed())


def get_direct(env, name):
    """Return the fields by which a closed model itself names partners."""
    names, _own = env["ir.rule"]._get_closed(name)
    return [field for field in names if "." not in field]


def is_view(model):
    return not model._auto or bool(model._table_query)


def find_unknown(env):
    """Return paths that are said to name customers, or to be one's own, and lead
    nowhere."""
    # what is imported with conftest.py does not know our addons yet
    from odoo.addons.customer_base.models.ir_rule import CLOSED

    unknown = set()
    for name in find_closed(env):
        fields, own = CLOSED.get(name) or env[name]._named_customers
        for path in [*fields, *([own] if own else [])]:
            model = env[name]
            for field in path.split("."):
                if model is None or field not in model._fields:
                    unknown.add(f"{name}: {path}")
                    break
                model = env.get(model._fields[field].comodel_name)
    return unknown


def find_fields(env):
    """Return the fields that name customers, of closed models, which are not among
    those that say so."""
    return {
        f"{name}.{field.name}"
        for name in find_closed(env)
        for field in env[name]._fields.values()
        if is_naming(field) and field.name not in get_direct(env, name)
    }


def find_following(env):
    """Return the fields of documents, which may be seen without their customer, that
    are worked out of more than what the customer is called, and that nothing empties
    for whoever does not see the customer."""
    # what is imported with conftest.py does not know our addons yet
    from odoo.addons.customer_base.models.customer_following import CALLED, TREATED

    access = env["customer.access"]
    found = set()
    for name in find_closed(env):
        _names, own = env["ir.rule"]._get_closed(name)
        emptied = access._find_following(name) | TREATED.get(name, set())
        for field in env[name]._fields.values() if own else ():
            for path in env.registry.field_depends[field]:
                first, _dot, rest = path.partition(".")
                named = env[name]._fields.get(first)
                if (
                    rest
                    and named is not None
                    and named.relational
                    and named.comodel_name == "res.partner"
                    and rest.split(".")[0] not in CALLED
                    and field.name not in emptied
                ):
                    found.add(f"{name}.{field.name}")
    return found


def is_seen(env, name, partners, user):
    """Return whether a user sees a record that names these partners."""
    with closing(env.cr.savepoint()):  # some may not be deleted
        record = insert(env, name, partners)
        record = record.with_user(user).with_context(active_test=False)
        seen = record.has_access("read")
        if record.browse().has_access("read"):
            assert seen == bool(record.search([("id", "=", record.id)]))
    return seen
