from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestSubmission(DocumentCommon):
    """Before somebody submits they read who will be asked."""

    def _route(self, document=None):
        document = document or self._document()
        return document.action_open_submission()["params"]["route"]

    def test_tells_steps_and_people(self):
        self.rule.step_ids = [self._step("Second", self.head, sequence=20)]
        route = self._route()
        self.assertEqual(route["rule"], "Documents")
        self.assertEqual(
            [(step["name"], step["people"]) for step in route["steps"]],
            [("Step", ["Lead"]), ("Second", ["Head"])],
        )
        self.assertFalse(route["is_blocked"])

    def test_it_asks_whom_a_submission_asks(self):
        self.step.write({"user_ids": [(6, 0, (self.lead | self.clerk).ids)]})
        document = self._document()
        route = self._route(document)
        document.action_submit_approval()
        asked = self._tasks(document).user_id
        self.assertEqual(route["steps"][0]["people"], asked.mapped("name"))

    def test_it_writes_nothing(self):
        document = self._document()
        self.env.flush_all()
        self._route(document)
        self.assertEqual(document.state, "draft")
        self.assertFalse(document.sudo().approval_process_id)

    def test_says_that_nobody_can_be_asked(self):
        self.step.user_ids = self.clerk
        route = self._route()
        self.assertTrue(route["is_blocked"])
        self.assertIn("0 of the 1", route["steps"][0]["error"])

    def test_says_that_two_steps_are_two_persons(self):
        self.rule.step_ids = [self._step("Second", self.lead, sequence=20)]
        self.assertTrue(self._route()["is_short"])
        self.rule.allow_same_person = True
        self.assertFalse(self._route()["is_short"])

    def test_names_whoever_stands_in(self):
        now = fields.Datetime.now()
        self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=9),
            }
        )
        self.assertEqual(self._route()["steps"][0]["people"], ["Head for Lead"])

    def test_says_until_when(self):
        self.step.limit_hours = 8
        document = self._document()
        foreseen = self._route(document)["steps"][0]["due"]
        document.action_submit_approval()
        due = self._tasks(document).due_at - fields.Datetime.to_datetime(foreseen)
        self.assertLess(abs(due), timedelta(minutes=5))

    def test_what_no_rule_asks_about_goes_on(self):
        self.rule.active = False
        document = self._document()
        self.assertIs(document.action_open_submission(), True)
        self.assertFalse(document.sudo().approval_process_id)

    def test_strangers_learn_nothing(self):
        document = self._document()
        self.patch(
            self.registry["test.approval.document"],
            "_check_access",
            lambda records, operation: (records, lambda: AccessError("no")),
        )
        with self.assertRaises(AccessError):
            document.with_user(self.other).action_open_submission()
