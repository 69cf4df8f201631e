"""Pytest plugin: classes of tests in a row share the set-up that they inherit.

A base class says ``shared_setup = True`` when making its records takes long, such as a
company with a chart of accounts. Then its ``setUpClass`` runs once for all classes in a
row that inherit it; each of these starts with a savepoint, and is rolled back to it in
the end. So every class finds the same, whichever ran before.

The nearest base that says so counts: one whose own ``setUpClass`` changes what its
bases make, such as the country of the company, says it for itself. A class of tests
which does that says ``shared_setup = False``. Odoo's own runner sets up each class.

Tests that start alike (see ``begun`` of ``supplier_deposit``) follow one another, too.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from odoo.tests import TransactionCase

    Case = type[TransactionCase]


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.hasplugin("dsession"):  # which runs no tests
        config.pluginmanager.register(SharedSetup())


def _shared(item: pytest.Item | None) -> Case | None:
    """Return the base class whose set-up the class of a test shares."""
    case = getattr(item, "cls", None)
    return _shared_by(case) if case else None


def _shared_by(case: type) -> Case | None:
    from odoo.tests import HttpCase

    bases = case.__mro__
    base = next((base for base in bases if "shared_setup" in vars(base)), None)
    if base is None or not vars(base)["shared_setup"]:
        return None
    # of a browser, or mixed with something that is set up after this
    is_other = issubclass(case, HttpCase) or bases[bases.index(base) :] != base.__mro__
    return None if is_other or base is case else base


class SharedSetup:
    def __init__(self) -> None:
        self.base: Case | None = None
        """Whose set-up is there."""
        self.bases: set[Case] = set()
        """All there are."""
        self.before: dict[str, object] = {}
        """The attributes of that class before."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(self, obj: object) -> None:
        """Let the base of a class know, before pytest looks up how to set up that."""
        base = _shared_by(obj) if isinstance(obj, type) else None
        if base and base not in self.bases:
            self.bases.add(base)
            set_up = base.setUpClass.__func__

            def set_up_class(cls: Case) -> None:
                if _shared_by(cls) is not base:
                    return set_up(cls)
                if base is not self.base:
                    self._begin(base)
                _set_up_class(cls)

            base.setUpClass = classmethod(set_up_class)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put together what shares something, within each file."""
        places: dict[object, int] = {}

        def place(item: pytest.Item) -> tuple[int, ...]:
            test = getattr(item, "function", None)
            keys = [
                item.path,
                (item.path, _shared(item)),
                (item.path, getattr(item, "cls", None)),
                (item.path, repr(getattr(test, "begun", None))),
            ]
            return tuple(places.setdefault(key, len(places)) for key in keys)

        for item in items:
            place(item)
        items.sort(key=place)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, None, None]:
        try:
            yield
        finally:
            if _shared(nextitem) is not self.base:
                self._end()

    def _begin(self, base: Case) -> None:
        self._end()
        self.base, self.before = base, dict(vars(base))
        try:
            base.setUpClass()
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        if base := self.base:
            self.base = None
            try:
                base.doClassCleanups()
            finally:
                for name in set(vars(base)) - set(self.before):
                    delattr(base, name)
                for name, value in self.before.items():
                    if vars(base)[name] is not value:
                        setattr(base, name, value)


def _set_up_class(cls: Case) -> None:
    """Set up a class on top of its base, as a test is on top of its class."""
    from odoo.tests import TransactionCase

    keeper, registry = cls(), cls.registry
    state = registry.registry_sequence, registry.registry_invalidated
    registry.registry_invalidated = False
    cls.addClassCleanup(_reset_models, cls, *state)
    cls.addClassCleanup(_undo, keeper)
    TransactionCase.setUp(keeper)


def _reset_models(cls: Case, sequence: int, is_invalidated: bool) -> None:
    """Take fields out again that the class has made: theirs or those of plans."""
    registry = cls.registry
    if registry.registry_invalidated or registry.registry_sequence != sequence:
        registry._setup_models__(cls.cr)
    registry.registry_sequence = sequence
    registry.registry_invalidated = is_invalidated


def _undo(keeper: TransactionCase) -> None:
    while keeper._cleanups:
        function, args, values = keeper._cleanups.pop()
        function(*args, **values)
