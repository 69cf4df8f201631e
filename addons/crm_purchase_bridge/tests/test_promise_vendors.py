from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .promise_common import PromiseCommon

#: Of the purchase that brings the goods.
BOUGHT = ("purchase_id", "vendor_id", "buyer_id")


@tagged("post_install", "-at_install")
class TestPromiseVendors(PromiseCommon):
    """Whom goods are bought from is for those who buy: by no way of asking is a
    salesperson told."""

    def _ways(self, name):
        promises = self.env["supply.promise"].with_user(self.care)
        value = self.env.user.id
        return {
            "read": lambda: promises.search([], limit=1).read([name]),
            "grouped": lambda: promises.formatted_read_group([], [name], ["__count"]),
            "counted": lambda: promises.formatted_read_group(
                [], [], [f"{name}:count_distinct"]
            ),
            "found": lambda: promises.search_count([(name, "=", value)]),
            "sorted": lambda: promises.search([], order=name),
        }

    def test_salespeople_are_not_told_by_any_way(self):
        self._quotation(5).order_id.action_confirm()
        self._run_job()
        self.assertTrue(self.env["supply.promise"].with_user(self.care).search([]))
        for name in BOUGHT:
            for way, ask in self._ways(name).items():
                with (
                    self.subTest(name=name, way=way),
                    self.assertRaises(AccessError),
                ):
                    ask()

    def test_buyers_group_by_vendor(self):
        """Else the test above would prove nothing."""
        self._quotation(5).order_id.action_confirm()
        self._run_job()
        buyer = new_user(
            self.env, "promise-buyer", groups="purchase.group_purchase_user"
        )
        promises = self.env["supply.promise"].with_user(buyer)
        for name in BOUGHT:
            self.assertTrue(promises.formatted_read_group([], [name], ["__count"]))
            self.assertTrue(promises.search([(name, "=", False)], order=name))
