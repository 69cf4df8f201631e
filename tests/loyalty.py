"""A database with customers and loyalty: neither of the two addons knows the other."""

import json
import os
import sys
from pathlib import Path

from tools import databases, odoo_command, odoo_source, places, settings, templates
from tools.setup import Ready
from tools.shell import run
from tools.sources import folder_hash

MODULES = ("customer_base", "loyalty")


def ask(program):
    """Return what a program tells of a copy of this database, as its last line.

    :param Path program: run with the configuration and the name of the copy
    """
    ready = Ready(odoo_source.find(), Path(sys.executable))
    at = templates.data_dir()
    conf = settings.write("merge-loyalty", ready.odoo, data_dir=at)
    template = templates.ensure(
        "merge_loyalty",
        f"Installation of {', '.join(MODULES)}",
        {
            "odoo": ready.odoo.version,
            "modules": MODULES,
            "sources": folder_hash(places.ADDONS / "customer_base"),
        },
        lambda name: odoo_command.modules(ready, conf, name, install=MODULES),
    )
    conf = settings.write("merge-loyalty", ready.odoo)
    name = places.database(program.stem)
    data = Path(os.environ["CDO_DATA_DIR"])
    databases.clone(template, name, at, data)
    try:
        told = run([sys.executable, program, conf, name], cwd=places.ROOT)
    finally:
        databases.drop(name, data)
    return json.loads(told.splitlines()[-1])
