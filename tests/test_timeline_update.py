"""A company with an earlier version is updated: what is kept beside the story follows
from it, as if it had always been kept."""

import pytest

from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import SQL

from office import Office, copied_registry

#: What the addons keep now, and did not in these versions.
OLD = {"case_timeline": "19.0.1.0.0", "crm_purchase_bridge": "19.0.1.0.0"}
FORGET = (
    "UPDATE timeline_span SET from_department = NULL, over = NULL",
    "DELETE FROM supply_promise_gone",
)
#: Nothing noted of which order an invoice is.
UNNOTED = "DROP FUNCTION timeline_note_sale_order_line_invoice_rel CASCADE"
INVOICED = """
    SELECT event.kind, event.sale_id, event.partner_id
      FROM timeline_event event
     WHERE event.res_model = 'account.move'
"""
NOTED = """
    SELECT tgname FROM pg_trigger
     WHERE starts_with(tgname, 'timeline_note_sale_order_line_invoice_rel')
"""
SPANS = """
    SELECT sale_id, department, from_department, step, over, date_from, date_to,
           is_decisive
      FROM timeline_span
"""
MARKS = "SELECT sale_line_id FROM supply_promise_gone"


@pytest.fixture(scope="module")
def office():
    with copied_registry("timeline_update") as registry:
        yield Office(registry)


def follow(office):
    """Do what the jobs do in the next minutes."""
    for outbox in ("supply.change", "timeline.change"):
        with office.committed() as env:
            while env[outbox]._follow_batch():
                pass


def rows(office, statement):
    with office.session() as env:
        env.cr.execute(SQL(statement))
        return sorted(env.cr.fetchall(), key=repr)


def work(office):
    """Sell after a question to the warehouse, over some hours, and delete a line of
    which the customer was told a day."""
    with office.committed() as env:
        partner = env["res.partner"].create({"name": "Hospital"})
        bed = env["product.product"].create({"name": "Bed", "is_storable": True})
        values = {
            "partner_id": partner.id,
            "order_line": [Command.create({"product_id": bed.id})],
        }
        sold, told = env["sale.order"].create([values, values])
        question = env["supply.question"]._ask(sold, "stock", "When?")
        env.flush_all()
        # it happened on another day than the notes say
        env.cr.execute("DELETE FROM timeline_change")
        for kind, record, moment in (
            ("sale.quoted", sold, "2026-01-05 02:00"),
            ("question.asked", question, "2026-01-05 03:00"),
            ("sale.confirmed", sold, "2026-01-05 04:00"),
            ("question.answered", question, "2026-01-05 06:00"),
        ):
            env.cr.execute(
                "INSERT INTO timeline_event (date, kind, department, company_id,"
                " res_model, res_id, sale_id, source, is_home, is_shown)"
                " VALUES (%s, %s, 'stock', %s, %s, %s, %s, %s, TRUE, TRUE)",
                [moment, kind, env.company.id, record._name, record.id, sold.id, kind],
            )
        env["timeline.span"]._follow(sold.ids, [])
        lines = told.order_line.ids
    follow(office)
    with office.committed() as env:
        days = dict.fromkeys(lines, "2030-01-31")
        lines = env["sale.order.line"].browse(lines)
        env["supply.promise"]._tell(lines, days, "phone")
        lines.order_id._action_cancel()
        lines.order_id.unlink()
    follow(office)


def delete_invoiced(office):
    """Delete an order whose invoice stays, as before anything noted that; return the
    customer."""
    with office.committed() as env:
        partner = env["res.partner"].create({"name": "Clinic"})
        desk = env["product.product"].create({"name": "Desk", "type": "service"})
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [Command.create({"product_id": desk.id})],
            }
        )
        order.action_confirm()
        line = {"name": "Desk", "sale_line_ids": [Command.set(order.order_line.ids)]}
        env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
    follow(office)
    with office.committed() as env:
        env.cr.execute(SQL(UNNOTED))
        order = env["sale.order"].browse(order.id)
        order._action_cancel()
        order.unlink()
    follow(office)
    assert rows(office, INVOICED) == [
        ("invoice.cancelled", None, partner.id),
        ("invoice.draft", order.id, partner.id),
    ]
    return partner.id


def test_what_is_kept_follows_after_an_update(office):
    work(office)
    customer = delete_invoiced(office)
    before = rows(office, SPANS), rows(office, MARKS)
    assert all(before)
    for column in ("from_department", "over"):
        assert rows(office, f"SELECT FROM timeline_span WHERE {column} IS NOT NULL")
    with office.committed() as env:
        for statement in FORGET:
            env.cr.execute(SQL(statement))
        for name, version in OLD.items():
            module = env["ir.module.module"]._get(name)
            module.latest_version = version
            module.button_upgrade()
    office.registry = Registry.new(office.registry.db_name, update_module=True)
    follow(office)
    assert (rows(office, SPANS), rows(office, MARKS)) == before
    assert rows(office, INVOICED) == [
        (kind, None, customer) for kind in ("invoice.cancelled", "invoice.draft")
    ]
    assert len(rows(office, NOTED)) == 3
    with office.session() as env:
        for name in OLD:
            module = env["ir.module.module"]._get(name)
            assert module.latest_version == module.installed_version
        check = env["approval.verification"]._check_timeline_spans(None, 100)
        assert not [each for _count, found in check for each in found]
