"""make po: export the terms to translate and merge them into the translations."""

from __future__ import annotations

import argparse

from tools import checkout_databases, odoo_command, places, settings
from tools.console import Fail, step
from tools.setup import prepare
from tools.shell import run


def main(options: argparse.Namespace) -> int:
    ready = prepare(development=True)
    addons = places.addons()
    if not addons:
        raise Fail("There are no addons yet, so there is nothing to translate.")
    database = checkout_databases.test(ready)
    conf = settings.write("po", ready.odoo)
    with step(f"Terms of {', '.join(addons)}"):
        odoo_command.script(ready, "export_po", conf, database, *addons)
    print(run([ready.python, "-m", "tools.inside.check_po"]))
    return 0
