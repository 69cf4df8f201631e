from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..pegging import from_units
from ..swapping import harmless_swaps


class SupplySwap(models.TransientModel):
    """Goods that one delivery can lend another without losing a day.

    Rows are offers of the moment: before one is carried out, it is looked at again.
    """

    _name = "supply.swap"
    _description = "Goods to Be Lent"
    _order = "days desc, id"
    _rec_name = "lender_name"

    borrower_id = fields.Many2one("stock.move", required=True, readonly=True)
    lender_id = fields.Many2one("stock.move", required=True, readonly=True)
    borrower_name = fields.Char(string="For", readonly=True)
    lender_name = fields.Char(string="Lent By", readonly=True)
    lender_partner_name = fields.Char(string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    days = fields.Integer(
        string="Days Gained", readonly=True, help="How many days earlier, at best."
    )
    needed_on = fields.Datetime(
        string="Lender Needs It On",
        readonly=True,
        help="By then it has other goods.",
    )
    is_done = fields.Boolean(string="Lent", readonly=True)

    # ------------------------------------------------------------
    # OFFERS
    # ------------------------------------------------------------

    @api.model
    def _open(self, pickings):
        """Offer what can be lent to deliveries.

        :param pickings: ``stock.picking`` records that the user may change
        :return: an action
        :rtype: dict
        """
        pickings.check_access("write")
        swaps = self.sudo()
        rows = swaps.create(
            [
                values
                for move in pickings.sudo().move_ids
                for values in swaps._prepare_offers(move)
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Borrow Goods"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "kanban")],
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", rows.ids)],
            "help": self.env._("<p>Nobody can lend anything without being late.</p>"),
        }

    @api.model
    def _prepare_offers(self, move):
        return [
            {
                "borrower_id": move.id,
                "borrower_name": move.picking_id.name or move.reference,
                "lender_id": lender.id,
                "lender_name": lender.picking_id.name or lender.reference,
                "lender_partner_name": lender.picking_id.partner_id.display_name,
                "product_id": move.product_id.id,
                "quantity": quantity,
                "days": days,
                "needed_on": lender.date,
            }
            for lender, quantity, days in self._find_offers(move)
        ]

    @api.model
    def _find_offers(self, move):
        """Return who can lend how much to a move, and how many days it gains.

        :return: lenders (``stock.move``), quantities in the product's unit, days
        :rtype: list
        """
        if move.state not in ("confirmed", "partially_available", "waiting"):
            return []
        pools = self.env["supply.pool"]._get_pools(
            move.product_id, move.location_id.warehouse_id
        )
        return [
            (
                move.browse(swap.lender),
                from_units(swap.quantity, pool.rounding),
                swap.days,
            )
            for pool in pools.values()
            if any(demand.key == move.id for demand in pool.demands)
            for swap in harmless_swaps(
                pool.supplies, pool.demands, move.id, fields.Datetime.now()
            )
        ]

    # ------------------------------------------------------------
    # LENDING
    # ------------------------------------------------------------

    def action_lend(self):
        """Let the goods change hands, and say so on both deliveries.

        :raises UserError: when the offer does not hold any more
        """
        self.ensure_one()
        self.check_access("read")
        offer = self.sudo()
        borrower, lender = offer.borrower_id, offer.lender_id
        (borrower | lender).picking_id.sudo(False).check_access("write")
        (borrower | lender).lock_for_update()
        if not offer._is_still_good():
            raise UserError(
                self.env._(
                    "%(lender)s cannot lend these goods any more. Open the list again.",
                    lender=offer.lender_name,
                )
            )
        offer._lend(borrower, lender, offer.quantity)
        offer.is_done = True
        offer._log(borrower, lender)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _lend(self, borrower, lender, quantity):
        """Let reserved goods change hands; the caller has looked whether they may.

        :param borrower: ``stock.move``, as is *lender*
        :param quantity: in the product's unit
        :raises UserError: when Odoo reserves otherwise
        """
        wanted = lender.quantity
        lender._do_unreserve()
        borrower._action_assign(
            force_qty=borrower.product_id.uom_id._compute_quantity(
                quantity, borrower.product_uom, round=False
            )
        )
        lender._action_assign()
        if lender.product_uom.compare(lender.quantity, wanted) >= 0:
            raise UserError(self.env._("Nothing could be lent: reserve by hand."))

    def _is_still_good(self):
        return not self.is_done and any(
            lender == self.lender_id
            and float_compare(quantity, self.quantity, precision_digits=6) >= 0
            for lender, quantity, _days in self._find_offers(self.borrower_id)
        )

    def _log(self, borrower, lender):
        values = {
            "quantity": self.quantity,
            "product": self.product_id.display_name,
            "lender": self.lender_name,
            "borrower": self.borrower_name,
        }
        text = self.env._(
            "%(lender)s lent %(borrower)s %(quantity)s of %(product)s.", **values
        )
        for picking in (borrower | lender).picking_id:
            picking.message_post(body=text)
