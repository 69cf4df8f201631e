import os
import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config

BROKEN = 1
NOT_VERIFIED = 2


class ApprovalVerify(Command):
    """Verify the hash chains of all approval logs of a database.

    It reads only, batch after batch with the memory of one, and says which row of
    which log is the first that was tampered with. It ends with 0 when all are whole,
    with 1 when one is broken, and with 2 when it could not look.
    """

    name = "approval_verify"

    def run(self, args):
        """Verify the one database that ``-d`` or the configuration names.

        :param list args: Odoo's own options, of which ``-c`` and ``-d`` matter
        """
        config.parser.prog = self.prog
        config.parse_config(["--log-level=warn", *args], setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            self._give_up("say which database, one at a time: -d NAME")
        broken = self._verify(self._open(names[0]))
        sys.exit(BROKEN if broken else os.EX_OK)

    def _open(self, name):
        """Return the registry of a database with approvals in it."""
        try:
            registry = Registry(name)
        except Exception as error:
            self._give_up(f"{name} cannot be opened: {error}")
        if "approval.process" not in registry:
            self._give_up(f"{name} has no approvals: approval_matrix is not installed")
        return registry

    def _verify(self, registry):
        """Say what is broken, in one snapshot of the database; return how many are."""
        verified = broken = 0
        with registry.cursor(readonly=True) as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            for count, rows in env["approval.process"]._verify_logs():
                verified += count
                broken += len(rows)
                for process, row in rows.items():
                    self._say(
                        f"{process.document_name} ({process.res_model},"
                        f"{process.res_id}), request {process.id}: row {row} of the "
                        "log was tampered with"
                    )
        if broken:
            self._say(f"{verified} logs verified, {broken} of them broken")
        else:
            self._say(f"{verified} logs verified, all whole")
        return broken

    def _say(self, line):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def _give_up(self, reason):
        sys.stderr.write(f"{self.name}: {reason}\n")
        sys.exit(NOT_VERIFIED)
