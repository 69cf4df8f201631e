from odoo.tests import Form, tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestCandidates(DocumentCommon):
    """Forwarding offers only people who can be asked."""

    def _offered(self, *documents, user=None):
        processes = self.env["approval.process"].union(
            *(document.sudo().approval_process_id for document in documents)
        )
        wizard = self.env(user=user or self.lead)["approval.decision"].with_context(
            default_process_ids=processes.ids, default_decision="forward"
        )
        return Form(wizard).candidate_ids[:]

    def test_not_oneself_nor_the_requester(self):
        offered = self._offered(self._submitted())
        self.assertIn(self.head, offered)
        self.assertIn(self.other, offered)
        self.assertFalse(offered & (self.lead | self.clerk))

    def test_nobody_without_the_company(self):
        company = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        self.other.write(
            {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
        )
        self.assertNotIn(self.other, self._offered(self._submitted()))

    def test_nobody_who_is_needed_for_another_step(self):
        self.rule.step_ids = [self._step("Second", self.head, sequence=20)]
        self.assertNotIn(self.head, self._offered(self._submitted()))

    def test_for_several_only_who_can_be_asked_for_all(self):
        mine, theirs = self._submitted(), self._submitted(user=self.other)
        self.assertIn(self.other, self._offered(mine))
        self.assertNotIn(self.other, self._offered(mine, theirs))

    def test_each_of_them_can_be_asked(self):
        for user in self._offered(self._submitted()):
            with self.subTest(user.name):
                document = self._submitted()
                document.with_user(self.lead).action_forward(user.id, "Yours")
                self.assertEqual(document.approval_holder_ids, user)

    def test_strangers_are_offered_nobody(self):
        self.assertFalse(self._offered(self._submitted(), user=self.other))
