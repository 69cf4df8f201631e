"""The demo company of tests, and a real server for it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tools import (
    databases,
    odoo_command,
    odoo_source,
    places,
    server,
    settings,
    templates,
)
from tools.demo import LOGINS, MODULES
from tools.setup import Ready
from tools.sources import folder_hash


@dataclass(frozen=True)
class DemoServer:
    url: str
    database: str
    log: Path

    @property
    def environment(self) -> dict[str, str]:
        """Variables for programs such as ``tools.story``."""
        return os.environ | {"CDO_URL": self.url, "CDO_DB": self.database}

    def password(self, login: str) -> str:
        return next(row[2] for row in LOGINS if row[1] == login)

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """Return the rows of a query, past the server, straight from the database."""
        as_json = f"SELECT row_to_json(r) FROM ({statement}) r"
        return [json.loads(line) for line in databases.query(as_json, self.database)]


def get_variable(name: str) -> str:
    if name not in os.environ:
        pytest.fail(f"{name} is not set: run these tests with make test T=tests")
    return os.environ[name]


@contextmanager
def demo_company(purpose: str) -> Iterator[str]:
    """Give a fresh demo company, made on a copy of the database of the tests.

    Making it takes long, so it is made once for the same sources, and once a day: its
    dates are relative. It is kept among the templates of the cache.
    """
    source, data_dir = get_variable("CDO_TEST_DB"), Path(get_variable("CDO_DATA_DIR"))
    made = {
        **databases.read_stamp(source),
        "static": None,  # it says when files were written, in this checkout
        "demo": folder_hash(places.ROOT / "tools/demo"),
        "records": folder_hash(places.ROOT / "tools/inside"),
        "on": date.today().isoformat(),
    }
    make = partial(_make_demo, source, data_dir)
    template = templates.ensure("tests_demo", "Demo company of the tests", made, make)
    name = f"{source}_{purpose}"
    databases.clone(template, name, templates.data_dir(), data_dir)
    try:
        yield name
    finally:
        databases.drop(name, data_dir)


@contextmanager
def serving_demo(purpose: str) -> Iterator[DemoServer]:
    """Serve a fresh demo company from one process, which serves web sockets itself."""
    conf = Path(get_variable("CDO_CONF"))
    with (
        demo_company(purpose) as database,
        server.serve(conf, database=database, name=f"tests-{purpose}") as running,
    ):
        yield DemoServer(running.url, database, running.log)


def _make_demo(source: str, data_dir: Path, name: str) -> None:
    ready = Ready(odoo_source.find(), Path(sys.executable))
    conf = settings.write("tests-demo", ready.odoo, data_dir=templates.data_dir())
    databases.clone(source, name, data_dir, templates.data_dir())
    installed = databases.installed(MODULES, name)
    if missing := sorted(set(MODULES) - set(installed)):
        odoo_command.modules(ready, conf, name, install=missing)
    odoo_command.script(ready, "demo", conf, name)
