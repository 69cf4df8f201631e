"""Pytest plugin: PostgreSQL plans the statements of addons' tests in half the time.

Planning most statements of Odoo's takes longer than running them, as PostgreSQL looks
at each index of each table: ``account_move`` has 34. With the few records of a test,
none is of use. So a worker's copy of the test database loses those that Odoo makes for
its columns, as far as the tables are small. It keeps what has a say in what may be
written, that is unique ones, and all that our addons declare: tests look at these.

Joins are made in the order in which they are written, for the same reason.

The database itself has all of them, and so have the copies that tests in ``tests/``
make of it, and the benchmarks.
"""

from __future__ import annotations

import pytest

from tools import databases, places

SMALL = 100_000
"""Bytes of a table."""


def pytest_configure(config: pytest.Config) -> None:
    if database := getattr(config, "workerinput", {}).get("database"):
        config.pluginmanager.register(LeanCopy(database))


class LeanCopy:
    def __init__(self, database: str) -> None:
        self.database = database
        self.is_begun = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Before the first test; only then it is known what the worker is for."""
        if not self.is_begun and item.path.is_relative_to(places.ADDONS):
            make_lean(self.database)
        self.is_begun = True


def make_lean(database: str) -> None:
    """Take what only helps with many records from a database nobody uses yet."""
    ours = ", ".join(map(databases.literal, places.addons()))
    databases.query(
        f"""
        DO $$
        DECLARE
            useless name;
        BEGIN
            FOR useless IN
                SELECT idx.relname
                  FROM pg_index
                  JOIN pg_class idx ON idx.oid = indexrelid
                  JOIN pg_class tab ON tab.oid = indrelid
             LEFT JOIN ir_model_constraint declared
                       JOIN ir_module_module module ON module.id = declared.module
                    ON declared.name = idx.relname
                   AND declared.type = 'i'
                 WHERE tab.relnamespace = 'public'::regnamespace
                   AND pg_relation_size(tab.oid) < {SMALL}
                   AND NOT indisunique
                   AND NOT indisexclusion
                   AND (
                        idx.relname LIKE '%\\_\\_%\\_index'
                        OR tab.relname IN (SELECT rel.name FROM ir_model_relation rel)
                        OR module.name NOT IN ({ours})
                       )
            LOOP
                EXECUTE format('DROP INDEX %I', useless);
            END LOOP;
        END $$
        """,
        database,
    )
    databases.query(f'ALTER DATABASE "{database}" SET join_collapse_limit = 1')
