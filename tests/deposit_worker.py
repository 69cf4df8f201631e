"""A process of its own that runs the cron of deposits, and can be stopped anywhere.

It says on its output what it is about to do, one word a line, and goes on with each
line on its input: so a test kills it where it wants, without waiting for a clock.
"""

import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

#: Few, so that a handful of deposits fills several batches.
BATCH = 3


def pause(word):
    print(word, flush=True)
    if not sys.stdin.readline():
        sys.exit("nobody is there")


def announce(registry):
    """Pause before each deposit that becomes due, and after each batch."""
    from odoo.addons.supplier_deposit.models import supplier_deposit_cron

    assert supplier_deposit_cron.BATCH
    supplier_deposit_cron.BATCH = BATCH
    deposit, cron = registry["supplier.deposit"], registry["ir.cron"]
    pay, commit = deposit._prepare_payment, cron._commit_progress

    def prepare_payment(self):
        pause("pay")
        return pay(self)

    def commit_progress(self, processed=0, **kwargs):
        left = commit(self, processed, **kwargs)
        if processed:  # the scheduler reports as well, before and after
            pause("committed")
        return left

    deposit._prepare_payment, cron._commit_progress = prepare_payment, commit_progress


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
        env.ref("supplier_deposit.ir_cron_due").method_direct_trigger()


if __name__ == "__main__":
    main(*sys.argv[1:])
