from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalReading(PurchaseApprovalCommon):
    """Approvers without any right to purchases read what they are asked about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._user("employee")
        cls.colleague = cls._user("colleague")
        cls._rule(cls.employee, cls.colleague)
        cls.other = cls._order()
        cls.order = cls._submitted()

    def _as(self, user, order=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (order or self.order).with_user(user)

    def _assert_hidden(self, order):
        with self.assertRaises(AccessError):
            order.read(["name"])
        with self.assertRaises(AccessError):
            order.sudo(False).order_line.read(["price_unit"])

    def test_the_approver_reads_the_order_and_its_lines(self):
        order = self._as(self.employee)
        self.assertEqual(order.read(["name"])[0]["name"], self.order.sudo().name)
        self.assertEqual(order.order_line.read(["price_unit"])[0]["price_unit"], 9000)

    def test_the_approver_finds_that_order_only(self):
        found = self._as(self.employee).search([])
        self.assertEqual(found.ids, self.order.ids)
        groups = found._read_group([], aggregates=["id:recordset"])
        self.assertEqual(groups[0][0].ids, self.order.ids)
        lines = self.env["purchase.order.line"].with_user(self.employee).search([])
        self.assertEqual(lines.ids, self.order.order_line.ids)

    def test_other_orders_stay_hidden(self):
        self._assert_hidden(self._as(self.employee, self.other))

    def test_whose_turn_has_not_come_reads_nothing(self):
        self._assert_hidden(self._as(self.colleague))
        with self.assertRaises(AccessError):
            self.env["purchase.order"].with_user(self.colleague).search([])

    def test_reading_ends_with_the_decision(self):
        self._as(self.employee).action_approve()
        self._assert_hidden(self._as(self.employee))
        self.assertTrue(self._as(self.colleague).read(["name"]))

    def test_reading_ends_when_the_request_is_withdrawn(self):
        self._as(self.buyer).action_withdraw()
        self._assert_hidden(self._as(self.employee))

    def test_reading_is_all_that_is_granted(self):
        order = self._as(self.employee)
        for change in (
            lambda: order.write({"note": "mine"}),
            lambda: order.order_line.write({"price_unit": 1}),
            order.unlink,
            lambda: order.copy(),
            order.button_cancel,
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_rule_that_hides_the_order_does_not_hide_it_from_its_approver(self):
        self.employee.group_ids += self.env.ref("purchase.group_purchase_user")
        self.env["ir.rule"].create(
            {
                "name": "Own orders",
                "model_id": self.env["ir.model"]._get("purchase.order").id,
                "domain_force": "[('user_id', '=', user.id)]",
            }
        )
        order = self._as(self.employee)
        self.assertTrue(order.read(["name"]))
        self.assertEqual(order.search([]).ids, self.order.ids)
        with self.assertRaises(AccessError):
            self._as(self.employee, self.other).read(["name"])

    def test_another_active_company_does_not_hide_it(self):
        branch = self.env["res.company"].create({"name": "Elsewhere"})
        self.employee.company_ids += branch
        order = self._as(self.employee).with_context(allowed_company_ids=branch.ids)
        self.assertTrue(order.read(["name"]))

    def test_whoever_left_the_company_reads_nothing(self):
        branch = self.env["res.company"].create({"name": "Elsewhere"})
        self.employee.write(
            {"company_ids": [Command.set(branch.ids)], "company_id": branch.id}
        )
        self._assert_hidden(self._as(self.employee))

    def test_the_form_for_approvers_opens(self):
        task = self.order.sudo().approval_process_id.task_ids.filtered(
            lambda task: task.user_id == self.employee
        )
        action = task.with_user(self.employee).action_open_document()
        with Form(
            self._as(self.employee),
            view=self.env["ir.ui.view"].browse(action["views"][0][0]),
        ) as form:
            self.assertEqual(form.partner_id, self.vendor)
            self.assertEqual(len(form.order_line), 1)

    def test_the_to_do_of_such_an_approver_is_on_the_order(self):
        self.assertEqual(self.order.sudo().activity_ids.user_id, self.employee)

    def test_attachments_of_the_order_are_read_too(self):
        quote = self.env["ir.attachment"].create(
            {
                "name": "quote.txt",
                "raw": b"9,000 each",
                "res_model": "purchase.order",
                "res_id": self.order.id,
            }
        )
        quote = self._as(self.employee, quote)
        self.assertEqual(quote.raw, b"9,000 each")

    def test_attachments_of_other_orders_are_not_found(self):
        quotes = self.env["ir.attachment"].create(
            [
                {
                    "name": "quote.txt",
                    "raw": b"9,000 each",
                    "res_model": "purchase.order",
                    "res_id": order.id,
                }
                for order in (self.order, self.other)
            ]
        )
        found = self._as(self.employee, quotes).search(
            [("res_model", "=", "purchase.order")]
        )
        self.assertEqual(found, quotes[0])

    def test_messages_of_that_order_only_are_found(self):
        for order in (self.order, self.other):
            order.sudo().message_post(body="9,000 each")
        messages = self.env["mail.message"].with_user(self.employee)
        found = messages.search([("model", "=", "purchase.order")])
        self.assertEqual(set(found.mapped("res_id")), set(self.order.ids))
        self._as(self.employee).action_approve()
        found = messages.search(
            [
                ("model", "=", "purchase.order"),
                ("author_id", "!=", self.employee.partner_id.id),
            ]
        )
        self.assertFalse(found)

    def test_nobody_follows_what_they_read_for_a_while(self):
        self._as(self.employee).message_subscribe(self.employee.partner_id.ids)
        self.assertNotIn(self.employee.partner_id, self.order.message_partner_ids)
        self._as(self.director).message_subscribe(self.director.partner_id.ids)
        self.order.invalidate_recordset()
        self.assertIn(self.director.partner_id, self.order.message_partner_ids)

    def test_no_token_opens_the_order_after_the_decision(self):
        self.order.sudo()._portal_ensure_token()
        order = self._as(self.employee)
        for read in (
            lambda: order.read(["access_token"]),
            lambda: order.search([("access_token", "=like", "a%")]),
            order.get_portal_url,
        ):
            with self.assertRaises(AccessError):
                read()
        self.assertTrue(self._as(self.buyer).get_portal_url())

    def test_questions_about_other_orders_find_nothing(self):
        orders = self._as(self.employee).with_context(
            active_test=False, bypass_access=True, allowed_company_ids=[]
        )
        self.other.order_line.price_unit = 777
        for records, path in (
            (orders, "order_line.price_unit"),
            (orders.order_line, "order_id.order_line.price_unit"),
            (orders.order_line, "partner_id.purchase_line_ids.price_unit"),
            (orders.partner_id, "purchase_line_ids.price_unit"),
        ):
            with self.subTest(model=records._name, path=path):
                self.assertFalse(records.search([(path, "=", 777)]))
        self.assertEqual(orders.name_search(), orders.name_search(orders.name))
        groups = orders.formatted_read_group([], [], ["amount_total:sum"])
        self.assertEqual(groups[0]["amount_total:sum"], 9000)
        both = orders | self.other.with_user(self.employee)
        self.assertEqual(both._filtered_access("read"), orders)
        with self.assertRaises(AccessError):
            self.env["purchase.report"].with_user(self.employee).search([])

    def test_customers_and_vendors_read_nothing(self):
        portal = self._user("vendor")
        portal.group_ids = self.env.ref("base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            self._assert_hidden(self._as(user))
