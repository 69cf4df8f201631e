"""An office to act in: people, a rule and orders, on a copy of the tests' database."""

import os
import time
from contextlib import contextmanager
from pathlib import Path

from tools import databases

SECONDS = 60


def until(condition, complaint):
    """Wait until the database says so.

    :param condition: asks the database; the time its query takes is the only pause
    :param str complaint: what to say when it does not come true
    """
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, complaint


@contextmanager
def copied_registry(purpose):
    """Load Odoo in this process on a copy of its own, which is dropped afterwards.

    :param purpose: part of the copy's name, so that two copies may exist at once
    """
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_db
    from odoo.tools import config

    source, data = os.environ["CDO_TEST_DB"], Path(os.environ["CDO_DATA_DIR"])
    copy = f"{source}_{purpose}"
    databases.clone(source, copy, data, data)
    try:
        config.parse_config(
            ["-c", os.environ["CDO_CONF"], "-d", copy, "--log-level=critical"],
            setup_logging=True,
        )
        yield Registry(copy)
    finally:
        Registry.delete(copy)
        close_db(copy)
        databases.drop(copy, data)


class Office:
    """A database, and cursors to act in it as its people."""

    def __init__(self, registry):
        from odoo.api import SUPERUSER_ID, Environment

        self.registry = registry
        self.superuser = SUPERUSER_ID
        self.environment = Environment
        self.users = {}

    @contextmanager
    def session(self, login=None):
        """Open a transaction of its own, whose snapshot is taken at once.

        It ends with a rollback unless it was committed.
        """
        cursor = self.registry.cursor()
        try:
            cursor.execute("SELECT 1")
            user = self.users[login] if login else self.superuser
            yield self.environment(cursor, user, {"mail_notify_force_send": False})
        finally:
            cursor.rollback()
            cursor.close()

    @contextmanager
    def committed(self, login=None):
        with self.session(login) as env:
            yield env
            env.cr.commit()

    def hire(self, login, *groups):
        """Add a user with exactly these groups, and return its id."""
        from odoo import Command

        with self.committed() as env:
            people = env["res.users"].with_context(no_reset_password=True)
            user = people.create(
                {
                    "name": login.capitalize(),
                    "login": login,
                    "group_ids": [Command.set([env.ref(name).id for name in groups])],
                }
            )
            self.users[login] = user.id
        return self.users[login]

    def put_under_approval(self, model, *approvers):
        """Make a rule: all approvers must approve. Return its id."""
        from odoo import Command

        step = {
            "name": "All",
            "quorum": "all",
            "user_ids": [Command.set([self.users[login] for login in approvers])],
        }
        with self.committed() as env:
            rule = env["approval.rule"].create(
                {
                    "name": model,
                    "model_id": env["ir.model"]._get(model).id,
                    "step_ids": [Command.create(step)],
                }
            )
            return rule.id

    def order(self, submit=True, login="buyer", price=9000):
        """Make a purchase order as a buyer, and return its id."""
        from odoo import Command

        with self.committed(login) as env:
            product = env["product.product"].sudo().create({"name": "Bed"})
            vendor = env["res.partner"].sudo().create({"name": "Vendor"})
            line = {"product_id": product.id, "product_qty": 1, "price_unit": price}
            order = env["purchase.order"].create(
                {"partner_id": vendor.id, "order_line": [Command.create(line)]}
            )
            if submit:
                order.button_confirm()
        return order.id
