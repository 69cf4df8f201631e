"""Open a database of Odoo's the way ``odoo shell`` does."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config


def registry(conf: str | Path, database: str, log_level: str = "warn") -> Registry:
    options = ["-c", str(conf), "-d", database, "--no-http"]
    config.parse_config([*options, f"--log-level={log_level}"], setup_logging=True)
    return Registry(database)


@contextlib.contextmanager
def environment() -> Iterator[Environment]:
    """Environment of the database on the command line, committed at the end."""
    with registry(*sys.argv[1:3]).cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
