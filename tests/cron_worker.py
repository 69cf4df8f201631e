"""A process of its own that runs a cron, and can be stopped anywhere: both its ends.

It says on its output what it is about to do, one word a line, and goes on with each
line on its input: so a test kills it where it wants, without waiting for a clock.
"""

import importlib
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from odoo.api import SUPERUSER_ID, Environment

from tools.inside.session import registry

#: Few, so that a handful of records fills several batches.
BATCH = 3


@dataclass(frozen=True)
class Job:
    """A cron, and where it pauses besides the end of each batch."""

    cron: str
    module: str
    """Where its ``BATCH`` is."""
    model: str
    method: str
    """Deals with one record of the model."""
    word: str
    """Said before each of them."""


JOBS = {
    "limits": Job(
        "approval_matrix.ir_cron_limits",
        "odoo.addons.approval_matrix.models.approval_task_actions",
        "approval.process",
        "_enforce_limit",
        "enforce",
    ),
    "deposits": Job(
        "supplier_deposit.ir_cron_due",
        "odoo.addons.supplier_deposit.models.supplier_deposit_plan",
        "supplier.deposit",
        "_enter_due",
        "pay",
    ),
}


# ----------------------------------------------------------------
# THE TEST'S END
# ----------------------------------------------------------------


class Worker:
    """The other process, as the test sees it."""

    def __init__(self, program):
        self.program = program

    def next(self):
        """Return what it is about to do; nothing when it has ended."""
        return self.program.stdout.readline().strip()

    def go(self):
        self.program.stdin.write("\n")
        self.program.stdin.flush()

    def go_until(self, *words):
        """Let it go on until it has said these words, in this order; it waits then."""
        for position, word in enumerate(words):
            if position:
                self.go()
            while (said := self.next()) != word:
                assert said, self.program.stderr.read()
                self.go()

    def finish(self):
        self.go()
        while self.next():
            self.go()
        self.check_ended()

    def check_ended(self):
        assert self.program.wait(60) == 0, self.program.stderr.read()

    def kill(self):
        self.program.kill()
        code = self.program.wait(60)
        assert code == -9, f"it had ended: {code}\n{self.program.stderr.read()}"


@contextmanager
def working(office, job, past_the_lock=False):
    """Start a worker on the office's database; end it in any case.

    :param str job: of ``JOBS``
    :param bool past_the_lock: of the scheduled action, as if another server ran it
        too; then it runs until there is nothing left
    """
    name = office.registry.db_name
    told = ["past the lock"] if past_the_lock else []
    command = [sys.executable, "-m", "tests.cron_worker"]
    program = subprocess.Popen(
        [*command, os.environ["CDO_CONF"], name, job, *told],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        try:
            yield Worker(program)
        finally:
            program.kill()


# ----------------------------------------------------------------
# ITS OWN END
# ----------------------------------------------------------------


def pause(word):
    print(word, flush=True)
    if not sys.stdin.readline():
        sys.exit("nobody is there")


def announce(registry, job):
    """Pause before each record that is dealt with, and after each batch.

    The scheduler's own clock is stopped: on a busy machine it would end the run.
    """
    from odoo.addons.base.models import ir_cron

    assert ir_cron.MIN_TIME_PER_JOB
    ir_cron.MIN_TIME_PER_JOB = 3600
    module = importlib.import_module(job.module)
    assert module.BATCH
    module.BATCH = BATCH
    model, cron = registry[job.model], registry["ir.cron"]
    act, commit = getattr(model, job.method), cron._commit_progress

    def act_after_pause(self, *args):
        pause(job.word)
        return act(self, *args)

    def commit_progress(self, processed=0, **kwargs):
        left = commit(self, processed, **kwargs)
        if processed:  # the scheduler reports as well, before and after
            pause("committed")
        return left

    setattr(model, job.method, act_after_pause)
    cron._commit_progress = commit_progress


def run_to_the_end(registry, cron):
    """Run the action in rounds, as the scheduler does, until one finds nothing to do.

    What another worker holds may be left to do when it is killed.
    """
    done = []

    def count(self, processed=0, **kwargs):
        done.append(processed)
        return commit(self, processed, **kwargs)

    commit = registry["ir.cron"]._commit_progress
    registry["ir.cron"]._commit_progress = count
    while True:
        done.clear()
        with registry.cursor() as cr:
            Environment(cr, SUPERUSER_ID, {}).ref(cron).ir_actions_server_id.run()
        if not sum(done):
            return


def main(conf, database, name, *told):
    opened = registry(conf, database, log_level="critical")
    job = JOBS[name]
    announce(opened, job)
    if told:
        pause("ready")
        run_to_the_end(opened, job.cron)
        return
    with opened.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        pause("ready")
        env.ref(job.cron).method_direct_trigger()


if __name__ == "__main__":
    main(*sys.argv[1:])
