import json
from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DocumentCommon

CLOSED = "The budget is closed."


@tagged("post_install", "-at_install")
class TestHeld(DocumentCommon):
    """What a screen sends when it has held a decision back."""

    def _decide(self, document, *args, user=None):
        process = document.sudo().approval_process_id
        process.with_user(user or self.lead).sudo(False).action_decide(*args)

    def _close_budget(self):
        def refuse(documents):
            raise UserError(CLOSED)

        Document = self.registry["test.approval.document"]
        self.patch(Document, "_approval_granted", refuse)

    def _told(self):
        """Return what reaches the approver on the screen, by the bus."""
        told = []
        Users = self.registry["res.users"]
        send = Users._bus_send

        def note(users, kind, message, **values):
            if kind == "simple_notification":
                told.append((users, message["message"]))
            return send(users, kind, message, **values)

        self.patch(Users, "_bus_send", note)
        return told

    def test_decides_with_a_comment(self):
        document = self._submitted()
        self._decide(document, "approve", "Good")
        self.assertEqual(document.state, "done")
        self.assertEqual(self._tasks(document).comment, "Good")

    def test_rejects_with_a_reason_only(self):
        document = self._submitted()
        with self.assertRaises(UserError):
            self._decide(document, "reject", " ")
        self._decide(document, "reject", "Too dear")
        self.assertEqual(document.state, "draft")

    def test_decides_nothing_else(self):
        document = self._submitted()
        for decision in ("forward", "approved", None, {}):
            with self.subTest(decision), self.assertRaises(UserError):
                self._decide(document, decision, "Yours")

    def _close_budget_of(self, closed):
        def refuse(documents):
            if closed in documents:
                raise UserError(CLOSED)
            return granted(documents)

        Document = self.registry["test.approval.document"]
        granted = Document._approval_granted
        self.patch(Document, "_approval_granted", refuse)

    def _decide_both(self, *documents):
        processes = self.env["approval.process"].union(
            *(document.sudo().approval_process_id for document in documents)
        )
        return (
            processes.with_user(self.lead).sudo(False).action_decide("approve", "Yes")
        )

    def test_decides_several_together(self):
        one, other = self._submitted(), self._submitted()
        self.assertIs(self._decide_both(one, other), True)
        self.assertEqual({one.state, other.state}, {"done"})
        self.assertEqual(self._tasks(other).comment, "Yes")

    def test_one_of_several_that_does_not_go_keeps_no_other(self):
        one, other = self._submitted(name="One"), self._submitted(name="Other")
        self._close_budget_of(other)
        answer = self._decide_both(one, other)
        self.assertEqual((one.state, other.state), ("done", "waiting"))
        self.assertEqual(answer["context"]["default_result"], f"Other: {CLOSED}")

    def test_several_that_all_do_not_go_are_refused(self):
        self._close_budget()
        one, other = self._submitted(name="One"), self._submitted(name="Other")
        with self.assertRaisesRegex(UserError, f"One: {CLOSED}\nOther: {CLOSED}"):
            self._decide_both(one, other)
        self.assertEqual({one.state, other.state}, {"waiting"})

    def test_another_request_of_the_document_is_not_decided(self):
        document = self._submitted()
        seen = document.sudo().approval_process_id
        document.action_withdraw()
        document.action_submit_approval()
        with self.assertRaises(UserError):
            seen.with_user(self.lead).sudo(False).action_decide("approve")
        self.assertEqual(document.state, "waiting")

    def test_who_left_is_told_why_it_was_refused(self):
        self._close_budget()
        document = self._submitted()
        told = self._told()
        self._decide(document, "approve", "", True)
        self.assertEqual(document.state, "waiting")
        self.assertEqual(told, [(self.lead, f"Document was not approved. {CLOSED}")])
        self.assertEqual(self._events(document), ["submitted"])

    def _refuse_left(self, **values):
        """Let the lead leave with a decision that is refused; return the document."""
        self.lead.write(values)
        self._close_budget()
        document = self._submitted()
        self._decide(document, "approve", "", True)
        return document

    def _notices(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ]
        )

    def test_who_left_finds_the_reason_among_their_notices(self):
        """What is on the screen goes with the page."""
        document = self._refuse_left(notification_type="inbox")
        (notice,) = self._notices(self.lead)
        self.assertIn(CLOSED, notice.body)
        self.assertEqual((notice.model, notice.res_id), (document._name, document.id))
        (sent,) = notice.notification_ids
        self.assertEqual(sent.res_partner_id, self.lead.partner_id)
        self.assertEqual(sent.notification_type, "inbox")

    def test_who_left_gets_an_email_with_the_reason(self):
        document = self._refuse_left(notification_type="email")
        mails = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.lead.partner_id.ids)], order="id desc"
        )
        self.assertIn("was not approved", mails[0].subject)
        page = html.fromstring(mails[0].body_html)
        self.assertIn(CLOSED, page.text_content())
        (anchor,) = page.iter("a")
        self.assertIn(f"res_id={document.id}", anchor.get("href"))

    def test_who_left_and_may_not_open_the_document_is_told_too(self):
        """The e-mail leads to their task."""
        Document = self.registry["test.approval.document"]
        self.patch(
            Document,
            "_approval_readable_by",
            lambda documents, user, lent=True: documents.browse(),
        )
        document = self._refuse_left(notification_type="email")
        task = self._tasks(document)
        mails = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.lead.partner_id.ids)], order="id desc"
        )
        self.assertIn("was not approved", mails[0].subject)
        page = html.fromstring(mails[0].body_html)
        self.assertIn(CLOSED, page.text_content())
        (anchor,) = page.iter("a")
        self.assertTrue(anchor.get("href").endswith(f"/approval/{task.id}"))
        self.assertFalse(self._notices(self.lead).res_id)

    def test_refusal_stays_on_the_screen(self):
        self._close_budget()
        document = self._submitted()
        self.env["bus.bus"].search([]).unlink()
        self._decide(document, "approve", "", True)
        self.env.cr.precommit.run()
        told = [json.loads(row.message) for row in self.env["bus.bus"].search([])]
        (shown,) = [
            each["payload"] for each in told if each["type"] == "simple_notification"
        ]
        self.assertEqual((shown["type"], shown["sticky"]), ("danger", True))

    def test_sent_twice_it_is_decided_once_and_nobody_is_alarmed(self):
        """The page sent it when its time was over, and once more when it was left."""
        self.rule.step_ids = [self._step("Then", self.head, sequence=20)]
        for decision, state in (("approve", "waiting"), ("reject", "draft")):
            with self.subTest(decision):
                document = self._submitted()
                told = self._told()
                self._decide(document, decision, "Seen")
                self._decide(document, decision, "Seen", True)
                self.assertEqual(document.state, state)
                self.assertFalse([each for each in told if each[0] == self.lead])
                self.assertFalse(self._notices(self.lead))
                decided = self._tasks(document).filtered("decided_at")
                self.assertEqual(decided.decided_by_id, self.lead)
                events = self._events(document)
                self.assertEqual(events.count(decided.state), 1)

    def test_the_other_decision_sent_later_is_refused_aloud(self):
        document = self._submitted()
        self._decide(document, "reject", "Too dear")
        told = self._told()
        self._decide(document, "approve", "", True)
        self.assertEqual(document.state, "draft")
        ((user, message),) = told
        self.assertEqual(user, self.lead)
        self.assertIn("was not approved", message)

    def _stand_in(self):
        """Let the head stand in for the lead; return the absence, and a document that
        waits for the head."""
        absence = self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": "2020-01-01",
                "date_to": "2040-01-01",
            }
        )
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.head)
        return absence, document

    def test_substitute_who_lost_it_meanwhile_is_told(self):
        """The lead came back while the screen held the decision back."""
        for decision, done in (("approve", "approved"), ("reject", "rejected")):
            with self.subTest(decision):
                absence, document = self._stand_in()
                absence.unlink()
                told = self._told()
                self._decide(document, decision, "Good", True, user=self.head)
                self.assertEqual(document.state, "waiting")
                message = (
                    f"Document was not {done}. Document is not in your hands any more."
                )
                self.assertEqual(told, [(self.head, message)])

    def test_substitute_who_lost_it_and_stayed_reads_why(self):
        absence, document = self._stand_in()
        absence.active = False
        with self.assertRaisesRegex(UserError, "not in your hands any more"):
            self._decide(document, "approve", "Good", user=self.head)
        self.assertEqual(document.state, "waiting")

    def test_substitute_who_lost_it_finds_the_reason_among_their_notices(self):
        for is_readable in (True, False):
            with self.subTest(is_readable):
                absence, document = self._stand_in()
                absence.unlink()
                self._notices(self.head).unlink()
                self.head.notification_type = "inbox"
                if not is_readable:
                    self.patch(
                        self.registry["test.approval.document"],
                        "_approval_readable_by",
                        lambda documents, user, lent=True: documents.browse(),
                    )
                self._decide(document, "approve", "", True, user=self.head)
                (notice,) = self._notices(self.head)
                self.assertIn("not in your hands any more", notice.body)
                self.assertEqual(notice.res_id, is_readable and document.id)

    def test_who_stood_in_for_another_request_hears_nothing_of_it(self):
        absence, _document = self._stand_in()
        absence.unlink()
        document = self._submitted()
        told = self._told()
        with self.assertRaises(AccessError):
            self._decide(document, "approve", "", True, user=self.head)
        self.assertFalse(told)

    def test_who_stood_in_long_ago_hears_nothing_of_it(self):
        """Not even what the document is called."""
        absence, document = self._stand_in()
        absence.unlink()
        told = self._told()
        for is_leaving in (True, False):
            with (
                self.subTest(is_leaving),
                freeze_time(datetime.now() + timedelta(days=2)),
                self.assertRaises(AccessError),
            ):
                self._decide(document, "approve", "", is_leaving, user=self.head)
        self.assertFalse(told)

    def test_strangers_hear_nothing_of_it(self):
        document = self._submitted()
        told = self._told()
        with self.assertRaises(AccessError):
            self._decide(document, "approve", "", True, user=self.other)
        self.assertFalse(told)
