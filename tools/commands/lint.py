"""make lint: everything that can be checked without running the addons."""

from __future__ import annotations

import argparse
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

from tools import places, settings
from tools.console import step
from tools.setup import prepare

CONCISE = ["--quiet", "--output-format=concise", "."]


def main(options: argparse.Namespace) -> int:
    ready = prepare(development=True, server=False)
    python = ready.python
    conf = settings.write("lint", ready.odoo, db_name="none")
    checks: list[tuple[str, Callable[[], str]]] = [
        ("ruff check", lambda: _program(python, "ruff", "check", *CONCISE)),
        (
            "ruff format",
            lambda: _program(python, "ruff", "format", "--check", *CONCISE),
        ),
        ("pylint-odoo", lambda: _pylint(python)),
        ("XML", _malformed_xml),
        ("translations", lambda: _program(python, "tools.inside.check_po")),
        ("tests", lambda: _program(python, "tools.inside.check_tests", conf)),
    ]
    failed = [name for name, check in checks if not _passes(name, check)]
    print(f"Failed: {', '.join(failed)}" if failed else "No problem found.")
    return 1 if failed else 0


def _passes(name: str, check: Callable[[], str]) -> bool:
    with step(name) as current:
        problems = check()
        if problems:
            current.mark = "!!"
    print(problems, end="")
    return not problems


def _program(python: Path, module: str, *arguments: str | Path) -> str:
    """What a checking program says when it is not content."""
    result = subprocess.run(
        [python, "-m", module, *arguments],
        cwd=places.ROOT,
        capture_output=True,
        text=True,
    )
    if not result.returncode:
        return ""
    return result.stdout + result.stderr or f"{module} failed\n"


def _pylint(python: Path) -> str:
    addons = [f"addons/{name}" for name in places.addons()]
    jobs = f"--jobs={places.cores()}"
    return _program(python, "pylint", jobs, *addons) if addons else ""


def _malformed_xml() -> str:
    problems = ""
    for path in sorted(places.ADDONS.rglob("*.xml")):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            problems += f"{path.relative_to(places.ROOT)}: {error}\n"
    return problems
