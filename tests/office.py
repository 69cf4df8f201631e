"""An office to act in: people, a rule and orders, on a copy of the tests' database."""

import os
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2.errors
import pytest

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

from tools import databases
from tools.inside import records
from tools.inside.lean_copies import make_lean
from tools.inside.session import registry

SECONDS = 60


def until(condition, complaint):
    """Wait until the database says so.

    :param condition: asks the database, which has time for others in between
    :param str complaint: what to say when it does not come true
    """
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.02)


@contextmanager
def copied_registry(purpose, lean=False):
    """Load Odoo in this process on a copy of its own, which is dropped afterwards.

    :param purpose: part of the copy's name, so that two copies may exist at once
    :param lean: without indexes, for tests with many statements on few records
    """
    source, data = os.environ["CDO_TEST_DB"], Path(os.environ["CDO_DATA_DIR"])
    copy = f"{source}_{purpose}"
    databases.clone(source, copy, data, data)
    try:
        if lean:
            make_lean(copy)
        yield registry(os.environ["CDO_CONF"], copy, log_level="critical")
    finally:
        Registry.delete(copy)
        close_db(copy)
        databases.drop(copy, data)


class Office:
    """A database, and cursors to act in it as its people."""

    def __init__(self, registry):
        self.registry = registry
        self.users = {}

    @contextmanager
    def session(self, login=None):
        """Open a transaction of its own, whose snapshot is taken at once.

        It ends with a rollback unless it was committed.
        """
        cursor = self.registry.cursor()
        try:
            cursor.execute("SELECT 1")
            user = self.users[login] if login else SUPERUSER_ID
            yield Environment(cursor, user, {"mail_notify_force_send": False})
        finally:
            cursor.rollback()
            cursor.close()

    @contextmanager
    def committed(self, login=None):
        with self.session(login) as env:
            yield env
            env.cr.commit()

    def act(self, login, work, *args):
        """Return what comes of some work, which is given an environment first."""
        with self.committed(login) as env:
            return work(env, *args)

    def until_gone(self, pid):
        """Wait until the database knows that a process was killed.

        What it was told to do last it does to the end, with all locks it has.
        """

        until(
            lambda: not self.is_there(pid),
            "the database still works for a process that was killed",
        )

    def is_there(self, pid):
        """Whether the database works for a process."""
        with self.session() as env:
            env.cr.execute(
                "SELECT FROM pg_stat_activity WHERE application_name = %s",
                [f"odoo-{pid}"],
            )
            return bool(env.cr.rowcount)

    def collide(self, first, second):
        """Let the second act on what there was before the first: that must fail.

        :param first: as for ``act``: log-in, work and its arguments
        :param second: likewise
        """
        login, work, *args = second
        with self.session(login) as late:
            self.act(*first)
            with pytest.raises(psycopg2.errors.SerializationFailure):
                work(late, *args)
                late.cr.flush()

    def hire(self, login, *groups):
        """Add a user with exactly these groups, and return its id."""
        with self.committed() as env:
            self.users[login] = records.users(env, {login: groups}).id
        return self.users[login]

    def put_under_approval(self, model, *approvers):
        """Make a rule: all approvers must approve. Return its id."""
        users = [self.users[login] for login in approvers]
        with self.committed() as env:
            step = records.step("All", users, quorum="all")
            return records.approval_rule(env, model, step).id

    def order(self, submit=True, login="buyer", price=9000):
        """Make a purchase order as a buyer, and return its id."""
        with self.committed(login) as env:
            product = env["product.product"].sudo().create({"name": "Bed"})
            vendor = env["res.partner"].sudo().create({"name": "Vendor"})
            line = {"product_id": product.id, "product_qty": 1, "price_unit": price}
            order = records.purchase(env, vendor, line)
            if submit:
                order.button_confirm()
        return order.id


def confirm(env, order_id):
    env["purchase.order"].browse(order_id).button_confirm()
