"""What somebody would try who wants the prices, or the names, of another department.

Each try is made of ordinary calls of a remote program, with filters, paths, contexts
and numbers as its user chooses them. ``test_security_story.py`` asks everything that
can be asked plainly.
"""

import pytest

from odoo.fields import Command

from security.asking import call, find, forms, list_calls, list_reports, names_told
from security.roles import CLERKS, INTERNAL, asked_about

ROLES = asked_about("cx.overview")
INSIDE = sorted(INTERNAL | set(CLERKS))
#: Each is of another department, or of none; the rest is treated like one of them.
OF_EACH_SIDE = ["sales", "buyer", "storekeeper", "bookkeeper", "employee", "portal"]
AMOUNTS = ("price", "amount", "cost", "spent", "deposit", "revenue")
#: Where amounts are in documents, as paths; and names.
PRICED = {
    "sale.order": ("amount_total", "order_line/price_unit", "invoice_ids/amount_total"),
    "sale.order.line": ("price_unit", "order_id/amount_total"),
    "purchase.order": ("amount_total", "order_line/price_unit", "deposit_ids/amount"),
    "purchase.order.line": ("price_unit", "order_id/amount_total"),
    "account.move": ("amount_total", "invoice_line_ids/price_unit"),
    "crm.lead": ("expected_revenue", "order_ids/amount_total"),
    "res.partner": ("sale_order_ids/amount_total", "invoice_ids/amount_total"),
    # what vendors ask, ``seller_ids``, Odoo itself tells to all who sell
    "product.product": ("purchase_order_line_ids/price_unit",),
}
#: What a caller may send along, in the hope that somebody believes it.
FORGED = {
    "active_test": False,
    "bin_size": True,
    "su": True,
    "uid": 1,
    "lang": "en_US",
    "tz": "Pacific/Kiritimati",
    "prefetch_fields": False,
    "import_compat": False,
    "search_default_everybody": 1,
    "edit_translations": True,
}
#: What is kept behind stories and reports.
BEHIND = ("timeline.event", "timeline.span", "timeline.change")


def as_role(story, role):
    return story.env(user=story.scene.users[role], context={})


def list_closed(story, env, names):
    """Return which of some secrets somebody may not read where they are from."""
    secrets = {name: story.secrets[name] for name in names}
    return {n: each for n, each in secrets.items() if not story.may_read(env, each)}


def list_paths(env, name):
    """Return the fields of a report that lead to a document, and paths to amounts."""
    for each, field in env.registry[name]._fields.items():
        if field.comodel_name in PRICED and env[name]._has_field_access(field, "read"):
            yield from ((each, path) for path in PRICED[field.comodel_name])


def nest(path):
    """Return a path as the web client asks for it."""
    first, _, rest = path.partition("/")
    return {first: {"fields": nest(rest)} if rest else {}}


def test_paths_lead_to_amounts(story):
    """Else the tests below would prove nothing."""
    for start, paths in PRICED.items():
        for path in paths:
            *steps, last = path.split("/")
            model = start
            for name in steps:
                model = story.env[model]._fields[name].comodel_name
            assert story.env[model]._fields[last].type in ("monetary", "float")


# ------------------------------------------------------------
# READERS OF PRICES WITHOUT THE DOCUMENT, AND OF THE DOCUMENT WITHOUT PRICES
# ------------------------------------------------------------


@pytest.mark.parametrize("role", OF_EACH_SIDE)
@pytest.mark.parametrize("companies", ["own", "all", "none"])
def test_forged_context_tells_no_more(story, role, companies):
    env = as_role(story, role)
    chosen = {
        "own": env.user.company_ids.ids,
        "all": story.env["res.company"].search([]).ids,
        "none": [],
    }[companies]
    forged = {**FORGED, "allowed_company_ids": chosen}
    closed = list_closed(story, env, story.secrets)
    opened = {story.customer.name, story.vendor.name}
    for model, method, args in list_calls(story, env):
        if not model.startswith("timeline.") and method != "search_read":
            continue
        answer = call(env, model, method, args, forged)
        leaks = {
            name
            for name, secret in closed.items()
            if find(secret.value, answer, forms(env, secret.value))
            # who may read a contact knows what it is called
            and not (args[:1] == ("res.partner",) and secret.value in opened)
        }
        assert not leaks, (model, method, args)


@pytest.mark.parametrize("role", ROLES)
def test_path_to_a_document_tells_no_more(story, role):
    """Such as the prices of all lines of the order that a row is about."""
    env = as_role(story, role)
    answers = []
    for name in list_reports(env):
        rows = env[name].search([]).ids if env[name].has_access("read") else [1]
        for each, path in list_paths(env, name):
            for method, args in (
                ("export_data", (rows, [f"{each}/{path}"])),
                ("web_search_read", ([], nest(f"{each}/{path}"))),
                ("web_read", (rows, nest(f"{each}/{path}"))),
            ):
                asked = name, method, args
                answers.append((asked, call(env, *asked)))
    names = names_told(story, env, answers)
    assert not names & set(list_closed(story, env, AMOUNTS))
    if role == "salesmanager":  # else this would prove nothing
        assert "amount" in names
    if role == "manager":
        assert "spent" in names


@pytest.mark.parametrize("role", ROLES)
def test_filter_by_an_amount_tells_nothing(story, role):
    """Whoever may not read an amount gets as many rows for it as for another one."""
    env = as_role(story, role)
    closed = list_closed(story, env, AMOUNTS)
    for name in list_reports(env):
        for each, path in list_paths(env, name):
            field = f"{each}.{path.replace('/', '.')}"
            for secret, (value, _sources) in closed.items():
                counts = [
                    call(env, name, "search_count", ([(field, "=", amount)],))
                    for amount in (value, value + 1)
                ]
                assert counts[0] == counts[1], (name, field, secret)


@pytest.mark.parametrize("role", ROLES)
def test_hidden_column_of_a_report_is_of_no_use(story, role):
    """Neither to filter by, nor to sort, group, sum, or export."""
    env = as_role(story, role)
    for name in list_reports(env):
        for each, field in env.registry[name]._fields.items():
            if env[name]._has_field_access(field, "read") or not field.store:
                continue
            tries = [
                ("search_count", ([(each, "!=", False)],)),
                ("search_read", ([], ["id"], 0, 1, f"{each} desc")),
                ("search_read", ([], [each])),
                ("web_search_read", ([], {each: {}})),
                ("export_data", ([1], [each])),
            ]
            if field.type in ("monetary", "float", "integer"):
                having = [(f"{each}:sum", ">", 0)]
                tries += [
                    ("formatted_read_group", ([], [], [f"{each}:sum"])),
                    ("formatted_read_group", ([], ["id"], ["__count"], having)),
                    ("formatted_read_grouping_sets", ([], [[]], [f"{each}:max"])),
                ]
            for method, args in tries:
                answer = call(env, name, method, args)
                assert isinstance(answer, str), (name, method, args)


@pytest.mark.parametrize("role", INSIDE)
def test_prices_are_apart_both_ways(story, role):
    """By the groups alone, whatever else somebody may read of the case."""
    env = as_role(story, role)
    sides = {
        "sale": ("sales_team.group_sale_salesman", "account.group_account_readonly"),
        "purchase": ("purchase.group_purchase_user", "account.group_account_readonly"),
    }
    closed = {
        side
        for side, groups in sides.items()
        if not any(map(env.user.has_group, groups))
    }
    of_side = {"sale": ("sale.",), "purchase": ("purchase.", "deposit.", "claim.")}
    for record in (story.customer, story.order, story.lead, story.purchase):
        asked = "timeline.feed", "get_page", (record._name, record.id, None, None, 200)
        page = call(env, *asked)
        if isinstance(page, str):
            continue
        priced = [event["kind"] for event in page["events"] if event["amount"]]
        for side in closed:
            assert not [kind for kind in priced if kind.startswith(of_side[side])]
        for event in page["events"]:
            if event["amount"]:
                document = env[event["open"]["model"]].browse(event["open"]["id"])
                assert document.has_access("read")


# ------------------------------------------------------------
# WORDS
# ------------------------------------------------------------


@pytest.mark.parametrize("role", INSIDE)
def test_story_is_not_found_by_an_amount(story, role):
    """Not even by those who may read it: else one could try until it is found."""
    env = as_role(story, role)
    for record in (story.customer, story.lead, story.order, story.purchase):
        for name in AMOUNTS:
            value = int(story.secrets[name].value)
            for text in (f"{value}", f"{value:,}", f"{value:,}".replace(",", ".")):
                found = _search(env, record, text)
                assert isinstance(found, str) or not found, (record, text)


@pytest.mark.parametrize("role", INSIDE)
@pytest.mark.parametrize("name", ["question", "answer", "subject"])
def test_mark_of_a_text_cannot_be_typed(story, role, name):
    """A colon, a quote or an operator is nothing that the database would believe."""
    env = as_role(story, role)
    if story.may_read(env, story.secrets[name]):
        return
    word = story.secrets[name].value
    for text in (
        f"t:{word}",
        f"'t:{word.lower()}':*",
        f"x | t:{word}",
        f"!x {word}",
        f"') OR TRUE -- {word}",
        f"%{word[:4]}%",
        word[:4],
    ):
        for record in (story.customer, story.lead, story.order, story.purchase):
            found = _search(env, record, text)
            of_texts = {"question.open", "question.answered", "mail.sent"}
            told = [] if isinstance(found, str) else found
            assert not of_texts & {event["kind"] for event in told}, (record, text)


def _search(env, record, text):
    """Return the events that somebody finds in a story, or why they may not look."""
    asked = (record._name, record.id, None, None, 200, None, None, None, None, None)
    page = call(env, "timeline.feed", "get_page", (*asked, text))
    return page if isinstance(page, str) else page["events"]


# ------------------------------------------------------------
# WHAT IS BEHIND, OTHER COMPANIES, NUMBERS THAT ARE NONE
# ------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_what_is_behind(story, role):
    """Who looks after the server sees that something is noted, but not what."""
    env = as_role(story, role)
    for model in BEHIND:
        ids = story.env[model].search([], limit=3).ids or [1]
        name = {"timeline.event": "amounts", "timeline.change": "new"}.get(
            model, "step"
        )
        tries = [
            ("search_read", ([], [name])),
            ("search_count", ([(name, "!=", False)],)),
            ("read", (ids, [name])),
            ("web_read", (ids, {name: {}})),
            ("web_search_read", ([], {name: {}})),
            ("export_data", (ids, [name])),
        ]
        if (role, model) != ("settings", "timeline.change"):
            tries += [
                ("search_count", ([],)),
                ("name_search", ("",)),
                ("formatted_read_group", ([], [], ["__count"])),
            ]
        for method, args in tries:
            answer = call(env, model, method, args, FORGED)
            assert isinstance(answer, str), (model, method, args)


@pytest.mark.parametrize("role", ["salesmanager", "manager", "bookkeeper", "settings"])
def test_case_of_another_company_is_told_to_nobody(story, role):
    """The same customer buys there, too; whoever claims to work there is refused."""
    with story.env.cr.savepoint(flush=False) as savepoint:
        other = story.env["res.company"].create({"name": "Zyxcompany"})
        ours = story.env.company
        price = 8_888_888
        line = {"name": "Zyxservice", "price_unit": price}
        product = story.env["product.product"].create(
            {"name": "Zyxthere", "type": "service"}
        )
        orders = story.env["sale.order"].with_company(other)
        order = orders.create(
            {
                "partner_id": story.customer.id,
                "company_id": other.id,
                "order_line": [Command.create(line | {"product_id": product.id})],
            }
        )
        order.action_confirm()
        story.env.flush_all()
        while story.env["timeline.change"]._follow_batch():
            pass
        told = story.env["timeline.event"].search([("sale_id", "=", order.id)])
        assert told
        secrets = {
            each: forms(story.env, each) | {str(each)}
            for each in (order.name, price, "Zyxthere")
        }
        page = call(story.env, "timeline.feed", "get_page", ("sale.order", order.id))
        assert find(price, page, secrets[price])  # else this would prove nothing
        assert find(order.name, page, secrets[order.name])
        env = as_role(story, role)
        for chosen in ([], [ours.id], [ours.id, other.id], [other.id]):
            context = {"allowed_company_ids": chosen} if chosen else {}
            for model, method, args in (
                ("timeline.feed", "get_page", ("sale.order", order.id)),
                ("timeline.feed", "get_page", ("res.partner", story.customer.id)),
                ("timeline.feed", "get_head", ("res.partner", story.customer.id)),
                ("timeline.lanes", "get_lanes", ("sale.order", order.id)),
                ("cx.waiting.report", "search_read", ([],)),
                ("cx.delivery.report", "search_read", ([],)),
            ):
                answer = call(env, model, method, args, context)
                for secret, texts in secrets.items():
                    leak = find(secret, answer, texts)
                    assert not leak, (model, method, chosen)
        savepoint.rollback()
    story.env.invalidate_all()


@pytest.mark.parametrize("role", OF_EACH_SIDE)
def test_number_that_is_none_gets_a_sentence(story, role):
    """And so does what is no story."""
    env = as_role(story, role)
    number = story.order.id
    for model, res_id in (
        *(
            ("sale.order", value)
            for value in (True, str(number), float(number), [number], {"id": number})
        ),
        ("sale.order", 2**31),
        ("sale.order", -number),
        ("sale.order", 0),
        ("sale.order", None),
        ("sale.order.line", number),
        ("timeline.event", number),
        ("sale.order; DROP TABLE timeline_event", number),
        (["sale.order"], number),
        (None, number),
    ):
        for method in ("get_page", "get_head"):
            answer = call(env, "timeline.feed", method, (model, res_id))
            assert isinstance(answer, str), (model, res_id)
