import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.approval_matrix.system import as_system
from odoo.addons.supply_link.tests.pool_common import day

from ..models import supply_panel
from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPanel(PromiseCommon):
    """What customer care sees and says."""

    def _panel(self, document, user=None, **options):
        panel = self.env["supply.panel"].with_user(user or self.care)
        panel = panel.with_context(lang="en_US")
        return panel.get_panel(document._name, document.id, **options)

    def _deliver(self, line):
        """Send goods that are there to the customer, and return the transfer."""
        line.move_ids._action_assign()
        self._done(line.move_ids)
        return line.move_ids.picking_id

    def _ask(self, record, text="When?", department="purchase", user=None):
        record = record.with_user(user or self.care)
        return (
            self.env["supply.question"]
            .with_user(user or self.care)
            ._ask(record, department, text)
        )

    def _salesperson(self, login):
        return new_test_user(
            self.env,
            login,
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _buyer(self, login="panel-buyer"):
        return new_test_user(
            self.env,
            login,
            "purchase.group_purchase_user",
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

    def test_goods_that_are_not_put_away_are_in_the_warehouse(self):
        self._count(2, self.warehouse.wh_input_stock_loc_id)
        panel = self._panel(self._sale(2).order_id)
        self.assertIn("still have to be put away", panel["sentence"])
        self.assertEqual(panel["cards"][0]["stages"], ["receipt", "delivery"])

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

    def test_a_delivered_order_says_when_and_with_which_transfer(self):
        self._count(6)
        line = self._sale(6)
        transfer = self._deliver(line)
        panel = self._panel(line.order_id)
        self.assertIn("everything was delivered on Monday 23 Nov", panel["sentence"])
        self.assertIn(transfer.name, panel["sentence"])
        self.assertIn(transfer.name, panel["cards"][0]["why"])

    def test_of_several_transfers_the_last_one_is_named(self):
        self._count(6)
        line = self._sale(4)
        self._deliver(line)
        line.product_uom_qty = 6
        later = line.move_ids.filtered(lambda move: move.state != "done")
        later._action_assign()
        self._done(later)
        later.date = day(1)
        sentence = self._panel(line.order_id)["sentence"]
        self.assertIn("the last of it on Tuesday 24 Nov", sentence)
        self.assertIn(later.picking_id.name, sentence)

    def test_a_cancelled_order_says_so(self):
        order = self._sale(6).order_id
        order._action_cancel()
        panel = self._panel(order)
        self.assertIn("was cancelled", panel["sentence"])
        self.assertFalse(panel["cards"])

    def test_an_order_with_services_only_has_no_goods(self):
        service = self._product("Installation", type="service", is_storable=False)
        panel = self._panel(self._sale(1, product=service).order_id)
        self.assertIn("has no goods", panel["sentence"])
        self.assertFalse(panel["cards"])

    def test_an_opportunity_without_products_waits_for_nothing(self):
        lead = self.env["crm.lead"].create(
            {"name": "Beds", "company_id": self.company.id}
        )
        panel = self._panel(lead)
        self.assertIn("nothing is waiting", panel["sentence"])
        self.assertFalse(panel["cards"])

    def test_an_order_of_a_company_that_is_not_chosen_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        order = self._sale(2, confirm=False).order_id
        self.care.company_ids = [Command.link(other.id)]
        panel = self.env["supply.panel"].with_user(self.care)
        panel = panel.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            panel.get_panel(order._name, order.id)

    def test_the_sentence_is_about_all_lines_though_few_are_shown(self):
        self._count(4)
        unknown = self._product("Nobody's", seller_ids=[])
        order = self._quotation(1, 1, 1, 1).order_id
        last = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": unknown.id, "product_uom_qty": 7}
        )
        panel = self._panel(order, most=2)
        self.assertIn("Nobody's", panel["sentence"])
        self.assertEqual(len(panel["cards"]), 2)
        self.assertEqual(panel["more"], 3)
        self.assertEqual(panel["risk"], "unknown")
        # the worst is shown though it is the last line
        self.assertEqual(panel["cards"][0]["id"], last.id)

    def test_nonsense_for_how_many_shows_as_many_as_usual(self):
        order = self._quotation(1, 1).order_id
        for most in (0, -1, None, "2", 10**9):
            with self.subTest(most):
                self.assertEqual(len(self._panel(order, most=most)["cards"]), 2)

    def test_delivered_orders_hide_no_open_one_of_a_customer(self):
        self._count(50)
        self.patch(supply_panel, "MOST_LINES", 3)
        waits = self._sale(1)
        for _number in range(4):
            self._deliver(self._sale(1))
        cards = self._panel(self.customer)["cards"]
        self.assertEqual([card["id"] for card in cards], waits.ids)

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

    def test_queries_do_not_grow_with_the_wishes_of_an_opportunity(self):
        few, many = (
            self.env["crm.lead"].create(
                {
                    "name": "Beds",
                    "company_id": self.company.id,
                    "wanted_line_ids": [
                        Command.create({"product_id": self.product.id, "quantity": 2})
                        for _number in range(number)
                    ],
                }
            )
            for number in (2, 12)
        )
        counts = []
        for lead in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._panel(lead)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_buyers_group_promises_by_vendor_and_sales_do_not_see_it(self):
        self._make_to_order()
        line = self._sale(4)
        promise = self._promise(line)
        buyer = self._buyer()
        self.assertEqual(promise.with_user(buyer).vendor_id, self.vendor)
        groups = promise.with_user(buyer)._read_group(
            [("id", "=", promise.id)], ["vendor_id", "purchase_id"]
        )
        self.assertEqual(
            groups, [(self.vendor, line.supply_link_ids.purchase_id.with_user(buyer))]
        )
        for name in ("vendor_id", "purchase_id", "buyer_id"):
            self.assertNotIn(name, promise.with_user(self.care).fields_get())

    def test_what_was_asked_about_a_line_is_on_its_card(self):
        first, second = self._quotation(1, 2)
        buyer = self._buyer()
        question = self._ask(second, "Can 2 be here on Friday?")
        panel = self._panel(first.order_id)
        self.assertFalse(panel["cards"][0]["questions"])
        (asked,) = panel["cards"][1]["questions"]
        self.assertEqual(asked["text"], "Can 2 be here on Friday?")
        self.assertEqual(asked["asker"], self.care.name)
        self.assertFalse(asked["answer"])
        question.with_user(buyer)._answer("In the morning")
        (asked,) = self._panel(first.order_id)["cards"][1]["questions"]
        self.assertEqual(asked["answer"], "In the morning")
        self.assertEqual(asked["answered_by"], buyer.name)

    def test_what_was_asked_about_the_order_is_beside_the_sentence(self):
        order = self._quotation(1).order_id
        self._buyer()
        self._ask(order, "All of it?")
        panel = self._panel(order)
        self.assertEqual([each["text"] for each in panel["questions"]], ["All of it?"])
        self.assertFalse(panel["cards"][0]["questions"])

    def test_what_a_buyer_asks_about_the_purchase_is_on_the_line_to_answer(self):
        self._make_to_order()
        line = self._sale(4)
        line.order_id.user_id = self.care
        buyer = self._buyer()
        purchase = line.supply_link_ids.purchase_line_id
        self._ask(purchase, "Would 2 do for now?", "care", buyer)
        (asked,) = self._panel(line.order_id)["cards"][0]["questions"]
        self.assertTrue(asked["can_answer"])

    def test_an_old_answer_leaves_the_card(self):
        line = self._quotation(1)
        buyer = self._buyer()
        self._ask(line, "Old?").with_user(buyer)._answer("Yes")
        question = self.env["supply.question"].search([("res_id", "=", line.id)])
        as_system(question)._system_write({"closed_at": day(-20)})
        self.assertFalse(self._panel(line.order_id)["cards"][0]["questions"])

    def test_open_panels_hear_of_questions_and_answers(self):
        buyer = self._buyer()
        line = self._quotation(1)
        for act in (
            lambda: self._ask(line, "When?"),
            lambda: (
                self.env["supply.question"]
                .search([])[:1]
                .with_user(buyer)
                ._answer("Soon")
            ),
        ):
            self.env.cr.precommit.run()
            self.env["bus.bus"].search([]).unlink()
            act()
            self.env.cr.precommit.run()
            told = [
                json.loads(notice.message)["payload"]
                for notice in self.env["bus.bus"].search([])
                if "crm_purchase_bridge/supply" in notice.message
            ]
            self.assertIn(
                {"products": line.product_id.ids, "orders": line.order_id.ids}, told
            )

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

    def _open_tell(self, document):
        action = document.with_user(self.care).action_tell_promise()
        tell = self.env["supply.promise.tell"].browse(action["res_id"])
        return tell.with_user(self.care).with_context(lang="en_US")

    def test_what_the_customer_wants_is_kept_before_they_are_told(self):
        self._purchase(34, day(3))
        line = self._sale(34)
        tell = self._open_tell(line.order_id)
        tell.line_ids.wanted_on = self._day(2)
        tell.action_tell()
        self.assertEqual(line.wanted_on, self._day(2))
        promise = self.promises.search([("sale_line_id", "=", line.id)])
        self.assertEqual(promise.wanted_on, self._day(2))
        self.assertEqual(promise.told_on, self._day(3))
        told = self._versions(line).filtered("told_on")[:1]
        self.assertEqual(told.wanted_on, self._day(2))

    def test_what_is_wanted_can_be_kept_without_telling(self):
        line = self._sale(34)
        tell = self._open_tell(line.order_id)
        with self.assertRaises(UserError):
            tell.action_keep_wanted()
        tell.line_ids.wanted_on = self._day(2)
        tell.action_keep_wanted()
        self.assertEqual(line.wanted_on, self._day(2))
        self.assertFalse(self._promise(line).told_on)

    def test_what_is_wanted_of_an_opportunity_is_kept_there(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Beds",
                "company_id": self.company.id,
                "wanted_line_ids": [
                    Command.create({"product_id": self.product.id, "quantity": 2})
                ],
            }
        )
        tell = self._open_tell(lead)
        tell.line_ids.wanted_on = self._day(20)
        tell.action_tell()
        self.assertEqual(lead.wanted_line_ids.needed_on, self._day(20))

    def test_a_later_wish_moves_what_we_tell_unless_somebody_chose_it(self):
        self._purchase(34, day(3))
        with Form(self._open_tell(self._sale(34).order_id)) as form:
            with form.line_ids.edit(0) as line:
                line.wanted_on = self._day(9)
                self.assertEqual(line.told_on, self._day(9))
                line.told_on = self._day(10)
                line.wanted_on = self._day(8)
                self.assertEqual(line.told_on, self._day(10))

    def test_nobody_keeps_wishes_for_other_peoples_orders(self):
        stranger = self._salesperson("wish-stranger")
        order = self._sale(34).order_id
        order.user_id = self.care
        line = {"sale_line_id": order.order_line.id, "wanted_on": self._day(5)}
        forged = (
            self.env["supply.promise.tell"]
            .with_user(stranger)
            .create({"order_id": order.id, "line_ids": [Command.create(line)]})
        )
        for act in (forged.action_keep_wanted, forged.action_tell):
            with self.assertRaises(AccessError):
                act()
        self.assertFalse(order.order_line.wanted_on)

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
