from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestCompanyDay(SpendBudgetCommon):
    """The day of an order is that of its company: for budgets and approval alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        cls.this = cls._line()
        cls.next = cls._budget(
            {"account_id": cls.clinic.id, "amount": 1000},
            date_from="2027-01-01",
            date_to="2027-12-31",
        ).line_ids

    def _rule(self):
        self.env["approval.rule"].sudo().create(
            {
                "name": "All",
                "model_id": self.env["ir.model"]._get_id("purchase.order"),
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {"name": "Keeper", "user_ids": [Command.set(self.manager.ids)]}
                    )
                ],
            }
        )

    def _approved(self, moment):
        order = self._confirmed(price=5, date_order=moment)
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "purchase")
        return order

    def test_later_on_the_same_day_is_the_same_commitment(self):
        self._rule()
        order = self._approved("2026-12-31 10:00:00")
        order.date_order = "2026-12-31 16:59:59"
        self.assertEqual(order.state, "purchase")
        self.assertBalance(self.this, committed=5)

    def test_next_day_of_the_company_is_another_order_to_approve(self):
        self._rule()
        order = self._approved("2026-12-31 10:00:00")
        order.date_order = "2026-12-31 18:00:00"
        self.assertEqual(order.state, "to approve")
        self.assertBalance(self.this)
        self.assertBalance(self.next, reserved=5)

    def test_midnight_utc_is_no_midnight(self):
        self._rule()
        order = self._approved("2026-12-30 20:00:00")
        order.date_order = "2026-12-31 03:00:00"
        self.assertEqual(order.state, "purchase")
        self.assertBalance(self.this, committed=5)

    def test_day_west_of_utc(self):
        self._rule()
        self.company.partner_id.tz = "America/Los_Angeles"
        order = self._approved("2026-12-31 20:00:00")
        order.date_order = "2027-01-01 07:59:00"
        self.assertEqual(order.state, "purchase")
        self.assertBalance(self.this, committed=5)

    def test_time_zone_of_whoever_looks_does_not_matter(self):
        self.buyer.tz = "America/Los_Angeles"
        order = self._order(price=5, date_order="2026-12-31 18:00:00")
        order = order.with_context(tz="Pacific/Honolulu")
        order.button_confirm()
        self.assertBalance(self.next, committed=5)
        facts = dict(order._approval_facts())
        self.assertIn("01/01/2027", facts[self.env._("Order Date")])

    @freeze_time("2026-12-31 18:00:00")
    def test_order_out_of_every_budget_counts_on_the_company_s_today(self):
        self._confirmed(price=5, date_order="2031-01-01 08:00:00")
        self.assertBalance(self.next, committed=5)

    def test_time_zone_of_the_working_time_is_the_next_best(self):
        self.company.partner_id.tz = False
        self.company.resource_calendar_id.tz = "Asia/Ho_Chi_Minh"
        self._confirmed(price=5, date_order="2026-12-31 18:00:00")
        self.assertBalance(self.next, committed=5)
