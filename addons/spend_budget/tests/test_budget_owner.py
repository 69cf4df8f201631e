from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetOwner(SpendBudgetCommon):
    """A step asks the owners of the budget lines that pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_owner = cls._user("other")
        cls.director = cls._user("director", "purchase.group_purchase_manager")
        cls.line = cls._line(1000.0)
        cls.ward_line = cls._budget(
            {"account_id": cls.ward.id, "amount": 1000},
            name="Ward",
            user_id=cls.other_owner.id,
        ).line_ids

    def _rule(self, *more, model="purchase.order", quorum="all", **values):
        steps = [{"name": "Owner", "approver_type": "budget_owner", "quorum": quorum}]
        steps += [
            {"name": user.name, "user_ids": user.ids, "sequence": 20} for user in more
        ]
        return (
            self.env["approval.rule"]
            .sudo()
            .create(
                {
                    "name": "Budget",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "company_id": self.company.id,
                    "step_ids": [Command.create(step) for step in steps],
                    **values,
                }
            )
        )

    def _order_for(self, *accounts, user=None):
        lines = [
            {"price_unit": 10, "analytic_distribution": {str(account.id): 100}}
            for account in accounts
        ]
        order = self._order(lines=lines, user=user)
        order.button_confirm()
        return order

    def test_owner_of_the_line_that_pays_is_asked(self):
        self._rule()
        order = self._order_for(self.clinic)
        self.assertEqual(order.approval_holder_ids, self.owner)
        order.with_user(self.owner).action_approve()
        self.assertEqual(order.state, "purchase")

    def test_all_owners_are_asked_where_several_lines_pay(self):
        self._rule()
        order = self._order_for(self.clinic, self.ward)
        self.assertEqual(order.approval_holder_ids, self.owner | self.other_owner)
        order.with_user(self.owner).action_approve()
        self.assertEqual(order.state, "to approve")
        order.with_user(self.other_owner).action_approve()
        self.assertEqual(order.state, "purchase")

    def test_one_of_them_is_enough_where_the_step_says_so(self):
        self._rule(quorum="one")
        order = self._order_for(self.clinic, self.ward)
        order.with_user(self.owner).action_approve()
        self.assertEqual(order.state, "purchase")

    def test_owner_who_asks_is_told_that_somebody_else_must(self):
        self._rule()
        self.owner.group_ids += self.env.ref("purchase.group_purchase_user")
        with self.assertRaisesRegex(UserError, "Owner owns Plan: Clinic"):
            self._order_for(self.clinic, user=self.owner)

    def test_owner_who_asks_leaves_it_to_the_other_owners(self):
        self._rule()
        self.owner.group_ids += self.env.ref("purchase.group_purchase_user")
        order = self._order_for(self.clinic, self.ward, user=self.owner)
        self.assertEqual(order.approval_holder_ids, self.other_owner)

    def test_step_falls_away_where_no_line_pays_and_the_log_says_so(self):
        self._rule(self.director)
        order = self._order_for(self.training)
        self.assertEqual(order.approval_holder_ids, self.director)
        log = order.sudo().approval_process_id.log_ids[:1]
        self.assertIn("Owner", log.comment)
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "purchase")
        self.assertFalse(self._verify())

    def _verify(self):
        """Return what the verification finds of this test's requests."""
        processes = self.env["approval.process"].sudo().search([])
        return self.env["approval.verification"].sudo()._find_in_requests(processes)

    def test_rule_that_would_ask_nobody_is_refused(self):
        """It would be a way around all approvers: to name another account."""
        self._rule()
        with self.assertRaisesRegex(UserError, "would ask nobody"):
            self._order_for(self.training)

    def test_change_to_another_account_asks_its_owner(self):
        self._rule()
        order = self._order_for(self.clinic)
        order.order_line.analytic_distribution = {str(self.ward.id): 100}
        order.order_line.price_unit = 11
        self.assertEqual(order.approval_holder_ids, self.other_owner)

    def test_owner_is_the_one_of_the_moment_it_was_submitted(self):
        self._rule()
        order = self._order_for(self.clinic)
        self.line.budget_id.with_user(self.manager).user_id = self.other_owner
        self.assertEqual(order.approval_holder_ids, self.owner)

    def test_owner_without_purchasing_reads_what_she_is_asked(self):
        self._rule()
        order = self._order_for(self.clinic)
        self.assertEqual(order.with_user(self.owner).amount_untaxed, 10)

    def test_owner_of_the_money_is_asked_about_requests(self):
        self._rule(model="spend.transfer.request")
        request = (
            self.env["spend.transfer.request"]
            .with_user(self.owner)
            .create(
                {
                    "to_line_id": self.line.id,
                    "from_line_id": self.ward_line.id,
                    "amount": 5,
                    "reason": "Flood",
                }
            )
        )
        request.action_ask()
        self.assertEqual(request.approval_holder_ids, self.other_owner)
        request.with_user(self.other_owner).action_approve()
        self.assertEqual(self.line.amount, 1005)

    def test_documents_without_budget_have_no_owner(self):
        models = self.env["approval.mixin"].pool["approval.mixin"]._inherit_children
        for model in models:
            if model not in self.env or self.env[model]._abstract:
                continue
            if not self.env[model]._approval_has_budget():
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    self._rule(model=model)

    def test_without_budgets_steps_ask_those_who_make_rules(self):
        maker = self._user("maker", "approval_matrix.group_approval_manager")
        rule = self._rule()
        rule.step_ids._lose_owners()
        order = self._order_for(self.clinic)
        self.assertIn(maker, order.approval_holder_ids)
        self.assertNotIn(self.owner, order.approval_holder_ids)
        self.assertIn("owners of budgets", rule.message_ids[:1].body)

    def test_trial_says_that_it_depends_on_the_document(self):
        rule = self._rule()
        values = {"model_id": rule.model_id.id, "amount": 5}
        trial = self.env["approval.trial"].sudo().create(values)
        self.assertIn("document", str(trial.route_html))
