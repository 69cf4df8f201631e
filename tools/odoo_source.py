"""Find Odoo 19: a given checkout, the cached copy, Debian's package, or upstream."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools import apt, places
from tools.console import Fail, step
from tools.shell import run

SERIES = "19.0"
UPSTREAM = "https://github.com/odoo/odoo"


@dataclass(frozen=True)
class Odoo:
    path: Path
    """The folder to put on Python's path: it holds the package ``odoo``."""
    version: str
    """Changes when the sources change: databases built with one are kept for it."""

    @property
    def addons(self) -> list[Path]:
        """Folders of addons besides ``odoo/addons``, which Odoo adds by itself."""
        folder = self.path / "addons"
        return [folder] if folder.is_dir() else []


def find() -> Odoo:
    if given := os.environ.get("ODOO_SRC"):
        with step(f"Odoo {SERIES} from ODOO_SRC"):
            return _given(Path(given).expanduser().resolve())
    cached = places.cache() / "odoo"
    version = cached / "version.txt"
    if not version.exists():
        with step(f"Odoo {SERIES}") as current:
            current.text = _fetch(cached)
    return Odoo(cached, version.read_text().strip())


def _given(path: Path) -> Odoo:
    release = path / "odoo/release.py"
    if not release.exists():
        raise Fail(f"ODOO_SRC is {path}, which has no odoo/release.py.")
    text = release.read_text()
    if not re.search(r"^version_info = \(19, 0,", text, re.MULTILINE):
        raise Fail(f"ODOO_SRC is {path}, which is not Odoo {SERIES}.")
    head = subprocess.run(
        ["git", "-C", path, "rev-parse", "HEAD"], capture_output=True, text=True
    )
    identity = f"{path} {head.stdout.strip() or release.stat().st_mtime_ns}"
    return Odoo(path, "src-" + hashlib.sha256(identity.encode()).hexdigest()[:12])


def _fetch(cached: Path) -> str:
    """Fill the cache, complete or not at all; return where it came from."""
    from tools import debian_odoo

    cached.parent.mkdir(parents=True, exist_ok=True)
    if cached.exists():
        shutil.rmtree(cached)
    with tempfile.TemporaryDirectory(dir=cached.parent, prefix="fetch-") as folder:
        work = Path(folder)
        target = work / "odoo"
        try:
            version = debian_odoo.fetch(target, work / "debian")
            origin = f"Odoo {SERIES} (Debian package {version})"
        except Fail as reason:
            version = _clone(target, str(reason))
            origin = f"Odoo {SERIES} (upstream {version[:12]})"
        (target / "version.txt").write_text(f"{version}\n")
        target.rename(cached)
    return origin


def _clone(target: Path, reason: str) -> str:
    address = os.environ.get("CDO_ODOO_GIT", UPSTREAM)
    if not shutil.which("git"):
        apt.require("git", ["git"])
    run(
        ["git", "clone", "--quiet", "--depth=1", "--branch", SERIES, address, target],
        hint=f"Before that, Debian's package was tried: {reason}\n"
        "Set ODOO_SRC to a checkout of Odoo 19.0, or CDO_ODOO_GIT to a mirror.",
    )
    return run(["git", "-C", target, "rev-parse", "HEAD"]).strip()
