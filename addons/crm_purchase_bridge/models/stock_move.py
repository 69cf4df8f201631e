from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        """Goods that come go to whom a manager has put first."""
        moves = self._in_decided_order() if len(self) > 1 else self
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _in_decided_order(self):
        """Return the same moves; those of products of which somebody has decided who is
        served first change places among each other."""
        serving = self.env["supply.serving"]
        places = serving._get_serving_places(self.product_id)
        if not places:
            return self
        decided = self.browse(places).sudo().product_id
        mine = self.filtered(lambda move: move.product_id in decided)
        turns = serving._get_turns(mine.ids)
        queue = iter(sorted(mine.ids, key=turns.get))
        return self.browse(
            next(queue) if move.product_id in decided else move.id for move in self
        )
