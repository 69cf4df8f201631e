"""The databases of this checkout: the demo company, and the ones tests run on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

from tools import databases, odoo_command, places, settings, sources, templates
from tools.console import Fail, note, step
from tools.setup import Ready

TEST_MODULES = ["l10n_vn", "purchase_mrp", "sale_mrp", "stock_dropshipping"]
"""Modules of Odoo's that our tests use and our addons do not depend on."""


def demo(ready: Ready, *, fresh: bool = False) -> str:
    """The demo company. It holds a person's work, so it is updated, never replaced.

    :param fresh: replace it all the same
    """
    import tools.demo

    name = places.database("demo")
    installed = _sources(ready, tools.demo.MODULES)
    current = installed | {"demo": sources.folder_hash(places.ROOT / "tools/demo")}
    stamp = _stamp(name)
    if fresh or not stamp:
        template = _demo_template(ready, installed, current)
        templates.copy(template, name, current)
        return name
    if stamp["demo"] != current["demo"]:
        note("tools/demo changed. To start over with it: make run FRESH=1")
        current["demo"] = stamp["demo"]
    try:
        _update(ready, name, stamp, current)
    except Fail as failure:
        raise Fail(f"{failure}\nTo start over: make run FRESH=1") from None
    return name


@contextlib.contextmanager
def demo_copy(ready: Ready, purpose: str) -> Iterator[str]:
    """A demo company as it is on the first day, dropped in the end."""
    import tools.demo

    installed = _sources(ready, tools.demo.MODULES)
    current = installed | {"demo": sources.folder_hash(places.ROOT / "tools/demo")}
    name = places.database(purpose)
    templates.copy(_demo_template(ready, installed, current), name, current)
    try:
        yield name
    finally:
        databases.drop(name, settings.data_dir())


def test(ready: Ready) -> str:
    """The database of the tests, which leave nothing in it."""
    name = places.database("test")
    installed = _sources(ready, [*places.addons(), *TEST_MODULES])
    current = installed | {"static": sources.static_times()}
    if stamp := _stamp(name):
        try:
            _update(ready, name, stamp, current)
            return name
        except Fail as failure:
            note(f"The test database could not be updated, making a new one: {failure}")
    templates.copy(_test_template(ready, "test", installed), name, installed)
    _update(ready, name, installed, current)
    return name


def suites(ready: Ready, modules: Sequence[str], copies: int) -> list[str]:
    """New databases with all our addons, for Odoo's tests of ``modules``."""
    current = _sources(ready, [*modules, *places.addons()])
    template = _test_template(ready, "suites", current)
    names = [places.database(f"suites_{number}") for number in range(1, copies + 1)]
    for name in names:
        templates.copy(template, name, current)
    return names


def with_and_without_us(ready: Ready, modules: Iterable[str]) -> tuple[str, str]:
    """New databases, one with all our addons and one without, to copy for Odoo's tests
    of ``modules``.

    Apart from our addons both have the same modules, or others would be tested.
    """
    ours, plain = places.database("suites_ours"), places.database("suites_plain")
    current = _sources(ready, [*modules, *places.addons()])
    templates.copy(_test_template(ready, "suites", current), ours, current)
    odoos = sorted(set(_installed(ours)) - set(places.addons()))
    current = {"odoo": ready.odoo.version, "modules": odoos}
    templates.copy(_plain_template(ready, current), plain, current)
    if others := set(_installed(plain)) ^ set(odoos):
        raise Fail(f"With and without our addons differ: {', '.join(sorted(others))}.")
    return ours, plain


def _plain_template(ready: Ready, current: dict) -> str:
    """Odoo as it comes: our addons cannot even be found."""
    conf = settings.write(
        "template-plain",
        ready.odoo,
        data_dir=templates.data_dir(),
        addons_path=settings.plain_addons_path(ready.odoo),
    )

    def install(name: str) -> None:
        odoo_command.modules(ready, conf, name, install=current["modules"])
        odoo_command.script(ready, "assets", conf, name)

    text = f"Installation of {len(current['modules'])} modules of Odoo alone"
    return templates.ensure("plain", text, current, install)


def _demo_template(ready: Ready, installed: dict, current: dict) -> str:
    """Two templates in a row: while only tools/demo changes, one is enough."""
    conf = settings.write("template", ready.odoo, data_dir=templates.data_dir())
    modules = installed["modules"]

    def install(name: str) -> None:
        odoo_command.modules(ready, conf, name, install=modules)

    def build(name: str) -> None:
        databases.clone(empty, name, templates.data_dir(), templates.data_dir())
        odoo_command.script(ready, "demo", conf, name)
        odoo_command.script(ready, "assets", conf, name)

    text = f"Installation of {', '.join(modules)}"
    empty = templates.ensure("modules", text, installed, install)
    return templates.ensure("demo", "Demo company", current, build)


def _test_template(ready: Ready, kind: str, current: dict) -> str:
    """Two in a row here as well: both kinds of tests need our addons."""
    conf = settings.write("template", ready.odoo, data_dir=templates.data_dir())
    ours = places.addons()
    others = sorted(set(current["modules"]) - set(ours))

    def install_ours(name: str) -> None:
        odoo_command.modules(ready, conf, name, install=ours)

    def install_others(name: str) -> None:
        databases.clone(addons, name, templates.data_dir(), templates.data_dir())
        if others:
            odoo_command.modules(ready, conf, name, install=others)
        odoo_command.script(ready, "assets", conf, name)

    text = f"Installation of {len(ours)} addons for tests"
    addons = templates.ensure("addons", text, _sources(ready, ours), install_ours)
    text = f"Installation of {', '.join(others) or 'web assets'} too"
    return templates.ensure(kind, text, current, install_others)


def drop_all() -> None:
    for name in databases.names(places.database("")):
        databases.drop(name, settings.data_dir())


def _sources(ready: Ready, modules: Sequence[str]) -> dict:
    return {
        "odoo": ready.odoo.version,
        "modules": sorted(modules),
        "addons": sources.addon_hashes(),
    }


def _installed(name: str) -> list[str]:
    statement = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    return databases.query(statement, name)


def _stamp(name: str) -> dict:
    """The stamp of a complete database, whose file store may have been deleted."""
    store = databases.file_store(name, settings.data_dir())
    return databases.read_stamp(name) if store.exists() else {}


def _update(ready: Ready, name: str, stamp: dict, current: dict) -> None:
    """Bring a database up to the current sources."""
    if stamp == current:
        return
    old, new, modules = stamp["addons"], current["addons"], current["modules"]
    installed = databases.installed({*new, *modules}, name)
    changed = [module for module in installed if old.get(module) != new.get(module)]
    missing = sorted(set(modules) - set(installed))
    if stamp["odoo"] != current["odoo"]:
        changed = ["base"]
    if changed or missing:
        with step(f"Update of {', '.join([*changed, *missing])} in {name}"):
            conf = settings.write("update", ready.odoo)
            odoo_command.modules(ready, conf, name, install=missing, update=changed)
    # What a test builds is undone after it: each test with a browser would build all.
    if "static" in current and any(
        stamp.get(key) != current[key] for key in ("odoo", "static")
    ):
        with step(f"Web assets in {name}"):
            conf = settings.write("update", ready.odoo)
            odoo_command.script(ready, "assets", conf, name)
    databases.write_stamp(name, current)
