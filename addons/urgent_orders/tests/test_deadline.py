from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import UrgencyCommon

MISSING = "say by when it is needed"


@tagged("post_install", "-at_install")
class TestRequiredDeadline(UrgencyCommon):
    """Where a level asks for a deadline, nobody gets around it."""

    def setUp(self):
        super().setUp()
        self.critical.deadline_required = True

    def _marks(self, order):
        """Make an order critical without saying when, as whoever calls."""
        order.write({"urgency_level_id": self.critical.id, "urgency_reason": "Now"})

    def _delivery(self, **values):
        self._count(10)
        sale = self._sale(product=self.kept, confirm=True, **values)
        return sale.sudo().picking_ids.with_user(self.clerk)

    def _served(self, **values):
        """Return a customer's order and the purchase that serves it."""
        sale = self._sale(needed_by=self.deadline, confirm=True, **values)
        purchase = self._purchase(sale)
        self.assertEqual(purchase.needed_by, self.deadline)
        return sale, purchase.with_user(self.buyer)

    def test_storekeeper_gives_one_with_a_delivery(self):
        delivery = self._delivery()
        with self.assertRaisesRegex(ValidationError, MISSING):
            self._marks(delivery)

    def test_storekeeper_may_not_take_it_away_again(self):
        delivery = self._delivery()
        delivery.write(self._urgency(self.critical))
        with self.assertRaisesRegex(ValidationError, MISSING):
            delivery.needed_by = False

    def test_the_system_stamps_do_not_help(self):
        delivery = self._delivery()
        with self.assertRaisesRegex(ValidationError, MISSING):
            delivery.write(
                {
                    "urgency_level_id": self.critical.id,
                    "urgency_reason": "Now",
                    "urgency_own": {"needed_by": "2030-01-01 00:00:00"},
                    "urgency_source_id": self._sale().id,
                }
            )

    def test_import_gives_one(self):
        fields = ["partner_id/.id", "urgency_level_id/.id", "urgency_reason"]
        row = [str(self.vendor.id), str(self.critical.id), "Now"]
        result = self.env(user=self.buyer)["purchase.order"].load(fields, [row])
        self.assertFalse(result["ids"])
        self.assertIn(MISSING, str(result["messages"]))

    def test_copy_is_not_urgent(self):
        sale = self._urgent_sale(self.critical)
        self.assertFalse(sale.copy().is_urgent)
        with self.assertRaisesRegex(ValidationError, MISSING):
            sale.copy({"urgency_level_id": self.critical.id, "urgency_reason": "Now"})

    def test_context_of_the_caller_makes_nothing_urgent(self):
        """What the system makes on the way has no defaults of the caller."""
        level = {"default_urgency_level_id": self.critical.id}
        sale = self._sale()
        sale.with_context(**level).action_confirm()
        self.assertEqual(self._purchase(sale).mapped("is_urgent"), [False])
        delivery = self._sale(product=self.kept)
        self._count(10)
        delivery.with_context(**level).action_confirm()
        pickings = delivery.sudo().picking_ids
        self.assertEqual(pickings.mapped("is_urgent"), [False] * len(pickings))

    def test_dialog_gives_one(self):
        delivery = self._delivery()
        dialog = self.env(user=self.clerk)["urgency.change"].create(
            {
                "res_model": delivery._name,
                "res_id": delivery.id,
                "urgency_level_id": self.critical.id,
                "urgency_reason": "Now",
            }
        )
        with self.assertRaisesRegex(ValidationError, MISSING):
            dialog.action_confirm()

    def test_deadline_of_the_customer_is_kept_when_it_goes(self):
        """The buyer marked it with that day before their eyes."""
        sale, purchase = self._served()
        self._marks(purchase)
        sale.needed_by = False
        self.assertEqual(purchase.urgency_level_id, self.critical)
        self.assertEqual(purchase.needed_by, self.deadline)

    def test_deadline_of_the_customer_is_followed_all_the_same(self):
        sale, purchase = self._served()
        self._marks(purchase)
        sale.needed_by = False
        sale.needed_by = self.deadline + timedelta(days=3)
        self.assertEqual(purchase.needed_by, sale.needed_by)

    def test_without_the_level_it_goes_with_the_customers(self):
        sale, purchase = self._served()
        sale.needed_by = False
        self.assertFalse(purchase.needed_by)

    def test_alternative_has_the_deadline_of_the_first(self):
        _sale, purchase = self._served()
        self._marks(purchase)
        other = (
            self.env(user=self.buyer)["purchase.order"]
            .with_context(origin_po_id=purchase.id)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.product.id, "product_qty": 2}
                        )
                    ],
                }
            )
        )
        if not other.purchase_group_id:
            self.skipTest("Purchase Agreements are not installed")
        self.assertEqual(other.urgency_level_id, self.critical)
        self.assertEqual(other.needed_by, self.deadline)

    def test_nothing_is_granted_without_one(self):
        sale = self._sale()
        sale.sudo().write(
            {
                "urgency_asked_level_id": self.critical.id,
                "urgency_asked_user_id": self.care.id,
                "urgency_reason": "Now",
            }
        )
        manager = self._user(
            "grantor",
            "urgent_orders.group_urgency_manager",
            "sales_team.group_sale_manager",
        )
        with self.assertRaisesRegex(UserError, MISSING):
            sale.with_user(manager).action_grant_urgency()
        self.assertFalse(sale.is_urgent)
