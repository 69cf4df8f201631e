"""A private PostgreSQL server for development, in the cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

from tools import places
from tools.console import Fail, step
from tools.shell import run

ROLE = "odoo"
PORT = "5432"  # only names the socket file: the server does not listen on TCP
LONGEST_SOCKET = 107 - len(f"/.s.PGSQL.{PORT}.lock")
BINARIES = Path("/usr/lib/postgresql")
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
port = {port}
max_connections = 200
shared_buffers = 512MB
maintenance_work_mem = 128MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
# A crash may lose the last moments of a development database, never corrupt it.
# fsync stays on: copying a database of 150 MB takes 0.7 s with it, 0.4 s without.
synchronous_commit = off
jit = off
log_min_messages = fatal
log_min_error_statement = panic
"""


class Cluster:
    """One server, reached by a Unix socket; one for each version of PostgreSQL."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.folder = places.cache() / "postgresql" / version
        self.data = self.folder / "data"
        self.sockets = self._socket_folder()
        self.as_root = os.geteuid() == 0
        self.environment = {"PGHOST": str(self.sockets), "PGPORT": PORT}

    @staticmethod
    def installed() -> list[str]:
        """Versions whose server is installed, the newest last."""
        found = [path.parent.parent.name for path in BINARIES.glob("*/bin/initdb")]
        return sorted(found, key=float)

    @property
    def exists(self) -> bool:
        return self.data.is_dir()

    def ensure(self) -> None:
        os.environ.update(self.environment, PGUSER=ROLE)
        if self._answers():
            return
        with step(f"PostgreSQL {self.version} (private server)"):
            if not self.exists:
                self._create()
            self._start()
            self._create_role()

    def stop(self) -> None:
        if self.exists and self._answers():
            self._pg("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def _socket_folder(self) -> Path:
        folder = self.folder / "run"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET:
            return folder
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        return Path("/tmp") / f"cdo-postgresql-{digest}"

    def _answers(self) -> bool:
        try:
            self._psql("SELECT 1", user=ROLE)
        except Fail:
            return False
        return True

    def _psql(self, statement: str, user: str) -> None:
        command = ["psql", "-XAtq", "-d", "postgres", "-U", user, "-c", statement]
        run(command, env=self.environment)

    def _pg(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs."""
        binary = BINARIES / self.version / "bin" / program
        self._as_server([binary, *arguments], hint=f"Its log is {self.folder}/log.")

    def _as_server(self, command: list[str | Path], hint: str = "") -> None:
        """Run a program as the server's user, since PostgreSQL refuses to be root."""
        prefix = ["runuser", "-u", "postgres", "--"] if self.as_root else []
        run([*prefix, *command], cwd=Path("/"), hint=hint)

    def _own(self, folder: Path) -> None:
        """Make a folder only the server's user may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.as_root:
            shutil.chown(folder, "postgres", "postgres")
        elif folder.stat().st_uid != os.geteuid():
            raise Fail(f"{folder} belongs to another user: remove it.")
        folder.chmod(0o700)

    def _open_way(self) -> None:
        """As root, let PostgreSQL's user reach its part of the cache."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if not self.as_root:
            return
        for folder in (places.cache(), self.folder.parent):
            folder.chmod(0o755)
        try:
            self._as_server(["test", "-x", self.folder.parent])
        except Fail:
            raise Fail(
                f"PostgreSQL's user cannot enter {places.cache()}: set CDO_CACHE to a "
                "folder that every user may enter."
            ) from None

    def _create(self) -> None:
        """Make the cluster beside its place and move it there when complete."""
        self._open_way()
        self._own(self.folder)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="new-") as folder:
            self._own(Path(folder))
            new = Path(folder) / "data"
            trust = ["--auth=trust", "--username=postgres"]
            text = ["--encoding=UTF8", "--locale=C.UTF-8"]
            self._pg("initdb", "-D", new, "--no-instructions", *trust, *text)
            shutil.rmtree(self.data, ignore_errors=True)
            new.rename(self.data)

    def _start(self) -> None:
        self._own(self.sockets)
        settings = SETTINGS.format(sockets=self.sockets, port=PORT)
        (self.data / "postgresql.auto.conf").write_text(settings)
        self._forget_dead_server()
        for attempt in (1, 2, 3):
            try:
                start = ["-w", "-t", "60", "-l", self.folder / "log", "start"]
                return self._pg("pg_ctl", "-D", self.data, *start)
            except Fail:
                # After kill -9, the old server's children need a moment to end.
                if attempt == 3:
                    raise
                time.sleep(2)

    def _forget_dead_server(self) -> None:
        """Remove the pid file of a killed machine, whose pid may live again."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n", 1)[0].strip()
        command = Path(f"/proc/{pid}/cmdline")
        if not command.exists() or b"postgres" not in command.read_bytes():
            for left in (pid_file, self.sockets / f".s.PGSQL.{PORT}.lock"):
                left.unlink(missing_ok=True)

    def _create_role(self) -> None:
        self._psql(
            f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN CREATEDB; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            user="postgres",
        )
