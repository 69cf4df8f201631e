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

    def test_strangers_hear_nothing_of_it(self):
        document = self._submitted()
        told = self._told()
        with self.assertRaises(AccessError):
            self._decide(document, "approve", "", True, user=self.other)
        self.assertFalse(told)
