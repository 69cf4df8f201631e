from datetime import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestQuota(UrgencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.critical.quota = 1
        cls.care.tz = "Asia/Ho_Chi_Minh"

    def _critical(self, **values):
        return self._urgent_sale(self.critical, **values)

    def _used(self, user=None):
        counters = self.env["urgency.quota"].search(
            [("user_id", "=", (user or self.care).id)]
        )
        return sum(counters.mapped("used"))

    def _over(self):
        """Return an order beyond the quota."""
        self._critical()
        return self._critical()

    # asking

    def test_beyond_the_quota_a_manager_is_asked(self):
        self.assertEqual(self._critical().urgency_level_id, self.critical)
        order = self._critical()
        self.assertEqual(order.urgency_level_id, self.normal)
        self.assertEqual(order.urgency_asked_level_id, self.critical)
        self.assertEqual(order.urgency_asked_user_id, self.care)
        self.assertTrue(order.urgency_reason)
        self.assertTrue(self._activities(order, self.seller, "urgency_asked"))
        self.assertFalse(self._activities(order, self.seller))

    def test_user_is_told(self):
        self._critical()
        self._notices("simple_notification")
        order = self._critical()
        ((channel, message),) = self._notices("simple_notification")
        self.assertIn(f'"res.partner",{self.care.partner_id.id}]', channel)
        self.assertIn(order.name, message)
        self.assertIn(self.seller.name, message)

    def test_no_quota_no_limit(self):
        for _order in range(3):
            self.assertTrue(self._urgent_sale().is_urgent)
        self.assertFalse(self._used())

    def test_managers_have_no_quota(self):
        for _order in range(2):
            self.assertTrue(self._critical(user=self.seller).is_urgent)
        self.assertFalse(self._used(self.seller))

    def test_what_comes_down_the_chain_is_free(self):
        sale = self._critical()
        sale.with_user(self.seller).action_confirm()
        self.assertEqual(self._purchase(sale).urgency_level_id, self.critical)
        self.assertEqual(self._used(), 1)

    def test_quota_is_of_each_user_and_month(self):
        self._critical()
        other = self._user("other", "sales_team.group_sale_salesman_all_leads")
        self.assertTrue(self._critical(user=other).is_urgent)
        later = fields.Datetime.add(fields.Datetime.now(), months=1)
        with freeze_time(later):
            self.assertTrue(self._critical().is_urgent)
            self.assertFalse(self._critical().is_urgent)

    def test_month_begins_where_the_user_works(self):
        counter = self.env["urgency.quota"]
        with freeze_time("2026-10-31 18:00:00"):
            self.assertEqual(
                counter._get_month(self.care), datetime(2026, 11, 1).date()
            )
            self.care.tz = False
            self.assertEqual(
                counter._get_month(self.care), datetime(2026, 10, 1).date()
            )

    # no way past it

    def test_every_way_to_set_it_counts(self):
        self._critical()
        order = self._sale()
        order.write(self._urgency(self.critical))
        self.assertFalse(order.is_urgent)
        forged = self.env(
            user=self.care,
            context={
                "default_urgency_level_id": self.critical.id,
                "default_urgency_reason": "x",
                "default_urgency_user_id": self.seller.id,
            },
        )["sale.order"].create({"partner_id": self.customer.id})
        self.assertFalse(forged.is_urgent)
        result = self.env(user=self.care)["sale.order"].load(
            ["partner_id/.id", "urgency_level_id/.id", "urgency_reason"],
            [[str(self.customer.id), str(self.critical.id), "x"]],
        )
        self.assertFalse(self.env["sale.order"].browse(result["ids"]).is_urgent)
        batch = self._sale() | self._sale()
        batch.write(self._urgency(self.critical))
        self.assertFalse(any(batch.mapped("is_urgent")))

    def test_last_slot_goes_to_one_of_many(self):
        batch = self._sale() | self._sale()
        batch.write(self._urgency(self.critical))
        self.assertEqual(batch.mapped("is_urgent"), [True, False])
        self.assertEqual(batch[1].urgency_asked_level_id, self.critical)

    def test_stamps_of_the_system_do_not_help(self):
        order = self._over()
        order.write(
            {
                "urgency_level_id": self.critical.id,
                "urgency_user_id": self.seller.id,
                "urgency_source_id": 1,
            }
        )
        self.assertFalse(order.is_urgent)

    def test_counter_cannot_be_touched(self):
        self._critical()
        counter = self.env["urgency.quota"].search([("user_id", "=", self.care.id)])
        for user in (self.care, self.seller):
            mine = counter.with_user(user)
            for change in (
                lambda mine=mine: mine.write({"used": 0}),
                mine.unlink,
                lambda mine=mine, user=user: mine.create(
                    {"user_id": user.id, "level_id": self.critical.id, "used": -9}
                ),
            ):
                with self.assertRaises(AccessError):
                    change()

    def test_request_needs_a_reason_too(self):
        self._critical()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._critical(urgency_reason=" ")

    # answers

    def test_manager_grants(self):
        order = self._over()
        order.with_user(self.seller).action_grant_urgency()
        self.assertEqual(order.urgency_level_id, self.critical)
        self.assertEqual(order.urgency_user_id, self.care)
        self.assertFalse(order.urgency_asked_level_id)
        self.assertFalse(self._activities(order, self.seller, "urgency_asked"))
        self.assertEqual(self._used(), 1)

    def test_manager_refuses_with_a_word(self):
        order = self._over()
        action = order.with_user(self.seller).action_open_urgency_refusal()
        wizard = self.env(user=self.seller)["urgency.answer"].with_context(
            **action["context"]
        )
        wizard.create({"text": "Next week is soon enough"}).action_confirm()
        self.assertFalse(order.is_urgent)
        self.assertFalse(order.urgency_asked_level_id)
        self.assertIn("soon enough", order.sudo().message_ids[0].body)

    def test_only_managers_answer(self):
        order = self._over()
        for method in ("action_grant_urgency", "action_refuse_urgency"):
            with self.assertRaises(AccessError):
                getattr(order, method)()

    def test_nothing_to_grant(self):
        order = self._sale()
        with self.assertRaises(UserError):
            order.with_user(self.seller).action_grant_urgency()

    def test_asker_takes_it_back(self):
        order = self._over()
        order.action_withdraw_urgency_request()
        self.assertFalse(order.urgency_asked_level_id)
        self.assertFalse(self._activities(order, self.seller, "urgency_asked"))

    def test_a_level_without_quota_ends_the_request(self):
        order = self._over()
        order.urgency_level_id = self.urgent
        self.assertTrue(order.is_urgent)
        self.assertFalse(order.urgency_asked_level_id)
        self.assertFalse(self._activities(order, self.seller, "urgency_asked"))

    def test_order_goes_on_while_asking(self):
        order = self._over()
        order.with_user(self.seller).action_confirm()
        self.assertEqual(order.state, "sale")
        order.with_user(self.seller).action_grant_urgency()
        self.assertEqual(self._purchase(order).urgency_level_id, self.critical)

    def test_without_any_manager_the_user_hears_whom_to_ask(self):
        order = self._sale()
        message = self.env["urgency.notice"]._get_request_message(
            order, self.critical, self.env["res.users"]
        )
        self.assertIn("administrator", message)
