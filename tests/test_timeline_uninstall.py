"""The timeline is uninstalled and installed again: it tells the same story."""

from collections import Counter

import pytest

from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import SQL

from office import Office, copied_registry
from tools.inside import records

#: A copy may rest, in no case: it is told elsewhere.
TOLD = "is_home OR COALESCE(sale_id, lead_id, partner_id, purchase_id) IS NOT NULL"
PICTURE = f"""
    SELECT res_model, res_id, kind, department, sale_id, lead_id, partner_id, family_id,
           purchase_id, is_home, is_shown
      FROM timeline_event
     WHERE {TOLD}
"""
KIND, SALE = 2, 4
#: Who has what, as the spans say.
HELD = """
    SELECT sale_id, lead_id, res_model, res_id, department, step, user_id
      FROM timeline_span
     WHERE date_to IS NULL
"""
INVOICED = f"""
    SELECT DISTINCT sale_id FROM timeline_event
     WHERE res_model = 'account.move' AND ({TOLD})
"""
#: What documents do not say of their past.
OVER = {"purchase.submitted", "question.withdrawn", "question.open"}
LEFT = """
    SELECT tgname FROM pg_trigger WHERE tgname LIKE 'timeline%'
     UNION ALL
    SELECT proname FROM pg_proc WHERE proname LIKE 'timeline%'
     UNION ALL
    SELECT relname FROM pg_class WHERE relname LIKE 'timeline%'
     UNION ALL
    SELECT key FROM ir_config_parameter WHERE key LIKE 'case_timeline%'
"""


@pytest.fixture(scope="module")
def office():
    with copied_registry("timeline_uninstall") as registry:
        yield Office(registry)


def tell(office):
    """Do what the jobs do in the next minutes."""
    with office.committed() as env:
        changes = env["timeline.change"]
        while changes._fill_batch():
            pass
        while changes._follow_batch():
            pass
        env.ref("case_timeline.ir_cron_fill").active = False


def rows(office, statement):
    with office.session() as env:
        env.cr.execute(SQL(statement.replace("%", "%%")))
        return sorted(env.cr.fetchall(), key=repr)


def change(office, button):
    with office.committed() as env:
        getattr(env["ir.module.module"]._get("case_timeline"), button)()
    office.registry = Registry.new(office.registry.db_name, update_module=True)


def approve(office, bought):
    """Have a purchase approved, and another one wait for it."""
    with office.committed() as env:
        approver = records.users(env, {"approver": ["purchase.group_purchase_manager"]})
        step = records.step("Manager", approver.ids)
        records.approval_rule(env, "purchase.order", step)
        asked, waits = env["purchase.order"].create([bought, bought])
        (asked | waits).button_confirm()
        asked.with_user(approver).action_approve()


def bill_several(office, partner):
    """Invoice two orders at once, of which one is deleted then; and note a payment.
    Return the one that is deleted."""
    with office.committed() as env:
        desk = env["product.product"].create({"name": "Desk", "type": "service"})
        values = {
            "partner_id": partner.id,
            "order_line": [Command.create({"product_id": desk.id})],
        }
        orders = env["sale.order"].create([values, values])
        orders.action_confirm()
        lines = {"name": "Desks", "sale_line_ids": [Command.set(orders.order_line.ids)]}
        env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [Command.create(lines | {"price_unit": 7})],
            }
        )
        env["account.payment"].create(
            {"partner_id": partner.id, "partner_type": "customer", "amount": 7}
        )
    tell(office)
    with office.committed() as env:
        gone, left = env["sale.order"].browse(orders.ids)
        left.invoice_ids.action_post()
        env.flush_all()
        env.cr.execute("DELETE FROM sale_order WHERE id = %s", [gone.id])
        env.invalidate_all()
    tell(office)
    assert rows(office, INVOICED) == [(left.id,)]
    return gone.id


def ask_again(office, partner):
    """Ask the warehouse about a quotation, answer it, and ask again in SQL."""
    with office.committed() as env:
        quotation = env["sale.order"].create({"partner_id": partner.id})
        question = env["supply.question"]._ask(quotation, "stock", "When?")
        env.flush_all()
        for state in ("withdrawn", "open"):
            env.cr.execute(
                "UPDATE supply_question SET state = %s WHERE id = %s",
                [state, question.id],
            )


def test_story_is_told_again(office):
    with office.committed() as env:
        partner = env["res.partner"].create({"name": "Hospital"})
        bed = env["product.product"].create({"name": "Bed", "is_storable": True})
        lead = env["crm.lead"].create(
            {"name": "Beds", "type": "opportunity", "partner_id": partner.id}
        )
        env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": lead.id,
                "start": "2026-06-01 08:00:00",
                "stop": "2026-06-01 09:00:00",
            }
        )
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "opportunity_id": lead.id,
                "order_line": [Command.create({"product_id": bed.id})],
            }
        )
        order.action_confirm()
        env["supply.question"]._ask(order, "stock", "When?").action_withdraw()
        order.message_post(
            body="Your order",
            partner_ids=partner.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        days = dict.fromkeys(order.order_line.ids, "2030-01-31")
        env["supply.promise"]._tell(order.order_line, days, "phone")
        bought = {
            "partner_id": partner.id,
            "order_line": [Command.create({"product_id": bed.id})],
        }
        env["purchase.order"].create(bought).button_confirm()
    approve(office, bought)
    gone = bill_several(office, partner)
    ask_again(office, partner)
    tell(office)
    told, held = rows(office, PICTURE), rows(office, HELD)
    kinds = {row[KIND] for row in told}
    assert {"approval.granted", "invoice.posted", "payment.draft"} <= kinds
    assert {"stock", "care"} <= {row[4] for row in held}
    change(office, "button_uninstall")
    assert rows(office, LEFT) == []
    with office.committed() as env:
        # nothing is in the way of those who work without it
        copy = env["sale.order"].browse(order.id).copy()
        copy.action_confirm()
        meanwhile = copy.id
    change(office, "button_install")
    tell(office)
    again = rows(office, PICTURE)
    # none is missing, none is there twice; what was done meanwhile is told, too
    new = [row for row in again if row[SALE] == meanwhile]
    assert {"sale.quoted", "sale.confirmed"} <= {row[KIND] for row in new}
    again = Counter(again) - Counter(new)
    assert not again - Counter(told)
    over = [row for row in Counter(told) - again if row[SALE] != gone]
    assert {row[KIND] for row in over} == OVER
    assert held == [row for row in rows(office, HELD) if row[0] != meanwhile]
    with office.session() as env:
        verification = env["approval.verification"]
        for check in ("events", "spans"):
            find = getattr(verification, f"_check_timeline_{check}")
            assert not [each for _n, found in find(None, 100) for each in found]
