from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestBulk(DocumentCommon):
    """Who approves many at once is asked, once, if there is something to stop at."""

    def setUp(self):
        super().setUp()
        self.patch(
            self.registry["test.approval.document"],
            "_approval_warnings",
            lambda document: ["over budget"] if document.amount > 100 else [],
        )

    def _selected(self, *documents, user=None):
        tasks = self.env["approval.task"].union(*map(self._tasks, documents))
        return tasks.with_user(user or self.lead).sudo(False)

    def _decision(self, action, user):
        return self.env(user=user)["approval.decision"].with_context(
            **action["context"]
        )

    def _dialog(self, action):
        return Form(self._decision(action, self.lead))

    def _told(self, action, user):
        """Return what a dialog that somebody opens by hand says."""
        opened = self._decision(action, user).onchange({}, [], {"warnings": {}})
        return opened["value"]["warnings"]

    def test_asks_once_and_says_what_and_why(self):
        dear, good = self._submitted(name="Dear", amount=200), self._submitted()
        dearer = self._submitted(name="Dearer", amount=300)
        action = self._selected(dear, good, dearer).action_approve_selected()
        self.assertEqual({dear.state, good.state, dearer.state}, {"waiting"})
        dialog = self._dialog(action)
        self.assertEqual(dialog.warnings, "Dear: over budget\nDearer: over budget")
        dialog.save().action_confirm()
        self.assertEqual({dear.state, good.state, dearer.state}, {"done"})

    def test_does_not_ask_without_a_reason(self):
        documents = [self._submitted(), self._submitted()]
        self.assertIs(self._selected(*documents).action_approve_selected(), True)
        self.assertEqual({document.state for document in documents}, {"done"})

    def test_does_not_ask_about_a_single_one(self):
        dear = self._submitted(amount=200)
        self.assertIs(self._selected(dear).action_approve_selected(), True)
        self.assertEqual(dear.state, "done")

    def test_does_not_ask_about_two_steps_of_one_request(self):
        self.rule.allow_same_person = True
        self.rule.step_ids = [self._step("Again", user_ids=self.lead)]
        dear = self._submitted(amount=200)
        self.assertEqual(len(self._selected(dear)), 2)
        self.assertIs(self._selected(dear).action_approve_selected(), True)

    def test_decision_over_rpc_does_not_ask(self):
        dear, dearer = self._submitted(amount=200), self._submitted(amount=300)
        self.assertIs(self._selected(dear, dearer).action_approve(), True)
        self.assertEqual((dear.state, dearer.state), ("done", "done"))

    def test_asks_about_what_is_over_its_limit(self):
        self.step.write({"limit_hours": 1, "on_timeout": "remind"})
        with freeze_time("2026-11-23 09:00:00"):
            late = self._submitted(name="Late")
        with freeze_time("2026-11-23 10:30:00"):
            good = self._submitted(name="Good")
            action = self._selected(late, good).action_approve_selected()
            dialog = self._dialog(action)
            self.assertEqual(dialog.warnings, "Late: past its time limit")

    def test_all_reasons_stand_in_one_line(self):
        self.step.write({"limit_hours": 1, "on_timeout": "remind"})
        with freeze_time("2026-11-23 09:00:00"):
            late = self._submitted(name="Late", amount=200)
        with freeze_time("2026-11-23 10:30:00"):
            lines = late.approval_process_id.with_user(self.lead)._get_warnings()
        self.assertEqual(
            list(lines.values()), ["Late: over budget, past its time limit"]
        )

    def test_others_are_told_nothing(self):
        dear, dearer = self._submitted(amount=200), self._submitted(amount=300)
        action = self._selected(dear, dearer).action_approve_selected()
        self.assertTrue(self._told(action, self.lead))
        self.assertFalse(self._told(action, self.clerk))
        self.assertFalse(self._told(action, self.other))
        with self.assertRaises(UserError):
            self._selected(dear, dearer, user=self.clerk).action_approve_selected()

    def test_asking_costs_the_same_for_many(self):
        def count(number):
            documents = [self._submitted(amount=200) for _n in range(number)]
            selected = self._selected(*documents)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            selected.action_approve_selected()
            return self.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(2), count(7))

    def test_rejection_warns_of_nothing(self):
        dear, dearer = self._submitted(amount=200), self._submitted(amount=300)
        action = self._selected(dear, dearer).action_open_rejection()
        self.assertFalse(self._dialog(action).warnings)
