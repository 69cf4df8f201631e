from odoo import api, models
from odoo.tools import SQL

from odoo.addons.supply_link.models.supply_stock import OPEN


class SupplyServing(models.AbstractModel):
    _inherit = "supply.serving"

    @api.model
    def _get_serving_levels(self, products):
        """The more urgent goes first."""
        levels = super()._get_serving_levels(products)
        sequences = self.env["urgency.level"]._get_urgent_sequences()
        if not sequences:
            return levels
        self.env["stock.move"].flush_model(["picking_id", "product_id", "state"])
        self.env["stock.picking"].flush_model(["state", "urgency_level_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH urgent AS MATERIALIZED (  -- few are, of all that are open
                    SELECT id, urgency_level_id
                      FROM stock_picking
                     WHERE urgency_level_id IN %s AND state NOT IN ('done', 'cancel')
                )
                SELECT move.id, urgent.urgency_level_id
                  FROM urgent
                  JOIN stock_move move ON move.picking_id = urgent.id
                 WHERE move.product_id IN %s AND move.state IN %s
                """,
                tuple(sequences),
                tuple(products.ids),
                OPEN,
            )
        )
        return levels | {id_: -sequences[level] for id_, level in rows}
