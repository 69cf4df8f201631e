"""A company with books: what payments of deposits need, in a copy of the database."""

from datetime import datetime, timedelta

from odoo import Command

from office import Office
from tools.inside import records


class Books(Office):
    """A bank that pays when a payment is posted, and a rule for one vendor."""

    def __init__(self, registry):
        super().__init__(registry)
        with self.committed() as env:
            self.bank = records.bank(env).id
            self.vendor = env["res.partner"].create({"name": "Deposit Vendor"}).id
            bed = {
                "name": "Bed",
                "type": "service",
                "purchase_method": "purchase",
                "supplier_taxes_id": [],
            }
            self.product = env["product.product"].create(bed).id

    def deposit_rule(self, env):
        """Return a rule for the vendor: 30 % before the delivery."""
        return records.deposit_rule(
            env,
            {"trigger": "before_delivery", "days": 5},
            domain=str([("partner_id", "=", self.vendor)]),
            journal_id=self.bank,
            posting="posted",
        )

    def order_of_vendor(self, env, confirm=True, number=1):
        """Make orders of 1,000 from the vendor with deposits, and return them."""
        line = {
            "product_id": self.product,
            "product_qty": 10,
            "price_unit": 100,
            "date_planned": datetime.now() + timedelta(days=20),
        }
        order = {"partner_id": self.vendor, "order_line": [Command.create(line)]}
        orders = env["purchase.order"].create([order] * number)
        if confirm:
            orders.button_confirm()
        return orders
