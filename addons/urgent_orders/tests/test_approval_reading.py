from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import UrgentOrdersCommon


@tagged("post_install", "-at_install")
class TestApprovalReading(UrgentOrdersCommon):
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
