"""Odoo's own tests with all our addons and without, compared by name.

Some of Odoo's tests fail by themselves: with these modules, on this machine, on this
day. They say nothing about our addons; those that fail only when ours are there do.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tools import checkout_databases, databases, places, settings
from tools.console import Fail
from tools.odoo_tests import LOGS, TOUR_RETRIES, Outcome, Runner, each, report_one
from tools.setup import Ready

SPARE = 2 * 1024**3
"""Bytes that must be left on the disk."""


@dataclass(frozen=True)
class Side:
    """Odoo with our addons, or without."""

    text: str
    source: str
    """The database to copy."""
    suffix: str = ""
    """Of its logs."""
    configuration: dict[str, str] = field(default_factory=dict)
    """Options of Odoo's, other than usual."""


@dataclass
class Results:
    """What all modules came to on one side."""

    tests: set[str] = field(default_factory=set)
    failures: dict[str, list[str]] = field(default_factory=dict)
    broken_off: list[str] = field(default_factory=list)
    """The modules of which not everything is known."""

    def add(self, module: str, outcome: Outcome) -> None:
        self.tests |= outcome.tests
        self.failures |= outcome.failures
        if not outcome.is_complete:
            self.broken_off.append(module)

    def __str__(self) -> str:
        failed = len(self.failures)
        return f"{len(self.tests - self.failures.keys())} passed, {failed} failed"


def run(
    ready: Ready, modules: Sequence[str], installed: Sequence[str], program: str
) -> int:
    """Run the tests of the modules on both sides; return the exit code.

    Each module gets a new copy of its side's database, which is dropped after it:
    there are never more of them than cores.

    :param modules: the slowest first, so that all end at about the same time
    :param installed: more modules that the databases have
    :param program: what starts Odoo
    """
    start = time.monotonic()
    drop_all()  # what a run that was killed has left
    try:
        ours, plain = _sides(ready, {*modules, *installed})
        # both sides of a module at about the same time, when the machine is as busy
        jobs = [(side, module) for module in modules for side in (ours, plain)]
        number = min(places.cores(), len(jobs))
        _check_room([ours.source, plain.source], number)
        outcomes = _run(ready, program, jobs, number)
    finally:
        drop_all()
    results = {side: Results() for side in (ours.text, plain.text)}
    for (side, module), outcome in zip(jobs, outcomes, strict=True):
        results[side.text].add(module, outcome)
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    print(f"\nLogs: {LOGS}\n{len(modules)} modules in {minutes} min {seconds} s")
    return report(results[ours.text], results[plain.text])


def drop_all() -> None:
    for name in databases.names(places.database("suites_")):
        databases.drop(name, settings.data_dir())


def _sides(ready: Ready, modules: Iterable[str]) -> tuple[Side, Side]:
    ours, plain = checkout_databases.with_and_without_us(ready, modules)
    only_odoo = {"addons_path": settings.plain_addons_path(ready.odoo)}
    return Side("with us", ours), Side("without us", plain, "-plain", only_odoo)


def _check_room(sources: Sequence[str], number: int) -> None:
    """Fail now rather than in an hour, when the disk is full."""
    listed = ", ".join(map(databases.literal, sources))
    (largest,) = databases.query(
        "SELECT max(pg_database_size(datname)) FROM pg_database "
        f"WHERE datname IN ({listed})"
    )
    needed = SPARE + 3 * number * int(largest)  # tests write much and undo it
    free = shutil.disk_usage(places.cache()).free
    if free < needed:
        raise Fail(
            f"{number} databases need {needed >> 20:,} MB, and {free >> 20:,} are free "
            f"at {places.cache()}: make room first."
        )


def _run(
    ready: Ready, program: str, jobs: Sequence[tuple[Side, str]], number: int
) -> list[Outcome]:
    runner = Runner(ready, program, tour_retries=TOUR_RETRIES, is_quiet=True)
    copies = [places.database(f"suites_{slot}") for slot in range(1, number + 1)]

    def work(database: str, job: tuple[Side, str]) -> Outcome:
        (side, module), begun = job, time.monotonic()
        data = settings.data_dir()
        databases.clone(side.source, database, data, data)
        try:
            log = f"suites-{module}{side.suffix}"
            outcome = runner.run(database, [module], log, **side.configuration)
        finally:
            databases.drop(database, data)
        report_one(f"{module}, {side.text}", outcome, begun)
        return outcome

    return each(runner, copies, work, jobs)


# ----------------------------------------------------------------
# COMPARISON
# ----------------------------------------------------------------


def report(ours: Results, plain: Results) -> int:
    """Say what differs; return the exit code.

    What runs without us only counts as well: with us, nobody knows whether it passes.
    """
    broken = sorted(ours.failures.keys() - plain.failures.keys())
    common = sorted(ours.failures.keys() & plain.failures.keys())
    gone = list(_gone(ours, plain))
    for name in broken:
        print("", *ours.failures[name], sep="\n", end="")
    _list("Fails without us, too:", common)
    _list("Fails without us only:", sorted(plain.failures.keys() - ours.failures))
    _list("RUNS WITHOUT US ONLY:", gone)
    _list("FAILS WITH US ONLY:", broken)
    _list("BROKE OFF WITH US:", ours.broken_off)
    _list("BROKE OFF WITHOUT US:", plain.broken_off)
    print(f"\nWith our addons: {ours}\nWithout:         {plain}")
    return 1 if broken or gone or ours.broken_off or plain.broken_off else 0


def _gone(ours: Results, plain: Results) -> Iterator[str]:
    """Yield what does not run with us, unless its class is told as failed."""
    for name in sorted(plain.tests - ours.tests):
        if f"{name.rpartition('.')[0]}.setUpClass" not in ours.failures:
            yield name


def _list(text: str, names: Sequence[str]) -> None:
    if names:
        print("", text, *(f"    {name}" for name in names), sep="\n")
