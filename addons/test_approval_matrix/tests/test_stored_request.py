from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.approval_matrix.fingerprint import fingerprint

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestStoredRequest(DocumentCommon):
    """The request that a document keeps: written by the system only, never believed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approved = cls._submitted(name="Approved")
        cls.approved.with_user(cls.lead).action_approve()
        cls.request = cls.approved.sudo().approval_process_id

    def test_document_keeps_its_newest_request(self):
        self.assertEqual(self.request.state, "approved")
        self.approved.amount = 20
        newest = self.approved.sudo().approval_process_id
        self.assertGreater(newest.id, self.request.id)
        self.assertEqual(newest.state, "open")

    def test_nobody_writes_it(self):
        document = self._document()
        for records in (document, document.sudo()):
            records.write({"approval_process_id": self.request.id})
            self.assertFalse(records.sudo().approval_process_id)

    def test_nobody_creates_a_document_with_it(self):
        forged = {"approval_process_id": self.request.id}
        self.assertFalse(self._document(**forged).sudo().approval_process_id)
        documents = self.env["test.approval.document"].with_context(
            default_approval_process_id=self.request.id
        )
        document = documents.create({"name": "New", "company_id": self.company.id})
        self.assertFalse(document.sudo().approval_process_id)

    def test_copy_does_not_have_it(self):
        self.assertFalse(self.approved.copy().sudo().approval_process_id)

    def test_request_of_another_document_is_not_believed(self):
        document = self._document(name="Approved")
        self.env.cr.execute(
            "UPDATE test_approval_document SET approval_process_id = %s WHERE id = %s",
            [self.request.id, document.id],
        )
        self.env.invalidate_all()
        self.assertFalse(document.approval_state)
        with self.assertRaisesRegex(UserError, "required"), self.cr.savepoint():
            document.write({"state": "done"})

    def test_documents_are_found_by_the_state_of_their_approval(self):
        draft, waiting = self._document(), self._submitted()
        mine = draft | waiting | self.approved
        documents = self.env["test.approval.document"].with_user(self.clerk)

        def found(states):
            return documents.search(
                [("approval_state", "in", states), ("id", "in", mine.ids)]
            )

        self.assertEqual(found(["open"]), waiting)
        self.assertEqual(found([False]), draft)
        self.assertEqual(found(["approved", False]), draft | self.approved)

    def test_what_an_addon_added_counts_no_more_when_it_is_gone(self):
        self.tampered = True
        terms = {**self.request.terms, "gone": 1}
        self.request._system_write(
            {
                "terms": terms,
                "terms_version": {"gone_addon": 1},
                "fingerprint": fingerprint(terms),
            }
        )
        self.assertFalse(self.approved._approval_missing())
        self.approved.amount = 20
        self.assertEqual(self.approved.approval_state, "open")

    def test_who_is_asked_again_when_a_refusal_submits_keeps_the_to_do(self):
        def refused(documents, reason):
            documents = documents.with_user(self.clerk)
            documents.write({"state": "draft"})
            documents.write({"state": "waiting"})

        document = self._submitted()
        self.patch(type(document), "_approval_refused", refused)
        document.with_user(self.lead).action_reject("Once more")
        self.assertEqual(document.approval_state, "open")
        kind = self.env.ref("approval_matrix.mail_activity_type_approval")
        to_dos = document.sudo().activity_ids
        self.assertEqual(
            to_dos.filtered(lambda each: each.activity_type_id == kind).user_id,
            self.lead,
        )
