from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DocumentCommon

DELIVERED = "It was delivered already."


@tagged("post_install", "-at_install")
class TestFaultDocument(DocumentCommon):
    """Documents that are gone, or cannot do what was decided."""

    def _lost(self, **values):
        """Return the request of a document that went past the ORM, by a cascade."""
        document = self._submitted(**values)
        process = document.sudo().approval_process_id
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM test_approval_document WHERE id = %s", [document.id]
        )
        self.env.invalidate_all()
        return process

    def _late(self, process):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE approval_task SET due_at = now() - interval '30 days'"
            " WHERE process_id IN %s",
            [tuple(process.ids)],
        )
        self.env.invalidate_all()

    def _enforce(self):
        with self.enter_registry_test_mode():
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()

    def test_deleted_document_closes_its_request(self):
        document = self._submitted()
        process = document.sudo().approval_process_id
        document.sudo().unlink()
        self.assertEqual(process.state, "cancelled")
        self.assertEqual(process.close_reason, "The document was deleted.")
        self.assertEqual(process.task_ids.state, "cancelled")
        self.assertEqual(
            self.env(user=self.lead)["approval.task"].get_inbox()["count"], 0
        )
        self.assertFalse(process._find_broken_log())
        with self.assertRaisesRegex(UserError, "closed"):
            process.task_ids.with_user(self.lead).action_approve()

    def test_document_lost_past_the_orm_is_neither_approved_nor_rejected(self):
        process = self._lost()
        task = process.task_ids.with_user(self.lead)
        with self.assertRaisesRegex(UserError, "Document changed"):
            task.action_approve()
        self.assertEqual(process.state, "open")
        self.assertTrue(task.with_env(self.env).read())

    def test_document_lost_past_the_orm_is_still_listed_and_shown(self):
        task = self._lost().task_ids.with_user(self.lead)
        inbox = task.browse().get_inbox()
        self.assertEqual(inbox["tasks"][0]["document"], "Document")
        values = task.web_read(
            {"document_name": {}, "summary_html": {}, "progress": {}, "can_decide": {}}
        )
        self.assertEqual(values[0]["document_name"], "Document")

    def test_limits_of_lost_documents_are_enforced(self):
        self.step.write({"limit_hours": 1, "on_timeout": "reject"})
        process = self._lost()
        self._late(process)
        self._enforce()
        self.assertEqual(process.state, "rejected")

    def test_document_that_refuses_to_go_back_holds_up_no_other(self):
        """The rejection is undone, the approver reminded, the next one dealt with."""
        self.step.write({"limit_hours": 1, "on_timeout": "reject"})
        stubborn, willing = self._submitted(name="Stubborn"), self._submitted()
        self._late((stubborn | willing).sudo().approval_process_id)
        refused = type(stubborn)._approval_refused

        def refuse(documents, reason):
            if "Stubborn" in documents.mapped("name"):
                raise UserError(DELIVERED)
            return refused(documents, reason)

        with (
            patch.object(type(stubborn), "_approval_refused", refuse),
            mute_logger("odoo.addons.approval_matrix.models.approval_limit"),
        ):
            self._enforce()
            self._enforce()
        self.assertEqual((willing.state, willing.approval_state), ("draft", "rejected"))
        self.assertEqual(stubborn.approval_state, "open")
        self.assertEqual(self._events(stubborn), ["submitted", "reminded"])
