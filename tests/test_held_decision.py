"""A decision that the screen holds back is sent when its window is closed.

Tours leave for another page; here there is none after it, on a server that goes on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from office import until
from serving import DemoServer, demo_company
from tools import server
from tools.browser import Browser, Page, chromium

#: Longer than any test runs: nothing is sent because somebody waited.
HOLD = """
odoo.loader.modules.get(
    "@approval_matrix/approval_hold/approval_hold_service"
).hold.delay = 3600 * 1000
"""
APPROVE = "document.querySelector('.o_form_view button[name=action_approve]')"


@pytest.fixture(scope="module")
def company() -> Iterator[DemoServer]:
    conf = Path(os.environ["CDO_CONF"])
    with (
        demo_company("held") as database,
        server.serve(conf, database=database, name="tests-held") as running,
    ):
        yield DemoServer(running.url, database, running.log)


def hold_back(company: DemoServer, browser: Browser, login: str, task: int) -> Page:
    """Return an approver's page, which has an approval and does not send it."""
    page = browser.open(company.url, login, company.password(login))
    page.show(f"/odoo/my-approvals/{task}")
    page.until(f"!!{APPROVE}?.checkVisibility()", "there is nothing to approve")
    page.settle()
    page.run(HOLD)
    page.press(APPROVE)
    page.until("!!document.querySelector('.o_approval_held_bar')", "not held back")
    return page


def test_who_closed_the_window_learns_why_it_was_refused(company):
    """The page is gone, and what it would have shown with it."""
    (task,) = company.rows(
        """
        SELECT task.id, process.res_id AS order, holder.login AS holder,
               requester.login
          FROM approval_task task
          JOIN approval_process process ON process.id = task.process_id
          JOIN res_users holder ON holder.id = task.holder_id
          JOIN res_users requester ON requester.id = process.requester_id
         WHERE task.state = 'active' AND holder.login != 'director'
           AND process.res_model = 'purchase.order'
      ORDER BY task.id DESC LIMIT 1
        """
    )

    def told() -> list[dict]:
        return company.rows(
            "SELECT message.body FROM mail_message message "
            "JOIN mail_notification sent ON sent.mail_message_id = message.id "
            "JOIN res_users reader ON reader.partner_id = sent.res_partner_id "
            f"WHERE reader.login = '{task['holder']}' "
            "AND message.model = 'purchase.order' "
            "AND message.message_type = 'user_notification' "
            f"AND message.res_id = {task['order']} AND message.id > {newest['id']}"
        )

    with chromium() as browser:
        page = hold_back(company, browser, task["holder"], task["id"])
        password = company.password(task["login"])
        requester = browser.open(company.url, task["login"], password)
        requester.call("purchase.order", "action_withdraw", [task["order"]])
        (newest,) = company.rows("SELECT MAX(id) AS id FROM mail_message")
        page.close()
        until(lambda: told(), "nobody was told")
    state = f"SELECT state FROM purchase_order WHERE id = {task['order']}"
    assert company.rows(state) == [{"state": "draft"}]


def test_closing_the_window_sends_it(company):
    (task,) = company.rows(
        """
        SELECT task.id
          FROM approval_task task JOIN res_users holder ON holder.id = task.holder_id
         WHERE task.state = 'active' AND holder.login = 'director'
      ORDER BY task.id LIMIT 1
        """
    )

    def decided() -> list[dict]:
        return company.rows(
            "SELECT task.state, task.channel, decider.login "
            "FROM approval_task task "
            "LEFT JOIN res_users decider ON decider.id = task.decided_by_id "
            f"WHERE task.id = {task['id']}"
        )

    active = {"state": "active", "channel": None, "login": None}
    approved = {"state": "approved", "channel": "screen", "login": "director"}
    with chromium() as browser:
        page = hold_back(company, browser, "director", task["id"])
        assert decided() == [active]
        page.close()
        until(lambda: decided() == [approved], "it was not sent")
