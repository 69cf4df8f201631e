"""Install the few Debian packages that are missing."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tools.console import Fail, note, step
from tools.shell import run

POSTGRESQL_DEFAULTS = Path("/etc/postgresql-common/createcluster.d")


def require(what: str, packages: list[str]) -> None:
    """Install ``packages``; without the right to do so, say which command to run."""
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Fail(f"{what} is missing: install what Debian calls {names}.")
    if os.geteuid() != 0:
        raise Fail(f"{what} is missing. Run: sudo apt-get install {names}")
    with step(f"{what} (Debian: {names})"), _no_automatic_cluster(packages):
        if not _known(packages):
            _apt_get("update")
        try:
            _install(packages)
        except Fail:  # an index older than its archive: fetch a new one
            _apt_get("update")
            _install(packages)


def offer(what: str, packages: list[str], without: str) -> None:
    """Install ``packages``; where that cannot be done, say so and go on.

    :param without: what happens then, after *Without it*
    """
    try:
        require(what, packages)
    except Fail as failure:
        note(f"{failure} Without it {without}.")


def _known(packages: list[str]) -> bool:
    try:
        run(["apt-cache", "show", "--no-all-versions", *packages])
    except Fail:
        return False
    return True


def _install(packages: list[str]) -> None:
    _apt_get("install", "--yes", "--no-install-recommends", *packages)


def _apt_get(*arguments: str) -> None:
    run(
        ["apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env={"DEBIAN_FRONTEND": "noninteractive"},
        hint="Look at the machine's package sources, then run the command again.",
        uninterrupted=True,
    )


@contextlib.contextmanager
def _no_automatic_cluster(packages: list[str]) -> Iterator[None]:
    """Keep Debian from creating and starting a cluster we would not use.

    Clusters that exist already are not touched.
    """
    if "postgresql" not in packages:
        yield
        return
    setting = POSTGRESQL_DEFAULTS / "cross-department-orders.conf"
    setting.parent.mkdir(parents=True, exist_ok=True)
    setting.write_text("create_main_cluster = false\n")
    try:
        yield
    finally:
        setting.unlink()
