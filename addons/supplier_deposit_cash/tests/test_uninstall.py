from odoo.tests import tagged

from odoo.addons.supplier_deposit_cash.hooks import uninstall_hook

from .common import CashCommon


@tagged("post_install", "-at_install")
class TestUninstall(CashCommon):
    """Rules that ask for fields of this addon are not left behind unreadable."""

    def test_rules_that_ask_for_the_floor_are_archived_and_say_why(self):
        rules = self._approval_rule(domain="[('under_floor', '=', True)]")
        rules |= self._approval_rule(domain="[('journal_id.cash_floor', '>', 0)]")
        uninstall_hook(self.env(su=True))
        self.assertEqual(rules.mapped("active"), [False, False])
        for rule in rules:
            self.assertIn("cash guard", rule.message_ids[0].body)

    def test_other_rules_stay(self):
        rule = self._approval_rule(domain="[('name', '!=', 'under the floor')]")
        uninstall_hook(self.env(su=True))
        self.assertTrue(rule.active)
