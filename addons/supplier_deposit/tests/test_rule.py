from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestRule(DepositCommon):
    def test_more_than_the_whole_order_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "100 %"):
            self._rule(60, 60)

    def test_no_rule_no_deposit(self):
        self.assertFalse(self._order().deposit_ids)

    def test_first_rule_that_matches_decides(self):
        self._rule(50, domain=self._of(self.partner_b), sequence=1)
        self._rule(40, amount_min=5000, sequence=2)
        self._rule(30, sequence=3)
        self.assertEqual(self._order().deposit_ids.amount, 300)
        self.assertEqual(self._order(price=1000).deposit_ids.amount, 4000)

    def test_condition_that_cannot_be_read_is_refused(self):
        for domain in ("[", "nonsense", "[('no_such_field', '=', 1)]", "[1, 2, 3]"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._rule(30, domain=domain)


@tagged("post_install", "-at_install")
class TestRuleInUse(DepositCommon):
    """Whether there are rules costs one statement a transaction for each kind."""

    def _ask(self):
        """Return what is asked at each change of an order, in a new transaction."""
        for model in ("approval.rule", "deposit.rule"):
            self.env[model]._clear_memo()
        return [
            self.env["approval.rule"]._is_in_use("purchase.order"),
            self.env["approval.rule"]._is_in_use("supplier.deposit"),
            self.env["deposit.rule"]._is_in_use(),
        ]

    def _approval_rule(self, **values):
        step = {"name": "All", "user_ids": [Command.set(self.cashier.ids)]}
        rules = self.env["approval.rule"].sudo()
        return rules.create(
            {
                "name": "Purchases",
                "model_id": self.env["ir.model"]._get_id("purchase.order"),
                "company_id": self.company.id,
                "step_ids": [Command.create(step)],
                **values,
            }
        )

    def test_without_rules_one_statement_asks_for_each_kind(self):
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.assertEqual(self._ask(), [False] * 3)
            self.assertFalse(self.env["deposit.rule"]._is_in_use())

    def test_a_rule_that_is_there_is_not_asked_for_again(self):
        self._rule(30)
        self._approval_rule()
        self.env["deposit.rule"]._is_in_use()
        self.env["approval.rule"]._is_in_use("purchase.order")
        with self.assertQueryCount(0):
            self.assertTrue(self.env["deposit.rule"]._is_in_use())
            self.assertTrue(self.env["approval.rule"]._is_in_use("purchase.order"))

    def test_each_kind_is_told_apart(self):
        rule = self._approval_rule()
        self.assertEqual(self._ask(), [True, False, False])
        rule.unlink()
        deposit = self._rule(30, active=False)
        self.assertEqual(self._ask(), [False, False, True])
        deposit.unlink()
        self.assertEqual(self._ask(), [False] * 3)

    def test_rule_made_in_the_same_transaction_counts_at_once(self):
        self.assertEqual(self._ask(), [False] * 3)
        self._rule(30)
        self.assertTrue(self.env["deposit.rule"]._is_in_use())

    def test_rule_that_was_undone_does_not_count(self):
        savepoint = self.cr.savepoint()
        self._rule(30)
        savepoint.rollback()
        self.assertEqual(self._ask(), [False] * 3)
