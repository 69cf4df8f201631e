from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestRule(DepositCommon):
    def test_more_than_the_whole_order_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "100 %"):
            self._rule(60, 60)

    def test_deposit_bill_without_account_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "prepayment account"):
            self._rule(30, method="bill")

    def test_no_rule_no_deposit(self):
        self.assertFalse(self._order().deposit_ids)

    def test_first_rule_that_matches_decides(self):
        self._rule(50, partner_ids=self.partner_b.ids, sequence=1)
        self._rule(40, amount_min=5000, sequence=2)
        self._rule(30, sequence=3)
        self.assertEqual(self._order().deposit_ids.amount, 300)
        self.assertEqual(self._order(price=1000).deposit_ids.amount, 4000)
