"""Pytest plugin: what happens is told when it happens, and can be read in a log.

Failures are shown at once, and each file with its time when it is through. The
slowest tests and the counts come last, as pytest prints them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import pytest

from tools import test_times


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if reporter and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config, reporter))


class Progress:
    def __init__(self, config: pytest.Config, reporter: pytest.TerminalReporter):
        self.config = config
        self.reporter = reporter
        self.tests: Counter[str] = Counter()
        """How many each file has."""
        self.left: Counter[str] = Counter()
        """How many of them are still to come."""
        self.outcomes: dict[str, Counter[str]] = {}
        self.seconds: Counter[str] = Counter()
        self.is_over = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._expect([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self._expect(ids)

    def _expect(self, tests: list[str]) -> None:
        if not self.tests:  # each worker has collected the same
            self.tests.update(map(_file, tests))
            self.left.update(self.tests)
            self.outcomes = {file: Counter() for file in self.tests}

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, tuple, tuple]:
        """Among several files, single tests are not worth a dot."""
        status = yield
        is_quiet = len(self.tests) > 1 and not self.is_over
        return (status[0], "", "") if is_quiet else status

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        hook = self.config.hook.pytest_report_teststatus
        file, outcome = _file(report.nodeid), hook(report=report, config=self.config)[0]
        self.seconds[file] += report.duration
        if outcome:
            self.outcomes[file][outcome] += 1
        if report.failed:
            self._show(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._show(report)

    def _show(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        self.reporter.ensure_newline()
        self.reporter.write_sep("_", report.nodeid, red=True, bold=True)
        self.reporter._outrep_summary(report)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        file = _file(nodeid)
        self.left[file] -= 1
        if not self.left[file] and len(self.tests) > 1:
            done = sum(not left for left in self.left.values())
            counts = ", ".join(f"{n} {name}" for name, n in self.outcomes[file].items())
            line = f"{file}: {counts}, {self.seconds[file]:.1f} s"
            self.reporter.write_line(f"[{done:3} of {len(self.left)}] {line}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        self.is_over = True
        self.config.option.tbstyle = "no"  # all has been shown
        if self._has_whole_files():
            test_times.remember(
                {
                    file: self.seconds[file] / number
                    for file, number in self.tests.items()
                    if not self.left[file]
                }
            )

    def _has_whole_files(self) -> bool:
        chosen = any("::" in argument for argument in self.config.args)
        return not chosen and not self.config.option.keyword


def _file(test: str) -> str:
    return test.partition("::")[0]
