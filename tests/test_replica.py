"""Reports run on a real streaming replica of PostgreSQL, and say how far it is behind.

The copy of the database is in a cluster of its own: to let a replica stream from the
server of the tests would change its settings, and copy all that is in it.
"""

import configparser
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools import places
from tools.cluster import BINARIES

PRIMARY, STANDBY = "5432", "5433"  # they only name the socket files
ROLE, DATABASE = "odoo", "replicated"
IMMUTABLE = "ALTER FUNCTION unaccent(text) IMMUTABLE"
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
shared_buffers = 64MB
random_page_cost = 1.1
jit = off
"""


def find_binaries():
    """Return where the newest PostgreSQL is that can copy a running server."""
    found = [
        path.parent
        for path in BINARIES.glob("*/bin/pg_basebackup")
        if (path.parent / "initdb").exists()
    ]
    return max(found, key=lambda path: float(path.parent.name), default=None)


class Servers:
    """A primary and its standby, in a folder of their own."""

    def __init__(self, folder):
        self.folder, self.binaries = folder, find_binaries()
        self.running = []

    def run(self, program, *arguments, **options):
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*prefix, self.binaries / program, *arguments]
        return subprocess.run(
            command, cwd="/", check=True, stdout=subprocess.DEVNULL, **options
        )

    def make_primary(self):
        self.run("initdb", "-D", self.data(PRIMARY), "--auth=trust", "-U", "postgres")
        settings = self.data(PRIMARY) / "postgresql.auto.conf"
        settings.write_text(SETTINGS.format(folder=self.folder))
        self.start(PRIMARY)
        reach = ["-h", self.folder, "-p", PRIMARY, "-U", "postgres"]
        self.run("createuser", *reach, "--createdb", ROLE)
        self.run("createdb", *reach, "-O", ROLE, DATABASE)

    def fill(self, source):
        """Copy a database of the server of the tests."""
        dump = subprocess.Popen(
            [self.binaries / "pg_dump", "-Fc", "-Z0", source], stdout=subprocess.PIPE
        )
        reach = ["-h", self.folder, "-p", PRIMARY, "-U", "postgres", "-d", DATABASE]
        # a dump does not say that indexes may use it
        self.run("psql", *reach, "-c", "CREATE EXTENSION unaccent", "-c", IMMUTABLE)
        self.run("pg_restore", *reach, stdin=dump.stdout)
        assert dump.wait() == 0

    def make_standby(self):
        """``-R``: it streams from the server that it is a copy of."""
        reach = ["-h", self.folder, "-p", PRIMARY, "-U", "postgres"]
        where = ["-D", self.data(STANDBY), "-R", "-X", "stream", "-c", "fast"]
        self.run("pg_basebackup", *reach, *where)
        self.start(STANDBY)

    def start(self, port):
        options = ["-o", f"-p {port}", "-l", self.folder / f"log-{port}"]
        self.run("pg_ctl", "-D", self.data(port), *options, "-w", "start")
        self.running.append(port)

    def stop(self):
        """Stop the servers of this folder."""
        for port in reversed(self.running.copy()):
            self.stop_one(port)

    def stop_one(self, port):
        """Stop a server: ``pg_ctl`` goes by its own pid file."""
        self.run("pg_ctl", "-D", self.data(port), "-m", "immediate", "-w", "stop")
        self.running.remove(port)

    def data(self, port):
        return self.folder / f"data-{port}"


@contextmanager
def replicated(source):
    """Give the servers, and the configuration of an Odoo whose database has a
    standby."""
    with tempfile.TemporaryDirectory(prefix="cdo-replica-", dir="/tmp") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        servers = Servers(folder)
        try:
            servers.make_primary()
            servers.fill(source)
            servers.make_standby()
            yield servers, write_configuration(folder)
        finally:
            servers.stop()


def write_configuration(folder):
    parser = configparser.RawConfigParser()
    parser.read(os.environ["CDO_CONF"])
    parser["options"].update(
        {
            "db_host": str(folder),
            "db_port": PRIMARY,
            "db_user": ROLE,
            "db_replica_host": str(folder),
            "db_replica_port": STANDBY,
        }
    )
    path = folder / "odoo.conf"
    with path.open("w") as file:
        parser.write(file)
    return path


@pytest.fixture(scope="module")
def seen():
    """What reports said on a replica, see ``replica_worker``."""
    if not find_binaries():
        pytest.fail(
            "A replica needs the programs of PostgreSQL's server, initdb and "
            f"pg_basebackup, below {BINARIES}: sudo apt-get install postgresql"
        )
    with replicated(os.environ["CDO_TEST_DB"]) as (servers, conf):
        found = ask_worker(conf, "look")
        servers.stop_one(STANDBY)
        return found | {"away": ask_worker(conf, "look_alone")}


def ask_worker(conf, what):
    """Return what a worker says, see ``replica_worker``."""
    worker = Path(__file__).with_name("replica_worker.py")
    # they would name the server of the tests
    variables = {name: value for name, value in os.environ.items() if name[:2] != "PG"}
    done = subprocess.run(
        [sys.executable, worker, conf, DATABASE, what],
        cwd=places.ROOT,
        env=variables | {"PYTHONPATH": str(places.ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_every_report_runs_on_the_replica(seen):
    """PostgreSQL itself refuses to write there."""
    assert seen["refused"] == "ReadOnlySqlTransaction"
    assert seen["reports"]
    assert seen["places"] == {name: True for name in seen["reports"]}


def test_page_and_case_log_run_on_the_replica(seen):
    assert set(seen["pages"].values()) == {True}


def test_page_says_how_far_the_replica_is_behind(seen):
    """It streams, then it is held up while the primary goes on, then it catches up."""
    assert seen["streaming"]["seconds"] == 0
    assert seen["held"]["seconds"] >= 1
    assert seen["held"]["as_of"] < seen["held_at"]
    assert seen["caught_up"]["seconds"] == 0


def test_replica_shows_what_it_has(seen):
    before, held, caught_up = seen["orders"]
    assert (held - before, caught_up - before) == (0, 1)


def test_reports_say_so_too(seen):
    """A pivot, graph or list that is opened meanwhile, not the first page only."""
    assert seen["ages"]["held"]["seconds"] >= 1
    assert seen["ages"]["held"]["as_of"] < seen["held_at"]
    assert seen["ages"]["caught_up"]["seconds"] == 0


def test_reports_open_while_the_replica_is_away(seen):
    """They are read from the primary then, and say nothing of a replica; what was
    ordered since is in them."""
    away = seen["away"]
    assert away["places"] == {name: False for name in seen["reports"]}
    assert set(away["pages"].values()) == {False}
    assert away["age"] is None
    assert away["orders"] == seen["orders"][-1]


def test_primary_is_not_behind(seen):
    assert seen["primary"] is None
