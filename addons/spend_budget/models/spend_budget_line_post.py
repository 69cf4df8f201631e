from odoo import fields, models
from odoo.tools import SQL

from ..shares import from_units, to_units
from .spend_budget_line import BALANCES


class SpendBudgetLine(models.Model):
    _inherit = "spend.budget.line"

    def _lock_rows(self):
        """Lock the lines in the order of their ids, and return their balances as they
        are now in the database.

        A row that changed since the transaction began makes it fail, and Odoo tries
        it again: what is read here cannot be old.

        :return: by line id, a row with the balances, the amount, limit and control
        """
        self.flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, amount, limit_amount, control, reserved, committed, actual
                  FROM spend_budget_line
                 WHERE id IN %(ids)s
              ORDER BY id
                   FOR NO KEY UPDATE
                """,
                ids=tuple(self.ids) or (0,),
            )
        )
        return {row["id"]: row for row in rows}

    def _move_balances(self, movements):
        """Add to the balances, which the caller has locked.

        :param movements: by line id, the units to add by name of the balance
        """
        roundings = {line.id: line.currency_id.rounding for line in self}
        rows = [
            SQL(
                "(%s, %s::numeric, %s::numeric, %s::numeric)",
                line_id,
                *(
                    from_units(moved.get(name, 0), roundings[line_id])
                    for name in BALANCES
                ),
            )
            for line_id, moved in sorted(movements.items())
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE spend_budget_line AS line
                   SET reserved = line.reserved + moved.reserved,
                       committed = line.committed + moved.committed,
                       actual = line.actual + moved.actual,
                       available = line.amount
                           - (line.reserved + moved.reserved)
                           - (line.committed + moved.committed)
                           - (line.actual + moved.actual)
                  FROM (VALUES %(rows)s) AS moved (id, reserved, committed, actual)
                 WHERE line.id = moved.id
                """,
                rows=SQL(", ").join(rows),
            )
        )
        self.invalidate_recordset([*BALANCES, "available", "used_percent"], flush=False)
        self.budget_id.invalidate_recordset([*BALANCES, "available"], flush=False)

    def _rebuild_balances(self):
        """Set the balances to what the ledger says: a repair, for the shell only."""
        self._lock_rows()
        names = {"reserve": "reserved", "commit": "committed", "actual": "actual"}
        sums = {line: dict.fromkeys(BALANCES, 0.0) for line in self}
        groups = self.env["spend.entry"]._read_group(
            fields.Domain("line_id", "in", self.ids),
            ["line_id", "kind"],
            ["amount:sum"],
        )
        for line, kind, amount in groups:
            sums[line][names[kind]] = amount
        movements = {}
        for line, wanted in sums.items():
            rounding = line.currency_id.rounding
            movements[line.id] = {
                name: to_units(amount - line[name], rounding)
                for name, amount in wanted.items()
            }
        if movements:
            self._move_balances(movements)
