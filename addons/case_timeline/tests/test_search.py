import random

from odoo.tests import tagged
from odoo.tools import SQL

from ..wording import list_words, split_query
from .common import TimelineCommon


@tagged("post_install", "-at_install")
class TestWording(TimelineCommon):
    """What the database makes of a text is what Python makes of it."""

    def _in_the_database(self, said):
        self.env.cr.execute(SQL("SELECT timeline_event_list_words(%s)", said))
        return set(self.env.cr.fetchone()[0])

    def test_names_and_numbers(self):
        self.assertEqual(list_words("Giường  Bệnh"), {"giuong", "benh"})
        self.assertEqual(list_words("S00011"), {"s00011", "11"})
        self.assertEqual(
            list_words("KHO/IN/00004"), {"kho", "in", "00004", "4", "khoin00004"}
        )

    def test_both_sides_agree(self):
        letters = "aĐđÊẫ9 0/-.,'\"\\%$&“”–…\u00a0_ơ\nЖ漢"
        rows = random.Random(7)
        texts = ["", "  ", "KHO/IN/00004", "x" * 99, "Nguye\u0302\u0303n"]
        texts += ["".join(rows.choices(letters, k=12)) for _ in range(300)]
        for text in texts:
            with self.subTest(text=text):
                self.assertEqual(self._in_the_database(text), list_words(text))


@tagged("post_install", "-at_install")
class TestSearch(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()
        cls.order = cls._sale(user_id=cls.seller.id)
        cls.order.partner_id = cls.contact
        cls.order.client_order_ref = "PO-77/Đà Nẵng"
        cls.purchase = cls._buy(cls.order)
        cls._receive(cls.purchase)
        cls._run()

    def _kinds_found(self, user, text, record=None, **context):
        record = record or self.customer
        feed = self.env["timeline.feed"].with_user(user).with_context(**context)
        page = feed.get_page(record._name, record.id, search=text, limit=200)
        return [event["kind"] for event in page["events"]]

    def _text_kinds(self, user, text, record=None):
        return self._kinds_found(user, text, record or self.order)

    def test_number_of_a_document(self):
        found = self._kinds_found(self.seller, self.purchase.name.lower())
        self.assertIn("purchase.ordered", found)
        self.assertNotIn("sale.confirmed", found)

    def test_number_without_what_is_before_it(self):
        number = self.order.name.lstrip("S").lstrip("0")
        for text in (number, f"00{number}"):
            with self.subTest(text=text):
                self.assertIn("sale.confirmed", self._kinds_found(self.seller, text))

    def test_words_of_the_sentence_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        found = self._kinds_found(self.seller, "đơn hàng da xac nhan", lang="vi_VN")
        self.assertEqual(found, ["sale.confirmed"])
        self.assertFalse(self._kinds_found(self.seller, "confirmed", lang="vi_VN"))
        self.assertEqual(
            self._kinds_found(self.seller, "order CONFIRMED"), ["sale.confirmed"]
        )

    def test_approved_finds_approvals_of_a_vietnamese_reader(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        modules = self.env["ir.module.module"]
        modules._load_module_terms(["approval_matrix"], ["vi_VN"])
        spoken = self.env["timeline.words"].with_context(lang="vi_VN")
        said = spoken._get_spoken_kinds()["approval.granted"]
        self.assertIn("duyet", said)

    def test_all_words_must_be_there(self):
        name = self.order.name
        self.assertTrue(self._kinds_found(self.seller, f"{name} confirmed"))
        self.assertFalse(self._kinds_found(self.seller, f"{name} xyzzy"))

    def test_department_customer_and_reference(self):
        self.assertIn("picking.done", self._kinds_found(self.seller, "warehouse"))
        self.assertIn("sale.confirmed", self._kinds_found(self.seller, "ward"))
        self.assertIn("sale.confirmed", self._kinds_found(self.seller, "PO-77"))

    def test_person_who_did_it(self):
        """Whatever their name is now, by any of its words; nobody else's doing."""
        self.seller.name = "Nguyễn Thị Lan"
        order = self._sale(confirm=False, user_id=self.seller.id)
        self._run()
        order.with_user(self.seller).action_confirm()
        self._run()
        for text in ("lan", "nguyen", "Thị Lan", "LAN confirmed"):
            with self.subTest(text=text):
                found = self._kinds_found(self.seller, text, order)
                self.assertIn("sale.confirmed", found)
                self.assertNotIn("sale.quoted", found)
        self.assertFalse(self._kinds_found(self.seller, "lan xyzzy", order))

    def test_renamed_customer_is_found_by_the_new_name(self):
        self.contact.name = "Khoa Ngoại"
        self.env.flush_all()
        self.assertIn("sale.confirmed", self._kinds_found(self.seller, "khoa ngoai"))
        self.assertFalse(self._kinds_found(self.seller, "ward"))

    def test_never_by_amounts(self):
        for amount in {self.order.amount_total, self.purchase.amount_total}:
            for text in (str(amount), str(int(amount))):
                found = self._kinds_found(self.seller, f"{text} confirmed")
                self.assertFalse(found, text)
        self.env.cr.execute("SELECT string_agg(words::text, ' ') FROM timeline_event")
        self.assertNotIn("amount", self.env.cr.fetchone()[0])

    def test_nobody_finds_what_they_may_not_read(self):
        for text in (self.order.name, "confirmed", "ward", "PO-77"):
            with self.subTest(text=text):
                self.assertFalse(self._kinds_found(self.other_seller, text))
                self.assertFalse(self._kinds_found(self.buyer, text))

    def test_text_of_a_question_is_for_who_may_read_the_question(self):
        """Who sees that something was asked need not know what."""
        order = self.order.with_user(self.seller)
        question = self._ask(order, "Is the secret gearbox there?")
        self._run()
        self.assertIn("question.open", self._text_kinds(self.seller, "secret gearbox"))
        boss = self._user("boss", "sales_team.group_sale_salesman_all_leads")
        reads = question.with_user(boss).has_access("read")
        found = "question.open" in self._text_kinds(boss, "gearbox")
        self.assertEqual(found, reads)
        self.env["ir.rule"].create(
            {
                "name": "Nobody",
                "model_id": self.env["ir.model"]._get("supply.question").id,
                "domain_force": "[(0, '=', 1)]",
            }
        )
        self.assertIn("question.open", self._kinds_found(self.seller, "question"))
        for text in ("secret gearbox", "gearbox", "question gearbox", "gear"):
            with self.subTest(text=text):
                self.assertFalse(self._text_kinds(self.seller, text))

    def test_nobody_asks_for_what_is_not_there(self):
        """Operators of the database are no operators here: what is hidden cannot be
        guessed by what is left out."""
        self._ask(self.order.with_user(self.seller), "gearbox")
        self._run()
        self.env["ir.rule"].create(
            {
                "name": "Nobody",
                "model_id": self.env["ir.model"]._get("supply.question").id,
                "domain_force": "[(0, '=', 1)]",
            }
        )
        plain = self._text_kinds(self.seller, "question")
        for text in (
            "question !gearbox",
            "question & !t:gearbox",
            "question | t:gearbox",
            "!t:gearbox",
            "question -gearbox",
            "question t:gearbox",
            "t:gearbox",
            "question <-> gearbox",
            "question' | 't:gearbox",
            "gearbox:*",
        ):
            with self.subTest(text=text):
                self.assertFalse(self._text_kinds(self.seller, text))
        self.assertTrue(plain)

    def test_subject_of_an_email_is_for_who_may_read_its_document(self):
        self.purchase.message_post(
            body="Hello",
            subject="Zebra discount",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.vendor.ids,
        )
        self._run()
        self.assertIn("mail.sent", self._kinds_found(self.seller, "e-mail"))
        self.assertFalse(self._text_kinds(self.seller, "zebra"))
        self.assertIn("mail.sent", self._text_kinds(self.buyer, "zebra", self.purchase))

    def test_nonsense_finds_nothing_or_everything(self):
        whole = self._kinds_found(self.seller, "")
        for text in ("   ", "'", "\\", "!&|()", "\0", ":*", "\ud800"):
            with self.subTest(text=text):
                self.assertEqual(self._kinds_found(self.seller, text), whole)
        for text in ("x" * 5000, "' OR 1=1 --", "_x_", "đ" * 200, "9" * 300):
            with self.subTest(text=text):
                found = self._kinds_found(self.seller, text)
                self.assertLessEqual(set(found), set(whole))

    def test_index_answers_for_the_words(self):
        """In a small table the planner would rather read all of it."""
        condition = self.env["timeline.search"]._get_condition("S00011", 1)
        self.env.cr.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;"
            "DROP INDEX IF EXISTS timeline_event_family_index"
        )
        self.env.cr.execute(
            SQL(
                "EXPLAIN SELECT FROM timeline_event event WHERE event.is_shown AND %s",
                condition,
            )
        )
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("timeline_event_words_index", plan)

    def test_pieces_of_what_was_typed(self):
        self.assertEqual(
            split_query(" KHO/IN/4  Đơn "),
            [("KHO/IN/4", ["kho", "in", "4"]), ("Đơn", ["don"])],
        )
