from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SALES, PurchaseApprovalCommon

TOTALS = {"show_total_amount": True}


@tagged("post_install", "-at_install")
class TestNames(PurchaseApprovalCommon):
    """Names of orders are for everybody who meets one; totals for its readers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref(SALES, raise_if_not_found=False):
            cls.skipTest(cls, "nobody but buyers and storekeepers reads receipts")
        cls.order = cls._order(price=4321)
        cls.order.button_confirm()
        cls.receipt = cls.order.picking_ids
        # may read receipts, and no orders
        cls.seller = cls._user("seller", SALES, "base.group_allow_export")

    def _ask(self):
        """Ask the seller to approve another order, and return that one."""
        self._rule(self.seller)
        return self._submitted(price=1234)

    def _as_seller(self, record):
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(self.seller).with_context(**TOTALS)

    def _name_on_receipt(self):
        receipt = self._as_seller(self.receipt)
        return receipt.read(["purchase_id"])[0]["purchase_id"][1]

    def test_without_rights_the_name_is_shown_without_total(self):
        self.assertEqual(self._name_on_receipt(), self.order.name)

    def test_whoever_is_asked_about_one_order_reads_no_other_total(self):
        self._ask()
        self.assertEqual(self._name_on_receipt(), self.order.name)

    def test_the_order_one_is_asked_about_shows_its_total(self):
        order = self._as_seller(self._ask())
        self.assertIn("1,234", order.display_name)
        self.assertEqual(order.name_search(""), [(order.id, order.display_name)])

    def test_both_read_together(self):
        other = self._ask()
        orders = self._as_seller(self.order | other).sudo()
        self.assertEqual(orders[0].display_name, self.order.name)
        self.assertIn("1,234", orders[1].display_name)

    def test_the_total_goes_with_the_decision(self):
        order = self._ask()
        self._as_seller(order).action_approve()
        self.assertEqual(self._as_seller(order).sudo().display_name, order.sudo().name)

    def test_buyers_read_totals_as_in_odoo(self):
        order = self.order.with_user(self.buyer).with_context(**TOTALS)
        self.assertIn("4,321", order.display_name)
        self.assertIn("4,321", self.order.sudo().with_context(**TOTALS).display_name)

    def test_orders_that_a_rule_hides_from_a_buyer(self):
        self.env["ir.rule"].create(
            {
                "name": "Own orders",
                "model_id": self.env["ir.model"]._get("purchase.order").id,
                "domain_force": "[('user_id', '=', user.id)]",
            }
        )
        order = self.order.with_user(self.director).with_context(**TOTALS)
        self.assertEqual(order.sudo().display_name, self.order.name)

    def test_the_web_client_s_ways_of_asking_for_a_name(self):
        self._ask()
        name = {"fields": {"display_name": {}}, "context": TOTALS}
        receipt = self._as_seller(self.receipt).with_context(show_total_amount=False)
        (values,) = receipt.web_read({"purchase_id": name})
        self.assertEqual(values["purchase_id"]["display_name"], self.order.name)
        receipt = self._as_seller(self.receipt)
        onchange = receipt.onchange({}, [], {"purchase_id": name})
        self.assertNotIn("4,321", str(onchange))

    def test_other_ways_to_the_total_stay_closed(self):
        self._ask()
        receipt = self._as_seller(self.receipt)
        total = {"purchase_id": {"fields": {"amount_total": {}}}}
        for ask in (
            lambda: receipt.web_read(total),
            lambda: receipt.export_data(["purchase_id/amount_total"]),
            lambda: receipt.export_data(["purchase_id"]),
            lambda: receipt.purchase_id.amount_total,
            lambda: receipt.move_ids.purchase_line_id.mapped("price_unit"),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                ask()

    def test_searching_by_totals_tells_nothing(self):
        self._ask()
        receipt = self._as_seller(self.receipt)
        mine = [("id", "=", receipt.id)]
        for domain in (
            [("purchase_id.amount_total", ">", 4000)],
            [("purchase_id", "any", [("amount_total", ">", 4000)])],
            [("move_ids.purchase_line_id.price_unit", ">", 4000)],
        ):
            self.assertFalse(receipt.search(mine + domain))

    def test_grouping_tells_of_orders_one_is_asked_about_only(self):
        other = self._ask()
        lines = self._as_seller(self.env["purchase.order.line"])
        groups = lines.formatted_read_group([], ["order_id"], ["price_total:sum"])
        self.assertEqual([group["order_id"][0] for group in groups], other.ids)
