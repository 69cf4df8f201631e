from odoo import Command
from odoo.tests import tagged

from ..hooks import INDEX
from ..pegging import NEVER, NOW
from .pool_common import PoolCommon, day


@tagged("post_install", "-at_install")
class TestPeg(PoolCommon):
    """Goods, moves and the documents behind them."""

    def test_documents_on_both_ends(self):
        self._count(3)
        purchase, sale = self._purchase(4, day(3)), self._sale(5, day(4))
        later = self._sale(9, day(5))
        found = [
            (
                share.sale_line_id,
                share.purchase_line_id,
                share.quantity,
                share.date,
                share.is_short,
            )
            for share in self.pools._peg(self.product)
        ]
        self.assertEqual(
            found,
            [
                (sale.id, None, 3, NOW, False),
                (sale.id, purchase.id, 2, day(3), False),
                (later.id, purchase.id, 2, day(3), False),
                (later.id, None, 7, NEVER, True),
            ],
        )

    def test_purchase_behind_a_transfer(self):
        self.warehouse.reception_steps = "two_steps"
        purchase, sale = self._purchase(4, day(3)), self._sale(4, day(9))
        self._done(purchase.move_ids)
        (share,) = self.pools._peg(self.product)
        self.assertNotEqual(share.supply_id, purchase.move_ids[:1].id)
        self.assertEqual(share.purchase_line_id, purchase.id)
        self.assertEqual(share.sale_line_id, sale.id)

    def test_overdue_is_said(self):
        self._purchase(4, day(-6))
        self._sale(4, day(1))
        self.assertEqual(self.pools._peg(self.product)[0].overdue, 6)

    def test_what_a_line_can_count_on(self):
        self._count(3)
        self._purchase(4, day(3))
        sale, later = self._sale(5, day(4)), self._sale(9, day(5))
        ready = self.pools._get_ready(sale | later)
        unit = 10 ** self.pools._get_digits()
        self.assertEqual(
            {line: (each.date, each.now, each.short) for line, each in ready.items()},
            {sale: (day(3), 3 * unit, 0), later: (NEVER, 0, 7 * unit)},
        )

    def test_what_is_reserved_is_there(self):
        self._count(5)
        sale = self._sale(5, day(4))
        sale.move_ids._action_assign()
        ready = self.pools._get_ready(sale)[sale]
        self.assertEqual((ready.date, self._in_units(ready.now)), (NOW, 5))

    def test_queries_do_not_grow(self):
        products = self.product
        for number in range(5):
            product = self._product(f"Pool {number}")
            self._count(5, product=product)
            self._sale(9, day(3), product=product)
            self._purchase(4, day(-2), product=product)
            products |= product
        self.pools._peg(products)
        counts = []
        for some in (products[1:2], products):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.pools._peg(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 20)

    def test_index_holds_open_moves(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname=%s", [INDEX]
        )
        self.assertIn("WHERE", self.env.cr.fetchone()[0])


@tagged("post_install", "-at_install")
class TestManufacturing(PoolCommon):
    """What is made, and kits, where manufacturing is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.production" not in cls.env:
            cls.skipTest(cls, "manufacturing is not installed")
        cls.frame, cls.wheel = cls._product("Pool Frame"), cls._product("Pool Wheel")

    @classmethod
    def _recipe(cls, kind):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "type": kind,
                "company_id": cls.company.id,
                "bom_line_ids": [
                    Command.create({"product_id": cls.frame.id, "product_qty": 1}),
                    Command.create({"product_id": cls.wheel.id, "product_qty": 2}),
                ],
            }
        )

    def test_production_gives_and_takes(self):
        self._recipe("normal")
        order = self.env["mrp.production"].create(
            {"product_id": self.product.id, "product_qty": 3, "date_start": day(2)}
        )
        self._assert_supplies([])
        order.action_confirm()
        order.move_finished_ids.date = day(4)
        order.move_raw_ids.date = day(2)
        self._assert_supplies([(3, 4)])
        self._assert_demands([(3, 2)], product=self.frame)
        self._assert_demands([(6, 2)], product=self.wheel)

    def test_kit_is_ready_with_its_last_component(self):
        self._recipe("phantom")
        self._count(4, product=self.frame)
        self._count(3, product=self.wheel)
        self._purchase(5, day(6), product=self.wheel)
        line = self._sale(4, day(2))
        shares = self.pools._peg(self.frame | self.wheel)
        self.assertEqual({share.sale_line_id for share in shares}, {line.id})
        self.assertEqual(
            {share.bom_line_id for share in shares}, set(line.move_ids.bom_line_id.ids)
        )
        ready = self.pools._get_ready(line)[line]
        self.assertEqual((ready.date, ready.short), (day(6), 0))
        self.assertEqual(self._in_units(ready.now), 1)

    def test_whole_kits_only(self):
        self._recipe("phantom")
        self._count(4, product=self.frame)
        self._count(5, product=self.wheel)
        line = self._sale(4, day(2))
        line.move_ids.filtered(lambda m: m.product_id == self.wheel)._action_assign()
        ready = self.pools._get_ready(line)[line]
        self.assertEqual(ready.date, NEVER)
        self.assertEqual(self._in_units(ready.now), 2)
        self.assertEqual(self._in_units(ready.short), 2)
