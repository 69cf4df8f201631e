import base64
import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import timeline_access
from ..models.timeline_words import SENTENCES
from .common import TimelineCommon


def forged(place):
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


@tagged("post_install", "-at_install")
class TestFeed(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()
        cls.order = cls._sale(user_id=cls.seller.id)
        cls.purchase = cls._buy(cls.order)
        cls._receive(cls.purchase)
        cls._run()

    def _page(self, user, record, **options):
        feed = self.env["timeline.feed"].with_user(user)
        return feed.get_page(record._name, record.id, **options)

    def test_case_shows_states_to_who_may_read_it(self):
        kinds = [e["kind"] for e in self._page(self.seller, self.order)["events"]]
        self.assertIn("purchase.ordered", kinds)
        self.assertIn("sale.confirmed", kinds)

    def test_seller_reads_no_purchase_price_and_opens_no_purchase(self):
        events = self._page(self.seller, self.order)["events"]
        bought = [e for e in events if e["kind"].startswith("purchase.")]
        self.assertTrue(bought)
        self.assertFalse([e for e in bought if e["amount"] or e["open"]])
        sold = [e for e in events if e["kind"].startswith("sale.")]
        self.assertTrue(sold and all(event["open"] for event in sold))
        confirmed = next(e for e in sold if e["kind"] == "sale.confirmed")
        self.assertEqual(confirmed["amount"]["value"], self.order.amount_total)

    def test_buyer_reads_purchase_prices_and_no_sale(self):
        events = self._page(self.buyer, self.purchase)["events"]
        self.assertTrue(events)
        self.assertFalse([e for e in events if e["kind"].startswith("sale.")])
        ordered = next(e for e in events if e["kind"] == "purchase.ordered")
        self.assertEqual(ordered["amount"]["value"], self.purchase.amount_total)
        with self.assertRaises(AccessError):
            self._page(self.buyer, self.order)

    def test_buyer_reads_no_case_in_the_story_of_a_customer(self):
        self.assertEqual(self._page(self.buyer, self.customer)["events"], [])

    def test_story_of_a_customer_shows_own_orders_only(self):
        self.assertTrue(self._page(self.seller, self.customer)["events"])
        self.assertEqual(self._page(self.other_seller, self.customer)["events"], [])
        with self.assertRaises(AccessError):
            self._page(self.other_seller, self.order)

    def test_customer_in_the_portal_reads_nothing(self):
        """Not even of their own orders: what we buy is not for them."""
        portal = self._user("portal2", "base.group_portal")
        self.order.partner_id = portal.partner_id
        self.order.message_subscribe(portal.partner_id.ids)
        for model, method in (
            ("timeline.feed", "get_page"),
            ("timeline.feed", "get_head"),
            ("timeline.lanes", "get_lanes"),
        ):
            story = self.env[model].with_user(portal)
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(story, method)("sale.order", self.order.id)
        with self.assertRaises(AccessError):
            self._page(portal, portal.partner_id)

    def test_invoice_of_no_order_is_for_who_may_read_it(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_user_id": self.seller.id,
                "invoice_line_ids": [(0, 0, {"name": "Bed", "price_unit": 7})],
            }
        )
        invoice.action_post()
        self._run()
        clerk = self._user("clerk", "account.group_account_invoice")
        for user, is_there in (
            (clerk, True),
            (self.other_seller, False),
            (self.buyer, False),
        ):
            with self.subTest(user=user.name):
                events = self._page(user, self.customer)["events"]
                kinds = [event["kind"] for event in events]
                self.assertEqual("invoice.posted" in kinds, is_there)

    def test_pages_are_full_and_join_up_both_ways(self):
        """A reader of few events among many gets full pages of them."""
        mine = self.order
        for number in range(12):
            owner = self.other_seller if number % 4 else self.seller
            order = self._sale(confirm=False, user_id=owner.id)
            self.env.flush_all()
            order._action_cancel()
            mine |= order if owner == self.seller else order.browse()
        self._run()
        whole = self._page(self.seller, self.customer, limit=200)["events"]
        ids = [event["id"] for event in whole]
        self.assertGreater(len(ids), 9)
        found, key, pages = [], None, []
        while True:
            page = self._page(self.seller, self.customer, before=key, limit=4)
            pages.append(page)
            found += [event["id"] for event in page["events"]]
            key = page["older"]
            if not key:
                break
            self.assertEqual(len(page["events"]), 4)
        self.assertEqual(found, ids)
        back = self._page(self.seller, self.customer, after=pages[2]["newer"], limit=4)
        self.assertEqual(back["events"], pages[1]["events"])
        self.assertTrue(back["newer"])
        first = self._page(self.seller, self.customer, after=back["newer"], limit=4)
        self.assertEqual(first["events"], pages[0]["events"])
        self.assertFalse(first["newer"])

    def test_words_are_the_readers(self):
        event = self._page(self.seller, self.order, kinds=["sale.confirmed"])
        self.assertIn(self.order.name, event["events"][0]["text"])

    def test_filters(self):
        page = self._page(self.seller, self.order, departments=["purchase"])
        self.assertEqual(
            {event["department"] for event in page["events"]}, {"purchase"}
        )
        page = self._page(self.seller, self.order, kinds=["picking", "sale.confirmed"])
        kinds = {event["kind"] for event in page["events"]}
        self.assertIn("sale.confirmed", kinds)
        self.assertEqual({kind.split(".")[0] for kind in kinds}, {"picking", "sale"})

    def test_filter_by_people(self):
        order = self._sale(confirm=False, user_id=self.seller.id)
        self._run()
        order.with_user(self.seller).action_confirm()
        self._run()
        by_user = {}
        for event in self._events(sale_id=order.id, is_shown=True):
            by_user.setdefault(event.user_id, set()).add(event.id)
        me, seller, nobody = self.env.uid, self.seller.id, self.other_seller.id
        self.assertEqual(set(by_user), {me, seller})

        def found(*users):
            page = self._page(self.seller, order, users=list(users))
            return {event["id"]: event for event in page["events"]}

        self.assertEqual(set(found(me)), by_user[me])
        self.assertEqual(set(found(seller)), by_user[seller])
        self.assertEqual(set(found(me, seller)), by_user[me] | by_user[seller])
        self.assertFalse(found(nobody))
        self.assertEqual({each["user"] for each in found(seller).values()}, {"seller"})
        kinds = {each["kind"] for each in found(me).values()}
        self.assertIn("sale.quoted", kinds)
        self.assertNotIn("sale.confirmed", kinds)
        kinds = {each["kind"] for each in found(seller).values()}
        self.assertIn("sale.confirmed", kinds)
        self.assertNotIn("sale.quoted", kinds)

    def test_filter_by_moments(self):
        """The first one is in it, the last one is not."""
        self._forget()
        sale = ("sale.order", self.order.id, None)
        self._forge(
            self.order.id,
            ("2026-01-05 01:00:00", "sale.quoted", *sale),
            ("2026-01-06 01:00:00", "sale.sent", *sale),
            ("2026-01-07 01:00:00", "sale.confirmed", *sale),
        )
        for start, end, expected in (
            (None, None, ["sale.confirmed", "sale.sent", "sale.quoted"]),
            ("2026-01-06 01:00:00", None, ["sale.confirmed", "sale.sent"]),
            ("2026-01-06 01:00:01", None, ["sale.confirmed"]),
            (None, "2026-01-06 01:00:01", ["sale.sent", "sale.quoted"]),
            (None, "2026-01-06 01:00:00", ["sale.quoted"]),
            ("2026-01-06 01:00:00", "2026-01-07 01:00:00", ["sale.sent"]),
            ("2026-01-07", "2026-01-08", ["sale.confirmed"]),
            ("2026-01-08", None, []),
        ):
            with self.subTest(start=start, end=end):
                page = self._page(self.seller, self.order, date_from=start, date_to=end)
                kinds = [event["kind"] for event in page["events"]]
                self.assertEqual(kinds, expected)

    def test_head_says_what_may_be_chosen(self):
        feed = self.env["timeline.feed"].with_user(self.seller)
        head = feed.get_head("res.partner", self.contact.id)
        self.assertEqual(head["name"], self.customer.display_name)
        self.assertIn(("sale", "Orders"), head["kinds"])
        self.assertIn("approval", dict(head["departments"]))

    def test_story_at_a_date_goes_both_ways(self):
        """Who jumps to a date reads what was before it, and goes on to what came
        after."""
        self._forget()
        sale = self.order.id
        self._forge(
            sale,
            ("2026-01-05 01:00:00", "sale.quoted", "sale.order", sale, None),
            ("2026-01-06 01:00:00", "sale.sent", "sale.order", sale, None),
            ("2026-01-07 01:00:00", "sale.confirmed", "sale.order", sale, None),
        )
        page = self._page(self.seller, self.order, at="2026-01-06 12:00:00")
        kinds = [event["kind"] for event in page["events"]]
        self.assertEqual(kinds, ["sale.sent", "sale.quoted"])
        newer = self._page(self.seller, self.order, after=page["newer"])
        kinds = [event["kind"] for event in newer["events"]]
        self.assertEqual(kinds, ["sale.confirmed"])
        self.assertFalse(newer["newer"])
        early = self._page(self.seller, self.order, at="2026-01-01 00:00:00")
        self.assertFalse(early["events"])
        newer = self._page(self.seller, self.order, after=early["newer"], limit=1)
        kinds = [event["kind"] for event in newer["events"]]
        self.assertEqual(kinds, ["sale.quoted"])

    def test_nonsense_gets_a_sentence(self):
        for options in (
            {"before": "nonsense"},
            {"before": forged(["2024-01-01", 1e400])},
            {"before": forged(["2024-01-01"])},
            {"before": forged({"date": 1})},
            {"after": 7},
            {"at": "yesterday"},
            {"at": 5},
            {"search": 7},
            {"search": ["x"]},
            {"users": ["1"]},
            {"users": [True]},
            {"limit": True},
            {"limit": 0},
            {"limit": "x"},
            {"departments": "care"},
            {"kinds": [["x"]]},
            {"date_from": "tomorrow"},
            {"date_from": "\ud800"},
        ):
            with self.subTest(options=options):
                with self.assertRaises(UserError) as refused:
                    self._page(self.seller, self.order, **options)
                self.assertTrue(str(refused.exception).encode())
        feed = self.env["timeline.feed"].with_user(self.seller)
        for record in (
            ("res.users", 1),
            ("nothing", 1),
            (["sale.order"], 1),
            ("sale.order", "1"),
            ("sale.order", True),
            ("sale.order", 0),
            ("sale.order", 2**40),
            ("sale.order", 2**30),
        ):
            with self.subTest(record=record), self.assertRaises(UserError):
                feed.get_page(*record)

    def test_forged_key_or_filter_shows_nothing_more(self):
        """Keys, values and marks are only places and values, whatever is in them."""
        everything = self._page(self.seller, self.order, limit=200)["events"]
        own = {event["id"] for event in everything}
        for options in (
            {"before": forged(["9999-12-31T00:00:00", 2**70])},
            {"after": forged(["0001-01-01T00:00:00", -5])},
            {"before": forged(["2999-01-01T00:00:00+07:00", 1])},
            {"departments": ["care' | 'f:1"]},
            {"departments": ["x' | !'y"]},
            {"kinds": ["\\' | k:*", "sal\0x"]},
            {"users": [2**70]},
        ):
            with self.subTest(options=options):
                found = self._page(self.seller, self.order, limit=200, **options)
                self.assertLessEqual({e["id"] for e in found["events"]}, own)
                if "before" not in options and "after" not in options:
                    self.assertFalse(found["events"])

    def test_every_kind_has_words(self):
        events = self.env["timeline.event"].search([("is_shown", "=", True)])
        kinds = {k for k in events.mapped("kind") if not k.startswith("approval.")}
        self.assertLessEqual(kinds, set(SENTENCES))

    def test_page_takes_few_queries(self):
        """As in a transaction of its own: nothing is known of records and rules."""
        self._page(self.seller, self.order)
        self.env.invalidate_all()
        self.env["approval.usage"]._forget()
        with self.assertQueryCount(6):
            self._page(self.seller, self.order)

    def test_page_of_a_customer_asks_once_who_reads_it(self):
        """Who may be read and who is asked is one query. Two read the user."""
        self._page(self.seller, self.customer)
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            self._page(self.seller, self.customer)

    def _submitted(self, approver):
        """Return a purchase for an order of the seller, which somebody is asked to
        approve."""
        purchase = self._bought_for(self._sale()).order_id
        self.env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": self.env["ir.model"]._get_id("purchase.order"),
                "company_id": self.env.company.id,
                "step_ids": [
                    (0, 0, {"name": "Step", "user_ids": [(6, 0, approver.ids)]})
                ],
            }
        )
        purchase._get_sale_orders().user_id = self.seller
        self._run()
        purchase.button_confirm()
        self._run()
        return purchase

    def test_what_names_no_document_says_of_which_purchase_it_is(self):
        """A customer has many purchases: of which one did somebody ask for approval?"""
        purchase = self._submitted(self.seller)
        sale = purchase._get_sale_orders()
        for record in (sale, sale.partner_id):
            asked = [
                event["document"]
                for event in self._page(self.seller, record)["events"]
                if event["kind"] == "approval.submitted"
            ]
            self.assertEqual(asked, [purchase.name])
        events = self._page(self.seller, sale)["events"]
        said = [event for event in events if event["kind"] == "purchase.quoted"]
        self.assertEqual([event["document"] for event in said], [""])
        alone = self._page(self.buyer, purchase)["events"]
        self.assertEqual({event["document"] for event in alone}, {""})

    def test_who_is_asked_to_approve_opens_the_purchase(self):
        """Also without any rights to purchases, and only what they are asked."""
        seller, purchase = self.seller, self._submitted(self.seller)
        sale = purchase._get_sale_orders()
        for user, record, is_open in (
            (seller, sale, True),
            (seller, self.order, False),
        ):
            events = self._page(user, record)["events"]
            bought = [e for e in events if e["kind"].startswith("purchase.")]
            self.assertTrue(bought)
            self.assertEqual({bool(e["open"]) for e in bought}, {is_open})

    def test_currency_that_is_not_used_any_more_has_a_name(self):
        feed = self.env["timeline.feed"].with_user(self.seller)
        gone = self.env["res.currency"].create({"name": "XYZ", "symbol": "X"})
        gone.active = False
        for currency, name in (
            (self.env.company.currency_id, self.env.company.currency_id.name),
            (gone, "XYZ"),
        ):
            self.assertEqual(feed._get_currency_name(currency.id), name)
        self.assertFalse(feed._get_currency_name(False))
        self.assertFalse(feed._get_currency_name(2**30))


@tagged("post_install", "-at_install")
class TestPartsOfAPage(TimelineCommon):
    """Few orders or many: a page says what each reader may read, and is full."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()
        cls.all_seeing = cls._user("all", "sales_team.group_sale_salesman_all_leads")
        for number in range(8):
            seller = (cls.seller, cls.other_seller)[number % 3 == 0]
            values = {"user_id": seller.id, "partner_id": cls.contact.id}
            lead = cls.env["crm.lead"].create(
                {"name": f"Beds {number}", "type": "opportunity", **values}
            )
            if number % 2:
                cls._sale(opportunity_id=lead.id, **values)
        cls._sale(partner_id=cls.vendor.id, user_id=cls.seller.id)
        cls._run()

    def _walk(self, user, few, **options):
        """Return the ids of all pages, the way there and the way back."""
        feed = self.env["timeline.feed"].with_user(user)
        there, back = [], []
        with patch.object(timeline_access, "FEW_ORDERS", few):
            page = feed.get_page("res.partner", self.contact.id, limit=3, **options)
            while True:
                there += [event["id"] for event in page["events"]]
                if not page["older"]:
                    break
                self.assertEqual(len(page["events"]), 3)
                page = feed.get_page(
                    "res.partner",
                    self.contact.id,
                    limit=3,
                    before=page["older"],
                    **options,
                )
            while page["newer"]:
                page = feed.get_page(
                    "res.partner",
                    self.contact.id,
                    limit=3,
                    after=page["newer"],
                    **options,
                )
                back = [event["id"] for event in page["events"]] + back
        self.assertEqual(back, there[: len(back)])
        return there

    def _readable(self, user, kinds):
        """Return the same by looking at each event."""
        found = []
        for event in self._events([("family_id", "=", self.customer.id)]):
            order = self.env["sale.order"].with_user(user).browse(event.sale_id)
            lead = event.lead_id.with_user(user)
            if not event.is_shown or kinds and event.kind not in kinds:
                continue
            if (order or lead).has_access("read"):
                found.append((event.date, event.id))
        return [id_ for _date, id_ in sorted(found, reverse=True)]

    def test_pages_are_what_one_may_read_of_each_event(self):
        for user in (self.seller, self.other_seller, self.all_seeing):
            for kinds in ((), ("sale.confirmed", "lead.made")):
                right = self._readable(user, kinds)
                for few in (0, 1, 100):
                    with self.subTest(user=user.login, kinds=kinds, few=few):
                        found = self._walk(user, few, kinds=list(kinds))
                        self.assertEqual(found, right)
        self.assertLess(
            len(self._readable(self.other_seller, ())),
            len(self._readable(self.all_seeing, ())),
        )
