import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPanel(PromiseCommon):
    """What customer care sees and says."""

    def _panel(self, document, user=None):
        panel = self.env["supply.panel"].with_user(user or self.care)
        return panel.with_context(lang="en_US").get_panel(document._name, document.id)

    def _salesperson(self, login):
        return new_test_user(
            self.env,
            login,
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_the_sentence_says_what_is_there_and_when_the_rest_comes(self):
        self._count(6)
        self._purchase(34, day(3))
        order = self._sale(40).order_id
        said = self._panel(order)["sentence"]
        self.assertIn("6 Units are in stock", said)
        self.assertIn("34 Units on Thursday 26 November", said)

    def test_what_is_read_aloud_names_nobody(self):
        self._make_to_order()
        line = self._sale(4)
        purchase = line.supply_link_ids.purchase_id
        panel = self._panel(line.order_id)
        self.assertNotIn(purchase.name, panel["sentence"])
        self.assertIn(purchase.name, panel["inside"])
        purchase.button_confirm()
        panel = self._panel(line.order_id)
        self.assertNotIn(self.vendor.name, panel["sentence"])
        self.assertIn(self.vendor.name, panel["inside"])

    def test_lines_of_nothing_are_not_spoken_of(self):
        self._count(6)
        lines = self._quotation(6, 0)
        self.assertIn("all goods are in stock", self._panel(lines.order_id)["sentence"])

    def test_the_words_after_a_slip_name_no_day_that_is_impossible(self):
        self._make_to_order()
        line = self._sale(10)
        self._promise(line)
        self.promises._tell(line, {line.id: self._day(7)}, "phone")
        line.supply_link_ids.purchase_id.order_line.date_planned = day(25)
        self._run_job()
        words = self._notices(line.order_id).note.split("<pre", 1)[1]
        promise = self.promises.search([("sale_line_id", "=", line.id)])
        panel = self.env["supply.panel"].with_context(lang="en_US")
        self.assertIn(panel._say_day(promise.safe_on), words)
        self.assertNotIn("30 November", words)

    def test_nothing_is_split_of_what_goes_out_at_once(self):
        self._count(6)
        self._purchase(34, day(3))
        order = self._quotation(40).order_id
        order.picking_policy = "one"
        self.assertNotIn("6 Units", self._panel(order)["sentence"])

    def test_telling_again_leaves_other_lines_as_told(self):
        self._count(9)
        order = self._sale(4).order_id
        second = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.product.id, "product_uom_qty": 5}
        )
        self.promises._tell(
            order.order_line, dict.fromkeys(order.order_line.ids, self._day(9)), "zalo"
        )
        action = order.with_user(self.care).action_tell_promise()
        tell = self.env["supply.promise.tell"].browse(action["res_id"])
        tell = tell.with_user(self.care)
        changed = tell.line_ids.filtered(lambda line: line.sale_line_id == second)
        changed.told_on = self._day(11)
        tell.action_tell()
        told = self.promises.search([("order_id", "=", order.id)])
        channels = {each.sale_line_id: each.channel for each in told}
        self.assertEqual(channels[second], "phone")
        self.assertEqual(channels[order.order_line - second], "zalo")

    def test_an_order_with_all_goods_in_stock(self):
        self._count(6)
        self.assertIn(
            "all goods are in stock", self._panel(self._sale(6).order_id)["sentence"]
        )

    def test_a_delivered_order_waits_for_nothing(self):
        self._count(6)
        line = self._sale(6)
        line.move_ids._action_assign()
        self._done(line.move_ids)
        panel = self._panel(line.order_id)
        self.assertIn("nothing is waiting", panel["sentence"])
        self.assertEqual(panel["cards"][0]["why"], "Delivered")

    def test_who_holds_an_order_and_since_when(self):
        self._make_to_order()
        line = self._sale(4)
        card = self._panel(line.order_id)["cards"][0]
        self.assertEqual(card["stage"], "quotation")
        self.assertEqual(card["with"], "Purchasing")
        self.assertTrue(card["since"])
        line.supply_link_ids.purchase_id.button_confirm()
        card = self._panel(line.order_id)["cards"][0]
        self.assertEqual((card["stage"], card["with"]), ("receipt", "Vendor"))

    def test_without_a_purchase_nobody_holds_it(self):
        card = self._panel(self._sale(4).order_id)["cards"][0]
        self.assertEqual((card["stage"], card["with"]), ("buy", "Nobody"))

    def test_an_opportunity_shows_what_is_wanted(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Beds",
                "company_id": self.company.id,
                "wanted_line_ids": [
                    Command.create({"product_id": self.product.id, "quantity": 2})
                ],
            }
        )
        self.assertEqual(len(self._panel(lead)["cards"]), 1)

    def test_a_customer_shows_the_orders_of_the_family(self):
        child = self.env["res.partner"].create(
            {"name": "Ward", "parent_id": self.customer.id}
        )
        order = self._sale(2).order_id
        order.partner_id = child
        cards = self._panel(self.customer)["cards"]
        self.assertEqual([card["order_id"] for card in cards], order.ids)

    def test_whoever_is_calling_hears_the_same_sentence(self):
        self._count(6)
        order = self._sale(6).order_id
        self._run_job()
        caller = self.env["supply.caller"].with_user(self.care)
        found = caller.with_context(lang="en_US").find(order.name)["orders"]
        self.assertEqual(found[0]["sentence"], self._panel(order)["sentence"])

    def test_no_panel_of_what_one_may_not_read(self):
        stranger = self._salesperson("panel-stranger")
        order = self._sale(2).order_id
        order.user_id = self.care
        with self.assertRaises(AccessError):
            self._panel(order, stranger)
        self.assertFalse(self._panel(self.customer, stranger)["cards"])

    def test_no_panel_for_customers(self):
        portal = new_test_user(self.env, "panel-portal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        order = self._sale(2).order_id
        with self.assertRaises(AccessError):
            self._panel(order, portal)

    def test_the_dialogue_reads_no_lines_of_others(self):
        stranger = self._salesperson("tell-reader")
        mine, other = self._sale(3).order_id, self._sale(34).order_id
        mine.user_id, other.user_id = stranger, self.care
        line = {"sale_line_id": other.order_line.id, "told_on": self._day(5)}
        tell = (
            self.env["supply.promise.tell"]
            .with_user(stranger)
            .create({"order_id": mine.id, "line_ids": [Command.create(line)]})
        )
        with self.assertRaises(AccessError):
            tell.read(["message"])

    def test_employees_without_sales_read_no_promises(self):
        employee = new_test_user(self.env, "panel-employee", "base.group_user")
        line = self._sale(3)
        line.order_id.user_id = False
        self._run_job()
        with self.assertRaises(AccessError):
            self.promises.with_user(employee).search([])

    def test_no_panel_of_other_models(self):
        panel = self.env["supply.panel"].with_user(self.care)
        for model, id_ in (
            ("res.users", self.env.uid),
            ("purchase.order", 1),
            ("no.such.model", 1),
            ("sale.order", "1 OR 1=1"),
            ("sale.order", None),
        ):
            with self.assertRaises(UserError):
                panel.get_panel(model, id_)

    def test_queries_do_not_grow_with_the_lines(self):
        few = self._quotation(*[1] * 3).order_id
        many = self._quotation(*[1] * 20).order_id
        counts = []
        for order in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._panel(order)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_no_amounts_in_the_panel(self):
        """Odd prices on both sides are found nowhere in what sales reads."""
        self._make_to_order()
        self.product.seller_ids.price = 7654321
        self.product.lst_price = 1234567
        line = self._sale(4)
        order = line.supply_link_ids.purchase_id
        order.order_line.price_unit = 7654321
        for panel in (self._panel(line.order_id), self._panel(self.customer)):
            text = json.dumps(panel)
            self.assertNotIn("7654321", text)
            self.assertNotIn("1234567", text)

    def test_no_model_of_the_promise_holds_an_amount(self):
        for name in (
            "supply.promise",
            "supply.promise.version",
            "supply.promise.tell",
            "supply.promise.tell.line",
            "supply.question",
            "supply.pace",
            "crm.lead.line",
            "crm.lead.demand",
        ):
            for field in self.env[name]._fields.values():
                self.assertNotEqual(field.type, "monetary", field)
                for word in ("price", "amount", "cost"):
                    self.assertNotIn(word, field.name)

    def test_open_panels_are_told_ids_only(self):
        line = self._sale(4)
        self._run_job()
        self.env["bus.bus"].search([]).unlink()
        self.product.lst_price = 1234567
        line.product_uom_qty = 5
        self._run_job()
        self.env.cr.precommit.run()
        told = [
            json.loads(notice.message)
            for notice in self.env["bus.bus"].search([])
            if "crm_purchase_bridge/supply" in notice.message
        ]
        self.assertTrue(told)
        for message in told:
            self.assertEqual(set(message["payload"]), {"products", "orders"})

    def test_the_message_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.customer.lang = "vi_VN"
        self._count(6)
        order = self._sale(6).order_id
        panel = self.env["supply.panel"].with_context(lang="en_US")
        message = panel._get_message(order, panel._get_cards(order.order_line))
        self.assertIn("tháng 11", message)

    def test_telling_keeps_day_person_channel_and_message(self):
        self._purchase(34, day(3))
        order = self._sale(34).order_id
        action = order.with_user(self.care).action_tell_promise()
        tell = self.env["supply.promise.tell"].browse(action["res_id"])
        tell = tell.with_user(self.care)
        self.assertFalse(tell.warning)
        tell.channel = "zalo"
        tell.copies_date = True
        tell.action_tell()
        promise = self.promises.search([("order_id", "=", order.id)])
        self.assertEqual(promise.told_on, self._day(3))
        self.assertEqual(promise.told_by_id, self.care)
        self.assertEqual(order.commitment_date.date(), self._day(3))

    def test_earlier_than_safe_warns(self):
        self._purchase(34, day(3))
        order = self._sale(34).order_id
        action = order.with_user(self.care).action_tell_promise()
        tell = self.env["supply.promise.tell"].browse(action["res_id"])
        tell = tell.with_user(self.care).with_context(lang="en_US")
        tell.line_ids.told_on = self._day(1)
        self.assertIn("Thursday 26 November is likely", tell.warning)

    def test_days_that_are_over_cannot_be_told(self):
        order = self._sale(34).order_id
        action = order.with_user(self.care).action_tell_promise()
        tell = self.env["supply.promise.tell"].browse(action["res_id"])
        tell = tell.with_user(self.care)
        tell.line_ids.told_on = self._day(-1)
        with self.assertRaises(UserError):
            tell.action_tell()

    def test_nobody_tells_about_other_peoples_orders(self):
        stranger = self._salesperson("tell-stranger")
        order = self._sale(34).order_id
        order.user_id = self.care
        with self.assertRaises(AccessError):
            order.with_user(stranger).action_tell_promise()
        tell = self.env["supply.promise.tell"].with_user(stranger)
        forged = tell.create(
            {
                "order_id": order.id,
                "line_ids": [
                    Command.create(
                        {
                            "sale_line_id": order.order_line.id,
                            "told_on": self._day(5),
                        }
                    )
                ],
            }
        )
        with self.assertRaises(AccessError):
            forged.action_tell()

    def test_lines_of_another_order_are_not_told(self):
        """Whoever may change one order tells nothing about another one."""
        stranger = self._salesperson("tell-smuggler")
        mine, other = self._sale(3).order_id, self._sale(34).order_id
        mine.user_id, other.user_id = stranger, self.care
        forged = (
            self.env["supply.promise.tell"]
            .with_user(stranger)
            .create(
                {
                    "order_id": mine.id,
                    "line_ids": [
                        Command.create(
                            {
                                "sale_line_id": other.order_line.id,
                                "told_on": self._day(5),
                            }
                        )
                    ],
                }
            )
        )
        with self.assertRaises(AccessError):
            forged.action_tell()


@tagged("post_install", "-at_install")
class TestPurchasePrices(PromiseCommon):
    """Odoo's own ways to what goods cost are closed by a setting."""

    def _hide(self):
        self.env["ir.config_parameter"].set_param(
            "crm_purchase_bridge.hides_purchase_prices", "True"
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
        buyer = new_test_user(
            self.env,
            "price-buyer",
            "purchase.group_purchase_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertTrue(self.product.seller_ids.with_user(buyer).read(["price"]))
