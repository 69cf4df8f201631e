"""Budgets: many people on one line, much history, and against OCA's budgets.

``make bench NAME=budget``; ``ARGS="--part parallel"`` measures only that.

*parallel*: fifty people submit at once over HTTP to a server with several processes;
each order asks for a fiftieth more than the line has. *history*: a confirmation and the
budget's form, with few and with a million entries. *reading*: 500 lines with what is
left of them, against ``account_budget_oca``.
"""

from __future__ import annotations

import argparse
import contextlib
import threading
import time

from bench.common import scratch
from bench.common.figures import Figures, at_most, at_most_times, typical
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


PARTS = {"parallel": _parallel, "history": _history, "reading": _reading}

if __name__ == "__main__":
    run(main)
