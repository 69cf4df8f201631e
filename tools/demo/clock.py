"""Another time, for Python and for the database: so that what people do now was done
then, by the same methods."""

from __future__ import annotations

from datetime import UTC, datetime

from freezegun import freeze_time

from odoo.api import Environment

#: A function of its own is found before that of the database.
MAKE = """
    CREATE SCHEMA demo_clock;
    CREATE FUNCTION demo_clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS
        $$ SELECT current_setting('demo_clock.now')::timestamptz $$;
    SET search_path = public, demo_clock, pg_catalog
"""
DROP = """
    DROP SCHEMA demo_clock CASCADE;
    SET search_path TO DEFAULT
"""


class Clock:
    """Within it, it is whatever time it is set to."""

    def __init__(self, env: Environment) -> None:
        self.env = env

    def __enter__(self) -> Clock:
        self.env.flush_all()
        # the clock is read by whatever is imported: it starts once
        self._freezing = freeze_time(datetime.now(UTC))
        self._frozen = self._freezing.start()
        self.env.cr.execute("SELECT set_config('demo_clock.now', now()::text, false)")
        self.env.cr.execute(MAKE)
        return self

    def __exit__(self, *_error: object) -> None:
        self._freezing.stop()
        self.env.flush_all()
        self.env.cr.execute(DROP)
        self.env.cr._now = None

    def set(self, moment: datetime) -> None:
        """:param moment: UTC"""
        self.env.flush_all()
        self._frozen.move_to(moment)
        self.env.cr.execute(
            "SELECT set_config('demo_clock.now', %s, false)", [f"{moment}+00"]
        )
        self.env.cr._now = None  # a transaction has one time, but not here
