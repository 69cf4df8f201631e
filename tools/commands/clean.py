"""make clean: remove what belongs to this checkout, and nothing else."""

from __future__ import annotations

import argparse
import shutil

from tools import checkout_databases, places, postgres
from tools.console import step


def main(options: argparse.Namespace) -> int:
    with step("This checkout's databases and .run removed; the cache stays"):
        if postgres.available():
            checkout_databases.drop_all()
        shutil.rmtree(places.RUN, ignore_errors=True)
    return 0
