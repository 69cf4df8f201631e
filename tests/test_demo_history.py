"""The demo's year before: reports find what it was made with."""

from collections import Counter
from statistics import median

import pytest

from odoo import fields
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import SQL

from serving import demo_company

LATE_VENDOR = "Nội thất Tân Á"
MONITOR = "MTD-5"


@pytest.fixture(scope="module")
def env():
    with demo_company("history") as name:
        registry = Registry(name)
        with registry.cursor() as cr:
            yield Environment(cr, SUPERUSER_ID, {})
        registry.delete(name)


def test_everything_is_told_and_adds_up(env):
    changes = env["timeline.change"]
    while changes._follow_batch():
        pass
    env.ref("case_timeline.ir_cron_fill").active = False
    verification, looked_at = env["approval.verification"], 0
    for check in ("events", "spans"):
        find = getattr(verification, f"_check_timeline_{check}")
        for count, found in find(None, 1000):
            looked_at += count
            assert not [finding.text for finding in found]
    assert looked_at > 1000


def test_slow_step_is_found(env):
    """The finance director takes days, the purchasing manager hours."""
    steps = env["cx.step.report"].search([("state", "=", "approved")])
    hours = {
        login: median(
            steps.filtered(lambda s, who=login: s.user_id.login == who).mapped("hours")
        )
        for login in ("manager", "director")
    }
    assert hours["director"] > 16 > 8 > hours["manager"]


def test_late_vendor_is_found(env):
    lines = env["cx.vendor.report"].search([("quantity_due", ">", 0)])
    shares = {
        vendor.name: _share(rows)
        for vendor, rows in lines.grouped("partner_id").items()
    }
    assert min(shares, key=shares.get) == LATE_VENDOR
    assert shares[LATE_VENDOR] < 50 < 90 < max(shares.values())


def _share(rows):
    due = sum(rows.mapped("quantity_due"))
    return 100 * sum(rows.mapped("quantity_in_time")) / due


def test_going_back_and_forth_is_found(env):
    """Purchases of monitors come back to the buyer again and again."""
    sold, times = env["sale.order.line"].search([("state", "=", "sale")]), {}
    for product, lines in sold.grouped("product_id").items():
        orders = lines.order_id
        domain = [("sale_id", "in", orders.ids), ("department", "=", "purchase")]
        ((back,),) = env["cx.waiting.report"]._read_group(
            domain, aggregates=["came_back:sum"]
        )
        times[product.default_code] = (back or 0) / len(orders)
    assert max(times, key=times.get) == MONITOR
    assert times[MONITOR] > 1


def test_opportunities_are_won_and_lost(env):
    leads = env["crm.lead"].with_context(active_test=False)
    won = leads.search([("won_status", "=", "won")])
    lost = leads.search([("won_status", "=", "lost")])
    assert len(won) > 50
    assert len(lost) > 10
    assert {"sale"} == set(won.order_ids.mapped("state"))
    assert not lost.order_ids


def test_questions_are_answered_and_some_too_late(env):
    questions = env["supply.question"].search([("state", "=", "answered")])
    late = questions.filtered(lambda each: each.closed_at > each.due_at)
    assert len(questions) > 20
    assert 0 < len(late) < len(questions) / 2


def test_vendors_are_billed_and_paid(env):
    bills = env["account.move"].search(
        [("move_type", "=", "in_invoice"), ("state", "=", "posted")]
    )
    assert len(bills) > 30
    assert set(bills.mapped("payment_state")) == {"paid"}


def test_customers_pay_one_after_the_other(env):
    """Some after days, others after weeks; not all of a year at one moment."""
    paid = env["timeline.event"].search([("kind", "=", "invoice.paid")])
    moments = Counter(paid.mapped("date"))
    assert len(paid) > 200
    assert max(moments.values()) < len(paid) / 20
    waited = []
    for event in paid:
        move = env["account.move"].browse(event.res_id)
        if move.move_type == "out_invoice":
            waited.append((event.date.date() - move.invoice_date).days)
    assert min(waited) <= 7
    assert max(waited) >= 21


def test_large_orders_had_a_deposit(env):
    """It is paid before the vendor begins, and deducted from the bill; what is not
    billed yet is outstanding, and the lanes show who had the case meanwhile."""
    deposits = env["supplier.deposit"].search([("order_id.name", "like", "PN")])
    assert len(deposits) > 20
    assert set(deposits.mapped("state")) == {"done", "paid"}
    outstanding = deposits.filtered(lambda each: each.state == "paid")
    assert outstanding
    assert not outstanding.order_id.invoice_ids
    env.cr.execute(
        SQL(
            """
            SELECT count(DISTINCT span.sale_id)
              FROM timeline_span span
              JOIN sale_order sale ON sale.id = span.sale_id
             WHERE span.department = 'account' AND span.step = 'deposit'
               AND span.is_decisive AND starts_with(sale.name, 'SN')
            """
        )
    )
    assert env.cr.fetchone()[0] == len(deposits)


def test_figures_have_something_to_count(env):
    lines = env["cx.delivery.report"].search([])
    assert len(lines.filtered("otif")) > 100
    assert {"met", "missed"} <= set(lines.filtered("otif").mapped("otif"))
    revenue = env["cx.revenue.report"].search([])
    assert {"new", "returning"} <= set(revenue.mapped("kind"))
    churn = env["cx.churn.report"].search([])
    assert True in churn.mapped("is_gone")
    assert False in churn.mapped("is_gone")


def test_promises_of_the_last_month_are_there(env):
    """What the overview of promises counts from the first of each month on."""
    month = fields.Date.subtract(fields.Date.today(), days=31)
    told = env["supply.promise"].search(
        [("told_on", ">=", month), ("told_on", "<", fields.Date.today())]
    )
    assert len(told) > 5


def test_today_begins_as_before(env):
    """Neither stock nor money is left of the year, and today's numbers are today's."""
    orders = env["sale.order"].search([])
    before = orders.filtered(lambda order: order.name.startswith("SN"))
    assert len(before) > 200
    assert min((orders - before).mapped("create_date")) > max(
        before.mapped("create_date")
    )
    stock = env["stock.quant"].search([("location_id.usage", "=", "internal")])
    assert min(stock.mapped("quantity")) >= 0
    invoices = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")]
    )
    assert set(invoices.mapped("payment_state")) <= {"paid", "in_payment"}
