"""The log of cases, read by PM4Py: durations and variants of each case.

``make bench NAME=case_log``; ``ARGS="--cases 10000"`` makes more cases.

The year of the demo company (``tools.demo.past``) with as many cases is written as
XES, what happened and who held it. PM4Py reads both; what it finds of each case is
compared with the database. PM4Py is in a folder of the cache of its own, and needed
here only.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.common import scratch
from bench.common.figures import Figures, at_most
from bench.common.program import run
from bench.common.worker import Worker
from tools import peers, places
from tools.console import step
from tools.shell import run as execute

WORKER = "bench.exporting.worker"
PM4PY = "pm4py==2.7.23.11"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000)
    options = parser.parse_args()
    figures = Figures("case_log")
    library = peers.library(PM4PY)
    kind = scratch.ours("caselog", "cx_reports")
    with scratch.working(kind, WORKER) as side, tempfile.TemporaryDirectory() as folder:
        with step(f"{options.cases:,} cases"):
            figures.add("events", side.call("fill", count=options.cases))
        for log in ("events", "waits"):
            _compare(figures, side, log, library, Path(folder) / f"{log}.xes")
    return 0 if figures.all_ok else 1


def _compare(figures: Figures, side: Worker, log: str, library: Path, path: Path):
    with step(f"Log of {log}"):
        cost = side.call("export", kind=log, path=str(path))
    figures.add(f"{log}: seconds to write", cost[1] / 1000)
    figures.add(f"{log}: megabytes", path.stat().st_size / 1_000_000)
    with step("PM4Py"):
        found = path.with_suffix(".json")
        execute(
            [sys.executable, "-m", "bench.exporting.mine", path, found],
            cwd=places.ROOT,
            env={"PYTHONPATH": str(library)},
            hint="PM4Py cannot read the log.",
        )
    theirs, ours = json.loads(found.read_text()), side.call("ours", kind=log)
    figures.add(f"{log}: cases", len(ours), len(theirs))
    cases = ours.keys() | theirs.keys()
    nothing = [None, None]
    for place, name in enumerate(("durations", "variants")):
        differing = [
            case
            for case in cases
            if ours.get(case, nothing)[place] != theirs.get(case, nothing)[place]
        ]
        for case in differing[:3]:
            print(case, ours.get(case), theirs.get(case), file=sys.stderr)
        goal = at_most(0)
        figures.add(f"{log}: {name} that differ", len(differing), None, goal)
    figures.add(f"{log}: variants", len({str(v) for _s, v in ours.values()}))


if __name__ == "__main__":
    run(main)
