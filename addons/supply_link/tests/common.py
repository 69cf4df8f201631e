from odoo import Command
from odoo.tests import Form, TransactionCase


class SupplyCommon(TransactionCase):
    """A vendor, a customer, and goods that are bought in each way that Odoo has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.customer = cls.env["res.partner"].create({"name": "Bach Mai Hospital"})
        cls.vendor = cls.env["res.partner"].create(
            {"name": "Steel Beds", "group_rfq": "all"}
        )
        cls.mto_route = cls.env.ref("stock.route_warehouse0_mto")
        cls.mto_route.active = True
        cls.buy_route = cls.warehouse.buy_pull_id.route_id
        cls.bed = cls._product("Bed", cls.mto_route)
        cls.chair = cls._product("Wheelchair")
        cls.env["supply.change"].search([]).unlink()

    # ------------------------------------------------------------
    # DATA
    # ------------------------------------------------------------

    @classmethod
    def _product(cls, name, route=None, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "route_ids": [Command.set((cls.buy_route + (route or [])).ids)]
                if route
                else [Command.set(cls.buy_route.ids)],
                "seller_ids": [
                    Command.create(
                        {"partner_id": cls.vendor.id, "price": 100, "delay": 5}
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _sale(cls, quantity=5, product=None, confirm=True, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.bed).id,
                            "product_uom_qty": quantity,
                        }
                    )
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _purchase(cls, quantity=5, product=None, **values):
        return cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.bed).id,
                            "product_qty": quantity,
                            "price_unit": 100,
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _bought_for(cls, sales):
        """Return the purchase lines of standing links."""
        return sales.order_line.supply_link_ids.purchase_line_id

    @classmethod
    def _done(cls, pickings, quantity=None, backorder=True):
        """Carry out transfers, all or so many of each move."""
        for picking in pickings:
            if quantity is not None:
                for move in picking.move_ids:
                    move.quantity = quantity
            picking.move_ids.picked = True
            context = {} if backorder else {"picking_ids_not_to_backorder": picking.ids}
            picking.with_context(skip_backorder=True, **context).button_validate()

    @classmethod
    def _receive(cls, purchases, quantity=None, backorder=True):
        cls._done(
            purchases.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            ),
            quantity,
            backorder,
        )

    @classmethod
    def _alternative(cls, purchase, vendor=None):
        """Ask another vendor too."""
        wizard = cls.env["purchase.requisition.create.alternative"].create(
            {
                "origin_po_id": purchase.id,
                "partner_ids": [Command.set((vendor or cls.customer).ids)],
                "copy_products": True,
            }
        )
        return cls.env["purchase.order"].browse(
            wizard.action_create_alternative()["res_id"]
        )

    @classmethod
    def _return(cls, picking, quantity):
        """Send goods of a transfer back where they came from."""
        returned = cls._begin_return(picking, quantity)
        cls._done(returned, quantity)
        return returned

    @classmethod
    def _begin_return(cls, picking, quantity):
        """Return a transfer of goods back where they came from, not done yet."""
        wizard = Form(
            cls.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model=picking._name
            )
        ).save()
        wizard.product_return_moves.quantity = quantity
        return wizard._create_return()

    def _sql(self, statement, *values):
        """Change the database past Odoo, as a repair or an import does."""
        self.env.flush_all()
        self.env.cr.execute(statement, values)
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # WHAT IS SO
    # ------------------------------------------------------------

    def _follow(self):
        """Do what the job does, until nothing is left."""
        self.env.flush_all()
        changes = self.env["supply.change"]
        while changes._follow_batch():
            pass

    def _links(self, records):
        """Return what links say: order, kind, state, quantity and what came of it."""
        self._follow()
        links = self.env["supply.link"].search(
            [
                "|",
                ("sale_line_id", "in", self._ids(records, "sale.order")),
                ("purchase_line_id", "in", self._ids(records, "purchase.order")),
            ],
            order="sale_name, id",
        )
        return [
            (
                link.sale_name,
                link.kind,
                link.state,
                link.quantity,
                link.quantity_received,
            )
            for link in links
        ]

    def _ids(self, records, model):
        return records.order_line.ids if records._name == model else []

    def _standing(self, records):
        """Return order, kind and quantity of the links that stand."""
        return [
            (sale, kind, quantity)
            for sale, kind, state, quantity, _received in self._links(records)
            if state in ("open", "received")
        ]

    def _check_rebuilt(self):
        """All links are as if they were derived anew from what Odoo knows now."""
        self._follow()
        lines = self.env["purchase.order.line"].search([])
        links = self.env["supply.link"]
        found = links._find_differences(lines.ids) + links._find_torn()
        self.assertFalse([text for _link, text in found])
