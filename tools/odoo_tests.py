"""Run tests with Odoo's own runner, and count them from its log."""

from __future__ import annotations

import queue
import re
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TextIO, TypeVar

from tools import places, settings
from tools.console import note
from tools.server import free_port
from tools.setup import Ready
from tools.shell import stop

RECORD = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ")
EVENT = re.compile(
    r" odoo\.addons\.(?P<file>\w+\.tests\.[\w.]+): "
    r"(?P<what>Starting|skipped|FAIL:|ERROR:) (?:Subtest )?(?P<test>\w[\w.]*\.\w+)"
)
CLASS_FAILURE = re.compile(
    r": ERROR: (?P<method>\w+) "
    r"\(odoo\.addons\.(?P<file>\w+\.tests\.[\w.]+)\.(?P<cls>\w+)\)"
)
IN_TOUR = "odoo.startTour("
TOUR_RETRIES = 3
LOGS = places.RUN / "logs"
SUMMARY = re.compile(
    r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests"
)

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass
class Outcome:
    """What a run's log says."""

    failed: int = 0
    total: int = 0
    code: int = 0
    tests: set[str] = field(default_factory=set)
    """Those that ran, as Odoo's test tags; the failed ones may be classes, too."""
    failures: dict[str, list[str]] = field(default_factory=dict)
    """What the log says of each test that failed."""
    tours: set[str] = field(default_factory=set)
    """The failed tests whose tour of a browser failed."""

    def __str__(self) -> str:
        return f"{max(self.total - self.failed, 0)} passed, {self.failed} failed"

    @property
    def is_good(self) -> bool:
        return bool(self.total) and not self.failed and not self.code

    @property
    def is_complete(self) -> bool:
        """Whether all tests ran, and the log names those that failed.

        Without that, a log that is read wrongly would tell that all is well.
        """
        named = sum(map(len, self.failures.values()))
        is_explained = named >= self.failed and bool(named) == bool(self.code)
        return bool(self.total and self.tests) and is_explained

    def after(self, retry: Outcome) -> Outcome:
        """Return the outcome when the tours that failed were tried again."""
        if not retry.total:  # it broke off: nothing is known about them
            return replace(self, total=0, code=retry.code)
        failures = dict(self.failures)
        forgiven = sum(len(failures.pop(name)) for name in self.tours)
        return replace(
            self,
            failed=self.failed - forgiven + retry.failed,
            code=self.code if failures else retry.code,
            failures=failures | retry.failures,
            tours=retry.tours,
        )


def run(
    ready: Ready, database: str, modules: Sequence[str], options: Sequence[str]
) -> int:
    """Run the tests of modules in one process; return the exit code.

    Errors are shown as they come; ``.run/logs/`` has everything.

    :param options: more of Odoo's options
    """
    start = time.monotonic()
    outcome = Runner(ready, "odoo", options).run(database, modules, database)
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
    runner = Runner(ready, program, tour_retries=TOUR_RETRIES)

    def work(database: str, module: str) -> Outcome:
        begun = time.monotonic()
        outcome = runner.run(database, [module], f"suites-{module}")
        report_one(module, outcome, begun)
        return outcome

    return _report(start, each(runner, databases, work, modules))


def each(
    runner: Runner,
    databases: Sequence[str],
    work: Callable[[str, Job], Result],
    jobs: Sequence[Job],
) -> list[Result]:
    """Do each job on whichever database is free; return what ``work`` returns."""
    free: queue.SimpleQueue[str] = queue.SimpleQueue()
    for database in databases:
        free.put(database)

    def do(job: Job) -> Result:
        database = free.get()
        try:
            return work(database, job)
        finally:
            free.put(database)

    with ThreadPoolExecutor(len(databases)) as threads:
        try:
            return list(threads.map(do, jobs))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            runner.stop()
            raise


def report_one(text: str, outcome: Outcome, begun: float) -> None:
    mark, seconds = "ok" if outcome.is_good else "!!", time.monotonic() - begun
    print(f"[{mark}] {text}: {outcome} … {seconds:.1f} s", flush=True)


def _report(start: float, outcomes: Sequence[Outcome]) -> int:
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    whole = Outcome(
        sum(outcome.failed for outcome in outcomes),
        sum(outcome.total for outcome in outcomes),
    )
    print(f"Logs: {LOGS}\n{whole} in {minutes} min {seconds} s")
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


class Runner:
    """Starts Odoo for tests; several threads may use it."""

    def __init__(
        self,
        ready: Ready,
        program: str,
        options: Sequence[str] = (),
        tour_retries: int = 0,
        is_quiet: bool = False,
    ) -> None:
        """:param is_quiet: show no errors while tests run"""
        self.ready = ready
        self.program = program
        self.options = options
        self.tour_retries = tour_retries
        self.is_quiet = is_quiet
        self.is_stopped = False
        self.processes: set[subprocess.Popen] = set()

    def run(
        self, database: str, modules: Sequence[str], name: str, **configuration: object
    ) -> Outcome:
        """Run the tests of the modules, and once more the tours that failed.

        :param name: of the log
        :param configuration: other options of Odoo's configuration file than usual
        """
        values = {"http_port": free_port(), "log_level": "info", **configuration}
        conf = settings.write(f"runner-{database}", self.ready.odoo, **values)
        command = [self.ready.python, "-m", self.program, "-c", conf, "-d", database]
        command += [*self.options, "--test-tags"]
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / f"{name}.log").open("w") as log:
            tags = [f"/{module}" for module in modules]
            outcome = self._run([*command, ",".join(tags)], log)
            for _attempt in range(self.tour_retries):
                if not outcome.tours or not outcome.total:
                    break
                tags = sorted(outcome.tours)
                note(f"Once more, since a tour can lose a race: {' '.join(tags)}")
                outcome = outcome.after(self._run([*command, ",".join(tags)], log))
        return outcome

    def _run(self, command: Sequence[object], log: TextIO) -> Outcome:
        if self.is_stopped:
            return Outcome()
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
            if self.is_stopped:  # meanwhile, and this one was not seen
                process.terminate()
            outcome = _follow(process.stdout, log, self.is_quiet)
            outcome.code = process.wait()
        except BaseException:
            stop(process)
            raise
        finally:
            self.processes.discard(process)
        return outcome

    def stop(self) -> None:
        """End what runs, and start nothing any more."""
        self.is_stopped = True
        for process in list(self.processes):
            process.terminate()


def _follow(lines: Iterable[str], log: TextIO, is_quiet: bool = False) -> Outcome:
    """Copy Odoo's log to a file and show the errors in it, each as a whole."""
    outcome = Outcome()
    error: list[str] = []

    def close_error() -> None:
        if error:
            _note_failure("".join(error), outcome)
            if not is_quiet:
                print("".join(error), end="", flush=True)

    for line in lines:
        log.write(line)
        if record := RECORD.match(line):
            close_error()
            error = [line] if record["level"] in ("ERROR", "CRITICAL") else []
            _note_test(line, outcome)
        elif error:
            error.append(line)
        if found := SUMMARY.search(line):
            failures, errors, outcome.total = map(int, found.groups())
            outcome.failed = failures + errors
    close_error()
    return outcome


def _note_test(line: str, outcome: Outcome) -> None:
    """Remember which tests run: one that is skipped has been started before."""
    event = EVENT.search(line)
    if event and event["what"] == "Starting":
        outcome.tests.add(_tag(event["file"], event["test"]))
    elif event and event["what"] == "skipped":
        outcome.tests.discard(_tag(event["file"], event["test"]))


def _note_failure(error: str, outcome: Outcome) -> None:
    line = error.partition("\n")[0]
    event, of_class = EVENT.search(line), CLASS_FAILURE.search(line)
    if event and event["what"] in ("FAIL:", "ERROR:"):
        tag = _tag(event["file"], event["test"])
        if IN_TOUR in error:
            outcome.tours.add(tag)
    elif of_class:
        tag = _tag(of_class["file"], f"{of_class['cls']}.{of_class['method']}")
    else:
        return
    outcome.failures.setdefault(tag, []).append(error)


def _tag(file: str, test: str) -> str:
    """Return what ``--test-tags`` calls it."""
    return f"/{file.replace('.', '/')}.py:{test}"
