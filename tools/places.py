"""Where things are: the checkout, its own ``.run`` folder, and the shared cache."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
RUN = ROOT / ".run"
"""Generated for this checkout only: configurations, logs, Odoo's data folder."""


def cache() -> Path:
    """The folder shared by all checkouts of this machine or user.

    As root it must lie where the ``postgres`` user can reach it, which a home
    folder is not.
    """
    if chosen := os.environ.get("CDO_CACHE"):
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/cache/cross-department-orders")
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "cross-department-orders"


def bytecode() -> Path:
    """Where Python keeps what it has compiled, in folders like those of the sources."""
    return cache() / "bytecode"


def database(purpose: str) -> str:
    """Name of this checkout's database, so that two checkouts never collide."""
    digest = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
    return f"cdo_{digest}_{purpose}"


def addons() -> list[str]:
    """Our installable addons, by folder."""
    manifests = ADDONS.glob("*/__manifest__.py")
    return sorted(manifest.parent.name for manifest in manifests)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))
