"""Open a database of Odoo's the way ``odoo shell`` does."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config


@contextlib.contextmanager
def environment() -> Iterator[Environment]:
    """Environment of the database on the command line, committed at the end."""
    conf, database = sys.argv[1:3]
    options = ["-c", conf, "-d", database, "--no-http", "--log-level=warn"]
    config.parse_config(options, setup_logging=True)
    with Registry(database).cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})
