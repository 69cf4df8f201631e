"""What is in stock counts, whatever the records say about it."""

from odoo import Command, fields
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestForgedReceipts(PurchaseApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._flow_people()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=100000)

    def _confirmed(self):
        """An order below every rule."""
        return self._submitted(quantity=10, price=100.0)

    def _assert_asks(self, result):
        self.assertEqual(result["res_model"], "purchase.excess.ask")

    def _returned(self, picking, quantity):
        """Send back ten, or get them back, in a quantity of the keeper's."""
        env = self.env(
            user=self.keeper,
            context={
                "active_model": "stock.picking",
                "active_id": picking.id,
                "active_ids": picking.ids,
            },
        )
        wizard = env["stock.return.picking"].create({})
        wizard.product_return_moves.write({"quantity": 10, "to_refund": False})
        returned = env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        returned.move_ids.quantity = quantity
        return returned.with_context(skip_backorder=True)

    def _by_hand(self, quantity, **values):
        """A receipt from the vendor that no order stands behind."""
        places = {
            "location_id": self.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": self.env["stock.warehouse"]
            .search([("company_id", "=", self.company.id)], limit=1)
            .lot_stock_id.id,
            **values,
        }
        kind = self.env.ref("stock.picking_type_in")
        picking = (
            self.env["stock.picking"]
            .with_user(self.keeper)
            .create(
                {
                    "picking_type_id": kind.id,
                    "partner_id": self.vendor.id,
                    **places,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": quantity,
                                **places,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": quantity, "picked": True})
        return picking

    def _done(self):
        order = self._confirmed()
        self._receive(order, 10)
        return order.sudo().picking_ids.with_user(self.keeper)

    def _add_move(self, picking, product=None, **values):
        return (
            self.env["stock.move"]
            .with_user(self.keeper)
            .create(
                {
                    "picking_id": picking.id,
                    "product_id": (product or self.product).id,
                    "product_uom_qty": 20,
                    "quantity": 20,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                    **values,
                }
            )
        )

    # how the line says that it is received

    def test_another_method_of_receipt_hides_nothing(self):
        order = self._confirmed()
        order.order_line.qty_received_method = "manual"
        self._assert_asks(self._receive(order, 1000))
        self.assertEqual(self.product.qty_available, 0)

    def test_another_method_of_receipt_hides_nothing_past_the_button(self):
        order = self._confirmed()
        order.order_line.qty_received_method = False
        picking = order.sudo().picking_ids.with_user(self.keeper)
        picking.move_ids.write({"quantity": 1000, "picked": True})
        with self.assertRaises(RedirectWarning):
            picking._action_done()

    def test_another_method_after_the_receipt_allows_no_more(self):
        order = self._confirmed()
        self._receive(order, 10)
        order.order_line.write({"qty_received_method": "manual", "qty_received": 0})
        move = order.sudo().picking_ids.move_ids.with_user(self.keeper)
        with self.assertRaises(RedirectWarning):
            move.quantity = 20

    # returns

    def test_what_comes_back_of_a_return_is_judged(self):
        picking = self._done()
        back = self._returned(picking, 10)
        self.assertIs(back.button_validate(), True)
        self._assert_asks(self._returned(back, 1000).button_validate())
        self.assertEqual(self.product.qty_available, 0)

    def test_what_comes_back_of_a_return_past_the_button(self):
        back = self._returned(self._done(), 10)
        back.button_validate()
        again = self._returned(back, 1000)
        again.move_ids.picked = True
        with self.assertRaises(RedirectWarning):
            again._action_done()

    def test_what_was_returned_may_come_back(self):
        back = self._returned(self._done(), 10)
        back.button_validate()
        again = self._returned(back, 10)
        self.assertIs(again.button_validate(), True)
        self.assertEqual(self.product.qty_available, 10)

    def test_a_receipt_called_a_return_gives_no_room(self):
        """It goes to the vendor by its own word; its lines bring it into stock."""
        picking = self._done()
        supplier = picking.location_id
        move = self._add_move(
            picking.copy(),
            location_dest_id=supplier.id,
            purchase_line_id=picking.move_ids.purchase_line_id.id,
        )
        move.move_line_ids.location_dest_id = picking.location_dest_id
        with self.assertRaises(RedirectWarning):
            move.picked = True
            move._action_done()

    # whose order it is

    def test_the_order_line_of_a_receipt_is_not_taken_off(self):
        move = self._confirmed().sudo().picking_ids.move_ids.with_user(self.keeper)
        other = self._confirmed().order_line
        for line in (False, other.id):
            with self.subTest(line=line), self.assertRaises(UserError):
                move.purchase_line_id = line

    def test_the_product_of_a_receipt_stays_that_of_the_order(self):
        move = self._confirmed().sudo().picking_ids.move_ids.with_user(self.keeper)
        with self.assertRaises(UserError):
            move.product_id = self._product("Unordered chair")

    # without an order

    def test_receipt_without_an_order_where_an_order_would_be_asked_about(self):
        with self.assertRaisesRegex(UserError, "order"):
            self._by_hand(1000)._action_done()

    def test_small_receipt_without_an_order_passes(self):
        picking = self._by_hand(5)
        picking._action_done()
        self.assertEqual(picking.state, "done")

    def test_policies_of_receipts_without_an_order(self):
        self.company.orderless_policy = "block"
        with self.assertRaises(UserError):
            self._by_hand(1)._action_done()
        self.company.orderless_policy = "allow"
        picking = self._by_hand(1000)
        picking._action_done()
        self.assertEqual(picking.state, "done")

    def test_receipt_without_an_order_raised_when_it_is_done(self):
        picking = self._by_hand(5)
        picking._action_done()
        with self.assertRaises(UserError):
            picking.move_ids.quantity = 1000

    def test_receipt_without_an_order_from_somebody_without_prices(self):
        picking = self._by_hand(1000)
        picking.partner_id = self.env["res.partner"].create({"name": "Somebody"})
        with self.assertRaises(UserError):
            picking._action_done()

    def test_goods_of_others_are_not_bought_until_they_are_ours(self):
        picking = self._by_hand(1000)
        picking.owner_id = self.vendor
        picking._action_done()
        self.assertEqual(picking.state, "done")
        with self.assertRaises(UserError):
            picking.move_line_ids.owner_id = False

    def test_what_customers_return_is_not_meant(self):
        customers = self.env.ref("stock.stock_location_customers")
        picking = self._by_hand(1000, location_id=customers.id)
        picking._action_done()
        self.assertEqual(picking.state, "done")

    def test_without_rules_for_orders_nothing_changes(self):
        self.rule.unlink()
        picking = self._by_hand(1000)
        picking._action_done()
        self.assertEqual(picking.state, "done")

    # small receipts without an order, one after the other: 60,000 each

    def _assert_adds_up(self, picking):
        with self.assertRaises(UserError), self.cr.savepoint():
            picking._action_done()

    def _assert_received(self, picking):
        picking._action_done()
        self.assertEqual(picking.state, "done")

    def test_small_receipts_without_an_order_add_up(self):
        self._assert_received(self._by_hand(600))
        self._assert_adds_up(self._by_hand(600))

    def test_small_receipts_that_add_up_say_so(self):
        self._assert_received(self._by_hand(600))
        with self.assertRaisesRegex(UserError, "in the last 30 days"):
            self._by_hand(600)._action_done()

    def test_small_receipts_without_an_order_done_together_add_up(self):
        self._assert_adds_up(self._by_hand(600) | self._by_hand(600))

    def test_small_receipts_in_one_picking_add_up(self):
        picking = self._by_hand(600)
        self._assert_received(picking)
        with self.assertRaises(UserError):
            self._add_move(
                picking, product_uom_qty=600, quantity=600, picked=True
            )._action_done()

    def test_small_receipts_of_another_address_of_the_vendor_add_up(self):
        self._assert_received(self._by_hand(600))
        picking = self._by_hand(600)
        picking.partner_id = self.env["res.partner"].create(
            {"name": "Depot", "parent_id": self.vendor.id}
        )
        self._assert_adds_up(picking)

    def test_small_receipts_from_nobody_add_up(self):
        pickings = self._by_hand(600) | self._by_hand(600)
        pickings.partner_id = False
        self._assert_received(pickings[0])
        self._assert_adds_up(pickings[1])

    def test_small_receipts_from_several_vendors_do_not_add_up(self):
        self._assert_received(self._by_hand(600))
        picking = self._by_hand(600)
        picking.partner_id = self.env["res.partner"].create({"name": "Other"})
        self._assert_received(picking)

    def test_small_receipts_of_long_ago_do_not_add_up(self):
        picking = self._by_hand(600)
        self._assert_received(picking)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE stock_move SET create_date = %(day)s, date = %(day)s "
            "WHERE picking_id = %(picking)s",
            {
                "day": fields.Datetime.subtract(fields.Datetime.now(), days=31),
                "picking": picking.id,
            },
        )
        self.env.invalidate_all()
        self._assert_received(self._by_hand(600))

    def test_small_receipt_that_is_dated_back_counts(self):
        picking = self._by_hand(600)
        self._assert_received(picking)
        picking.move_ids.date = "2020-01-01"
        self._assert_adds_up(self._by_hand(600))

    def test_what_was_ordered_does_not_add_up(self):
        self._receive(self._submitted(quantity=600, price=100.0), 600)
        self._assert_received(self._by_hand(600))

    def test_taxes_of_an_order_count(self):
        tax = self.env["account.tax"].create(
            {"name": "10", "amount": 10, "type_tax_use": "purchase"}
        )
        self.product.supplier_taxes_id = tax
        self._assert_received(self._by_hand(900))
        other = self._by_hand(920)
        other.partner_id = self.env["res.partner"].create({"name": "Other"})
        self._assert_adds_up(other)

    # what is added to a receipt that is done

    def test_move_made_in_a_done_receipt(self):
        picking = self._done()
        with self.assertRaises(UserError):
            self._add_move(picking)
        with self.assertRaises(UserError):
            self._add_move(picking, self._product("Unordered chair"))

    def test_move_brought_into_a_done_receipt(self):
        picking = self._done()
        move = self._by_hand(20).move_ids
        with self.assertRaises(RedirectWarning):
            move.picking_id = picking
            move._action_done()
