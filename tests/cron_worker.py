"""Processes of their own that run a cron or do what somebody does, and can be stopped
anywhere: both ends.

Each says on its output what it is about to do, one word a line, and goes on with each
line on its input: so a test kills it where it wants, without waiting for a clock.

Loading Odoo takes longer than most of what they do. So one process loads it and runs
no cron: the nursery. The others are forks of it.
"""

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from odoo.api import SUPERUSER_ID, Environment
from odoo.sql_db import close_all, db_connect

from tools.inside.session import registry

#: Few, so that a handful of records fills several batches.
BATCH = 3
SECONDS = 180
"""Loading Odoo may take, or ending what a worker does, on a busy machine."""
LONGEST = 4096
"""Of what the nursery is asked, and answers."""


@dataclass(frozen=True)
class Job:
    """A cron, and where it pauses besides the end of each batch."""

    cron: str
    module: str
    """Where the size of its batches is."""
    model: str
    method: str
    """Deals with one record of the model."""
    word: str
    """Said before each of them."""
    size: str = "BATCH"
    """What the module calls how many there are in a batch."""


JOBS = {
    "limits": Job(
        "approval_matrix.ir_cron_limits",
        "odoo.addons.approval_matrix.models.approval_limit",
        "approval.limit",
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
    "supply": Job(
        "supply_link.ir_cron_follow",
        "odoo.addons.supply_link.models.supply_change",
        "supply.change",
        "_follow_rows",
        "follow",
    ),
    "timeline": Job(
        "case_timeline.ir_cron_follow",
        "odoo.addons.case_timeline.models.timeline_change",
        "timeline.change",
        "_follow_notes",
        "follow",
    ),
    "past": Job(
        "case_timeline.ir_cron_fill",
        "odoo.addons.case_timeline.models.timeline_change",
        "timeline.change",
        "_fill_batch",
        "fill",
        "FILLED",
    ),
}


def merge_customers(env, source, survivor):
    partners = env["res.partner"].browse([source, survivor])
    env["customer.merge"]._merge(partners, partners[1])


def undo_merge(env, merge):
    env["customer.merge"].browse(merge)._undo()


#: What somebody does in one transaction, and the methods before which it pauses, by the
#: word that is said then. *committing* is said at the end.
ACTS = {
    "merge": (
        merge_customers,
        {
            "moving": ("customer.merge", "_move_places"),
            "computing": ("customer.merge", "_compute_anew"),
            "filling": ("customer.merge", "_put_values"),
            "following": ("res.partner", "_follow_merge"),
            "telling": ("customer.merge", "_say_merged"),
        },
    ),
    "undo": (
        undo_merge,
        {
            "moving": ("customer.merge", "_move_back"),
            "restoring": ("customer.merge", "_restore"),
            "computing": ("customer.merge", "_compute_anew"),
            "following": ("res.partner", "_follow_merge"),
        },
    ),
}


# ----------------------------------------------------------------
# THE TEST'S END
# ----------------------------------------------------------------


class Worker:
    """The other process, as the test sees it."""

    def __init__(self, program, office):
        """:param office: waits after a kill; nothing, if others are to come upon it"""
        self.program = program
        self.office = office

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
        assert self.program.wait() == 0, self.program.stderr.read()

    def kill(self):
        if self.office:
            assert self.office.is_there(self.program.pid), "works under another name"
        self.program.kill()
        code = self.program.wait()
        assert code == -9, f"it had ended: {code}\n{self.program.stderr.read()}"
        if self.office:
            self.office.until_gone(self.program.pid)


class Nursery:
    """The process that others are forks of, as the test sees it."""

    def __init__(self, connection):
        self.connection = connection
        connection.settimeout(SECONDS)

    def ask(self, *question, files=()):
        socket.send_fds(self.connection, [json.dumps(question).encode()], files)
        return json.loads(self.connection.recv(LONGEST))


class Program:
    """A fork, with what tests need of ``subprocess.Popen``."""

    def __init__(self, nursery, *question):
        self.nursery, self.code = nursery, None
        (theirs, stdin), (stdout, answers), (stderr, errors) = (
            os.pipe() for _number in range(3)
        )
        self.stdin = open(stdin, "w")
        self.stdout, self.stderr = open(stdout), open(stderr)
        try:
            files = [theirs, answers, errors]
            self.pid = nursery.ask("start", *question, files=files)
        finally:
            for file in (theirs, answers, errors):
                os.close(file)

    def kill(self):
        if self.code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self):
        if self.code is None:
            self.code = self.nursery.ask("wait", self.pid)
        return self.code

    def close(self):
        self.kill()
        self.wait()
        for file in (self.stdin, self.stdout, self.stderr):
            with suppress(BrokenPipeError):  # what it was told and did not read
                file.close()


@contextmanager
def nursery(office):
    """Give an office its nursery, which has loaded what the database holds now."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "tests.cron_worker", os.environ["CDO_CONF"]]
    with ours, theirs:
        program = subprocess.Popen(
            [*command, office.registry.db_name, str(theirs.fileno())],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        with program:
            try:
                theirs.close()
                office.nursery = Nursery(ours)
                yield office
            finally:
                program.kill()


@contextmanager
def working(office, job, past_the_lock=False):
    """Start a worker on the office's database; end it in any case.

    :param str job: of ``JOBS``
    :param bool past_the_lock: of the scheduled action, as if another server ran it
        too; then it runs until there is nothing left
    """
    program = Program(office.nursery, job, past_the_lock)
    try:
        yield Worker(program, None if past_the_lock else office)
    finally:
        program.close()


@contextmanager
def doing(office, act, *ids):
    """Start a worker that does what somebody does; end it in any case.

    :param str act: of ``ACTS``
    :param ids: of the records it is about
    """
    program = Program(office.nursery, act, ids)
    try:
        yield Worker(program, office)
    finally:
        program.close()


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
    assert getattr(module, job.size)
    setattr(module, job.size, BATCH)
    model, cron = registry[job.model], registry["ir.cron"]
    commit = cron._commit_progress

    def commit_progress(self, processed=0, **kwargs):
        left = commit(self, processed, **kwargs)
        if processed:  # the scheduler reports as well, before and after
            pause("committed")
        return left

    pause_before(model, job.method, job.word)
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


def do(opened, name, ids):
    """Do what somebody does, and pause before each of its parts."""
    act, parts = ACTS[name]
    for word, (model, method) in parts.items():
        pause_before(opened[model], method, word)
    with opened.cursor() as cr:
        pause("ready")
        act(Environment(cr, SUPERUSER_ID, {}), *ids)
        cr.flush()
        pause("committing")


def pause_before(model, method, word):
    original = getattr(model, method)

    def act_after_pause(self, *args):
        pause(word)
        return original(self, *args)

    setattr(model, method, act_after_pause)


def work(opened, name, question):
    """Work as a server does that has looked what has changed since it began."""
    opened._db = db_connect(opened.db_name)  # under the number of this process
    opened.clear_all_caches()
    opened.cache_invalidated.clear()  # there is nothing to tell others
    if name in ACTS:
        do(opened, name, question)
    else:
        run(opened, name, question)


def run(opened, name, past_the_lock):
    """Run a cron."""
    job = JOBS[name]
    announce(opened, job)
    if past_the_lock:
        pause("ready")
        run_to_the_end(opened, job.cron)
        return
    with opened.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        pause("ready")
        env.ref(job.cron).method_direct_trigger()


def start(opened, connection, files, *question):
    """Fork; return the process. The fork never returns.

    :param files: which become its input, output and errors
    """
    if pid := os.fork():
        for file in files:
            os.close(file)
        return pid
    code = 1
    try:
        connection.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        work(opened, *question)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(BrokenPipeError):
            sys.stdout.flush()
        os._exit(code)


def main(conf, database, number):
    opened = registry(conf, database, log_level="critical")
    close_all()  # a connection belongs to one process
    with socket.socket(fileno=int(number)) as connection:
        while True:
            asked, files, _flags, _address = socket.recv_fds(connection, LONGEST, 3)
            if not asked:
                return
            what, *question = json.loads(asked)
            if what == "start":
                answer = start(opened, connection, files, *question)
            else:
                _pid, status = os.waitpid(*question, 0)
                answer = os.waitstatus_to_exitcode(status)
            connection.send(json.dumps(answer).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
