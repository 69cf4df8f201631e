from odoo.tests import tagged

from odoo.addons.supplier_deposit.tests.common import DepositCommon


@tagged("post_install", "-at_install")
class TestInUse(DepositCommon):
    """Whether there are rules and budgets costs one statement a transaction for each
    kind."""

    def _ask(self):
        """Return what is asked at each change of an order, in a new transaction."""
        for model in ("approval.rule", "deposit.rule", "spend.budget"):
            self.env[model]._clear_memo()
        return [
            self.env["approval.rule"]._is_in_use("purchase.order"),
            self.env["approval.rule"]._is_in_use("supplier.deposit"),
            self.env["deposit.rule"]._is_in_use(),
            bool(self.env["spend.control"]._in_use()),
        ]

    def test_without_rules_one_statement_asks_for_each_kind(self):
        self.env.flush_all()
        with self.assertQueryCount(3):
            self.assertEqual(self._ask(), [False] * 4)
            self.assertFalse(self.env["deposit.rule"]._is_in_use())

    def test_a_deposit_rule_is_no_budget(self):
        self._rule(30)
        self.assertEqual(self._ask(), [False, False, True, False])

    def test_budget_opened_in_the_same_transaction_counts_at_once(self):
        self.assertEqual(self._ask(), [False] * 4)
        budget = (
            self.env["spend.budget"]
            .sudo()
            .create({"name": "B", "date_from": "2026-01-01", "date_to": "2026-12-31"})
        )
        self.assertFalse(self.env["spend.control"]._in_use())
        budget._system_write({"state": "open"})
        self.assertEqual([*self.env["spend.control"]._in_use()], self.company.ids)
        budget._system_write({"state": "closed"})
        self.assertFalse(self.env["spend.control"]._in_use())
