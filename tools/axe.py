"""axe-core, which finds what keeps people who cannot see a screen from working with it.

From npm into the cache: it is a tool, and not a part of what we deliver.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from pathlib import Path

from tools import apt, places
from tools.console import Fail
from tools.locks import lock
from tools.shell import run

VERSION = "4.14.1"
SCRIPT = "package/axe.min.js"


def script() -> Path:
    """Return the script that a page is checked with, after fetching it once.

    :raises Fail: when it is not there and cannot be fetched
    """
    path = places.cache() / "axe" / VERSION / "axe.min.js"
    with lock("axe-core"):
        if not path.exists():
            if not shutil.which("npm"):
                apt.require("npm, which fetches axe-core", ["npm"])
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory() as folder:
                _fetch(Path(folder), path)
    return path


def _fetch(folder: Path, path: Path) -> None:
    run(
        ["npm", "pack", "--silent", f"axe-core@{VERSION}"],
        cwd=folder,
        hint="Check that npm can reach its registry, then run it again.",
    )
    (archive,) = folder.glob("axe-core-*.tgz")
    with tarfile.open(archive) as packed:
        source = packed.extractfile(SCRIPT)
        if not source:
            raise Fail(f"axe-core {VERSION} has no {SCRIPT}")
        new = path.with_suffix(".new")
        new.write_bytes(source.read())
    new.rename(path)
