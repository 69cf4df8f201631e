from datetime import date

from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CustomerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-28")
class TestReview(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.review_months = 6
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_partner SET create_date = '2025-01-01' WHERE id = ANY(%s)",
            [[cls.lan.id, cls.an_phat.id]],
        )
        cls.env.invalidate_all()

    def _due(self):
        mine = self.lan | self.an_phat
        return mine.search([("is_review_due", "=", True), ("id", "in", mine.ids)])

    def test_customers_nobody_has_confirmed_are_due(self):
        self.assertEqual(self._due(), self.lan | self.an_phat)
        self.assertTrue(self.lan.is_review_due)

    def test_without_the_setting_nobody_is(self):
        self.env.company.review_months = 0
        self.assertFalse(self._due())
        self.assertFalse(self.lan.is_review_due)

    @mute_logger("odoo.sql_db")
    def test_months_that_are_none_are_refused(self):
        for months in (-1, 121, 10**6):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.env.company.review_months = months
                self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.env.company.review_months, 6)

    def test_new_customers_are_not_due(self):
        customer = self._customer("New")
        self.assertFalse(customer.is_review_due)

    def test_the_button_says_who_and_when(self):
        self.lan.with_user(self.sales).action_confirm_data()
        self.assertEqual(self.lan.data_confirmed_on, date(2026, 11, 28))
        self.assertEqual(self.lan.data_confirmed_by_id, self.sales)
        self.assertEqual(self._due(), self.an_phat)
        with freeze_time("2027-05-29"):
            self.env.invalidate_all()
            self.assertEqual(self._due(), self.lan | self.an_phat)

    def test_who_is_not_due_is_found_too(self):
        self.lan.action_confirm_data()
        found = self.lan.search([("is_review_due", "=", False)])
        self.assertIn(self.lan, found)
        self.assertNotIn(self.an_phat, found)

    def test_nobody_confirms_with_anothers_name(self):
        self.lan.with_user(self.sales).write(
            {"data_confirmed_on": "2026-11-28", "data_confirmed_by_id": self.env.uid}
        )
        self.assertFalse(self.lan.data_confirmed_on)
        self.assertFalse(self.lan.data_confirmed_by_id)

    def test_who_may_not_change_a_customer_does_not_confirm_it(self):
        reader = new_test_user(self.env, "customer-reader", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.lan.with_user(reader).action_confirm_data()

    def test_whoever_looks_through_data_enters_nobody(self):
        """In the list, in the cards of a phone, and in what either opens."""
        action = self.env.ref("customer_base.customer_review_action")
        partners = self.env["res.partner"].with_user(self.sales)
        views = partners.get_views(action.views)["views"]
        self.assertEqual({"list", "kanban", "form"} & set(views), set(views))
        for kind, view in views.items():
            arch = etree.fromstring(view["arch"])
            self.assertEqual(arch.get("create"), "0", kind)

    def test_the_screen_has_it_only_when_it_is_wanted(self):
        menu = self.env.ref("customer_base.customer_review_menu")
        menus = self.env["ir.ui.menu"].with_user(self.sales)
        self.assertNotIn(menu.id, menus._visible_menu_ids())
        settings = self.env["res.config.settings"].create(
            {"group_customer_review": True}
        )
        settings.execute()
        self.assertIn(menu.id, menus._visible_menu_ids())
