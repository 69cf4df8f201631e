"""Create, copy, stamp and drop databases together with their Odoo file stores.

Uses psql and the ``PG*`` variables, nothing else, so tests can import it too.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tools.console import Fail
from tools.shell import run

BASE = "cdo_base"
"""An empty database that new ones are copied from: it has the extensions Odoo wants."""

MAINTENANCE = "postgres"


def query(statement: str, database: str = MAINTENANCE) -> list[str]:
    """Return the first column of the result."""
    command = ["psql", "-XAtqw", "-v", "ON_ERROR_STOP=1", "-d", database]
    hint = "Check the PG* variables: PGHOST, PGPORT, PGUSER, PGPASSWORD."
    return run([*command, "-c", statement], hint=hint).splitlines()


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def print_from(database: str, url: str) -> None:
    """Say where a server answers that is about to start: what makes PDFs asks it for
    style sheets and pictures, and would ask Odoo's usual port."""
    query(
        "INSERT INTO ir_config_parameter (key, value) "
        f"VALUES ('report.url', {literal(url)}) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        database,
    )


def exists(name: str) -> bool:
    return bool(query(f"SELECT 1 FROM pg_database WHERE datname = {literal(name)}"))


def names(prefix: str) -> list[str]:
    return query(
        "SELECT datname FROM pg_database "
        f"WHERE starts_with(datname, {literal(prefix)}) ORDER BY 1"
    )


def installed(modules: Iterable[str], database: str) -> list[str]:
    """Return which of these modules are installed in a database."""
    listed = ", ".join(map(literal, modules))
    return query(
        f"SELECT name FROM ir_module_module WHERE name IN ({listed}) "
        "AND state = 'installed'",
        database,
    )


def ensure_base() -> None:
    """Make the database new ones are copied from.

    Odoo's searches ignore accents when ``unaccent`` is there, and index them when it
    is marked immutable, which only the extension's owner may do.
    """
    if read_stamp(BASE):
        return
    drop(BASE)
    query(
        f"CREATE DATABASE {BASE} TEMPLATE template0 ENCODING 'UTF8' "
        "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
    )
    query("CREATE EXTENSION unaccent", BASE)
    query("CREATE EXTENSION pg_trgm", BASE)
    function = "SELECT proowner::regrole FROM pg_proc WHERE proname = 'unaccent'"
    owner = query(function, BASE)[0]
    # On a given server we may not become the owner: accented searches are slower.
    with contextlib.suppress(Fail):
        command = ["psql", "-X", "-d", BASE, "-U", owner, "-c"]
        run([*command, "ALTER FUNCTION unaccent(text) IMMUTABLE"])
    write_stamp(BASE, {"kind": "base"})


def file_store(name: str, data_dir: Path) -> Path:
    return data_dir / "filestore" / name


def drop(name: str, data_dir: Path | None = None) -> None:
    # Not WITH (FORCE), which is refused while PostgreSQL's own autovacuum works there.
    query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = {literal(name)} AND usename = current_user"
    )
    query(f'DROP DATABASE IF EXISTS "{name}"')
    if data_dir:
        shutil.rmtree(file_store(name, data_dir), ignore_errors=True)


def clone(source: str, target: str, source_data: Path, target_data: Path) -> None:
    """Copy a database nobody is connected to, with its file store.

    The stamp is not copied: write it when the copy is what it should be.
    """
    drop(target, target_data)
    query(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY file_copy')
    store = file_store(source, source_data)
    if store.exists():
        shutil.copytree(store, file_store(target, target_data), copy_function=_link)


def _link(source: str, target: str) -> None:
    """Share the file's contents: Odoo never changes a file, it writes new ones."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def read_stamp(name: str) -> dict:
    """What was said when the database was complete; empty for a half-made one."""
    rows = query(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        f"WHERE datname = {literal(name)}"
    )
    try:
        return json.loads(rows[0]) if rows else {}
    except ValueError:
        return {}


def write_stamp(name: str, stamp: dict) -> None:
    query(f'COMMENT ON DATABASE "{name}" IS {literal(json.dumps(stamp))}')
