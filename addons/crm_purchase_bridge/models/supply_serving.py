from odoo import api, models
from odoo.tools import SQL

from odoo.addons.supply_link.models.supply_stock import OPEN


class SupplyServing(models.AbstractModel):
    _inherit = "supply.serving"

    @api.model
    def _get_serving_places(self, products):
        """What managers decided at the shortage desk counts until they take it back."""
        places = super()._get_serving_places(products)
        return places | self.env["supply.decision"]._get_places(products)

    @api.model
    def _get_wanted_dates(self, products):
        """A delivery that is planned for the day that we told is not served later
        because of that: it has the turn that it would have for the wanted day."""
        links = self.env["supply.link"]
        links._flush_needed()
        self.env["stock.move"].flush_model(
            ["date", "product_id", "sale_line_id", "state"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id, wanted.date - (sale.told_delivery_date - move.date)
                  FROM sale_order sale
                  JOIN sale_order_line sale_line ON sale_line.order_id = sale.id
                  JOIN stock_move move ON move.sale_line_id = sale_line.id
            CROSS JOIN LATERAL (SELECT %(needed)s AS date) wanted
                 WHERE sale.told_delivery_date = sale.commitment_date
                   AND move.product_id = ANY(%(products)s)
                   AND move.state IN %(open)s
                   AND move.date > wanted.date
                   AND move.date <= sale.told_delivery_date
                """,
                needed=links._get_needed(),
                products=products.ids,
                open=OPEN,
            )
        )
        return super()._get_wanted_dates(products) | dict(rows)
