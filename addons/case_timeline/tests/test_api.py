from datetime import datetime, timedelta

from odoo.tests import HttpCase, new_test_user, tagged

from .common import TimelineCommon

PRICE, COST = 987_654, 123_457


@tagged("post_install", "-at_install")
class TestApi(TimelineCommon, HttpCase):
    """Another program reads the story by Odoo's own API, JSON-2, with a key of its
    user: the same as that user sees on the screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()
        for user in (cls.seller, cls.buyer):
            user.password = user.login
        cls.bed.seller_ids.price = COST
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Beds",
                "type": "opportunity",
                "partner_id": cls.contact.id,
                "user_id": cls.seller.id,
            }
        )
        cls.order = cls._sale(
            user_id=cls.seller.id, opportunity_id=cls.lead.id, confirm=False
        )
        cls.order.order_line.price_unit = PRICE
        cls.order.action_confirm()
        cls.other = cls._sale(user_id=cls.other_seller.id)
        cls.purchase = cls._buy(cls.order)
        cls._run()

    def setUp(self):
        super().setUp()
        self.keys = {}

    def _key(self, user):
        """Return a key of a user for one day, the longest that anybody may make."""
        if user not in self.keys:
            keys = self.env["res.users.apikeys"].with_user(user)
            tomorrow = datetime.now() + timedelta(hours=23)
            self.keys[user] = keys._generate("rpc", "Timeline", tomorrow)
        return self.keys[user]

    def _post(self, user, model, method, /, **values):
        """Call a method as another program does."""
        self.env.flush_all()
        headers = {"Authorization": f"Bearer {self._key(user)}"} if user else {}
        return self.url_open(f"/json/2/{model}/{method}", headers=headers, json=values)

    def _call(self, user, model, method, record, /, **options):
        answer = self._post(
            user, model, method, model=record._name, res_id=record.id, **options
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def _feed(self, user, record, **options):
        return self._call(user, "timeline.feed", "get_page", record, **options)

    def _on_the_screen(self, user, model, method, record, **options):
        """Return what the web client is told."""
        self.authenticate(user.login, user.login)
        seen = self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": [record._name, record.id],
                "kwargs": options,
            },
        )
        self.authenticate(None, None)
        return seen

    def _forget_the_moment(self, told):
        """Between two calls a second may pass."""
        told.pop("now", None)
        for lane in told.get("lanes", []):
            lane["hours"] = round(lane["hours"], 1)

    def test_feed_head_and_lanes_are_those_of_the_screen(self):
        for user, record in (
            (self.seller, self.contact),
            (self.seller, self.lead),
            (self.seller, self.order),
            (self.buyer, self.purchase),
        ):
            for model, method in (
                ("timeline.feed", "get_page"),
                ("timeline.feed", "get_head"),
                ("timeline.lanes", "get_lanes"),
            ):
                with self.subTest(record=record, method=method):
                    said = self._call(user, model, method, record)
                    seen = self._on_the_screen(user, model, method, record)
                    for told in (said, seen):
                        self._forget_the_moment(told)
                    self.assertEqual(said, seen)
                    self.assertTrue(said.get("events", True))
                    self.assertTrue(said.get("lanes", True))

    def test_search_is_that_of_the_screen(self):
        for text in (self.purchase.name, "purchasing", f"{self.order.name} confirmed"):
            with self.subTest(text=text):
                said = self._feed(self.seller, self.contact, search=text)
                seen = self._on_the_screen(
                    self.seller,
                    "timeline.feed",
                    "get_page",
                    self.contact,
                    search=text,
                )
                self.assertEqual(said, seen)
                self.assertTrue(said["events"])
        self.assertFalse(self._feed(self.seller, self.contact, search="xyz")["events"])

    def test_pages_go_on_by_their_keys(self):
        """There and back, each event is there once and none is missing."""
        whole = self._feed(self.seller, self.contact, limit=200)["events"]
        ids, newest_first = [], [event["id"] for event in whole]
        self.assertGreater(len(newest_first), 4)
        page = self._feed(self.seller, self.contact, limit=2)
        while True:
            ids += [event["id"] for event in page["events"]]
            if not page["older"]:
                break
            page = self._feed(self.seller, self.contact, limit=2, before=page["older"])
        self.assertEqual(ids, newest_first)
        back = [event["id"] for event in page["events"]]
        while page["newer"]:
            page = self._feed(self.seller, self.contact, limit=2, after=page["newer"])
            back = [event["id"] for event in page["events"]] + back
        self.assertEqual(back, newest_first)

    def test_prices_of_sales_and_of_purchases_stay_apart(self):
        sold, bought = self.order, self.purchase
        for user, record, own, hidden in (
            (self.seller, self.order, sold, bought),
            (self.seller, self.contact, sold, bought),
            (self.buyer, self.purchase, bought, sold),
        ):
            with self.subTest(record=record):
                said = self._feed(user, record, limit=200)
                amounts = [e["amount"]["value"] for e in said["events"] if e["amount"]]
                self.assertIn(own.amount_total, amounts)
                head = self._call(user, "timeline.feed", "get_head", record)
                lanes = self._call(user, "timeline.lanes", "get_lanes", record)
                for amount in (hidden.amount_total, hidden.order_line.price_unit):
                    self.assertNotIn(f"{amount:.0f}", f"{said} {head} {lanes}")

    def test_outsiders_get_nothing(self):
        portal = new_test_user(self.env, "api.portal", groups="base.group_portal")
        clerk = new_test_user(self.env, "api.clerk", groups="base.group_user")
        self.order.message_subscribe(portal.partner_id.ids)
        for user in (portal, clerk, self.other_seller, self.buyer):
            for model, method in (
                ("timeline.feed", "get_page"),
                ("timeline.feed", "get_head"),
                ("timeline.lanes", "get_lanes"),
            ):
                with self.subTest(user=user.login, method=method):
                    answer = self._post(
                        user, model, method, model="sale.order", res_id=self.order.id
                    )
                    self.assertEqual(answer.status_code, 403, answer.text)
                    self.assertNotIn(self.order.name, answer.text)
        said = self._feed(self.other_seller, self.contact, limit=200)
        self.assertNotIn(self.order.name, str(said))
        self.assertIn(self.other.name, str(said))

    def test_nobody_without_a_key(self):
        for key in ("", "Bearer ", "Bearer 0000"):
            answer = self.url_open(
                "/json/2/timeline.feed/get_page",
                headers={"Authorization": key} if key else {},
                json={"model": "sale.order", "res_id": self.order.id},
            )
            self.assertEqual(answer.status_code, 401, answer.text)

    def test_rows_are_not_read_past_the_feed(self):
        """Events and spans themselves are for nobody, not even to be counted."""
        for model in ("timeline.event", "timeline.span", "timeline.change"):
            for method, values in (
                ("search_read", {"domain": []}),
                ("search_count", {"domain": []}),
                ("formatted_read_group", {"domain": [], "aggregates": ["__count"]}),
            ):
                with self.subTest(model=model, method=method):
                    answer = self._post(self.seller, model, method, **values)
                    self.assertEqual(answer.status_code, 403, answer.text)

    def test_forged_company_is_refused(self):
        stranger = self.env["res.company"].create({"name": "Stranger"})
        answer = self._post(
            self.seller,
            "timeline.feed",
            "get_page",
            model="sale.order",
            res_id=self.order.id,
            context={"allowed_company_ids": [stranger.id]},
        )
        self.assertEqual(answer.status_code, 403, answer.text)

    def test_readers_language_is_that_of_the_call(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        modules = self.env["ir.module.module"]
        modules._load_module_terms(["case_timeline"], ["vi_VN"])
        texts = {
            lang: [
                event["text"]
                for event in self._feed(
                    self.seller, self.order, context={"lang": lang}, kinds=["sale"]
                )["events"]
            ]
            for lang in ("en_US", "vi_VN")
        }
        self.assertTrue(texts["vi_VN"])
        self.assertNotEqual(*texts.values())

    def test_nonsense_is_said_in_words(self):
        answer = self._post(
            self.seller,
            "timeline.feed",
            "get_page",
            model="sale.order",
            res_id=self.order.id,
            before="nonsense",
        )
        self.assertEqual(answer.status_code, 422, answer.text)
        self.assertIn("begin with the first one", answer.json()["message"])
