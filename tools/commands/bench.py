"""make bench: run the benchmarks."""

from __future__ import annotations

import argparse

from tools import checkout_databases, places, settings
from tools.console import Fail, note
from tools.setup import prepare
from tools.shell import attached

FOLDER = places.ROOT / "bench"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="", help="of one benchmark")


def main(options: argparse.Namespace) -> int:
    """Run each script of ``bench/`` with the variables the tests get too."""
    scripts = sorted(FOLDER.glob(f"{options.name or '[!_]*'}.py"))
    if options.name and not scripts:
        raise Fail(f"There is no {FOLDER}/{options.name}.py.")
    if not scripts:
        note("There are no benchmarks yet.")
        return 0
    ready = prepare(development=True)
    database = checkout_databases.test(ready)
    conf = settings.write("bench", ready.odoo)
    environment = settings.for_programs(conf, database)
    codes = []
    for script in scripts:
        print(f"\n== {script.stem}", flush=True)
        command = [ready.python, "-m", f"bench.{script.stem}"]
        codes.append(attached(command, env=environment))
    return max(codes)
