"""Start an Odoo server, wait until it serves, and stop it: for commands and tests.

Uses nothing of the set-up but its ``PG*`` variables, so tests can import it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import places
from tools.console import Fail
from tools.shell import stop

ODOO = places.ROOT / "tools/odoo-bin"
START_SECONDS = 180


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen
    log: Path
    live_port: int | None = None
    """Of live updates, where there are several processes."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str, timeout: float = 5) -> bool:
    """Whether an Odoo with a loaded database answers there."""
    try:
        with urllib.request.urlopen(f"{url}/web/login", timeout=timeout) as response:
            return b"odoo" in response.read().lower()
    except (OSError, urllib.error.URLError):
        return False


def running(name: str) -> str | None:
    """Address of the server of that name this checkout runs, if it does."""
    try:
        pid, url, _owner = _record(name).read_text().split()
    except (OSError, ValueError):
        return None
    return url if _is_ours(pid) and answers(url) else None


def end_leftovers() -> None:
    """End the servers of this checkout whose owner was killed."""
    for record in places.RUN.glob("*.server"):
        with contextlib.suppress(OSError, ValueError):
            pid, _url, owner = record.read_text().split()
            if not Path(f"/proc/{owner}").exists():
                if _is_ours(pid):
                    os.killpg(int(pid), signal.SIGKILL)
                record.unlink()


def _is_ours(pid: str) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return os.fsencode(places.RUN) in command


@contextlib.contextmanager
def serve(
    conf: Path,
    *,
    database: str | None = None,
    workers: int = 0,
    interface: str = "127.0.0.1",
    port: int | None = None,
    python: str | Path = sys.executable,
    name: str = "server",
) -> Iterator[Server]:
    """Serve while the block runs.

    :param workers: 0 for one process with threads, live updates included
    :param name: of its log in ``.run/logs``, and for ``running``
    """
    port = port or free_port()
    command = [str(python), str(ODOO), "-c", str(conf), f"--http-port={port}"]
    command += [f"--http-interface={interface}", f"--workers={workers}"]
    if database:
        command += ["-d", database]
    live_port = free_port() if workers else None
    if live_port:
        command.append(f"--gevent-port={live_port}")
    log = places.RUN / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=places.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us: we stop it in order
        )
    server = Server(f"http://127.0.0.1:{port}", process, log, live_port)
    _record(name).write_text(f"{process.pid} {server.url} {os.getpid()}\n")
    try:
        _wait(server)
        yield server
    finally:
        stop(process)
        _record(name).unlink(missing_ok=True)


def _record(name: str) -> Path:
    return places.RUN / f"{name}.server"


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        if answers(server.url, timeout=60):
            return
        time.sleep(0.2)
    lines = server.log.read_text(errors="replace").splitlines()[-15:]
    text = "\n".join(f"    {line}" for line in lines)
    raise Fail(f"The server did not start:\n{text}\n    (all of it: {server.log})")
