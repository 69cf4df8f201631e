from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import format_amount, format_date

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
        ((mark, text),) = under._approval_warnings()[under]
        self.assertEqual(mark, "under the cash floor")
        self.assertTrue(text)

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

    def _told(self, deposit, user):
        """Return what a user reads of a deposit under the floor."""
        texts = deposit.with_user(user)._approval_for_texts()
        ((mark, text),) = texts._approval_warnings()[texts]
        return mark, text

    def _reader(self):
        """Return an approver who has no business with the books."""
        return new_test_user(
            self.env,
            "deposit.head",
            groups="purchase.group_purchase_manager",
            company_id=self.company.id,
        )

    def _amount(self, amount):
        return format_amount(self.env, amount, self.company.currency_id)

    def _under(self):
        """Return a deposit of 300 that waits, with 100 in excess of what may go."""
        self._approval_rule(domain="[('under_floor', '=', True)]")
        self._rule(30)
        self.bank.cash_floor = -200
        deposit = self._deposit(self._order())
        self.assertTrue(deposit.under_floor)
        self.assertEqual(deposit.cash_projection["lowest"], -300)
        return deposit

    def test_the_card_says_by_how_much_and_on_which_day(self):
        deposit, head = self._under(), self._reader()
        mark, text = self._told(deposit, head)
        self.assertEqual(mark, "under the cash floor")
        self.assertIn(f"{self._amount(100)} under the floor of", text)
        self.assertIn(format_date(self.env, fields.Date.today()), text)

    def test_the_day_is_the_one_on_which_the_cash_is_lowest(self):
        deposit = self._under()
        day = fields.Date.add(fields.Date.today(), days=20)
        later = self._deposit(self._order())
        later.sudo().date_due = day
        text = self._told(deposit, self.director)[1]
        self.assertIn(format_date(self.env, day), text)
        self.assertIn(f"{self._amount(400)} under the floor of", text)

    def test_balances_are_for_accountants(self):
        deposit, balance = self._under(), self._amount(-300)
        self.assertIn(balance, self._told(deposit, self.director)[1])
        self.assertIn(self._amount(-200), self._told(deposit, self.director)[1])
        text = self._told(deposit, self._reader())[1]
        for hidden in (balance, self._amount(-200)):
            self.assertNotIn(hidden, text)

    def test_the_card_says_what_is_true_now(self):
        deposit = self._under()
        self.bank.cash_floor = -1000
        mark, text = self._told(deposit, self.director)
        self.assertEqual(mark, "was under the cash floor")
        self.assertIn("stays above the floor", text)
        self.assertIn(self._amount(-300), text)

    def test_cash_is_projected_once_for_a_page(self):
        self._under()
        deposits = self._deposit(self._order()) + self._deposit(self._order())
        self.assertEqual(deposits.mapped("under_floor"), [True, True])
        calls, model = [], self.env.registry["supplier.deposit"]
        project = model._project_cash

        def counted(deposits, *args):
            calls.append(args)
            return project(deposits, *args)

        self.patch(model, "_project_cash", counted)
        self.assertEqual(len(deposits._approval_warnings()), 2)
        self.assertEqual(len(calls), 1)

    def _facts(self):
        """Return what the request about a new deposit says of it."""
        return self._deposit(self._order())._approval_summary()["facts"]
