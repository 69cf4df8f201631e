"""Pytest plugin: Odoo's caches outlive a test as they outlive a rollback.

Odoo empties all of them after each test and each class, so that a third of all queries
would only fill them again. A server does not: when a transaction is rolled back, it
empties those that the transaction has invalidated, as the others hold what was true
before it and still is. That is done here, too. Odoo's own runner still empties all:
``make test RUNNER=odoo`` shows whether a test needs that.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

if TYPE_CHECKING:
    from odoo.orm.registry import Registry
    from odoo.tests import TransactionCase


levels: list[set[str]] = []
"""What was invalidated since a class began, since a test of it began."""


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.pluginmanager.hasplugin("dsession"):
        return  # the controller of pytest-xdist runs no tests
    from odoo.orm.registry import _CACHES_BY_KEY, Registry
    from odoo.tests import TransactionCase

    _note(Registry, "clear_cache", lambda *names: names or ["default"])
    for method in ("clear_all_caches", "_setup_models__", "load"):
        _note(Registry, method, lambda *_args, **_kwargs: _CACHES_BY_KEY)
    TransactionCase.setUp = _set_up(TransactionCase.setUp)
    for name, around in (
        ("setUpClass", _set_up_class),
        ("doClassCleanups", _clean_up_class),
    ):
        method = getattr(TransactionCase, name).__func__
        setattr(TransactionCase, name, classmethod(around(method)))


def _note(registry_class: type, name: str, names: Callable) -> None:
    """Let a method of the registry note which caches it invalidates.

    :param names: returns them, from the arguments of the method
    """
    method = getattr(registry_class, name)

    @wraps(method)
    def noting(self: Registry, *args: object, **kwargs: object) -> object:
        for level in levels:
            level.update(names(*args, **kwargs))
        return method(self, *args, **kwargs)

    setattr(registry_class, name, noting)


def _set_up(method: Callable) -> Callable:
    @wraps(method)
    def set_up(self: TransactionCase) -> None:
        levels.append(set())
        # what this registers is called when the test has been rolled back
        with _emptying(levels[-1]):
            method(self)

    return set_up


def _set_up_class(method: Callable) -> Callable:
    @wraps(method)
    def set_up_class(cls: type[TransactionCase]) -> None:
        cls.invalidated = set()
        levels.append(cls.invalidated)
        method(cls)

    return set_up_class


def _clean_up_class(method: Callable) -> Callable:
    @wraps(method)
    def clean_up_class(cls: type[TransactionCase]) -> None:
        if "invalidated" not in vars(cls):
            return method(cls)  # it has not been set up
        with _emptying(cls.invalidated):
            method(cls)
        del cls.invalidated

    return clean_up_class


def _emptying(level: set[str]) -> AbstractContextManager:
    """Let ``clear_all_caches`` empty what was invalidated since then."""

    def clear_all_caches(registry: Registry) -> None:
        # by identity: others may hold the same
        levels[:] = [other for other in levels if other is not level]
        if level:
            registry.clear_cache(*level)

    return patch("odoo.orm.registry.Registry.clear_all_caches", clear_all_caches)
