"""Odoo with a replica: reads all reports there, and prints as JSON what it saw."""

import json
import sys
import time

import psycopg2

from odoo.api import SUPERUSER_ID, Environment
from odoo.tools import config

from tools.inside.session import registry

SECONDS = 60


class Worker:
    def __init__(self, conf, database):
        self.registry = registry(conf, database)
        self.database = database
        with self.registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            self.admin = env.ref("base.user_admin").id
            self.partner = env["res.partner"].create({"name": "Ward 3"}).id
            report = self.registry["cx.report"]
            self.reports = sorted(
                name
                for name, model in self.registry.items()
                if issubclass(model, report) and not model._abstract
            )

    # ------------------------------------------------------------
    # THE SERVERS
    # ------------------------------------------------------------

    def ask(self, port, statement):
        """Ask a server as its superuser."""
        connection = psycopg2.connect(
            host=config["db_host"], port=port, user="postgres", dbname=self.database
        )
        connection.autocommit = True
        with connection.cursor() as cr:
            cr.execute(statement)
            ((value,),) = cr.fetchall()
        connection.close()
        return value

    def catch_up(self):
        """Wait until the standby has all that the primary has."""
        here = self.ask(config["db_port"], "SELECT pg_current_wal_lsn()")
        self.until(f"SELECT pg_last_wal_replay_lsn() >= '{here}'")

    def hold(self):
        self.ask(config["db_replica_port"], "SELECT pg_wal_replay_pause()")
        self.until("SELECT pg_get_wal_replay_pause_state() = 'paused'")

    def receive(self):
        """Wait until the standby has received what it does not show."""
        here = self.ask(config["db_port"], "SELECT pg_current_wal_flush_lsn()")
        self.until(f"SELECT pg_last_wal_receive_lsn() >= '{here}'")

    def until(self, statement):
        deadline = time.monotonic() + SECONDS
        while not self.ask(config["db_replica_port"], statement):
            assert time.monotonic() < deadline, statement
            time.sleep(0.02)

    # ------------------------------------------------------------
    # ODOO
    # ------------------------------------------------------------

    def read(self, work, readonly=True):
        """Return what ``work`` returns, and whether it was done on a standby."""
        with self.registry.cursor(readonly=readonly) as cr:
            value = work(Environment(cr, self.admin, {}))
            cr.execute("SELECT pg_is_in_recovery()")
            return value, cr.fetchone()[0]

    def order(self):
        with self.registry.cursor() as cr:
            env = Environment(cr, self.admin, {})
            env["sale.order"].create({"partner_id": self.partner}).action_confirm()

    def count(self):
        return self.read(lambda env: env["cx.urgency.report"].search_count([]))[0]

    def delay(self, readonly=True):
        def look(env):
            return env["cx.overview"].get_overview(30)["replica"]

        return self.read(look, readonly)[0]

    def age(self):
        return self.read(lambda env: env["cx.overview"].get_age())[0]

    def look_alone(self):
        """Look at all reports while there is no standby."""
        return self.read_all() | {"age": self.age(), "orders": self.count()}

    def read_all(self):
        """Return of each report and page whether a standby answered."""
        places = {
            name: self.read(lambda env, name=name: self.read_report(env[name]))[1]
            for name in self.reports
        }
        pages = {
            "page": lambda env: env["cx.overview"].get_overview(90),
            "promises": lambda env: env["cx.overview"].get_promises(90),
            "figures": lambda env: env["cx.overview"].get_figures(90),
            "definitions": lambda env: env["cx.figures"].get_page(),
            "hand_overs": lambda env: env["cx.waiting"].get_hand_overs(90),
            "what_if": lambda env: env["cx.waiting"].get_what_if(90),
            "events": lambda env: list(env["cx.case.log"]._read_traces("events")),
            "waits": lambda env: list(env["cx.case.log"]._read_traces("waits")),
        }
        read = {name: self.read(work)[1] for name, work in pages.items()}
        return {"places": places, "pages": read}

    def look(self):
        seen = {"reports": self.reports, "orders": [], "refused": self.try_to_write()}
        self.order()
        self.catch_up()
        seen |= self.read_all()
        seen["streaming"] = self.delay()
        seen["orders"].append(self.count())
        self.hold()
        self.order()
        self.receive()
        time_now = self.ask(
            config["db_port"], "SELECT (now() AT TIME ZONE 'UTC')::text"
        )
        seen["held_at"] = time_now
        seen["held"], seen["ages"] = self.delay(), {"held": self.age()}
        seen["orders"].append(self.count())
        self.ask(config["db_replica_port"], "SELECT pg_wal_replay_resume()")
        self.catch_up()
        seen["caught_up"] = self.delay()
        seen["ages"]["caught_up"] = self.age()
        seen["orders"].append(self.count())
        seen["primary"] = self.delay(readonly=False)
        return seen

    def read_report(self, model):
        model.formatted_read_grouping_sets([], [[]], ["__count"])
        model.web_search_read([], dict.fromkeys(model._fields, {}), limit=80)

    def try_to_write(self):
        try:
            self.read(lambda env: env.cr.execute("UPDATE res_partner SET name = name"))
        except psycopg2.Error as error:
            return type(error).__name__
        return None


if __name__ == "__main__":
    worker = Worker(*sys.argv[1:3])
    print(json.dumps(getattr(worker, sys.argv[3])(), default=str))
