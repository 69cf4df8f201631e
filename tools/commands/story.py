"""make story: the main job, told by its eight users over the public API."""

from __future__ import annotations

import argparse
import contextlib

from tools import checkout_databases, places, server, settings
from tools.commands import run
from tools.console import step
from tools.setup import prepare
from tools.shell import attached


def main(options: argparse.Namespace) -> int:
    """Tell it to the server of ``make run`` if that runs, else to one of our own."""
    ready = prepare()
    database = places.database("demo")
    with contextlib.ExitStack() as stack:
        url = server.running(run.SERVER)
        if not url:
            checkout_databases.demo(ready)
            conf = settings.write("story", ready.odoo, db_name=database)
            with step("Server"):
                serve = server.serve(conf, python=ready.python, name="story")
                url = stack.enter_context(serve).url
        environment = {"CDO_URL": url, "CDO_DB": database}
        command = [ready.python, "-m", "tools.story"]
        return attached(command, env=environment)
