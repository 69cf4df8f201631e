from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestBoughtForAnother(PromiseCommon):
    """What was bought for one order is promised to nobody else."""

    def _two_orders(self):
        self._make_to_order()
        self.product.route_ids.rule_ids.filtered(
            lambda rule: rule.procure_method == "make_to_order"
        ).procure_method = "mts_else_mto"
        first = self._sale(5, due=day(6))
        purchase = first.supply_link_ids.purchase_id
        purchase.button_confirm()
        second = self._sale(7, due=day(8))
        other = second.supply_link_ids.purchase_id
        self.assertNotEqual(purchase, other)
        purchase.button_cancel()
        other.button_confirm()
        return first, second, other

    def test_what_was_bought_for_another_order_is_not_promised_twice(self):
        """Taken from the stock first, bought else: the receipt is reserved for nobody,
        but it is for whom it was bought."""
        first, second, other = self._two_orders()
        self.assertEqual(first.supply_link_ids.mapped("state"), [])
        found = self.env["supply.outlook"]._look(first | second)
        promised = sum(
            quantity
            for look in found.values()
            for _day, quantity, part in look.answer.parts
            if part.key in other.order_line.ids
        )
        self.assertEqual(promised, 7)
        ways = [part.way for _d, _q, part in found[first.id].answer.parts]
        self.assertEqual(ways, ["buy"])
        quoted = self._look(self._quotation(3))
        self.assertEqual([part.way for _d, _q, part in quoted.answer.parts], ["buy"])
