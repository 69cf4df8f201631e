from odoo.tests import tagged

from .common import SupplyCommon


@tagged("post_install", "-at_install")
class TestPast(SupplyCommon):
    """Orders that were there before the addon."""

    def _forget(self):
        """Leave the database as if the addon had just come."""
        self._follow()
        self.env.cr.execute("DELETE FROM supply_change")
        self.env["supply.state"].search([]).unlink()
        self.env["supply.link"].search([]).unlink()
        self.env["ir.config_parameter"].search(
            [("key", "like", "supply_link.filled_")]
        ).unlink()

    def test_filled_in_batches(self):
        sales = [self._sale(quantity) for quantity in (3, 4, 5)]
        pooled = self._sale(2, self.chair)
        self._forget()
        changes = self.env["supply.change"]
        rounds = 0
        while changes._fill_batch(2):
            rounds += 1
            self.assertLess(rounds, 10_000)
        self.assertGreater(rounds, 1)
        for sale, quantity in zip(sales, (3, 4, 5), strict=True):
            self.assertEqual(self._standing(sale), [(sale.name, "mto", quantity)])
        states = self.env["supply.state"].search([])
        self.assertLessEqual(pooled.order_line, states.sale_line_id)
        self._check_rebuilt()

    def test_stopped_job_goes_on_where_it_was(self):
        sale = self._sale(3)
        self._forget()
        changes = self.env["supply.change"]
        while changes._fill_batch():
            self._follow()
        self.assertFalse(changes._fill_batch())
        self.assertEqual(self._standing(sale), [(sale.name, "mto", 3)])
        self.assertFalse(self.env["supply.change"].search_count([]))

    def test_what_is_filled_in_is_followed_at_once(self):
        self._sale(3)
        self._forget()
        follow = self.env.ref("supply_link.ir_cron_follow")
        triggers = self.env["ir.cron.trigger"]
        woken = [("cron_id", "=", follow.id)]
        triggers.search(woken).unlink()
        with self.enter_registry_test_mode():
            self.env.ref("supply_link.ir_cron_fill").method_direct_trigger()
        self.assertTrue(triggers.search_count(woken))
        self.assertFalse(self.env["supply.change"].is_being_filled())


@tagged("post_install", "-at_install")
class TestWaiting(SupplyCommon):
    """What buyers, storekeepers and salespeople see of each other's orders."""

    def _rows(self, document):
        action = document.action_view_supply_waiting()
        rows = self.env[action["res_model"]].search(action["domain"])
        return {(row.sale_name, row.quantity, row.how) for row in rows}

    def test_purchase_shows_whom_it_serves(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        self.assertEqual(self._rows(purchase), {(sale.name, 5, "bought")})
        purchase.button_confirm()
        self.assertEqual(self._rows(purchase), {(sale.name, 5, "bought")})
        self._receive(purchase)
        self._follow()
        self.assertEqual(self._rows(purchase), {(sale.name, 5, "there")})

    def test_purchase_for_the_stock_shows_whose_turn_it_is(self):
        purchase = self._purchase(10, self.chair)
        purchase.button_confirm()
        sale = self._sale(4, self.chair)
        self.assertEqual(self._rows(purchase), {(sale.name, 4, "pool")})
        self.assertEqual(self._rows(purchase.picking_ids), {(sale.name, 4, "pool")})

    def test_sale_shows_where_goods_come_from(self):
        purchase = self._purchase(3, self.chair)
        purchase.button_confirm()
        sale = self._sale(5, self.chair)
        self.assertEqual(
            self._rows(sale), {(sale.name, 3, "pool"), (sale.name, 2, "missing")}
        )

    def test_rows_are_of_whom_opened_them(self):
        sale = self._sale(5)
        user = self.env["res.users"].create(
            {
                "name": "Buyer",
                "login": "supply_buyer",
                "group_ids": [
                    (4, self.env.ref("purchase.group_purchase_user").id),
                ],
            }
        )
        purchase = self._bought_for(sale).order_id.with_user(user)
        action = purchase.action_view_supply_waiting()
        rows = self.env["supply.waiting"].with_user(user).search(action["domain"])
        self.assertEqual(rows.mapped("partner_name"), [self.customer.name])
        other = user.copy({"login": "supply_other"})
        self.assertFalse(rows.with_user(other).search(action["domain"]))

    def test_no_prices(self):
        names = self.env["supply.waiting"]._fields.keys()
        names |= self.env["supply.state"]._fields.keys()
        names |= self.env["supply.link"]._fields.keys()
        for name in names:
            self.assertNotRegex(name, "price|amount|cost|margin|discount")
