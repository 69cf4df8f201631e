"""Run tests with Odoo's own runner, and count them from its log."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from tools import places, settings
from tools.console import note
from tools.server import free_port
from tools.setup import Ready
from tools.shell import stop

RECORD = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ")
FAILURE = re.compile(
    r" odoo\.addons\.(?P<module>\w+)\.tests\.\S+: (FAIL|ERROR): (?P<test>\w+\.\w+)"
)
IN_TOUR = "odoo.startTour("
SUMMARY = re.compile(
    r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests"
)


@dataclass
class Outcome:
    """What a run's log says."""

    failed: int = 0
    total: int = 0
    tours: set[str] = field(default_factory=set)
    """The failed tests whose tour of a browser failed, as Odoo's test tags."""


def run(
    ready: Ready,
    database: str,
    tested: Sequence[str],
    *,
    program: str = "odoo",
    options: Sequence[str] = (),
    tour_retries: int = 0,
) -> int:
    """Run the tests of the modules ``tested``; return the exit code.

    Errors are shown as they come; ``.run/logs/`` has everything.

    :param program: Odoo, or what starts it in another way
    :param options: more of Odoo's options
    :param tour_retries: how often failed tours are tried again if nothing else failed
    """
    conf = settings.write("runner", ready.odoo, http_port=free_port(), log_level="info")
    command = [ready.python, "-m", program, "-c", conf, "-d", database, *options]
    path = places.RUN / "logs" / f"{database}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with path.open("w") as log:
        tags = [f"/{module}" for module in tested]
        code, outcome = _run([*command, "--test-tags", ",".join(tags)], log)
        last = outcome
        for _attempt in range(tour_retries):
            if not last.failed or last.failed != len(last.tours):
                break
            tags = sorted(last.tours)
            note(f"Once more, since a tour can lose a race: {' '.join(tags)}")
            code, last = _run([*command, "--test-tags", ",".join(tags)], log)
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    print(f"\nLog: {path}\nTime: {minutes} min {seconds} s")
    print(f"{max(outcome.total - last.failed, 0)} passed, {last.failed} failed")
    return 1 if last.failed or code or not last.total else 0


def _run(command: Sequence[object], log: TextIO) -> tuple[int, Outcome]:
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=places.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        outcome = _follow(process.stdout, log)
        return process.wait(), outcome
    except BaseException:
        stop(process)
        raise


def _follow(lines: Iterable[str], log: TextIO) -> Outcome:
    """Copy Odoo's log to a file and show the errors in it."""
    outcome = Outcome()
    is_error, failure = False, None
    for line in lines:
        log.write(line)
        if record := RECORD.match(line):
            is_error = record["level"] in ("ERROR", "CRITICAL")
            failure = is_error and FAILURE.search(line)
        if is_error:
            print(line, end="", flush=True)
        if failure and IN_TOUR in line:
            outcome.tours.add(f"/{failure['module']}:{failure['test']}")
        if found := SUMMARY.search(line):
            failures, errors, outcome.total = map(int, found.groups())
            outcome.failed = failures + errors
    return outcome
