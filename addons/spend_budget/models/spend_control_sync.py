from odoo import api, models
from odoo.tools import SQL, split_every

from .spend_control import Watch

#: Documents brought up to date at once, when there are many.
BATCH = 500


class SpendControl(models.AbstractModel):
    """Whole budgets against the documents of their period."""

    _inherit = "spend.control"

    @api.model
    def _synchronise(self, budget):
        """Enter what documents of the budget's period, and those it holds money of,
        differ from the ledger."""
        engine = self._trusted()
        sources = engine._get_sources_of(budget)
        for ids in split_every(BATCH, sources["purchase.order.line"]):
            watch = Watch("synchronised")
            watch.order_lines.update(ids)
            engine._settle(watch)
        for ids in split_every(BATCH, sources["account.move.line"]):
            watch = Watch("synchronised")
            watch.move_lines.update(ids)
            engine._settle(watch)

    @api.model
    def _get_sources_of(self, budget):
        """Return the ids of all lines of documents that concern a budget.

        :return: ids by model
        """
        return {
            model: sorted(
                {
                    *self.env[model]._search(
                        self.env[model]._get_budget_domain(budget)
                    ),
                    *self._get_holders(model, budget),
                }
            )
            for model in ("purchase.order.line", "account.move.line")
        }

    @api.model
    def _get_holders(self, model, budget):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT source_id FROM spend_entry"
                " WHERE source_model = %s AND budget_id = %s",
                model,
                budget.id,
            )
        )
        return [source_id for (source_id,) in rows]

    @api.model
    def _get_open_order_lines(self, budget):
        """Return the lines of orders that still hold money of a budget."""
        self.env["spend.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT source_id
                  FROM spend_entry
                 WHERE source_model = 'purchase.order.line'
                   AND budget_id = %s
              GROUP BY source_id
                HAVING SUM(amount) > 0
                """,
                budget.id,
            )
        )
        return self.env["purchase.order.line"].browse([row[0] for row in rows]).exists()
