"""Pytest plugin: tests run side by side, in workers of pytest-xdist.

Two kinds of tests never share a process. Those of the addons run in the registry that
pytest-odoo loads, on a copy of the test database that belongs to their worker. Those
in ``tests/`` cross addons: they start servers and load registries of their own. One
worker runs those about security, since they share a scene, and one all others, since
they share a demo company. When one of these has nothing left, another worker takes its
place, which has waited for that and runs tests of addons too. So there may be one
worker more than are busy.

The files that take longest come first: then no core is left with a long one alone.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from tools import databases, settings, test_times
from tools.console import Fail

SECURITY = "security"
CROSSING = "crossing"
ADDONS = "addons"
ONCE = (SECURITY, CROSSING)
"""The kinds of which all files are for the same worker."""
LONG = 20
"""Seconds; in the end, one core waits less for the other."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--busy", type=int, default=1, help="workers busy at a time")


# ----------------------------------------------------------------
# THE CONTROLLER
# ----------------------------------------------------------------


def pytest_configure_node(node: WorkerController) -> None:
    """Make the worker's database."""
    source, data = os.environ["CDO_TEST_DB"], settings.data_dir()
    name = f"{source}_{node.gateway.id}"
    databases.clone(source, name, data, data)
    node.workerinput["database"] = name


def pytest_testnodedown(node: WorkerController) -> None:
    with contextlib.suppress(Fail):  # in the end, the command drops all that is left
        databases.drop(node.workerinput["database"], settings.data_dir())


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)


class Scheduling(LoadFileScheduling):
    """Each worker runs files of one kind; no more are busy than was said."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        self.busy = config.getoption("busy")
        self.kinds: dict[WorkerController, str] = {}
        """Of the workers that have been given something."""

    def remove_node(self, node: WorkerController) -> str | None:
        self.kinds.pop(node, None)
        crashed = super().remove_node(node)
        for other in self.nodes:
            self._reschedule(other)
        return crashed

    def _reschedule(self, node: WorkerController) -> None:
        if node.shutting_down:
            return
        if self._next_file(node):
            # A worker begins a test when it knows the one after.
            if self._pending_of(self.assigned_work[node]) <= 2:
                self._assign_work_unit(node)
        elif node in self.kinds or not self.workqueue:
            node.shutdown()

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give the worker a file; the first time, it may have to wait for it."""
        if file := self._next_file(node):
            self.kinds[node] = _kind(file)
            self.workqueue.move_to_end(file, last=False)
            super()._assign_work_unit(node)

    def _next_file(self, node: WorkerController) -> str | None:
        if node in self.kinds:
            kinds = [self.kinds[node]]
        elif len(self.kinds) == self.busy:
            kinds = []
        else:
            taken = self.kinds.values()
            kinds = [*(kind for kind in ONCE if kind not in taken), ADDONS]
        files = (
            file for kind in kinds for file in self.workqueue if _kind(file) == kind
        )
        return next(files, None)


def _kind(file: str) -> str:
    if file.startswith("tests/test_security"):
        return SECURITY
    return CROSSING if file.startswith("tests/") else ADDONS


# ----------------------------------------------------------------
# THE WORKERS
# ----------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Make Odoo use the worker's database, not the one its configuration names."""
    database = getattr(config, "workerinput", {}).get("database")
    if database:
        import odoo.tools

        odoo.tools.config["db_name"] = database
        odoo.tools.config["dbfilter"] = f"^{database}$"
        # pytest-odoo would make a copy too, but one file store for all workers, in
        # which one finds what another has written half.
        del os.environ["PYTEST_XDIST_WORKER"]


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Put the files first that take longest: the scheduler keeps the order.

    Those that do not take long follow by addon, since they may share a set-up.
    """
    if hasattr(config, "workerinput"):
        seconds = test_times.estimates(Counter(map(_file, items)))

        def place(item: pytest.Item) -> tuple[float, str, float]:
            each = seconds[_file(item)]
            if each >= LONG:
                return -each, "", 0
            return 0, _file(item).partition("/tests/")[0], -each

        items.sort(key=place)


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
