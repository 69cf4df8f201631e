from datetime import timedelta

from odoo import fields
from odoo.tests import Form, tagged

from .common import UrgencyCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestLending(UrgencyCommon):
    """A has ten wheelchairs for day 20, ten come on day 2 and ten on day 9. B wants
    ten on day 3, and is displaced by an urgent order of day 5: A can lend B its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.other = cls._user("other", "sales_team.group_sale_salesman")
        cls._count(10)
        cls.lender = cls._wanted(20, user_id=cls.seller.id)
        cls.lender.sudo().picking_ids.action_assign()
        cls._buy_kept(cls.now + 2 * DAY, cls.now + 9 * DAY)
        cls.early = cls._wanted(3, user_id=cls.other.id)
        cls.sale = cls._wanted(5, user_id=cls.seller.id)

    @classmethod
    def _wanted(cls, days, **values):
        """Return a confirmed order of ten, to go out in that many days."""
        order = cls._sale(quantity=10, product=cls.kept, **values)
        order.sudo().action_confirm()
        order.sudo().order_line.move_ids.date = cls.now + days * DAY
        return order

    def _wizard(self, user, order=None):
        action = (order or self.sale).with_user(user).action_open_urgency()
        wizard = self.env(user=user)["urgency.change"]
        form = Form(wizard.with_context(**action["context"]))
        form.urgency_level_id = self.urgent
        form.urgency_reason = "Ward opens on Monday"
        return form

    def _offered(self, html):
        return " ".join(html.split())

    def test_offered_before_somebody_decides(self):
        form = self._wizard(self.seller)
        html = self._offered(form.displaced_html)
        self.assertTrue(form.can_lend)
        self.assertIn(f"{self.lender.name} (Hospital) can lend {self.early.name}", html)
        self.assertIn("6 days sooner", html)
        self.assertIn("Asked to do it as soon as you go on", html)

    def test_other_salespeople_do_not_read_the_lender(self):
        self.sale.sudo().user_id = self.early.sudo().user_id = self.other
        html = self._offered(self._wizard(self.other).displaced_html)
        self.assertIn(f"Another order can lend {self.early.name}", html)
        self.assertNotIn(self.lender.name, html)

    def test_offers_to_orders_of_others_are_not_shown(self):
        self.sale.sudo().user_id = self.other
        self.early.sudo().user_id = self.seller
        html = self._offered(self._wizard(self.other).displaced_html)
        self.assertNotIn("can lend", html)
        self.assertNotIn(self.early.name, html)

    def test_nobody_lends_who_would_be_late(self):
        self.lender.sudo().order_line.move_ids.date = self.now + 4 * DAY
        form = self._wizard(self.seller)
        self.assertIn(self.early.name, form.displaced_html)
        self.assertFalse(form.can_lend)

    def test_owner_hears_what_could_be_lent_and_who_is_asked(self):
        self.early.sudo().picking_ids.user_id = self.clerk
        self._wizard(self.seller).save().action_confirm()
        note = self._activities(self.early, self.other, "displaced").note
        self.assertIn(f"Another order can lend {self.early.name} 10", note)
        self.assertIn(f"Asked to do it: {self.clerk.name}", note)
        self.assertNotIn(self.lender.name, note)

    def test_storekeeper_is_asked_on_the_delivery(self):
        delivery = self.early.sudo().picking_ids
        delivery.user_id = self.clerk
        self._wizard(self.seller).save().action_confirm()
        note = self._activities(delivery, self.clerk, "lend").note
        self.assertIn(self.lender.name, note)

    def test_storekeepers_are_asked_where_nobody_is_responsible(self):
        self._wizard(self.seller).save().action_confirm()
        delivery = self.early.sudo().picking_ids
        kind = self.env.ref("urgent_orders.mail_activity_type_lend")
        asked = delivery.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
        self.assertTrue(asked)
        self.assertLessEqual(len(asked), 3)
        for user in asked.user_id:
            self.assertTrue(user.has_group("stock.group_stock_user"))

    def test_storekeeper_decides_and_lends(self):
        form = self._wizard(self.clerk, self.sale.sudo().picking_ids)
        action = form.save().action_confirm_and_lend()
        self.assertEqual(action["res_model"], "supply.swap")
        offers = self.env(user=self.clerk)["supply.swap"].search(action["domain"])
        self.assertEqual(offers.lender_id, self.lender.sudo().order_line.move_ids)
        self.assertEqual((offers.quantity, offers.days), (10, 6))
        offers.action_lend()
        early = self.early.sudo().order_line.move_ids
        self.assertEqual(early.quantity, 10)

    def test_lending_ends_what_was_asked(self):
        delivery = self.early.sudo().picking_ids
        delivery.user_id = self.clerk
        self._wizard(self.seller).save().action_confirm()
        action = delivery.with_user(self.clerk).action_view_supply_swaps()
        offers = self.env(user=self.clerk)["supply.swap"].search(action["domain"])
        offers.action_lend()
        self.assertFalse(self._activities(delivery, self.clerk, "lend"))

    def test_offered_before_an_urgent_quotation_is_confirmed(self):
        self.sale.sudo()._action_cancel()
        quotation = self._urgent_sale(
            quantity=10,
            product=self.kept,
            user=self.seller,
            commitment_date=self.now + 5 * DAY,
        )
        action = quotation.action_confirm_urgent()
        wizards = self.env(user=self.seller)["urgency.confirmation"]
        form = Form(wizards.with_context(**action["context"]))
        self.assertTrue(form.can_lend)
        self.assertIn("can lend", form.displaced_html)
        form.save().action_confirm()
        self.assertIn(
            "can lend", self._activities(self.early, self.other, "displaced").note
        )

    def test_urgent_customers_are_marked_on_purchases(self):
        sale = self._urgent_sale(user=self.seller)
        sale.sudo().action_confirm()
        line = self._purchase(sale).order_line
        self._follow_supply()
        line.invalidate_recordset()
        self.assertIn(self.urgent.name, line.with_user(self.buyer).supply_customers)
        action = line.with_user(self.buyer).action_view_supply_waiting()
        rows = self.env["supply.waiting"].search(action["domain"])
        self.assertEqual(rows.urgency_level_id, self.urgent)
