from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import BridgeCommon


@tagged("post_install", "-at_install")
class TestProductsWanted(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._user("own", "sales_team.group_sale_salesman")
        cls.other = cls._user("other", "sales_team.group_sale_salesman")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    def _lead(self, user=None, quantity=3, product=None, **values):
        return self.env["crm.lead"].create(
            {
                "name": "New ward",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "user_id": (user or self.own).id,
                "probability": 40,
                "wanted_line_ids": [
                    Command.create(
                        {
                            "product_id": (product or self.kept).id,
                            "quantity": quantity,
                            "needed_on": "2030-05-05",
                        }
                    )
                ],
                **values,
            }
        )

    def _demand(self, lead):
        self.env.flush_all()
        demand = self.env["crm.lead.demand"].with_user(self.buyer)
        return demand.search([("id", "in", lead.wanted_line_ids.ids)])

    def test_who_edits_the_lead_edits_its_lines(self):
        lead = self._lead()
        mine = lead.wanted_line_ids.with_user(self.own)
        mine.quantity = 5
        mine.copy()
        mine.unlink()
        with Form(lead.with_user(self.own)) as form:
            with form.wanted_line_ids.new() as line:
                line.product_id = self.product
        self.assertEqual(lead.wanted_line_ids[-1].product_id, self.product)

    def test_colleague_touches_nothing(self):
        lead = self._lead()
        line = lead.wanted_line_ids.with_user(self.other)
        for attempt in (
            lambda: line.read(["quantity"]),
            lambda: line.write({"quantity": 5}),
            lambda: line.unlink(),
            lambda: line.create({"lead_id": lead.id, "product_id": self.kept.id}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(line.search([("id", "=", line.id)]))

    def test_line_moves_to_no_lead_of_a_colleague(self):
        lead, mine = self._lead(self.other), self._lead()
        with self.assertRaises(AccessError):
            mine.wanted_line_ids.with_user(self.own).lead_id = lead

    def test_leader_of_sales_edits_all(self):
        line = self._lead().wanted_line_ids
        line.with_user(self.care).quantity = 7
        self.assertEqual(line.quantity, 7)

    def test_buyer_reads_and_writes_nothing(self):
        line = self._lead().wanted_line_ids.with_user(self.buyer)
        self.assertEqual(line.quantity, 3)
        for attempt in (lambda: line.write({"quantity": 5}), lambda: line.unlink()):
            with self.assertRaises(AccessError):
                attempt()

    def test_unit_must_fit_the_product(self):
        with self.assertRaises(ValidationError):
            self._lead().wanted_line_ids.product_uom_id = self.env.ref(
                "uom.product_uom_kgm"
            )

    def test_new_quotation_has_the_products(self):
        lead = self._lead(quantity=2)
        lead.wanted_line_ids.product_uom_id = self.dozen
        action = lead.with_user(self.own).action_new_quotation()
        env = self.env(user=self.own, context=action["context"])
        order = Form(env["sale.order"]).save()
        self.assertEqual(order.opportunity_id, lead)
        self.assertEqual(order.order_line.product_id, self.kept)
        self.assertEqual(order.order_line.product_uom_qty, 24)
        self.assertEqual(order.order_line.product_uom_id, self.kept.uom_id)
        self.assertEqual(order.order_line.name, self.kept.display_name)
        self.assertEqual(str(order.order_line.wanted_on), "2030-05-05")
        # what is wanted stays: a second quotation may offer the same
        self.assertEqual(lead.wanted_line_ids.quantity, 2)

    def test_opportunity_without_products_makes_an_empty_quotation(self):
        lead = self._lead(wanted_line_ids=[])
        context = lead.with_user(self.own).action_new_quotation()["context"]
        self.assertNotIn("default_order_line", context)

    def test_merge_keeps_the_lines_of_both(self):
        one, two = self._lead(quantity=3), self._lead(quantity=4)
        question = self._ask(two.wanted_line_ids, user=self.seller)
        merged = (one | two).with_user(self.own).merge_opportunity()
        self.assertEqual(sorted(merged.wanted_line_ids.mapped("quantity")), [3, 4])
        self.assertEqual(question.sudo().document_id, merged.id)
        self.assertEqual(question.sudo().state, "open")

    def test_conversion_keeps_the_lines(self):
        lead = self._lead(type="lead", partner_id=False, contact_name="Ms. Dao")
        lead.convert_opportunity(self.customer)
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.wanted_line_ids.quantity, 3)

    def test_copy_has_the_lines_too(self):
        lead = self._lead()
        self.assertEqual(lead.copy().wanted_line_ids.quantity, 3)

    def test_demand_is_weighted_by_probability_in_the_products_unit(self):
        lead = self._lead(quantity=2)
        lead.wanted_line_ids.product_uom_id = self.dozen
        demand = self._demand(lead)
        self.assertEqual(demand.quantity, 24)
        self.assertAlmostEqual(demand.weighted_quantity, 9.6)
        self.assertEqual(demand.needed_on, fields.Date.to_date("2030-05-05"))
        self.assertEqual(demand.user_id, self.own)

    def test_demand_ends_with_the_opportunity(self):
        lost, won = self._lead(), self._lead()
        lost.action_set_lost()
        won.action_set_won()
        self.assertFalse(self._demand(lost | won))

    def test_demand_shows_no_customer_and_no_amount(self):
        model = self.env["crm.lead.demand"]
        fields_shown = model.with_user(self.buyer).fields_get()
        self.assertFalse(
            [
                name
                for name, field in fields_shown.items()
                if field["type"] == "monetary"
                or field.get("relation") in ("crm.lead", "res.partner")
            ]
        )

    def test_demand_reserves_nothing(self):
        self._count(5)
        self._lead(quantity=5)
        self._follow_supply()
        self.assertEqual(self.kept.free_qty, 5)
        self.assertEqual(self.kept.virtual_available, 5)

    def test_salesperson_reads_no_demand_of_all(self):
        with self.assertRaises(AccessError):
            self.env["crm.lead.demand"].with_user(self.own).search([])
