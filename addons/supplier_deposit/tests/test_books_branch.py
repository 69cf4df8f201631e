from odoo import Command
from odoo.tests import tagged

from .books import Books, Payable, Prepayment
from .common import begun


class BranchBooks(Books):
    """A branch of the company; rules, accounts and banks are those of the company."""

    shared_setup = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        (cls.env.user | cls.cashier).company_ids = [Command.link(cls.branch.id)]
        # Odoo's own bills of branches want these of the branch
        vendor = cls.vendor.with_company(cls.branch)
        vendor.property_account_payable_id = cls.payable
        product = cls.product.with_company(cls.branch)
        product.property_account_expense_id = cls.expense

    @classmethod
    def _order(cls, **values):
        companies = (cls.branch | cls.company).ids
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": companies})
        return super()._order(**values, company_id=cls.branch.id)


class BranchCases:
    """Entries are those of the branch, in the accounts of the company."""

    @begun(30)
    def test_partial_bills_of_a_branch(self):
        self._invoice(4)
        self._assert_books(self._advance(300, 180), self._billed(400, 120))
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._billed(400, 120), self._billed(600, 180)
        )
        self._assert_settled(payable=-700)
        self.assertEqual(self.deposits.company_id, self.branch)
        self.assertEqual(self.deposits.move_ids.company_id, self.branch)

    @begun(30)
    def test_refund_to_a_branch(self):
        self.order.button_cancel()
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_books(self._advance(300, 0), self._refunded(300))
        self._assert_settled()
        self.assertEqual(self.deposits.move_ids.company_id, self.branch)


@tagged("post_install", "-at_install")
class TestPayableBranch(BranchCases, Payable, BranchBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentBranch(BranchCases, Prepayment, BranchBooks):
    pass
