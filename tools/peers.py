"""Addons of others, to compare with or to live beside: from PyPI into the cache."""

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
    digest = hashlib.sha256("\0".join(requirements).encode()).hexdigest()[:12]
    folder = places.cache() / "bench" / digest
    with lock("addons of others"):
        if not (folder / "done").exists():
            with step(f"Packages {', '.join(requirements)}"):
                shutil.rmtree(folder, ignore_errors=True)
                target = ["--no-deps", "--target", folder, *requirements]
                run(
                    [sys.executable, *PIP_INSTALL, *target],
                    hint="Check that pip can reach its package index.",
                )
                (folder / "done").touch()
    return folder / "odoo/addons"
