"""Check that Odoo's runner would run exactly the tests that pytest runs.

Pytest finds every file of tests by itself; Odoo's loader only what ``tests/__init__``
imports, and no test that is inherited. Called with a configuration by ``make lint``;
it runs no test and needs no database.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from odoo.tests import loader
from odoo.tools import config

from tools import places


def problems(conf: str) -> Iterator[str]:
    config.parse_config(["-c", conf], setup_logging=False)
    odoos = Counter(_found_by_odoo())  # first: pytest imports what nobody imported
    yield from _not_imported()
    ours = Collector()
    with contextlib.redirect_stdout(io.StringIO()) as output:
        options = ["--collect-only", "--quiet", f"--odoo-config={conf}"]
        code = pytest.main([*options, str(places.ADDONS)], plugins=[ours])
    if code:
        yield output.getvalue()
    for test in sorted((ours.tests - odoos).keys()):
        yield f"{test}: Odoo does not find it; it must be in the class itself"
    for test in sorted((odoos - ours.tests).keys()):
        yield f"{test}: pytest does not find it, or Odoo finds it twice"


class Collector:
    """Takes down what pytest finds."""

    tests: Counter[str] = Counter()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.tests = Counter(
            f"{item.module.__name__}.{item.parent.name}.{item.name}"
            for item in session.items
        )


def _found_by_odoo() -> Iterator[str]:
    """Yield what Odoo's runner runs by default, at either of its two moments."""
    config["test_tags"] = "+standard"
    for moment in ("at_install", "post_install"):
        for test in loader.make_suite(places.addons(), moment):
            cls = type(test)
            yield f"{cls.__module__}.{cls.__name__}.{test._testMethodName}"


def _not_imported() -> Iterator[str]:
    for path in sorted(places.ADDONS.glob("*/tests/test_*.py")):
        file = path.relative_to(places.ROOT)
        module = ".".join(["odoo", *file.with_suffix("").parts])
        if module not in sys.modules:
            yield f"{file}: not imported in tests/__init__.py"


if __name__ == "__main__":
    found = list(problems(*sys.argv[1:]))
    print("\n".join(found))
    sys.exit(bool(found))
