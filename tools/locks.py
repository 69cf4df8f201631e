"""Locks between commands that run at the same time, also from other checkouts."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator

from tools import places
from tools.console import Fail, note


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold a lock file of the cache; the kernel frees it when the process dies."""
    folder = places.cache() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name.replace(' ', '-')}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(f"Waiting for another command to finish with the {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle.fileno()).st_nlink == 0:
            raise Fail("The cache was removed meanwhile. Run the command again.")
        yield
