from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalAdvice(PurchaseApprovalCommon):
    """The settings say what would ask for a second approval."""

    def _advice(self):
        return self.env["res.config.settings"].create({}).approval_advice_html

    def test_nothing_else_asks(self):
        self.company.po_double_validation = "one_step"
        self.assertNotIn("second time", self._advice())

    def test_tier_validation_is_named(self):
        module = self.env["ir.module.module"].create(
            {
                "name": "anything_tier_validation",
                "shortdesc": "Anything Tier Validation",
                "state": "installed",
            }
        )
        self.assertIn(module.shortdesc, self._advice())

    def test_double_validation_of_odoo_is_named(self):
        before = self._advice()
        self.company.po_double_validation = "two_step"
        self._rule(self.manager)
        self.assertNotEqual(self._advice(), before)
