from unittest.mock import patch

from odoo import Command
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestCost(UrgencyCommon):
    """Where nothing is urgent, nothing is asked of the database for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={})  # with tracking, as in daily work
        cls.products = cls.env["product.product"].browse()
        for number in range(5):
            product = cls._product(f"Product {number}")
            cls._count(100, product)
            cls.products |= product

    def _sale_of_five(self):
        lines = [
            Command.create({"product_id": product.id, "product_uom_qty": 1})
            for product in self.products
        ]
        return self._sale(order_line=lines)

    def _purchase_of_five(self):
        lines = [
            Command.create(
                {"product_id": product.id, "product_qty": 1, "price_unit": 5}
            )
            for product in self.products
        ]
        return self._order(order_line=lines)

    def _play(self):
        """Yield what happens to an order, step by step."""
        sale = yield self._sale_of_five
        yield sale.sudo().action_confirm
        yield sale.sudo().picking_ids.button_validate
        purchase = yield self._purchase_of_five
        yield purchase.sudo().button_confirm
        yield purchase.sudo().picking_ids.button_validate

    def _run(self):
        statements = []
        execute = Cursor.execute

        def record(cursor, query, *args, **kwargs):
            statements.append(str(query))
            return execute(cursor, query, *args, **kwargs)

        play, answer = self._play(), None
        try:
            while True:
                step = play.send(answer)
                self.env.cr.flush()
                self.env.invalidate_all()
                with patch.object(Cursor, "execute", record):
                    answer = step()
                    self.env.cr.flush()
        except StopIteration:
            return statements

    def test_no_urgency_no_query(self):
        self._run()  # fills caches
        ours = ('FROM "urgency', "FROM urgency", '"urgency_quota"', 'crm_lead"')
        found = [
            statement
            for statement in self._run()
            if any(table in statement for table in ours)
        ]
        self.assertFalse(found)
