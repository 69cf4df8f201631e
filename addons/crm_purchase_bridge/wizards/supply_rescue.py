from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare

from odoo.addons.supply_link.pegging import from_units

#: So many promises are looked at, the worst first: a storekeeper does no more today.
MOST = 100


class SupplyRescue(models.TransientModel):
    """What a storekeeper can do today so that a promise is kept: put goods away that
    stand somewhere else in the warehouse, or lend those of a delivery that has time.

    Rows are made when the list is opened, for the promises that are at risk; before
    anything is done, it is looked at again.
    """

    _name = "supply.rescue"
    _description = "What Saves a Promise Today"
    _order = "slack_days, id"
    _rec_name = "product_id"

    kind = fields.Selection(
        [("put_away", "Put Away"), ("lend", "Lend")],
        readonly=True,
        help="Put away: it is in the warehouse, and no transfer moves it into stock.\n"
        "Lend: another delivery can wait for goods that come later.",
    )
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    swap_id = fields.Many2one("supply.swap", readonly=True, ondelete="cascade")
    source = fields.Char(string="From", readonly=True)
    order_name = fields.Char(string="For Order", readonly=True)
    partner_name = fields.Char(string="Customer", readonly=True)
    due_on = fields.Date(string="Deadline", readonly=True)
    slack_days = fields.Integer(
        string="Slack", readonly=True, help="As long as nothing is done."
    )
    is_done = fields.Boolean(string="Done", readonly=True)

    # ------------------------------------------------------------
    # OFFERS
    # ------------------------------------------------------------

    @api.model
    def action_open(self):
        """Show what can be done today, in the warehouses of the current company.

        :return: an action
        :rtype: dict
        """
        self.check_access("read")  # only who moves goods: sales may make transfers, too
        rescues = self.sudo()
        rows = rescues.create(rescues._prepare_rows())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Save a Promise Today"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "kanban")],
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", rows.ids)],
            "help": self.env._(
                "<p class='o_view_nocontent_smiling_face'>Nothing to do</p>"
                "<p>No goods that late orders wait for stand around, and nobody can "
                "lend them any.</p>"
            ),
        }

    @api.model
    def _prepare_rows(self):
        promises = self.env["supply.promise"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("is_open", "=", True),
                ("is_ordered", "=", True),
                ("risk", "in", ("late", "unknown", "unsafe")),
                ("method", "!=", "stock"),
            ],
            limit=MOST,
        )
        return [*self._prepare_put_aways(promises), *self._prepare_loans(promises)]

    @api.model
    def _prepare_put_aways(self, promises):
        """Of the goods of a product as much is offered to each as it lacks, the worst
        first, until all is."""
        left = self._read_unplaced(promises.product_id, promises.order_id.warehouse_id)
        rows = []
        for promise in promises:
            key = promise.order_id.warehouse_id, promise.product_id
            lacks = promise.quantity - promise.quantity_now
            quantity = min(left.get(key, 0.0), lacks)
            if float_compare(quantity, 0, precision_digits=6) <= 0:
                continue
            left[key] -= quantity
            rows.append(
                {
                    **self._prepare_for(promise),
                    "kind": "put_away",
                    "quantity": quantity,
                    "warehouse_id": key[0].id,
                    "source": ", ".join(
                        self._find_quants(*key).location_id.mapped("display_name")
                    ),
                }
            )
        return rows

    @api.model
    def _prepare_loans(self, promises):
        """Offer what would bring a delivery to its deadline."""
        swaps, rows = self.env["supply.swap"], []
        for promise in promises:
            for move in promise.sale_line_id.move_ids:
                for offer in swaps._prepare_offers(move):
                    if promise.slack_days + offer["days"] < 0:
                        continue
                    rows.append(
                        {
                            **self._prepare_for(promise),
                            "kind": "lend",
                            "product_id": offer["product_id"],
                            "quantity": offer["quantity"],
                            "swap_id": swaps.create(offer).id,
                            "source": offer["lender_name"],
                        }
                    )
        return rows

    @api.model
    def _prepare_for(self, promise):
        return {
            "product_id": promise.product_id.id,
            "order_name": promise.order_id.name,
            "partner_name": promise.partner_id.display_name,
            "due_on": promise._get_due(),
            "slack_days": promise.slack_days,
        }

    @api.model
    def _read_unplaced(self, products, warehouses):
        """Return what is not put away, by warehouse and product."""
        if not products or not warehouses:
            return {}
        pool = self.env["supply.pool"]
        _free, unplaced = pool._fetch_stock(products, warehouses.ids)
        rounding = 10.0 ** -pool._get_digits()
        return {
            (warehouses.browse(warehouse), products.browse(product)): from_units(
                units, rounding
            )
            for (warehouse, product), units in unplaced.items()
        }

    @api.model
    def _find_quants(self, warehouse, product):
        """Return where goods are in a warehouse, but not in its stock."""
        return self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id.usage", "=", "internal"),
                ("location_id.warehouse_id", "=", warehouse.id),
                "!",
                ("location_id", "child_of", warehouse.lot_stock_id.id),
                ("owner_id", "=", False),
            ],
            order="in_date, id",
        )

    # ------------------------------------------------------------
    # DOING IT
    # ------------------------------------------------------------

    def action_do(self):
        """Put the goods away, or lend them.

        :raises UserError: when it cannot be done any more
        """
        self.ensure_one()
        self.check_access("read")
        rescue = self.sudo()
        if rescue.is_done:
            raise UserError(self.env._("This was done already. Open the list again."))
        if rescue.kind == "lend":
            rescue.swap_id.sudo(False).action_lend()
            rescue.is_done = True
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        picking = rescue._put_away()
        rescue.is_done = True
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": picking.id,
            "views": [(False, "form")],
        }

    def _put_away(self):
        """Plan the transfer into the stock, and reserve the goods for it."""
        warehouse, product = self.warehouse_id, self.product_id
        product.lock_for_update()
        there = self._read_unplaced(product, warehouse).get((warehouse, product), 0.0)
        if float_compare(there, self.quantity, precision_digits=6) < 0:
            raise UserError(
                self.env._(
                    "The goods of %s were moved meanwhile. Open the list again.",
                    product.display_name,
                )
            )
        moves, left = [], self.quantity
        for quant in self._find_quants(warehouse, product):
            quantity = min(left, quant.quantity - quant.reserved_quantity)
            if quantity > 0:
                left -= quantity
                moves.append(self._prepare_move(quant.location_id, quantity))
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": moves[0]["location_id"],
                "location_dest_id": warehouse.lot_stock_id.id,
                "origin": self.order_name,
                "user_id": self.env.uid,
                "move_ids": [Command.create(values) for values in moves],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def _prepare_move(self, location, quantity):
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": quantity,
            "product_uom": self.product_id.uom_id.id,
            "location_id": location.id,
            "location_dest_id": self.warehouse_id.lot_stock_id.id,
        }
