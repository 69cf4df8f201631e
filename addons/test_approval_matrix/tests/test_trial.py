from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestTrial(DocumentCommon):
    def _trial(self, document=None, **values):
        return self.env["approval.trial"].create(
            {
                "model_id": self.rule.model_id.id,
                "res_id": document and document.id,
                "requester_id": self.clerk.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def test_document_shows_rule_steps_and_people(self):
        route = self._trial(self._document()).route_html
        self.assertIn(self.rule.name, route)
        self.assertIn("1 of: Lead", route)

    def test_says_why_a_rule_does_not_match(self):
        self.rule.amount_min = 1000
        route = self._trial(self._document()).route_html
        self.assertIn("outside its range", route)
        self.assertIn("no approval is needed", route)
        self.rule.write({"amount_min": 0, "domain": "[('amount', '=', 7)]"})
        self.assertIn("condition", self._trial(self._document()).route_html)

    def test_earlier_rule_wins(self):
        self._rule(self._step(user_ids=self.head), name="Later", sequence=99)
        route = self._trial(amount=5).route_html
        self.assertIn("An earlier rule matches", route)
        self.assertNotIn("Head", route)

    def test_step_with_nobody_is_shown(self):
        self.step.user_ids = self.clerk
        self.assertIn("0 of the 1", self._trial(amount=5).route_html)

    def test_it_changes_nothing(self):
        document = self._document()
        self._trial(document).route_html  # noqa: B018
        self.assertEqual(document.state, "draft")
        self.assertFalse(document.approval_process_id)

    def test_only_administrators_try(self):
        with self.assertRaises(AccessError):
            self.env(user=self.clerk)["approval.trial"].create(
                {"model_id": self.rule.model_id.id}
            )


@tagged("post_install", "-at_install")
class TestTrialQuestions(DocumentCommon):
    """With only an amount the trial asks what conditions need."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.write({"name": "Own", "domain": "[('name', '=', 'A')]"})
        cls.later = cls._rule(cls._step(user_ids=cls.head), name="Rest", sequence=20)

    def _form(self, amount=5):
        trial = self.env["approval.trial"].with_context(
            default_model_id=self.rule.model_id.id,
            default_company_id=self.company.id,
            default_requester_id=self.clerk.id,
        )
        form = Form(trial)
        form.amount = amount
        return form

    def _answer(self, form, answer, position=0):
        with form.question_ids.edit(position) as question:
            question.answer = answer

    def _questions(self, form):
        lines = form.question_ids
        return [lines.edit(number).text for number in range(len(lines))]

    def test_it_asks_instead_of_guessing(self):
        form = self._form()
        self.assertEqual(self._questions(form), ["Name is “A”"])
        self.assertIn("depends on your answers", form.route_html)
        self.assertNotIn("Lead", form.route_html)
        self.assertNotIn("1 of: Head", form.route_html)

    def test_answers_lead_to_the_rule(self):
        form = self._form()
        self._answer(form, "yes")
        self.assertIn("1 of: Lead", form.route_html)
        self._answer(form, "no")
        self.assertIn("its condition is not met", form.route_html)
        self.assertIn("1 of: Head", form.route_html)

    def test_answers_stay_when_the_amount_changes(self):
        form = self._form()
        self._answer(form, "yes")
        form.amount = 7
        self.assertIn("1 of: Lead", form.route_html)

    def test_only_rules_of_that_amount_ask(self):
        self.rule.amount_min = 100
        form = self._form()
        self.assertEqual(self._questions(form), [])
        self.assertIn("1 of: Head", form.route_html)
        form.amount = 100
        self.assertEqual(self._questions(form), ["Name is “A”"])

    def test_the_same_is_asked_once(self):
        self.later.domain = "['|', ('name', '=', 'A'), ('state', '=', 'done')]"
        form = self._form()
        self.assertEqual(self._questions(form), ["Name is “A”", "State is Done"])

    def test_part_of_a_condition_may_be_enough(self):
        self.rule.domain = "[('name', '=', 'A'), ('state', '=', 'done')]"
        form = self._form()
        self._answer(form, "no", 1)
        self.assertIn("1 of: Head", form.route_html)

    def test_earlier_rule_without_a_condition_needs_no_answer(self):
        self.later.sequence = 1
        self.assertIn("1 of: Head", self._form().route_html)

    def test_an_example_asks_nothing(self):
        form = self._form()
        document = self._document(name="A")
        form.res_id = document.id
        self.assertEqual(self._questions(form), [])
        self.assertIn("1 of: Lead", form.route_html)

    def test_nothing_is_kept(self):
        before = self.env["approval.trial.question"].search_count([])
        self._answer(self._form(), "yes")
        self.assertEqual(self.env["approval.trial.question"].search_count([]), before)

    def test_administrators_of_approvals_need_no_other_right(self):
        manager = self._user("ruler")
        manager.group_ids += self.env.ref("approval_matrix.group_approval_manager")
        rule = self.rule.with_user(manager)
        action = rule.action_try()
        form = Form(
            self.env(user=manager)["approval.trial"].with_context(**action["context"])
        )
        self.assertEqual(self._questions(form), ["Name is “A”"])
        self._answer(form, "yes")
        self.assertIn("1 of: Lead", form.route_html)
        form.res_id = self._document(name="A").id
        self.assertIn("1 of: Lead", form.route_html)
        with Form(rule) as rule_form:
            rule_form.name = "Ours"
        trial = (
            self.env["approval.trial"]
            .with_user(manager)
            .create({"model_id": self.rule.model_id.id, "amount": 1})
        )
        self.assertIn("depends on your answers", trial.route_html)
