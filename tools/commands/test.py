"""make test: our tests, with pytest or with Odoo's own runner.

The addons' tests run on the checkout's test database and leave nothing in it. The
tests in ``tests/`` cross addons, start servers and kill them, each on its own copy of
that database. They run in a second pytest, without its Odoo plugin, with the
variables that ``tools.settings.for_programs`` lists.
"""

from __future__ import annotations

import argparse

from tools import checkout_databases, databases, odoo_tests, places, settings
from tools.console import Fail
from tools.locks import lock
from tools.setup import Ready, prepare
from tools.shell import attached

TESTS = places.ROOT / "tests"
NOTHING_COLLECTED = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--path", default="", help="a file or folder with tests")
    parser.add_argument("--expression", default="", help="pytest's -k")
    parser.add_argument("--runner", choices=("pytest", "odoo"), default="pytest")


def main(options: argparse.Namespace) -> int:
    _selection(options.path)  # a wrong path is told at once
    ready = prepare(development=True, browser=True)
    if not places.addons():
        raise Fail("There are no addons yet, so there is nothing to test.")
    with lock(f"tests in {places.database('test')}"):
        database = checkout_databases.test(ready)
        if options.runner == "odoo":
            return _odoo(ready, database)
        return _pytest(ready, database, options)


def _pytest(ready: Ready, database: str, options: argparse.Namespace) -> int:
    """Run both parts; stop at the first that fails, so that its report comes last."""
    conf = settings.write("test", ready.odoo, db_name=database, log_level="warn")
    variables = settings.for_programs(conf, database)
    in_addons, crossing = _selection(options.path)
    odoo = ["--odoo-http", "--odoo-log-level=warn", f"--odoo-config={conf}"]
    odoo += ["-p", "tools.inside.logged_errors"]
    runs = [[*odoo, *in_addons]] if in_addons else []
    runs += [["-p", "no:odoo", *crossing]] if crossing else []
    codes = []
    for extra in runs:
        command = [ready.python, "-m", "pytest", *extra]
        if options.expression:
            command += ["-k", options.expression]
        codes.append(attached(command, env=variables))
        if codes[-1] not in (0, NOTHING_COLLECTED):
            break
    failed = [code for code in codes if code not in (0, NOTHING_COLLECTED)]
    return failed[0] if failed else min(codes)


def _selection(path: str) -> tuple[list[str], list[str]]:
    """Split what to test into addons and tests that cross addons."""
    if not path:
        crossing = [str(TESTS)] if TESTS.is_dir() else []
        return [str(places.ADDONS)], crossing
    file = (places.ROOT / path.split("::")[0]).resolve()
    if not file.exists():
        raise Fail(f"There is no {file}: T is a path from the repository's root.")
    if file.is_relative_to(TESTS):
        return [], [path]
    return [path], []


def _odoo(ready: Ready, database: str) -> int:
    """Odoo's runner updates the addons, which commits: it gets a copy."""
    copy = places.database("runner")
    data_dir = settings.data_dir()
    databases.clone(database, copy, data_dir, data_dir)
    try:
        addons = places.addons()
        return odoo_tests.run(ready, copy, addons, options=["-u", ",".join(addons)])
    finally:
        databases.drop(copy, data_dir)
