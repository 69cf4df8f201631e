"""make verify: check that the records of a database are whole.

Each addon brings its own verification, as a command of Odoo's that only reads. It ends
with 0 when all is well, with 1 when something is not, and with more when it could not
look.
"""

from __future__ import annotations

import argparse

from tools import checkout_databases, databases, places, settings
from tools.console import Fail
from tools.setup import Ready, prepare
from tools.shell import attached

DEMO = "demo"
VERIFICATIONS = ["approval_verify"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database", default=DEMO, help="demo, test … or any other by its full name"
    )


def main(options: argparse.Namespace) -> int:
    """Run all of them, whatever one has found; return the worst exit code."""
    ready = prepare()
    name = _database(ready, options.database)
    conf = settings.write("verify", ready.odoo, db_name=name, log_level="warn")
    odoo = [ready.python, "-m", "odoo", f"--addons-path={places.ADDONS}"]
    return max(
        attached([*odoo, command, "-c", conf, "-d", name]) for command in VERIFICATIONS
    )


def _database(ready: Ready, wanted: str) -> str:
    if wanted == DEMO:
        return checkout_databases.demo(ready)
    for name in (places.database(wanted), wanted):
        if databases.exists(name):
            return name
    raise Fail(f"There is no database {wanted}, nor {places.database(wanted)}.")
