"""Run tests with Odoo's own runner, and count them from its log."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools import places, settings
from tools.server import free_port
from tools.setup import Ready

RECORD = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ")
SUMMARY = re.compile(
    r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests"
)
RETRY = "Retrying a failed test"


def run(
    ready: Ready,
    database: str,
    tested: Sequence[str],
    *,
    program: str = "odoo",
    options: Sequence[str] = (),
    retries: int = 0,
) -> int:
    """Run the tests of the modules ``tested``; return the exit code.

    Errors are shown as they come; ``.run/logs/`` has everything.

    :param program: Odoo, or what starts it in another way
    :param options: more of Odoo's options
    :param retries: how often a failed test may be tried again; each time is shown
    """
    conf = settings.write("runner", ready.odoo, http_port=free_port(), log_level="info")
    command = [ready.python, "-m", program, "-c", conf, "-d", database, *options]
    command += ["--test-tags", ",".join(f"/{module}" for module in tested)]
    log = places.RUN / "logs" / f"{database}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with subprocess.Popen(
        [str(word) for word in command],
        cwd=places.ROOT,
        env=os.environ | {"ODOO_TEST_FAILURE_RETRIES": str(retries)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        failed, total = _follow(process.stdout, log)
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    print(f"\nLog: {log}\nTime: {minutes} min {seconds} s")
    print(f"{total - failed} passed, {failed} failed", flush=True)
    return 1 if failed or process.returncode or not total else 0


def _follow(lines: Iterable[str], log: Path) -> tuple[int, int]:
    """Copy Odoo's log to a file, show its errors; return failed tests and all tests."""
    failed = total = 0
    is_error = False
    with log.open("w") as output:
        for line in lines:
            output.write(line)
            if record := RECORD.match(line):
                is_error = record["level"] in ("ERROR", "CRITICAL")
            if is_error or RETRY in line:
                print(line, end="", flush=True)
            if found := SUMMARY.search(line):
                failures, errors, total = map(int, found.groups())
                failed = failures + errors
    return failed, total
