from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestLostField(DocumentCommon):
    """A field is gone that the condition of a rule asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maker = cls._user("maker")
        cls.maker.group_ids += cls.env.ref("approval_matrix.group_approval_manager")

    def _lose(self, **values):
        """Let the rule ask for a field, and delete that."""
        self.addCleanup(self.registry.reset_changes)
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_risky",
                "field_description": "Risky",
                "model_id": self.rule.model_id.id,
                "ttype": "boolean",
            }
        )
        self.rule.write({"domain": "[('x_risky', '=', True)]", **values})
        self.assertFalse(self._document()._approval_required())
        field.unlink()

    def test_those_who_make_rules_are_told(self):
        self._lose()
        message = self.rule.message_ids[0]
        self.assertIn("Risky", message.body)
        self.assertIn(self.maker.partner_id, message.notified_partner_ids)

    def test_nothing_passes_by_the_rule(self):
        """Neither as if it did not ask, nor by an easier rule below."""
        self._lose()
        self._rule(self._step(user_ids=self.other), sequence=99)
        document = self._document()
        with self.assertRaisesRegex(UserError, "addon was uninstalled"):
            document.action_submit_approval()
        with self.assertRaisesRegex(UserError, "Approval is required"):
            document.write({"state": "done"})

    def test_documents_can_be_looked_at(self):
        self._lose()
        document = self._document()
        self.assertTrue(document._approval_required())
        self.assertEqual(document.read(["approval_state"])[0]["approval_state"], False)

    def test_amounts_are_compared_all_the_same(self):
        self._lose(amount_min=100)
        document = self._document(amount=99)
        document.action_submit_approval()
        document.write({"state": "done"})
        self.assertEqual(document.state, "done")

    def test_it_goes_on_with_another_condition(self):
        self._lose()
        self.rule.domain = "[]"
        document = self._submitted()
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.state, "done")

    def test_archived_rules_are_left_alone(self):
        self._lose(active=False)
        self.assertNotIn("Risky", self.rule.message_ids[0].body or "")

    def test_trial_says_so(self):
        self._lose()
        trial = self.env["approval.trial"].create(
            {
                "model_id": self.rule.model_id.id,
                "requester_id": self.clerk.id,
                "company_id": self.company.id,
            }
        )
        self.assertIn("cannot be judged", trial.route_html)
