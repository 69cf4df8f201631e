"""Hashes of our sources: they tell whether a database still fits the code."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from tools import places

NOT_INSTALLED = {"__pycache__", "readme", "tests"}
"""Folders that change nothing in a database (``tests``: also ``static/tests``)."""


def addon_hashes() -> dict[str, str]:
    return {name: folder_hash(places.ADDONS / name) for name in places.addons()}


def folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in _files(folder):
        relative = path.relative_to(folder).as_posix()
        digest.update(f"{relative}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def static_times() -> str:
    """Change when Odoo would build the web assets anew: it goes by times of files."""
    digest = hashlib.sha256()
    files = [*places.ADDONS.glob("*/static/**/*"), *places.ADDONS.glob("*/__m*__.py")]
    for path in sorted(files):
        digest.update(f"{path}\0{path.stat().st_mtime_ns}\0".encode())
    return digest.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - NOT_INSTALLED)
        for name in sorted(files):
            if not name.endswith((".pyc", ".pot", "README.rst", "README.md")):
                yield Path(parent, name)
