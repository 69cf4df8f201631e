from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestFollowing(UrgencyCommon):
    """Inherited urgency follows its sources on every path; what somebody set on the
    order itself is kept apart from it."""

    def _bought(self, *sales):
        """Confirm sales; return their purchase, which is one."""
        self.vendor.group_rfq = "all"
        for sale in sales:
            sale.action_confirm()
        purchase = self.env["purchase.order"].union(*map(self._purchase, sales))
        self.assertEqual(len(purchase), 1)
        return purchase

    # the source ends

    def test_cancelled_sale_leaves_nothing_urgent(self):
        self.vendor.buyer_id = self.buyer
        sale = self._urgent_sale()
        purchase = self._bought(sale)
        purchase.button_confirm()
        receipt = purchase.picking_ids
        self.assertTrue(receipt.is_urgent)
        sale.sudo()._action_cancel()
        self.assertFalse(purchase.is_urgent)
        self.assertFalse(purchase.needed_by)
        self.assertFalse(purchase.urgency_source_id)
        self.assertFalse(receipt.is_urgent)
        self.assertEqual(receipt.priority, "0")

    def test_to_dos_and_limits_go_with_it(self):
        self._rule(self.manager)
        self.critical.approval_hours = 4
        self.vendor.buyer_id = self.buyer
        sale = self._urgent_sale(self.critical)
        purchase = self._bought(sale)
        purchase.button_confirm()
        due = purchase.approval_process_id.task_ids.due_at
        self.assertTrue(due)
        self.assertTrue(self._activities(purchase, self.buyer))
        sale.sudo()._action_cancel()
        self.assertFalse(self._activities(purchase, self.buyer))
        self.assertFalse(purchase.approval_process_id.task_ids.due_at)

    def test_one_of_two_sales_is_cancelled(self):
        urgent, critical = self._urgent_sale(), self._urgent_sale(self.critical)
        purchase = self._bought(urgent, critical)
        self.assertEqual(purchase.urgency_level_id, self.critical)
        critical.sudo()._action_cancel()
        self.assertEqual(purchase.urgency_level_id, self.urgent)
        self.assertEqual(purchase.urgency_source_id, urgent)

    def test_deleted_sale(self):
        lead = self.env["crm.lead"].create({"name": "Beds", **self._urgency()})
        quotation = self._sale(opportunity_id=lead.id)
        self.assertTrue(quotation.is_urgent)
        lead.unlink()
        self.assertFalse(quotation.is_urgent)

    def test_sale_cancelled_in_sql(self):
        sale = self._urgent_sale()
        purchase = self._bought(sale)
        self._follow_supply()
        self.env.cr.execute(
            "UPDATE sale_order SET state = 'cancel' WHERE id = %s", [sale.id]
        )
        self.env.cr.execute(
            "UPDATE sale_order_line SET state = 'cancel' WHERE order_id = %s", [sale.id]
        )
        self.env.invalidate_all()
        self._follow_supply()
        self.assertFalse(purchase.is_urgent)

    def test_sale_that_is_taken_up_again(self):
        sale = self._urgent_sale()
        purchase = self._bought(sale)
        sale.sudo()._action_cancel()
        sale.action_draft()
        sale.action_confirm()
        again = self._purchase(sale) - purchase or purchase
        self.assertTrue(again.is_urgent)

    # deadlines

    def test_cleared_deadline_reaches_the_purchase(self):
        sale = self._urgent_sale()
        purchase = self._bought(sale)
        self.assertEqual(purchase.needed_by, self.deadline)
        sale.needed_by = False
        self.assertFalse(purchase.needed_by)

    def test_earlier_deadline_of_the_buyer_stays(self):
        sale = self._urgent_sale()
        purchase = self._bought(sale)
        earlier = self.deadline - timedelta(days=2)
        purchase.with_user(self.buyer).needed_by = earlier
        sale.urgency_reason = "The ward opens on Monday"
        self.assertEqual(purchase.needed_by, earlier)
        self.assertEqual(purchase.urgency_reason, "The ward opens on Monday")
        purchase.with_user(self.buyer).needed_by = False
        self.assertEqual(purchase.needed_by, self.deadline)

    # what somebody set here

    def test_own_urgency_is_there_when_the_sale_calms_down(self):
        sale = self._sale()
        purchase = self._bought(sale)
        purchase.with_user(self.buyer).write(
            {"urgency_level_id": self.urgent.id, "urgency_reason": "Vendor closes"}
        )
        sale.write(self._urgency(self.critical))
        self.assertEqual(purchase.urgency_level_id, self.critical)
        self.assertEqual(purchase.urgency_user_id, self.care)
        sale.urgency_level_id = self.normal
        self.assertEqual(purchase.urgency_level_id, self.urgent)
        self.assertEqual(purchase.urgency_reason, "Vendor closes")
        self.assertEqual(purchase.urgency_user_id, self.buyer)
        self.assertFalse(purchase.urgency_source_id)

    def test_less_than_the_sale_is_refused_with_where_to_change_it(self):
        sale = self._urgent_sale()
        purchase = self._bought(sale)
        with self.assertRaisesRegex(UserError, sale.name):
            purchase.with_user(self.buyer).urgency_level_id = self.normal
        self.assertTrue(purchase.is_urgent)

    def test_own_urgency_is_the_systems_to_write(self):
        sale = self._sale()
        own = {"urgency_level_id": self.critical.id, "urgency_reason": "Mine"}
        sale.with_user(self.care).write({"urgency_own": own})
        self.assertFalse(sale.urgency_own)
        sale._inherit_urgency()
        self.assertFalse(sale.is_urgent)

    # other quotations for the same goods

    def test_alternative_is_as_urgent_as_the_sale(self):
        sale = self._urgent_sale()
        other = self._alternative(self._bought(sale))
        self.assertEqual(other.urgency_level_id, self.urgent)
        self.assertEqual(other.urgency_source_id, sale)
        sale.sudo()._action_cancel()
        self.assertFalse(other.is_urgent)

    def test_alternative_of_what_somebody_marked(self):
        purchase = self._order(**self._urgency(self.critical))
        other = self._alternative(purchase)
        self.assertEqual(other.urgency_level_id, self.critical)

    def test_merged_quotations_are_as_urgent_as_their_sales(self):
        calm, urgent = self._sale(), self._urgent_sale()
        for sale in (calm, urgent):
            sale.action_confirm()
        orders = self._purchase(calm) | self._purchase(urgent)
        self.assertEqual(len(orders), 2)
        orders.action_merge()
        merged = orders.filtered(lambda order: order.state != "cancel")
        self.assertEqual(merged.urgency_level_id, self.urgent)
        self.assertEqual(merged.urgency_source_id, urgent)
        urgent.sudo()._action_cancel()
        self.assertFalse(merged.is_urgent)

    def test_merged_quotation_that_somebody_marked(self):
        orders = self._order() | self._order(**self._urgency())
        orders.action_merge()
        merged = orders.filtered(lambda order: order.state != "cancel")
        self.assertEqual(merged.urgency_level_id, self.urgent)

    def test_copy_of_an_order_that_serves_urgent_ones(self):
        purchase = self._bought(self._urgent_sale())
        self.assertFalse(purchase.copy().is_urgent)

    def _alternative(self, purchase):
        other = self.vendor.copy({"name": "Other vendor"})
        wizard = self.env["purchase.requisition.create.alternative"].create(
            {
                "origin_po_id": purchase.id,
                "partner_ids": [Command.set(other.ids)],
                "copy_products": True,
            }
        )
        action = wizard.action_create_alternative()
        return self.env["purchase.order"].browse(action["res_id"])
