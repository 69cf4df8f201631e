from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestFaultRule(DocumentCommon):
    """Rules that change while their requests run."""

    def test_edited_steps_change_new_requests_only(self):
        document = self._submitted()
        self.step.write(
            {
                "name": "Renamed",
                "user_ids": [Command.set((self.head | self.other).ids)],
                "quorum": "all",
                "limit_hours": 4,
            }
        )
        self.rule.step_ids = [self._step(name="Second", user_ids=self.other)]
        task = self._tasks(document)
        self.assertEqual((task.step_name, task.needed, task.due_at), ("Step", 1, False))
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.state, "done")
        self.assertEqual(self._submitted().approval_holder_ids, self.head | self.other)

    def test_step_deleted_while_it_is_asked(self):
        self.rule.step_ids = [
            self._step(name="Second", user_ids=self.head, sequence=20)
        ]
        document = self._submitted()
        self.step.unlink()
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.approval_holder_ids, self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_rule_that_stops_matching_keeps_its_request(self):
        document = self._submitted()
        self.rule.write({"amount_min": 1000, "domain": "[('name', '=', 'Other')]"})
        self.assertEqual(document.approval_holder_ids, self.lead)
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.state, "done")
        self.assertEqual(document.approval_state, "approved")

    def test_archived_rule_lets_its_requests_finish(self):
        approved, rejected, withdrawn = (self._submitted() for _each in range(3))
        self.rule.active = False
        approved.with_user(self.lead).action_approve()
        rejected.with_user(self.lead).action_reject("No")
        withdrawn.action_withdraw()
        self.assertEqual(
            [
                (each.state, each.approval_state)
                for each in (approved, rejected, withdrawn)
            ],
            [("done", "approved"), ("draft", "rejected"), ("draft", "withdrawn")],
        )

    def test_archived_rule_and_new_terms_hand_the_document_back(self):
        document = self._submitted()
        process = document.sudo().approval_process_id
        self.rule.active = False
        document.amount = 20
        self.assertEqual((document.state, process.state), ("draft", "superseded"))

    def test_new_terms_take_the_rule_as_it_is_now(self):
        document = self._submitted()
        self.step.user_ids = self.head
        document.amount = 20
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_rule_with_requests_is_not_deleted(self):
        document = self._submitted()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.rule.unlink()
        document.with_user(self.lead).action_approve()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.rule.unlink()

    def test_archived_rule_keeps_enforcing_limits(self):
        self.step.limit_hours = 1
        document = self._submitted()
        self.rule.active = False
        self.env.cr.execute(
            "UPDATE approval_task SET due_at = due_at - interval '30 days'"
            " WHERE process_id = %s",
            [document.sudo().approval_process_id.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()
        self.assertIn("reminded", self._events(document))
