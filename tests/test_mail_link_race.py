"""Links of approval e-mails opened at the same moment, on a real server."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from test_concurrency import BusyOffice

from office import copied_registry, until
from tools import databases, server

COPY = f"{os.environ['CDO_TEST_DB']}_mail_link"
CSRF = re.compile(r'name="csrf_token" value="(\w+)"')
SECONDS = 60


class MailOffice(BusyOffice):
    """The office of the other races, with a server that follows links."""

    url = None

    def links(self, order_id):
        """Return the address where each approver decides the order, by log-in."""
        from odoo.addons.approval_matrix.mail_link import make_link

        with self.committed() as env:
            tasks = env["purchase.order"].browse(order_id).approval_process_id.task_ids
            return {
                task.holder_id.login: make_link(task, task.holder_id).replace(
                    task.get_base_url(), self.url
                )
                for task in tasks
            }

    def prepare(self, link, decision, comment=""):
        """Open a link in a browser of its own; return what presses the button."""
        browser = requests.Session()
        token = CSRF.search(browser.get(link, timeout=SECONDS).text).group(1)
        form = {"csrf_token": token, "decision": decision, "comment": comment}
        return lambda: browser.post(link, data=form, timeout=SECONDS).status_code

    def at_once(self, order_id, *buttons):
        """Press buttons so that all of them wait for the same row; return statuses."""
        with ThreadPoolExecutor(len(buttons)) as threads:
            with self.blocked(order_id, len(buttons)):
                pressed = [threads.submit(button) for button in buttons]
            return sorted(answer.result() for answer in pressed)

    @contextmanager
    def blocked(self, order_id, wanted):
        """Hold the request of an order until so many others wait for it."""
        with self.session() as env:
            env.cr.execute(
                "SELECT id FROM approval_process WHERE res_id = %s FOR UPDATE",
                [order_id],
            )
            yield
            until(lambda: self.waiting() >= wanted, "they never met")

    def waiting(self):
        return int(
            databases.query(
                "SELECT count(*) FROM pg_stat_activity"
                f" WHERE datname = '{COPY}' AND cardinality(pg_blocking_pids(pid)) > 0",
            )[0]
        )

    def decisions(self, order_id):
        """Return who decided what and how, in order."""
        with self.session() as env:
            process = env["purchase.order"].browse(order_id).approval_process_id
            return [
                (log.event, log.user_id.login, log.channel)
                for log in process.log_ids
                if log.event in ("approved", "rejected")
            ]


@pytest.fixture(scope="module")
def office():
    conf = Path(os.environ["CDO_CONF"])
    with copied_registry("mail_link") as registry:
        office = MailOffice(registry)
        with server.serve(conf, database=COPY, name="tests-mail-link") as running:
            office.url = running.url
            yield office


def test_the_same_link_twice_at_once(office):
    order = office.order()
    link = office.links(order)["manager"]
    twice = [office.prepare(link, "approve") for _browser in range(2)]
    assert office.at_once(order, *twice) == [200, 410]
    assert office.decisions(order) == [("approved", "manager", "mail")]
    assert office.read(order) == ("to approve", ["open"])


def test_approved_and_rejected_at_once(office):
    order = office.order()
    link = office.links(order)["manager"]
    both = [
        office.prepare(link, "approve"),
        office.prepare(link, "reject", "Too dear"),
    ]
    assert office.at_once(order, *both) == [200, 410]
    assert len(office.decisions(order)) == 1


def test_two_approvers_at_once_complete_the_step(office):
    order = office.order()
    links = office.links(order)
    both = [office.prepare(links[login], "approve") for login in links]
    assert office.at_once(order, *both) == [200, 200]
    assert sorted(office.decisions(order)) == [
        ("approved", "director", "mail"),
        ("approved", "manager", "mail"),
    ]
    assert office.read(order) == ("purchase", ["approved"])


def test_link_used_after_the_other_hand_decided(office):
    order = office.order()
    press = office.prepare(office.links(order)["manager"], "approve")
    with office.committed("manager") as env:
        env["purchase.order"].browse(order).action_reject("No")
    assert press() == 410
    assert office.decisions(order) == [("rejected", "manager", "screen")]
