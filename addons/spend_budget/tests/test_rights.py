from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestRights(SpendBudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._user("reader", "spend_budget.group_budget_user")
        cls.budget = cls._budget(
            {"account_id": cls.clinic.id, "amount": 100}, is_open=False
        )

    def test_who_sees_a_budget(self):
        Budget = self.env["spend.budget"]
        for user, sees in (
            (self.buyer, False),
            (self.owner, True),
            (self.reader, True),
            (self.manager, True),
        ):
            found = Budget.with_user(user).search([("id", "=", self.budget.id)])
            self.assertEqual(bool(found), sees, user.name)

    def test_owner_edits_a_draft_and_nobody_else_but_managers(self):
        line = self.budget.line_ids
        line.with_user(self.owner).amount = 200
        line.with_user(self.manager).amount = 300
        for user in (self.reader, self.buyer):
            with self.assertRaises(AccessError):
                line.with_user(user).amount = 400
        self.assertEqual(line.amount, 300)

    def test_owner_does_not_raise_an_open_budget(self):
        self.budget.action_open()
        line = self.budget.line_ids.with_user(self.owner)
        for vals in ({"amount": 999}, {"control": "block"}, {"tolerance": 99}):
            with self.assertRaises(AccessError):
                line.write(vals)
        with self.assertRaises(AccessError):
            line.create(
                {"budget_id": self.budget.id, "account_id": self.ward.id, "amount": 1}
            )
        with self.assertRaises(AccessError):
            line.unlink()
        self.budget.with_user(self.owner).note = "For beds"

    def test_owner_does_not_move_a_line_to_another_budget(self):
        line = self._budget(
            {"account_id": self.ward.id, "amount": 999}, is_open=False
        ).line_ids.with_user(self.owner)
        others = self._budget(
            {"account_id": self.clinic.id, "amount": 1},
            is_open=False,
            user_id=self.reader.id,
        )
        with self.assertRaises(AccessError), self.cr.savepoint():
            line.budget_id = others
        self.budget.action_open()
        with self.assertRaises(AccessError), self.cr.savepoint():
            line.budget_id = self.budget

    def test_line_that_a_manager_moves_to_an_open_budget_counts_what_is_there(self):
        self.budget.action_open()
        self._confirmed(
            lines=[
                {"price_unit": 10, "analytic_distribution": {str(self.ward.id): 100}}
            ]
        )
        line = self._budget(
            {"account_id": self.ward.id, "amount": 999}, is_open=False
        ).line_ids
        line.with_user(self.manager).budget_id = self.budget
        self.assertEqual(line.committed, 10)

    def test_what_an_open_line_covers_stays(self):
        self.budget.action_open()
        with self.assertRaises(UserError):
            self.budget.line_ids.account_id = self.ward
        with self.assertRaises(UserError):
            self.budget.date_to = "2027-12-31"

    def test_line_with_entries_is_not_deleted(self):
        self.budget.action_open()
        self._confirmed(price=10)
        with self.assertRaises(UserError):
            self.budget.line_ids.unlink()
        with self.assertRaises(UserError):
            self.budget.unlink()

    def test_nothing_crosses_companies(self):
        other = self._create_company(name="Elsewhere")
        stranger = self._user("far", "spend_budget.group_budget_manager", company=other)
        Budget = self.env["spend.budget"].with_user(stranger)
        self.assertFalse(Budget.search([("id", "=", self.budget.id)]))
        with self.assertRaises(AccessError):
            self.budget.with_user(stranger).action_open()
        with self.assertRaises(UserError):
            self._budget(
                {"account_id": self.clinic.id, "amount": 1}, company_id=other.id
            )

    def test_transfer_by_the_owner_is_logged(self):
        self.budget.line_ids = [
            Command.create({"account_id": self.ward.id, "amount": 10})
        ]
        self.budget.action_open()
        clinic, ward = self.budget.line_ids
        self._transfer(self.owner, clinic, ward, 30)
        self.assertEqual((clinic.amount, ward.amount), (70, 40))
        transfer = self.env["spend.transfer"].search([("to_line_id", "=", ward.id)])
        self.assertEqual((transfer.user_id, transfer.reason), (self.owner, "Flood"))
        with self.assertRaises(AccessError):
            transfer.sudo().write({"reason": "None"})
        with self.assertRaises(AccessError):
            transfer.sudo().unlink()

    def test_transfer_between_owners_needs_a_manager(self):
        self.budget.action_open()
        other = self._budget(
            {"account_id": self.ward.id, "amount": 10}, user_id=self.reader.id
        )
        lines = self.budget.line_ids, other.line_ids
        for user in (self.reader, self.owner, self.buyer):
            with self.assertRaises(AccessError):
                self._transfer(user, *lines, 10)
        self._transfer(self.manager, *lines, 10)
        self.assertEqual(other.line_ids.amount, 20)

    def test_transfer_refuses_what_is_used_of_a_blocking_line(self):
        self.budget.line_ids = [
            Command.update(self.budget.line_ids.id, {"control": "block"}),
            Command.create({"account_id": self.ward.id, "amount": 10}),
        ]
        self.budget.action_open()
        clinic, ward = self.budget.line_ids
        self._confirmed(price=80)
        for amount in (21, 200, 0, -5):
            with self.assertRaises(UserError):
                self._transfer(self.manager, clinic, ward, amount)
        with self.assertRaises(UserError):
            self._transfer(self.manager, clinic, clinic, 5)
        with self.assertRaises(UserError):
            self._transfer(self.manager, clinic, ward, 5, reason="  ")
        self._transfer(self.manager, clinic, ward, 20)
        self.assertEqual((clinic.amount, clinic.available), (80, 0))

    def _transfer(self, user, source, target, amount, reason="Flood"):
        wizard = self.env["spend.transfer.wizard"].with_user(user)
        wizard.create(
            {
                "from_line_id": source.id,
                "to_line_id": target.id,
                "amount": amount,
                "reason": reason,
            }
        ).action_transfer()
