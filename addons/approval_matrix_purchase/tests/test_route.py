from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalRoute(PurchaseApprovalCommon):
    """Which orders a rule asks for, and whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director)

    def test_no_rule_confirms_at_once(self):
        self.rule.active = False
        order = self._submitted()
        self.assertEqual(order.state, "purchase")
        self.assertFalse(order.approval_state)

    def test_below_the_range_confirms_at_once(self):
        self.rule.amount_min = 10000
        self.assertEqual(self._submitted(price=9999).state, "purchase")
        self.assertEqual(self._submitted(price=10000).state, "to approve")

    def test_rule_replaces_double_validation(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 1}
        )
        order = self._approved()
        self.assertEqual(order.state, "purchase")

    def test_without_any_rule_the_database_is_asked_once(self):
        self.rule.unlink()
        order = self._order()
        queries = []
        execute = type(self.cr).execute

        def record(cursor, query, *args, **kwargs):
            queries.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.patch(type(self.cr), "execute", record)
        order.button_confirm()
        order.order_line.product_qty = 5
        order.write({"partner_ref": "V-1"})
        self.env.flush_all()
        self.assertEqual(order.state, "purchase")
        self.assertTrue(queries)
        asked = [query for query in queries if "approval_rule" in query]
        self.assertLessEqual(len(asked), 1, "at most once in a transaction")
        self.assertFalse([query for query in queries if "approval_process" in query])

    def test_order_that_waited_before_the_rule_is_decided_by_its_approver(self):
        self.rule.active = False
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 1}
        )
        order = self._submitted()
        self.assertEqual(order.state, "to approve")
        self.rule.active = True
        self.rule.step_ids[1].unlink()
        order.with_user(self.manager).button_approve()
        self.assertEqual(order.state, "purchase")
        process = order.sudo().approval_process_id
        self.assertEqual(process.requester_id, self.buyer)

    def test_approver_of_one_company_when_two_are_ticked(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.buyer.company_ids += other
        order = self._order().with_context(
            allowed_company_ids=(self.company | other).ids
        )
        order.button_confirm()
        self.assertEqual(order.sudo().activity_ids.user_id, self.manager)

    def test_forwarded_and_substituted_only_to_who_may_read_it(self):
        order = self._submitted()
        with self.assertRaisesRegex(UserError, "may not open"):
            order.with_user(self.manager).action_forward(self.care.id, "You do it")
        self.env["approval.substitute"].create(
            {
                "user_id": self.manager.id,
                "substitute_id": self.care.id,
                "date_from": "2020-01-01",
                "date_to": "2040-01-01",
            }
        )
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_requester_cannot_approve(self):
        self.rule.step_ids[0].user_ids += self.buyer
        order = self._submitted()
        self.assertEqual(order.approval_holder_ids, self.manager)
        with self.assertRaises(AccessError):
            order.action_approve()

    def test_editor_of_the_terms_cannot_approve(self):
        self.rule.step_ids[0].user_ids += self.director
        order = self._order()
        order.with_user(self.manager).order_line.price_unit = 8500
        order.button_confirm()
        self.assertEqual(order.approval_holder_ids, self.director)
        with self.assertRaises(AccessError):
            order.with_user(self.manager).action_approve()

    def test_step_without_approver_is_named(self):
        self.rule.step_ids[1].user_ids = self.buyer
        order = self._order()
        with self.assertRaisesRegex(UserError, "Step 2"):
            order.button_confirm()

    def test_running_process_keeps_its_approvers(self):
        order = self._submitted()
        self.rule.step_ids[0].user_ids = self.director
        self.rule.step_ids[1].unlink()
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.approval_holder_ids, self.director)
        self.assertEqual(order.state, "to approve")

    def test_all_of_a_step_must_approve(self):
        self.rule.step_ids[1].unlink()
        self.rule.step_ids.write(
            {"user_ids": (self.manager | self.director).ids, "quorum": "all"}
        )
        order = self._submitted()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "to approve")
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "purchase")

    def test_one_of_a_step_is_enough(self):
        self.rule.step_ids[1].unlink()
        self.rule.step_ids.user_ids = self.manager | self.director
        order = self._submitted()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "purchase")
        tasks = order.sudo().approval_process_id.task_ids
        self.assertEqual(set(tasks.mapped("state")), {"approved", "skipped"})

    def test_rule_of_parent_company_reaches_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        people = self.buyer | self.manager | self.director
        people.company_ids += branch
        order = (
            self.env(user=self.buyer)["purchase.order"]
            .with_company(branch)
            .create({"partner_id": self.vendor.id, "company_id": branch.id})
        )
        order.order_line = [(0, 0, {"product_id": self.product.id, "product_qty": 1})]
        order.button_confirm()
        self.assertEqual(order.state, "to approve")

    def test_approver_with_another_company_ticked_completes_the_order(self):
        other = self.env["res.company"].create({"name": "Other"})
        people = self.manager | self.director
        people.company_ids += other
        order = self._submitted()
        for user in people:
            order.with_user(user).with_context(
                allowed_company_ids=other.ids
            ).action_approve()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(order.picking_ids.company_id, self.company)

    def test_order_moved_to_another_company_is_asked_for_there(self):
        other = self.env["res.company"].create({"name": "Other"})
        people = self.buyer | self.director
        people.company_ids += other
        self._rule(self.director, company_id=other.id)
        order = self._submitted()
        process = order.sudo().approval_process_id
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        moved = order.with_context(allowed_company_ids=(self.company | other).ids)
        moved.write(
            {"company_id": other.id, "picking_type_id": warehouse.in_type_id.id}
        )
        self.assertEqual(process.state, "superseded")
        self.assertEqual(order.sudo().approval_process_id.company_id, other)
        self.assertEqual(order.approval_holder_ids, self.director)
