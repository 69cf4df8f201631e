from odoo import Command, fields
from odoo.tests import Form, tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestChain(UrgencyCommon):
    """From the opportunity to the receipt: who takes urgency from whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.env(user=cls.care)["crm.lead"].create(
            {
                "name": "Beds",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "user_id": cls.care.id,
            }
        )

    def _quotation(self, **values):
        return self._sale(opportunity_id=self.lead.id, **values)

    # opportunities

    def test_opportunity_gets_stars(self):
        self.lead.write(self._urgency())
        self.assertEqual(self.lead.priority, "2")
        self.lead.urgency_level_id = self.critical
        self.assertEqual(self.lead.priority, "3")
        self.lead.urgency_level_id = self.normal
        self.assertEqual(self.lead.priority, "0")

    def test_stars_given_by_hand_stay(self):
        lead = self.env["crm.lead"].create({"name": "Chairs", "priority": "1"})
        self.assertEqual(lead.priority, "1")
        starred = self.env["crm.lead"].with_context(default_priority="2")
        self.assertEqual(starred.create({"name": "Desks"}).priority, "2")

    def test_quotation_inherits_from_the_opportunity(self):
        self.lead.write(self._urgency())
        quotation = self._quotation()
        self.assertEqual(quotation.urgency_level_id, self.urgent)
        self.assertEqual(quotation.urgency_source_id, self.lead)
        self.assertEqual(quotation.needed_by, self.deadline)
        self.assertEqual(quotation.urgency_user_id, self.care)

    def test_quotation_from_the_button_of_the_opportunity(self):
        self.lead.write(self._urgency())
        context = self.lead.action_new_quotation()["context"]
        with Form(self.env["sale.order"].with_context(**context)) as form:
            form.partner_id = self.customer
        self.assertEqual(form.record.urgency_level_id, self.urgent)

    def test_quotation_follows_the_opportunity(self):
        quotation = self._quotation()
        self.assertFalse(quotation.is_urgent)
        self.lead.write(self._urgency(self.critical))
        self.assertEqual(quotation.urgency_level_id, self.critical)
        self.lead.urgency_level_id = self.normal
        self.assertFalse(quotation.is_urgent)
        self.assertFalse(quotation.urgency_source_id)

    def test_stronger_urgency_of_the_quotation_stays(self):
        self.lead.write(self._urgency())
        quotation = self._quotation(**self._urgency(self.critical))
        self.assertEqual(quotation.urgency_level_id, self.critical)
        self.assertFalse(quotation.urgency_source_id)

    def test_urgency_reaches_the_supplier_from_the_opportunity(self):
        self.lead.write(self._urgency())
        quotation = self._quotation()
        quotation.with_user(self.seller).action_confirm()
        purchase = self._purchase(quotation)
        self.assertEqual(purchase.urgency_level_id, self.urgent)
        self.assertEqual(purchase.urgency_source_id, quotation)

    def test_merged_opportunity_keeps_the_strongest(self):
        self.lead.write(self._urgency())
        other = self.lead.copy({"name": "More beds", "probability": 90})
        other.write(self._urgency(self.critical))
        merged = (self.lead | other).merge_opportunity()
        self.assertEqual(merged.urgency_level_id, self.critical)
        self.assertTrue(merged.urgency_reason)

    def test_opportunity_without_company(self):
        self.lead.sudo().company_id = False
        self.lead.write(self._urgency())
        self.assertTrue(self._activities(self.lead, self.seller))

    # transfers

    def test_delivery_inherits_from_the_sale(self):
        sale = self._urgent_sale(product=self.kept, confirm=True)
        delivery = sale.sudo().picking_ids
        self.assertEqual(delivery.urgency_level_id, self.urgent)
        self.assertEqual(delivery.urgency_source_id, sale)
        self.assertEqual(delivery.needed_by, self.deadline)
        self.assertEqual(delivery.priority, "1")
        self.assertEqual(delivery.move_ids.priority, "1")

    def test_delivery_follows_a_sale_marked_later(self):
        sale = self._sale(product=self.kept, confirm=True)
        sale.write(self._urgency())
        delivery = sale.sudo().picking_ids
        self.assertEqual(delivery.urgency_level_id, self.urgent)
        sale.urgency_level_id = self.normal
        self.assertEqual(delivery.urgency_level_id, self.normal)
        self.assertEqual(delivery.priority, "0")

    def test_all_transfers_of_a_delivery_in_three_steps(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        sale = self._urgent_sale(product=self.kept, confirm=True)
        transfers = sale.sudo().stock_reference_ids.move_ids.picking_id
        self.assertTrue(transfers)
        for transfer in transfers:
            self.assertEqual(transfer.urgency_level_id, self.urgent)

    def test_receipt_inherits_from_the_purchase(self):
        purchase = self._order(**self._urgency(self.critical))
        purchase.button_confirm()
        receipt = purchase.picking_ids
        self.assertEqual(receipt.urgency_level_id, self.critical)
        self.assertEqual(receipt.urgency_purchase_id, purchase)
        self.assertEqual(receipt.priority, "1")
        purchase.urgency_level_id = self.normal
        self.assertEqual(receipt.urgency_level_id, self.normal)

    def test_receipt_says_for_whom(self):
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale)
        purchase.button_confirm()
        self.assertEqual(purchase.picking_ids.urgency_source_id, sale)
        self.assertEqual(purchase.picking_ids.urgency_purchase_id, purchase)

    def test_one_purchase_for_two_customers_leaves_their_deliveries_apart(self):
        self.vendor.group_rfq = "all"
        calm = self._sale(confirm=True)
        urgent = self._urgent_sale(self.critical, confirm=True)
        purchase = self._purchase(urgent)
        self.assertEqual(purchase, self._purchase(calm))
        purchase.button_confirm()
        self.assertEqual(purchase.picking_ids.urgency_level_id, self.critical)
        self.assertEqual(purchase.urgency_source_id, urgent)
        self.assertFalse(calm.sudo().picking_ids.is_urgent)
        self.assertTrue(urgent.sudo().picking_ids.is_urgent)

    def test_refill_of_the_stock_for_an_order(self):
        self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.kept.id, "product_min_qty": 0, "trigger": "auto"}
        )
        sale = self._urgent_sale(product=self.kept, confirm=True)
        self.assertEqual(self._purchase(sale).urgency_source_id, sale)

    def test_drop_shipping(self):
        route = self.env.ref(
            "stock_dropshipping.route_drop_shipping", raise_if_not_found=False
        )
        if not route:
            route = self._drop_shipping_route()
        self.product.route_ids = [Command.set(route.ids)]
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale)
        self.assertEqual(purchase.urgency_source_id, sale)
        purchase.button_confirm()
        self.assertEqual(purchase.picking_ids.urgency_level_id, self.urgent)

    def _drop_shipping_route(self):
        """What ``stock_dropshipping`` brings: the vendor delivers to the customer."""
        suppliers = self.env.ref("stock.stock_location_suppliers")
        customers = self.env.ref("stock.stock_location_customers")
        kind = self.env["stock.picking.type"].create(
            {
                "name": "Drop-ship",
                "code": "incoming",
                "sequence_code": "DS",
                "warehouse_id": False,
                "company_id": self.company.id,
                "default_location_src_id": suppliers.id,
                "default_location_dest_id": customers.id,
            }
        )
        rule = {
            "name": "Vendor to customer",
            "action": "buy",
            "picking_type_id": kind.id,
            "location_src_id": suppliers.id,
            "location_dest_id": customers.id,
            "company_id": self.company.id,
        }
        return self.env["stock.route"].create(
            {"name": "Drop-ship", "rule_ids": [Command.create(rule)]}
        )

    def test_backorder_is_as_urgent(self):
        self._count(2)
        sale = self._urgent_sale(quantity=5, product=self.kept, confirm=True)
        delivery = sale.sudo().picking_ids
        delivery.move_ids.write({"quantity": 2, "picked": True})
        delivery.with_context(skip_backorder=True).button_validate()
        backorder = sale.sudo().picking_ids - delivery
        self.assertEqual(backorder.urgency_level_id, self.urgent)
        self.assertEqual(backorder.urgency_source_id, sale)
        self.assertEqual(backorder.priority, "1")
        self.assertEqual(backorder.urgency_user_id, self.care)

    def test_backorder_of_an_old_order(self):
        """Nothing of what is checked for people stops a delivery."""
        self._count(2)
        sale = self._urgent_sale(quantity=5, product=self.kept, confirm=True)
        delivery = sale.sudo().picking_ids
        delivery.needed_by = fields.Datetime.subtract(fields.Datetime.now(), years=3)
        delivery.move_ids.write({"quantity": 2, "picked": True})
        clerk = delivery.with_user(self.clerk).with_context(skip_backorder=True)
        clerk.button_validate()
        backorder = sale.sudo().picking_ids - delivery
        self.assertTrue(backorder.is_urgent)

    def test_return_is_not_urgent(self):
        self._count(5)
        sale = self._urgent_sale(product=self.kept, confirm=True)
        delivery = sale.sudo().picking_ids
        delivery.button_validate()
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 1
        returned = wizard._create_return()
        self.assertFalse(returned.is_urgent)

    def test_storekeeper_marks_a_delivery(self):
        sale = self._sale(product=self.kept, confirm=True)
        delivery = sale.sudo().picking_ids.with_user(self.clerk)
        delivery.write(self._urgency())
        self.assertEqual(delivery.priority, "1")
        self.assertEqual(delivery.urgency_user_id, self.clerk)
        sale.needed_by = self.deadline
        self.assertTrue(delivery.is_urgent)

    def test_copy_starts_afresh(self):
        sale = self._urgent_sale(product=self.kept, confirm=True)
        for record in (sale, sale.sudo().picking_ids):
            copy = record.copy()
            self.assertFalse(copy.is_urgent)
            self.assertFalse(copy.urgency_source_id)
