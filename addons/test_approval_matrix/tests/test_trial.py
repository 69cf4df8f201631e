from odoo.exceptions import AccessError
from odoo.tests import tagged

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
