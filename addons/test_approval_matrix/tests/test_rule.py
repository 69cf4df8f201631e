from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DocumentCommon
from .common_request import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalRule(ApprovalCommon):
    def _rule(self, *steps, **values):
        return self.env["approval.rule"].create(
            {
                "name": "Rule",
                "model_id": self.model.id,
                "company_id": self.env.company.id,
                "step_ids": list(steps or [self._step()]),
                **values,
            }
        )

    def test_rule_without_steps_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no step"):
            self._rule(step_ids=[])

    def test_step_without_approvers_is_refused_by_name(self):
        for values in (
            {"user_ids": [Command.clear()]},
            {"approver_type": "group"},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, "Finance"),
            ):
                self._rule(self._step(name="Finance", **values))

    def test_quorum_beyond_the_people_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "3 approvals of 1"):
            self._rule(self._step(quorum="number", quorum_number=3))

    def test_amounts_out_of_order_are_refused(self):
        for low, high in ((100, 50), (100, 100), (-1, 0)):
            with (
                self.subTest(low=low, high=high),
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception) as caught,
                self.cr.savepoint(),
            ):
                self._rule(amount_min=low, amount_max=high)
            self.assertIn("amounts_in_order", str(caught.exception))

    def test_amounts_need_a_company_for_their_currency(self):
        with self.assertRaisesRegex(ValidationError, "currency"):
            self._rule(company_id=False, amount_min=100)
        self.assertTrue(self._rule(company_id=False))

    def test_range_includes_its_start_and_not_its_end(self):
        rule = self._rule(amount_min=100, amount_max=200)
        covered = [
            amount for amount in (99.99, 100, 199.99, 200) if rule._covers(amount)
        ]
        self.assertEqual(covered, [100, 199.99])

    def test_condition_that_cannot_be_read_is_refused(self):
        for domain in ("[", "nonsense", "[('no_such_field', '=', 1)]", "[1, 2, 3]"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._rule(domain=domain)

    def test_model_without_approval_is_refused(self):
        model = self.env["ir.model"]._get("res.partner")
        with self.assertRaisesRegex(ValidationError, "cannot be put under approval"):
            self._rule(model_id=model.id)

    def test_used_rule_is_archived_not_deleted(self):
        rule = self._rule()
        self._process(rule_id=rule.id)
        with self.assertRaisesRegex(UserError, "Archive"):
            rule.unlink()

    def test_archived_rule_keeps_its_model_in_use(self):
        rule = self._rule()
        rule.active = False
        self.assertTrue(self.env["approval.rule"]._is_in_use(self.model.model))

    def test_model_without_rules_is_not_in_use(self):
        self.assertFalse(self.env["approval.rule"]._is_in_use("res.partner"))

    def test_administrators_of_approvals_can_choose_documents_and_fields(self):
        """They need no right to change models for that, and get none."""
        maker = new_test_user(
            self.env,
            "maker@approval.example",
            "base.group_user,approval_matrix.group_approval_manager",
        )
        env = self.env(user=maker)
        form = Form(env["approval.rule"])
        form.name = "New"
        form.model_id = self.model
        for model, name in (
            ("ir.model", "Approval Tests"),
            ("ir.model.fields", "Owner"),
        ):
            self.assertTrue(env[model].name_search(name))
            self.assertFalse(env[model].has_access("write"))


@tagged("post_install", "-at_install")
class TestRuleChangedMeanwhile(DocumentCommon):
    """A request keeps the steps, and their order, that it was started with."""

    def setUp(self):
        super().setUp()
        self.step.sequence = 1
        self.rule.step_ids = [self._step("Head", user_ids=self.head, sequence=2)]

    def _reorder(self):
        """Let the head be asked first."""
        first, second = self.rule.step_ids.sorted("sequence")
        first.sequence, second.sequence = 2, 1
        self.env.flush_all()
        self.env.invalidate_all()

    def _asked(self, document):
        tasks = self._tasks(document)
        return tasks.filtered(lambda task: task.state == "active").user_id

    def test_open_request_keeps_its_order(self):
        document = self._submitted()
        self._reorder()
        self.assertEqual(self._asked(document), self.lead)
        document.with_user(self.lead).action_approve()
        self.assertEqual(self._asked(document), self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_request_half_way_does_not_go_back(self):
        document = self._submitted()
        document.with_user(self.lead).action_approve()
        self._reorder()
        self.assertEqual(self._asked(document), self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_step_taken_away_is_asked_where_it_was_promised(self):
        document = self._submitted()
        self.rule.step_ids.sorted("sequence")[1].unlink()
        document.with_user(self.lead).action_approve()
        self.assertEqual(self._asked(document), self.head)

    def test_next_request_and_new_terms_have_the_new_order(self):
        document = self._submitted()
        self._reorder()
        self.assertEqual(self._asked(self._submitted()), self.head)
        document.amount = 99
        self.assertEqual(self._asked(document), self.head)
