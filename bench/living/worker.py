"""Commands of ``bench.live``, inside Odoo, on the database that the server serves."""

from __future__ import annotations

import sys
import time
from datetime import timedelta

from odoo.api import SUPERUSER_ID, Environment

from bench.common.worker import serve
from tools.inside.session import registry

SECONDS = 120


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.registry = registry(*sys.argv[1:3])
        self.line = 0

    def find(self) -> int:
        """Return an order whose goods come last with an ordered purchase, as soon as
        the job has looked at it."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with self.registry.cursor() as cr:
                promise = self._env(cr)["supply.promise"].search(
                    [
                        ("is_open", "=", True),
                        ("is_ordered", "=", True),
                        ("quantity_now", "=", 0),
                        ("purchase_line_id.order_id.state", "=", "purchase"),
                    ],
                    limit=1,
                )
                if promise:
                    self.line = promise.purchase_line_id.id
                    return promise.order_id.id
            time.sleep(0.2)
        raise RuntimeError("No order waits for a purchase.")

    def move(self) -> float:
        """Let the goods come a week later; return when that is committed, in
        milliseconds since 1970."""
        with self.registry.cursor() as cr:
            line = self._env(cr)["purchase.order.line"].browse(self.line)
            line.date_planned += timedelta(days=7)
            cr.flush()
            now = time.time()
        return now * 1000

    def _env(self, cr) -> Environment:
        return Environment(cr, SUPERUSER_ID, {"tracking_disable": True})


if __name__ == "__main__":
    serve(Commands())
