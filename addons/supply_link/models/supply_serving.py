from odoo import api, models

#: So long is the order of who was given no place: level, two days and id.
PLAIN = 4


class SupplyServing(models.AbstractModel):
    """Whose turn it is: the serving order of those who want the same goods.

    The level goes first, then the day, then the age. Addons above say more about the
    first two, or give somebody another place.
    """

    _name = "supply.serving"
    _description = "Serving Order"

    @api.model
    def _get_serving_levels(self, products):
        """Return the level of open moves in the serving order: the smaller one goes
        first, then the earlier day, then the older move. Addons above extend it.

        :param products: ``product.product``
        :return: numbers by id of the move; those that are not there have none: 0
        :rtype: dict
        """
        return {}

    @api.model
    def _get_wanted_dates(self, products):
        """Return the dates of open moves by which it is their turn, where these are not
        the ones that they are planned for: addons above know what customers wanted.

        :param products: ``product.product``
        :return: moments by id of the move
        :rtype: dict
        """
        return {}

    @api.model
    def _get_serving_places(self, products):
        """Return the serving order of open moves whose place somebody has decided,
        whatever their level and day. Addons above extend it.

        :param products: ``product.product``
        :return: tuples by id of the move, which can be compared with level, day of the
            turn, due day and id, and are longer
        :rtype: dict
        """
        return {}

    @api.model
    def _read_serving(self, products):
        """Return what gives open moves another turn than their day: level, moment, and
        place, by id; nothing instead of the moment where it is the planned one, nor
        of the place where nobody has decided it."""
        levels = self._get_serving_levels(products)
        wanted = self._get_wanted_dates(products)
        places = self._get_serving_places(products)
        return {
            id_: (levels.get(id_, 0), wanted.get(id_), places.get(id_))
            for id_ in {*levels, *wanted, *places}
        }

    @api.model
    def _get_turns(self, move_ids):
        """Return the serving order of moves, whatever they are for; levels are those of
        open ones.

        :return: tuples by id, which can be compared
        :rtype: dict
        """
        moves, clocks = self.env["stock.move"].sudo().browse(move_ids), {}
        serving, turns = self._read_serving(moves.product_id), {}
        for move in moves:
            if move.company_id not in clocks:
                clock = self.env["supply.clock"]._get_clock(move.company_id)
                clocks[move.company_id] = clock
            end_day = clocks[move.company_id].end_day
            level, wanted, place = serving.get(move.id, (0, None, None))
            due = move.supply_expected_on or move.date
            turn = level, end_day(wanted or due), end_day(due), move.id
            turns[move.id] = place or turn
        return turns
