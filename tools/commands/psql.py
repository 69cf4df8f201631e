"""make psql: psql on the demo company or another database of this checkout."""

from __future__ import annotations

import argparse

from tools import databases, places
from tools.console import Fail
from tools.setup import prepare
from tools.shell import attached


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", default="demo", help="demo, test …")


def main(options: argparse.Namespace) -> int:
    prepare()
    name = places.database(options.database)
    if not databases.exists(name):
        raise Fail(f"There is no database {name}: make run or make test makes it.")
    return attached(["psql", "-d", name])
