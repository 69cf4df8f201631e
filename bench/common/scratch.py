"""Databases of a benchmark: copied from templates of the cache, dropped at its end."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.common.worker import Worker, started
from tools import (
    databases,
    odoo_command,
    odoo_source,
    peers,
    places,
    settings,
    templates,
)
from tools import sources as our_sources
from tools.console import step
from tools.setup import Ready


@dataclass(frozen=True)
class Kind:
    """What a database holds."""

    name: str
    modules: Sequence[str]
    addons: Sequence[Path] = ()
    """Folders with them, besides Odoo's own."""
    sources: dict = field(default_factory=dict)
    """What its template depends on, besides the names of the modules."""
    base: Kind | None = None
    """What it is made from."""


ODOO = Kind("odoo", ["hr", "sale_purchase_stock"])
"""What all others are made from."""


def ours(name: str, *modules: str) -> Kind:
    """Return a kind with addons of this repository."""
    hashes = our_sources.addon_hashes()
    return Kind(name, modules, [places.ADDONS], hashes, ODOO)


def theirs(name: str, module: str, packages: Sequence[str]) -> Kind:
    """Return a kind with an addon of OCA, from packages of PyPI."""
    return Kind(name, [module], [peers.fetch(packages)], {"oca": packages}, ODOO)


def ready() -> Ready:
    """Return what ``make bench`` has prepared: this program runs in it."""
    return Ready(odoo_source.find(), Path(sys.executable))


@contextlib.contextmanager
def database(kind: Kind) -> Iterator[tuple[Path, str]]:
    """Make a database of that kind; yield its configuration and its name."""
    prepared = ready()
    template = _template(prepared, kind)
    name = places.database(f"bench_{kind.name}")
    conf = _conf(prepared, kind)
    with step(f"Database {name}"):
        databases.clone(template, name, templates.data_dir(), settings.data_dir())
        databases.query("ANALYZE", name)
    try:
        yield conf, name
    finally:
        databases.drop(name, settings.data_dir())


@contextlib.contextmanager
def working(kind: Kind, module: str) -> Iterator[Worker]:
    """Make a database of that kind and start the worker on it."""
    with database(kind) as made, started(module, *made) as worker:
        yield worker


def _template(prepared: Ready, kind: Kind) -> str:
    base = kind.base and _template(prepared, kind.base)
    conf = _conf(prepared, kind, data_dir=templates.data_dir())

    def make(name: str) -> None:
        if base:
            folder = templates.data_dir()
            databases.clone(base, name, folder, folder)
        odoo_command.modules(prepared, conf, name, install=kind.modules)

    sources = {
        "odoo": prepared.odoo.version,
        "modules": sorted(kind.modules),
        "sources": kind.sources,
        "base": base,
    }
    text = f"Installation of {', '.join(kind.modules)}"
    return templates.ensure(f"bench-{kind.name}", text, sources, make)


def _conf(prepared: Ready, kind: Kind, **options: object) -> Path:
    folders = [*prepared.odoo.addons, *kind.addons]
    path = ",".join(map(str, folders))
    purpose = f"bench-{kind.name}{'-template' if options else ''}"
    return settings.write(purpose, prepared.odoo, addons_path=path, **options)
