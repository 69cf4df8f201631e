from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SupplyCommon


class CustomersCommon(SupplyCommon):
    """One purchase that serves two customers, and one for the stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_customer = cls.env["res.partner"].create({"name": "Viet Duc Clinic"})
        cls.due = datetime(2040, 12, 12, 10)

    @classmethod
    def _user(cls, login, *groups):
        return cls.env["res.users"].create(
            {
                "name": login.title(),
                "login": login,
                "tz": "UTC",
                "group_ids": [(4, cls.env.ref(group).id) for group in groups],
            }
        )

    @classmethod
    def _buyer(cls):
        return cls._user("customers_buyer", "purchase.group_purchase_user")

    @classmethod
    def _seller(cls, *groups):
        return cls._user("customers_seller", "sales_team.group_sale_salesman", *groups)

    def _read(self, records, user, *names):
        """Return what a user reads, each field of each record, in a new transaction's
        cache."""
        self._follow()
        self.env.invalidate_all()
        return [
            tuple(record[name] for name in names)
            for record in records.with_user(user).with_context(lang="en_US")
        ]


@tagged("post_install", "-at_install")
class TestPurchaseLines(CustomersCommon):
    """Whom a purchase line serves, in a few words."""

    def _told(self, lines, user):
        return self._read(lines, user, "supply_customers", "supply_customers_detail")

    def test_one_customer_with_quantity_and_deadline(self):
        sale = self._sale(4, commitment_date=self.due)
        line = self._bought_for(sale)
        ((text, detail),) = self._told(line, self._buyer())
        self.assertEqual(text, "Bach Mai Hospital × 4 · due 12/12")
        self.assertEqual(detail, f"Bach Mai Hospital ({sale.name}) × 4 · due 12/12")

    def test_several_customers_are_counted(self):
        first = self._sale(4, commitment_date=self.due)
        second = self._sale(
            3,
            commitment_date=self.due - timedelta(days=1),
            partner_id=self.other_customer.id,
        )
        line = self._bought_for(first | second)
        self.assertEqual(len(line), 1, "the vendor's quotations are one")
        ((text, detail),) = self._told(line, self._buyer())
        self.assertEqual(text, "2 customers · due 12/11")
        self.assertEqual(
            detail.splitlines(),
            [
                f"Viet Duc Clinic ({second.name}) × 3 · due 12/11",
                f"Bach Mai Hospital ({first.name}) × 4 · due 12/12",
            ],
        )

    def test_whose_turn_it_is_in_the_stock(self):
        purchase = self._purchase(10, self.chair)
        purchase.button_confirm()
        sale = self._sale(4, self.chair, commitment_date=self.due)
        ((text, detail),) = self._told(purchase.order_line, self._buyer())
        self.assertEqual(text, "By turn: Bach Mai Hospital · due 12/12")
        self.assertIn(sale.name, detail)

    def test_nobody(self):
        purchase = self._purchase(10, self.chair)
        self.assertEqual(self._told(purchase.order_line, self._buyer()), [("", "")])

    def test_customer_of_a_cancelled_order_is_gone(self):
        sale = self._sale(4)
        line = self._bought_for(sale)
        sale._action_cancel()
        self.assertEqual(self._told(line, self._buyer()), [("", "")])

    def test_alternatives_serve_nobody_yet(self):
        sale = self._sale(4)
        first = self._bought_for(sale).order_id
        other = self._alternative(first)
        self.assertEqual(self._told(other.order_line, self._buyer()), [("", "")])

    def test_one_query_where_nobody_waits(self):
        purchases = [self._purchase(1, self.chair) for _number in range(5)]
        lines = self.env["purchase.order.line"].union(
            *(purchase.order_line for purchase in purchases)
        )
        user = self._buyer()
        self._told(lines, user)
        self.env.invalidate_all()
        user.has_group("purchase.group_purchase_user")
        with self.assertQueryCount(1):
            self.env["supply.customers"].with_user(user)._describe(lines)

    def test_queries_do_not_grow_with_customers(self):
        user, sale = self._buyer(), self._sale(1)
        few = self._count_queries(self._bought_for(sale), user)
        sales = sale.union(*(self._sale(number) for number in range(2, 9)))
        for _number in range(5):
            self._sale(2, self.chair)
        purchase = self._purchase(30, self.chair)
        purchase.button_confirm()
        lines = self._bought_for(sales) | purchase.order_line
        self.assertLessEqual(self._count_queries(lines, user), few)

    def _count_queries(self, lines, user):
        self._told(lines, user)
        self.env.invalidate_all()
        lines.mapped("product_qty")
        start = self.env.cr.sql_log_count
        told = lines.with_user(user).mapped("supply_customers")
        self.assertTrue(all(told))
        return self.env.cr.sql_log_count - start

    def test_click_opens_who_waits_for_the_line(self):
        sale = self._sale(4)
        line = self._bought_for(sale).with_user(self._buyer())
        action = line.action_view_supply_waiting()
        rows = self.env["supply.waiting"].search(action["domain"])
        self.assertEqual(rows.sale_line_id, sale.order_line)

    def test_row_of_the_list_opens_its_goods(self):
        sale = self._sale(4, self.chair)
        self._follow()
        states = self.env["supply.state"].with_user(self._buyer())
        state = states.search([("sale_line_id", "=", sale.order_line.id)])
        action = state.action_view_supply_waiting()
        rows = self.env["supply.waiting"].search(action["domain"])
        self.assertEqual([(row.quantity, row.how) for row in rows], [(4, "missing")])
        with self.assertRaises(AccessError):
            state.with_user(self._seller()).action_view_supply_waiting()

    def test_strangers_open_nothing(self):
        line = self._bought_for(self._sale(4))
        with self.assertRaises(AccessError):
            line.with_user(self._seller()).action_view_supply_waiting()


@tagged("post_install", "-at_install")
class TestReceipts(CustomersCommon):
    """Whose goods a receipt brings."""

    def _told(self, moves, user):
        return [text for (text,) in self._read(moves, user, "supply_customers")]

    def test_receipt_says_for_whom(self):
        sale = self._sale(4, commitment_date=self.due)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        clerk = self._user("customers_clerk", "stock.group_stock_user")
        moves = purchase.picking_ids.move_ids
        self.assertEqual(
            self._told(moves, clerk), ["Bach Mai Hospital × 4 · due 12/12"]
        )
        self._receive(purchase)
        self.assertEqual(
            self._told(moves, clerk), ["Bach Mai Hospital × 4 · due 12/12"]
        )

    def test_put_away_says_for_whom(self):
        self.warehouse.reception_steps = "two_steps"
        sale = self._sale(4, commitment_date=self.due)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        self._receive(purchase)
        clerk = self._user("customers_clerk", "stock.group_stock_user")
        put_away = purchase.picking_ids.move_ids.move_dest_ids
        self.assertEqual(put_away.picking_code, "internal")
        self.assertEqual(
            self._told(put_away, clerk), ["Bach Mai Hospital × 4 · due 12/12"]
        )

    def test_deliveries_ask_nothing(self):
        sale = self._sale(4, self.chair)
        moves = sale.picking_ids.move_ids
        self._follow()
        self.env.invalidate_all()
        moves.mapped("picking_code")
        with self.assertQueryCount(0):
            self.assertEqual(moves.mapped("supply_customers"), [""])


@tagged("post_install", "-at_install")
class TestOtherSalespeople(CustomersCommon):
    """Who sees own documents only reads no customers of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._seller()
        cls.own = cls._sale(4, user_id=cls.mine.id)
        cls.others = cls._sale(3, user_id=cls.env.uid, partner_id=cls.other_customer.id)
        cls.purchase = cls._bought_for(cls.own).order_id
        cls.purchase.button_confirm()

    def test_lines_name_own_customers_only(self):
        moves = self.purchase.picking_ids.move_ids
        told = self._read(moves, self.mine, "supply_customers_detail")
        self.assertIn("Bach Mai", told[0][0])
        self.assertNotIn("Viet Duc", told[0][0])
        self.assertNotIn(self.others.name, told[0][0])

    def test_who_waits_keeps_other_names(self):
        receipt = self.purchase.picking_ids.with_user(self.mine)
        action = receipt.action_view_supply_waiting()
        rows = self.env["supply.waiting"].search(action["domain"])
        self.assertEqual(
            {(row.sale_name, row.partner_name, row.quantity) for row in rows},
            {(self.own.name, self.customer.name, 4), ("Another order", False, 3)},
        )
        self.assertFalse(rows.sale_line_id - self.own.order_line)

    def test_pooled_customers_of_others_have_no_name(self):
        purchase = self._purchase(10, self.chair)
        purchase.button_confirm()
        self._sale(2, self.chair, user_id=self.env.uid)
        receipt = purchase.picking_ids.with_user(self.mine)
        action = receipt.action_view_supply_waiting()
        rows = self.env["supply.waiting"].search(action["domain"])
        self.assertEqual(
            [(row.sale_name, row.partner_name) for row in rows],
            [("Another order", False)],
        )

    def test_names_follow_the_rules_of_links(self):
        """Who reads a link reads its customer on the line, and nobody else."""
        users = self.mine | self._buyer()
        users |= self._user("customers_clerk", "stock.group_stock_user")
        users |= self._user("customers_plain", "base.group_user")
        users |= self._user("customers_all", "sales_team.group_sale_salesman_all_leads")
        links = self.env["supply.link"].search(
            [("sale_line_id", "in", (self.own | self.others).order_line.ids)]
        )
        self.assertEqual(len(links), 2)
        for user in users:
            readable = links.with_user(user)._filtered_access("read").sale_id
            names = self.env["supply.customers"].with_user(user)
            self.assertEqual(
                names._get_readable(self.own | self.others), readable, user.login
            )
            found = names._read(links.purchase_line_id.ids)
            lines = {row.sale_line for rows in found.values() for row in rows}
            self.assertEqual(lines, set(readable.order_line.ids), user.login)


@tagged("post_install", "-at_install")
class TestSaleLines(CustomersCommon):
    """From where the goods of an order line come, in a few words."""

    def _told(self, sale, user=None):
        user = user or self.env.user
        ((text,),) = self._read(sale.order_line, user, "supply_source")
        return text

    def _coming(self, quantity):
        purchase = self._purchase(quantity, self.chair)
        purchase.order_line.date_planned = self.due
        purchase.button_confirm()
        return purchase

    def test_in_stock(self):
        self.env["stock.quant"]._update_available_quantity(
            self.chair, self.warehouse.lot_stock_id, 9
        )
        self.assertEqual(self._told(self._sale(4, self.chair)), "In Stock")

    def test_on_its_way(self):
        self._coming(10)
        self.assertEqual(self._told(self._sale(4, self.chair)), "On Its Way · 12/12")

    def test_some_of_it_there(self):
        self.env["stock.quant"]._update_available_quantity(
            self.chair, self.warehouse.lot_stock_id, 3
        )
        self._coming(10)
        sale = self._sale(4, self.chair)
        self.assertEqual(self._told(sale), "On Its Way · 12/12 · 3 there")

    def test_bought_for_it(self):
        sale = self._sale(4)
        line = self._bought_for(sale)
        line.date_planned = self.due
        line.order_id.button_confirm()
        self.assertEqual(self._told(sale), "Bought For It · 12/12")

    def test_overdue(self):
        purchase = self._coming(10)
        late = fields.Datetime.now() - timedelta(days=20)
        purchase.picking_ids.move_ids.date = late
        sale = self._sale(4, self.chair)
        self.assertEqual(self._told(sale), "On Its Way · no date · 20 days overdue")

    def test_missing(self):
        self.assertEqual(self._told(self._sale(4, self.chair)), "4 missing")

    def test_purchase_that_is_deleted_past_odoo_brings_nothing(self):
        sale = self._sale(4)
        line = self._bought_for(sale)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM purchase_order_line WHERE id = %s", [line.id])
        self.env.invalidate_all()
        action = sale.order_line.action_view_supply_waiting()
        rows = self.env["supply.waiting"].search(action["domain"])
        self.assertNotIn("bought", rows.mapped("how"))
        self.assertNotIn("Bought", self._told(sale))

    def test_quotations_say_nothing(self):
        sale = self._sale(4, self.chair, confirm=False)
        self.assertFalse(self._told(sale))

    def test_salesperson_reads_own_lines_without_rights_to_purchases(self):
        seller = self._seller()
        self._coming(10)
        sale = self._sale(4, self.chair, user_id=seller.id)
        self.assertEqual(self._told(sale, seller), "On Its Way · 12/12")

    def test_queries_do_not_grow_with_lines(self):
        sale = self._sale(4, self.chair)
        few = self._count_queries(sale.order_line)
        for _number in range(9):
            sale.order_line[0].copy({"order_id": sale.id})
        self.assertEqual(len(sale.order_line), 10)
        self.assertLessEqual(self._count_queries(sale.order_line), few)

    def _count_queries(self, lines):
        self._follow()
        self.env.invalidate_all()
        lines = lines.browse(lines.ids)  # read together, whatever the cache held
        lines.mapped("product_uom_qty")
        start = self.env.cr.sql_log_count
        self.assertTrue(all(line.supply_source for line in lines))
        return self.env.cr.sql_log_count - start

    def test_purchases_of_an_order_outlive_merging(self):
        first, second = self._sale(5), self._sale(7, origin="apart")
        line = self._bought_for(first | second)
        rest = line.order_id.copy({"order_line": False})
        move = second.picking_ids.move_ids
        line.write({"product_qty": 5, "move_dest_ids": [Command.unlink(move.id)]})
        other = line.copy({"order_id": rest.id, "product_qty": 7})
        other.move_dest_ids = [Command.set(move.ids)]
        orders = line.order_id | rest
        orders.action_merge()
        kept = orders.filtered(lambda order: order.state != "cancel")
        for sale in first | second:
            self.assertIn(kept, sale._get_purchase_orders())
