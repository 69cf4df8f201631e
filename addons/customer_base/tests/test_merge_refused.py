from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .merging import MergeCommon


@tagged("post_install", "-at_install")
class TestMergeRefused(MergeCommon):
    """What would break by a merge is refused, in words, and nothing is done."""

    def assertRefused(self, words, *sources, **values):
        before = self._sums()
        with self.assertRaisesRegex(UserError, words):
            self._merge(*sources, **values)
        self.assertEqual(self._sums(), before)

    def test_one_customer_alone(self):
        self.assertRefused("at least two", self.survivor)

    def test_different_receivable_accounts(self):
        account = self.env["account.account"].create(
            {
                "name": "Other customers",
                "code": "131999",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        self.source.property_account_receivable_id = account
        self.assertRefused("different accounts.*Other customers")

    def test_parent_and_contact(self):
        contact = self._customer("Contact", parent_id=self.survivor.id)
        self.assertRefused("belongs to", contact)

    def test_grandparent(self):
        office = self._customer("Office", parent_id=self.survivor.id)
        contact = self._customer("Contact", parent_id=office.id)
        self.assertRefused("belongs to", contact)

    def test_two_portal_users(self):
        for partner in (self.source, self.survivor):
            new_test_user(
                self.env,
                f"portal-{partner.id}",
                groups="base.group_portal",
                partner_id=partner.id,
            )
        self.assertRefused("each logs in")

    def test_who_logs_in_no_more(self):
        """An archived account may be taken into use again."""
        for partner in (self.source, self.survivor):
            new_test_user(
                self.env,
                f"portal-{partner.id}",
                groups="base.group_portal",
                partner_id=partner.id,
            )
        self.source.user_ids.active = False
        self.assertRefused("each logs in")

    def test_visitors(self):
        """All who have not logged in would be that customer."""
        visitor = new_test_user(
            self.env, "customer-visitor", groups="base.group_public"
        )
        self.assertRefused("stands for all visitors", visitor.partner_id)
        self.assertRefused(
            "stands for all visitors", self.source, survivor=visitor.partner_id
        )

    def test_different_accounts_in_another_company(self):
        """Also in one that nobody who merges works in."""
        other = self.env["res.company"].create({"name": "Other"})
        account = (
            self.env["account.account"]
            .with_company(other)
            .create(
                {
                    "name": "Customers of the other",
                    "code": "131998",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                    "company_ids": other.ids,
                }
            )
        )
        source = self.source.with_company(other)
        source.property_account_receivable_id = account
        self.assertNotIn(other, self.manager.company_ids)
        self.assertRefused("different accounts.*Other")

    def test_sources_of_different_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids += other
        third = self._customer("Bach Mai Hospital", company_id=other.id)
        self.source.company_id = self.env.company
        self.assertRefused("different companies", self.source, third)

    def test_colleagues(self):
        self.assertRefused("colleagues", self.sales.partner_id)

    def test_companies_of_ours(self):
        self.assertRefused("company of ours", self.env.company.partner_id)

    def test_employees(self):
        if "hr.employee" not in self.env:
            self.skipTest("No employees here")
        employee = self.env["hr.employee"].create({"name": "Hoa"})
        self.assertRefused("employees", employee.work_contact_id)

    def test_customers_of_different_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids += other
        self.survivor.company_id = self.env.company
        self.source.company_id = other
        self.merges = self.merges.with_context(
            allowed_company_ids=[self.env.company.id, other.id]
        )
        partners = self.source.with_env(self.merges.env)
        with self.assertRaisesRegex(UserError, "only, others are not"):
            self.merges._merge(partners, self.survivor.with_env(self.merges.env))

    def test_archived(self):
        self._merge()
        other = self._customer("Other")
        self.assertRefused("archived", survivor=other)


@tagged("post_install", "-at_install")
class TestMergeHashed(MergeCommon):
    """Entries that are locked by a hash keep their customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journal = cls._open_books()
        journal.restrict_mode_hash_table = True
        cls.invoice = cls._invoice(journal)
        cls.invoice.action_post()
        cls.env.flush_all()

    def _is_verified(self):
        results = self.company._check_hash_integrity()["results"]
        states = {result["status"] for result in results}
        return "verified" in states and "corrupted" not in states

    def test_refused_and_still_verified(self):
        self.assertTrue(self.invoice.inalterable_hash)
        self.assertTrue(self._is_verified())
        with self.assertRaisesRegex(UserError, "locked journal entries"):
            self._merge()
        self.assertTrue(self._is_verified())

    def test_others_merged_into_it_stay_verified(self):
        self._merge(self.survivor, survivor=self.source)._undo()
        self._merge(self.survivor, survivor=self.source)
        self.assertTrue(self._is_verified())

    def test_locked_after_the_merge_it_is_not_undone(self):
        """Securing entries later hashes them with the customer who stayed."""
        invoice = self.invoice.copy({"invoice_date": "2026-02-15"})
        journal = invoice.journal_id = self.invoice.journal_id.copy(
            {"code": "LATER", "restrict_mode_hash_table": False}
        )
        invoice.partner_id = self.survivor
        invoice.action_post()
        merge = self._merge(self.survivor, survivor=self.source)
        self.assertEqual(invoice.partner_id, self.source)
        journal.restrict_mode_hash_table = True
        invoice.button_hash()
        self.assertTrue(invoice.inalterable_hash)
        with self.assertRaisesRegex(UserError, "locked since"):
            merge._undo()
        self.assertTrue(self._is_verified())
