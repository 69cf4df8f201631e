"""make run: the demo company in a browser."""

from __future__ import annotations

import argparse
import contextlib
import socket
from pathlib import Path

from tools import checkout_databases, databases, settings
from tools.console import Fail, step
from tools.server import serve
from tools.setup import prepare

SERVER = "odoo"
"""Its name, by which ``make story`` finds it."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8069)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--fresh", action="store_true", help="start the demo over")


def main(options: argparse.Namespace) -> int:
    _check_port(options.host, options.port)
    ready = prepare(printer=True)
    database = checkout_databases.demo(ready, fresh=options.fresh)
    conf = settings.write("odoo", ready.odoo, db_name=database)
    databases.print_from(database, f"http://127.0.0.1:{options.port}")
    with contextlib.ExitStack() as stack:
        with step("Server"):
            server = stack.enter_context(
                serve(
                    conf,
                    interface=options.host,
                    port=options.port,
                    python=ready.python,
                    name=SERVER,
                )
            )
        _welcome(server.url, server.log)
        try:
            return server.process.wait()
        except KeyboardInterrupt:
            print("\nStopping. The database stays: make run goes on with it.")
            return 0


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Fail(
                f"Port {port} of {host} cannot be used ({error.strerror}). Stop what "
                "uses it, or choose another one: make run PORT=8070"
            ) from None


def _welcome(url: str, log: Path) -> None:
    from tools.demo import LOGINS

    rows = [("Name", "Log-in", "Password", "Role"), *LOGINS]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    print(f"\n  Open {url}\n")
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print("  " + "  ".join([*cells, row[3]]))
    print(f"\n  Ctrl-C stops it. Its log: {log}\n", flush=True)
