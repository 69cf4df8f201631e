from unittest import SkipTest

from odoo import Command
from odoo.tests import tagged

from odoo.addons.supply_link.tests.kits import make_kit
from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


class StagesCommon(PromiseCommon):
    def _card(self, line, user=None):
        order = line.lead_id if line._name == "crm.lead.line" else line.order_id
        panel = self.env["supply.panel"].with_user(user or self.care)
        panel = panel.with_context(lang="en_US").get_panel(order._name, order.id)
        return next(card for card in panel["cards"] if card["id"] == line.id)

    def _rule(self, *users):
        """Let purchases be approved by these people together."""
        people = [Command.link(user.id) for user in users]
        return self.env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": self.env["ir.model"]._get("purchase.order").id,
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Step",
                            "user_ids": people,
                        }
                    )
                ],
            }
        )

    def _manager(self, login, name):
        return self.env["res.users"].create(
            {
                "name": name,
                "login": login,
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.set(self.env.ref("purchase.group_purchase_manager").ids)
                ],
            }
        )


@tagged("post_install", "-at_install")
class TestStages(StagesCommon):
    """The stages that goods of a line pass, and no others."""

    def test_where_nobody_approves_there_is_no_approval(self):
        self._make_to_order()
        line = self._sale(4)
        self.assertEqual(
            self._card(line)["stages"], ["buy", "quotation", "receipt", "delivery"]
        )
        line.supply_link_ids.purchase_id.button_confirm()
        card = self._card(line)
        self.assertEqual(card["stages"], ["buy", "quotation", "receipt", "delivery"])
        self.assertEqual(card["stage"], "receipt")

    def test_what_will_have_to_be_approved_says_so(self):
        self._make_to_order()
        line = self._sale(4)
        self._rule(self._manager("stage-lan", "Lan"))
        card = self._card(line)
        self.assertEqual(
            card["stages"], ["buy", "quotation", "approval", "receipt", "delivery"]
        )
        self.assertEqual(card["stage"], "quotation")

    def test_what_was_approved_says_so(self):
        self._make_to_order()
        line = self._sale(4)
        lan = self._manager("stage-lan", "Lan")
        self._rule(lan)
        order = line.supply_link_ids.purchase_id
        order.button_confirm()
        self.assertEqual(self._card(line)["stage"], "approval")
        order.with_user(lan).action_approve()
        card = self._card(line)
        self.assertIn("approval", card["stages"])
        self.assertEqual(card["stage"], "receipt")

    def test_what_is_not_bought_yet_will_be_approved_where_there_are_rules(self):
        line = self._sale(4)
        self.assertNotIn("approval", self._card(line)["stages"])
        self._rule(self._manager("stage-lan", "Lan"))
        self.assertIn("approval", self._card(line)["stages"])

    def test_goods_in_stock_are_only_delivered(self):
        self._count(6)
        card = self._card(self._sale(4))
        self.assertEqual(card["stages"], ["delivery"])
        self.assertEqual(card["stage"], "delivery")

    def test_what_the_vendor_sends_to_the_customer_is_not_received(self):
        route = self.env.ref(
            "stock_dropshipping.route_drop_shipping", raise_if_not_found=False
        )
        if not route:
            self.skipTest("Nothing is drop-shipped here.")
        self.env["res.company"].create_missing_dropship_picking_type()
        self.env["res.company"].create_missing_dropship_rule()
        self.product.route_ids = [Command.set(route.ids)]
        line = self._sale(4)
        order = line.purchase_line_ids.order_id
        order.button_confirm()
        card = self._card(line)
        self.assertNotIn("receipt", card["stages"])
        self.assertEqual(card["stage"], "delivery")

    def test_stages_cost_the_same_for_many_purchases(self):
        self._make_to_order()
        self._rule(self._manager("stage-lan", "Lan"))
        few, many = (
            self.env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "warehouse_id": self.warehouse.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self._bought(number).id,
                                "product_uom_qty": 1,
                            }
                        )
                        for number in numbers
                    ],
                }
            )
            for numbers in (range(2), range(2, 12))
        )
        counts = []
        for order in few, many:
            order.action_confirm()
            self._run_job()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._card(order.order_line[0])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def _bought(self, number):
        vendor = self.env["res.partner"].create({"name": f"Vendor {number}"})
        seller = Command.create({"partner_id": vendor.id, "delay": 5})
        product = self._product(f"Goods {number}", seller_ids=[seller])
        self._make_to_order(product)
        return product


@tagged("post_install", "-at_install")
class TestHolders(StagesCommon):
    """Who holds it, as one says it to whoever looks."""

    def _submitted(self, *users):
        self._make_to_order()
        self._rule(*users)
        line = self._sale(4)
        line.supply_link_ids.purchase_id.button_confirm()
        return line

    def test_somebody_else_is_called_by_name(self):
        line = self._submitted(self._manager("hold-lan", "Lan"))
        self.assertIn("waits for approval by Lan", self._card(line)["why"])

    def test_whoever_looks_is_you(self):
        lan = self._manager("hold-lan", "Lan")
        lan.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        line = self._submitted(lan, self._manager("hold-minh", "Minh"))
        self.assertIn("waits for approval by you, Minh", self._card(line, lan)["why"])
        promise = self._promise(line).with_context(lang="en_US")
        self.assertIn("by you, Minh", promise.with_user(lan).reason_text)
        self.assertIn("by Lan, Minh", promise.with_user(self.care).reason_text)

    def test_whose_account_is_closed_is_said(self):
        lan = self._manager("hold-lan", "Lan")
        line = self._submitted(lan, self._manager("hold-minh", "Minh"))
        lan.active = False
        self.assertIn("by Minh, Lan (account closed)", self._card(line)["why"])

    def test_of_many_a_few_are_named(self):
        line = self._submitted(
            *(self._manager(f"hold-{number}", f"Nr {number}") for number in range(5))
        )
        self.assertIn("by Nr 0, Nr 1, Nr 2, 2 others", self._card(line)["why"])


@tagged("post_install", "-at_install")
class TestMade(StagesCommon):
    """What we make ourselves is bought from nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.production" not in cls.env:
            raise SkipTest("nothing is made here")
        cls.make = cls.warehouse.manufacture_pull_id.route_id
        cls.frame = cls._product("Frame")
        cls.bed = cls._product("Bed", seller_ids=[])
        cls._made_of(cls.bed)

    @classmethod
    def _made_of(cls, product):
        line = Command.create({"product_id": cls.frame.id, "product_qty": 1})
        cls.env["mrp.bom"].create(
            {"product_tmpl_id": product.product_tmpl_id.id, "bom_line_ids": [line]}
        )

    def test_what_nobody_has_begun_to_make_has_no_day(self):
        for line in (
            self._sale(4, product=self.bed),
            self._quotation(4, product=self.bed),
        ):
            card = self._card(line)
            self.assertFalse(card["likely"])
            self.assertIn("We make it ourselves", card["why"])
            self.assertEqual(card["stage"], "make")
            self.assertEqual(card["stages"], ["make", "delivery"])
        self.assertEqual(self._card(self._sale(4, product=self.bed))["with"], "Nobody")

    def test_the_sentence_says_that_we_make_it(self):
        order = self._sale(4, product=self.bed).order_id
        panel = self.env["supply.panel"].with_user(self.care)
        said = panel.with_context(lang="en_US").get_panel(order._name, order.id)
        self.assertIn("nobody knows yet when", said["sentence"])
        self.assertIn("We make them ourselves", said["sentence"])

    def test_a_vendor_of_what_we_make_gives_no_day(self):
        """The vendor is for emergencies: Odoo would make it."""
        seller = Command.create({"partner_id": self.vendor.id, "delay": 2})
        self.bed.seller_ids = [seller]
        self.bed.route_ids = self.make
        self.assertEqual(self._card(self._sale(4, product=self.bed))["code"], "make")

    def test_what_is_bought_although_it_could_be_made_is_bought(self):
        seller = Command.create({"partner_id": self.vendor.id, "delay": 2})
        self.bed.seller_ids = [seller]
        self.bed.route_ids = self.warehouse.buy_pull_id.route_id
        card = self._card(self._sale(4, product=self.bed))
        self.assertEqual(card["code"], "buy")
        self.assertTrue(card["likely"])

    def _kit_of(self, *components):
        kit = self._product("Set", seller_ids=[], is_storable=False)
        make_kit(kit, dict.fromkeys(components, 2))
        return kit

    def test_components_of_a_kit_that_we_make_say_so(self):
        kit = self._kit_of(self.bed, self.frame)
        for line in (self._sale(4, product=kit), self._quotation(4, product=kit)):
            card = self._card(line)
            self.assertEqual(card["code"], "make")
            self.assertFalse(card["likely"])
        # it has no vendor, and is not made
        self.frame.seller_ids.unlink()
        self._count(99, product=self.bed)
        for line in (self._sale(4, product=kit), self._quotation(4, product=kit)):
            self.assertEqual(self._card(line)["code"], "none")

    def test_component_of_a_kit_that_is_being_made_says_so(self):
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        self.bed.route_ids = self.make | mto
        self._count(99, product=self.frame)
        line = self._sale(4, product=self._kit_of(self.bed, self.frame))
        card = self._card(line)
        self.assertEqual(card["why"], "We are making it")
        self.assertTrue(card["likely"])

    def test_each_warehouse_makes_or_buys_for_itself(self):
        """Only the one in the south makes it."""
        south = self.env["stock.warehouse"].create(
            {"name": "South", "code": "SOU", "company_id": self.company.id}
        )
        self.warehouse.manufacture_to_resupply = False
        seller = Command.create({"partner_id": self.vendor.id, "delay": 2})
        self.bed.seller_ids = [seller]
        for route in (self.make.browse(), self.make):
            self.bed.route_ids = route
            for warehouse, code in ((self.warehouse, "buy"), (south, "make")):
                line = self._quotation(4, product=self.bed)
                line.order_id.warehouse_id = warehouse
                self.assertEqual(self._card(line)["code"], code)
        both = self._quotation(4, product=self.bed) | self._quotation(
            4, product=self.bed
        )
        both[1].order_id.warehouse_id = south
        looks = self.env["supply.outlook"]._look(both)
        self.assertEqual([looks[line.id].source.code for line in both], ["buy", "make"])

    def test_route_of_the_line_goes_before_those_of_the_product(self):
        seller = Command.create({"partner_id": self.vendor.id, "delay": 2})
        self.bed.seller_ids = [seller]
        self.bed.route_ids = self.make
        line = self._quotation(4, product=self.bed)
        self.assertEqual(self._card(line)["code"], "make")
        line.route_ids = self.warehouse.buy_pull_id.route_id
        self.assertEqual(self._card(line)["code"], "buy")

    def test_what_is_being_made_for_the_order_has_its_day(self):
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        self.bed.route_ids = self.make | mto
        self._count(9, product=self.frame)
        line = self._sale(4, product=self.bed)
        order = self.env["mrp.production"].search([("product_id", "=", self.bed.id)])
        order.date_start = day(2)
        card = self._card(line)
        self.assertEqual(card["why"], "We are making it")
        self.assertEqual((card["stage"], card["with"]), ("make", "Warehouse"))
        self.assertTrue(card["likely"])
