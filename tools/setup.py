"""Prepare everything a command needs; quick when nothing is missing."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools import apt, odoo_source, places, postgres, python_env
from tools.locks import lock
from tools.odoo_source import Odoo

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
"""The names Odoo's tests look for."""

FONT = "fonts-dejavu-core"
"""Has every Vietnamese letter; without a font, the browser draws boxes."""

PRINTER = "wkhtmltopdf"
"""Makes PDFs of what Odoo prints. Debian's is built with an unpatched Qt: pages have no
header and footer, and several documents cannot be printed into one file."""


@dataclass(frozen=True)
class Ready:
    """What the set-up found or made."""

    odoo: Odoo
    python: Path


def prepare(
    *,
    development: bool = False,
    browser: bool = False,
    printer: bool = False,
    server: bool = True,
) -> Ready:
    """Have Odoo, its Python packages and PostgreSQL, and what else is asked for.

    :param development: the packages for tests and checks too
    :param browser: Chromium too
    :param printer: what prints PDFs too, if it can be had
    :param server: False when PostgreSQL is not needed
    """
    for name in [name for name in os.environ if name.startswith("ODOO_")]:
        if name != "ODOO_SRC":  # Odoo would let them override the configuration
            del os.environ[name]
    # Odoo starts in half the time when it finds its sources compiled. They are kept
    # in the cache, also where nothing may be written beside sources.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(places.bytecode())
    with lock("set-up"):
        _remove_leftovers()
        odoo = odoo_source.find()
        python = python_env.ensure(odoo, development=development)
        if server:
            postgres.ensure()
        if browser and not any(map(shutil.which, BROWSERS)):
            apt.require("Chromium", ["chromium", FONT])
        if printer and not shutil.which(PRINTER):
            apt.offer(PRINTER, [PRINTER, FONT], "Odoo prints web pages, not PDFs")
    return Ready(odoo, python)


def _remove_leftovers() -> None:
    """Remove what an interrupted set-up left in the cache."""
    for pattern in ("fetch-*", "postgresql/*/new-*"):
        for folder in places.cache().glob(pattern):
            shutil.rmtree(folder)
    temporary = Path(tempfile.gettempdir())
    for folder in (places.bytecode() / temporary.relative_to("/")).glob("*"):
        if not (temporary / folder.name).exists():
            shutil.rmtree(folder, ignore_errors=True)
