from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import DocumentCommon

WHY = "Is the price right?"


class SendBackCase(DocumentCommon):
    """First Lead, then Head; Other is a colleague of both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.step_ids = [cls._step("Second", cls.head, sequence=20)]
        cls.first, cls.second = cls.rule.step_ids

    def _at_second(self, **values):
        document = self._submitted(**values)
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.approval_holder_ids, self.head)
        return document

    def _send_back(self, document, user=None, reason=WHY):
        document.with_user(user or self.head).action_send_back(reason)

    def _step_tasks(self, document, step):
        return self._tasks(document).filtered(lambda task: task.step_key == step.id)


@tagged("post_install", "-at_install")
class TestSendBack(SendBackCase):
    """An approver lets the step before decide again, instead of starting over."""

    def test_the_step_before_decides_again(self):
        document = self._at_second()
        self._send_back(document)
        self.assertEqual(document.state, "waiting")
        self.assertEqual(document.approval_holder_ids, self.lead)
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.approval_holder_ids, self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_the_first_decision_stays_in_the_log(self):
        document = self._at_second()
        self._send_back(document)
        self.assertEqual(self._events(document), ["submitted", "approved", "sent_back"])
        row = document.sudo().approval_process_id.log_ids[-1]
        self.assertEqual((row.user_id, row.step_name), (self.head, "Second"))
        self.assertIn(WHY, row.comment)
        self.assertIn("“Step”", row.comment)

    def test_the_step_before_may_reject_now(self):
        document = self._at_second()
        self._send_back(document)
        document.with_user(self.lead).action_reject("It is not")
        self.assertEqual(document.approval_state, "rejected")

    def test_it_may_go_back_more_than_once(self):
        document = self._at_second()
        for _time in range(3):
            self._send_back(document)
            document.with_user(self.lead).action_approve()
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_it_goes_back_one_step_only(self):
        self.rule.step_ids = [self._step("Third", self.other, sequence=30)]
        document = self._at_second()
        document.with_user(self.head).action_approve()
        self._send_back(document, self.other)
        self.assertEqual(document.approval_holder_ids, self.head)
        self._send_back(document)
        self.assertEqual(document.approval_holder_ids, self.lead)
        for user in (self.lead, self.head, self.other):
            document.with_user(user).action_approve()
        self.assertEqual(document.state, "done")

    def test_as_they_were_named_when_it_was_submitted(self):
        document = self._at_second()
        self.first.user_ids = self.other
        self._send_back(document)
        self.assertEqual(document.approval_holder_ids, self.lead)

    def test_somebody_else_of_the_step_may_decide_this_time(self):
        self.first.user_ids += self.other
        document = self._at_second()
        self._send_back(document)
        self.assertEqual(document.approval_holder_ids, self.lead | self.other)
        document.with_user(self.other).action_approve()
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_parallel_steps_before_are_all_decided_again(self):
        self.rule.step_ids = [self._step("Beside", self.other)]
        document = self._submitted()
        for user in (self.lead, self.other):
            document.with_user(user).action_approve()
        self._send_back(document)
        self.assertEqual(document.approval_holder_ids, self.lead | self.other)

    def test_what_parallel_steps_decided_counts_no_more(self):
        self.rule.step_ids = [self._step("Beside", self.other, sequence=20)]
        document = self._submitted()
        for user in (self.lead, self.other):
            document.with_user(user).action_approve()
        self._send_back(document)
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.approval_holder_ids, self.head | self.other)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "waiting")
        document.with_user(self.other).action_approve()
        self.assertEqual(document.state, "done")

    def test_half_a_quorum_counts_no_more(self):
        self.second.write({"user_ids": [(4, self.other.id)], "quorum": "all"})
        document = self._submitted()
        for user in (self.lead, self.other):
            document.with_user(user).action_approve()
        self._send_back(document)
        document.with_user(self.lead).action_approve()
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "waiting")
        document.with_user(self.other).action_approve()
        self.assertEqual(document.state, "done")

    def test_steps_of_one_name_are_told_apart(self):
        self.rule.step_ids.name = "Same"
        document = self._at_second()
        self._send_back(document)
        document.with_user(self.lead).action_approve()
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_forwarded_step_is_decided_by_whoever_decided_it(self):
        document = self._submitted()
        document.with_user(self.lead).action_forward(self.other.id, "please")
        document.with_user(self.other).action_approve()
        self._send_back(document)
        self.assertEqual(document.approval_holder_ids, self.other)
        with self.assertRaises(UserError):
            document.with_user(self.lead).action_approve()

    def test_clock_starts_anew(self):
        self.first.limit_hours = 2
        with freeze_time("2026-11-23 09:00:00"):
            document = self._at_second()
        with freeze_time("2026-11-24 09:00:00"):
            self._send_back(document)
        task = self._step_tasks(document, self.first)
        self.assertEqual(task.due_at, datetime(2026, 11, 24, 11, 0))
        self.assertFalse(task.timed_out_at)

    def test_a_step_that_time_passed_over_is_asked(self):
        self.first.write(
            {"limit_hours": 2, "on_timeout": "escalate", "escalate_to": "next"}
        )
        with freeze_time("2026-11-23 09:00:00"):
            document = self._submitted()
        with freeze_time("2026-11-24 09:00:00"), self.enter_registry_test_mode():
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()
        self._send_back(document)
        self.assertEqual(document.approval_holder_ids, self.lead)

    def test_substitute_sends_back_on_behalf(self):
        now = fields.Datetime.now()
        self.env["approval.substitute"].create(
            {
                "user_id": self.head.id,
                "substitute_id": self.other.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=1),
            }
        )
        document = self._submitted()
        document.with_user(self.lead).action_approve()
        self._send_back(document, self.other)
        row = document.sudo().approval_process_id.log_ids[-1]
        self.assertEqual((row.user_id, row.on_behalf_of_id), (self.other, self.head))

    def test_people_are_told(self):
        self.clerk.notification_type = "inbox"
        document = self._at_second()
        self._send_back(document)
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.clerk.partner_id.ids)]
        )
        self.assertIn(WHY, told[0].body)
        to_dos = document.activity_ids.filtered("automated")
        self.assertEqual(to_dos.user_id, self.lead)
        step = document.with_user(self.lead).approval_progress["steps"][0]
        self.assertEqual((step["state"], step["returned"]), ("active", WHY))

    def test_reason_of_several_lines_is_told_in_the_body(self):
        self.clerk.notification_type = "inbox"
        document = self._at_second()
        self._send_back(document, reason="One\nTwo <b>three</b>")
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.clerk.partner_id.ids)], limit=1
        )
        self.assertIn("&lt;b&gt;", told.body)
        self.assertNotIn("Two", told.subject)

    def test_reason_goes_when_it_is_decided(self):
        document = self._at_second()
        self._send_back(document)
        document.with_user(self.lead).action_approve("It is")
        step = document.approval_progress["steps"][0]
        self.assertFalse(step["returned"])

    def test_dialog_sends_it_back(self):
        document = self._at_second()
        action = document.with_user(self.head).action_open_send_back()
        dialog = Form(
            self.env(user=self.head)["approval.decision"].with_context(
                **action["context"]
            )
        )
        dialog.text = WHY
        dialog.save().action_confirm()
        self.assertEqual(document.approval_holder_ids, self.lead)

    # who may

    def test_the_first_step_has_none_before(self):
        document = self._submitted()
        self.assertFalse(document.with_user(self.lead).approval_can_send_back)
        with self.assertRaisesRegex(UserError, "first step"):
            self._send_back(document, self.lead)

    def test_a_reason_is_required(self):
        document = self._at_second()
        for reason in (None, " ", "\0"):
            with self.assertRaises(UserError):
                self._send_back(document, reason=reason)

    def test_only_those_who_are_asked(self):
        document = self._at_second()
        for user in (self.clerk, self.lead, self.other):
            self.assertFalse(document.with_user(user).approval_can_send_back)
            with self.assertRaises(UserError):
                self._send_back(document, user)
        self.assertTrue(document.with_user(self.head).approval_can_send_back)
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_four_eyes(self):
        """Who decided another step decides nothing in this one, nor sends it back."""
        self.first.user_ids += self.other
        self.second.user_ids += self.lead
        document = self._submitted()
        document.with_user(self.lead).action_approve()
        with self.assertRaises(UserError):
            self._send_back(document, self.lead)

    def test_nobody_decides_both_steps_after_it_went_back(self):
        self.first.user_ids += self.other
        self.second.user_ids += self.other
        document = self._submitted()
        document.with_user(self.lead).action_approve()
        self._send_back(document)
        document.with_user(self.other).action_approve()
        with self.assertRaises(UserError):
            document.with_user(self.other).action_approve()
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_not_after_the_terms_changed_unseen(self):
        document = self._at_second()
        self.env.cr.execute(
            "UPDATE test_approval_document SET amount = 99 WHERE id = %s",
            [document.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "changed after"):
            self._send_back(document)
        self.tampered = True

    def test_not_when_it_is_decided(self):
        document = self._at_second()
        document.with_user(self.head).action_approve()
        with self.assertRaises(UserError):
            self._send_back(document)

    def test_context_changes_nothing(self):
        document = self._at_second()
        forged = document.with_user(self.other).with_context(
            uid=self.head.id,
            default_state="approved",
            default_user_id=self.other.id,
            active_test=False,
        )
        with self.assertRaises(UserError):
            forged.action_send_back(WHY)

    def test_request_seen_before_is_not_meant(self):
        document = self._at_second()
        seen = document.sudo().approval_process_id.id
        document.amount = 20
        document.with_user(self.lead).action_approve()
        stale = document.with_user(self.head).with_context(approval_process_id=seen)
        with self.assertRaises(UserError):
            stale.action_send_back(WHY)

    def test_several_at_once(self):
        documents = self._at_second() + self._at_second(name="Another")
        self._send_back(documents)
        self.assertEqual(documents.approval_holder_ids, self.lead)


@tagged("post_install", "-at_install")
class TestSentBackVerified(SendBackCase):
    """What the verification says of requests that went back."""

    tampered = True

    def _problems(self, document):
        process = document.sudo().approval_process_id
        findings = self.env["approval.verification"]._find_in_requests(process)
        return " ".join(finding.text for finding in findings)

    def _set(self, task, **values):
        assert values
        task._system_write(values)
        self.env.flush_all()

    def test_decision_that_counts_no_more_is_not_put_back(self):
        document = self._at_second()
        self._send_back(document)
        self.assertFalse(self._problems(document))
        task = self._step_tasks(document, self.first)
        self._set(task, state="approved", decided_by_id=self.lead.id)
        self.assertIn("is not in the log", self._problems(document))

    def test_approval_without_the_second_decision_is_found(self):
        document = self._at_second()
        self._send_back(document)
        process = document.sudo().approval_process_id
        self._set(self._step_tasks(document, self.first), state="skipped")
        self._set(
            self._step_tasks(document, self.second),
            state="approved",
            decided_by_id=self.head.id,
        )
        head = process.with_user(self.head).sudo()
        head._log("approved", "Second", channel="screen")
        head._log("granted")
        process._system_write({"state": "approved"})
        self.assertIn("0 of 1", self._problems(document))

    def test_only_what_was_decided_is_forgotten(self):
        document = self._at_second()
        process = document.sudo().approval_process_id.with_user(self.head).sudo()
        forged = {"steps": [], "void": [["Step", self.other.id, self.other.id]]}
        process._log("sent_back", "Second", details=forged)
        self.assertIn("no decision to forget", self._problems(document))

    def test_only_who_was_asked_sends_back(self):
        document = self._at_second()
        process = document.sudo().approval_process_id.with_user(self.other).sudo()
        process._log("sent_back", "Second", details={"steps": [], "void": []})
        self.assertIn("was not asked", self._problems(document))
