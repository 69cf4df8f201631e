from odoo.fields import Command
from odoo.tests import tagged

from .common import TimelineCommon


@tagged("post_install", "-at_install")
class TestSources(TimelineCommon):
    """What else is told besides orders and transfers, and by which ways it comes."""

    def test_import_is_told(self):
        result = self.env["sale.order"].load(
            ["partner_id/.id", "client_order_ref"], [[str(self.customer.id), "4711"]]
        )
        self.assertFalse(result["messages"])
        self._run()
        self.assertIn("sale.quoted", self._kinds(sale_id=result["ids"][0]))
        self.assertFalse(self._verify())

    def test_row_that_is_inserted_confirmed_was_a_quotation(self):
        """Chains join up for what comes from elsewhere, too."""
        order = self._sale(confirm=False)
        copy = order.copy({"state": "sale"})
        self._run()
        self.assertEqual(
            self._kinds(("kind", "=like", "sale.%"), sale_id=copy.id)[:2],
            ["sale.quoted", "sale.confirmed"],
        )
        self.assertFalse(self._verify())

    def test_question_is_told_with_whom_it_asks(self):
        order = self._sale(confirm=False)
        question = self.env["supply.question"]._ask(order, "purchase", "When?")
        self._run()
        event = self._events(sale_id=order.id, kind="question.open")
        self.assertEqual(event.department, "purchase")
        self.assertNotIn("When?", str(event.parameters))
        question.action_withdraw()
        self._run()
        self.assertIn("question.withdrawn", self._kinds(sale_id=order.id))
        self.assertFalse(self._verify())

    def test_approval_is_told_in_the_case(self):
        approver = self.env["res.users"].create(
            {
                "name": "Dung",
                "login": "dung",
                "group_ids": [
                    Command.link(self.env.ref("purchase.group_purchase_manager").id)
                ],
            }
        )
        self.env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": self.env["ir.model"]._get("purchase.order").id,
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Manager",
                            "user_ids": [Command.set(approver.ids)],
                        }
                    )
                ],
            }
        )
        order = self._sale()
        self._run()
        purchase = self._bought_for(order).order_id
        purchase.button_confirm()
        self._run()
        event = self._events(sale_id=order.id, kind="approval.submitted")
        self.assertEqual(event.purchase_id, purchase.id)
        waiting = self.env["timeline.span"].search([("sale_id", "=", order.id)])
        self.assertIn("approval", waiting.mapped("department"))
        self.assertFalse(self._verify())

    def test_date_that_is_moved_is_told(self):
        order = self._sale()
        self._run()
        purchase = self._bought_for(order).order_id
        purchase.button_confirm()
        self.env.flush_all()
        purchase.order_line.date_planned = "2030-01-31 12:00:00"
        self._run()
        self.assertEqual(
            self._kinds(sale_id=order.id, kind="purchase.date").count("purchase.date"),
            2,
        )
        self.assertFalse(self._verify())
