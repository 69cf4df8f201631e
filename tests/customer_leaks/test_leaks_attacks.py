"""Attacks, one by one: what is asked, not read, and what is told of others."""

import pytest

from odoo.api import SUPERUSER_ID
from odoo.exceptions import AccessError

from leaks import JOBS, add_user
from tools.inside import records


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
# WHAT IS ASKED, NOT READ
# ------------------------------------------------------------


@pytest.fixture
def family(env, owner):
    """A contact of the owner under a company; beside it one whom somebody else has."""
    other = add_user(env, "leaks-sibling")
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
