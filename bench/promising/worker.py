"""Commands of ``bench.promise_calibration``: plain Python, no database.

The companies are those that the addon's tests play, with more lines.
"""

from __future__ import annotations

import sys

from odoo.tools import config

from bench.common.worker import serve


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        from odoo.addons.crm_purchase_bridge.tests import promise_years

        self.played = promise_years
        self.years = None

    def play(self, seed: int, lines: int, shock: float) -> int:
        """Play a company; return how many lines of its last year have an estimate."""
        self.years = self.played.Years(seed, lines, shock)
        return sum(len(week) for week, _pasts in self.years.tested())

    def shares(self, way: str) -> dict[str, tuple[float, float]]:
        """Return which share came by the likely and by the safe day, by kind, and by
        the number of the vendor.

        :param way: how wide promises are: the name of a function of ``promise_years``
        """
        found = self.years.shares(getattr(self.played, way))
        return {str(kind): shares for kind, shares in found.items()}

    def curve(self, shares: list[float]) -> list[float]:
        """Return which share came by days that were to be kept with given shares."""
        return self.years.curve(shares)


if __name__ == "__main__":
    config.parse_config(["-c", sys.argv[1]], setup_logging=True)
    serve(Commands())
