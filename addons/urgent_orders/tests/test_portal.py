import re
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestPortal(HttpCase, UrgencyCommon):
    """Customers ask for urgency on the page of their order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.portal_urgency = True
        cls.guest = new_test_user(
            cls.env, "guest@urgent.example", groups="base.group_portal"
        )
        cls.customer = cls.guest.partner_id
        cls.order = cls._sale(user_id=cls.care.id)
        cls.order.sudo().state = "sent"
        cls.day = fields.Date.today() + timedelta(days=4)

    def _page(self):
        return self.url_open(self.order.sudo().get_portal_url()).text

    def _ask(self, reason="The ward opens", needed_by=None, order=None, **post):
        page = self._page()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        values = {
            "csrf_token": found and found[1],
            "access_token": self.order.sudo().access_token,
            "reason": reason,
            "needed_by": str(needed_by or self.day),
            **post,
        }
        order = order or self.order
        response = self.url_open(f"/my/orders/{order.id}/urgency", data=values)
        self.env.invalidate_all()
        return response

    def _wizard(self, method, **values):
        action = getattr(self.order, method)()
        wizard = self.env(user=self.care)["urgency.answer"]
        return wizard.with_context(**action["context"]).create(values)

    # asking

    def test_customer_asks_without_an_account(self):
        response = self._ask()
        self.assertIn("We will answer you soon", response.text)
        order = self.order.sudo()
        self.assertEqual(order.customer_urgency_state, "asked")
        self.assertEqual(order.customer_needed_by, self.day)
        self.assertTrue(self._activities(order, self.care, "customer_wish"))
        message = order.message_ids[0]
        self.assertEqual(message.author_id, self.customer)
        self.assertIn("The ward opens", message.body)
        self.assertFalse(order.is_urgent)

    def test_customer_asks_with_an_account(self):
        self.authenticate(self.guest.login, self.guest.login)
        self._ask(access_token="")
        self.assertEqual(self.order.sudo().customer_urgency_state, "asked")

    def test_only_where_the_company_allows_it(self):
        self.assertIn("Ask for earlier delivery", self._page())
        self.company.portal_urgency = False
        self.assertNotIn("Ask for earlier delivery", self._page())
        self._ask()
        self.assertFalse(self.order.sudo().customer_urgency_state)

    def test_once_while_it_is_open(self):
        self._ask()
        self.assertNotIn("Ask for earlier delivery", self._page())
        self._ask("Again")
        self.assertEqual(self.order.sudo().customer_urgency_reason, "The ward opens")

    def test_not_for_orders_of_others_nor_without_token(self):
        stranger = self._sale(partner_id=self.vendor.id)
        self._ask(order=stranger)
        self._ask(access_token="wrong")
        self._ask(access_token="")
        for order in (stranger, self.order):
            self.assertFalse(order.sudo().customer_urgency_state)

    @mute_logger("odoo.http")
    def test_not_without_csrf_token(self):
        response = self._ask(csrf_token="")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.order.sudo().customer_urgency_state)

    def test_nonsense_is_refused_kindly(self):
        today = fields.Date.today()
        for day in (today - timedelta(days=2), today + timedelta(days=400)):
            self.assertIn("from today to one year", self._ask(needed_by=day).text)
        for text in ("yesterday", "9999-99-99", "2026-13-01", "' OR 1=1", " "):
            self.assertIn("from today to one year", self._ask(needed_by=text).text)
        for reason in (" ", "x" * 501):
            self.assertIn("at most 500", self._ask(reason).text)
        self.assertFalse(self.order.sudo().customer_urgency_state)

    def test_text_of_the_customer_is_only_text(self):
        response = self._ask("<script>alert(1)</script>")
        self.assertNotIn("<script>alert(1)", response.text)
        body = self.order.sudo().message_ids[0].body
        self.assertNotIn("<script>", body)
        note = self._activities(self.order, self.care, "customer_wish").note
        self.assertNotIn("<script>", note)

    def test_cancelled_and_urgent_orders_do_not_ask(self):
        self.order.sudo().write(self._urgency())
        self.assertNotIn("Ask for earlier delivery", self._page())
        other = self._sale()
        other.sudo().state = "cancel"
        self.assertFalse(other._portal_may_ask_urgency())

    def test_portal_users_cannot_write_it_themselves(self):
        for values in ({"customer_urgency_state": "accepted"}, self._urgency()):
            with self.assertRaises(AccessError):
                self.order.with_user(self.guest).write(values)

    def test_employees_cannot_forge_a_wish(self):
        self.order.write({"customer_urgency_state": "asked"})
        self.assertFalse(self.order.customer_urgency_state)
        forged = self.env(
            user=self.care, context={"default_customer_urgency_state": "asked"}
        )["sale.order"].create({"partner_id": self.customer.id})
        self.assertFalse(forged.customer_urgency_state)

    def test_page_tells_no_purchase_prices(self):
        self.product.standard_price = 98765
        self._ask()
        self.assertNotIn("98765", self._page())

    # answers

    def test_sales_accepts(self):
        self._ask()
        wizard = self._wizard("action_open_wish_acceptance")
        self.assertEqual(wizard.urgency_level_id, self.urgent)
        wizard.action_confirm()
        self.assertEqual(self.order.urgency_level_id, self.urgent)
        self.assertEqual(self.order.urgency_reason, "The ward opens")
        self.assertEqual(self.order.needed_by.date(), self.day)
        self.assertEqual(self.order.customer_urgency_state, "accepted")
        self.assertFalse(self._activities(self.order, self.care, "customer_wish"))
        self.assertIn("treated as urgent", self._page())

    def test_sales_declines(self):
        self._ask()
        wizard = self._wizard("action_open_wish_refusal", text="Tuesday is possible")
        wizard.action_confirm()
        self.assertEqual(self.order.customer_urgency_state, "declined")
        message = self.order.sudo().message_ids[0]
        self.assertIn("Tuesday is possible", message.body)
        self.assertIn(self.customer, message.notified_partner_ids)
        self.assertFalse(self.order.is_urgent)
        self.assertIn("Ask for earlier delivery", self._page())

    def test_beyond_the_quota_the_customer_hears_when_it_is_granted(self):
        self.urgent.quota = 1
        self._urgent_sale()
        self._ask()
        self._wizard("action_open_wish_acceptance").action_confirm()
        self.assertEqual(self.order.urgency_asked_level_id, self.urgent)
        self.assertEqual(self.order.customer_urgency_state, "asked")
        self.order.with_user(self.seller).action_grant_urgency()
        self.assertEqual(self.order.customer_urgency_state, "accepted")

    def test_cancelling_the_order_ends_the_wish(self):
        self._ask()
        self.order._action_cancel()
        self.assertEqual(self.order.customer_urgency_state, "declined")
        self.assertFalse(self._activities(self.order, self.care, "customer_wish"))

    def test_nothing_to_answer(self):
        for method in ("action_open_wish_acceptance", "action_open_wish_refusal"):
            with self.assertRaises(UserError):
                getattr(self.order, method)()

    def test_colleagues_cannot_answer_for_others(self):
        self._ask()
        other = self._user("other", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.order.with_user(other).action_open_wish_refusal()
        wizard = self.env(user=other)["urgency.answer"].create(
            {
                "answer": "accept",
                "res_model": "sale.order",
                "res_ids": self.order.ids,
                "urgency_level_id": self.urgent.id,
            }
        )
        with self.assertRaises(AccessError):
            wizard.action_confirm()

    def test_without_salesperson_the_managers_are_asked(self):
        self.order.sudo().write(
            {"user_id": False, "message_partner_ids": [Command.clear()]}
        )
        self._ask()
        self.assertTrue(self._activities(self.order, self.seller, "customer_wish"))
