from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import UrgencyCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestConfirmation(UrgencyCommon):
    """Ten wheelchairs come in two days, ten in nine; one order waits for the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.other = cls._user("other", "sales_team.group_sale_salesman")
        cls._buy_kept(cls.now + 2 * DAY, cls.now + 9 * DAY)
        cls.early = cls._sale(
            10,
            product=cls.kept,
            user_id=cls.other.id,
            commitment_date=cls.now + 3 * DAY,
        )
        cls.early.sudo().action_confirm()
        cls.quotation = cls._quotation()

    @classmethod
    def _quotation(cls, days=4, **values):
        return cls._urgent_sale(
            **{
                "quantity": 10,
                "product": cls.kept,
                "commitment_date": cls.now + days * DAY,
                **values,
            }
        )

    def _wizard(self, order=None, user=None):
        action = (order or self.quotation).action_confirm_urgent()
        self.assertEqual(action["res_model"], "urgency.confirmation")
        wizard = self.env(user=user or self.care)["urgency.confirmation"]
        return Form(wizard.with_context(**action["context"]))

    def _told(self):
        return self.env["urgency.displacement"].search([])

    def test_who_becomes_late_is_listed_first(self):
        html = self._wizard().displaced_html
        self.assertIn(self.early.name, html)
        self.assertIn(self.customer.name, html)
        self.assertIn("Other", html)
        self.assertIn("6", html)
        self.assertEqual(self.quotation.state, "draft")
        self.assertFalse(self._told())

    def test_wizard_confirms_and_owners_are_told_once(self):
        answer = self._wizard().save().action_confirm()
        self.assertEqual(answer["type"], "ir.actions.act_window_close")
        self.assertEqual(self.quotation.state, "sale")
        self.assertEqual(self._told().document_name, self.early.name)
        self.assertEqual(self._told().delay_days, 6)
        self.assertEqual(len(self._activities(self.early, self.other, "displaced")), 1)

    def test_orders_of_others_are_counted_and_not_shown(self):
        user = self._user("own", "sales_team.group_sale_salesman")
        order = self._quotation(user=user, user_id=user.id)
        action = order.action_confirm_urgent()
        wizard = self.env(user=user)["urgency.confirmation"]
        html = Form(wizard.with_context(**action["context"])).displaced_html
        self.assertIn("1 of them are not listed", " ".join(html.split()))
        self.assertNotIn(self.early.name, html)
        self.assertNotIn(self.customer.name, html)

    def test_free_goods_that_others_wait_for(self):
        product = self._product("Drip stand")
        waiting = self._sale(10, product=product, user_id=self.other.id, confirm=True)
        self._count(10, product)
        self._wizard(self._quotation(product=product)).save().action_confirm()
        self.assertEqual(self._told().document_name, waiting.name)
        self.assertTrue(self._activities(waiting, self.other, "displaced"))

    def test_sent_quotation_is_asked_about_too(self):
        self.quotation.sudo().action_quotation_sent()
        self.assertIn(self.early.name, self._wizard().displaced_html)

    def test_nobody_displaced_confirms_at_once(self):
        for order in (self._quotation(days=0), self._sale(product=self.kept)):
            self.assertIs(order.action_confirm_urgent(), True)
            self.assertEqual(order.state, "sale")
        self.assertFalse(self._told())

    def test_goods_bought_for_the_order_take_nothing(self):
        self._sale(10, product=self.product, confirm=True)
        order = self._quotation(product=self.product)
        self.assertIs(order.action_confirm_urgent(), True)

    def test_services_take_nothing(self):
        service = self.env["product.product"].create(
            {"name": "Assembly", "type": "service"}
        )
        order = self._quotation(product=service)
        self.assertIs(order.action_confirm_urgent(), True)

    def test_delivery_in_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        self.assertIn(self.early.name, self._wizard().displaced_html)

    def test_units_of_the_line_count(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._quotation(
            order_line=[
                Command.create(
                    {
                        "product_id": self.kept.id,
                        "product_uom_qty": 1,
                        "product_uom_id": dozen.id,
                    }
                )
            ]
        )
        ((demand,),) = order.order_line._get_planned_demands().values()
        self.assertEqual(demand.quantity, 12)

    def test_same_list_as_after_the_confirmation(self):
        before = self.quotation._get_displaced_by_confirming()
        self.quotation.action_confirm()
        self.assertEqual(self.quotation._get_displaced(), before)

    def test_code_is_never_asked(self):
        second = self._quotation()
        self.assertIs((self.quotation | second).action_confirm(), True)
        self.assertEqual((self.quotation | second).mapped("state"), ["sale", "sale"])
        self.assertTrue(self._told())

    def test_form_has_the_question_for_urgent_orders_only(self):
        arch = etree.fromstring(self.env["sale.order"].get_view()["arch"])
        asking = arch.findall(".//button[@name='action_confirm_urgent']")
        plain = arch.findall(".//button[@name='action_confirm']")
        self.assertEqual((len(asking), len(plain)), (2, 2))
        for button in asking:
            self.assertIn("not is_urgent", button.get("invisible"))
        for button in plain:
            self.assertIn("is_urgent", button.get("invisible"))

    def test_confirmed_meanwhile(self):
        wizard = self._wizard().save()
        self.quotation.action_confirm()
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_orders_of_others_are_refused(self):
        with self.assertRaises(AccessError):
            self.quotation.with_user(self.other).action_confirm_urgent()
        values = {"sale_id": self.quotation.id}
        with self.assertRaises(AccessError):
            self.env(user=self.other)["urgency.confirmation"].create(values)
        wizard = self.env["urgency.confirmation"].create(values).with_user(self.other)
        for attempt in (wizard.action_confirm, lambda: wizard.displaced_html):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(UserError):
            self.env["urgency.confirmation"].new({})._get_order()

    def test_calm_order_costs_no_query_of_ours(self):
        order = self._sale(product=self.kept)
        order.is_urgent  # noqa: B018  as the form has read it
        order.check_access("write")
        with self.assertQueryCount(0):
            self.assertEqual(order._get_displaced_by_confirming(), [])
