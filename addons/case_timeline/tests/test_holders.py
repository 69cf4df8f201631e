"""Whoever has a document in hand gives it to somebody else, or gets it back."""

from odoo.exceptions import AccessError
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import TimelineCommon

MIGRATION = "case_timeline/migrations/19.0.1.5.0/post-show-hand-overs.py"


@tagged("post_install", "-at_install")
class TestHolders(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, type(self), "hours", 0)

    def _later(self, hours):
        """Let what was done since have been done so many hours after the beginning."""
        self._pass_time(hours)
        self._run()

    def _read_turns(self, document):
        """Return who had a document one after the other, and for how many hours; the
        last one has it still."""
        spans = self.env["timeline.span"].search(
            [("res_model", "=", document._name), ("res_id", "=", document.id)],
            order="date_from",
        )
        self.assertFalse(spans[-1:].date_to)
        return [
            (
                span.user_id,
                (span.date_to - span.date_from).total_seconds() / 3600
                if span.date_to
                else None,
            )
            for span in spans
        ]

    def test_document_that_is_given_to_a_colleague(self):
        """The time until then was the first one's, and it is told whom it waits for."""
        lead = self._lead(user_id=self.seller.id)
        quotation = self._sale(confirm=False, user_id=self.seller.id)
        purchase = self._purchase(product=self.chair, user_id=self.seller.id)
        self._later(0)
        for number, document in enumerate((lead, quotation), 1):
            with self.subTest(model=document._name):
                document.user_id = self.other_seller
                self._later(number)
                self.assertEqual(
                    self._read_turns(document),
                    [(self.seller.id, number), (self.other_seller.id, None)],
                )
                head = self.env["timeline.feed"].get_head(document._name, document.id)
                (waiting,) = head["waiting"]
                self.assertEqual(waiting["holder"], self.other_seller.name)
        purchase.user_id = self.buyer
        self._later(3)
        rows = self.env["timeline.span"]._work_out_purchase(purchase.id)
        self.assertEqual(
            [row["user_id"] for row in rows], [self.seller.id, self.buyer.id]
        )
        self._check_whole()

    def test_document_that_is_given_back_and_that_nobody_has(self):
        lead = self._lead(user_id=self.seller.id)
        self._later(0)
        for hours, user in enumerate((self.other_seller, self.seller, None), 1):
            lead.user_id = user
            self._later(hours)
        self.assertEqual(
            self._read_turns(lead),
            [
                (self.seller.id, 1),
                (self.other_seller.id, 1),
                (self.seller.id, 1),
                (0, None),
            ],
        )
        self._check_whole()

    # ------------------------------------------------------------
    # THE STORY
    # ------------------------------------------------------------

    def _read_given(self, user, record, **options):
        """Return the hand-overs of a story as somebody reads them, the first first."""
        feed = self.env["timeline.feed"].with_user(user).with_context(lang="en_US")
        events = feed.get_page(record._name, record.id, **options)["events"]
        given = [event for event in events if event["kind"].endswith(".holder")]
        return given[::-1]

    def test_story_says_to_whom_a_document_was_given(self):
        """Once, and who gave it; nothing of those who had it from the beginning."""
        chief = self._user("chief", "sales_team.group_sale_salesman_all_leads")
        lead = self._lead(user_id=self.seller.id)
        quotation = self._sale(confirm=False, user_id=self.seller.id)
        purchase = self._purchase(product=self.chair, user_id=self.env.uid)
        self._later(0)
        for user, document, goal, text in (
            (self.seller, lead, self.other_seller, "Opportunity “Beds” handed over to"),
            (
                chief,
                quotation,
                self.other_seller,
                f"Order {quotation.name} handed over to",
            ),
            (
                self.buyer,
                purchase,
                self.buyer,
                f"Purchase {purchase.name} handed over to",
            ),
        ):
            with self.subTest(model=document._name):
                self.assertFalse(self._read_given(user, document))
                document.with_user(user).user_id = goal
                self._later(1)
                (event,) = self._read_given(goal, document)
                self.assertEqual(event["text"], f"{text} {goal.name}")
                self.assertEqual(event["user"], user.name)
        self._check_whole()

    def test_story_says_that_nobody_has_a_document(self):
        order = self._sale(confirm=False, user_id=self.seller.id)
        self._run()
        order.user_id = False
        self._later(1)
        order.user_id = self.seller
        self._later(2)
        texts = [event["text"] for event in self._read_given(self.env.user, order)]
        self.assertEqual(
            texts,
            [
                f"Order {order.name} handed over to {name}"
                for name in ("nobody", self.seller.name)
            ],
        )

    def test_story_says_to_whom_a_question_was_passed_on(self):
        order = self._sale(confirm=False)
        question = self.env["supply.question"]._ask(order, "purchase", "When?")
        self._later(0)
        self._sql(
            "UPDATE supply_question SET user_id = %s WHERE id = %s",
            self.buyer.id,
            question.id,
        )
        self._later(1)
        (event,) = self._read_given(self.env.user, order)
        self.assertEqual(
            event["text"],
            f"Question about {order.name} passed on to {self.buyer.name}",
        )

    def test_hand_over_is_for_who_may_read_the_case(self):
        """The buyer of a purchase is named in the case that it serves, as whoever
        ordered it is; and who sells the goods is not named to the buyer."""
        order = self._sale(user_id=self.seller.id)
        purchase = self._buy(order)
        self._run()
        purchase.user_id = self.buyer
        order.user_id = self.other_seller
        self._later(1)
        kinds = [event["kind"] for event in self._read_given(self.other_seller, order)]
        self.assertEqual(sorted(kinds), ["purchase.holder", "sale.holder"])
        kinds = [event["kind"] for event in self._read_given(self.buyer, purchase)]
        self.assertEqual(kinds, ["purchase.holder"])
        for user, record in ((self.buyer, order), (self.seller, order)):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._read_given(user, record)
        self.assertFalse(self._read_given(self.buyer, self.customer))

    def test_hand_over_is_found_by_both_names_and_by_its_word(self):
        order = self._sale(confirm=False, user_id=self.seller.id)
        self.other_seller.name = "Huong"
        self._run()
        order.user_id = self.other_seller
        self._later(1)
        for options in (
            {"search": "huong"},
            {"search": "hand-over"},
            {"kinds": ["sale.holder"]},
            {"users": [self.other_seller.id]},
            {"users": [self.env.uid]},
        ):
            with self.subTest(options):
                self.assertTrue(self._read_given(self.env.user, order, **options))
        self.assertFalse(self._read_given(self.env.user, order, search="seller2"))

    def test_hand_overs_of_an_earlier_version_are_shown(self):
        order = self._sale(confirm=False, user_id=self.seller.id)
        self._run()
        order.user_id = self.other_seller
        self._run()
        (event,) = self._events(sale_id=order.id, kind="sale.holder")
        self.env.cr.execute("ALTER TABLE timeline_event DISABLE TRIGGER USER")
        self._sql(
            "UPDATE timeline_event SET is_shown = FALSE, words = NULL WHERE id = %s",
            event.id,
        )
        self.env.cr.execute("ALTER TABLE timeline_event ENABLE TRIGGER USER")
        self.assertFalse(self._read_given(self.env.user, order))
        load_script(file_path(MIGRATION), "post_show_hand_overs").migrate(
            self.env.cr, "19.0.1.4.0"
        )
        self.assertTrue(self._read_given(self.env.user, order))
        found = self._read_given(self.env.user, order, users=[self.other_seller.id])
        self.assertTrue(found)

    def test_question_that_is_passed_on(self):
        order = self._sale(confirm=False)
        question = self.env["supply.question"]._ask(order, "purchase", "When?")
        self._later(0)
        was = question.user_id.id
        self._sql(
            "UPDATE supply_question SET user_id = %s WHERE id = %s",
            self.buyer.id,
            question.id,
        )
        self._later(2)
        self.assertEqual(self._read_turns(question), [(was, 2), (self.buyer.id, None)])
        self._check_whole()

    def test_question_that_is_asked_again_in_sql(self):
        """By a repair: the department has it again, as the question says."""
        order = self._sale(confirm=False)
        question = self.env["supply.question"]._ask(order, "purchase", "When?")
        self._later(0)
        for hours, state in (
            (1, "withdrawn"),
            (3, "open"),
            (4, "withdrawn"),
            (6, "open"),
        ):
            self._sql(
                "UPDATE supply_question SET state = %s WHERE id = %s",
                state,
                question.id,
            )
            self._later(hours)
        hours = [hours for _user, hours in self._read_turns(question)]
        self.assertEqual(hours, [1, 1, None])
        self._check_whole()
