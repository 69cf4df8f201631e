"""Run tests with Odoo's own runner, and count them from its log."""

from __future__ import annotations

import queue
import re
import subprocess
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
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
TOUR_RETRIES = 3
LOGS = places.RUN / "logs"
SUMMARY = re.compile(
    r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests"
)


@dataclass
class Outcome:
    """What a run's log says."""

    failed: int = 0
    total: int = 0
    code: int = 0
    tours: set[str] = field(default_factory=set)
    """The failed tests whose tour of a browser failed, as Odoo's test tags."""

    def __str__(self) -> str:
        return f"{max(self.total - self.failed, 0)} passed, {self.failed} failed"

    @property
    def is_good(self) -> bool:
        return bool(self.total) and not self.failed and not self.code


def run(
    ready: Ready, database: str, modules: Sequence[str], options: Sequence[str]
) -> int:
    """Run the tests of modules in one process; return the exit code.

    Errors are shown as they come; ``.run/logs/`` has everything.

    :param options: more of Odoo's options
    """
    start = time.monotonic()
    outcome = _Runner(ready, "odoo", options).run(database, modules, database)
    return _report(start, [outcome])


def run_side_by_side(
    ready: Ready, databases: Sequence[str], modules: Sequence[str], program: str
) -> int:
    """Run the tests of each module in a process of its own; return the exit code.

    Failed tours are tried again.

    :param databases: copies of one; as many processes run at a time
    :param modules: the slowest first, so that all end at about the same time
    :param program: what starts Odoo
    """
    start = time.monotonic()
    free: queue.SimpleQueue[str] = queue.SimpleQueue()
    for database in databases:
        free.put(database)
    runner = _Runner(ready, program, tour_retries=TOUR_RETRIES)

    def work(module: str) -> Outcome:
        database, begun = free.get(), time.monotonic()
        outcome = runner.run(database, [module], f"suites-{module}")
        free.put(database)
        mark, seconds = "ok" if outcome.is_good else "!!", time.monotonic() - begun
        print(f"[{mark}] {module}: {outcome} … {seconds:.1f} s", flush=True)
        return outcome

    with ThreadPoolExecutor(len(databases)) as threads:
        try:
            outcomes = list(threads.map(work, modules))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            runner.stop()
            raise
    return _report(start, outcomes)


def _report(start: float, outcomes: Sequence[Outcome]) -> int:
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    whole = Outcome(
        sum(outcome.failed for outcome in outcomes),
        sum(outcome.total for outcome in outcomes),
    )
    print(f"Logs: {LOGS}\n{whole} in {minutes} min {seconds} s")
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


class _Runner:
    """Starts Odoo for tests; several threads may use it."""

    def __init__(
        self,
        ready: Ready,
        program: str,
        options: Sequence[str] = (),
        tour_retries: int = 0,
    ) -> None:
        self.ready = ready
        self.program = program
        self.options = options
        self.tour_retries = tour_retries
        self.processes: set[subprocess.Popen] = set()

    def run(self, database: str, modules: Sequence[str], name: str) -> Outcome:
        """Run the tests of the modules, and once more the tours that failed.

        :param name: of the log
        """
        port = {"http_port": free_port(), "log_level": "info"}
        conf = settings.write(f"runner-{database}", self.ready.odoo, **port)
        command = [self.ready.python, "-m", self.program, "-c", conf, "-d", database]
        command += [*self.options, "--test-tags"]
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / f"{name}.log").open("w") as log:
            tags = [f"/{module}" for module in modules]
            last = self._run([*command, ",".join(tags)], log)
            total = last.total
            for _attempt in range(self.tour_retries):
                if not last.failed or last.failed != len(last.tours):
                    break
                tags = sorted(last.tours)
                note(f"Once more, since a tour can lose a race: {' '.join(tags)}")
                last = self._run([*command, ",".join(tags)], log)
        return Outcome(last.failed, total if last.total else 0, last.code)

    def _run(self, command: Sequence[object], log: TextIO) -> Outcome:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=places.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self.processes.add(process)
        try:
            outcome = _follow(process.stdout, log)
            outcome.code = process.wait()
        except BaseException:
            stop(process)
            raise
        finally:
            self.processes.discard(process)
        return outcome

    def stop(self) -> None:
        for process in list(self.processes):
            process.terminate()


def _follow(lines: Iterable[str], log: TextIO) -> Outcome:
    """Copy Odoo's log to a file and show the errors in it, each as a whole."""
    outcome = Outcome()
    error: list[str] = []
    for line in lines:
        log.write(line)
        if record := RECORD.match(line):
            _show(error, outcome)
            error = [line] if record["level"] in ("ERROR", "CRITICAL") else []
        elif error:
            error.append(line)
        if found := SUMMARY.search(line):
            failures, errors, outcome.total = map(int, found.groups())
            outcome.failed = failures + errors
    _show(error, outcome)
    return outcome


def _show(error: Sequence[str], outcome: Outcome) -> None:
    if not error:
        return
    print("".join(error), end="", flush=True)
    failure = FAILURE.search(error[0])
    if failure and any(IN_TOUR in line for line in error):
        outcome.tours.add(f"/{failure['module']}:{failure['test']}")
