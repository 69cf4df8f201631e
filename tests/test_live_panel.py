"""What one department does is on the other one's screen, without a reload."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from office import until
from serving import DemoServer, serving_demo
from tools import databases
from tools.browser import Browser, Page

PANEL = ".o_supply_panel"
EVENT = ".o_timeline_event"
STEPS = ".o_approval_progress"
DESK, PHONE = (1366, 768), (375, 667, True)


@pytest.fixture(scope="module")
def live() -> Iterator[DemoServer]:
    with serving_demo("live") as running:
        # the scheduler's first round would come a minute later
        name = databases.literal(running.database)
        databases.query(f"SELECT pg_notify('cron_trigger', {name})")
        yield running


def waiting(live: DemoServer, state: str) -> dict:
    """Return an order line whose goods come last with a purchase in a state, as soon as
    the job has looked at it."""
    query = f"""
        SELECT promise.order_id AS sale, purchase.id AS purchase, line.id AS line,
               line.product_id AS product, purchase.name AS name
          FROM supply_promise promise
          JOIN purchase_order_line line ON line.id = promise.purchase_line_id
          JOIN purchase_order purchase ON purchase.id = line.order_id
         WHERE promise.is_open AND promise.is_ordered
           AND promise.quantity_now < promise.quantity
           AND purchase.state = '{state}'
      ORDER BY promise.id DESC LIMIT 1
    """
    until(lambda: live.rows(query), f"no order waits for a purchase in {state}")
    return live.rows(query)[0]


def log_in(live: DemoServer, browser: Browser, login: str) -> Page:
    return browser.open(live.url, login, live.password(login))


def open_panel(live: DemoServer, browser: Browser, case: dict) -> tuple[Page, str]:
    """Return customer care's page with the panel of an order, and what it says.

    The page is marked: a mark that is still there was not loaded away.
    """
    care = log_in(live, browser, "care")
    care.show(f"/odoo/sales/{case['sale']}")
    care.until(f"!!document.querySelector('{PANEL}')", "no panel")
    care.run("window.neverReloaded = true")
    return care, care.text(PANEL)


def postpone(live: DemoServer, buyer: Page, case: dict, date: str) -> None:
    """Move every receipt of the goods, so that none of them comes in its place."""
    query = f"""
        SELECT line.id
          FROM purchase_order_line line
          JOIN purchase_order purchase ON purchase.id = line.order_id
         WHERE line.product_id = {case["product"]} AND purchase.state = 'purchase'
           AND line.qty_received < line.product_qty
    """
    lines = [row["id"] for row in live.rows(query)]
    assert case["line"] in lines
    buyer.call("purchase.order.line", "write", lines, {"date_planned": date})


def assert_changed_without_reload(care: Page, before: str) -> None:
    care.until(
        f"document.querySelector('{PANEL}').innerText !== {json.dumps(before)}",
        "the panel has not changed",
    )
    assert care.run("window.neverReloaded"), "the page was loaded again"


def test_a_date_that_the_buyer_moves_is_on_the_open_panel(live, browser):
    case = waiting(live, "purchase")
    buyer = log_in(live, browser, "buyer")
    care, before = open_panel(live, browser, case)
    postpone(live, buyer, case, "2099-03-02 05:00:00")
    assert_changed_without_reload(care, before)


def test_what_the_director_approves_is_on_the_open_panel(live, browser):
    """The manager approves in his window first, the director in hers then."""
    case = waiting(live, "to approve")
    care, before = open_panel(live, browser, case)
    assert case["name"] in before
    approvers = []
    while holder := holder_of(live, case):
        approvers.append(holder)
        approve(log_in(live, browser, holder), case)
        assert_changed_without_reload(care, before)
        before = care.text(PANEL)
    assert approvers[-1] == "director"
    state = f"SELECT state FROM purchase_order WHERE id = {case['purchase']}"
    assert live.rows(state) == [{"state": "purchase"}]


@pytest.mark.parametrize("size, year", [(DESK, 2099), (PHONE, 2098)])
def test_a_date_that_the_buyer_moves_is_in_the_open_story(live, browser, size, year):
    """Beside what was there before, which stays where it is."""
    case = waiting(live, "purchase")
    buyer, care = log_in(live, browser, "buyer"), log_in(live, browser, "care")
    care.resize(*size)
    care.show(f"/odoo/sales/{case['sale']}/order-timeline")
    care.until(f"!!document.querySelector('{EVENT}')", "no story")
    before = care.run(f"document.querySelectorAll('{EVENT}').length")
    care.run("window.neverReloaded = true")
    postpone(live, buyer, case, f"{year}-04-05 05:00:00")
    care.until(
        f"document.querySelectorAll('{EVENT}').length > {before} && "
        "[...document.querySelectorAll('.o_timeline_fresh')]"
        f".some((event) => event.innerText.includes('{year}'))",
        "the story has nothing new",
    )
    assert care.run("window.neverReloaded"), "the page was loaded again"


def test_what_the_buyer_asks_is_in_the_open_lanes(live, browser):
    """Customer care has to answer from then on, and not any more once it has; of a
    purchase for the order, as what is bought for all is in nobody's case."""
    query = """
        SELECT span.sale_id AS sale, purchase.id AS purchase
          FROM timeline_span span
          JOIN purchase_order purchase ON purchase.id = span.res_id
         WHERE span.res_model = 'purchase.order' AND span.date_to IS NULL
           AND span.sale_id IS NOT NULL AND purchase.state = 'purchase'
      ORDER BY span.id DESC LIMIT 1
    """
    until(lambda: live.rows(query), "no order waits for a vendor")
    [case] = live.rows(query)
    buyer, care = log_in(live, browser, "buyer"), log_in(live, browser, "care")
    care.show(f"/odoo/sales/{case['sale']}/order-timeline")
    care.until("!!document.querySelector('.o_timeline_tab_lanes')", "no tabs")
    care.run("document.querySelector('.o_timeline_tab_lanes').click()")
    care.until("!!document.querySelector('.o_timeline_span')", "no lanes")
    care.run("window.neverReloaded = true")
    held = "[data-department=care] .o_timeline_running"
    before = care.run(f"document.querySelectorAll('{held}').length")
    [ask] = buyer.call(
        "supply.question.ask",
        "create",
        [
            {
                "res_model": "purchase.order",
                "res_id": case["purchase"],
                "department": "care",
                "text": "Nhận một nửa trước được không?",
            }
        ],
    )
    buyer.call("supply.question.ask", "action_ask", [ask])
    care.until(
        f"document.querySelectorAll('{held}').length === {before + 1}",
        "the lanes do not show that care is asked",
    )
    [question] = live.rows("SELECT max(id) AS id FROM supply_question")
    buyer.call("supply.question", "action_withdraw", [question["id"]])
    care.until(
        f"document.querySelectorAll('{held}').length === {before}",
        "the lanes do not show that care is asked no more",
    )
    assert care.run("window.neverReloaded"), "the page was loaded again"


def test_a_new_order_is_among_the_cases_of_open_lanes(live, browser):
    """The case that is looked at stays meanwhile."""
    query = """
        SELECT sale.id, sale.partner_id AS partner, users.login
          FROM sale_order sale
          JOIN res_users users ON users.id = sale.user_id
          JOIN timeline_span span ON span.sale_id = sale.id AND span.date_to IS NULL
         WHERE users.login IN ('care', 'sales')
      ORDER BY sale.id DESC LIMIT 1
    """
    until(lambda: live.rows(query), "no order has a story")
    [case] = live.rows(query)
    page, other = (log_in(live, browser, case["login"]) for _window in range(2))
    page.show(f"/odoo/contacts/{case['partner']}/customer-timeline")
    page.until("!!document.querySelector('.o_timeline_tab_lanes')", "no tabs")
    page.run("document.querySelector('.o_timeline_tab_lanes').click()")
    page.until("!!document.querySelector('.o_timeline_span')", "no lanes")
    page.run("window.neverReloaded = true")
    [order] = other.call("sale.order", "copy", [case["id"]])
    page.until(
        f"!!document.querySelector('.o_timeline_case option[value$=\",{order}\"]')",
        "the new order is not among the cases",
    )
    chosen = page.run("document.querySelector('.o_timeline_case').value")
    assert chosen == f"sale.order,{case['id']}"
    assert page.run("window.neverReloaded"), "the page was loaded again"


def test_an_open_order_follows_what_is_approved_elsewhere(live, browser):
    """It does not go on to offer what is done, and nobody loads it again."""
    case = to_approve(live, browser)
    page = open_order(live, browser, case)
    decide_all(live, browser, case)
    page.until(f"!!document.querySelector('{STEPS}[data-state=approved]')", "not told")
    page.until(
        "!document.querySelector('button[name=action_open_submission]')",
        "still to be submitted",
    )
    assert page.run("window.neverReloaded"), "the page was loaded again"


def test_whoever_types_is_told_that_the_order_changed_meanwhile(live, browser):
    """What was typed stays until they load it again themselves."""
    case = to_approve(live, browser)
    page = open_order(live, browser, case)
    typed = "Gọi trước khi giao"
    page.run(
        f"""
        const field = document.querySelector(".o_field_widget[name=partner_ref] input");
        field.focus();
        field.value = {json.dumps(typed)};
        field.dispatchEvent(new InputEvent("input", {{bubbles: true}}));
        """
    )
    decide_all(live, browser, case)
    page.until("!!document.querySelector('.o_approval_stale')", "not told")
    field = "document.querySelector('.o_field_widget[name=partner_ref] input').value"
    assert page.run(field) == typed
    page.run("document.querySelector('.o_approval_stale button').click()")
    page.until(
        f"!!document.querySelector('{STEPS}[data-state=approved]')", "not loaded"
    )


def test_whoever_decides_is_told_of_a_new_date(live, browser):
    """The request goes on, and what is on the screen is not what it is about."""
    case = to_approve(live, browser)
    page = log_in(live, browser, holder_of(live, case))
    page.show(f"/odoo/purchase.order/{case['purchase']}")
    page.until(f"!!document.querySelector('{STEPS}[data-state=open]')", "no steps")
    page.run("window.neverReloaded = true")
    lines = live.rows(
        "SELECT id FROM purchase_order_line WHERE display_type IS NULL"
        f" AND order_id = {case['purchase']}"
    )
    buyer = log_in(live, browser, case["login"])
    values = {"date_planned": "2099-05-06 05:00:00"}
    buyer.call("purchase.order.line", "write", [row["id"] for row in lines], values)
    page.until("!!document.querySelector('.o_approval_stale')", "not told")
    assert page.run("window.neverReloaded"), "the page was loaded again"
    page.run("document.querySelector('.o_approval_stale button').click()")
    page.until("!document.querySelector('.o_approval_stale')", "not loaded")
    assert holder_of(live, case), "the request does not go on"


def to_approve(live: DemoServer, browser: Browser) -> dict:
    """Return a purchase submitted just now, one as somebody submitted before."""
    query = """
        SELECT process.res_id AS purchase, users.login
          FROM approval_process process
          JOIN res_users users ON users.id = process.requester_id
         WHERE process.res_model = 'purchase.order'
      ORDER BY process.id DESC LIMIT 1
    """
    before = live.rows(query)[0]
    page = log_in(live, browser, before["login"])
    [purchase] = page.call("purchase.order", "copy", [before["purchase"]])
    page.call("purchase.order", "button_confirm", [purchase])
    return {**before, "purchase": purchase}


def open_order(live: DemoServer, browser: Browser, case: dict) -> Page:
    """Return the requester's page with the order; a mark says if it is loaded anew."""
    page = log_in(live, browser, case["login"])
    page.show(f"/odoo/purchase.order/{case['purchase']}")
    page.until(f"!!document.querySelector('{STEPS}[data-state=open]')", "no steps")
    page.run("window.neverReloaded = true")
    return page


def decide_all(live: DemoServer, browser: Browser, case: dict) -> None:
    while holder := holder_of(live, case):
        approve(log_in(live, browser, holder), case)


def holder_of(live: DemoServer, case: dict) -> str | None:
    """Return who has to approve a purchase now."""
    rows = live.rows(
        f"""
        SELECT users.login
          FROM approval_process process
          JOIN approval_task task ON task.process_id = process.id
          JOIN res_users users ON users.id = task.holder_id
         WHERE process.res_model = 'purchase.order'
           AND process.res_id = {case["purchase"]}
           AND process.state = 'open' AND task.state = 'active'
      ORDER BY task.id
        """
    )
    return rows[0]["login"] if rows else None


def approve(page: Page, case: dict) -> None:
    domain = [
        ["process_id.res_id", "=", case["purchase"]],
        ["process_id.res_model", "=", "purchase.order"],
        ["state", "=", "active"],
    ]
    tasks = page.call("approval.task", "search", domain)
    page.call("approval.task", "action_approve", tasks)
