"""What vendors enter on their page: days are news, prices and quantities proposals."""

from datetime import timedelta
from urllib.parse import urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import html2plaintext

from ..models.supply_answer import MOST_A_DAY
from .quotes_common import QuotesCommon


@tagged("post_install", "-at_install")
class TestQuoteAnswers(HttpCase, QuotesCommon):
    def setUp(self):
        super().setUp()
        self.near, self.other = self._rivals(100, 80)
        self.line = self.near.order_line

    def _url(self, order, token=None):
        url = order.get_dates_url()
        if token is None:
            return url
        return f"{urlsplit(url).path}?access_token={token}"

    def _page(self, order=None):
        return self.url_open(self._url(order or self.near)).text

    def _post(self, order=None, token=None, **data):
        self.authenticate(None, None)
        data = {"csrf_token": Request.csrf_token(self), **data}
        return self.url_open(self._url(order or self.near, token), data=data)

    def _enter(self, line=None, order=None, **values):
        """Enter *day*, *quantity* or *price* of a line, as the vendor."""
        names = {"day": "line", "quantity": "quantity", "price": "price"}
        line = line or self.line
        data = {f"{names[what]}_{line.id}": str(each) for what, each in values.items()}
        return self._post(order or line.order_id, **data).text

    def _answers(self, line=None):
        domain = [("line_id", "in", (line or self.line).ids)]
        return self.env["supply.answer"].search(domain, order="id")

    def _ordered(self):
        self.near.button_cancel()
        order = self._quote(self.vendor, (self.kept, 10, 100))
        order.button_confirm()
        return order.order_line

    # ------------------------------------------------------------
    # QUOTATIONS
    # ------------------------------------------------------------

    def test_price_and_quantity_are_proposed_and_change_nothing(self):
        text = self._enter(price="95,50", quantity=8)
        self.assertIn("o_vendor_thanks", text)
        self.assertEqual((self.line.price_unit, self.line.product_qty), (100, 10))
        (answer,) = self._answers()
        self.assertEqual((answer.price_unit, answer.quantity), (95.5, 8))
        self.assertEqual((answer.price_before, answer.quantity_before), (100, 10))
        self.assertEqual(answer.state, "open")
        self.assertTrue(self.line.vendor_answered_on)
        to_do = self.near.activity_ids.activity_type_id
        self.assertEqual(
            to_do, self.env.ref("crm_purchase_bridge.mail_activity_type_answer")
        )

    def test_the_buyer_takes_it_over_at_once(self):
        day = self.line.date_planned
        self._enter(price=95, quantity=8)
        self.near.with_user(self.buyer).action_take_over_answers()
        self.assertEqual((self.line.price_unit, self.line.product_qty), (95, 8))
        self.assertEqual(self.line.date_planned, day)
        answer = self._answers()
        self.assertEqual((answer.state, answer.decided_by_id), ("taken", self.buyer))
        self.assertFalse(self.near.activity_ids)
        with self.assertRaises(UserError):
            answer.with_user(self.buyer).action_take_over()

    def test_the_buyer_declines_it(self):
        self._enter(price=95)
        self.near.with_user(self.buyer).action_decline_answers()
        self.assertEqual(self.line.price_unit, 100)
        self.assertEqual(self._answers().state, "declined")

    def test_the_day_of_a_quotation_is_taken_down(self):
        self._enter(day=self._day(9))
        self.assertEqual(self.line.date_planned.date(), self._day(9))
        self.assertFalse(self._answers())

    def test_what_the_order_says_already_is_an_answer_but_no_proposal(self):
        self._enter(price=100, quantity=10)
        self.assertFalse(self._answers())
        self.assertTrue(self.line.vendor_answered_on)

    def test_the_last_answer_counts(self):
        self._enter(price=95)
        self._enter(price=95)
        self._enter(price=90)
        self.assertEqual(self._answers().mapped("state"), ["replaced", "open"])
        self._enter(price=100)
        self.assertEqual(set(self._answers().mapped("state")), {"replaced"})

    def test_open_panels_look_again_though_no_day_is_named(self):
        self._follow_supply()
        self.assertFalse(self.env["supply.change"].search_count([]))
        told = []
        self.patch(
            type(self.env["supply.change"]),
            "_tell_panels",
            lambda _self, products, _lines: told.extend(products.ids),
        )
        self._enter(price=100)
        self._follow_supply()
        self.assertEqual(told, self.kept.ids)

    def test_an_order_under_approval_is_not_touched(self):
        self._rule(self.manager)
        self.quotes.choose(self.near.id, self._look(self.near)["stamp"])
        process = self.near.approval_process_id
        self._enter(price=5, quantity=1, day=self._day(9))
        self.assertEqual((self.line.price_unit, self.line.product_qty), (100, 10))
        self.assertEqual(self.near.approval_process_id, process)
        self.assertEqual((process.state, self.near.state), ("open", "to approve"))
        self.near.with_user(self.manager).action_approve()
        self.assertEqual(self.near.state, "purchase")

    def test_a_cancelled_quotation_asks_nothing(self):
        self.near.button_cancel()
        self.assertIn("o_vendor_over", self._page())
        self._enter(price=5)
        self.assertFalse(self._answers())

    def test_none_can_be_offered(self):
        self._enter(quantity=0, price=95)
        self.assertEqual(self._answers().quantity, 0)

    # ------------------------------------------------------------
    # ORDERS
    # ------------------------------------------------------------

    def test_of_an_order_the_quantity_is_proposed_and_the_approval_stays(self):
        self._rule(self.manager)
        line = self._ordered()
        order = line.order_id
        order.with_user(self.manager).action_approve()
        self._enter(line, quantity=7, day=self._day(9))
        process = order.approval_process_id
        self.assertEqual((order.state, process.state), ("purchase", "approved"))
        self.assertEqual(line.product_qty, 10)
        self.assertEqual(line.date_planned.date(), self._day(9))
        self.assertEqual(self._answers(line).quantity, 7)

    def test_taking_it_over_is_a_change_that_the_gate_judges(self):
        self._rule(self.manager)
        line = self._ordered()
        order = line.order_id
        order.with_user(self.manager).action_approve()
        self._enter(line, quantity=20)
        order.with_user(self.buyer).action_take_over_answers()
        self.assertEqual(order.state, "to approve")

    def test_no_price_of_an_order_is_asked_or_taken(self):
        line = self._ordered()
        self.assertNotIn(f"price_{line.id}", self._page(line.order_id))
        self._enter(line, price=5, day=self._day(9))
        self.assertFalse(self._answers(line))

    def test_what_has_come_already_is_added(self):
        line = self._ordered()
        move = line.move_ids
        move.quantity, move.picked = 4, True
        move._action_done(cancel_backorder=False)
        self._enter(line, quantity=5)
        self.assertEqual(self._answers(line).quantity, 9)

    # ------------------------------------------------------------
    # DEPOSITS
    # ------------------------------------------------------------

    def test_the_vendor_reads_how_its_deposit_stands(self):
        self.env["deposit.rule"].create(
            {
                "name": "On order",
                "company_id": self.company.id,
                "line_ids": [(0, 0, {"name": "On order", "percent": 30})],
            }
        )
        line = self._ordered()
        deposit = line.order_id.deposit_ids
        self.assertTrue(deposit)
        text = self._page(line.order_id)
        self.assertIn("o_vendor_deposits", text)
        self.assertIn("asked for", text)
        self.assertIn("300", text)
        self.assertNotIn("o_vendor_deposits", self._page(self.other))

    # ------------------------------------------------------------
    # ATTACKS
    # ------------------------------------------------------------

    def test_another_orders_link_opens_nothing(self):
        token = self.other._portal_ensure_token()
        page = self._post(token=token, **{f"price_{self.line.id}": "1"}).text
        self.assertNotIn("o_vendor_dates", page)
        self.assertFalse(self._answers())

    def test_lines_of_other_orders_are_not_touched(self):
        line = self.other.order_line
        day = line.date_planned
        self._enter(line, order=self.near, price=1, quantity=1, day=self._day(2))
        self.assertFalse(self._answers(line))
        self.assertEqual(line.date_planned, day)
        self.assertFalse(line.vendor_answered_on)

    def test_numbers_that_make_no_sense_are_refused(self):
        for value in (
            "-1", "nan", "inf", "1e9", "0x10", "1" * 5000, "1.2.3",
            "1.000", "१", "²", "1 000", "١٢", "+5", "1,000,00", "--", "<b>",
            "1.1234567",
        ):  # fmt: skip
            for what in ("price", "quantity"):
                text = self._enter(**{what: value})
                self.assertIn("o_vendor_wrong", text, (what, value[:20]))
        self.assertIn("o_vendor_wrong", self._enter(price=0))
        self.assertFalse(self._answers())
        self.assertFalse(self.line.vendor_answered_on)

    def test_days_that_make_no_sense_are_refused(self):
        for day in (self._day(-1), self._day(5000), "never", "2030-02-31", "9" * 5000):
            self.assertIn("o_vendor_wrong", self._enter(day=day), str(day)[:20])
        self.assertFalse(self.line.vendor_answered_on)

    def test_one_wrong_line_keeps_all_from_being_written(self):
        order = self._quote(self.vendor, (self.kept, 1, 5), (self.product, 1, 5))
        one, two = order.order_line
        text = self._post(
            order,
            **{f"price_{one.id}": "4", f"price_{two.id}": "nan", "note": "<b>Hello"},
        ).text
        self.assertIn("o_vendor_wrong", text)
        self.assertFalse(self._answers(one))
        # what was typed is still there, and is text
        self.assertIn('value="4"', text)
        self.assertIn("&lt;b&gt;Hello", text)

    def test_thousands_of_lines_are_not_even_read(self):
        data = {f"price_{number}": "1" for number in range(3000)}
        data.update({f"line_{'9' * 5000}": "2030-01-01", "line_x": "1", "price_": "1"})
        data.pop(f"price_{self.line.id}", None)
        page = self._post(**data)
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_vendor_wrong", page.text)
        self.assertFalse(self.env["supply.answer"].search_count([]))

    def test_a_vendor_does_not_fill_the_database(self):
        for number in range(MOST_A_DAY):
            self.near.sudo()._vendor_answers({self.line.id: {"price": str(number + 1)}})
        self.assertIn("o_vendor_wrong", self._enter(price=999))
        self.assertEqual(len(self._answers()), MOST_A_DAY)

    def test_nobody_writes_answers_past_the_page(self):
        self._enter(price=95)
        answer = self._answers()
        for user in (self.care, self.buyer, self.admin):
            with self.assertRaises(AccessError):
                answer.with_user(user).write({"price_unit": 1})
        with self.assertRaises(AccessError):
            answer.with_user(self.care).action_take_over()
        with self.assertRaises(AccessError):
            self.near.with_user(self.care).action_take_over_answers()

    def test_the_page_says_nothing_of_others(self):
        sale = self._lack()
        self.kept.standard_price = 7654321
        self.other.order_line.price_unit = 4321987
        text = self._page()
        for secret in (
            sale.name,
            self.customer.name,
            self.far.name,
            self.other.name,
            "7,654,321",
            "4,321,987",
        ):
            self.assertNotIn(secret, text)

    def test_our_cost_is_not_on_the_page(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.kept.standard_price = 7654321
        order = self._quote(stranger, (self.kept, 1, 7654321))
        self.assertNotIn("7,654,321", self._page(order))

    # ------------------------------------------------------------
    # ASKING THEM
    # ------------------------------------------------------------

    def test_each_vendor_gets_a_link_of_its_own(self):
        self.near.with_user(self.buyer).action_ask_quotes()
        self.assertEqual((self.near | self.other).mapped("state"), ["sent", "sent"])
        for order, rival in ((self.near, self.other), (self.other, self.near)):
            mails = order.message_ids.filtered(
                lambda mail, order=order: f"/my/purchase/{order.id}/dates?" in mail.body
            )
            self.assertEqual(len(mails), 1)
            self.assertIn(order.partner_id, mails.notified_partner_ids)
            # what is read, without the link's address, which has numbers of its own
            text = html2plaintext(mails.body, include_references=False)
            for secret in (rival.name, rival.partner_id.name):
                self.assertNotIn(secret, text)
            self.assertNotRegex(text, r"\b(100|80)\b")
        self.near.with_user(self.buyer).action_ask_quotes()
        self.assertEqual(
            len(self.near.message_ids.filtered(lambda m: "/dates?" in m.body)), 1
        )

    def test_who_has_answered_is_not_asked(self):
        self._enter(price=95)
        self._enter(self.other.order_line, price=70)
        with self.assertRaisesRegex(UserError, "have answered"):
            self.near.with_user(self.buyer).action_ask_quotes()

    def test_what_the_buyer_enters_after_asking_is_the_vendors_answer(self):
        self.near.with_user(self.buyer).action_ask_quotes()
        self.line.with_user(self.buyer).price_unit = 93
        self.assertTrue(self._seen(self.near)["is_answered"])
        self.assertFalse(self._seen(self.other)["is_answered"])

    # ------------------------------------------------------------
    # CUSTOMER CARE
    # ------------------------------------------------------------

    def _card(self, sale):
        panel = self.env(user=self.care)["supply.panel"]
        (card,) = panel.get_panel("sale.order", sale.id)["cards"]
        return card

    def test_care_reads_how_far_quotes_are_and_the_best_day(self):
        sale = self._lack()
        self.assertIn("2 vendors", self._card(sale)["quotes"])
        self.near.with_user(self.buyer).action_ask_quotes()
        self.assertIn("2 quotes asked, none", self._card(sale)["quotes"])
        self._enter(price=95, day=self._day(4))
        text = self._card(sale)["quotes"]
        self.assertIn("2 quotes asked, 1 answered", text)
        slack = self._offer(self.near)["slack"]
        best = self._day(10) - timedelta(days=slack)
        self.assertIn(self.env["supply.panel"]._say_day(best), text)

    def test_care_reads_it_of_what_is_made_to_order_too(self):
        sale = self._sale(quantity=10, confirm=True)
        near = self._purchase(sale)
        far = near.copy({"partner_id": self.far.id, "purchase_group_id": False})
        self.env["purchase.order.group"].create(
            {"order_ids": [(6, 0, (near + far).ids)]}
        )
        self._follow_supply()
        self.assertIn("2 vendors", self._card(sale)["quotes"])

    def test_care_reads_no_vendor_and_no_price_of_quotes(self):
        sale = self._lack()
        self.near.order_line.price_unit = 98765
        self.near.with_user(self.buyer).action_ask_quotes()
        self._enter(price=98764)
        panel = self.env(user=self.care)["supply.panel"]
        text = str(panel.get_panel("sale.order", sale.id))
        for secret in ("98765", "98764", self.far.name, self.other.name):
            self.assertNotIn(secret, text)

    def test_of_what_is_chosen_nothing_is_said_of_quotes(self):
        sale = self._lack()
        self._rule(self.manager)
        self.quotes.choose(self.near.id, self._look(self.near)["stamp"])
        self.assertFalse(self._card(sale)["quotes"])

    def test_without_alternatives_the_panel_says_nothing_of_quotes(self):
        (self.near | self.other).purchase_group_id.unlink()
        self.assertFalse(self._card(self._lack())["quotes"])
