"""Let the people of the story act over a week, for a picture of its order.

``python -m tools.inside.story CONF DATABASE`` plays the same steps as ``make story``,
with hours and days between them, and ends with the order delivered. The company is a
copy of the demo's that nobody else works in; the jobs of its server wait meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from time import sleep

from psycopg2.errors import LockNotAvailable

from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tools.json import json_default

from tools.demo import LOGINS
from tools.demo.clock import Clock
from tools.demo.orders import UTC_OFFSET
from tools.inside.session import environment
from tools.story.__main__ import CONTEXT
from tools.story.client import Refused
from tools.story.narrator import Narrator, Step
from tools.story.steps import Story

#: Hours that pass before somebody does something, by how that begins.
PAUSES = {
    "confirms": 2,
    "submits": 3,
    "answers": 1,
    "finds the request": 1,
    "approves": 20,
    "pays": 4,
    "receives": 44,
    "delivers": 3,
}
#: Whatever else is done, in minutes.
MOMENT = 4


class Person:
    """What a client of the API is to the story, without a server."""

    def __init__(self, env: Environment) -> None:
        self.env, self.uid = env, env.uid

    def call(self, model: str, method: str, ids=None, **arguments):
        """Return what the method returns, as the API would.

        :raises Refused: when it is not done
        """
        records = self.env[model]
        get_public_method(records, method)
        try:
            with self.env.cr.savepoint():
                args = [] if ids is None else [ids]
                if method == "create":
                    args = [arguments.pop("vals_list")]
                arguments["context"] = self.env.context
                answer = call_kw(records, method, args, arguments)
        except UserError as error:
            raise Refused(422, type(error).__name__, str(error)) from None
        self._follow()
        return json.loads(json.dumps(answer, default=json_default))

    def search(self, model: str, domain: list, fields: list[str], **more) -> list[dict]:
        return self.call(model, "search_read", domain=domain, fields=fields, **more)

    def read(self, model: str, record_id: int, fields: list[str]) -> dict:
        return self.call(model, "read", ids=[record_id], fields=fields)[0]

    def _follow(self) -> None:
        """Do what the job of the promises does."""
        system = self.env(user=SUPERUSER_ID, context={})
        system.flush_all()
        while system["supply.change"]._follow_batch():
            system.flush_all()
        system.invalidate_all()


class SlowNarrator(Narrator):
    """Between two steps time passes."""

    def __init__(self, people: dict, clock: Clock, moment: datetime) -> None:
        super().__init__(people)
        self.clock, self.moment = clock, moment

    @contextmanager
    def step(self, login: str, what: str) -> Iterator[Step]:
        hours = next((n for start, n in PAUSES.items() if what.startswith(start)), 0)
        self.moment += timedelta(hours=hours, minutes=MOMENT)
        self.clock.set(self.moment)
        with super().step(login, what) as step:
            yield step


def let_jobs_wait(env: Environment) -> None:
    """Let no job begin before the end of the transaction, and those that run end first:
    they change what the story does, and a week in one transaction is not tried twice.

    It does not queue for the table: a job that asks for another would queue behind it.
    """
    while True:
        try:
            with env.cr.savepoint(flush=False):
                statement = "LOCK TABLE ir_cron IN EXCLUSIVE MODE NOWAIT"
                return env.cr.execute(statement, log_exceptions=False)
        except LockNotAvailable:
            sleep(0.2)


def play(env: Environment) -> str:
    """Return the name of the order."""
    let_jobs_wait(env)
    today = (datetime.now() + UTC_OFFSET).date()
    monday = today - timedelta(days=today.weekday() + 7)
    begins = datetime.combine(monday, time(8, 30)) - UTC_OFFSET
    people = {login: (name, role.split(" (")[0]) for name, login, _, role in LOGINS}
    with Clock(env) as clock:
        clock.set(begins)
        accounts = env["res.users"].search([("login", "in", list(people))])
        users = {
            account.login: Person(env(user=account, context=CONTEXT))
            for account in accounts
        }
        story = Story(users, SlowNarrator(people, clock, begins))
        story.play_order()
        while env["timeline.change"]._follow_batch():
            env.flush_all()
    return story.sale.name


if __name__ == "__main__":
    with environment() as env:
        play(env)
