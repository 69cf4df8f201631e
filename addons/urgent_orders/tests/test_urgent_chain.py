from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import UrgencyCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestUrgentChain(UrgencyCommon):
    """The chain behind each urgent order, as managers see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.seller_ids.delay = 2
        cls.boss = cls._user(
            "boss",
            "sales_team.group_sale_manager",
            "purchase.group_purchase_manager",
        )

    def _case(self, order, user=None):
        self._follow_supply()
        self.env.invalidate_all()
        name = "sale_id" if order._name == "sale.order" else "purchase_id"
        cases = self.env(user=user or self.boss)["urgency.case"]
        return cases.search([(name, "=", order.id)])

    def _state(self, order):
        case = self._case(order)
        return case.state, case.holder_kind

    def test_calm_orders_are_no_cases(self):
        self.assertFalse(self._case(self._sale(confirm=True)))
        self.assertFalse(self._case(self._order()))

    def test_case_goes_through_all_states(self):
        self._rule(self.manager)
        self.vendor.buyer_id = self.buyer
        sale = self._urgent_sale(user_id=self.care.id)
        self.assertEqual(self._state(sale), ("quotation", "sales"))
        self.assertEqual(self._case(sale).holder_id, self.care)
        sale.action_confirm()
        purchase = self._purchase(sale).with_user(self.buyer)
        self.assertEqual(self._state(sale), ("request", "buyer"))
        self.assertEqual(self._case(sale).holder_id, self.buyer)
        purchase.button_confirm()
        self.assertEqual(self._state(sale), ("approval", "approver"))
        self.assertEqual(self._case(sale).holder_id, self.manager)
        purchase.with_user(self.manager).action_approve()
        self.assertEqual(self._state(sale), ("ordered", "vendor"))
        purchase.sudo().picking_ids.button_validate()
        self.assertEqual(self._state(sale), ("received", "warehouse"))
        sale.sudo().picking_ids.button_validate()
        self.assertEqual(self._state(sale), ("delivered", False))
        self.assertFalse(self._case(sale).is_late)

    def test_without_stock_nor_purchase(self):
        sale = self._urgent_sale(product=self.kept, confirm=True)
        self.assertEqual(self._state(sale), ("missing", "buyer"))

    def test_from_stock(self):
        self._count(5)
        sale = self._urgent_sale(product=self.kept, confirm=True)
        self.assertEqual(self._state(sale), ("received", "warehouse"))
        self.assertFalse(self._case(sale).is_late)

    def test_purchase_of_its_own(self):
        order = self._order(**self._urgency())
        case = self._case(order)
        self.assertEqual((case.state, case.level_id), ("request", self.urgent))
        self.assertEqual(case.name, order.name)
        self.assertFalse(case.sale_id)

    def test_purchase_for_a_sale_is_no_case_of_its_own(self):
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale)
        self.assertEqual(self._case(purchase).sale_id, sale)

    def test_late_when_goods_come_too_late(self):
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale)
        purchase.button_confirm()
        self.assertFalse(self._case(sale).is_late)
        purchase.order_line.date_planned = self.deadline + 2 * DAY
        case = self._case(sale)
        self.assertTrue(case.is_late)
        self.assertAlmostEqual(case.slack_days, -2, 1)

    def test_late_when_approval_and_vendor_take_too_long(self):
        self._rule(self.manager)
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale)
        now = fields.Datetime.now()
        purchase.write({"date_order": now})
        purchase.order_line.date_planned = now + 4 * DAY
        purchase.button_confirm()
        self.assertFalse(self._case(sale).is_late)
        task = purchase.sudo().approval_process_id.task_ids
        task._system_write({"due_at": now + 2 * DAY})
        case = self._case(sale)
        self.assertTrue(case.is_late)
        self.assertAlmostEqual(case.slack_days, -1, 1)

    def test_late_when_the_day_is_over(self):
        sale = self._urgent_sale(needed_by=fields.Datetime.now() - DAY)
        self.assertTrue(self._case(sale).is_late)

    def test_no_deadline_is_never_late(self):
        self.assertFalse(self._case(self._urgent_sale(needed_by=False)).is_late)

    def test_furthest_behind_of_several_purchases(self):
        other = self._product("Drip stand")
        other.route_ids = [Command.set(self.product.route_ids.ids)]
        other.seller_ids.partner_id = self.env["res.partner"].create({"name": "Slow"})
        sale = self._urgent_sale(
            order_line=[
                Command.create({"product_id": product.id, "product_uom_qty": 1})
                for product in (self.product, other)
            ],
            confirm=True,
        )
        first, second = self._purchase(sale).sorted("id")
        first.button_confirm()
        self.assertEqual(self._case(sale).purchase_id, second)
        self.assertEqual(self._case(sale).state, "request")

    # where the goods come from

    def test_late_line_of_another_customer_makes_nobody_late(self):
        self.vendor.group_rfq = "all"
        first, second = self._urgent_sale(), self._urgent_sale()
        for sale in (first, second):
            bed = self._product(f"Bed {sale.name}")
            bed.route_ids = [Command.set(self.product.route_ids.ids)]
            sale.order_line.product_id = bed
            sale.action_confirm()
        purchase = self._purchase(first)
        self.assertEqual(purchase, self._purchase(second))
        purchase.button_confirm()
        late = second.sudo().order_line.supply_link_ids.purchase_line_id
        late.date_planned = self.deadline + 9 * DAY
        late.move_ids.date = self.deadline + 9 * DAY
        self.assertTrue(self._case(second).is_late)
        self.assertFalse(self._case(first).is_late)

    def test_goods_of_the_common_stock_have_a_date(self):
        arrival = fields.Datetime.now() + 3 * DAY
        self._buy_kept(arrival)
        sale = self._urgent_sale(product=self.kept, confirm=True)
        case = self._case(sale)
        self.assertEqual(case.state, "ordered")
        self.assertAlmostEqual(case.slack_days, 2, 1)

    def test_plan_in_the_past_is_no_arrival(self):
        """Of a vendor who takes seven days, planned three days ago."""
        self.product.seller_ids.delay = 7
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale)
        purchase.write({"date_order": fields.Datetime.now() - 10 * DAY})
        purchase.order_line.date_planned = fields.Datetime.now() - 3 * DAY
        case = self._case(sale)
        self.assertGreaterEqual(case.expected_on, fields.Datetime.now() + 6 * DAY)
        self.assertTrue(case.is_late)

    def test_overdue_receipt_is_no_arrival(self):
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale)
        purchase.button_confirm()
        purchase.order_line.date_planned = fields.Datetime.now() - 5 * DAY
        purchase.picking_ids.move_ids.date = fields.Datetime.now() - 5 * DAY
        self.assertGreater(self._case(sale).expected_on, fields.Datetime.now())

    def test_merged_quotations_are_not_missing(self):
        first, second = self._urgent_sale(), self._urgent_sale()
        for sale in (first, second):
            sale.action_confirm()
        (self._purchase(first) | self._purchase(second)).action_merge()
        for sale in (first, second):
            self.assertEqual(self._state(sale), ("request", "buyer"))

    # who sees what

    def test_managers_only(self):
        sale = self._urgent_sale()
        for user in (self.care, self.buyer, self.clerk):
            with self.assertRaises(AccessError):
                self._case(sale, user)

    def test_purchasing_managers_see_what_they_buy_for(self):
        quotation = self._urgent_sale()
        sale = self._urgent_sale(confirm=True)
        self.assertFalse(self._case(quotation, self.manager))
        case = self._case(sale, self.manager)
        self.assertTrue(case)
        action = case.action_open_document()
        self.assertEqual(action["res_model"], "purchase.order")
        action = self._case(sale).action_open_document()
        self.assertEqual(action["res_model"], "sale.order")

    def test_rules_of_the_orders_hold(self):
        sale = self._urgent_sale(confirm=True)
        domain = "[('user_id', '=', user.id)]"
        for model in ("sale.order", "purchase.order"):
            self.env["ir.rule"].create(
                {
                    "name": "Own",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "domain_force": domain,
                }
            )
        self.assertFalse(self._case(sale))
        sale.sudo().user_id = self.boss
        self.assertTrue(self._case(sale))

    def test_other_companies_do_not_see_it(self):
        sale = self._urgent_sale()
        other = self.env["res.company"].create({"name": "Other"})
        self.boss.write({"company_ids": [Command.set(other.ids)], "company_id": other})
        self.assertFalse(self._case(sale))

    def test_no_prices(self):
        for name, field in self.env["urgency.case"]._fields.items():
            self.assertNotEqual(field.type, "monetary", name)
            self.assertFalse({"amount", "price", "total"} & set(name.split("_")))

    def test_a_page_costs_a_handful_of_queries(self):
        for _order in range(5):
            self._urgent_sale(confirm=True)
        specification = {
            name: {"fields": {"display_name": {}}} if field.type == "many2one" else {}
            for name, field in self.env["urgency.case"]._fields.items()
            if field.type != "many2one" or name in ("partner_id", "holder_id")
        }
        cases = self.env(user=self.boss)["urgency.case"]
        cases.web_search_read([], specification, limit=80)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            cases.web_search_read([], specification, limit=80)

    def test_grouping(self):
        self._urgent_sale()
        groups = self.env(user=self.boss)["urgency.case"].formatted_read_group(
            [("state", "=", "quotation")], ["state", "is_late"], ["age_days:avg"]
        )
        self.assertTrue(groups)

    def test_of_what_is_as_late_the_most_urgent_comes_first(self):
        soon = fields.Datetime.now() + 30 * DAY
        first = self._urgent_sale(needed_by=soon)
        second = self._urgent_sale(
            needed_by=soon + DAY, urgency_level_id=self.critical.id
        )
        cases = self._case(first) | self._case(second)
        ordered = cases.search([("id", "in", cases.ids)])
        self.assertEqual(ordered.mapped("is_late"), [False, False])
        self.assertEqual(ordered.sale_id, second + first)
