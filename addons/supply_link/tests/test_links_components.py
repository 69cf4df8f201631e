from unittest import SkipTest

from odoo import Command
from odoo.tests import tagged

from .common import SupplyCommon
from .kits import make_kit


@tagged("post_install", "-at_install")
class TestKits(SupplyCommon):
    """Components that are bought for a kit."""

    def test_a_link_for_each_component(self):
        frame, mattress = (
            self._product(name, self.mto_route) for name in ("Frame", "Mattress")
        )
        kit = self.env["product.product"].create({"name": "Bed set", "type": "consu"})
        make_kit(kit, {frame: 1, mattress: 2})
        sale = self._sale(3, kit)
        self._follow()
        links = sale.order_line.supply_link_ids
        self.assertEqual(
            {(link.product_id.name, link.quantity) for link in links},
            {("Frame", 3), ("Mattress", 6)},
        )
        links.purchase_id.button_confirm()
        self._check_rebuilt()
        self._receive(links.purchase_id)
        self._follow()
        self.assertEqual(set(links.mapped("state")), {"received"})
        self._check_rebuilt()


@tagged("post_install", "-at_install")
class TestComponents(SupplyCommon):
    """Components that are bought for what is made for an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.production" not in cls.env:
            raise SkipTest("nothing is made here")
        make = cls.warehouse.manufacture_pull_id.route_id
        cls.frame, cls.mattress = (
            cls._product(name, cls.mto_route) for name in ("Frame", "Mattress")
        )
        cls.made = cls._product("Hospital Bed", seller_ids=[])
        cls.made.route_ids = make | cls.mto_route
        cls._made_of(cls.made, {cls.frame: 1, cls.mattress: 2})

    @classmethod
    def _made_of(cls, product, components):
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": each.id, "product_qty": quantity})
                    for each, quantity in components.items()
                ],
            }
        )

    def _productions(self, product=None):
        return self.env["mrp.production"].search(
            [("product_id", "=", (product or self.made).id)]
        )

    def _make(self, productions):
        for production in productions:
            production.action_confirm()
            production.qty_producing = production.product_qty
            production.move_raw_ids.picked = True
            production.button_mark_done()

    def _components(self, sale):
        """Return component, quantity, what came, and state of links that stand."""
        self._follow()
        return {
            (
                link.product_id.name,
                link.kind,
                link.quantity,
                link.quantity_received,
            )
            for link in sale.order_line.supply_link_ids
        }

    def test_a_kit_waits_for_what_is_made_of_it(self):
        kit = self.env["product.product"].create({"name": "Ward", "type": "consu"})
        self._made_of(kit, {self.made: 2})
        kit.product_tmpl_id.bom_ids.type = "phantom"
        sale = self._sale(3, kit)
        production = self._productions()
        production.action_confirm()
        production.move_finished_ids.date = "2030-01-07 08:00:00"
        self._follow()
        state = self.env["supply.state"].search([("order_id", "=", sale.id)])
        self.assertEqual((state.method, state.quantity_now), ("bought", 0))
        self.assertTrue(state.ready_on)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        self._receive(purchase)
        self._follow()
        self.assertEqual((state.method, state.quantity_now), ("incoming", 0))
        self.assertEqual(state.ready_on, production.move_finished_ids.date)
        self._make(production)
        self._follow()
        self.assertEqual((state.method, state.quantity_now), ("stock", 3))
        self._check_rebuilt()

    def test_a_link_for_each_component(self):
        sale = self._sale(3, self.made)
        self._productions().action_confirm()
        self.assertEqual(
            self._components(sale),
            {("Frame", "mto", 3, 0), ("Mattress", "mto", 6, 0)},
        )
        self._check_rebuilt()
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        self._receive(purchase, 3)
        self.assertEqual(
            self._components(sale),
            {("Frame", "mto", 3, 3), ("Mattress", "mto", 6, 3)},
        )
        self._check_rebuilt()
        self._receive(purchase)
        self._make(self._productions())
        self._done(sale.picking_ids)
        self.assertEqual(sale.order_line.qty_delivered, 3)
        self.assertEqual(
            self._components(sale),
            {("Frame", "mto", 3, 3), ("Mattress", "mto", 6, 6)},
        )
        self._check_rebuilt()

    def test_production_for_two_orders(self):
        first, second = self._sale(2, self.made), self._sale(3, self.made)
        self._productions().action_confirm()
        self.assertEqual(
            self._components(first), {("Frame", "mto", 2, 0), ("Mattress", "mto", 4, 0)}
        )
        self.assertEqual(
            self._components(second),
            {("Frame", "mto", 3, 0), ("Mattress", "mto", 6, 0)},
        )
        self._check_rebuilt()

    def test_more_is_made_than_ordered(self):
        sale = self._sale(4, self.made)
        production = self._productions()
        production.action_confirm()
        self.env["change.production.qty"].create(
            {"mo_id": production.id, "product_qty": 10}
        ).change_prod_qty()
        self._check_rebuilt()
        self.assertEqual(
            {
                (name, quantity)
                for name, _kind, quantity, _came in self._components(sale)
            },
            {("Frame", 4), ("Mattress", 8)},
        )

    def test_component_of_a_component(self):
        steel = self._product("Steel", self.mto_route)
        self.frame.write(
            {
                "seller_ids": [Command.clear()],
                "route_ids": [Command.set(self.made.route_ids.ids)],
            }
        )
        self._made_of(self.frame, {steel: 4})
        sale = self._sale(3, self.made)
        self._productions().action_confirm()
        self._productions(self.frame).action_confirm()
        self.assertEqual(
            self._components(sale),
            {("Steel", "mto", 12, 0), ("Mattress", "mto", 6, 0)},
        )
        self._check_rebuilt()

    def test_made_for_the_order_without_a_tie(self):
        """A rule that takes from the stock first names the order line only."""
        self.warehouse.mto_pull_id.procure_method = "mts_else_mto"
        sale = self._sale(3, self.made)
        production = self._productions()
        production.action_confirm()
        self._check_rebuilt()
        self.assertEqual(production.sale_line_id, sale.order_line)

    def test_component_changed_in_sql(self):
        """The move names neither order: its product is all that is known of it."""
        sale = self._sale(3, self.made)
        production = self._productions()
        production.action_confirm()
        self._follow()
        move = production.move_raw_ids.filtered(
            lambda move: move.product_id == self.mattress
        )
        self._sql(
            "UPDATE stock_move SET product_qty = 5, product_uom_qty = 5 WHERE id = %s",
            move.id,
        )
        self.assertEqual(
            self._components(sale),
            {("Frame", "mto", 3, 0), ("Mattress", "mto", 5, 0)},
        )
        self._check_rebuilt()

    def test_cancelled_production(self):
        sale = self._sale(3, self.made)
        production = self._productions()
        production.action_confirm()
        self.assertTrue(self._components(sale))
        production.action_cancel()
        self.assertFalse(self._components(sale))
        self._check_rebuilt()

    def test_cancelled_sale(self):
        sale = self._sale(3, self.made)
        self._productions().action_confirm()
        sale._action_cancel()
        self.assertFalse(self._components(sale))
        self._check_rebuilt()
