"""Run Odoo's own commands on a database, and our scripts that import Odoo."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tools import databases, places
from tools.console import Fail
from tools.setup import Ready
from tools.shell import run


def modules(
    ready: Ready,
    conf: Path,
    database: str,
    *,
    install: Iterable[str] = (),
    update: Iterable[str] = (),
) -> None:
    """Install and update modules; a missing database is created."""
    wanted = sorted({*install, *update})
    options = ["--no-http", "--stop-after-init", "--log-level=warn"]
    for option, names in (("-i", install), ("-u", update)):
        if names:
            options += [option, ",".join(sorted(names))]
    command = [ready.python, "-m", "odoo", "-c", conf, "-d", database, *options]
    output = run(command, cwd=places.ROOT)
    if missing := sorted(set(wanted) - set(databases.installed(wanted, database))):
        raise Fail(f"Odoo did not install {', '.join(missing)}:\n{output}")


def script(
    ready: Ready, name: str, conf: Path, database: str, *arguments: str | Path
) -> None:
    """Run a script of ``tools.inside`` with Odoo's environment of ``database``."""
    command = [ready.python, "-m", f"tools.inside.{name}", conf, database]
    run([*command, *arguments], cwd=places.ROOT)
