from odoo import fields
from odoo.tests import tagged

from .common import CashCommon


@tagged("post_install", "-at_install")
class TestCashApproval(CashCommon):
    """Rules can ask for what would fall under the floor, and approvers are told."""

    def test_approving_many_at_once_warns_of_what_is_under_the_floor(self):
        self._approval_rule()
        self._rule(30)
        deposit = self._deposit(self._order())
        self.assertEqual(deposit._approval_warnings()[deposit], [])
        self.bank.cash_floor = 1
        under = self._deposit(self._order())
        ((mark, _text),) = under._approval_warnings()[under]
        self.assertEqual(mark, "under the cash floor")

    def test_deposit_under_the_floor_goes_to_its_own_approvers(self):
        self._approval_rule(domain="[('under_floor', '=', True)]")
        self._rule(30)
        self.bank.cash_floor = -400
        first = self._deposit(self._order())
        self.assertEqual((first.state, first.under_floor), ("paid", False))
        second = self._deposit(self._order())
        self.assertEqual((second.state, second.under_floor), ("waiting", True))
        graph = second.cash_projection
        self.assertEqual((graph["floor"], graph["lowest"]), (-400, -600))
        self.assertEqual(graph["due"], fields.Date.to_string(fields.Date.today()))

    def test_approvers_read_whose_floor_it_is(self):
        self._rule(30)
        labels = [label for label, _text in self._facts()]
        self.assertNotIn("Cash", labels)
        self.bank.cash_floor = 1
        self.assertEqual(
            self._facts()[-1],
            ["Cash", f"would fall under the floor of {self.bank.display_name}"],
        )

    def _facts(self):
        """Return what the request about a new deposit says of it."""
        return self._deposit(self._order())._approval_summary()["facts"]
