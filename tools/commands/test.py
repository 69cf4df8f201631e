"""make test: our tests, with pytest or with Odoo's own runner.

The addons' tests leave nothing in the database they run on. The tests in ``tests/``
cross addons, start servers and kill them, each on its own copy of the test database,
with the variables that ``tools.settings.for_programs`` lists. All of them run side by
side where there are cores for it: ``tools.inside.side_by_side`` says how.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tools import checkout_databases, databases, odoo_tests, places, server, settings
from tools.console import Fail
from tools.locks import lock
from tools.setup import Ready, prepare
from tools.shell import attached

TESTS = places.ROOT / "tests"
PLUGINS = [
    "lean_copies",
    "logged_errors",
    "progress",
    "remembered",
    "shared_setup",
    "side_by_side",
    "warm_caches",
]
PYTEST = [
    *(f"-ptools.inside.{plugin}" for plugin in PLUGINS),
    "--odoo-http",
    "--odoo-log-level=warn",
    "--dist=loadfile",
    "--no-loadscope-reorder",
    "--max-worker-restart=0",
    "--durations=10",
]
MOST_CORES = 8
"""More would only wait for the longest file, with a database each."""
SPARE = 1
"""Workers more than cores: they wait a part of their time for browsers and disks."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--path", default="", help="a file or folder with tests")
    parser.add_argument("--expression", default="", help="pytest's -k")
    parser.add_argument("--runner", choices=("pytest", "odoo"), default="pytest")


def main(options: argparse.Namespace) -> int:
    _chosen(options.path)  # a wrong path is told at once
    ready = prepare(development=True, browser=True)
    if not places.addons():
        raise Fail("There are no addons yet, so there is nothing to test.")
    with lock(f"tests in {places.database('test')}"):
        database = checkout_databases.test(ready)
        if options.runner == "odoo":
            return _odoo(ready, database)
        return _pytest(ready, database, options)


def _pytest(ready: Ready, database: str, options: argparse.Namespace) -> int:
    conf = settings.write("test", ready.odoo, db_name=database, log_level="warn")
    command = [ready.python, "-m", "pytest", f"--odoo-config={conf}", *PYTEST]
    if options.expression:
        command += ["-k", options.expression]
    if os.environ.get("WIDE"):
        command.append("--timeout=0")  # many random sequences are one test
    command += [*_processes(options.path), *([options.path] if options.path else [])]
    try:
        server.end_leftovers()  # of a run that was killed
        _drop_copies(database)
        return attached(command, env=settings.for_programs(conf, database))
    finally:
        _drop_copies(database)


def _processes(path: str) -> list[str]:
    """Return the options for ``side_by_side``, unless one process is enough."""
    cores = min(places.cores(), MOST_CORES)
    chosen = _chosen(path)
    if chosen.is_file() or chosen.is_relative_to(TESTS):
        return []
    busy = cores + SPARE
    workers = busy + TESTS.is_relative_to(chosen)  # see there
    return [f"--numprocesses={workers}", f"--busy={busy}"]


def _chosen(path: str) -> Path:
    chosen = (places.ROOT / path.split("::")[0]).resolve()
    if not chosen.exists():
        raise Fail(f"There is no {chosen}: T is a path from the repository's root.")
    return chosen


def _drop_copies(database: str) -> None:
    """Drop the copies of the test database, which workers and tests have made."""
    for name in databases.names(f"{database}_"):
        databases.drop(name, settings.data_dir())


def _odoo(ready: Ready, database: str) -> int:
    """Odoo's runner updates the addons, which commits: it gets a copy."""
    copy = places.database("runner")
    data_dir = settings.data_dir()
    databases.clone(database, copy, data_dir, data_dir)
    try:
        addons = places.addons()
        return odoo_tests.run(ready, copy, addons, ["-u", ",".join(addons)])
    finally:
        databases.drop(copy, data_dir)
