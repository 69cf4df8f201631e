from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestUrgencyEscapes(UrgencyCommon):
    """What people try to get more urgency than they have, or see more than theirs."""

    def _ration(self, quota=1):
        self.urgent.quota = quota

    def test_defaults_in_the_context_take_from_the_quota(self):
        self._ration()
        self._urgent_sale()
        forged = {
            "default_urgency_level_id": self.urgent.id,
            "default_urgency_reason": "Mine",
            "default_urgency_user_id": self.admin.id,
            "default_urgency_asked_level_id": False,
        }
        env = self.env(user=self.care, context=forged)
        order = env["sale.order"].create({"partner_id": self.customer.id})
        self.assertFalse(order.is_urgent)

    def test_import_and_copies_take_from_the_quota(self):
        self._ration()
        order = self._urgent_sale()
        self.assertTrue(order.is_urgent)
        self.assertFalse(order.copy().is_urgent)
        result = self.env(user=self.care)["sale.order"].load(
            ["partner_id/.id", "urgency_level_id/.id", "urgency_reason"],
            [[str(self.customer.id), str(self.urgent.id), "Now"]],
        )
        self.assertFalse(self.env["sale.order"].browse(result["ids"]).is_urgent)

    def test_a_link_that_is_cut_takes_its_urgency_along(self):
        lead = self.env(user=self.care)["crm.lead"].create(
            {"name": "L", "type": "opportunity", **self._urgency()}
        )
        order = self._sale(opportunity_id=lead.id)
        self.assertTrue(order.is_urgent)
        order.opportunity_id = False
        self.assertFalse(order.is_urgent)

    def test_wizards_of_others_and_nonsense(self):
        order = self._sale()
        wizard = self.env(user=self.care)["urgency.change"].create(
            {"res_model": "sale.order", "res_id": order.id}
        )
        for method in ("read", "action_confirm"):
            with (
                self.subTest(method=method),
                self.assertRaises(AccessError),
                mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"),
            ):
                getattr(wizard.with_user(self.seller), method)()
        for model, res_id in (
            ("res.users", self.admin.id),
            ("purchase.order", 2**40),
            ("sale.order", 0),
            ("nonsense", 1),
        ):
            with (
                self.subTest(model=model),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                env = self.env(user=self.care)
                env["urgency.change"].create({"res_model": model, "res_id": res_id})
        for ids in ([2**40], [True], ["1"], {"a": 1}, [-5]):
            answer = self.env(user=self.care)["urgency.answer"].create(
                {"answer": "accept", "res_model": "sale.order", "res_ids": ids}
            )
            with (
                self.subTest(ids=ids),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                answer.action_confirm()

    def test_customer_reason_is_no_markup(self):
        self.company.portal_urgency = True
        order = self._sale(user_id=self.care.id)
        order.sudo().state = "sent"
        day = str(date.today() + timedelta(days=3))
        bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
        self.assertIsNone(order._customer_asks_urgency(self.customer, bad, day))
        body = order.sudo().message_ids[0].body
        self.assertNotIn("<script", body)
        self.assertNotIn("<img", body)
        note = self._activities(order, self.care, "customer_wish").note
        self.assertNotIn("<img", note)
        self.assertEqual(
            order._customer_asks_urgency(self.customer, bad, day), "closed"
        )

    def test_bill_of_chain_shows_no_prices_to_sales(self):
        chief = self._user("chief", "sales_team.group_sale_manager")
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale)
        purchase.order_line.price_unit = 7654
        self._follow_supply()
        env = self.env(user=chief, context={"show_total_amount": True})
        case = env["urgency.case"].search([("sale_id", "=", sale.id)])
        self.assertEqual(case.purchase_id, purchase)
        names = [
            str(case.read()),
            str(case.web_read({"purchase_id": {"fields": {"display_name": {}}}})),
            str(
                env["urgency.case"].formatted_read_group(
                    [], ["purchase_id"], ["__count"]
                )
            ),
        ]
        for name in names:
            self.assertNotIn("7,654", name)
            self.assertNotIn("15,308", name)
        with self.assertRaises(AccessError):
            case.web_read({"purchase_id": {"fields": {"amount_total": {}}}})
        with self.assertRaises(AccessError):
            env["urgency.case"].search([("purchase_id.amount_total", ">", 5)])
