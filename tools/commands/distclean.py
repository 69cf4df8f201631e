"""make distclean: remove the cache as well, for all checkouts that share it."""

from __future__ import annotations

import argparse
import shutil

from tools import databases, places, postgres, templates
from tools.commands import clean
from tools.console import step
from tools.locks import lock


def main(options: argparse.Namespace) -> int:
    clean.main(options)
    if postgres.IS_GIVEN:
        for name in databases.names(templates.PREFIX):
            databases.drop(name)
        databases.drop(databases.BASE)
    with lock("set-up"), step(f"Cache removed: {places.cache()}"):
        postgres.stop_private()  # also when another one is given now
        shutil.rmtree(places.cache(), ignore_errors=True)
    return 0
