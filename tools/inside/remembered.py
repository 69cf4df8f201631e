"""Pytest plugin: what follows from its arguments alone is found out once.

Odoo does three such things again and again, which take a tenth of the time of our
tests:

- Whenever a record changes, it merges the dependencies of all changed fields. They are
  remembered until the registry forgets its own.
- Whenever a user or a context changes, it compares them with those of each environment
  of the transaction, of which there may be hundreds: those that nobody uses any longer
  stay until Python looks for garbage. Here it compares a few.
- Whenever an e-mail is rendered, it compiles the template.

Odoo's own runner still does so each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakSet, ref

import pytest

if TYPE_CHECKING:
    from odoo.api import Environment
    from odoo.fields import Field
    from odoo.orm.registry import Registry, TriggerTree
    from odoo.sql_db import BaseCursor

MOST = 500
"""Of each; more would only take memory."""
RECORDS: list[type] = []
"""The class of all records, which is Odoo's and not there before a test begins."""


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.pluginmanager.hasplugin("dsession"):
        return  # the controller of pytest-xdist runs no tests
    from odoo.orm import environments
    from odoo.orm.models import BaseModel
    from odoo.orm.registry import Registry

    from odoo.addons.base.models import ir_qweb

    RECORDS.append(BaseModel)
    Registry.get_trigger_tree = _get_trigger_tree
    environments.WeakSet = _Environments  # what each new transaction makes
    environments.Environment.__new__ = _finding(environments.Environment.__new__)
    ir_qweb.compile = lru_cache(MOST)(compile)


def _get_trigger_tree(
    registry: Registry, fields: Iterable[Field], select: Callable[[Field], bool] = bool
) -> TriggerTree:
    """In the place of Odoo's, with the same result."""
    key = tuple(field for field in fields if field in registry._field_triggers)
    # the registry clears this when dependencies change
    known = registry._field_trigger_trees.setdefault("merged", {})
    if key in known:
        node = known[key] = known.pop(key)
    else:
        node = known[key] = _Node([registry.get_field_trigger_tree(f) for f in key])
        if len(known) > MOST:
            del known[next(iter(known))]  # used longest ago
    return node.chosen(frozenset(field for field in node.fields if select(field)))


class _Node:
    """A node of a merged tree, with all fields that are in it or below."""

    def __init__(self, trees: Iterable[TriggerTree]) -> None:
        self.root = tuple(dict.fromkeys(field for tree in trees for field in tree.root))
        branches: dict[Field, list[TriggerTree]] = {}
        for tree in trees:
            for label, branch in tree.items():
                branches.setdefault(label, []).append(branch)
        self.branches = {label: _Node(each) for label, each in branches.items()}
        below = (branch.fields for branch in self.branches.values())
        self.fields = frozenset(self.root).union(*below)
        self.trees: dict[frozenset[Field], TriggerTree] = {}
        """By the fields that are kept."""

    def chosen(self, kept: frozenset[Field]) -> TriggerTree:
        if kept not in self.trees:
            if len(self.trees) > MOST:
                self.trees.clear()
            self.trees[kept] = self.tree(kept)
        return self.trees[kept]

    def tree(self, kept: frozenset[Field]) -> TriggerTree:
        """Return it as Odoo merges it, with these fields only."""
        from odoo.orm.registry import TriggerTree

        tree = TriggerTree([field for field in self.root if field in kept])
        for label, branch in self.branches.items():
            if not kept.isdisjoint(branch.fields):
                tree[label] = branch.tree(kept)
        return tree


class _Environments(WeakSet):
    """Those of a transaction, which are found by what they are made of."""

    def __init__(self, *environments: Iterable[Environment]) -> None:
        self.places: dict[tuple, list[ref[Environment]]] = {}
        super().__init__(*environments)

    def add(self, environment: Environment) -> None:
        super().add(environment)
        place = _place(environment.uid, environment.su, environment.context)
        known = self.places.get(place, ())
        living = [each for each in known if each() is not None]
        self.places[place] = [*living, ref(environment)]

    def clear(self) -> None:
        super().clear()
        self.places.clear()

    def find(
        self, cr: BaseCursor, uid: int, su: bool, context: dict
    ) -> Environment | None:
        for each in self.places.get(_place(uid, su, context), ()):
            found = each()
            if found is not None and found.cr is cr and found.context == context:
                return found
        return None


def _place(uid: int, su: bool, context: dict) -> tuple:
    """Return what can be compared at once: values of a context may have no hash, and
    Odoo warns of records that are compared with something else, such as their ids."""
    records = tuple(RECORDS)
    given = [name for name, value in context.items() if isinstance(value, records)]
    return uid, su, frozenset(context), frozenset(given)


def _finding(method: Callable) -> Callable:
    """Let an environment be found where there is one, with the same result."""
    from odoo.api import SUPERUSER_ID
    from odoo.tools import frozendict

    def new(
        cls: type[Environment],
        cr: BaseCursor,
        uid: int,
        context: dict,
        su: bool = False,
    ) -> Environment:
        transaction = cr.transaction
        if transaction is None or transaction.default_env is None:
            return method(cls, cr, uid, context, su)
        su = su or uid == SUPERUSER_ID
        found = transaction.envs.find(cr, uid, su, context)
        if found is None:
            found = object.__new__(cls)
            values = {"uid": uid, "su": su, "context": frozendict(context)}
            vars(found).update(values, cr=cr, transaction=transaction)
            transaction.envs.add(found)
        return found

    return new
