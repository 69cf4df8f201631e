from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import UrgencyCommon

#: Documents that carry urgency, with the views of core in which people look for them.
VIEWS = {
    "crm.lead": (
        "crm.crm_case_tree_view_oppor",
        "crm.crm_case_tree_view_leads",
        "crm.crm_case_kanban_view_leads",
        "crm.view_crm_lead_kanban",
    ),
    "sale.order": (
        "sale.view_order_tree",
        "sale.view_quotation_tree_with_onboarding",
        "sale.view_quotation_kanban_with_onboarding",
        "sale.view_sale_order_kanban",
    ),
    "purchase.order": (
        "purchase.purchase_order_tree",
        "purchase.purchase_order_kpis_tree",
        "purchase.purchase_order_view_tree",
        "purchase.view_purchase_order_kanban",
        "purchase.purchase_order_view_kanban_without_dashboard",
    ),
    "stock.picking": ("stock.vpicktree", "stock.stock_picking_kanban"),
}
#: Views of what only tells of these documents.
TOLD = ("supply_link.supply_state_view_list", "supply_link.supply_state_view_kanban")
#: The days by which something urgent must be there, as views of ours name them.
DAYS = ("needed_by", "due_on", "scheduled_date")
AUTHOR = "Cross-Department Orders contributors"
#: Odoo's own order of these comes first, and in it the most urgent.
FIRST_URGENT = (
    "purchase.purchase_order_kpis_tree",
    "purchase.purchase_order_view_tree",
    "purchase.view_purchase_order_kanban",
    "stock.vpicktree",
    "stock.stock_picking_kanban",
)


@tagged("post_install", "-at_install")
class TestOrderOnScreen(UrgencyCommon):
    """What lists, cards and forms show of how urgent something is."""

    def _arch(self, name):
        view = self.env.ref(name)
        arch = self.env[view.model].get_view(view.id, view.type)["arch"]
        return etree.fromstring(arch)

    def test_every_list_and_card_has_level_and_date(self):
        for names in (*VIEWS.values(), TOLD):
            for name in names:
                with self.subTest(name):
                    arch = self._arch(name)
                    level = arch.find(".//field[@name='urgency_level_id']")
                    self.assertEqual(level.get("widget"), "urgency_badge")
                    date = arch.find(".//field[@name='needed_by']")
                    self.assertEqual(date.get("widget"), "due_date")
                    self.assertNotEqual(date.get("optional"), "hide")

    def _own_views(self):
        """Return the lists and cards that addons of ours made of what can be urgent."""
        modules = self.env["ir.module.module"].search([("author", "=", AUTHOR)])
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("module", "in", modules.mapped("name"))]
        )
        levels = self.env["ir.model.fields"].search(
            [
                ("relation", "=", "urgency.level"),
                ("name", "in", ("level_id", "urgency_level_id")),
            ]
        )
        models = {
            model
            for model in levels.mapped("model")
            if any(name in self.env[model]._fields for name in DAYS)
        }
        return self.env["ir.ui.view"].search(
            [
                ("id", "in", data.mapped("res_id")),
                ("model", "in", sorted(models)),
                ("mode", "=", "primary"),
                ("type", "in", ("list", "kanban")),
            ]
        )

    def test_every_list_and_card_of_ours_has_level_and_date(self):
        views = self._own_views()
        found = set(views.get_external_id().values())
        self.assertLess(
            {
                "approval_matrix_purchase.purchase_order_view_list_split",
                "approval_matrix_purchase.purchase_order_view_kanban_split",
                "urgent_orders.urgency_case_view_list",
                "urgent_orders.urgency_case_view_kanban",
            },
            found,
        )
        for view in views:
            with self.subTest(view.xml_id):
                arch = self._arch(view.xml_id)
                badges = arch.xpath(".//field[@widget='urgency_badge']")
                self.assertIn(
                    [badge.get("name") for badge in badges],
                    (["level_id"], ["urgency_level_id"]),
                )
                days = [arch.find(f".//field[@name='{name}']") for name in DAYS]
                shown = [day for day in days if day is not None]
                self.assertTrue(shown)
                self.assertNotIn("hide", [day.get("optional") for day in shown])
                # it says "next week", and not on which day
                self.assertFalse(arch.xpath(".//field[@widget='remaining_days']"))

    def test_lists_that_begin_with_priority_have_the_most_urgent_first(self):
        for name in FIRST_URGENT:
            with self.subTest(name):
                order = self._arch(name).get("default_order")
                first = "priority desc, urgency_level_id desc"
                self.assertTrue(order.startswith(first))

    def test_goods_of_open_orders_have_level_and_day_of_the_order(self):
        """Storekeepers read them as well, who do not read the order."""
        sale = self._urgent_sale(self.critical, product=self.kept)
        sale.with_user(self.seller).action_confirm()
        self._follow_supply()
        states = self.env["supply.state"].with_user(self.clerk)
        state = states.search([("order_id", "=", sale.id)])
        self.assertEqual(state.urgency_level_id, self.critical)
        self.assertEqual(state.needed_by, self.deadline)

    def test_levels_sort_by_how_urgent_they_are(self):
        levels = (self.urgent, self.normal, self.critical)
        orders = self.env["purchase.order"]
        for level in levels:
            orders += self._order(urgency_level_id=level.id, urgency_reason="x")
        found = orders.search([("id", "in", orders.ids)], order="urgency_level_id desc")
        self.assertEqual(
            found.urgency_level_id.ids,
            [self.critical.id, self.urgent.id, self.normal.id],
        )

    def test_what_has_no_level_or_day_is_last(self):
        make = {
            "crm.lead": lambda **values: self.env["crm.lead"].create(
                {"name": "Beds", "type": "opportunity", **values}
            ),
            "purchase.order": self._order,
            "sale.order": self._sale,
        }
        for model, method in make.items():
            plain = method(urgency_level_id=False)
            soon, later = (
                method(**{**self._urgency(level), "needed_by": day})
                for level, day in (
                    (self.critical, self.deadline),
                    (self.urgent, self.deadline + timedelta(days=1)),
                )
            )
            ids = [plain.id, soon.id, later.id]
            for order, expected in (
                ("urgency_level_id desc, id", soon + later + plain),
                ("needed_by, urgency_level_id desc, id", soon + later + plain),
                ("needed_by desc, id", later + soon + plain),
            ):
                with self.subTest(model=model, order=order):
                    found = self.env[model].search([("id", "in", ids)], order=order)
                    self.assertEqual(found.ids, expected.ids)

    def test_most_urgent_request_is_first_in_the_inbox(self):
        self._rule(self.manager)
        orders = [
            self._submitted(urgency_level_id=level.id, urgency_reason="x")
            for level in (self.normal, self.urgent, self.critical)
        ]
        tasks = self.env["approval.task"].search(
            [("process_id", "in", [order.approval_process_id.id for order in orders])]
        )
        self.assertEqual(
            [task.document_name for task in tasks],
            [order.name for order in reversed(orders)],
        )

    def test_request_moves_in_the_inbox_with_its_order(self):
        self._rule(self.manager)
        first, second = (
            self._submitted(urgency_level_id=self.urgent.id, urgency_reason="x")
            for _number in range(2)
        )
        second.urgency_level_id = self.critical
        tasks = (first | second).sudo().approval_process_id.task_ids
        found = self.env["approval.task"].search([("id", "in", tasks.ids)])
        self.assertEqual(found[0], second.sudo().approval_process_id.task_ids)
        second.urgency_level_id = self.normal
        self.assertFalse(second.sudo().approval_process_id.is_urgent)

    def test_past_deadline_warns_on_entry(self):
        past = fields.Datetime.now() - timedelta(hours=2)
        for model in VIEWS:
            with self.subTest(model):
                answer = self.env[model].onchange(
                    {"needed_by": past}, ["needed_by"], {"needed_by": {}}
                )
                self.assertIn("has passed", answer["warning"]["message"])

    def test_coming_deadline_does_not_warn(self):
        answer = self.env["sale.order"].onchange(
            {"needed_by": self.deadline}, ["needed_by"], {"needed_by": {}}
        )
        self.assertNotIn("warning", answer)

    def test_dialog_warns_of_a_past_deadline(self):
        past = fields.Datetime.now() - timedelta(hours=2)
        sale = self._sale(confirm=True)
        answer = self.env["urgency.change"].onchange(
            {"res_model": sale._name, "res_id": sale.id, "needed_by": past},
            ["needed_by"],
            {"needed_by": {}},
        )
        self.assertIn("has passed", answer["warning"]["message"])

    def test_reason_is_required_where_the_level_asks_for_it(self):
        with Form(self.env["sale.order"].with_user(self.care)) as form:
            form.partner_id = self.customer
            form.urgency_level_id = self.urgent
            with self.assertRaisesRegex(AssertionError, "urgency_reason is a required"):
                form.save()
            form.urgency_level_id = self.normal
            form.save()

    def test_deadline_is_required_where_the_level_asks_for_it(self):
        self.critical.deadline_required = True
        with self.assertRaisesRegex(ValidationError, "say by when it is needed"):
            self._urgent_sale(self.critical, needed_by=False)
        sale = self._urgent_sale(self.critical)
        with self.assertRaisesRegex(ValidationError, "say by when it is needed"):
            sale.needed_by = False
        self.assertTrue(sale.urgency_needs_deadline)

    def test_required_deadline_stops_nothing_that_is_taken_over(self):
        sale = self._urgent_sale(self.critical, needed_by=False)
        self.critical.deadline_required = True
        sale.action_confirm()
        self.assertEqual(self._purchase(sale).urgency_level_id, self.critical)
