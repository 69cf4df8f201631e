"""Deposits: what confirming costs without them, and those of 1,000 approved orders.

``make bench NAME=deposits``; ``ARGS=--profile`` prints where the statements of the
cron come from, ``ARGS=--explain`` the database's plans of what both crons look for.
The peer of a deposit by cron is an accountant in Odoo alone, who makes and posts the
same payment by hand, one by one, in the same run.

The orders are approved by their approver, in calls of 100, which confirms them and
plans their deposits. Then the cron, measured whole, commits included, and divided by
its deposits: each makes a payment, posts it and marks the deposit as paid.
"""

from __future__ import annotations

import argparse

from bench.common import scratch
from bench.common.figures import Cost, Figures, at_most_above, at_most_times, typical
from bench.common.program import run
from bench.common.worker import Worker
from tools.console import step

WORKER = "bench.deposit.worker"
WARM, COUNT = 100, 1_000
HISTORY = 100_000
CONFIRMED = 30
BY_HAND = 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--profile", action="store_true", help="no figures, but sources"
    )
    parser.add_argument("--explain", action="store_true", help="plans of the crons")
    options = parser.parse_args()
    figures = Figures("deposits")
    without = scratch.ours("ours", "urgent_orders")
    kind = scratch.ours("deposits", "urgent_orders", "supplier_deposit_cash")
    with (
        scratch.working(without, WORKER) as plain,
        scratch.working(kind, WORKER) as ours,
        scratch.working(scratch.ODOO, WORKER) as odoo,
    ):
        ours.call("set_up")
        if options.profile:
            ours.call("rule", matches=True)
            ours.call("approval_rule")
            print("\n".join(ours.call("profile", count=100)))
            return 0
        plain.call("set_up_plain")
        odoo.call("set_up_plain")
        _confirm(figures, ours, plain)
        _deposits(figures, ours, odoo)
        if options.explain:
            print("\n".join(ours.call("explain")))
    return 0 if figures.all_ok else 1


def _confirm(figures: Figures, ours: Worker, plain: Worker) -> None:
    """What confirming costs where no rule asks for a deposit."""
    for figure, goal in (
        ("no rule", at_most_above(1)),
        ("rule that does not match", None),
    ):
        if not goal:
            ours.call("rule", matches=False)
        with step(f"{CONFIRMED} orders confirmed, {figure}"):
            pairs = [
                (ours.call("confirm"), plain.call("confirm"))
                for _number in range(CONFIRMED)
            ]
        mine, theirs = map(typical, zip(*pairs, strict=True))
        figures.add_costs(f"confirm, 5 lines, {figure}", mine, theirs, goal, None)


def _deposits(figures: Figures, ours: Worker, odoo: Worker) -> None:
    """From orders that wait for approval to payments, with little and much history."""
    ours.call("rule", matches=True)
    ours.call("approval_rule")

    def round_of(text: str, count: int = COUNT) -> list[Cost]:
        ours.call("submit", count=count)
        costs = []
        for work in ("approve", "cron"):
            with step(f"{count} orders, {work}, {text}"):
                costs.append(Cost(*ours.call(work)) / count)
        return costs

    round_of("to warm up", WARM)
    few = round_of("little history")
    with step(f"{BY_HAND} payments by hand, one by one"):
        odoo.call("pay_by_hand")
        by_hand = typical([Cost(*odoo.call("pay_by_hand")) for _n in range(BY_HAND)])
    figures.add_costs(
        "a deposit by cron, against its payment by hand in Odoo alone",
        few[1],
        by_hand,
        at_most_times(1.5),
        at_most_times(1.5),
    )
    with step(f"{HISTORY} deposits of the past"):
        ours.call("history", count=HISTORY)
    many = round_of("much history")
    for text, first, second in zip(
        ("an order approved in bulk, its deposit planned", "a deposit by cron"),
        few,
        many,
        strict=True,
    ):
        figures.add_costs(f"{text}, little history", first, None)
        figures.add_costs(
            f"{text}, {HISTORY} of the past",
            second,
            first,
            at_most_times(1.05),
            at_most_times(1.25),
        )


if __name__ == "__main__":
    run(main)
