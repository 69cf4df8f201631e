from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from odoo import api, models

from odoo.addons.supply_link.models.supply_part import DIGITS
from odoo.addons.supply_link.models.supply_part import Part as Come
from odoo.addons.supply_link.pegging import NEVER


class Component(NamedTuple):
    """What kits of an order line are made of.

    :param product: ``product.product``
    :param needed: units that one kit takes
    :param come: ``supply_part.Part`` of those that are not there yet, or free
    """

    product: models.BaseModel
    needed: Fraction
    come: list


class SupplyComponent(models.AbstractModel):
    """Kits of orders: each component has goods, a vendor and a day of its own.

    Odoo delivers a kit as its components, so that moves say how much of each goes into
    one; the list of components may have been changed since.
    """

    _name = "supply.component"
    _description = "What Kits of Orders Are Made Of"

    @api.model
    def _read_components(self, reading, kits):
        """Read what comes for the components of order lines.

        :return: lists of :class:`Component` by id of the line
        :rtype: dict
        """
        if not kits:
            return {}
        come = self._read_component_parts(reading, kits)
        return {
            line.id: [
                Component(product, needed, come[line.id, product.id])
                for product, needed in self._count_components(reading, line).items()
            ]
            for line in kits
        }

    @api.model
    def _read_component_parts(self, reading, kits):
        """Return what comes by ids of line and component, like
        ``supply.part._get_parts``, which has one list a line."""
        sources = self.env["supply.part"]
        come, exact = defaultdict(list), defaultdict(float)
        for link, quantity, is_tied, (date, overdue) in sources._read_links(kits):
            key = link.sale_line_id.id, link.product_id.id
            if not is_tied:
                exact[key] += quantity
            part = Come(quantity, date, overdue, link.purchase_line_id.id, "bought")
            come[key].append(part)
        self._add_own(reading, kits, come)
        shares = sorted(sources._peg_lines(kits), key=lambda share: share.date)
        for share in reversed(shares):
            key = share.sale_line_id, share.product_id
            # what was bought for the line replaces what it would take from the common
            # stock, the latest goods first
            covered = min(share.quantity, exact[key])
            exact[key] -= covered
            if share.quantity > covered:
                come[key].append(
                    Come(
                        share.quantity - covered,
                        share.date,
                        share.overdue,
                        share.purchase_line_id,
                        sources._get_way(share),
                    )
                )
        return come

    @api.model
    def _add_own(self, reading, kits, come):
        """Add what waits for goods of its own that are no purchase's: they are made or
        brought by a transfer, or nobody brings them any more."""
        moves = kits.move_ids.filtered(
            lambda move: (
                move.procure_method == "make_to_order"
                and move.state not in ("done", "cancel")
                and self.env["supply.pool"]._leaves_stock(move)
            )
        )
        if not moves:
            return
        clock = self.env["supply.clock"]._get_clock(reading.company)
        ties = self.env["supply.tie"]
        # what comes for several is counted once, and is theirs whose turn it is
        brought, _back = ties._read_before(moves)
        came, _back = ties._read_before(moves, are_done=True)
        bought = {key: sum(part.quantity for part in come[key]) for key in list(come)}
        for move in moves:
            key = move.sale_line_id.id, move.product_id.id
            there = max(came.get(move.id, 0.0), self._get_reserved(move))
            left = move.product_qty - there
            covered = max(min(left, bought.get(key, 0.0)), 0.0)
            if covered:
                bought[key] -= covered
                left -= covered
            # goods that were bought have moves of their own once they are ordered: they
            # are counted above already
            comes = brought.get(move.id, 0.0) - there - covered
            dates = [
                each.supply_expected_on or each.date
                for each in move.move_orig_ids
                if each.state not in ("done", "cancel")
            ]
            coming = round(min(left, comes), DIGITS) if dates else 0.0
            if coming > 0:
                date, overdue = clock.expect(max(dates))
                come[key].append(Come(coming, date, overdue, None, "incoming"))
                left -= coming
            if round(left, DIGITS) > 0:
                come[key].append(Come(left, NEVER, 0, None, "none"))

    @api.model
    def _get_reserved(self, move):
        return move.product_uom._compute_quantity(
            move.quantity, move.product_id.uom_id, round=False
        )

    @api.model
    def _count_components(self, reading, line):
        """Return how many units of each component one kit takes; what is not kept in
        stock is always there."""
        kits = line.product_uom_id._compute_quantity(
            line.product_uom_qty, line.product_id.uom_id, round=False
        )
        pool, needed = self.env["supply.pool"], defaultdict(int)
        for move in line.move_ids:
            goes_out = pool._leaves_stock(move) or (
                move.state != "cancel"
                and move.location_id.usage == "supplier"
                and move.location_dest_id.usage == "customer"
            )
            if goes_out and move.is_storable:
                needed[move.product_id] += round(move.product_qty * reading.unit)
        kits = Fraction(round(kits * reading.unit), reading.unit) or 1
        return {product: units / kits for product, units in needed.items() if units}
