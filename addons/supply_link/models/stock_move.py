from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    supply_expected_on = fields.Datetime(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What the buyer said after the receipt was planned. Odoo leaves the date "
        "of the receipt as it is then.",
    )

    #: All that pools read of open moves, so that done ones are never looked at.
    _supply_pool_index = models.Index(
        """
        (product_id)
        INCLUDE (
            id, location_id, location_dest_id, location_final_id, date,
            supply_expected_on, product_qty, product_uom_qty, quantity, procure_method,
            picked, restrict_partner_id
        )
        WHERE state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
        """
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["supply.change"]._wake()
        return super().create(vals_list)

    def write(self, vals):
        self.env["supply.change"]._wake()
        if "date" in vals:  # the later statement counts
            vals = {"supply_expected_on": False, **vals}
        return super().write(vals)

    def _get_purchase_lines_before(self):
        """Return the purchase lines that these moves bring the goods of, also some
        transfers before them."""
        moves = self | self.browse(self._rollup_move_origs())
        return moves.purchase_line_id
