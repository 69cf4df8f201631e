"""Databases of their own, for what our addons do beside modules that we do not need."""

import json
import os
import sys
from pathlib import Path

from tools import databases, odoo_command, odoo_source, places, settings, templates
from tools.setup import Ready
from tools.shell import run
from tools.sources import folder_hash


def ask(program, purpose, modules, addon, folders=(), beside=()):
    """Return what a program tells of a copy of a database, as its last line.

    The database is made once for the same sources.

    :param Path program: run with the configuration and the name of the copy
    :param str purpose: names the database
    :param modules: names of those that are installed
    :param str addon: the one of ours that is among them
    :param folders: with addons of others
    :param beside: names of modules of Odoo that are installed before, once for all
        states of our sources
    """
    ready = Ready(odoo_source.find(), Path(sys.executable))
    paths = ",".join(map(str, [*ready.odoo.addons, places.ADDONS, *folders]))
    at = templates.data_dir()
    conf = settings.write(purpose, ready.odoo, addons_path=paths, data_dir=at)
    odoo = {"odoo": ready.odoo.version, "modules": modules}

    def install(name):
        if beside:
            plain = templates.ensure(
                f"{purpose}_plain",
                f"Installation of {', '.join(beside)}",
                {"odoo": ready.odoo.version, "modules": beside},
                lambda name: odoo_command.modules(ready, conf, name, install=beside),
            )
            databases.clone(plain, name, at, at)
        odoo_command.modules(ready, conf, name, install=modules)

    template = templates.ensure(
        purpose,
        f"Installation of {', '.join(modules)}",
        {**odoo, "beside": beside, "sources": folder_hash(places.ADDONS / addon)},
        install,
    )
    conf = settings.write(purpose, ready.odoo, addons_path=paths)
    name = places.database(f"{purpose}_{program.stem}".replace("-", "_"))
    data = Path(os.environ["CDO_DATA_DIR"])
    databases.clone(template, name, at, data)
    try:
        told = run([sys.executable, program, conf, name], cwd=places.ROOT)
    finally:
        databases.drop(name, data)
    return json.loads(told.splitlines()[-1])
