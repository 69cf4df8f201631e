from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.approval_matrix.level_colors import get_colors

from .common import UrgentOrdersCommon


@tagged("post_install", "-at_install")
class TestUrgentApproval(UrgentOrdersCommon):
    """Urgency as a condition of rules, and who reads what of urgent orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director.notification_type = "inbox"
        cls.rule = cls._rule(cls.manager, cls.director)

    def _rule_of(self, order):
        return order.sudo().approval_process_id.rule_id

    def _budget(self):
        """Open a budget of 10,000 for what is bought."""
        category = self.env["product.category"].create({"name": "Beds"})
        self.product.categ_id = category
        year = date.today().year
        line = {"category_id": category.id, "amount": 10000, "control": "escalate"}
        budget = self.env["spend.budget"].create(
            {
                "name": "Wards",
                "company_id": self.company.id,
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
                "line_ids": [Command.create(line)],
            }
        )
        budget.action_open()

    def test_condition_met_after_confirmation(self):
        self.rule.domain = "[('urgency_level_id.is_urgent', '=', True)]"
        order = self._submitted()
        self.assertEqual(order.state, "purchase")
        order.write({"urgency_level_id": self.urgent.id, "urgency_reason": "Now"})
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_state, "open")

    def test_urgency_never_skips_the_budget(self):
        self._budget()
        over = self._rule(
            self.director, sequence=1, domain="[('budget_state', '=', 'over')]"
        )
        order = self._submitted(
            price=12000, urgency_level_id=self.critical.id, urgency_reason="Monday"
        )
        self.assertEqual(self._rule_of(order), over)

    def _told(self, level):
        """Return what the manager is told of an order of a level: where the counter
        leads, in the e-mail, and on its page."""
        self.manager.notification_type = "email"
        order = self._submitted(
            urgency_level_id=level.id,
            urgency_reason="Monday",
            needed_by=fields.Datetime.now() + timedelta(days=30),
        )
        task = order.sudo().approval_process_id.task_ids[:1]
        task = task.with_user(self.manager).sudo(False)
        inbox = self.env(user=self.manager)["approval.task"].get_inbox()
        (entry,) = (each for each in inbox["tasks"] if each["id"] == task.id)
        letter = self.env["approval.letter"]._write_to_holders(task)[task.id]
        mail = self.env["ir.qweb"]._render("approval_matrix.letter", {"letter": letter})
        page = self.env["ir.qweb"]._render(
            "approval_matrix.card_marks", {"card": task.card}
        )
        return entry["level"], str(mail), str(page)

    def test_each_level_has_its_own_colour_wherever_it_is_told(self):
        for level in (self.urgent, self.critical):
            with self.subTest(level.name):
                told, mail, page = self._told(level)
                self.assertEqual(list(told), [level.name, level.color])
                background, letters = get_colors(level.color)
                self.assertIn(f'bgcolor="{background}"', mail)
                self.assertIn(f"color: {letters};", mail)
                self.assertIn(f'class="level level-{level.color}"', page)
        self.assertNotEqual(self.urgent.color, self.critical.color)

    def test_level_is_told_once_where_it_has_its_colour(self):
        """Beside what a request is about stands its level, which is no part of it."""
        order = self._submitted(
            urgency_level_id=self.critical.id,
            urgency_reason="Monday",
            needed_by=fields.Datetime.now() + timedelta(days=30),
        )
        process = order.sudo().approval_process_id
        needed = order._approval_about()[-1]
        vendor, level = self.vendor.display_name, self.critical.name
        self.assertEqual(process.about, f"{vendor} · {level} · {needed}")
        task = process.task_ids[:1].with_user(self.manager).sudo(False)
        self.assertEqual(task.about, f"{vendor} · {needed}")
        tasks = self.env["approval.task"].with_user(self.manager)
        (entry,) = tasks.get_inbox()["tasks"]
        self.assertEqual(entry["about"], f"{vendor} · {needed}")
        letter = self.env["approval.letter"]._write_to_holders(task)[task.id]
        self.assertEqual(letter.about, f"{vendor} · {needed}")
        self.assertNotIn(level, [value for _label, value in letter.facts])
        self.assertEqual(letter.brief.count(level), 1)
        notice = self.env["ir.qweb"]._render(
            "approval_matrix.letter_notice", {"letter": letter}
        )
        self.assertEqual(str(notice).count(level), 1)

    def test_level_that_was_another_is_still_read(self):
        """What was asked for is told as it was, beside the level of today."""
        order = self._submitted(urgency_level_id=self.urgent.id, urgency_reason="Now")
        task = order.sudo().approval_process_id.task_ids[:1]
        order.urgency_level_id = self.critical
        task.process_id._system_write({"about_words": {"en_US": "Vendor · Urgent"}})
        task.invalidate_recordset()
        self.assertEqual(task.about, "Vendor · Urgent")

    def test_levels_cost_the_counter_one_query(self):
        """In the language of the reader, and of what is there still."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.urgent.with_context(lang="vi_VN").name = "Gấp lắm"
        orders = self._submitted(urgency_level_id=self.urgent.id, urgency_reason="Now")
        orders |= self._submitted(
            urgency_level_id=self.critical.id, urgency_reason="Now"
        )
        plain = self._order()
        tasks = orders.sudo().approval_process_id.task_ids
        self.assertEqual(set(tasks.mapped("is_urgent")), {True})
        tasks = tasks.with_context(lang="vi_VN")
        gone = max(orders.ids) + 10**6
        ids = [*orders.ids, plain.id, gone]
        tasks.mapped("process_id.res_model")
        with self.assertQueryCount(1):
            told = self.env["approval.card"]._read_levels(tasks)
        by_order = {process.res_id: level for process, level in told.items()}
        for order in orders.with_context(lang="vi_VN"):
            self.assertEqual(by_order[order.id], order._approval_level())
        self.assertEqual(by_order[orders[0].id][0], "Gấp lắm")
        found = self.env["purchase.order"]._approval_find_levels(ids)
        self.assertNotIn(gone, found)
        self.assertEqual(found[plain.id], plain._approval_level())

    def test_approvers_are_warned_of_goods_that_come_too_late(self):
        needed = fields.Datetime.now() + timedelta(days=3)
        order = self._submitted(needed_by=needed)
        order.order_line.date_planned = needed + timedelta(hours=-1)
        late = self._submitted(needed_by=needed)
        late.order_line.date_planned = needed + timedelta(days=2)
        self.assertEqual(order._approval_warnings()[order], [])
        ((mark, _text),) = late._approval_warnings()[late]
        self.assertRegex(mark, r"arrives too late: [\d/]+")

    def test_sales_do_not_read_totals_in_names_of_purchase_orders(self):
        chief = self._user("chief", "sales_team.group_sale_manager")
        order = self._order(
            price=1234,
            urgency_level_id=self.urgent.id,
            urgency_reason="Now",
        )
        env = self.env(user=chief, context={"show_total_amount": True})
        self.assertFalse(env["purchase.order"].has_access("read"))
        kind = order.sudo().picking_type_id
        picking = (
            self.env["stock.picking"]
            .sudo()
            .create(
                {
                    "picking_type_id": kind.id,
                    "location_id": kind.default_location_src_id.id,
                    "location_dest_id": kind.default_location_dest_id.id,
                    "urgency_purchase_id": order.id,
                }
            )
        )
        record = env["stock.picking"].browse(picking.id)
        name = record.web_read(
            {"urgency_purchase_id": {"fields": {"display_name": {}}}}
        )
        self.assertNotIn("1,234", str(name))
        self.assertNotIn("1,234", str(record.read(["urgency_purchase_id"])))

    def test_vendor_does_not_read_the_reason(self):
        portal = self._user("vendor")
        portal.write(
            {"group_ids": [Command.set(self.env.ref("base.group_portal").ids)]}
        )
        portal.partner_id.parent_id = self.vendor
        order = self._submitted()
        order.message_subscribe(self.vendor.ids)
        mine = order.with_user(portal).with_context(
            allowed_company_ids=self.company.ids
        )
        with self.assertRaises(AccessError):
            mine.read(["urgency_reason"])
