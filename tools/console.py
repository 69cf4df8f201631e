"""What the person at the terminal sees: one line per step, and plain failures."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass


class Fail(Exception):
    """A failure explained to a person: what went wrong and what to do about it."""


@dataclass
class Step:
    """The running step; its closing line shows what ``text`` and ``mark`` are then."""

    text: str
    mark: str = "ok"


def note(text: str) -> None:
    print(f"[--] {text}", flush=True)


@contextlib.contextmanager
def step(text: str) -> Iterator[Step]:
    """Print one line with the duration when the block ends, whichever way it ends."""
    current = Step(text)
    terminal = sys.stdout.isatty()
    if terminal:
        print(f"[..] {text} …", end="", flush=True)
    start = time.monotonic()
    try:
        yield current
    except BaseException:
        current.mark = "!!"
        raise
    finally:
        erase = "\r\x1b[K" if terminal else ""
        seconds = time.monotonic() - start
        print(f"{erase}[{current.mark}] {current.text} … {seconds:.1f} s", flush=True)
