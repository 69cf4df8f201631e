from odoo import Command
from odoo.tests import tagged

from .common import UrgentOrdersCommon


@tagged("post_install", "-at_install")
class TestCost(UrgentOrdersCommon):
    def test_measure(self):
        env = self.env(context={})
        wh = env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        products = env["product.product"].create([
            {"name": f"P{i}", "type": "consu", "is_storable": True,
             "supplier_taxes_id": [Command.clear()], "taxes_id": [Command.clear()],
             "seller_ids": [Command.create({"partner_id": self.vendor.id, "price": 10})]}
            for i in range(5)])
        for p in products:
            env["stock.quant"]._update_available_quantity(p, wh.lot_stock_id, 100)
        def sale():
            return env["sale.order"].create({"partner_id": self.customer.id, "order_line": [
                Command.create({"product_id": p.id, "product_uom_qty": 1}) for p in products]})
        def purchase():
            return env["purchase.order"].create({"partner_id": self.vendor.id, "order_line": [
                Command.create({"product_id": p.id, "product_qty": 1, "price_unit": 5}) for p in products]})
        def count(f):
            env.cr.flush(); env.invalidate_all()
            before = env.cr.sql_log_count
            r = f()
            env.cr.flush()
            return r, env.cr.sql_log_count - before
        out = []
        for _i in range(3):
            so, a = count(sale)
            _r, b = count(so.action_confirm)
            po, c = count(purchase)
            _r, d = count(po.button_confirm)
            _r, e = count(po.picking_ids.button_validate)
            lead, f = count(lambda: env["crm.lead"].create({"name": "x", "type": "opportunity"}) if "crm.lead" in env else None)
            out.append((a, b, c, d, e, f))
        open("/tmp/urg_queries.txt", "a").write(repr(out) + "\n")
