"""An inbox in a database with much history: filled in bulk, read as a plain user."""

from __future__ import annotations

from typing import Any

from odoo.api import Environment

from bench.approval import company
from bench.common.screen import columns

READER = "bench_reader_0"
READERS = 100
"""Users among whom tasks and requests are spread evenly."""

TABLES = ("approval_process", "approval_task", "approval_log")

STEPS = 3
PAGE = 80
FEW = 1000

# Requests are for documents that are gone, which the inbox does not ask for.
FILL_PROCESSES = """
INSERT INTO approval_process
    (res_model, res_id, document_name, about_kept, company_id, amount, requester_id,
     state, is_urgent, stage, revision, submitted_at, closed_at, log_count,
     log_hash, excluded_ids, terms, summary, create_date)
SELECT 'purchase.order', 1000000000 + number,
       jsonb_build_object('en_US', 'B' || number), 'Vendor ' || number %% 500,
       %(company)s, number %% 100000, users[1 + number / 7 %% cardinality(users)],
       %(state)s, number %% 20 = 0, %(stage)s, %(stage)s, at,
       CASE WHEN %(state)s = 'open' THEN NULL ELSE at + interval '1 day' END, 0,
       NULL, '[]', '{}', '{"rows": [], "facts": [], "columns": [], "about": ""}', at
  FROM (SELECT number, %(users)s::integer[] AS users,
               timestamp '2024-01-01' + number * interval '20 seconds' AS at
          FROM generate_series(%(first)s, %(last)s) AS number) AS numbers
"""

FILL_TASKS = """
INSERT INTO approval_task
    (process_id, company_id, step_key, step_name, stage, needed, user_id, holder_id,
     origin, state, is_substituted, limit_hours, on_timeout, activated_at, due_at,
     decided_at, decided_by_id, channel, create_date)
SELECT id, company_id, step, 'Step ' || step, step, 1, approver, approver,
       'rule', state, FALSE, 8, 'remind', at, at + interval '1 day',
       CASE WHEN state = 'approved' THEN at + interval '1 hour' END,
       CASE WHEN state = 'approved' THEN approver END, 'screen', at
  FROM (SELECT process.id, process.company_id, step,
               users[1 + (process.res_id + step) %% cardinality(users)] AS approver,
               submitted_at + step * interval '2 hours' AS at,
               CASE process.state WHEN 'open' THEN 'active' ELSE 'approved' END AS state
          FROM approval_process AS process,
               (SELECT %(users)s::integer[] AS users) AS people,
               generate_series(1, %(steps)s) AS step
         WHERE process.res_id BETWEEN 1000000000 + %(first)s AND 1000000000 + %(last)s
       ) AS steps
"""

# One row of the log for each request, through the triggers that guard it.
FILL_LOG = """
WITH rows AS (
    SELECT id AS process_id, requester_id, submitted_at, repeat('0', 64) AS genesis
      FROM approval_process
     WHERE res_id BETWEEN 1000000000 + %(first)s AND 1000000000 + %(last)s
), sealed AS (
    SELECT rows.*, encode(sha256(convert_to(format(
               '{"content":{"date":"%%s","event":"submitted","process_id":%%s,'
               '"sequence":1,"user_id":%%s},"previous":"%%s"}',
               to_char(submitted_at, 'YYYY-MM-DD HH24:MI:SS'), process_id,
               requester_id, genesis), 'UTF8')), 'hex') AS hash
      FROM rows
), logged AS (
    INSERT INTO approval_log
        (process_id, sequence, date, event, user_id, previous_hash, hash)
    SELECT process_id, 1, submitted_at, 'submitted', requester_id, genesis, hash
      FROM sealed
)
UPDATE approval_process SET log_count = 1, log_hash = hash
  FROM sealed WHERE process_id = id
"""


def fill(env: Environment, opened: int, closed: int):
    """Add so many tasks that are open and closed; return the users who have them."""
    users = env["res.users"].search([("login", "=like", "bench_reader_%")])
    if not users:
        logins = [f"bench_reader_{number}" for number in range(READERS)]
        users = company.users(env, logins)
        env.flush_all()
    for state, count, steps in (
        ("open", opened, 1),
        ("approved", closed // STEPS, STEPS),
    ):
        # a few first: the log's trigger keeps the plan that suits the table it finds
        for part in (min(FEW, count), count - min(FEW, count)):
            _add(env, users, state, part, steps)
            env.cr.execute(f"ANALYZE {', '.join(TABLES)}")
    sample = env["approval.process"].search([], limit=3)
    if sample._find_broken_log():
        raise AssertionError("The log that was filled in does not verify.")
    return users


def _add(env: Environment, users, state: str, count: int, steps: int) -> None:
    env.cr.execute("SELECT count(*) FROM approval_process WHERE res_id >= 1000000000")
    (first,) = env.cr.fetchone()
    values = {
        "company": env.company.id,
        "first": first,
        "last": first + count - 1,
        "stage": steps,
        "state": state,
        "steps": steps,
        "users": users.ids,
    }
    for statement in (FILL_PROCESSES, FILL_TASKS, FILL_LOG):
        env.cr.execute(statement, values)
    env.invalidate_all()


def count(env: Environment) -> dict[str, Any]:
    """Return what the counter at the top of the screen asks for."""
    return env["approval.task"].get_inbox()


def first_page(env: Environment) -> dict[str, Any]:
    """Return what the list view of the inbox asks for."""
    return env["approval.task"].web_search_read(
        _domain(env), columns(env, "approval.task"), limit=PAGE, count_limit=10_001
    )


def cards(env: Environment) -> dict[str, Any]:
    """Return what the cards of a page say."""
    return env["approval.task"].web_search_read(
        _domain(env), {"card": {}}, limit=PAGE, count_limit=10_001
    )


def _domain(env: Environment) -> list:
    """As the filter *To Decide*."""
    return [("state", "=", "active"), ("holder_id", "=", env.uid)]
