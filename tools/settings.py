"""Odoo configuration files for one purpose each, made from the committed one."""

from __future__ import annotations

import configparser
import os
from pathlib import Path

from tools import databases, places
from tools.odoo_source import Odoo


def write(purpose: str, odoo: Odoo, **options: object) -> Path:
    """Write ``.run/<purpose>.conf``: the root ``odoo.conf``, as a developer needs it.

    :param options: further options of Odoo's configuration file
    """
    parser = configparser.RawConfigParser()
    parser.read(places.ROOT / "odoo.conf")
    folders = [*odoo.addons, *([places.ADDONS] if places.addons() else [])]
    values = {
        "addons_path": ",".join(map(str, folders)),
        "data_dir": data_dir(),
        "db_maxconn": 64,  # one process does all
        "db_host": os.environ.get("PGHOST", ""),
        "db_port": os.environ.get("PGPORT", ""),
        "db_user": os.environ.get("PGUSER", ""),
        "db_template": databases.BASE,
        "http_interface": "127.0.0.1",
        "limit_memory_hard": 0,
        "limit_memory_soft": 0,
        "max_cron_threads": 1,
        "proxy_mode": False,
        "unaccent": False,  # the template has it
        "workers": 0,
        **options,
    }
    for name, value in values.items():
        if value == "":
            parser.remove_option("options", name)
        else:
            parser.set("options", name, str(value))
    path = places.RUN / f"{purpose}.conf"
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as handle:
        parser.write(handle)
    return path


def plain_addons_path(odoo: Odoo) -> str:
    """Return the option for Odoo without our addons."""
    return ",".join(map(str, odoo.addons))


def for_programs(conf: Path, database: str) -> dict[str, str]:
    """Variables for our programs that use Odoo from outside: the tests.

    ``CDO_TEST_DB``
        the database to copy, with ``tools.databases.clone``
    ``CDO_DATA_DIR``
        Odoo's data folder: where the copies' file stores belong
    ``CDO_CONF``
        a configuration for ``tools.server.serve(conf, database=…)``

    ``PGHOST`` and its like say how to reach PostgreSQL.
    """
    return {
        "CDO_CONF": str(conf),
        "CDO_DATA_DIR": str(data_dir()),
        "CDO_TEST_DB": database,
    }


def data_dir() -> Path:
    return places.RUN / "data"
