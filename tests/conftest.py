"""What the tests that cross addons share: the demo company, behind a real server."""

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

from office import copied_registry
from security.roles import STAFF
from security.scene import Scene
from security.story import Story
from tools import (
    databases,
    odoo_command,
    odoo_source,
    places,
    server,
    settings,
    templates,
)
from tools.browser import Browser, chromium
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


def _variable(name: str) -> str:
    if name not in os.environ:
        pytest.fail(f"{name} is not set: run these tests with make test T=tests")
    return os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def load_registry() -> None:
    """Keep pytest-odoo from loading a registry: these tests load their own."""


@pytest.fixture(scope="session", autouse=True)
def load_http() -> None:
    """Keep pytest-odoo from starting a server."""


@pytest.fixture(scope="module", autouse=True)
def enable_odoo_test_flag() -> None:
    """Keep pytest-odoo from setting Odoo's flag: here it works as for people."""


@contextmanager
def demo_company(purpose: str) -> Iterator[str]:
    """Give a fresh demo company, made on a copy of the database of the tests.

    Making it takes long, so it is made once for the same sources, and once a day: its
    dates are relative. It is kept among the templates of the cache.
    """
    source, data_dir = _variable("CDO_TEST_DB"), Path(_variable("CDO_DATA_DIR"))
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
    conf = Path(_variable("CDO_CONF"))
    with (
        demo_company(purpose) as database,
        server.serve(conf, database=database, name=f"tests-{purpose}") as running,
    ):
        yield DemoServer(running.url, database, running.log)


@pytest.fixture(scope="session")
def demo_database() -> Iterator[str]:
    with demo_company("demo") as name:
        yield name


def _make_demo(source: str, data_dir: Path, name: str) -> None:
    ready = Ready(odoo_source.find(), Path(sys.executable))
    conf = settings.write("tests-demo", ready.odoo, data_dir=templates.data_dir())
    databases.clone(source, name, data_dir, templates.data_dir())
    installed = databases.installed(MODULES, name)
    if missing := sorted(set(MODULES) - set(installed)):
        odoo_command.modules(ready, conf, name, install=missing)
    odoo_command.script(ready, "demo", conf, name)


@pytest.fixture(scope="session")
def demo_server(demo_database: str) -> Iterator[DemoServer]:
    """The demo company as in production: several processes, cron and live updates."""
    conf = Path(_variable("CDO_CONF"))
    serve = server.serve(conf, database=demo_database, workers=2, name="tests-demo")
    with serve as running:
        yield DemoServer(running.url, demo_database, running.log)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def scene() -> Iterator[Scene]:
    """Strangers' records for the security tests; every call on them is undone."""
    with copied_registry("security", lean=True) as registry:
        yield Scene(registry)


@pytest.fixture(scope="module")
def story(scene: Scene) -> Iterator[Story]:
    """Return a case that strangers of the company worked on, see ``security.story``."""
    with scene.session() as env:
        # salespeople see their own customers only
        access = env["customer.access"]
        access._switch(True)
        while access._fill():
            pass
        # whoever may take rows into a spreadsheet finds no more in it
        exporters = env.ref("base.group_allow_export")
        for role in STAFF:  # together they would all get the groups of each
            env["res.users"].browse(scene.users[role]).group_ids |= exporters
        yield Story(scene, env)
    scene.registry.clear_all_caches()
    scene.registry.reset_changes()
