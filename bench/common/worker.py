"""Odoo processes that stay: so that both sides are measured in turns.

The benchmark starts one for each database and calls its commands; a machine that gets
busy then slows both sides alike.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import places
from tools.console import Fail

LOGGED = 20


class Worker:
    """The benchmark's end."""

    def __init__(self, process: subprocess.Popen, log: Path) -> None:
        self.process = process
        self.log = log

    def call(self, command: str, **arguments: Any) -> Any:
        """Run a command of the worker and return what it returns."""
        with contextlib.suppress(BrokenPipeError):  # the log says why
            print(json.dumps([command, arguments]), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            tail = "\n".join(self.log.read_text().splitlines()[-LOGGED:])
            raise Fail(f"{command} failed:\n{tail}\n    (all of it: {self.log})")
        return json.loads(answer)


@contextlib.contextmanager
def started(module: str, conf: Path, database: str) -> Iterator[Worker]:
    """Run ``python -m <module> <conf> <database>``, which calls ``serve``."""
    log = places.RUN / "logs" / f"{conf.stem}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", module, conf, database],
            cwd=places.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        yield Worker(process, log)
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()


def serve(commands: object) -> None:
    """Answer calls of methods until there are none left; the worker's end.

    What an addon prints must not be taken for an answer: it goes to the log.
    """
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            command, arguments = json.loads(line)
            result = getattr(commands, command)(**arguments)
            print(json.dumps(result), file=answers, flush=True)
