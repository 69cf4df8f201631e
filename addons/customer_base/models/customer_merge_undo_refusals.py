from odoo import models
from odoo.tools import SQL

from ..merging.places import KEY, MODEL
from ..merging.watching import read_rows
from .customer_merge import DAYS, STAMPS

#: What is added up: points of cards, amounts.
NUMBERS = {"float", "integer", "monetary"}


class CustomerMerge(models.Model):
    """What speaks against an undo: nothing is done then, and the reason is said."""

    _inherit = "customer.merge"

    def _get_undo_refusals(self, partners):
        reasons = []
        if self.undo_ids:
            reasons.append(self.env._("This merge is undone already."))
        elif self.state == "final":
            reasons.append(
                self.env._(
                    "A merge can be undone for %(days)s days. This one is older.",
                    days=DAYS,
                )
            )
        if len(partners) < len(self.sources) + 1:
            reasons.append(
                self.env._("One of the customers is gone, so nothing can be undone.")
            )
        involved = {self.survivor, *self.sources}
        later = self.search([("id", ">", self.id), ("undo_ids", "=", False)])
        if any(involved & {each.survivor, *each.sources} for each in later):
            reasons.append(
                self.env._(
                    "One of these customers was merged again since. Undo that first."
                )
            )
        if self._has_hashed_since():
            reasons.append(
                self.env._(
                    "Journal entries that went over have been locked since: they must "
                    "not change, so the customers stay one."
                )
            )
        if matched := self._find_matched_since():
            reasons.append(
                self.env._(
                    "Matched since the merge: %(entries)s. One of each would be "
                    "another customer's. Take the match off first, or leave the "
                    "customers as one.",
                    entries=", ".join(matched),
                )
            )
        reasons += [
            self.env._(
                "%(what)s: the merge added up what each customer had there, and it was "
                "changed since, so nobody can say whose the rest is. Set it back as it "
                "was right after the merge, or leave the customers as one.",
                what=self.env["ir.model"]._get(model).name,
            )
            for model in self._find_touched_sums()
        ]
        return reasons

    def _find_touched_sums(self):
        """Return the models, besides customers, of which the merge wrote numbers, and
        of whose rows one was changed or deleted since.

        What addons add to Odoo's wizard adds up there what several rows held: points
        of cards, money of wallets. Such rows go back together or not at all: a part of
        them would be made of nothing, or lost.

        :rtype: list[str]
        """
        found = []
        for model in self.env.values():
            changed = self.changes.get(model._table) if model._auto else None
            if not changed or model._name == MODEL:
                continue
            names = {
                name
                for values in changed.values()
                for name in values
                if name in model._fields
                and name not in STAMPS
                and not model._fields[name].compute
            }
            if not any(model._fields[name].type in NUMBERS for name in names):
                continue
            now = read_rows(self.env.cr, model._table, map(int, changed), names)
            if any(
                int(row) not in now or now[int(row)][name] != values[name][1]
                for row, values in changed.items()
                for name in names & values.keys()
            ):
                found.append(model._name)
        return found

    def _has_hashed_since(self):
        """Return whether an entry was locked after the merge: its hash is also of the
        customer who stayed."""
        places = {self._get_key(place): place for place in self._get_places()}
        moved = {"account_move": [], "account_move_line": []}
        for name, held in self.moved.items():
            place = places.get(name)
            if place and place.table in moved and place.column == "partner_id":
                moved[place.table] += [key for keys in held.values() for key in keys]
        if not any(moved.values()):
            return False
        self.env["account.move"].flush_model(["inalterable_hash"])
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    SELECT 1
                      FROM account_move move
                     WHERE move.inalterable_hash IS NOT NULL
                       AND (move.id = ANY(%(moves)s::int4[])
                            OR EXISTS (
                                SELECT
                                  FROM account_move_line line
                                 WHERE line.move_id = move.id
                                   AND line.id = ANY(%(lines)s::int4[])
                            ))
                     LIMIT 1
                    """,
                    moves=moved["account_move"],
                    lines=moved["account_move_line"],
                )
            )
        )

    def _find_matched_since(self):
        """Return what was paid or matched after the merge and would be of two customers
        after an undo, in words: an invoice that went over, and its payment.

        Entries of companies that the user does not work in are not named.

        :rtype: list[str]
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH lines (id, partner) AS (%(lines)s), payments (id, partner) AS (
                    %(payments)s
                ), back AS (
                    SELECT line.id, line.move_id, lines.partner
                      FROM lines JOIN account_move_line line ON line.id = lines.id
                     WHERE line.partner_id = %(survivor)s
                ), since (line, other) AS (
                    SELECT debit_move_id, credit_move_id
                      FROM account_partial_reconcile partial
                     WHERE debit_move_id IN (SELECT id FROM back)
                       AND create_date >= %(merged)s
                     UNION
                    SELECT credit_move_id, debit_move_id
                      FROM account_partial_reconcile partial
                     WHERE credit_move_id IN (SELECT id FROM back)
                       AND create_date >= %(merged)s
                )
                SELECT back.move_id, other.move_id, NULL
                  FROM since
                  JOIN back ON back.id = since.line
                  JOIN account_move_line other ON other.id = since.other
             LEFT JOIN back AS along ON along.id = other.id
                 WHERE other.partner_id = %(survivor)s
                   AND back.partner IS DISTINCT FROM along.partner
                 UNION
                -- what is paid without an entry
                SELECT back.move_id, payment.move_id, payment.id
                  FROM back
                  JOIN account_move__account_payment linked
                    ON linked.invoice_id = back.move_id
                  JOIN account_payment payment ON payment.id = linked.payment_id
             LEFT JOIN payments AS along ON along.id = payment.id
                 WHERE payment.partner_id = %(survivor)s
                   AND payment.move_id IS NULL
                   AND payment.state IN ('in_process', 'paid')
                   AND payment.create_date >= %(merged)s
                   AND back.partner IS DISTINCT FROM along.partner
              ORDER BY 1, 2, 3
                """,
                lines=self._get_moved_sql("account_move_line"),
                payments=self._get_moved_sql("account_payment"),
                survivor=self.survivor,
                merged=SQL(
                    "(SELECT create_date FROM customer_merge WHERE id = %s)", self.id
                ),
            )
        )
        companies = self.env.user.company_ids
        entries, payments = self.env["account.move"], self.env["account.payment"]
        said = set()
        for entry, other, payment in rows:
            entry = entries.browse(entry)
            other = payments.browse(payment) if payment else entries.browse(other)
            if entry.company_id in companies:
                said.add(f"{entry.name} – {other.name}")
            else:
                said.add(self.env._("entries of a company where you do not work"))
        return sorted(said)

    def _get_moved_sql(self, table):
        """Return SQL of the rows of a table that went over, and whose they were."""
        held = self.moved.get(f"{KEY}:{table}.partner_id", {})
        pairs = [(key, int(source)) for source, keys in held.items() for key in keys]
        return SQL(
            "SELECT * FROM unnest(%s::int4[], %s::int4[])",
            [key for key, _source in pairs],
            [source for _key, source in pairs],
        )
