"""What the tests that cross addons share: the demo company, behind a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from office import copied_registry
from security.roles import STAFF
from security.scene import Scene
from security.story import Story
from serving import DemoServer, demo_company, get_variable
from tools import server
from tools.browser import Browser, chromium


@pytest.fixture(scope="session", autouse=True)
def load_registry() -> None:
    """Keep pytest-odoo from loading a registry: these tests load their own."""


@pytest.fixture(scope="session", autouse=True)
def load_http() -> None:
    """Keep pytest-odoo from starting a server."""


@pytest.fixture(scope="module", autouse=True)
def enable_odoo_test_flag() -> None:
    """Keep pytest-odoo from setting Odoo's flag: here it works as for people."""


@pytest.fixture(scope="session")
def demo_database() -> Iterator[str]:
    with demo_company("demo") as name:
        yield name


@pytest.fixture(scope="session")
def demo_server(demo_database: str) -> Iterator[DemoServer]:
    """The demo company as in production: several processes, cron and live updates."""
    conf = Path(get_variable("CDO_CONF"))
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
