import re

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

OURS = re.compile(r'(FROM|UPDATE|INTO|JOIN)\s+"?(spend|urgency|approval)_\w+')


@tagged("post_install", "-at_install")
class TestQuiet(AccountTestInvoicingCommon):
    """Without rules, budgets and urgency our tables are hardly looked at."""

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for name in (
            "purchase.group_purchase_manager",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
        ):
            groups |= cls.env.ref(name)
        return groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {
                "name": "Bed",
                "type": "consu",
                "is_storable": True,
                "purchase_method": "purchase",
                "invoice_policy": "order",
            }
        )

    def _ours(self, operation):
        """Return the statements on our tables, after a first time as warm-up."""
        operation()
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.cache.clear()
        statements = []
        execute = type(self.env.cr).execute

        def watch(cursor, query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", watch)
        operation()
        self.env.flush_all()
        self.cr.precommit.run()
        return [each for each in statements if OURS.search(each)]

    def _purchase(self):
        return self.env["purchase.order"].create(
            {
                "partner_id": self.partner_a.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_qty": 1,
                            "price_unit": 9,
                        }
                    )
                ],
            }
        )

    def assertQuiet(self, operation, most):
        ours = self._ours(operation)
        self.assertLessEqual(len(ours), most, "\n\n".join(ours))

    def test_purchases(self):
        self.assertQuiet(lambda: self._purchase().button_confirm(), 2)

    def test_sales(self):
        def sell():
            self.env["sale.order"].create(
                {
                    "partner_id": self.partner_a.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
            ).action_confirm()

        self.assertQuiet(sell, 1)

    def test_bills(self):
        orders = [self._purchase(), self._purchase()]
        for order in orders:
            order.button_confirm()
            order.action_create_invoice()
            order.invoice_ids.invoice_date = fields.Date.today()
        bills = [order.invoice_ids for order in orders]
        self.assertQuiet(lambda: bills.pop().action_post(), 2)

    def test_receipts(self):
        orders = [self._purchase(), self._purchase()]
        for order in orders:
            order.button_confirm()
            order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        pickings = [order.picking_ids for order in orders]
        self.assertQuiet(lambda: pickings.pop().button_validate(), 1)
