from datetime import datetime, time, timedelta

from odoo import Command, fields

from .common import BridgeCommon


class QuotesCommon(BridgeCommon):
    """Two vendors who were asked for the same, one dearer and one later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls.env["res.partner"].create(
            {"name": "Far Vendor", "email": "far@example.com"}
        )
        cls.vendor.write({"name": "Near Vendor", "email": "near@example.com"})
        for product in (cls.product, cls.kept):
            product.seller_ids = [
                Command.create(
                    {
                        "partner_id": cls.far.id,
                        "price": 80.0,
                        "delay": 20,
                        "sequence": 9,
                    }
                )
            ]
        cls.quotes = cls.env(user=cls.buyer)["supply.quotes"]
        cls.today = cls.company._approval_day()

    @classmethod
    def _day(cls, number):
        return cls.today + timedelta(days=number)

    @classmethod
    def _quote(cls, vendor, *lines, days=5, **values):
        """Make a quotation.

        :param lines: product, quantity and price of each
        :param days: until the goods come
        """
        day = datetime.combine(cls._day(days), time(12))
        return cls.env(user=cls.buyer)["purchase.order"].create(
            {
                "partner_id": vendor.id,
                "user_id": cls.buyer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "date_planned": day,
                        }
                    )
                    for product, quantity, price in lines
                ],
                **values,
            }
        )

    @classmethod
    def _rivals(cls, *prices, products=None, quantity=10):
        """Return quotations of the near and of the far vendor that are alternatives.

        :param prices: of each of them, for each product
        """
        products = products or [cls.kept]
        orders = cls.env["purchase.order"].with_user(cls.buyer)
        for vendor, price, days in zip(
            (cls.vendor, cls.far), prices, (5, 20), strict=False
        ):
            lines = [(product, quantity, price) for product in products]
            orders += cls._quote(vendor, *lines, days=days)
        cls.env["purchase.order.group"].create({"order_ids": [Command.set(orders.ids)]})
        return orders

    def _look(self, order, user=None):
        quotes = self.env(user=user or self.buyer)["supply.quotes"]
        return quotes.get_comparison(order.id)

    def _seen(self, order, user=None):
        """Return what is said of a quotation as a whole."""
        found = self._look(order, user)["quotations"]
        return next(each for each in found if each["id"] == order.id)

    def _offer(self, order, product=None):
        """Return what is said of what a quotation offers of a product."""
        (found,) = (
            offer
            for each in self._look(order)["products"]
            if each["id"] == (product or self.kept).id
            for offer in each["offers"]
            if offer["order_id"] == order.id
        )
        return found

    def _kept_quotes(self, orders):
        return self.env["supply.quote"].search(
            [("order_id", "in", orders.ids)], order="id"
        )

    def _lack(self, days=10, quantity=10, **values):
        """Return the order of a customer who lacks the product, due in so many days."""
        sale = self._sale(quantity=quantity, product=self.kept, **values)
        sale.order_line.wanted_on = self._day(days)
        sale.action_confirm()
        self._follow_supply()
        return sale

    def _service(self, name="Freight"):
        return self.env["product.product"].create(
            {"name": name, "type": "service", "supplier_taxes_id": False}
        )

    def _to_date(self, text):
        return fields.Date.to_date(text)
