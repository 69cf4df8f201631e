"""The virtual environment Odoo runs in, shared by checkouts with equal requirements."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tools import apt, places
from tools.console import Fail, step
from tools.odoo_source import SERIES, Odoo
from tools.shell import run

RUNTIME = places.ROOT / "requirements.txt"
DEVELOPMENT = places.ROOT / "requirements-dev.txt"
SUPPORTED = ((3, 11), (3, 13))
PIP_INSTALL = ["-m", "pip", "install", "--quiet", "--no-compile", "--prefer-binary"]


def ensure(odoo: Odoo, *, development: bool) -> Path:
    """Return the environment's Python, after installing what is missing."""
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        raise Fail(
            f"Odoo {SERIES} needs Python 3.11 to 3.13, this is {sys.version.split()[0]}"
            ": run make PYTHON=/path/to/python3.11 …"
        )
    base = _key(sys.version, sys.base_prefix, odoo.path, RUNTIME.read_text())
    folder = places.cache() / "python" / base
    python = folder / "bin/python"
    level = "requirements"
    if not (folder / f"{level}.done").exists():
        with step("Python packages of Odoo"):
            _create(folder)
            _register_odoo(python, odoo)
            _install(python, RUNTIME)
            (folder / f"{level}.done").touch()
    level = f"requirements-dev-{_key(DEVELOPMENT.read_text())}"
    if development and not (folder / f"{level}.done").exists():
        with step("Python packages for tests and checks"):
            _install(python, DEVELOPMENT)
            (folder / f"{level}.done").touch()
    return python


def _key(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


def _create(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(probe, capture_output=True).returncode:
        apt.require("Python's venv", ["python3-venv"])
    run([sys.executable, "-m", "venv", folder])


def _install(python: Path, requirements: Path) -> None:
    run(
        [python, *PIP_INSTALL, "-r", requirements],
        hint="Check that pip can reach its package index, then run it again.",
    )


def _register_odoo(python: Path, odoo: Odoo) -> None:
    """Make ``import odoo`` work, and let pip count Odoo as installed.

    OCA's addons on PyPI depend on ``odoo==19.0.*``, which PyPI does not have.
    """
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run([python, "-c", ask]).strip())
    (site / "odoo.pth").write_text(f"{odoo.path}\n")
    info = f"odoo-{SERIES}.dist-info"
    contents = {
        "METADATA": f"Metadata-Version: 2.1\nName: odoo\nVersion: {SERIES}\n",
        "INSTALLER": "cross-department-orders\n",
        "top_level.txt": "odoo\n",
    }
    (site / info).mkdir()
    for name, text in contents.items():
        (site / info / name).write_text(text)
    owned = ["odoo.pth", *(f"{info}/{name}" for name in [*contents, "RECORD"])]
    (site / info / "RECORD").write_text("".join(f"{name},,\n" for name in owned))
