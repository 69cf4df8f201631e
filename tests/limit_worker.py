"""A process of its own that runs the cron of time limits, and can be stopped anywhere.

It says on its output what it is about to do, one word a line, and goes on with each
line on its input: so a test kills it where it wants, without waiting for a clock.
"""

import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

#: Few, so that a handful of requests fills several batches.
BATCH = 3


def pause(word):
    print(word, flush=True)
    if not sys.stdin.readline():
        sys.exit("nobody is there")


def announce(registry):
    """Pause before each request that is dealt with, and after each batch."""
    from odoo.addons.approval_matrix.models import approval_task_limit

    assert approval_task_limit.BATCH
    approval_task_limit.BATCH = BATCH
    process, cron = registry["approval.process"], registry["ir.cron"]
    enforce, commit = process._enforce_limit, cron._commit_progress

    def enforce_limit(self, tasks):
        pause("enforce")
        return enforce(self, tasks)

    def commit_progress(self, processed=0, **kwargs):
        left = commit(self, processed, **kwargs)
        if processed:  # the scheduler reports as well, before and after
            pause("committed")
        return left

    process._enforce_limit, cron._commit_progress = enforce_limit, commit_progress


def main(conf, database):
    config.parse_config(
        ["-c", conf, "-d", database, "--no-http", "--log-level=critical"],
        setup_logging=True,
    )
    registry = Registry(database)
    announce(registry)
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        pause("ready")
        env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()


if __name__ == "__main__":
    main(*sys.argv[1:])
