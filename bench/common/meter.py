"""Count queries and time of calls, as a server would run them. Runs inside Odoo."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

from tools import places
from tools.inside.session import registry

DEPTH = 4
"""Methods that a profile shows for a statement."""


class Meter:
    """Runs calls, each in a transaction of its own with nothing cached of records.

    On the database of the command line: ``<conf> <database>``.
    """

    def __init__(self) -> None:
        self.registry: Registry = registry(*sys.argv[1:3])
        self.users: dict[str, int] = {}

    def remember(self, users: Any) -> None:
        self.users |= {user.login: user.id for user in users}

    @contextmanager
    def environment(self, login: str | None = None) -> Iterator[Environment]:
        """Yield the environment a request of that user gets; commit at the end."""
        uid = self.users[login] if login else SUPERUSER_ID
        with self.registry.cursor() as cr:
            company = Environment(cr, uid, {})["res.users"].browse(uid).company_id
            context = {"lang": "en_US", "tz": "UTC", "allowed_company_ids": company.ids}
            cr.clear()
            yield Environment(cr, uid, context)

    def measure(
        self, login: str, work: Callable[[Environment], Any]
    ) -> tuple[Any, list[float]]:
        """Return what ``work`` returns, with its queries and its milliseconds.

        Counted is what the thread asks the database, whatever the cursor, until
        everything is committed and announced.
        """
        with self.environment(login) as env:
            thread = threading.current_thread()
            thread.query_count = 0
            start = time.perf_counter()
            result = work(env)
            env.cr.commit()
            seconds = time.perf_counter() - start
            return result, [thread.query_count, 1000 * seconds]

    def pages(self, login: str, work: Callable[[Environment], Any]) -> int:
        """Return how many pages of the database are read, however busy it is."""
        pages = 0
        for _statement, rows in self._explained(login, work, "BUFFERS, FORMAT JSON"):
            plan = rows[0][0]["Plan"]
            pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return pages

    def plans(self, login: str, reads: dict[str, Callable]) -> list[str]:
        """Return the database's plans of what is read, as lines to print.

        :param reads: by name
        """
        lines = []
        for name, work in reads.items():
            lines.append(f"== {name}")
            for statement, rows in self._explained(login, work, "BUFFERS"):
                lines += ["", statement, *rows]
        return lines

    def _explained(
        self, login: str, work: Callable[[Environment], Any], options: str
    ) -> Iterator[tuple[str, list]]:
        """Yield each statement of a piece of reading, with the rows of its plan."""
        statements: list[str] = []
        with (
            self.environment(login) as env,
            recorded(lambda text, _delay: statements.append(text)),
        ):
            work(env)
        for statement in statements:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                with self.environment() as env:
                    env.cr.execute(f"EXPLAIN (ANALYZE, {options}) {statement}")
                    yield statement, [row for (row,) in env.cr.fetchall()]


@contextmanager
def recorded(hook: Callable[[str, float], None]) -> Iterator[None]:
    """Call ``hook`` with the text and the seconds of each statement of the block."""

    def record(cr, query, params, start, delay):
        hook((cr._obj.query or b"").decode(errors="replace"), delay)

    thread = threading.current_thread()
    thread.query_hooks = [record]
    try:
        yield
    finally:
        thread.query_hooks = []


class Profile:
    """Which method sends how many statements."""

    def __init__(self) -> None:
        self.counts: Counter = Counter()
        self.seconds: Counter = Counter()

    def __call__(self, statement: str, delay: float) -> None:
        text = re.sub(r"\d+(, \d+)*", "?", " ".join(statement.split()))
        key = (text[:90], _origin())
        self.counts[key] += 1
        self.seconds[key] += delay

    def lines(self, orders: int, least: float) -> list[str]:
        """Return the statements that come at least so often for each order."""
        lines = []
        for (statement, origin), count in self.counts.most_common():
            if count / orders >= least:
                ms = 1000 * self.seconds[statement, origin] / orders
                lines.append(f"{count / orders:6.2f} {ms:6.2f}  {statement}")
                lines.append(f"{'':15}{origin}")
        return lines


def _origin() -> str:
    """Return the innermost method of an addon, and those of ours that lead to it."""
    origin: list[str] = []
    frame = sys._getframe(3)
    while frame and len(origin) < DEPTH:
        path = Path(frame.f_code.co_filename)
        is_ours = path.is_relative_to(places.ADDONS)
        if is_ours or not origin and "addons" in path.parts:
            origin.append(f"{path.stem}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(origin)
