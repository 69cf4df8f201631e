"""Alternative quotations beside each other: each figure follows its records."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .quotes_common import QuotesCommon


@tagged("post_install", "-at_install")
class TestQuotes(QuotesCommon):
    # ------------------------------------------------------------
    # PRICES
    # ------------------------------------------------------------

    def test_the_cheaper_one_is_marked(self):
        near, far = self._rivals(100, 80)
        self.assertEqual(
            (self._seen(near)["total"], self._seen(far)["total"]), (1000, 800)
        )
        self.assertNotIn("total", self._seen(near)["best"])
        self.assertIn("total", self._seen(far)["best"])
        self.assertIn("price", self._offer(far)["best"])

    def test_freight_and_discounts_count(self):
        near, far = self._rivals(100, 98)
        far.order_line = [
            Command.create(
                {"product_id": self._service().id, "product_qty": 1, "price_unit": 50}
            )
        ]
        near.order_line.discount = 10
        self.assertEqual(self._offer(near)["price"], 90)
        self.assertEqual(self._offer(far)["price"], 103)
        self.assertEqual(self._seen(far)["freight"], 50)
        self.assertIn("total", self._seen(near)["best"])

    def test_prices_are_in_the_currency_of_the_company(self):
        near, far = self._rivals(100, 80)
        currency = self.env["res.currency"].create(
            {
                "name": "QQQ",
                "symbol": "q",
                "rate_ids": [Command.create({"name": self.today, "rate": 0.5})],
            }
        )
        far.currency_id = currency
        far.order_line.price_unit = 80
        self.assertEqual(self._offer(far)["price"], 160)
        self.assertIn("price", self._offer(near)["best"])

    def test_quantities_are_in_the_unit_of_the_product(self):
        near, far = self._rivals(100, 80)
        far.order_line.write(
            {
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                "product_qty": 1,
                "price_unit": 960,
            }
        )
        offer = self._offer(far)
        self.assertEqual((offer["quantity"], offer["price"]), (12, 80))
        self.assertTrue(self._seen(near)["lacks"])

    def test_who_offers_less_is_not_the_cheapest_as_a_whole(self):
        near, far = self._rivals(100, 80)
        far.order_line.product_qty = 4
        self.assertEqual(self._seen(far)["lacks"], [self.kept.display_name])
        self.assertNotIn("total", self._seen(far)["best"])

    def test_who_names_no_price_is_not_the_cheapest(self):
        near, far = self._rivals(100, 0)
        self.assertIsNone(self._offer(far)["price"])
        self.assertIsNone(self._seen(far)["total"])
        self.assertNotIn("price", self._offer(far)["best"])

    def test_our_own_cost_is_no_price_of_a_vendor(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.kept.standard_price = 55
        near, _far = self._rivals(100, 80)
        order = self._quote(stranger, (self.kept, 10, 55))
        near.purchase_group_id.order_ids += order
        self.assertIsNone(self._offer(order)["price"])
        order.order_line.price_unit = 56
        self.assertEqual(self._offer(order)["price"], 56)

    # ------------------------------------------------------------
    # DAYS, AND WHO WAITS
    # ------------------------------------------------------------

    def test_the_lateness_of_vendors_counts(self):
        near, far = self._rivals(100, 80)
        before = self._to_date(self._offer(near)["arrival"])
        self.env["supply.pace"].create(
            {
                "kind": "vendor",
                "company_id": self.company.id,
                "partner_id": self.vendor.id,
                "sample": 9,
                "likely": 30,
                "safe": 40,
            }
        )
        after = self._to_date(self._offer(near)["arrival"])
        self.assertGreaterEqual(after, before + timedelta(days=28))
        self.assertEqual(self._seen(near)["late"], 30)
        self.assertIn("arrival", self._offer(far)["best"])

    def test_how_often_a_vendor_is_on_time_is_that_of_its_pace(self):
        near, far = self._rivals(100, 80)
        self.assertIsNone(self._seen(near)["on_time"])
        for vendor, share in ((self.vendor, 60), (self.far, 90)):
            self.env["supply.pace"].create(
                {
                    "kind": "on_time",
                    "company_id": self.company.id,
                    "partner_id": vendor.id,
                    "sample": 12,
                    "on_time": share,
                }
            )
        self.assertEqual(self._seen(near)["on_time"], 60)
        self.assertIn("on_time", self._seen(far)["best"])

    def test_slack_is_that_of_the_customer_who_lacks_the_goods(self):
        sale = self._lack(days=10)
        near, far = self._rivals(100, 80)
        (product,) = self._look(near)["products"]
        (customer,) = product["customers"]
        self.assertEqual(customer["name"], self.customer.display_name)
        self.assertEqual(customer["order"], sale.name)
        self.assertEqual(customer["quantity"], 10)
        self.assertEqual(self._to_date(customer["due"]), self._day(10))
        self.assertGreater(self._offer(near)["slack"], 0)
        self.assertLess(self._offer(far)["slack"], 0)
        self.assertIn("slack", self._seen(near)["best"])

    def test_the_day_of_an_offer_is_that_of_the_promise_that_it_serves(self):
        sale = self._sale(quantity=10, confirm=True)  # made to order
        near = self._purchase(sale).with_user(self.buyer)
        near.order_line.product_qty = 10
        self._follow_supply()
        promise = self.env["supply.promise"].search(
            [("sale_line_id", "=", sale.order_line.id)]
        )
        promise._system_write({"told_on": self._day(30)})
        far = near.copy({"partner_id": self.far.id, "purchase_group_id": False})
        self.env["purchase.order.group"].create(
            {"order_ids": [Command.set((near + far).ids)]}
        )
        offer = self._offer(near, self.product)
        self.assertEqual(offer["slacks"][0], (self._day(30) - promise.likely_on).days)

    def test_no_more_customers_than_the_goods_are_for(self):
        for days in (3, 6, 9):
            self._lack(days=days, quantity=5)
        near, _far = self._rivals(100, 80)
        (product,) = self._look(near)["products"]
        dues = [self._to_date(each["due"]) for each in product["customers"]]
        self.assertEqual(dues, [self._day(3), self._day(6)])

    def test_a_customer_who_has_goods_does_not_wait(self):
        self._count(50)
        self._lack()
        near, _far = self._rivals(100, 80)
        self.assertFalse(self._look(near)["products"][0]["customers"])

    # ------------------------------------------------------------
    # WHAT ORDERING ASKS FOR
    # ------------------------------------------------------------

    def test_the_deposit_is_that_of_the_rule_that_would_match(self):
        near, far = self._rivals(100, 80)
        self.env["deposit.rule"].create(
            {
                "name": "Far ones",
                "company_id": self.company.id,
                "domain": str([("partner_id", "=", self.far.id)]),
                "line_ids": [Command.create({"name": "On order", "percent": 25})],
            }
        )
        self.assertEqual(self._seen(far)["deposit"], 200)
        self.assertEqual(self._seen(near)["deposit"], 0)
        self.assertIn("deposit", self._seen(near)["best"])

    def test_who_would_approve_and_how_long_that_takes(self):
        rule = self._rule(self.manager, self.director, amount_min=900)
        self.env["supply.pace"].create(
            {
                "kind": "approval",
                "company_id": self.company.id,
                "rule_id": rule.id,
                "sample": 8,
                "likely": 12,
                "safe": 20,
            }
        )
        near, far = self._rivals(100, 80)
        seen = self._seen(near)
        people = [step["people"] for step in seen["approval"]]
        self.assertEqual(people, ["Manager", "Director"])
        self.assertEqual(seen["approval_hours"], 12)
        self.assertEqual(self._seen(far)["approval"], [])
        self.assertIn("approval_hours", self._seen(far)["best"])

    def test_how_long_is_not_known_without_past_and_limits(self):
        self._rule(self.manager, amount_min=900)
        near, far = self._rivals(100, 80)
        self.assertIsNone(self._seen(near)["approval_hours"])
        self.assertEqual(self._seen(far)["approval_hours"], 0)

    def test_odoos_own_approval_is_named(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 900}
        )
        near, far = self._rivals(100, 80)
        self.assertEqual(len(self._seen(near)["approval"]), 1)
        self.assertFalse(self._seen(far)["approval"])

    def test_a_request_names_who_holds_it(self):
        self._rule(self.manager, self.director)
        near, far = self._rivals(100, 80)
        self.quotes.choose(near.id, self._look(near)["stamp"])
        near.with_user(self.manager).action_approve()
        people = [step["people"] for step in self._seen(near)["approval"]]
        self.assertEqual(people, ["Director"])
        self.assertFalse(self._seen(near)["can_choose"])
        self.assertEqual(len(self._seen(far)["approval"]), 2)

    def test_nobody_approves_their_own(self):
        self._rule(self.manager + self.buyer)
        near, _far = self._rivals(100, 80)
        self.assertEqual(self._seen(near)["approval"][0]["people"], "Manager")

    def test_an_amount_of_cash_is_for_accounting_only(self):
        near, far = self._rivals(100, 80)
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        ) or self.env["account.journal"].create(
            {"name": "Bank", "code": "QBNK", "type": "bank"}
        )
        journal.cash_floor = 10_000_000
        self.env["deposit.rule"].create(
            {
                "name": "All",
                "company_id": self.company.id,
                "journal_id": journal.id,
                "line_ids": [Command.create({"name": "On order", "percent": 50})],
            }
        )
        seen = self._seen(near)
        self.assertIsNone(seen["cash_low"])
        self.assertTrue(seen["is_under_floor"])
        self.buyer.group_ids += self.env.ref("account.group_account_readonly")
        seen, other = self._seen(near), self._seen(far)
        days = self.env["supplier.deposit"]._project_cash(self.company, self.today)
        lowest = min(balance for _day, balance in days)
        self.assertEqual(seen["cash_low"], lowest - 500)
        self.assertEqual(other["cash_low"], lowest - 400)
        self.assertIn("cash_low", other["best"])

    # ------------------------------------------------------------
    # WHO MAY LOOK, AND HOW MUCH IT COSTS
    # ------------------------------------------------------------

    def test_only_buyers_compare(self):
        near, _far = self._rivals(100, 80)
        for user in (self.care, self.seller, self.clerk):
            with self.assertRaises(AccessError):
                self._look(near, user)

    def test_without_alternatives_there_is_nothing_to_compare(self):
        order = self._quote(self.vendor, (self.kept, 1, 5))
        with self.assertRaisesRegex(UserError, "no alternatives"):
            self._look(order)
        for nonsense in (None, "1", [order.id], 0):
            with self.assertRaises(UserError):
                self.quotes.get_comparison(nonsense)

    def _count_queries(self, lines):
        products = [self._product(f"Part {number}") for number in range(lines)]
        for product in products:
            sale = self._sale(quantity=3, product=product)
            sale.order_line.wanted_on = self._day(9)
            sale.action_confirm()
        self._follow_supply()
        near, _far = self._rivals(100, 80, products=products)
        self._look(near)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        found = self._look(near)
        self.assertEqual(len(found["products"]), lines)
        self.assertTrue(all(each["customers"] for each in found["products"]))
        return self.cr.sql_log_count - before

    def test_more_lines_cost_no_more_queries(self):
        self._rule(self.manager)
        self.assertEqual(self._count_queries(40), self._count_queries(4))
