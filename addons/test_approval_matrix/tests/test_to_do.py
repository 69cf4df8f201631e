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

    def test_of_a_cancelled_document_it_is_gone(self):
        document = self._submitted()
        to_do = self._to_dos(document)
        document.state = "cancelled"
        self.assertFalse(to_do.exists())

    def test_while_somebody_stands_in_it_is_theirs(self):
        document = self._submitted()
        absence = self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": "2020-01-01",
                "date_to": "2040-01-01",
            }
        )
        self.assertEqual(self._to_dos(document).user_id, self.head)
        absence.action_archive()
        self.assertEqual(self._to_dos(document).user_id, self.lead)

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


@tagged("post_install", "-at_install")
class TestRequesterToDo(DocumentCommon):
    """What a requester has to do is done by what they do about it."""

    def _to_dos(self, document):
        return document.sudo().activity_ids.filtered(
            lambda to_do: to_do.user_id == self.clerk
        )

    def _ask(self, document, user=None, question="Why two?"):
        """Ask as an approver, and return the to-do that comes of it."""
        before = self._to_dos(document)
        document.with_user(user or self.lead).action_ask_information(question)
        (to_do,) = self._to_dos(document) - before
        self.assertIn(question, to_do.note)
        return to_do

    def test_answered_question_is_done(self):
        document = self._submitted()
        to_do = self._ask(document)
        document.action_answer("One is a spare.")
        self.assertFalse(self._to_dos(document))
        self.assertEqual(to_do.state, "done")

    def test_answer_from_the_dialog_does_it_too(self):
        document = self._submitted()
        self._ask(document)
        action = document.action_open_answer()
        dialog = self.env(user=self.clerk, context=action["context"])
        dialog["approval.decision"].create({"text": "A spare."}).action_confirm()
        self.assertFalse(self._to_dos(document))

    def test_one_answer_does_for_all_who_asked(self):
        self.step.write({"user_ids": [Command.link(self.head.id)], "quorum": "all"})
        document = self._submitted()
        to_dos = self._ask(document) + self._ask(document, self.head, "Why now?")
        document.action_answer("The ward opens.")
        self.assertEqual(set(to_dos.mapped("state")), {"done"})

    def test_question_of_who_decided_meanwhile_is_gone_that_of_others_stays(self):
        self.step.write({"user_ids": [Command.link(self.head.id)], "quorum": "all"})
        document = self._submitted()
        first = self._ask(document)
        second = self._ask(document, self.head, "Why now?")
        document.with_user(self.lead).action_approve()
        self.assertEqual(self._to_dos(document), second)
        self.assertEqual(first.state, "done")

    def test_question_of_who_is_away_now_stays(self):
        document = self._submitted()
        to_do = self._ask(document)
        self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": "2020-01-01",
                "date_to": "2040-01-01",
            }
        )
        self.assertEqual(document.approval_holder_ids, self.head)
        self.assertEqual(self._to_dos(document), to_do)
        document.action_answer("A spare.")
        self.assertFalse(self._to_dos(document))

    def test_whatever_ends_the_request_ends_the_question(self):
        ends = {
            "approved": lambda each: each.with_user(self.lead).action_approve(),
            "withdrawn": lambda each: each.action_withdraw(),
            "changed": lambda each: each.write({"amount": 99}),
            "taken back": lambda each: each.write({"state": "draft"}),
            "cancelled": lambda each: each.write({"state": "cancelled"}),
        }
        for name, end in ends.items():
            with self.subTest(name):
                document = self._submitted()
                self._ask(document)
                end(document)
                self.assertFalse(self._to_dos(document))

    def test_forwarded_the_question_is_not_the_new_approver_s(self):
        document = self._submitted()
        self._ask(document)
        document.with_user(self.lead).action_forward(self.head.id, "Yours")
        self.assertFalse(self._to_dos(document))
        self.assertFalse(document.approval_can_answer)

    def test_rejection_leaves_one_to_do_with_the_reason(self):
        document = self._submitted()
        self._ask(document)
        document.with_user(self.lead).action_reject("Too dear.")
        (to_do,) = self._to_dos(document)
        self.assertIn("Too dear.", to_do.note)

    def test_rejected_and_submitted_again_nothing_is_left_to_do(self):
        document = self._submitted()
        document.with_user(self.lead).action_reject("Too dear.")
        document.write({"amount": 9})
        self.assertTrue(self._to_dos(document))
        document.action_submit_approval()
        self.assertFalse(self._to_dos(document))

    def test_rejected_and_cancelled_nothing_is_left_to_do(self):
        document = self._submitted()
        document.with_user(self.lead).action_reject("Too dear.")
        document.state = "cancelled"
        self.assertFalse(self._to_dos(document))

    def test_too_few_left_and_withdrawn_nothing_is_left_to_do(self):
        document = self._submitted()
        self.lead.active = False
        self.assertIn("submit it again", self._to_dos(document).note)
        document.action_withdraw()
        self.assertFalse(self._to_dos(document))

    def test_what_others_noted_for_the_requester_stays(self):
        document = self._submitted()
        self._ask(document)
        note = document.activity_schedule(
            "mail.mail_activity_data_warning", user_id=self.clerk.id, note="Call them"
        )
        document.action_answer("A spare.")
        self.assertEqual(self._to_dos(document), note)
