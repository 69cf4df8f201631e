from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestSamePerson(DocumentCommon):
    """Two steps are two persons, unless the rule says otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.step_ids = [cls._step("Second", cls.head, sequence=20)]
        cls.first, cls.second = cls.rule.step_ids
        cls.boss = cls._user("boss")

    def _absence(self, user, substitute, start=-1):
        now = fields.Datetime.now()
        return self.env["approval.substitute"].create(
            {
                "user_id": user.id,
                "substitute_id": substitute.id,
                "date_from": now + timedelta(hours=start),
                "date_to": now + timedelta(hours=10),
            }
        )

    def _name(self, step, *users):
        ids = [user.id for user in users]
        step.user_ids = [Command.set(ids)]

    def _approve(self, document, user):
        document.with_user(user).action_approve()

    # substitutes

    def test_approver_of_another_step_does_not_stand_in(self):
        self._absence(self.lead, self.head)
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.assertEqual(self._events(document)[-1], "stayed")

    def test_with_the_setting_one_person_may_stand_in_and_decide(self):
        self.rule.allow_same_person = True
        self._absence(self.lead, self.head)
        document = self._submitted()
        self._approve(document, self.head)
        self._approve(document, self.head)
        self.assertEqual(document.state, "done")

    def test_substitute_of_both_gets_one_step(self):
        self._absence(self.lead, self.other)
        self._absence(self.head, self.other)
        document = self._submitted()
        self._approve(document, self.other)
        self.assertEqual(document.approval_holder_ids, self.head)
        self._approve(document, self.head)
        self.assertEqual(document.state, "done")

    def test_substitute_of_two_steps_asked_together_gets_one(self):
        self.second.sequence = self.first.sequence
        self._absence(self.lead, self.other)
        self._absence(self.head, self.other)
        document = self._submitted()
        self._approve(document, self.other)
        self.assertEqual(document.state, "waiting")
        self.assertNotIn(self.other, document.approval_holder_ids)

    def test_next_possible_substitute_is_found(self):
        self._absence(self.lead, self.head)
        self._absence(self.head, self.other, start=-1)
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.other)
        self._approve(document, self.other)
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_absence_after_the_decision_names_who_decided(self):
        self._name(self.first, self.lead, self.other)
        document = self._submitted()
        self._approve(document, self.other)
        self._absence(self.head, self.other)
        self.assertEqual(document.approval_holder_ids, self.head)

    # approvers

    def test_same_approver_alone_in_two_steps_forwards_the_second(self):
        self._name(self.second, self.lead)
        self.assertTrue(self.rule.names_too_few)
        document = self._submitted()
        self._approve(document, self.lead)
        self.assertEqual(document.approval_holder_ids, self.lead)
        for decide in ("action_approve", "action_reject"):
            with (
                self.assertRaisesRegex(AccessError, "forward"),
                self.cr.savepoint(),
            ):
                getattr(document.with_user(self.lead), decide)("Once more")
        document.with_user(self.lead).action_forward(self.other.id, "You too")
        self._approve(document, self.other)
        self.assertEqual(document.state, "done")

    def test_same_approver_alone_in_two_steps_asked_together_forwards_one(self):
        self.second.sequence = self.first.sequence
        self._name(self.second, self.lead)
        document = self._submitted()
        self._approve(document, self.lead)
        self.assertEqual(document.state, "waiting")
        document.with_user(self.lead).action_forward(self.other.id, "You too")
        self._approve(document, self.other)
        self.assertEqual(document.state, "done")

    def test_with_the_setting_the_same_approver_decides_both(self):
        self.rule.allow_same_person = True
        self._name(self.second, self.lead)
        self.assertFalse(self.rule.names_too_few)
        document = self._submitted()
        self._approve(document, self.lead)
        self._approve(document, self.lead)
        self.assertEqual(document.state, "done")

    def test_who_decided_is_not_asked_in_the_next_step(self):
        self._name(self.second, self.lead, self.head)
        document = self._submitted()
        self._approve(document, self.lead)
        self.assertEqual(document.approval_holder_ids, self.head)
        with self.assertRaises(UserError):
            self._approve(document, self.lead)
        self._approve(document, self.head)
        self.assertEqual(document.state, "done")

    def test_who_is_needed_in_the_next_step_leaves_this_one_to_others(self):
        self._name(self.first, self.lead, self.head)
        document = self._submitted()
        with (
            self.assertRaisesRegex(AccessError, "forward"),
            self.cr.savepoint(),
        ):
            self._approve(document, self.head)
        self._approve(document, self.lead)
        self._approve(document, self.head)
        self.assertEqual(document.state, "done")

    def test_one_click_decides_one_of_two_steps_asked_together(self):
        self.second.sequence = self.first.sequence
        self._name(self.first, self.lead, self.head)
        self._name(self.second, self.lead, self.head)
        document = self._submitted()
        self._approve(document, self.lead)
        self.assertEqual(document.state, "waiting")
        self.assertEqual(document.approval_holder_ids, self.head)
        self._approve(document, self.head)
        self.assertEqual(document.state, "done")

    def test_all_of_a_step_are_needed_there(self):
        self.second.quorum = "all"
        self._name(self.second, self.lead, self.head)
        self._name(self.first, self.lead, self.other)
        document = self._submitted()
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._approve(document, self.lead)
        for user in (self.other, self.lead, self.head):
            self._approve(document, user)
        self.assertEqual(document.state, "done")

    # handed over

    def test_forwarding_to_who_decided_or_is_needed_is_refused(self):
        document = self._submitted()
        with self.assertRaisesRegex(UserError, "two persons"), self.cr.savepoint():
            document.with_user(self.lead).action_forward(self.head.id, "You do it")
        self._approve(document, self.lead)
        with self.assertRaisesRegex(UserError, "two persons"), self.cr.savepoint():
            document.with_user(self.head).action_forward(self.lead.id, "You do it")
        document.with_user(self.head).action_forward(self.other.id, "You do it")
        self._approve(document, self.other)
        self.assertEqual(document.state, "done")

    def test_escalation_to_who_is_needed_only_reminds(self):
        self.first.write(
            {
                "limit_hours": 2,
                "on_timeout": "escalate",
                "escalate_to": "user",
                "escalation_user_id": self.head.id,
            }
        )
        with freeze_time("2026-11-23 09:00:00"):
            document = self._submitted()
        with freeze_time("2026-11-25 09:00:00"), self.enter_registry_test_mode():
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.assertIn("reminded", self._events(document))

    def test_manager_of_who_left_is_not_one_who_is_needed(self):
        self._employee(self.lead, manager=self._employee(self.head))
        document = self._submitted()
        self.lead.active = False
        first = self._tasks(document).filtered(lambda task: task.step_name == "Step")
        self.assertEqual(first.user_id, self.lead)
        self.assertIn("Lead has left", document.sudo().activity_ids.mapped("summary"))
        document.action_withdraw()
        self.assertEqual(document.state, "draft")

    # snapshot

    def test_running_requests_keep_what_the_rule_was(self):
        self.rule.allow_same_person = True
        document = self._submitted()
        self.rule.allow_same_person = False
        self._absence(self.lead, self.head)
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_rules_from_before_that_name_too_few_are_found(self):
        self.env.flush_all()
        self.assertNotIn(self.rule.id, self.rule._find_too_few_named())
        self._name(self.second, self.lead)
        self.env.flush_all()
        self.assertIn(self.rule.id, self.rule._find_too_few_named())
