"""The sources of 19.0.1.0.0, and copies of databases that were filled with them.

Installing takes most of the time, so it is done once for each machine, filling once a
day: its dates are relative. Both are kept among the templates of the cache.
"""

import hashlib
import json
import sys
import tarfile
import tempfile
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from tools import databases, odoo_command, odoo_source, places, settings, templates
from tools.setup import Ready
from tools.shell import run
from tools.sources import folder_hash

ARCHIVE = places.ROOT / "tests/data/addons-19.0.1.0.0.tar.xz"

#: What is installed, by kind of company; their dependencies come by themselves.
MODULES = {
    "whole": ("approval_matrix_holidays", "supplier_deposit", "test_approval_matrix"),
    "small": ("test_approval_matrix",),
}


@contextmanager
def filled(kind, data_dir):
    """Copy a database that was installed and filled with the old sources.

    :param str kind: of ``MODULES``
    :param Path data_dir: where the file store of the copy belongs
    :return: its name, and the picture that was taken of it under the old sources
    """
    name = places.database(f"update_{kind}")
    with _sources() as addons:
        template = _fill(kind, addons)
    databases.clone(template, name, templates.data_dir(), data_dir)
    try:
        (picture,) = databases.query("SELECT content FROM old_picture", name)
        yield name, json.loads(picture)
    finally:
        databases.drop(name, data_dir)


@contextmanager
def _sources():
    """Unpack the old addons for a while."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(ARCHIVE) as archive:
        # older versions of Python 3.11 do not know filters; the archive is our own
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda m, _p: m)
        archive.extractall(folder)
        yield Path(folder) / "addons"


def _fill(kind, addons):
    """Return the template with a filled company."""
    ready = Ready(odoo_source.find(), Path(sys.executable))
    conf = settings.write(
        "old",
        ready.odoo,
        addons_path=",".join(map(str, [*ready.odoo.addons, addons])),
        data_dir=templates.data_dir(),
        # Odoo's smaller addons would only cost time: ours do not meet them
        skip_auto_install=True,
    )
    installed = {
        "odoo": ready.odoo.version,
        "addons": hashlib.sha256(ARCHIVE.read_bytes()).hexdigest(),
        "modules": MODULES[kind],
    }
    install = partial(_install, ready, conf, MODULES[kind])
    text = f"Installation of 19.0.1.0.0, {kind}"
    empty = templates.ensure(f"{kind}_old", text, installed, install)

    def play(name):
        databases.clone(empty, name, templates.data_dir(), templates.data_dir())
        command = [ready.python, "-m", "update.fill", kind, conf, name]
        run(command, cwd=places.ROOT / "tests")

    made = {
        "installed": installed,
        "filled": folder_hash(Path(__file__).parent),
        "on": date.today().isoformat(),
    }
    text = f"A company with 19.0.1.0.0, {kind}"
    return templates.ensure(f"{kind}_filled", text, made, play)


def _install(ready, conf, modules, name):
    odoo_command.modules(ready, conf, name, install=modules)
