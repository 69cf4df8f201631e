"""How long the approval takes of what nobody has bought yet."""

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseApproval(PromiseCommon):
    """The vendor takes a day; today is Monday noon, four hours are left of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.seller_ids.write({"delay": 1, "price": 100})
        cls.lan = cls.env["res.users"].create(
            {
                "name": "Lan",
                "login": "approval-lan",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set(cls.env.ref("purchase.group_purchase_manager").ids)
                ],
            }
        )

    def _rule(self, *steps, **values):
        """:param steps: number and limit of each"""
        return self.env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": self.env.ref("purchase.model_purchase_order").id,
                "company_id": self.company.id,
                "allow_same_person": True,
                "step_ids": [
                    Command.create(
                        {
                            "name": f"Step {place}",
                            "sequence": number,
                            "limit_hours": hours,
                            "user_ids": [Command.set(self.lan.ids)],
                        }
                    )
                    for place, (number, hours) in enumerate(steps)
                ],
                **values,
            }
        )

    def _pace(self, likely, rule=None, sample=8, kind="approval"):
        self.env["supply.pace"].create(
            {
                "kind": kind,
                "company_id": self.company.id,
                "rule_id": rule and rule.id,
                "sample": sample,
                "likely": likely,
                "safe": likely,
            }
        )

    def _assert_comes(self, number, quantity=10):
        for line in (self._quotation(quantity), self._sale(quantity)):
            self.assertEqual(self._to_number(self._look(line).answer.likely), number)

    def test_without_rules_nobody_waits_for_approval(self):
        self._pace(24)
        self._assert_comes(1)

    def test_without_a_past_the_limit_of_the_rule_counts(self):
        self._rule((1, 8))
        self._assert_comes(2)

    def test_limits_of_steps_one_after_the_other_add_up(self):
        self._rule((1, 8), (2, 8))
        self._assert_comes(3)

    def test_of_steps_at_the_same_time_the_longest_counts(self):
        self._rule((1, 8), (1, 6))
        self._assert_comes(2)

    def test_without_limits_and_past_nothing_is_known(self):
        self._rule((1, 0))
        self._assert_comes(1)

    def test_a_rule_without_limits_is_like_the_others(self):
        self._rule((1, 0))
        self._pace(16)
        self._assert_comes(3)

    def test_the_past_of_the_rule_counts_more_than_its_limits(self):
        rule = self._rule((1, 8))
        self._pace(24, rule)
        self._pace(40)
        self._assert_comes(4)

    def test_with_too_little_past_of_the_rule_its_limits_count(self):
        self._rule((1, 8))
        self._pace(40)
        self._assert_comes(2)

    def test_where_no_rule_matches_there_is_no_approval(self):
        rule = self._rule((1, 16), amount_min=5000)
        self._pace(16, rule)
        self._assert_comes(1, quantity=10)
        self._assert_comes(3, quantity=60)

    def test_the_rule_of_the_amount_counts(self):
        self._rule((1, 8), amount_max=5000)
        self._rule((1, 16), amount_min=5000)
        self._assert_comes(2, quantity=10)
        self._assert_comes(3, quantity=60)

    def test_the_minimum_quantity_counts_for_the_amount(self):
        self.product.seller_ids.min_qty = 60
        self._rule((1, 16), amount_min=5000)
        self._assert_comes(3, quantity=10)

    def test_the_condition_of_a_rule_is_asked(self):
        other = self.env["res.partner"].create({"name": "Other Vendor"})
        self._rule((1, 16), domain=f"[('partner_id', '=', {other.id})]")
        self._assert_comes(1)
        self._rule((1, 8), domain=f"[('partner_id', '=', {self.vendor.id})]")
        self._assert_comes(2)

    def test_a_condition_on_the_lines_is_asked(self):
        field, product = "order_line.product_id", self.product.id
        self._rule((1, 16), domain=f"[('{field}', '!=', {product})]")
        self._assert_comes(1)
        self._rule((1, 8), domain=f"[('{field}', '=', {product})]")
        self._assert_comes(2)

    def test_rules_of_other_companies_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self._rule((1, 16), company_id=other.id)
        self._assert_comes(1)

    def test_urgency_shortens_limits(self):
        self._rule((1, 16))
        line = self._quotation(10)
        level = self.env.ref("urgent_orders.urgency_level_critical")
        level.approval_hours = 4
        line.order_id.write({"urgency_level_id": level.id, "urgency_reason": "Ward"})
        self.assertEqual(self._to_number(self._look(line).answer.likely), 1)

    def test_a_quotation_of_a_vendor_has_the_limits_of_its_rule(self):
        self._make_to_order()
        line = self._sale(10)
        self._rule((1, 8), (2, 8))
        self.assertEqual(self._to_number(self._look(line).answer.likely), 3)

    # ------------------------------------------------------------
    # COUNTING
    # ------------------------------------------------------------

    def _count_past(self, kind):
        self.env["supply.pace"]._count_past(self.company)
        return self.env["supply.pace"].search(
            [("company_id", "=", self.company.id), ("kind", "=", kind)]
        )

    def _play_approvals(self, *hours):
        """Submit at 8 on a Monday and approve so many hours later; return the rule."""
        rule = self._rule((1, 8))
        for number in hours:
            with freeze_time(day(-7, 8)):
                order = self._purchase(1, day(20), confirm=False).order_id
                order.button_confirm()
            with freeze_time(day(-7, 8 + number)):
                order.with_user(self.lan).action_approve()
        return rule

    def test_approvals_are_counted_in_working_hours(self):
        # the ninth hour is the fourth after noon: an hour's break is none of work
        rule = self._play_approvals(1, 1, 2, 2, 3, 3, 4, 9)
        paces = self._count_past("approval")
        self.assertEqual(paces.rule_id, rule)
        for pace in paces:
            self.assertEqual(pace.sample, 8)
            self.assertAlmostEqual(pace.likely, 2.5)
            self.assertAlmostEqual(pace.safe, 3.6)
            self.assertEqual(pace.hours, [1, 1, 2, 2, 3, 3, 4, 8])

    def test_seven_approvals_are_too_few(self):
        self._play_approvals(1, 1, 1, 1, 1, 1, 1)
        self.assertFalse(self._count_past("approval"))

    def test_approvals_of_long_ago_do_not_count(self):
        self._play_approvals(*[1] * 8)
        with freeze_time(day(200)):
            self.assertFalse(self._count_past("approval"))

    def test_what_is_left_of_an_approval_follows_from_those_that_took_longer(self):
        rule = self._play_approvals(1, 1, 2, 2, 3, 3, 4, 9)
        self._count_past("approval")
        paces = self.env["supply.pace"]._read_paces(self.company)
        left = paces.approval_left(rule, 2)
        # eight at least are looked at: 1 1 2 2 3 3 4 8 less the two that are over
        self.assertAlmostEqual(left.likely, 0.5)
        self.assertAlmostEqual(left.safe, 1.6)
        self.assertEqual(left.sample, 8)

    def test_without_a_past_the_rest_of_the_limit_is_left(self):
        rule = self._rule((1, 8), (2, 8))
        paces = self.env["supply.pace"]._read_paces(self.company)
        self.assertEqual(paces.approval_left(rule, 6).likely, 10)
        self.assertEqual(paces.approval_left(rule, 20).likely, 0)

    def test_reactions_are_counted_in_working_hours(self):
        for hours in (1, 1, 2, 2, 3, 3, 4, 9):
            order = self._purchase(1, day(20), confirm=False).order_id
            with freeze_time(day(-7, 8 + hours)):
                order.button_confirm()
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE purchase_order SET create_date = %s WHERE id = %s",
                [day(-7, 8), order.id],
            )
        pace = self._count_past("reaction")
        self.assertEqual(pace.sample, 8)
        self.assertAlmostEqual(pace.likely, 2.5)
        self.assertAlmostEqual(pace.safe, 3.6)
