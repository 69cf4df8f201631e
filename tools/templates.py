"""Ready-made databases of the cache: a new checkout copies one instead of installing.

A template belongs to the sources it was made from. It is complete once it is stamped;
one without a stamp is what an interrupted command left, and is dropped.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path

from tools import databases, places, settings
from tools.console import step
from tools.locks import lock

PREFIX = "cdo_template"
KEEP = 3
"""Templates of a kind that are kept: the ones used last."""


def data_dir() -> Path:
    return places.cache() / "data"


def ensure(kind: str, text: str, sources: dict, make: Callable[[str], None]) -> str:
    """Return the template of that kind for these sources, made if it is missing.

    :param text: what the person reads while it is made
    :param sources: all it depends on
    :param make: makes the database of the given name, with its file store in
        ``data_dir()``
    """
    with lock(f"{kind} template"):
        digest = hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:12]
        name = f"{PREFIX}_{kind}_{digest}"
        if not databases.read_stamp(name):
            with step(text):
                databases.drop(name, data_dir())
                make(name)
        databases.write_stamp(name, {"used": time.time()})
        _prune(kind)
    return name


def copy(template: str, target: str, stamp: dict) -> None:
    """Replace this checkout's database ``target``; the stamp says what it holds."""
    with step(f"Database {target}"):
        databases.clone(template, target, data_dir(), settings.data_dir())
        databases.write_stamp(target, stamp)


def _prune(kind: str) -> None:
    """Drop all but the templates used last, half-made ones among them."""

    def last_use(name: str) -> float:
        return databases.read_stamp(name).get("used", 0.0)

    names = databases.names(f"{PREFIX}_{kind}_")
    for name in sorted(names, key=last_use, reverse=True)[KEEP:]:
        databases.drop(name, data_dir())
