from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.supply_link.tests.kits import make_kit
from odoo.addons.supply_link.tests.pool_common import TODAY, day

from .test_need import NeedCommon


@tagged("post_install", "-at_install")
class TestOverview(NeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls._user("head", "sales_team.group_sale_manager")
        cls.purchasing = cls._user("purchasing", "purchase.group_purchase_manager")
        cls.product.list_price = 100

    def _figures(self, user=None):
        self._run_job()
        self.env.flush_all()
        overview = self.env["supply.overview"].with_user(user or self.head)
        overview = overview.with_context(allowed_company_ids=self.company.ids)
        found = overview.get_figures()
        return {
            (group["key"], row["key"]): row
            for group in found["groups"]
            for row in group["rows"]
        }

    def _rows(self, row, user=None):
        promises = self.promises.with_user(user or self.head)
        return promises.search(row["domain"])

    def test_each_figure_opens_its_rows(self):
        """In time, tight, late and unknown ones; some in stock, some to be bought."""
        self._count(3)
        orphan = self._product("Pool Orphan", seller_ids=[])
        for quantity, due, product in (
            (3, 5, None),
            (5, 1, None),
            (2, 40, None),
            (1, 9, orphan),
        ):
            self._sale(quantity, due=day(due), product=product)
        self._tell_past()
        seen = 0
        for row in self._figures().values():
            for user in (self.head, self.purchasing):
                rows = self._rows(row, user)
                self.assertEqual(len(rows), row["lines"])
                if row["orders"] is not None:
                    self.assertEqual(len(rows.order_id), row["orders"])
            if row["amount"] is not None:
                self.assertAlmostEqual(
                    row["amount"], sum(map(self._value, rows.sudo()))
                )
            seen += row["lines"]
        self.assertGreater(seen, 6)

    def _value(self, promise):
        """By other rules than the page: what is not delivered, at the line's price."""
        line = promise.sale_line_id
        left = line.product_uom_qty - line.qty_delivered
        order = line.order_id
        return order.currency_id._convert(
            line.price_subtotal / line.product_uom_qty * left,
            order.company_id.currency_id,
            order.company_id,
            order.date_order,
            round=False,
        )

    def test_what_is_late_is_worth_what_is_not_delivered(self):
        self._count(4)
        line = self._sale(10, due=day(1), price_unit=100)
        self._deliver(line, 4, TODAY)
        row = self._figures()["risk", "late"]
        self.assertEqual((row["lines"], row["amount"]), (1, 600))

    def _deliver(self, line, quantity, moment):
        move = line.move_ids.filtered(lambda each: each.state != "done")
        move.quantity, move.picked = quantity, True
        done = move._action_done()
        done.date = moment
        return done

    def _told(self, told, delivered=None, quantity=5):
        """Sell, tell a day, and deliver on another."""
        self._count(quantity)
        line = self._sale(5)
        self._promise(line)._system_write({"told_on": self._day(told)})
        if delivered is not None:
            self._deliver(line, quantity, day(delivered))
        return line

    def _tell_past(self):
        self._told(-3, -4)
        self._told(-3, -3)
        self._told(-3, -2)
        self._told(-3, -3, quantity=4)
        self._told(-3)

    def test_what_was_delivered_by_the_end_of_the_day_was_kept(self):
        self._tell_past()
        figures = self._figures()
        self.assertEqual(figures["kept", "kept"]["lines"], 2)
        self.assertEqual(figures["kept", "missed"]["lines"], 3)

    def test_what_is_sold_in_another_unit_is_compared_in_one(self):
        for quantity in (12, 11):
            self._count(12)
            dozen = self.env.ref("uom.product_uom_dozen")
            line = self._sale(1, product_uom_id=dozen.id)
            self._promise(line)._system_write({"told_on": self._day(-3)})
            self.assertEqual(line.move_ids.product_uom, self.product.uom_id)
            self._deliver(line, quantity, day(-3))
        figures = self._figures()
        self.assertEqual(figures["kept", "kept"]["lines"], 1)
        self.assertEqual(figures["kept", "missed"]["lines"], 1)

    def test_what_is_due_today_is_not_judged_yet(self):
        self._told(0)
        self._told(-60, -60)
        figures = self._figures()
        self.assertFalse(figures["kept", "kept"]["lines"])
        self.assertFalse(figures["kept", "missed"]["lines"])

    def test_what_came_back_was_not_kept(self):
        line = self._told(-3, -4)
        picking = line.move_ids.picking_id
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 5
        back = picking.browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back.move_ids.sale_line_id = line
        back._action_done()
        back.move_ids.date = day(-3, hour=9)
        self.assertFalse(self._figures()["kept", "kept"]["lines"])

    def test_what_came_back_and_is_not_refunded_was_kept(self):
        line = self._told(-3, -4)
        move = line.move_ids
        back = move.copy(
            {
                "location_id": move.location_dest_id.id,
                "location_dest_id": move.location_id.id,
                "origin_returned_move_id": move.id,
                "to_refund": False,
                "sale_line_id": line.id,
            }
        )
        back._action_confirm(merge=False)
        back.quantity, back.picked = 5, True
        back._action_done()
        back.date = day(-3, hour=9)
        self.assertEqual(self._figures()["kept", "kept"]["lines"], 1)
        self.assertTrue(self._promise(line).was_kept)

    def test_kits_are_kept_when_their_last_part_is_there(self):
        kit = self._product("Overview Kit")
        make_kit(kit, {self.product: 2})
        self._count(12)
        kept = {}
        for number, (quantity, when) in enumerate(((6, -3), (6, -2), (4, -3))):
            self._count(12)
            line = self._sale(3, product=kit)
            self._promise(line)._system_write({"told_on": self._day(-3)})
            self._deliver(line, quantity, day(when))
            self.assertEqual(line.qty_delivered, quantity / 2)
            kept[number] = self._promise(line).was_kept
        self.assertEqual(kept, {0: True, 1: False, 2: False})
        figures = self._figures()
        self.assertEqual(figures["kept", "kept"]["lines"], 1)
        self.assertEqual(figures["kept", "missed"]["lines"], 2)

    def test_line_raised_after_it_was_kept_stays_kept(self):
        line = self._told(-3, -3)
        line.product_uom_qty = 9
        self._date_change(line, day(-2))
        self.assertEqual(self._figures()["kept", "kept"]["lines"], 1)

    def test_who_buys_sees_no_sale_amounts(self):
        self._sale(10, due=day(1), price_unit=100)
        overview = self.env["supply.overview"].with_user(self.purchasing)
        found = overview.get_figures()
        self.assertFalse(found["currency_id"])
        for row in self._figures(self.purchasing).values():
            self.assertIsNone(row["amount"])

    def test_who_leads_nothing_sees_nothing(self):
        for user in (self.care, self.buyer):
            with self.assertRaises(AccessError):
                self.env["supply.overview"].with_user(user).get_figures()

    def test_other_companies_do_not_count(self):
        self._sale(10, due=day(1))
        self._run_job()
        other = self.env["res.company"].create({"name": "Other"})
        self.head.write({"company_ids": [fields.Command.link(other.id)]})
        overview = self.env["supply.overview"].with_user(self.head)
        overview = overview.with_context(allowed_company_ids=other.ids)
        for group in overview.get_figures()["groups"]:
            self.assertFalse(sum(row["lines"] for row in group["rows"]))

    def test_it_costs_the_same_for_many(self):
        self._sale(10, due=day(1))
        self._figures()
        counts = []
        for _round in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["supply.overview"].with_user(self.head).get_figures()
            counts.append(self.env.cr.sql_log_count - before)
            for _number in range(5):
                self._sale(10, due=day(1))
            self._run_job()
            self.env.flush_all()
        self.assertLessEqual(counts[1], counts[0])
