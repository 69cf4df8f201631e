"""What stands before a server of several processes: one address for pages and for live
updates, as a reverse proxy gives in production.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from tools.server import Server

LIVE = b"GET /websocket"
"""How a connection begins that goes to the process of live updates."""
SIZE = 65536


@contextlib.contextmanager
def front(server: Server) -> Iterator[str]:
    """Yield the address that a browser opens, while the block runs."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with contextlib.suppress(OSError):  # closed at the end
                while True:
                    client, _address = listener.accept()
                    _start(_join, client, port, server.live_port)

        _start(accept)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def _start(work, *arguments) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()


def _join(client: socket.socket, port: int, live_port: int) -> None:
    """Join a connection with the process that its first request is for: browsers open
    one of its own for live updates."""
    first = client.recv(SIZE)
    to_live = first.startswith(LIVE)
    server = socket.create_connection(("127.0.0.1", live_port if to_live else port))
    server.sendall(first)
    _start(_pump, client, server)
    _pump(server, client)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(SIZE):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
