"""make shell: Odoo's shell on the demo company."""

from __future__ import annotations

import argparse

from tools import checkout_databases, settings
from tools.setup import prepare
from tools.shell import attached


def main(options: argparse.Namespace) -> int:
    ready = prepare()
    database = checkout_databases.demo(ready)
    conf = settings.write("shell", ready.odoo, db_name=database, log_level="warn")
    command = [ready.python, "-m", "odoo", "shell", "-c", conf, "--no-http"]
    return attached(command)
