import re
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .common import BridgeCommon


@tagged("post_install", "-at_install")
class TestAskVendor(HttpCase, BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor.write({"email": "vendor@example.com", "name": "Prompt Vendor"})

    def setUp(self):
        super().setUp()
        self.today = self.env.company._approval_day()
        self.line = self._late()
        self.order = self.line.order_id

    def _day(self, number):
        return self.today + timedelta(days=number)

    def _late(self):
        """Return a line that should have come three days ago."""
        self._buy_kept(datetime.combine(self._day(-3), time(12)))
        domain = [("product_id", "=", self.kept.id)]
        line = self.env["purchase.order.line"].search(domain, order="id desc", limit=1)
        line.order_id.user_id = self.buyer
        return line

    def _come(self):
        move = self.line.move_ids
        move.quantity, move.picked = move.product_uom_qty, True
        move._action_done()

    def _ask(self, lines=None, user=None):
        return (lines or self.line).with_user(user or self.buyer).action_ask_vendor()

    def _mails(self):
        domain = [("model", "=", "purchase.order"), ("res_id", "in", self.order.ids)]
        mails = self.env["mail.message"].search(domain)
        return mails.filtered(lambda mail: "Say When It Comes" in mail.body)

    def _page(self, token=None, order=None, **days):
        """Open the page as the vendor, or send it with days by id of the line."""
        url = (order or self.order).get_dates_url()
        if token is not None:
            url = f"{urlsplit(url).path}?access_token={token}"
        if not days:
            return self.url_open(url)
        self.authenticate(None, None)
        data = {"csrf_token": Request.csrf_token(self), **days}
        return self.url_open(url, data=data)

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    def test_the_vendor_gets_one_mail_with_the_link(self):
        self._ask()
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        self.assertIn(self.vendor, mail.notified_partner_ids | mail.partner_ids)
        self.assertIn(f"/my/purchase/{self.order.id}/dates?", mail.body)
        self.assertIn(self.line.product_id.display_name, mail.body)
        self.assertTrue(self.line.vendor_asked_on)

    def test_a_line_is_asked_about_once_a_day(self):
        self._ask()
        self._ask()
        self._ask(self.line | self.line)
        self.assertEqual(len(self._mails()), 1)

    def test_no_customer_and_no_price_is_in_the_mail(self):
        self.line.price_unit = 987654321
        sale = self._sale(quantity=6, product=self.kept)
        sale.action_confirm()
        self._ask()
        digits = re.sub(r"[.,\s\xa0]", "", self._mails().body)
        self.assertNotIn("987654321", digits)
        self.assertNotIn(sale.name, self._mails().body)
        self.assertNotIn(sale.partner_id.name, self._mails().body)

    def test_a_vendor_without_address_is_named(self):
        self.vendor.email = False
        with self.assertRaisesRegex(UserError, "Prompt Vendor"):
            self._ask()

    def test_what_has_come_is_not_asked_about(self):
        self._come()
        with self.assertRaises(UserError):
            self._ask()

    def test_who_does_not_buy_asks_nobody(self):
        with self.assertRaises(AccessError):
            self._ask(user=self.care)

    # ------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------

    def _answer(self, day, **values):
        return self._page(**{f"line_{self.line.id}": str(day), **values})

    def test_the_vendor_names_another_day(self):
        self._ask()
        page = self._answer(self._day(4), note="The ship is late")
        self.assertIn("o_vendor_thanks", page.text)
        self.assertEqual(self.line.date_planned.date(), self._day(4))
        self.assertTrue(self.line.vendor_answered_on)
        self.assertTrue(self.order.acknowledged)
        notes = "".join(self.order.message_ids.mapped("body"))
        self.assertIn("The ship is late", notes)
        to_dos = self.order.activity_ids.filtered(
            lambda to_do: to_do.user_id == self.buyer
        )
        self.assertTrue(to_dos)

    def test_a_day_of_the_vendor_is_no_new_decision(self):
        self._rule(self.manager, self.director)
        self.order = self._approved()
        self.line = self.order.order_line
        self.line.date_planned = datetime.combine(self._day(-3), time(12))
        process = self.order.approval_process_id
        self.assertEqual(process.state, "approved")
        self._answer(self._day(4))
        self.assertEqual(self.line.date_planned.date(), self._day(4))
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(self.order.approval_process_id, process)
        self.assertEqual(process.state, "approved")
        of_order = [
            ("res_model", "=", "purchase.order"),
            ("res_id", "=", self.order.id),
        ]
        self.assertEqual(self.env["approval.process"].search(of_order), process)

    def test_the_vendor_confirms_the_day(self):
        self.line.date_planned = datetime.combine(self._day(2), time(12))
        self._ask()
        self._answer(self._day(2))
        self.assertTrue(self.line.vendor_answered_on)
        self.assertEqual(self.line.date_planned.date(), self._day(2))

    def test_a_day_in_the_past_or_no_day_is_refused(self):
        planned = self.line.date_planned
        for day in (self._day(-1), self._day(5000), "never", "2030-02-31"):
            self.assertIn("o_vendor_wrong", self._answer(day).text)
        self.assertEqual(self.line.date_planned, planned)
        self.assertFalse(self.line.vendor_answered_on)

    def test_lines_of_other_orders_are_not_touched(self):
        other = self._late()
        planned = other.date_planned
        page = self._page(**{f"line_{other.id}": str(self._day(4))})
        self.assertIn("o_vendor_wrong", page.text)
        self.assertEqual(other.date_planned, planned)

    def test_without_the_link_there_is_no_page(self):
        for token in ("", "wrong", self._late().order_id._portal_ensure_token()):
            self.assertNotIn("o_vendor_dates", self._page(token=token).text)

    def test_the_page_says_nothing_of_customers_and_prices(self):
        self.line.price_unit = 987654
        sale = self._sale(quantity=6, product=self.kept)
        sale.action_confirm()
        text = self._page().text
        self.assertIn("o_vendor_dates", text)
        for secret in (sale.name, sale.partner_id.name):
            self.assertNotIn(secret, text)
        self.assertNotRegex(text, r"987\D?654")

    def test_what_has_come_is_not_on_the_page(self):
        self._come()
        self.assertNotIn("o_vendor_dates", self._page().text)

    def test_a_vendor_who_is_logged_in_finds_the_page(self):
        """From Odoo's own page of the order, without the link of the e-mail."""
        user = self._vendor_user(self.order.partner_id)
        self.order.message_subscribe(user.partner_id.commercial_partner_id.ids)
        self.authenticate(user.login, user.login)
        page = f"/my/purchase/{self.order.id}"
        self.assertIn(f'href="{page}/dates?"', self.url_open(page).text)
        self.assertIn("o_vendor_dates", self.url_open(f"{page}/dates").text)
        self._come()
        self.assertNotIn("o_vendor_answer", self.url_open(page).text)

    def test_another_vendor_does_not(self):
        other = self.env["res.partner"].create({"name": "Another Vendor"})
        user = self._vendor_user(other)
        self.authenticate(user.login, user.login)
        page = f"/my/purchase/{self.order.id}"
        for path in (page, f"{page}/dates"):
            self.assertNotIn(self.order.name, self.url_open(path).text)

    def _vendor_user(self, vendor):
        user = new_test_user(
            self.env,
            "vendor-portal",
            groups="base.group_portal",
            password="vendor-portal",
        )
        user.partner_id.parent_id = vendor
        return user
