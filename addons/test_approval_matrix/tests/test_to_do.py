from odoo import Command
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestToDo(DocumentCommon):
    """To-dos stay in step with tasks, whatever people do to them."""

    def _to_dos(self, document):
        return document.sudo().activity_ids

    def test_marked_as_done_but_not_decided_it_comes_back(self):
        self.step.write({"user_ids": [Command.link(self.head.id)], "quorum": "all"})
        document = self._submitted()
        mine = self._to_dos(document).filtered(lambda to_do: to_do.user_id == self.lead)
        mine.with_user(self.lead).action_feedback(feedback="Later")
        document.with_user(self.head).action_approve()
        self.assertEqual(self._to_dos(document).user_id, self.lead)

    def test_deleted_it_keeps_nobody_from_deciding(self):
        document = self._submitted()
        self._to_dos(document).unlink()
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.state, "done")

    def test_given_to_somebody_else_it_comes_back(self):
        document = self._submitted()
        self._to_dos(document).user_id = self.other
        document.with_user(self.lead).action_forward(self.head.id, "Yours")
        self.assertEqual(self._to_dos(document).user_id, self.head)

    def test_made_by_hand_it_stays(self):
        document = self._submitted()
        by_hand = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(document._name),
                "res_id": document.id,
                "activity_type_id": self._to_dos(document).activity_type_id.id,
                "user_id": self.other.id,
            }
        )
        document.with_user(self.lead).action_approve()
        self.assertEqual(self._to_dos(document), by_hand)

    def test_what_one_holder_noted_is_not_for_the_next(self):
        self.rule.step_ids = [self._step("Second", self.head, sequence=20)]
        document = self._submitted()
        self._to_dos(document).with_user(self.lead).note = "I do not trust them"
        document.with_user(self.lead).action_approve()
        self.assertEqual(self._to_dos(document).user_id, self.head)
        self.assertFalse(self._to_dos(document).note)

    def test_of_an_approved_request_it_is_done(self):
        document = self._submitted()
        to_do = self._to_dos(document)
        document.with_user(self.lead).action_approve()
        self.assertFalse(self._to_dos(document))
        self.assertEqual((to_do.state, to_do.user_id), ("done", self.lead))

    def test_of_a_withdrawn_request_it_is_gone(self):
        document = self._submitted()
        to_do = self._to_dos(document)
        document.action_withdraw()
        self.assertFalse(to_do.exists())

    def test_says_which_document_it_is_about(self):
        document = self._submitted(name="Paper")
        to_do = self._to_dos(document)
        self.assertEqual((to_do.res_name, to_do.user_tz), ("Paper", self.lead.tz))

    def test_request_undone_by_a_savepoint_is_forgotten(self):
        document = self._document()
        self.assertFalse(document.approval_state)
        savepoint = self.env.cr.savepoint()
        document.action_submit_approval()
        savepoint.close(rollback=True)
        self.assertFalse(document.approval_state)
        document.action_submit_approval()
        self.assertEqual(document.approval_state, "open")
