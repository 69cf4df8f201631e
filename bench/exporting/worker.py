"""Commands of ``bench.case_log`` inside Odoo, on its database."""

from __future__ import annotations

from pathlib import Path

from odoo.tools import SQL

from bench.common import cases
from bench.common.meter import Meter
from bench.common.worker import serve

#: By the database alone: nothing of what is exported is asked.
OURS = {
    "events": """
        SELECT 'sale.order,' || sale_id,
               EXTRACT(epoch FROM max(date) - min(date))::float,
               array_agg(kind ORDER BY date, id)
          FROM timeline_event
         WHERE is_shown AND sale_id = ANY(%s)
      GROUP BY sale_id
    """,
    "waits": """
        SELECT 'sale.order,' || sale_id,
               SUM(EXTRACT(epoch FROM date_to - date_from))::float,
               array_agg(concat_ws('.', department, step) ORDER BY date_from, id)
          FROM timeline_span
         WHERE is_decisive AND sale_id = ANY(%s)
      GROUP BY sale_id
    """,
}


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.ids: list[int] = []

    def fill(self, count: int) -> int:
        """Make cases; return how many events they have."""
        with self.meter.environment() as env:
            self.meter.remember(env.user)
            self.ids = cases.fill(env, count)
            return env["timeline.event"].search_count([])

    def export(self, kind: str, path: str) -> list[float]:
        """Write the log as XES; return what it takes."""
        from odoo.addons.cx_reports.case_log import write_xes

        def write(env):
            with Path(path).open("w", encoding="utf-8") as file:
                file.writelines(write_xes(env["cx.case.log"]._read_traces(kind)))

        login = next(iter(self.meter.users))
        return self.meter.measure(login, write)[1]

    def ours(self, kind: str) -> dict[str, list]:
        """Return seconds and variant of each case."""
        with self.meter.environment() as env:
            rows = env.execute_query(SQL(OURS[kind], self.ids))
            return {case: [seconds, variant] for case, seconds, variant in rows}


if __name__ == "__main__":
    serve(Commands())
