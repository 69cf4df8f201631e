from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import DocumentCommon

CLOSED = "The budget is closed."


@tagged("post_install", "-at_install")
class TestBulk(DocumentCommon):
    """Who approves what is ticked is asked, once, if there is something to stop at."""

    def setUp(self):
        super().setUp()
        self.patch(
            self.registry["test.approval.document"],
            "_approval_warnings",
            lambda documents: {
                each: [("over budget", "")] if each.amount > 100 else []
                for each in documents
            },
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

    def test_asks_about_a_single_one(self):
        dear = self._submitted(name="Dear", amount=200)
        dialog = self._dialog(self._selected(dear).action_approve_selected())
        self.assertEqual(dialog.warnings, "Dear: over budget")
        self.assertEqual(dear.state, "waiting")

    def test_does_not_ask_about_a_single_one_without_a_reason(self):
        good = self._submitted()
        self.assertIs(self._selected(good).action_approve_selected(), True)
        self.assertEqual(good.state, "done")

    def test_asks_once_about_two_steps_of_one_request(self):
        self.rule.allow_same_person = True
        self.rule.step_ids = [self._step("Again", user_ids=self.lead)]
        dear = self._submitted(name="Dear", amount=200)
        self.assertEqual(len(self._selected(dear)), 2)
        dialog = self._dialog(self._selected(dear).action_approve_selected())
        self.assertEqual(dialog.warnings, "Dear: over budget")

    def test_holds_back_what_is_not_asked_about(self):
        one, other = self._submitted(name="One"), self._submitted(name="Other")
        held = self._selected(one, other).get_selected_to_hold()
        expected = [
            [document.sudo().approval_process_id.id, document.name]
            for document in (one, other)
        ]
        self.assertCountEqual(held, expected)
        self.assertEqual({one.state, other.state}, {"waiting"})

    def test_holds_nothing_back_that_is_asked_about(self):
        good, dear = self._submitted(), self._submitted(amount=200)
        self.assertIs(self._selected(good, dear).get_selected_to_hold(), False)

    def test_holds_nothing_back_when_there_is_something_to_tell(self):
        """Somebody came back meanwhile whom the user stood in for."""
        absence = self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": "2020-01-01",
                "date_to": "2040-01-01",
            }
        )
        borrowed = self._submitted()
        self._rule(self._step(user_ids=self.head), domain="[('name', '=', 'Own')]")
        self.rule.sequence = 99
        selected = self._selected(borrowed, self._submitted(name="Own"), user=self.head)
        absence.unlink()
        self.env.invalidate_all()
        self.assertEqual(len(selected._filtered_access("read")), 1)
        self.assertIs(selected.get_selected_to_hold(), False)

    def test_what_is_not_theirs_is_not_held_back(self):
        selected = self._selected(self._submitted(), user=self.head)
        with self.assertRaises(AccessError):
            selected.get_selected_to_hold()

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


@tagged("post_install", "-at_install")
class TestBulkGone(DocumentCommon):
    """What is gone meanwhile does not keep the others from being decided."""

    def setUp(self):
        super().setUp()
        self.documents = [self._submitted(name=f"D{n}") for n in (1, 2, 3)]

    def _selected(self, user=None):
        tasks = self.env["approval.task"].union(*map(self._tasks, self.documents))
        tasks = tasks.filtered(lambda task: task.user_id == self.lead)
        return tasks.with_user(user or self.lead).sudo(False)

    def _states(self):
        return [document.state for document in self.documents]

    def _result(self, action):
        self.assertEqual(action["res_model"], "approval.decision")
        return action["context"]["default_result"]

    def _dialog(self, decision, text="So"):
        action = self._selected().process_id._get_decision_action(decision)
        wizard = self.env(user=self.lead)["approval.decision"]
        return wizard.with_context(**action["context"]).create({"text": text})

    def test_withdrawn_one_is_named_and_the_others_go(self):
        selected = self._selected()
        self.documents[1].action_withdraw()
        result = self._result(selected.action_approve_selected())
        self.assertEqual(self._states(), ["done", "draft", "done"])
        self.assertIn("D2", result)
        self.assertIn("Withdrawn", result)
        self.assertNotIn("D1", result)

    def test_decided_one_is_named(self):
        selected = self._selected()
        self.documents[0].with_user(self.lead).action_reject("No")
        self.assertIn("D1", self._result(selected.action_approve_selected()))
        self.assertEqual(self._states(), ["draft", "done", "done"])

    def test_changed_one_is_not_approved_unread(self):
        selected = self._selected()
        self.documents[0].amount = 99
        result = self._result(selected.action_approve_selected())
        self.assertIn("Superseded", result)
        self.assertEqual(self._states(), ["waiting", "done", "done"])

    def test_one_that_is_somebody_elses_now_is_named(self):
        selected = self._selected()
        self.documents[2].with_user(self.lead).action_forward(self.other.id, "please")
        result = self._result(selected.action_approve_selected())
        self.assertIn("D3 waits for Other", result)
        self.assertEqual(self._states(), ["done", "done", "waiting"])

    def test_one_that_came_back_to_the_absent_is_counted(self):
        """The substitute may not read it any more, so it is not named."""
        absence = self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": "2020-01-01",
                "date_to": "2040-01-01",
            }
        )
        own = self._submitted(name="Own")
        selected = self._selected(self.head)
        absence.unlink()
        self.env["approval.process"]._hand_over(self._tasks(own), self.head, "forward")
        self._tasks(own).filtered(lambda t: t.user_id == self.lead)._system_write(
            {"state": "forwarded"}
        )
        own.sudo().approval_process_id._log("forwarded", "Step", on_behalf_of=self.lead)
        selected |= self._tasks(own).filtered(lambda t: t.user_id == self.head)
        self.env.invalidate_all()
        result = self._result(selected.action_approve_selected())
        self.assertEqual(own.state, "done")
        self.assertTrue(result.startswith("3 are not in your hands"))
        self.assertNotIn("D1", result)
        self.assertEqual(self._states(), ["waiting"] * 3)

    def test_all_gone_is_refused_in_words(self):
        selected = self._selected()
        for document in self.documents:
            document.action_withdraw()
        with self.assertRaisesRegex(UserError, "D1(.|\n)*D2(.|\n)*D3"):
            selected.action_approve_selected()

    def test_rejection_goes_on_too(self):
        wizard = self._dialog("reject", "Not now")
        self.documents[1].with_user(self.lead).action_approve()
        self.assertIn("D2", self._result(wizard.action_confirm()))
        self.assertEqual(self._states(), ["draft", "done", "draft"])

    def test_dialog_after_the_question_goes_on(self):
        wizard = self._dialog("approve")
        self.documents[1].action_withdraw()
        self.assertIn("D2", self._result(wizard.action_confirm()))
        self.assertEqual(self._states(), ["done", "draft", "done"])

    def test_result_is_shown_and_decides_nothing(self):
        wizard = self._dialog("approve")
        self.documents[1].action_withdraw()
        action = wizard.action_confirm()
        shown = self.env(user=self.lead)["approval.decision"]
        form = Form(shown.with_context(**action["context"]))
        self.assertIn("D2", form.result)
        self.assertFalse(form.warnings)

    def test_nothing_is_half_done(self):
        """One cannot be carried out: neither its log nor its steps say it was."""
        Document = self.registry["test.approval.document"]
        granted = Document._approval_granted

        def refuse(documents):
            if any(document.name == "D2" for document in documents):
                raise UserError(CLOSED)
            return granted(documents)

        self.patch(Document, "_approval_granted", refuse)
        result = self._result(self._selected().action_approve_selected())
        self.assertEqual(result, f"D2: {CLOSED}")
        self.assertEqual(self._states(), ["done", "waiting", "done"])
        self.assertEqual(self._events(self.documents[1]), ["submitted"])
        self.assertEqual(self._tasks(self.documents[1]).state, "active")
        self.assertEqual(self._events(self.documents[0])[-1], "granted")

    def test_own_request_among_them_is_left_out(self):
        """Four eyes hold in bulk, too."""
        self.step.user_ids += self.other
        self.documents = [self._submitted(name=f"D{n}") for n in (4, 5, 6)]
        selected = self._selected()
        self.documents[1].with_user(self.lead).amount = 7  # now lead is an editor
        self.assertIn("D5", self._result(selected.action_approve_selected()))
        self.assertEqual(self._states()[::2], ["done", "done"])
        self.assertNotEqual(self.documents[1].state, "done")

    def test_strangers_decide_nothing(self):
        for user in (self.other, self.clerk):
            with self.assertRaises(UserError):
                self._selected(user).action_approve_selected()
        wizard = self._dialog("approve")
        for user in (self.other, self.clerk):
            with self.assertRaises(UserError):
                wizard.with_user(user).action_confirm()
        self.assertEqual(self._states(), ["waiting"] * 3)


@tagged("post_install", "-at_install")
class TestBulkTalk(DocumentCommon):
    """Asking and forwarding what is ticked: once for each request, or said why not."""

    def setUp(self):
        super().setUp()
        self.documents = [self._submitted(name=f"D{n}") for n in (1, 2, 3)]

    def _confirm(self, action, **values):
        """Fill in the dialog of an action and confirm it, as the lead."""
        wizard = self.env(user=self.lead)["approval.decision"]
        wizard = wizard.with_context(**action["context"]).create(values)
        return wizard.action_confirm()

    def _selected(self):
        tasks = self.env["approval.task"].union(*map(self._tasks, self.documents))
        tasks = tasks.filtered(lambda task: task.user_id == self.lead)
        return tasks.with_user(self.lead).sudo(False)

    def _count(self, event):
        return [self._events(document).count(event) for document in self.documents]

    def test_each_request_is_asked_once(self):
        self._confirm(self._selected().action_open_question(), text="Why now?")
        self.assertEqual(self._count("questioned"), [1, 1, 1])
        for document in self.documents:
            self.assertEqual(self._tasks(document).question, "Why now?")
            self.assertTrue(self._tasks(document).paused_at)

    def test_two_steps_of_one_request_are_one_question(self):
        self.rule.allow_same_person = True
        self.rule.step_ids = [self._step("Again", user_ids=self.lead)]
        self.documents = [self._submitted(name="D4")]
        self.assertEqual(len(self._selected()), 2)
        self._confirm(self._selected().action_open_question(), text="Why now?")
        request = self.documents[0].approval_process_id
        dialog = self.env(user=self.clerk)["approval.decision"].new(
            {"process_ids": request.ids, "decision": "answer"}
        )
        self.assertEqual(dialog.question, "Why now?")

    def test_withdrawn_one_is_named_and_the_others_are_asked(self):
        action = self._selected().action_open_question()
        self.documents[1].action_withdraw()
        result = self._confirm(action, text="Why now?")["context"]["default_result"]
        self.assertIn("D2", result)
        self.assertNotIn("D1", result)
        self.assertEqual(self._count("questioned"), [1, 0, 1])

    def test_each_request_is_forwarded_once(self):
        action = self._selected().action_open_forward()
        self._confirm(action, text="Yours", user_id=self.other.id)
        self.assertEqual(self._count("forwarded"), [1, 1, 1])
        for document in self.documents:
            active = self._tasks(document).filtered(lambda t: t.state == "active")
            self.assertEqual(active.user_id, self.other)

    def test_one_that_cannot_go_there_is_named_and_the_others_go(self):
        """Whoever touched the terms may not approve them."""
        self.documents[1].with_user(self.lead).action_reject("Not like this")
        self.documents[1].with_user(self.other).amount = 7
        self.documents[1].action_submit_approval()
        action = self._selected().filtered(lambda t: t.state == "active")
        action = action.action_open_forward()
        result = self._confirm(action, text="Yours", user_id=self.other.id)
        self.assertIn("D2", result["context"]["default_result"])
        self.assertNotIn("D1", result["context"]["default_result"])
        self.assertEqual(self._count("forwarded"), [1, 0, 1])

    def test_nothing_is_asked_without_a_question(self):
        action = self._selected().action_open_question()
        with self.assertRaises(UserError):
            self._confirm(action, text=" ")
        self.assertEqual(self._count("questioned"), [0, 0, 0])
