from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.approval_matrix.fingerprint import fingerprint
from odoo.addons.approval_matrix_purchase.tests.common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalBudget(PurchaseApprovalCommon):
    """Orders over budget go to a higher level; what is blocked goes nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director.notification_type = "inbox"
        cls.owner = cls._user("owner")
        cls.category = cls.env["product.category"].create({"name": "Beds"})
        cls.product.categ_id = cls.category
        year = date.today().year
        cls.budget = cls.env["spend.budget"].create(
            {
                "name": "Wards",
                "company_id": cls.company.id,
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
                "user_id": cls.owner.id,
                "line_ids": [
                    Command.create(
                        {
                            "category_id": cls.category.id,
                            "amount": 10000,
                            "control": "escalate",
                        }
                    )
                ],
            }
        )
        cls.budget.action_open()
        cls.line = cls.budget.line_ids
        cls.over = cls._rule(
            cls.director,
            name="Over budget",
            sequence=1,
            domain="[('budget_state', '=', 'over')]",
        )
        cls.usual = cls._rule(cls.manager, name="Usual", sequence=2)

    def _rule_of(self, order):
        return order.sudo().approval_process_id.rule_id

    def test_within_budget_takes_the_usual_way(self):
        order = self._submitted(price=9000)
        self.assertEqual(order.budget_state, "within")
        self.assertEqual(self._rule_of(order), self.usual)
        self.assertEqual(self.line.reserved, 9000)

    def _links(self, order, user):
        order.invalidate_recordset()
        task = order.sudo().approval_process_id.task_ids.with_user(user).sudo(False)
        return [[way["label"] for way in link["ways"]] for link in task.card["links"]]

    def test_card_leads_readers_of_the_budget_to_what_used_it(self):
        order = self._submitted(price=9000)
        self.assertEqual(self._links(order, self.manager), [])
        self.manager.group_ids += self.env.ref("spend_budget.group_budget_user")
        self.assertEqual(self._links(order, self.manager), [["What Used It"]])

    def test_card_over_budget_leads_to_a_request_for_money(self):
        order = self._submitted(price=12000)
        self.assertEqual(self._links(order, self.director), [["Ask for Money"]])
        task = order.sudo().approval_process_id.task_ids.with_user(self.director)
        (link,) = task.sudo(False).card["links"]
        (way,) = link["ways"]
        action = (
            self.env(user=self.director)["ir.actions.server"]
            .browse(self.env.ref(way["action"]).id)
            .with_context(**way["context"])
            .run()
        )
        request = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((request.amount, request.order_id), (2000, order))

    def test_cards_of_many_orders_take_as_many_queries_as_of_two(self):
        self.director.group_ids += self.env.ref("spend_budget.group_budget_user")

        def count(number):
            orders = [self._submitted(price=11000) for _n in range(number)]
            tasks = (
                self.env["approval.task"]
                .sudo()
                .union(*(order.sudo().approval_process_id.task_ids for order in orders))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            tasks.with_user(self.director).sudo(False).mapped("card")
            return self.env.cr.sql_log_count - start

        count(2)  # what is remembered from then on
        self.assertEqual(count(2), count(20))

    def test_over_budget_goes_to_a_higher_level_and_the_owner_is_told(self):
        order = self._submitted(price=12000)
        self.assertEqual(order.budget_state, "over")
        self.assertEqual(self._rule_of(order), self.over)
        self.assertIn(
            self.owner,
            self.budget.activity_ids.user_id | order.sudo().activity_ids.user_id,
        )

    def _marks(self, order):
        return [mark for mark, _text in order._approval_warnings()[order]]

    def test_card_says_by_how_much_it_is_over_budget(self):
        order = self._submitted(price=12000)
        ((mark, sentence),) = order._approval_warnings()[order]
        self.assertEqual(mark, "over budget")
        self.assertIn(self.line.display_name, sentence)
        self.assertIn("2,000.00 short", sentence.replace("$", "").replace("\xa0", ""))

    def test_approving_many_at_once_warns_of_what_is_over_budget(self):
        self.assertEqual(self._marks(self._submitted(price=9000)), [])
        over = self._submitted(price=2000)
        self.assertEqual(over.budget_state, "over")
        self.assertEqual(self._marks(over), ["over budget"])

    def test_what_fitted_is_told_from_what_took_too_much(self):
        fitted = self._submitted(price=9000)
        over = self._submitted(price=2000)
        self.assertEqual(self._marks(fitted), ["budget used up since"])
        over.with_user(self.director).action_reject("Next year")
        self.assertEqual(self._marks(fitted), [])

    def _left(self, order):
        """Return what the card says of the budget line, in figures without signs."""
        self.director.group_ids |= self.env.ref("spend_budget.group_budget_user")
        ((link,),) = order.with_user(self.director)._approval_links().values()
        return link["about"].replace("$", "").replace("\xa0", "")

    def test_card_says_what_is_left_of_the_budget_where_it_is_enough(self):
        order = self._submitted(price=4000)
        self.assertIn("takes 4,000.00 of 10,000.00 that were left", self._left(order))
        self.assertNotIn("when submitted", self._left(order))

    def test_card_says_that_there_is_enough_again(self):
        before = self._submitted(price=9000)
        over = self._submitted(price=2000)
        self.assertEqual(self._left(over), self.line.display_name)
        before.with_user(self.manager).action_reject("Next year")
        over.invalidate_recordset()
        self.assertIn("takes 2,000.00 of 10,000.00 that were left", self._left(over))
        self.assertIn("not enough when submitted", self._left(over))
        self.assertIn("there is enough now", dict(over._approval_facts())["Budget"])

    def test_approving_many_at_once_warns_of_what_was_only_warned_of(self):
        self.line.control = "warn"
        warned = self._submitted(price=12000)
        self.assertEqual(warned.budget_state, "warned")
        self.assertEqual(self._marks(warned), ["over budget"])

    def _refused_change(self):
        """Approve 9000, refuse more, and let others take the money."""
        order = self._submitted(price=9000)
        order.with_user(self.manager).action_approve()
        order.order_line.price_unit = 9500
        order.with_user(self.manager).action_reject("No")
        self._submitted(price=5000)
        return order

    def test_approved_terms_that_are_over_budget_by_now_are_asked_again(self):
        order = self._refused_change()
        order.order_line.price_unit = 9000
        self.assertEqual(order.state, "draft")
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._rule_of(order), self.over)

    def test_approved_terms_that_are_blocked_by_now_stay_a_quotation(self):
        order = self._refused_change()
        self.line.control = "block"
        order.order_line.price_unit = 9000
        self.assertEqual(order.state, "draft")
        self.assertEqual(self.line.committed, 0)

    def test_approved_terms_within_the_budget_are_approved_again(self):
        order = self._submitted(price=9000)
        order.with_user(self.manager).action_approve()
        order.order_line.price_unit = 9500
        order.with_user(self.manager).action_reject("No")
        order.order_line.price_unit = 9000
        self.assertEqual(order.state, "purchase")
        self.assertEqual(self.line.committed, 9000)

    def test_the_department_is_restored_with_the_other_terms(self):
        department = self.env["hr.department"].create({"name": "Wards"})
        order = self._submitted(price=9000, department_id=department.id)
        order.with_user(self.manager).action_approve()
        order.department_id = self.env["hr.department"].create({"name": "Other"})
        self.assertEqual(order.state, "to approve")
        order.action_restore_terms()
        self.assertEqual(order.department_id, department)
        self.assertEqual(order.state, "purchase")

    def test_the_state_written_by_hand_takes_the_higher_level_too(self):
        order = self._order(price=12000)
        order.write({"state": "to approve"})
        self.assertEqual(self._rule_of(order), self.over)

    def test_an_order_created_in_that_state_takes_the_higher_level_too(self):
        order = self._order(price=12000, state="to approve")
        self.assertEqual(self._rule_of(order), self.over)

    def test_two_orders_confirmed_together_are_over_together(self):
        orders = self._order(price=6000) | self._order(price=6000)
        orders.button_confirm()
        self.assertEqual(self.line.reserved, 12000)
        self.assertIn(self.over, (self._rule_of(orders[0]) | self._rule_of(orders[1])))

    def test_a_line_made_dearer_while_waiting_is_submitted_again_to_the_higher_level(
        self,
    ):
        order = self._submitted(price=9000)
        order.order_line.price_unit = 12000
        self.assertEqual(self._rule_of(order), self.over)
        self.assertEqual(self.line.reserved, 12000)

    def test_approval_commits_what_was_reserved(self):
        order = self._submitted(price=9000)
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "purchase")
        self.assertEqual((self.line.reserved, self.line.committed), (0, 9000))

    def test_rejection_and_withdrawal_release(self):
        order = self._submitted(price=9000)
        order.with_user(self.manager).action_reject("Too dear")
        self.assertEqual(self.line.reserved, 0)
        order.button_confirm()
        self.assertEqual(self.line.reserved, 9000)
        order.action_withdraw()
        self.assertEqual(self.line.reserved, 0)

    def test_blocked_orders_are_refused_with_the_figures_and_stay_quotations(self):
        self.line.control = "block"
        order = self._order(price=12000)
        with (
            self.assertRaisesRegex(UserError, "(?s)12,000.*Owner"),
            self.cr.savepoint(),
        ):
            order.button_confirm()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.sudo().approval_process_id)
        self.assertEqual(self.line.reserved, 0)

    def test_an_approved_order_made_dearer_over_a_block_is_refused(self):
        self.line.control = "block"
        order = self._submitted(price=9000)
        order.with_user(self.manager).action_approve()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.price_unit = 12000
        self.assertEqual(order.order_line.price_unit, 9000)
        self.assertEqual(self.line.committed, 9000)

    def test_an_approval_reopened_keeps_its_money_reserved(self):
        order = self._submitted(price=9000)
        order.with_user(self.manager).action_approve()
        order.order_line.price_unit = 9500
        self.assertEqual(order.state, "to approve")
        self.assertEqual((self.line.reserved, self.line.committed), (9500, 0))

    def test_approvers_read_what_the_order_takes_from_the_budget(self):
        order = self._submitted(price=12000)
        summary = order.sudo().approval_process_id.summary_html
        self.assertIn("Over budget", summary)
        self.assertIn("10,000", summary)

    def test_approval_from_before_there_were_budgets_stands(self):
        """The terms of that time had no department."""
        order = self._submitted(price=9000)
        order.with_user(self.manager).action_approve()
        process = order.sudo().approval_process_id
        terms = dict(process.terms)
        del terms["department"]
        process._system_write(
            {
                "terms": terms,
                "terms_version": {"approval_matrix_purchase": 2},
                "fingerprint": fingerprint(terms),
            }
        )
        self.assertFalse(order._approval_missing())
        order.order_line.name = "Bed, white"
        self.assertEqual(order.state, "to approve")

    def _ordered(self):
        """Return an approved order of ten, under a rule with tolerance."""
        self.usual.tolerance = 20
        order = self._submitted(price=100, quantity=10)
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 10)
        return order

    def test_tolerated_change_reaches_the_receipt(self):
        for way in ("line", "form"):
            with self.subTest(way=way):
                order = self._ordered()
                values = {"product_qty": 11}
                if way == "line":
                    order.order_line.write(values)
                else:
                    line = order.order_line.id
                    order.write({"order_line": [Command.update(line, values)]})
                self.assertEqual(order.state, "purchase")
                self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 11)

    def test_change_that_asks_again_leaves_the_receipt(self):
        order = self._ordered()
        line = order.order_line.id
        order.write({"order_line": [Command.update(line, {"product_qty": 5})]})
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 10)
        self.assertFalse(order.picking_ids.activity_ids)
