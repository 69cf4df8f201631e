"""Whoever has a document in hand gives it to somebody else, or gets it back."""

from odoo.tests import tagged

from .common import TimelineCommon


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

    def test_giving_is_no_event_that_people_read(self):
        lead = self._lead(user_id=self.seller.id)
        self._run()
        before = self._kinds(lead_id=lead.id)
        lead.user_id = self.other_seller
        self._run()
        self.assertEqual(self._kinds(lead_id=lead.id), before)
        self.assertEqual(len(self._events(lead_id=lead.id, kind="lead.holder")), 1)

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
