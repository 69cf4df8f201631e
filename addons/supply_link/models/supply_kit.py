from collections import defaultdict
from fractions import Fraction

from odoo import api, models

from ..kits import KitPart, kit_ready_on
from ..pegging import Ready, to_units


class SupplyKit(models.AbstractModel):
    """Kits: sold as one, delivered as components, and whole or not at all."""

    _name = "supply.kit"
    _description = "Supply of Kits"

    @api.model
    def _get_ready(self, line, moves, shares):
        """Return what a line of kits can count on.

        :param moves: ``stock.move`` records of its components, from the stock
        :param dict shares: what pools deal to each of them, by id
        :return: ``pegging.Ready`` in units of the kit, whole ones only
        """
        pool = self.env["supply.pool"]
        unit = 10 ** pool._get_digits()
        kits = int(
            line.product_uom_id._compute_quantity(
                line.product_uom_qty, line.product_id.uom_id
            )
        )
        by_component = defaultdict(lambda: moves.browse())
        for move in moves:
            has_line = "bom_line_id" in move._fields and move.bom_line_id
            by_component[has_line or move.product_id] |= move
        parts = []
        for component in by_component.values():
            ordered = had = 0
            for move in component:
                ordered += to_units(move.product_qty, 1 / unit)
                had += pool._count_reserved(move)
            dealt = [share for move in component for share in shares[move.id]]
            parts.append(KitPart(Fraction(ordered, kits or 1), had, tuple(dealt)))
        ready = kit_ready_on(line.id, kits, parts)
        return Ready(line.id, ready.date, ready.now * unit, ready.short * unit)
