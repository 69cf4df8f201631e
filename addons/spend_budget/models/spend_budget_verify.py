from odoo import api, models
from odoo.tools import SQL, format_amount

from ..shares import from_units
from .spend_control import Watch
from .spend_control_sync import BATCH


class SpendBudget(models.Model):
    """Proof that balances equal the ledger, and the ledger the documents."""

    _inherit = "spend.budget"

    def action_verify(self):
        """Compare balances, ledger and documents, and say where they differ."""
        self.check_access("read")
        differences = self.sudo()._find_differences()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if differences else "success",
                "sticky": bool(differences),
                "title": self.env._("Verification of budgets"),
                "message": "\n".join(differences[:20])
                or self.env._("Balances, ledger and documents agree."),
            },
        }

    def action_synchronise(self):
        """Enter what the ledger lacks of the documents, for open budgets.

        :raises UserError: when a blocking line would be over
        """
        self._check_manager()
        self._synchronise()
        return self.action_verify()

    def _find_differences(self):
        """Return one sentence for each difference; nothing, if all is as it should be.

        :rtype: list[str]
        """
        found = []
        for budget in self:
            found += budget._compare_balances()
            if budget.state == "open":
                found += budget._compare_documents()
        return found

    def _compare_balances(self):
        """Compare the balances of the lines with the sums of the ledger."""
        self.ensure_one()
        self.env["spend.budget.line"].flush_model()
        self.env["spend.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id,
                       line.reserved - COALESCE(SUM(entry.amount)
                           FILTER (WHERE entry.kind = 'reserve'), 0),
                       line.committed - COALESCE(SUM(entry.amount)
                           FILTER (WHERE entry.kind = 'commit'), 0),
                       line.actual - COALESCE(SUM(entry.amount)
                           FILTER (WHERE entry.kind = 'actual'), 0),
                       line.available - line.amount
                           + line.reserved + line.committed + line.actual
                  FROM spend_budget_line AS line
             LEFT JOIN spend_entry AS entry ON entry.line_id = line.id
                 WHERE line.budget_id = %s
              GROUP BY line.id
                """,
                self.id,
            )
        )
        return [
            self.env._(
                "%(line)s: the balances differ from the ledger by %(differences)s.",
                line=self.env["spend.budget.line"].browse(line_id).display_name,
                differences=", ".join(
                    format_amount(self.env, float(amount), self.currency_id)
                    for amount in differences
                ),
            )
            for line_id, *differences in rows
            if any(differences)
        ]

    def _compare_documents(self):
        """Compare the ledger with what the documents should hold."""
        self.ensure_one()
        engine = self.env["spend.control"]._trusted()
        found = []
        for model, ids in engine._get_sources_of(self).items():
            for start in range(0, len(ids), BATCH):
                found += self._compare_sources(
                    engine, model, ids[start : start + BATCH]
                )
        return found

    @api.model
    def _compare_sources(self, engine, model, ids):
        sources = engine.env[model].browse(ids).exists()
        postings, _targets = engine._get_postings(sources, ids, Watch("synchronised"))
        lines = self.line_ids
        return [
            self.env._(
                "%(document)s, %(line)s: %(amount)s are missing in the ledger "
                "(%(kind)s).",
                document=engine._get_names(model, source_id, sources)[0],
                line=lines.browse(line_id).display_name,
                amount=format_amount(
                    self.env,
                    float(from_units(units, self.currency_id.rounding)),
                    self.currency_id,
                ),
                kind=self._get_kind_name(kind),
            )
            for (_model, source_id), line_id, moved, _number, _reason in postings
            for kind, units in moved.items()
            if line_id in lines.ids
        ]

    @api.model
    def _get_kind_name(self, kind):
        selection = (
            self.env["spend.entry"]._fields["kind"]._description_selection(self.env)
        )
        return dict(selection)[kind]
