from odoo import api, models


class SupplyPool(models.AbstractModel):
    _inherit = "supply.pool"

    @api.model
    def _get_serving_ranks(self, moves, due):
        """The more urgent goes first, then the earlier, then the older."""
        transfers = moves.picking_id.with_prefetch()
        urgent = transfers._urgency_not_plain().filtered("is_urgent")
        levels = {each.id: -each.urgency_level_id.sequence for each in urgent}
        ranks = super()._get_serving_ranks(moves, due)
        return {
            move.id: (levels.get(move.picking_id.id, 0), *ranks[move.id])
            for move in moves
        }
