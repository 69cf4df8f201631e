from odoo import SUPERUSER_ID, Command
from odoo.tests import HttpCase, tagged

from .common import PurchaseApprovalCommon


class PriceListCommon(PurchaseApprovalCommon):
    """What the price lists of vendors learn from orders, and when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, amount_min=5.0)
        cls.stranger = cls.env["res.partner"].create({"name": "New vendor"})
        cls.gloves = cls._product("Gloves")
        cls.gloves.seller_ids.unlink()

    def _quotation(self, price, vendor=None, **values):
        return self._order(
            partner_id=(vendor or self.stranger).id,
            order_line=[
                Command.create(
                    {
                        "product_id": self.gloves.id,
                        "product_qty": 1,
                        "price_unit": price,
                    }
                )
            ],
            **values,
        )

    def _price_list(self):
        self.env.flush_all()
        self.env.invalidate_all()
        sellers = self.env["product.supplierinfo"].search(
            [("product_tmpl_id", "=", self.gloves.product_tmpl_id.id)]
        )
        return [(seller.partner_id, seller.price) for seller in sellers]


@tagged("post_install", "-at_install")
class TestPriceList(PriceListCommon):
    """The price list of a vendor learns nothing that was not approved."""

    def test_nothing_is_learnt_at_submission(self):
        order = self._quotation(9)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._price_list(), [])

    def test_the_approved_price_is_learnt_not_the_rejected_one(self):
        order = self._quotation(9)
        order.button_confirm()
        order.with_user(self.manager).action_reject("Too dear")
        self.assertEqual(self._price_list(), [])
        order.order_line.price_unit = 8
        order.button_confirm()
        self.assertEqual(self._price_list(), [])
        order.with_user(self.manager).action_approve()
        self.assertEqual(self._price_list(), [(self.stranger, 8)])

    def test_withdrawn_order_leaves_nothing(self):
        order = self._quotation(9)
        order.button_confirm()
        order.action_withdraw()
        order.button_cancel()
        self.assertEqual(self._price_list(), [])

    def test_without_a_matching_rule_it_is_learnt_when_confirmed(self):
        order = self._quotation(4)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(self._price_list(), [(self.stranger, 4)])

    def test_orders_confirmed_together_are_told_apart(self):
        other = self.stranger.copy({"name": "Small vendor"})
        orders = self._quotation(9) | self._quotation(4, vendor=other)
        orders.button_confirm()
        self.assertEqual(orders.mapped("state"), ["to approve", "purchase"])
        self.assertEqual(self._price_list(), [(other, 4)])
        orders[0].with_user(self.manager).action_approve()
        self.assertCountEqual(self._price_list(), [(other, 4), (self.stranger, 9)])

    def test_vendor_swapped_while_it_waits(self):
        other = self.stranger.copy({"name": "Other vendor"})
        order = self._quotation(9)
        order.button_confirm()
        order.partner_id = other
        order.with_user(self.manager).action_approve()
        self.assertEqual(self._price_list(), [(other, 9)])

    def test_changed_order_approved_again(self):
        other = self.stranger.copy({"name": "Other vendor"})
        order = self._quotation(9)
        order.button_confirm()
        order.with_user(self.manager).action_approve()
        order.partner_id = other
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._price_list(), [(self.stranger, 9)])
        order.with_user(self.manager).action_approve()
        self.assertCountEqual(self._price_list(), [(self.stranger, 9), (other, 9)])

    def test_a_new_price_of_a_known_vendor_changes_nothing_as_in_odoo(self):
        order = self._quotation(9)
        order.button_confirm()
        order.with_user(self.manager).action_approve()
        order.order_line.price_unit = 7
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(self._price_list(), [(self.stranger, 9)])

    def test_the_system_confirms(self):
        order = self._quotation(9)
        order.with_user(SUPERUSER_ID).button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._price_list(), [])
        order.with_user(self.manager).action_approve()
        self.assertEqual(self._price_list(), [(self.stranger, 9)])

    def test_approver_without_rights_to_products(self):
        clerk = self._user("clerk")
        self.rule.step_ids.user_ids = clerk
        order = self._quotation(9)
        order.button_confirm()
        order.with_user(clerk).with_context(
            default_company_id=False, default_product_code="forged"
        ).action_approve()
        self.assertEqual(self._price_list(), [(self.stranger, 9)])
        seller = self.gloves.seller_ids
        self.assertFalse(seller.product_code)
        self.assertEqual(seller.company_id, self.company)

    def test_rule_archived_while_it_waits(self):
        order = self._quotation(9)
        order.button_confirm()
        self.rule.active = False
        order.with_user(self.manager).button_approve()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(self._price_list(), [(self.stranger, 9)])


@tagged("post_install", "-at_install")
class TestPriceListRpc(HttpCase, PriceListCommon):
    def test_confirmed_remotely_with_a_forged_context(self):
        order = self._quotation(9)
        self.authenticate(self.buyer.login, self.buyer.login)
        self.make_jsonrpc_request(
            "/web/dataset/call_kw/purchase.order/button_confirm",
            {
                "model": "purchase.order",
                "method": "button_confirm",
                "args": [order.ids],
                "kwargs": {"context": {"approval_given": True, "force": True}},
            },
        )
        self.assertEqual(self._price_list(), [])
