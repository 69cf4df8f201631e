"""Software of others, to compare with or to live beside: from PyPI into the cache."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import places
from tools.console import step
from tools.locks import lock
from tools.python_env import PIP_INSTALL
from tools.shell import run


def fetch(requirements: Sequence[str]) -> Path:
    """Return the folder with the addons of these packages.

    They stay out of the shared environment, where Odoo would load them as its own.

    :param requirements: all that is needed, with exact versions
    """
    return _install("--no-deps", *requirements) / "odoo/addons"


def library(requirement: str) -> Path:
    """Return the folder with a library and what it needs.

    For ``PYTHONPATH`` of a program of its own: it may need other versions than Odoo.

    :param requirement: with the exact version
    """
    return _install(requirement)


def _install(*arguments: str) -> Path:
    digest = hashlib.sha256("\0".join(arguments).encode()).hexdigest()[:12]
    folder = places.cache() / "bench" / digest
    with lock("software of others"):
        if not (folder / "done").exists():
            with step(f"Packages {', '.join(arguments)}"):
                shutil.rmtree(folder, ignore_errors=True)
                run(
                    [sys.executable, *PIP_INSTALL, "--target", folder, *arguments],
                    hint="Check that pip can reach its package index.",
                )
                (folder / "done").touch()
    return folder
