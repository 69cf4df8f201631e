"""Budgets: many people on one line, much history, and against OCA's budgets.

``make bench NAME=budget``; ``ARGS="--part parallel"`` measures only that.

*parallel*: fifty people submit at once over HTTP to a server with several processes;
each order asks for a fiftieth more than the line has. *history*: a confirmation and the
budget's form, with few and with a million entries. *reading*: 500 lines with what is
left of them, against ``account_budget_oca``. *books*: a budget opens on a million
journal items, is interrupted and goes on; then its forecast is read. *posting*: a bill
of fifty lines is posted, against Odoo alone.
"""

from __future__ import annotations

import argparse
import contextlib
import threading
import time

from bench.common import scratch
from bench.common.figures import (
    Figures,
    at_most,
    at_most_above,
    at_most_times,
    typical,
)
from bench.common.program import run
from bench.common.worker import Worker, started
from tools import databases, server
from tools.console import step
from tools.story.client import Json2Client, Refused, signed_in

OCA = ["odoo-addon-account-budget-oca==19.0.1.1.0.7"]
WORKER = "bench.budgeting.worker"
PEOPLE, ACCEPTED, PROCESSES = 50, 40, 4
FEW, MANY = 10_000, 1_000_000
TRIES = 15
LINES = 500
ITEMS, INTERRUPTED, BUDGET_LINES = 1_000_000, 300_000, 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, help="measure only that")
    options = parser.parse_args()
    figures = Figures("budget")
    for name in [options.part] if options.part else PARTS:
        PARTS[name](figures)
    return 0 if figures.all_ok else 1


def _ours() -> scratch.Kind:
    return scratch.ours("budget", "urgent_orders")


def _parallel(figures: Figures) -> None:
    """Nothing over the limit, nothing lost; and what it costs to be sure."""
    with contextlib.ExitStack() as stack:
        conf, database = stack.enter_context(scratch.database(_ours()))
        side = stack.enter_context(started(WORKER, conf, database))
        side.call("set_up")
        running = stack.enter_context(
            server.serve(
                conf, database=database, workers=PROCESSES, name="bench-budget-server"
            )
        )
        login = side.call("buyer")
        client = stack.enter_context(
            signed_in(running.url, database, *login, lang="en_US")
        )
        rates = {}
        for budgeted in (True, False):  # a budget takes in the orders at hand
            text = "one line" if budgeted else "no budget"
            side.call("limit", orders=ACCEPTED if budgeted else None)
            ids = side.call("orders", count=PEOPLE)
            with step(f"{PEOPLE} submissions at once, {text}"):
                seconds, refused, lost = _at_once(client, ids)
            rates[budgeted] = PEOPLE / seconds
            figures.add(f"{PEOPLE} at once, {text}: lost", lost, None, at_most(0))
            if not budgeted:
                continue
            held = side.call("held", ids=ids)
            accepted = held["accepted"]
            goal = at_most(ACCEPTED)
            figures.add(f"{PEOPLE} at once, {text}: accepted", accepted, None, goal)
            for figure, difference in (
                ("neither accepted nor refused", PEOPLE - accepted - refused),
                ("balance off the accepted orders", held["balance"] - held["orders"]),
            ):
                figure = f"{PEOPLE} at once, {text}: {figure}"
                figures.add(figure, abs(difference), None, at_most(0))
        figures.add("orders a second, one line", rates[True], rates[False])


def _at_once(client: Json2Client, ids: list[int]) -> tuple[float, int, int]:
    """Confirm each order from a thread of its own; return seconds, refused, lost."""
    start, lock = threading.Barrier(len(ids) + 1), threading.Lock()
    counts = {"refused": 0, "lost": 0}

    def confirm(order: int) -> None:
        start.wait()
        try:
            client.call("purchase.order", "button_confirm", ids=[order])
        except Refused as refusal:
            name = "refused" if "budget" in str(refusal).lower() else "lost"
            with lock:
                counts[name] += 1

    threads = [threading.Thread(target=confirm, args=[order]) for order in ids]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began, counts["refused"], counts["lost"]


def _history(figures: Figures) -> None:
    """A confirmation and a form cost the same whatever happened before."""
    with contextlib.ExitStack() as stack:
        conf, database = stack.enter_context(scratch.database(_ours()))
        side = stack.enter_context(started(WORKER, conf, database))
        side.call("set_up")
        side.call("limit", orders=1_000_000)
        costs = []
        for count in (FEW, MANY):
            with step(f"{count:,} entries"):
                side.call("fill", count=count)
                databases.query("VACUUM ANALYZE spend_entry", database)
                costs.append(side.call("measure", tries=TRIES))
        for name in costs[0]:
            few, many = (typical(each[name]) for each in costs)
            text = f"{name}, {MANY:,} against {FEW:,} entries"
            figures.add(f"{text}: queries", many.queries, few.queries, at_most_times(1))
            figures.add(f"{text}: ms", many.ms, few.ms, at_most_times(1.3))


def _reading(figures: Figures) -> None:
    """What is left of 500 budget lines."""
    oca = scratch.theirs("oca_budget", "account_budget_oca", OCA)
    costs = {}
    with contextlib.ExitStack() as stack:
        sides: dict[str, Worker] = {}
        for kind in (_ours(), oca):
            side = stack.enter_context(scratch.working(kind, WORKER))
            side.call("set_up")
            side.call("many_lines", side=kind.name, count=LINES)
            sides[kind.name] = side
        with step(f"Reading {LINES} lines"):
            for _try in range(TRIES):
                for name, side in sides.items():
                    costs.setdefault(name, []).append(side.call("read", side=name))
    mine, peer = (typical(costs[name]) for name in sides)
    text = f"reading {LINES} budget lines"
    figures.add(f"{text}: queries", mine.queries, peer.queries, at_most_times(0.1))
    figures.add(f"{text}: ms", mine.ms, peer.ms, at_most_times(1))


def _books(figures: Figures) -> None:
    """A budget opens on large books, in batches; who is killed loses one."""
    with contextlib.ExitStack() as stack:
        conf, database = stack.enter_context(scratch.database(_ours()))
        side = stack.enter_context(started(WORKER, conf, database))
        side.call("set_up")
        with step(f"{ITEMS:,} journal items"):
            side.call("fill_books", count=ITEMS, lines=BUDGET_LINES)
            for table in ("account_move", "account_move_line"):
                databases.query(f"VACUUM ANALYZE {table}", database)
            side.call("index_books")
        with step("Counting, interrupted"):
            began = time.perf_counter()
            side.call("stop_midway", items=INTERRUPTED)
            first = time.perf_counter() - began
        with step("Counting the rest"):
            seconds = first + side.call("resume")
        text = f"{ITEMS:,} items brought up to date"
        figures.add(f"{text}, interrupted once: s", seconds, None, at_most(60))
        counted = side.call("counted")
        figures.add(
            f"{text}: entries missing", ITEMS - counted["entries"], 0, at_most(0)
        )
        figures.add(
            f"{text}: amount off", ITEMS * 10 - counted["actual"], 0, at_most(0)
        )
        with step("Counting again"):
            figures.add(f"{text}, nothing to do: s", side.call("again"))
        with step("Looking ahead"):
            figures.add(f"forecast with {ITEMS:,} entries: s", side.call("look_ahead"))


def _posting(figures: Figures) -> None:
    """What posting a bill costs where budgets are in use, and where one is hit."""
    costs = {}
    with contextlib.ExitStack() as stack:
        sides = {
            kind.name: stack.enter_context(scratch.working(kind, WORKER))
            for kind in (_ours(), scratch.ODOO)
        }
        for side in sides.values():
            side.call("set_up")
        ours, odoo = sides.values()
        for name in ("elsewhere", "hit"):
            with step(f"Posting bills, budget {name}"):
                ours.call("elsewhere")
                if name == "hit":
                    ours.call("limit", orders=1_000_000)
                pairs = zip(
                    ours.call("bills", count=TRIES),
                    odoo.call("bills", count=TRIES),
                    strict=True,
                )
                for mine, plain in pairs:
                    costs.setdefault(name, []).append(ours.call("post", bill=mine))
                    costs.setdefault("odoo", []).append(odoo.call("post", bill=plain))
    plain = typical(costs["odoo"])
    goals = {"elsewhere": at_most_times(1.1), "hit": at_most_above(15)}
    for name, goal in goals.items():
        cost = typical(costs[name])
        text = f"posting a bill of 50 lines, budget {name}"
        figures.add(f"{text}: queries", cost.queries, plain.queries, goal)
        figures.add(f"{text}: ms", cost.ms, plain.ms)


PARTS = {
    "parallel": _parallel,
    "history": _history,
    "reading": _reading,
    "books": _books,
    "posting": _posting,
}

if __name__ == "__main__":
    run(main)
