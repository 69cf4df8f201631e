"""What is a view or excused, and every field that such a salesperson reads: none of it
tells of a hidden customer."""

import pytest

from odoo.exceptions import UserError

from leaks import JOBS, VENDOR, VIEWS
from tools.inside import records

#: Fields that may have a name in them, and of how many of the newest records.
TELLING = {"char", "text", "html", "json", "many2one", "reference", "properties"}
LOOKED_AT = 50

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
    "product.supplierinfo": VENDOR,
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


def test_own_purchases_say_the_name_of_a_hidden_vendor_and_no_more(
    env, everything, hidden
):
    """They open, though warnings and figures of the vendor are somebody else's."""
    env.ref("base.group_user")._apply_group(env.ref("purchase.group_warning_purchase"))
    hidden.write(
        {
            "purchase_warn_msg": "Zyxwarning",
            "receipt_reminder_email": True,
            "reminder_date_before_receipt": 77,
        }
    )
    product = env["product.product"].create({"name": "Sheet", "is_storable": True})
    bought = {"product_id": product.id, "product_qty": 1, "price_unit": 5}
    order = records.purchase(env, hidden, bought, user_id=everything.id)
    bill = env["account.move"].create(
        {
            "move_type": "in_invoice",
            "partner_id": hidden.id,
            "invoice_user_id": everything.id,
            "invoice_line_ids": [(0, 0, {"name": "Sheet", "price_unit": 5})],
        }
    )
    env.flush_all()
    env.invalidate_all()
    root = env.ref("base.user_root")
    for document in order, bill:
        for user, is_told in (root, True), (everything, False):
            found = document.with_user(user)
            shown = {
                name: {"fields": {"display_name": {}}} if field.relational else {}
                for name, field in found._fields.items()
                if field.type not in ("binary", "image")
                and found._has_field_access(field, "read")
            }
            (said,) = found.web_read(shown)
            env.invalidate_all()
            assert said["partner_id"]["display_name"] == "Zyxhidden"
            assert ("Zyxwarning" in str(said)) == is_told, document._name
            assert said["purchase_warning_text"] or not is_told
    assert order.with_user(everything).reminder_date_before_receipt != 77
