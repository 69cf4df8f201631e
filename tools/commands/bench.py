"""make bench: run the benchmarks."""

from __future__ import annotations

import argparse
import shlex

from tools import places
from tools.console import Fail, note
from tools.setup import prepare
from tools.shell import attached

FOLDER = places.ROOT / "bench"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="", help="of one benchmark")
    parser.add_argument("--arguments", default="", help="for the benchmark")


def main(options: argparse.Namespace) -> int:
    """Run each script of ``bench/``; they make their own databases."""
    scripts = sorted(FOLDER.glob(f"{options.name or '[!_]*'}.py"))
    if options.name and not scripts:
        raise Fail(f"There is no {FOLDER}/{options.name}.py.")
    if not scripts:
        note("There are no benchmarks yet.")
        return 0
    ready = prepare(development=True)
    codes = []
    for script in scripts:
        print(f"\n== {script.stem}", flush=True)
        command = [ready.python, "-m", f"bench.{script.stem}"]
        command += shlex.split(options.arguments)
        codes.append(attached(command))
    return max(codes)
