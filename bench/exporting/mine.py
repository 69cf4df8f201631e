"""What PM4Py finds in a log: a program of its own, as its licence is another (AGPL).

``python -m bench.exporting.mine <log.xes> <found.json>`` writes seconds and variant of
each case.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pm4py

CASE, NAME, PHASE = "case:concept:name", "concept:name", "lifecycle:transition"


def main(path: str, target: str) -> None:
    log = pm4py.read_xes(path, return_legacy_log_object=False)
    found = {}
    for case, rows in log.groupby(CASE, sort=False):
        seconds = pm4py.get_case_duration(log, case)
        # a time that somebody held it is one activity: its end tells that it was
        ended = rows[rows[PHASE] == "complete"]
        (variant,) = pm4py.get_variants(ended)
        found[case] = [float(seconds), list(variant)]
    Path(target).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:3])
