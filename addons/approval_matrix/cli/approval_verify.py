import os
import sys
from collections import Counter

from odoo.api import SUPERUSER_ID, Environment
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config

FOUND = 1
NOT_VERIFIED = 2


class ApprovalVerify(Command):
    """Verify all approvals of a database: that logs are whole, that requests are what
    their logs say, that documents in an approved state have their approval, and
    whatever other addons add to that.

    It reads only, batch after batch with the memory of one. It ends with 0 when all is
    as it should be, with 1 when something is not, and with 2 when it could not look.
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
        found = self._verify(self._open(names[0]))
        sys.exit(FOUND if found else os.EX_OK)

    def _open(self, name):
        """Return the registry of a database with approvals in it."""
        try:
            registry = Registry(name)
        except Exception as error:
            self._give_up(f"{name} cannot be opened: {error}")
        if "approval.verification" not in registry:
            self._give_up(f"{name} has no approvals: approval_matrix is not installed")
        return registry

    def _verify(self, registry):
        """Say what was found, in one snapshot of the database; return how much."""
        verified, found = Counter(), Counter()
        with registry.cursor(readonly=True) as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            for what, count, findings in env["approval.verification"]._verify():
                verified[what] += count
                found[what] += len(findings)
                for finding in findings:
                    self._say(finding.text)
        for what, count in verified.items():
            said = f"{found[what]} findings" if found[what] else "nothing found"
            self._say(f"{count} {what} verified: {said}")
        return found.total()

    def _say(self, line):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def _give_up(self, reason):
        sys.stderr.write(f"{self.name}: {reason}\n")
        sys.exit(NOT_VERIFIED)
