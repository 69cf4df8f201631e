"""What one department does is on the other one's screen, without a reload."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, chromium
from conftest import DemoServer, demo_company

from office import until
from tools import databases, server

PANEL = ".o_supply_panel"


@pytest.fixture(scope="module")
def live() -> Iterator[DemoServer]:
    """A demo company in one process, which serves web sockets itself."""
    conf = Path(os.environ["CDO_CONF"])
    with (
        demo_company("live") as database,
        server.serve(conf, database=database, name="tests-live") as running,
    ):
        # the scheduler's first round would come a minute later
        name = databases.literal(database)
        databases.query(f"SELECT pg_notify('cron_trigger', {name})")
        yield DemoServer(running.url, database, running.log)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def waiting(live: DemoServer, state: str) -> dict:
    """Return an order line whose goods come last with a purchase in a state, as soon as
    the job has looked at it."""
    query = f"""
        SELECT promise.order_id AS sale, purchase.id AS purchase, line.id AS line,
               purchase.name AS name
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


def log_in(live: DemoServer, browser: Browser, login: str):
    return browser.open(live.url, login, live.password(login))


def test_a_date_that_the_buyer_moves_is_on_the_open_panel(live, browser):
    case = waiting(live, "purchase")
    care, buyer = (log_in(live, browser, login) for login in ("care", "buyer"))
    care.show(f"/odoo/sales/{case['sale']}")
    care.until(f"!!document.querySelector('{PANEL}')", "no panel")
    before = care.text(PANEL)
    care.run("window.neverReloaded = true")
    date = "2099-03-02 05:00:00"
    buyer.call("purchase.order.line", "write", [case["line"]], {"date_planned": date})
    care.until(
        f"document.querySelector('{PANEL}').innerText !== {before!r}",
        "the panel has not changed",
    )
    assert care.run("window.neverReloaded"), "the page was loaded again"


def test_an_approval_is_on_the_open_panel(live, browser):
    case = waiting(live, "to approve")
    holders = live.rows(
        f"""
        SELECT users.login
          FROM approval_process process
          JOIN approval_task task ON task.process_id = process.id
          JOIN res_users users ON users.id = task.holder_id
         WHERE process.res_model = 'purchase.order'
           AND process.res_id = {case["purchase"]}
           AND process.state = 'open' AND task.state = 'active'
        """
    )
    care, boss = (
        log_in(live, browser, login) for login in ("care", holders[0]["login"])
    )
    care.show(f"/odoo/sales/{case['sale']}")
    care.until(f"!!document.querySelector('{PANEL}')", "no panel")
    before = care.text(PANEL)
    assert case["name"] in before
    tasks = boss.call(
        "approval.task",
        "search",
        [
            ["process_id.res_id", "=", case["purchase"]],
            ["process_id.res_model", "=", "purchase.order"],
            ["state", "=", "active"],
        ],
    )
    boss.call("approval.task", "action_approve", tasks)
    care.until(
        f"document.querySelector('{PANEL}').innerText !== {before!r}",
        "the panel has not changed",
    )
