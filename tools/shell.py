"""Run other programs: silent when they work, telling when they do not."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import places
from tools.console import Fail

TAIL = 15


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    hint: str = "",
    uninterrupted: bool = False,
) -> str:
    """Return what ``command`` printed, or fail with the last lines of it.

    :param env: variables added to the environment
    :param hint: what the person can do when it fails
    :param uninterrupted: let it finish when the person presses Ctrl-C, for
        programs such as dpkg that leave the machine broken otherwise
    """
    words = [str(word) for word in command]
    try:
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=uninterrupted,
        )
    except FileNotFoundError:
        raise Fail(f"{words[0]} is not installed. {hint}".strip()) from None
    try:
        output = process.communicate()[0]
    except BaseException:
        if uninterrupted:
            process.communicate()
        else:
            stop(process)
        raise
    if process.returncode:
        raise Fail(_explain(words, process.returncode, output, hint))
    return output


def attached(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None
) -> int:
    """Run a program on this terminal, from the root folder; return its exit code.

    Ctrl-C reaches it too, so that it can end in its own way, which is waited for.
    """
    words = [str(word) for word in command]
    environment = {**os.environ, **(env or {})}
    process = subprocess.Popen(words, cwd=places.ROOT, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
        except BaseException:
            stop(process)
            raise


def stop(process: subprocess.Popen, seconds: float = 20) -> None:
    """End a program we started, by force when it does not end by itself."""
    process.terminate()
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _explain(words: list[str], code: int, output: str, hint: str) -> str:
    places.RUN.mkdir(exist_ok=True)
    log = places.RUN / "last-failure.log"
    log.write_text(f"$ {' '.join(words)}\n{output}")
    lines = "\n".join(f"    {line}" for line in output.splitlines()[-TAIL:])
    text = f"{words[0]} ended with code {code}:\n{lines}\n    (all of it: {log})"
    return f"{text}\n{hint}" if hint else text
