from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import TransactionCase

from ..models import supply_crowd
from ..models.supply_commons import STOCK
from ..pegging import NEVER, NOW

#: A Monday at noon, in the time zone of the company too.
TODAY = datetime(2026, 11, 23, 12)


def day(number, hour=12):
    return TODAY.replace(hour=hour) + timedelta(days=number)


class PoolCommon(TransactionCase):
    """A company with a warehouse, what it keeps in stock, a vendor and a customer.

    Today is a Monday, see :data:`TODAY`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(TODAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.env = cls.env(context={"tracking_disable": True, "mail_notrack": True})
        cls.company = cls.env["res.company"].create({"name": "Pool Company"})
        cls.env.user.company_ids = [Command.link(cls.company.id)]
        cls.env = cls.env(context={"allowed_company_ids": cls.company.ids})
        cls.company.resource_calendar_id.tz = "UTC"
        cls.pools = cls.env["supply.pool"]
        cls.warehouse = cls._get_warehouse(cls.company)
        cls.stock = cls.warehouse.lot_stock_id
        cls.customer, cls.vendor = cls.env["res.partner"].create(
            [{"name": "Pool Customer"}, {"name": "Pool Vendor"}]
        )
        cls.product = cls._product("Pool Wheelchair")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    @classmethod
    def _get_warehouse(cls, company):
        return cls.env["stock.warehouse"].search([("company_id", "=", company.id)])

    @classmethod
    def _product(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "seller_ids": [
                    Command.create({"partner_id": cls.vendor.id, "delay": 5})
                ],
                **values,
            }
        )

    @classmethod
    def _make_to_order(cls, product=None):
        mto = cls.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        buy = cls.warehouse.buy_pull_id.route_id
        (product or cls.product).route_ids = [Command.set((mto | buy).ids)]

    @classmethod
    def _count(cls, quantity, location=None, product=None, **values):
        """Put that many into a location, the stock if none is given."""
        cls.env["stock.quant"]._update_available_quantity(
            product or cls.product, location or cls.stock, quantity, **values
        )

    @classmethod
    def _sale(cls, quantity, due=None, product=None, confirm=True, **line):
        """Sell that many and return the line; nothing is reserved."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "warehouse_id": cls.warehouse.id,
                "commitment_date": due,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.product).id,
                            "product_uom_qty": quantity,
                            **line,
                        }
                    )
                ],
            }
        )
        if confirm:
            order.action_confirm()
            order.picking_ids.do_unreserve()
        return order.order_line

    @classmethod
    def _purchase(cls, quantity, date, product=None, confirm=True, **values):
        """Buy that many for a date and return the line."""
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.product).id,
                            "product_qty": quantity,
                            "date_planned": date,
                            **values,
                        }
                    )
                ],
            }
        )
        if confirm:
            order.button_confirm()
        order.order_line.move_ids.date = date
        return order.order_line

    @classmethod
    def _transfer(cls, quantity, source, target, date=TODAY, **values):
        """Plan to move that many and return the move."""
        move = cls.env["stock.move"].create(
            {
                "product_id": cls.product.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
                "date": date,
                "company_id": cls.company.id,
                **values,
            }
        )
        move._action_confirm()
        move.date = date
        return move

    @classmethod
    def _done(cls, moves):
        for move in moves:
            move.quantity = move.product_uom_qty
            move.picked = True
        moves._action_done()

    def _pool(self, product=None, warehouse=None):
        product, warehouse = product or self.product, warehouse or self.warehouse
        self._assert_dealt_alike(product, warehouse)
        return self.pools._get_pools(product, warehouse)[warehouse, product]

    def _assert_dealt_alike(self, product, warehouse):
        """Whoever asks about some moves of a crowd gets what all of it would get."""
        key = warehouse, product
        pool, shares = self.pools._deal(product, warehouse)[key]
        everybody = [demand.key for demand in pool.demands]
        with patch.object(supply_crowd, "CROWD", 0):
            for some in ([], everybody, *([each] for each in everybody)):
                few, mine = self.pools._deal(product, warehouse, some)[key]
                self.assertCountEqual(
                    mine, [share for share in shares if share.demand in some]
                )
                self.assertCountEqual(
                    few.demands, [each for each in pool.demands if each.key in some]
                )
                by_key = {supply.key: supply for supply in pool.supplies}
                for supply in few.supplies:
                    self.assertEqual(supply, by_key[supply.key])

    def _assert_supplies(self, expected, **where):
        """Compare quantities and days; goods that are there have none."""
        found = [
            (self._in_units(supply.quantity), self._to_day(supply.date))
            for supply in self._pool(**where).supplies
        ]
        self.assertCountEqual(found, expected)

    def _assert_demands(self, expected, **where):
        """Compare quantities and days."""
        found = [
            (self._in_units(demand.quantity), self._to_day(demand.date))
            for demand in self._pool(**where).demands
        ]
        self.assertCountEqual(found, expected)

    def _in_units(self, quantity):
        return quantity / 10 ** self.pools._get_digits()

    def _to_day(self, date):
        if date in (None, NOW, NEVER):
            return None if date != NEVER else "never"
        return (date.date() - TODAY.date()).days

    def _get_keys(self, **where):
        return {supply.key for supply in self._pool(**where).supplies} - {STOCK}
