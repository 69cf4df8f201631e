"""PostgreSQL: the server the ``PG*`` variables name, or a private one in the cache.

Afterwards the process's own ``PG*`` variables say how to connect, so that psql, Odoo
and the tests, all of them child processes, need nothing else.
"""

from __future__ import annotations

import os
import shutil

from tools import apt, databases
from tools.cluster import Cluster
from tools.console import Fail

IS_GIVEN = any(
    os.environ.get(name)
    for name in ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE", "PGUSER")
)


def ensure() -> None:
    """Have a server that answers and a template for new databases."""
    os.environ.pop("PGDATABASE", None)  # Odoo would take it over the configured one
    if IS_GIVEN:
        _check_given()
    else:
        if not shutil.which("psql") or not Cluster.installed():
            apt.require("PostgreSQL", ["postgresql"])
        Cluster(Cluster.installed()[-1]).ensure()
    databases.ensure_base()


def available() -> bool:
    """Whether there is a server already, started if need be; nothing is made."""
    if IS_GIVEN:
        return True
    versions = Cluster.installed()
    if not shutil.which("psql") or not versions or not Cluster(versions[-1]).exists:
        return False
    ensure()
    return True


def stop_private() -> None:
    for version in Cluster.installed():
        Cluster(version).stop()


def _check_given() -> None:
    if not shutil.which("psql"):
        apt.require("PostgreSQL's client", ["postgresql-client"])
    if databases.query("SELECT current_user") == ["postgres"]:
        raise Fail(
            "Odoo refuses to work as PostgreSQL's user postgres. Make a role with "
            "LOGIN and CREATEDB, and set PGUSER to it."
        )
