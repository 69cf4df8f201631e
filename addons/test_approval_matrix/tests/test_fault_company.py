from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestFaultCompany(DocumentCommon):
    """People of two companies, with the wrong one ticked; documents that move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.company"].create({"name": "Second"})
        people = cls.clerk | cls.lead | cls.head
        people.company_ids += cls.second

    def _elsewhere(self, records, user):
        """Return records as a user has them who ticked the second company only."""
        return records.with_user(user).with_context(allowed_company_ids=self.second.ids)

    def test_approver_decides_with_the_other_company_ticked(self):
        approved, rejected = self._submitted(), self._submitted()
        self._elsewhere(approved, self.lead).action_approve()
        self._elsewhere(rejected, self.lead).action_reject("No")
        self.assertEqual((approved.state, rejected.state), ("done", "draft"))
        process = approved.sudo().approval_process_id
        self.assertEqual(process.company_id, self.company)
        self.assertFalse(process._find_broken_log())

    def test_counter_counts_all_companies_of_the_user(self):
        self._submitted()
        inbox = self._elsewhere(self.env["approval.task"], self.lead).get_inbox()
        self.assertEqual((inbox["count"], len(inbox["tasks"])), (1, 1))

    def test_task_opened_from_the_counter_says_which_company_to_tick(self):
        """Odoo's screens then tick it by themselves."""
        task = self._tasks(self._submitted())
        with self.assertRaises(AccessError) as refused:
            self._elsewhere(task, self.lead).web_read({"document_name": {}})
        self.assertEqual(
            refused.exception.context["suggested_company"]["id"], self.company.id
        )

    def test_requester_submits_with_the_other_company_ticked(self):
        document = self._document()
        self._elsewhere(document, self.clerk).action_submit_approval()
        process = document.sudo().approval_process_id
        self.assertEqual(
            (process.company_id, process.rule_id), (self.company, self.rule)
        )

    def test_moved_document_asks_the_approvers_of_its_new_company(self):
        self._rule(self._step(user_ids=self.head), company_id=self.second.id)
        document = self._submitted()
        process = document.sudo().approval_process_id
        document.company_id = self.second
        self.assertEqual(process.state, "superseded")
        self.assertEqual(document.sudo().approval_process_id.company_id, self.second)
        self.assertEqual(document.approval_holder_ids, self.head)
        with self.assertRaises(UserError):
            document.with_user(self.lead).action_approve()

    def test_moved_where_no_rule_applies_the_document_is_handed_back(self):
        document = self._submitted()
        process = document.sudo().approval_process_id
        document.company_id = self.second
        self.assertEqual((process.state, document.state), ("superseded", "draft"))
        self.assertFalse(self._tasks(document).filtered(lambda t: t.state == "active"))

    def test_moved_after_approval_asks_again(self):
        self._rule(self._step(user_ids=self.head), company_id=self.second.id)
        document = self._submitted()
        document.with_user(self.lead).action_approve()
        document.company_id = self.second
        self.assertEqual(document.state, "waiting")
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_moved_where_nobody_can_approve_stays_where_it_was(self):
        self._rule(self._step(user_ids=self.other), company_id=self.second.id)
        document = self._submitted()
        with self.assertRaisesRegex(UserError, "0 of the 1"), self.cr.savepoint():
            document.company_id = self.second
        self.assertEqual(document.company_id, self.company)
        self.assertEqual(document.approval_state, "open")

    def test_archived_company_blocks_nobody(self):
        """Odoo refuses to archive it while people work there; then they left it."""
        document = self._submitted()
        people = self.clerk | self.lead | self.head | self.other
        people.write(
            {
                "company_id": self.second.id,
                "company_ids": [Command.set(self.second.ids)],
            }
        )
        self.company.active = False
        self.assertEqual(document.state, "waiting")
        with self.assertRaises(UserError), self.cr.savepoint():
            self._elsewhere(document, self.lead).action_approve()
