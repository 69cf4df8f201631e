from collections import namedtuple
from random import Random
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import purchase_precedent
from .common import PurchaseApprovalCommon

#: Among so few lines the last price is looked for here, that some fall out.
NEWEST = 4
ROUNDS = 40
Row = namedtuple("Row", "id order product company unit price units state currency rate")


@tagged("post_install", "-at_install")
class TestLastPrice(PurchaseApprovalCommon):
    """Lines share one look for the last price; each finds what it would find alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.product | cls._product("Mattress")
        cls.units = [
            cls.env.ref(f"uom.product_uom_{name}") for name in ("unit", "dozen", "kgm")
        ]
        currencies = cls.env.ref("base.EUR") + cls.env.ref("base.USD")
        cls.currencies = (cls.company.currency_id | currencies)[:2]
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        sizes = (1, 1, 1, 2, 2, 3, 1, 1, 2)
        cls.orders = cls.env["purchase.order"].create(
            [
                {
                    "partner_id": cls.vendor.id,
                    "order_line": [
                        Command.create({"product_id": cls.product.id})
                        for _line in range(size)
                    ],
                }
                for size in sizes
            ]
        )
        cls.env.flush_all()

    def _shuffle(self, chance):
        """Give all orders and lines other values, past the ORM."""
        run = self.env.cr.execute
        for order in self.orders:
            state = chance.choice(["draft", "to approve", "purchase", "cancel"])
            values = (
                chance.choice([state, "purchase", "to approve"]),
                chance.choice(self.currencies).id,
                chance.choice([1.0, 2.0, 0.5, 0.0]),
                order.id,
            )
            run(
                "UPDATE purchase_order SET state = %s, currency_id = %s,"
                " currency_rate = %s WHERE id = %s",
                values,
            )
        companies = [self.company.id] * 9 + [self.other_company.id]
        for line in self.orders.order_line:
            values = (
                chance.choice([self.product, *self.products]).id,
                chance.choice([self.units[0], *self.units]).id,
                chance.choice([1.0, 3.0, 8.0, 0.0]),
                chance.choice([10.0, 24.0, 90.0, 0.0, -5.0]),
                chance.choice(companies),
                line.id,
            )
            run(
                "UPDATE purchase_order_line SET product_id = %s, product_uom_id = %s,"
                " product_qty = %s, price_subtotal = %s, company_id = %s WHERE id = %s",
                values,
            )
        self.env.invalidate_all()

    def _read(self):
        """Return all lines; how much of the smallest unit a unit has, by id."""
        return [
            Row(
                id=line.id,
                order=line.order_id.id,
                product=line.product_id,
                company=line.company_id,
                unit=self._smallest(line.product_uom_id),
                price=line.price_subtotal,
                units=line.product_qty * line.product_uom_id.factor,
                state=line.order_id.state,
                currency=line.order_id.currency_id,
                rate=line.order_id.currency_rate or 1.0,
            )
            for line in self.orders.order_line.sorted("id", reverse=True)
        ]

    def _smallest(self, unit):
        while unit.relative_uom_id:
            unit = unit.relative_uom_id
        return unit

    def _expect(self, mine, rows):
        """Return what one line finds, in plain words."""
        others = [
            row
            for row in rows
            if row.order != mine.order
            and (row.product, row.company, row.unit)
            == (mine.product, mine.company, mine.unit)
            and row.price > 0
            and row.units > 0
        ]
        bought = [row for row in others[:NEWEST] if row.state == "purchase"]
        for row in bought:
            if row.currency == mine.currency:
                return row.order, row.price / row.units, None
        for row in bought:
            return row.order, row.price / row.units, row.rate / mine.rate
        return None

    def test_each_line_finds_what_it_would_find_alone(self):
        precedents = self.env["purchase.precedent"]
        alone, chance, seen = [], Random(18), set()
        look_alone = type(precedents)._get_own_prices_sql

        def note(model, mine):
            rows = model.env.execute_query(SQL("SELECT id FROM (%s) AS mine", mine))
            alone.extend(line_id for (line_id,) in rows)
            return look_alone(model, mine)

        with (
            patch.object(purchase_precedent, "NEWEST", NEWEST),
            patch.object(type(precedents), "_get_own_prices_sql", note),
        ):
            for number in range(ROUNDS):
                self._shuffle(chance)
                rows = self._read()
                asked = chance.sample(rows, chance.randrange(1, len(rows)))
                alone.clear()
                found = self._find(row.id for row in asked)
                for row in asked:
                    expected = self._expect(row, rows)
                    is_alone = row.id in alone
                    seen.add((expected and bool(expected[2]), is_alone))
                    with self.subTest(round=number, line=row.id, alone=is_alone):
                        self.assertSame(found.get(row.id), expected, row)
        kinds = {(kind, alone) for kind in (None, False, True) for alone in (0, 1)}
        self.assertEqual(seen, kinds, "not all that there is was met")

    def _find(self, ids):
        condition = SQL("line.id IN %s", tuple(ids))
        found = self.env["purchase.precedent"]._find_last_prices(condition)
        self.assertEqual(len({row.id for row in found}), len(found))
        return {row.id: (row.last_id, row.last, row.rate) for row in found}

    def assertSame(self, found, expected, mine):
        if not expected or not found:
            self.assertEqual(found, expected)
            return
        order, price, rate = found
        factor = self.env["purchase.order.line"].browse(mine.id).product_uom_id.factor
        self.assertEqual(order, expected[0])
        self.assertAlmostEqual(float(price), expected[1] * factor)
        self.assertEqual(rate is None, expected[2] is None)
        if rate is not None:
            self.assertAlmostEqual(float(rate), expected[2])

    def test_lines_of_one_product_share_one_query(self):
        ids = self.orders.order_line.ids
        self._find(ids)
        with self.assertQueryCount(1):
            self._find(ids)

    def test_no_line_is_read_of_which_nothing_is_said(self):
        self.orders.write({"state": "to approve"})
        self.orders[:4].button_cancel()
        precedents = self.env["purchase.precedent"]
        precedents._find_jumps(self.orders)
        self.env.invalidate_all()
        self.orders.mapped("company_id.purchase_price_rise")
        with self.assertQueryCount(1):
            self.assertFalse(precedents._find_jumps(self.orders))
