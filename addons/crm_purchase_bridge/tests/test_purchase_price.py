from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.supply_link.tests.pool_common import day

from ..models.purchase_price import PRICES
from .price_routes import (
    REFUSED,
    Caller,
    get_pattern,
    get_ways_to_field,
    get_ways_to_price,
)
from .promise_common import PromiseCommon

#: Nothing else costs this: what goods are bought for, and sold for.
BOUGHT, SOLD = 98765432.1, 12345678.9
#: Where Odoo itself tells whoever sells what goods cost, and why. The setting closes
#: it.
GIVEN_AWAY = {
    # every employee may read price lists of vendors
    ("product.supplierinfo", "price"),
    ("product.supplierinfo", "price_discounted"),
    # and products, with what they cost
    ("product.product", "avg_cost"),
    ("product.product", "standard_price"),
    ("product.product", "total_value"),
    ("product.template", "standard_price"),
    # whoever sells may read transfers, with what they are worth
    ("stock.move", "price_unit"),
    ("stock.move", "remaining_value"),
    ("stock.move", "standard_price"),
    ("stock.move", "value"),
    ("stock.move", "value_manual"),
}
#: Where Odoo itself tells whoever buys what goods are sold for: the list price is for
#: all employees.
LIST_PRICES = {
    ("product.product", "list_price"),
    ("product.product", "lst_price"),
    ("product.template", "list_price"),
}


@tagged("post_install", "-at_install")
class TestPurchasePrices(PromiseCommon):
    """Odoo's own ways to what goods cost are closed by a setting."""

    def _hide(self):
        self.env["ir.config_parameter"].set_param(
            "crm_purchase_bridge.hides_purchase_prices", "True"
        )

    def _user(self, login, group):
        return new_test_user(
            self.env,
            login,
            group,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_without_the_setting_odoo_is_as_it_was(self):
        price = self.product.seller_ids.with_user(self.care).read(["price"])
        self.assertTrue(price)

    def test_sales_reads_no_price_of_vendors(self):
        self._hide()
        sellers = self.product.seller_ids.with_user(self.care)
        with self.assertRaises(AccessError):
            sellers.read(["price"])
        with self.assertRaises(AccessError):
            sellers.search([("price", ">", 0)])
        with self.assertRaises(AccessError):
            sellers.search([], order="price")
        self.care.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            sellers.export_data(["price"])
        with self.assertRaises(AccessError):
            sellers._read_group([], aggregates=["price:max"])
        self.assertNotIn("price", sellers.fields_get())
        self.assertEqual(sellers.display_name, self.vendor.name)

    def test_sales_reads_no_cost_of_transfers(self):
        self._hide()
        move = self._sale(3).move_ids.with_user(self.care)
        with self.assertRaises(AccessError):
            move.read(["price_unit"])

    def test_sales_reads_no_cost_of_products(self):
        if "purchase_price" in self.env["sale.order.line"]._fields:
            self.skipTest("Margins show costs to whoever sells.")
        self._hide()
        self.product.standard_price = 7654321
        product = self.product.with_user(self.care)
        for records in (product, product.product_tmpl_id):
            with self.assertRaises(AccessError):
                records.read(["standard_price"])
            with self.assertRaises(AccessError):
                records.search([("standard_price", ">", 0)])
        self.assertNotIn("standard_price", product.fields_get())

    def test_sales_still_sells(self):
        self._hide()
        self._count(10)
        other = self._product("Bought for it")
        self._make_to_order(other)
        for product in (self.product, other):
            order = self._quotation(3, product=product).order_id.with_user(self.care)
            order.action_confirm()
            order.order_line.product_uom_qty = 5
            moves = order.sudo().order_line.move_ids
            self.assertEqual(sum(moves.mapped("product_uom_qty")), 5)

    def test_purchasing_still_reads_prices(self):
        self._hide()
        buyer = self._user("price-buyer", "purchase.group_purchase_user")
        sellers = self.product.seller_ids.with_user(buyer)
        self.assertTrue(sellers.read(["price"]))

    # ------------------------------------------------------------
    # ALL OF ODOO
    # ------------------------------------------------------------

    def _trade(self):
        """Buy, receive and sell, so that prices are wherever Odoo puts them."""
        self.product.categ_id = self.env["product.category"].create(
            {"name": "At Average Cost", "property_cost_method": "average"}
        )
        self.product.write(
            {"list_price": SOLD, "tracking": "lot", "lot_valuated": True}
        )
        self.product.seller_ids.price = BOUGHT
        for received in (True, False):
            moves = self._purchase(1, day(2), price_unit=BOUGHT).move_ids
            if received:
                moves.move_line_ids.lot_name = "Lot of Odd Cost"
                self._done(moves)
        self._sale(1, price_unit=SOLD)
        self._run_job()

    def _find_everywhere(self, user, amount):
        """Return the fields of all models in which a user reads an amount."""
        pattern, caller, found = get_pattern([amount]), Caller(user), set()
        env = caller.env
        for model in sorted(self.env.registry):
            if env[model]._abstract or not env[model].has_access("read"):
                continue
            records = env[model].search([], order="id desc", limit=20)
            names = [
                name
                for name, field in env[model]._fields.items()
                if field.type not in ("binary", "properties", "properties_definition")
                and records._has_field_access(field, "read")
            ]
            for name in names if records else ():
                for record in records:  # one that is refused hides no other
                    answer = caller.ask(model, "read", [name], ids=record.ids)
                    if pattern.search(answer):
                        found.add((model, name))
                        break
        return found

    def test_odoo_gives_away_what_is_listed(self):
        self._trade()
        self.assertEqual(self._find_everywhere(self.care, BOUGHT), GIVEN_AWAY)

    def test_the_setting_closes_all_of_it(self):
        self._trade()
        self._hide()
        chief = self._user("price-chief", "sales_team.group_sale_manager")
        for user in (self.care, chief):
            self.assertEqual(self._find_everywhere(user, BOUGHT), set())

    def test_the_setting_closes_every_way(self):
        """Whether it is there, more or less than something, first or last."""
        self._trade()
        self._hide()
        caller, env = Caller(self.care), self.env
        calls = [
            (model, call)
            for model, names in PRICES.items()
            for name in names & set(env[model]._fields)
            for call in get_ways_to_field(env, model, name)
        ]
        for path in (
            "move_ids.price_unit",
            "move_ids.value",
            "product_id.seller_ids.price",
            "product_id.standard_price",
            "product_template_id.standard_price",
        ):
            ways = get_ways_to_price(env, "sale.order.line", path, [BOUGHT, SOLD])
            calls += [("sale.order.line", call) for call in ways]
        for model, (way, method, args, named) in calls:
            with self.subTest(model=model, way=way, args=args):
                answer = caller.ask(model, method, *args, **named)
                self.assertTrue(answer.startswith(REFUSED), answer)

    def test_the_forecast_says_no_price(self):
        self._trade()
        report = Caller(self.care), "stock.forecasted_product_product"
        for is_hidden in (False, True):
            if is_hidden:
                self._hide()
            answer = Caller.ask(*report, "get_report_values", self.product.ids)
            self.assertIn("P0", answer)
            self.assertIsNone(get_pattern([BOUGHT]).search(answer))

    def test_purchasing_reads_list_prices_only(self):
        self._trade()
        buyer = self._user("price-buyer", "purchase.group_purchase_user")
        self.assertEqual(self._find_everywhere(buyer, SOLD), LIST_PRICES)
