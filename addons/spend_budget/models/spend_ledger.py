from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount

from ..shares import MOST_UNITS, from_units, to_units
from .spend_budget_line import BALANCES
from .spend_entry import SOURCES

#: Names of the balances by kind of entry.
BALANCE = {"reserve": "reserved", "commit": "committed", "actual": "actual"}

#: Columns of a movement that differ from one to the other.
COLUMNS = {
    "line_id": "int[]",
    "budget_id": "int[]",
    "company_id": "int[]",
    "kind": "varchar[]",
    "amount": "numeric[]",
    "reason": "varchar[]",
    "document": "varchar[]",
    "description": "varchar[]",
    "source_model": "varchar[]",
    "source_id": "int[]",
    "number": "int[]",
}

#: What is said of who takes more than the limit, by control of the line.
VERDICTS = {"warn": "warned", "escalate": "over", "block": "over"}


class SpendLedger(models.AbstractModel):
    """The only one that enters movements and moves balances, both in one go."""

    _name = "spend.ledger"
    _description = "Budget Ledger"

    # ------------------------------------------------------------
    # POST
    # ------------------------------------------------------------

    @api.model
    def _post(self, postings, names=None):
        """Enter movements: lock the lines, judge, move the balances, write the ledger.

        :param postings: see ``spend.control._get_postings``
        :param names: what each source's document and line are called, if that is known
        :return: by source and line id, the verdict where it changed: that of who took
            more, and of who gave back until the line was within its limit
        :raises UserError: when a blocking line would go over its limit
        """
        lines = self.env["spend.budget.line"].browse(
            sorted({line_id for _source, line_id, *_rest in postings})
        )
        movements = self._get_movements(postings)
        rows = lines._lock_rows()
        drift = self._get_drift(lines, rows)
        self._refuse_inexact(lines, rows, movements)
        over = self._judge(lines, rows, movements)
        self._refuse_blocked(over, rows, movements)
        for line_id, missing in drift.items():
            for name, units in missing.items():
                movements[line_id][name] += units
        self._move_balances(lines, movements)
        self._write_entries(postings, names or self._get_all_names(postings))
        verdicts = defaultdict(dict)
        for source, line_id, moved, _number, _reason in postings:
            units = sum(moved.values())
            if units > 0:
                verdicts[source][line_id] = over.get(line_id, "within")
            elif units < 0 and line_id not in over:
                verdicts[source][line_id] = "within"
        return verdicts

    @api.model
    def _get_movements(self, postings):
        """Return the units to add by line id and name of the balance."""
        movements = defaultdict(lambda: defaultdict(int))
        for _source, line_id, moved, _number, _reason in postings:
            for kind, units in moved.items():
                movements[line_id][BALANCE[kind]] += units
        return movements

    @api.model
    def _judge(self, lines, rows, movements):
        """Return the verdict by id of each line that would be over its limit.

        A document that takes nothing more from such a line is not refused.
        """
        over = {}
        for line in lines:
            _used, room = self._used(rows, movements, line.id)
            if room < 0:
                over[line.id] = VERDICTS[rows[line.id]["control"]]
        return over

    @api.model
    def _used(self, rows, movements, line_id):
        """Return what would be used of a line, and what would be left to its limit.

        :return: units
        """
        row = rows[line_id]
        line = self.env["spend.budget.line"].browse(line_id)
        rounding = line.currency_id.rounding
        used = sum(to_units(row[name], rounding) for name in BALANCE.values())
        used += sum(movements[line_id].values())
        return used, to_units(row["limit_amount"], rounding) - used

    @api.model
    def _get_drift(self, lines, rows):
        """Return how far balances that are too large to be exact are from the ledger,
        and set them right in the rows.

        They are from before such amounts were refused. What was taken could not be
        given back otherwise: less than nothing would be left.

        :return: by line id, units by name of the balance
        """
        drift = {}
        for line in lines:
            rounding = line.currency_id.rounding
            row = rows[line.id]
            had = {name: to_units(row[name], rounding) for name in BALANCES}
            if all(abs(units) <= MOST_UNITS for units in had.values()):
                continue
            has = self._sum_entries(line)[line.id]
            drift[line.id] = {name: has[name] - had[name] for name in BALANCES}
            row.update({name: from_units(has[name], rounding) for name in BALANCES})
        return drift

    @api.model
    def _refuse_inexact(self, lines, rows, movements):
        """Refuse what makes balances too large to be exact: the sum of many lines, too.

        :raises UserError: which budget line it is
        """
        for line in lines:
            rounding = line.currency_id.rounding
            before = [to_units(rows[line.id][name], rounding) for name in BALANCES]
            moved = [movements[line.id][name] for name in BALANCES]
            after = sum(
                abs(had + units) for had, units in zip(before, moved, strict=True)
            )
            if after > MOST_UNITS and after > sum(map(abs, before)):
                raise UserError(
                    self.env._(
                        "%(line)s: the amounts on this budget line would become too "
                        "large to be counted exactly. Correct the quantities and "
                        "prices.",
                        line=line.display_name,
                    )
                )

    @api.model
    def _refuse_blocked(self, over, rows, movements):
        refusals = []
        for line in self.env["spend.budget.line"].browse(over):
            asked = sum(movements[line.id].values())
            if rows[line.id]["control"] != "block" or asked <= 0:
                continue
            used, _room = self._used(rows, movements, line.id)
            rounding = line.currency_id.rounding
            after = float(rows[line.id]["amount"]) - float(from_units(used, rounding))
            asked = float(from_units(asked, rounding))
            refusals.append(self._explain_refusal(line, asked, after + asked, after))
        if refusals:
            raise UserError("\n\n".join(refusals))

    @api.model
    def _explain_refusal(self, line, asked, before, after):
        """Return the sentence that refuses, with figures and who can help.

        :param asked: amount in company currency; likewise what is available *before*
            and *after* it
        """
        money = {
            name: format_amount(self.env, amount, line.currency_id)
            for name, amount in (("asked", asked), ("before", before), ("after", after))
        }
        helpers = line.budget_id._get_helpers()
        return self.env._(
            "Not enough budget: %(line)s.\n"
            "Asked: %(asked)s. Available before: %(before)s, after: %(after)s.\n"
            "Owner: %(owner)s. Money can be transferred by: %(helpers)s.",
            line=line.display_name,
            owner=line.budget_id.user_id.name,
            helpers=", ".join(helpers.mapped("name")),
            **money,
        )

    @api.model
    def _write_entries(self, postings, names):
        """Enter the movements, however many and however large they are.

        :param names: see ``_post``
        """
        lines = self.env["spend.budget.line"].browse(
            {line_id for _source, line_id, *_rest in postings}
        )
        budgets = {
            line.id: (line.budget_id.id, line.company_id.id, line.currency_id.rounding)
            for line in lines
        }
        columns = {name: [] for name in COLUMNS}
        for source, line_id, moved, number, reason in postings:
            budget_id, company_id, rounding = budgets[line_id]
            for kind, units in moved.items():
                amount = from_units(units, rounding)
                row = (line_id, budget_id, company_id, kind, amount, reason)
                row += (*names[source], *source, number + 1)
                for column, value in zip(columns.values(), row, strict=True):
                    column.append(value)
        # a value that is the same in all rows is sent once: of thousands of rows that
        # is most of the statement
        alike = {
            name: column[0]
            for name, column in columns.items()
            if name != "source_id" and len(set(column)) == 1
        }
        own = {name: column for name, column in columns.items() if name not in alike}
        self.env.cr.execute(
            SQL(
                "INSERT INTO spend_entry (%(names)s, date, user_id)"
                " SELECT new.*, %(alike)s %(date)s, %(user)s"
                " FROM unnest(%(own)s) AS new",
                names=SQL(", ").join(map(SQL.identifier, (*own, *alike))),
                alike=SQL().join(
                    SQL("%s::" + COLUMNS[name].removesuffix("[]") + ", ", value)
                    for name, value in alike.items()
                ),
                date=fields.Datetime.now(),
                user=self.env.uid,
                own=SQL(", ").join(
                    SQL("%s::" + COLUMNS[name], column) for name, column in own.items()
                ),
            )
        )

    @api.model
    def _get_all_names(self, postings):
        """Return what the documents and lines of all sources are called, or were."""
        ids = defaultdict(set)
        for (model, source_id), *_rest in postings:
            ids[model].add(source_id)
        names = {}
        for model, source_ids in ids.items():
            alive = self.env[model].browse(source_ids).exists()
            for source_id in source_ids:
                names[model, source_id] = self._get_names(model, source_id, alive)
        return names

    @api.model
    def _get_names(self, model, source_id, alive):
        """Return what a source's document and line are called, or were.

        :param alive: the sources that still exist
        """
        source = self.env[model].browse(source_id)
        if source in alive:
            description, *_rest = (source.name or "").split("\n")
            return source[SOURCES[model]].display_name, description
        entry = self.env["spend.entry"].search(
            [("source_model", "=", model), ("source_id", "=", source_id)], limit=1
        )
        return entry.document, entry.description

    # ------------------------------------------------------------
    # BALANCES
    # ------------------------------------------------------------

    @api.model
    def _move_balances(self, lines, movements):
        """Add to the balances, which the caller has locked.

        :param movements: by line id, the units to add by name of the balance
        """
        roundings = {line.id: line.currency_id.rounding for line in lines}
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
        names = [*BALANCES, "available", "used_percent"]
        lines.invalidate_recordset(names, flush=False)
        lines.budget_id.invalidate_recordset(names, flush=False)

    @api.model
    def _rebuild_balances(self, lines):
        """Set the balances to what the ledger says: a repair, for the shell only."""
        rows, sums = lines._lock_rows(), self._sum_entries(lines)
        movements = {
            line.id: {
                name: sums[line.id][name]
                - to_units(rows[line.id][name], line.currency_id.rounding)
                for name in BALANCES
            }
            for line in lines
        }
        if movements:
            self._move_balances(lines, movements)

    @api.model
    def _sum_entries(self, lines):
        """Return what the ledger says, to the last unit.

        :return: by line id, units by name of the balance
        """
        self.env["spend.entry"].flush_model()
        roundings = {line.id: line.currency_id.rounding for line in lines}
        sums = {line.id: dict.fromkeys(BALANCES, 0) for line in lines}
        for line_id, kind, amount in self.env.execute_query(
            SQL(
                "SELECT line_id, kind, SUM(amount)::text FROM spend_entry"
                " WHERE line_id IN %s GROUP BY line_id, kind",
                tuple(lines.ids) or (0,),
            )
        ):
            units = to_units(Decimal(amount), roundings[line_id])
            sums[line_id][BALANCE[kind]] = units
        return sums
