"""Pytest plugin: an addon's test during which an error is logged has failed.

Odoo logs many failures it does not raise, such as refused queries and exceptions in
the web server's threads. A test that expects one mutes the logger, or asserts the
message with ``assertLogs``.
"""

from __future__ import annotations

import logging
from collections.abc import Generator

import pytest

from tools import places


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.name}: {record.getMessage()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    if not item.path.is_relative_to(places.ADDONS):
        return (yield)
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    try:
        result = yield
    finally:
        root.removeHandler(collector)
    if collector.messages:
        pytest.fail("errors were logged:\n" + "\n".join(collector.messages), False)
    return result
