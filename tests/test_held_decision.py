"""A decision that the screen holds back is sent when its window is closed.

Tours leave for another page; here there is none after it, on a server that goes on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import DemoServer, demo_company

from office import until
from tools import server
from tools.browser import chromium

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
        page = browser.open(company.url, "director", company.password("director"))
        page.show(f"/odoo/my-approvals/{task['id']}")
        page.until(f"!!{APPROVE}?.checkVisibility()", "there is nothing to approve")
        page.settle()
        page.run(HOLD)
        page.press(APPROVE)
        page.until("!!document.querySelector('.o_approval_held_bar')", "not held back")
        assert decided() == [active]
        page.close()
        until(lambda: decided() == [approved], "it was not sent")
