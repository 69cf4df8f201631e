from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.vietnamese import load_vietnamese

from .common import SpendBudgetCommon


class RequestCommon(SpendBudgetCommon):
    """The buyer's order takes 150 of a line that has 100; another has 1,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.giver_owner = cls._user("giver")
        cls.line = cls._line(100.0, control="escalate")
        cls.other = cls._budget(
            {"account_id": cls.ward.id, "amount": 1000},
            name="Reserve",
            user_id=cls.giver_owner.id,
        ).line_ids
        cls.order = cls._order(150.0)

    def _ask(self, order=None, user=None, line=None):
        """Open the request as the link in the panel does."""
        order = order or self.order
        env = self.env(user=user or self.buyer)
        context = {
            "spend_model": order._name,
            "spend_id": order.id,
            "spend_line_id": (line or self.line).id,
        }
        action = (
            env["ir.actions.server"]
            .browse(self.env.ref("spend_budget.spend_transfer_request_action_ask").id)
            .with_context(**context)
            .run()
        )
        return env[action["res_model"]].browse(action.get("res_id")), action

    def _asked(self, **values):
        request, _action = self._ask()
        request.write(
            {"from_line_id": self.other.id, "reason": "Flood", "amount": 50, **values}
        )
        request.action_ask()
        return request

    def _told(self, user):
        """Return what the user was told last."""
        message = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", "spend.transfer.request"),
                    ("notified_partner_ids", "in", user.partner_id.ids),
                ],
                order="id desc",
                limit=1,
            )
        )
        return message.body or ""

    def _amounts(self):
        self.env.invalidate_all()
        return self.line.amount, self.other.amount


@tagged("post_install", "-at_install")
class TestRequests(RequestCommon):
    def test_panel_leads_to_a_request_for_what_is_missing(self):
        request, _action = self._ask()
        self.assertEqual(request.state, "draft")
        self.assertEqual(request.amount, 50)
        self.assertEqual(request.order_id, self.order)
        self.assertEqual(request.sudo().to_line_id, self.line)

    def test_asking_again_opens_the_same_draft(self):
        first, _action = self._ask()
        self.assertEqual(self._ask()[0], first)

    def test_owner_of_the_money_is_asked_and_gives_it(self):
        request = self._asked()
        to_do = request.sudo().activity_ids
        self.assertEqual(to_do.user_id, self.giver_owner)
        request.with_user(self.giver_owner).action_accept()
        self.assertEqual(self._amounts(), (150, 950))
        self.assertEqual(request.state, "done")
        transfer = self.env["spend.transfer"].search([("request_id", "=", request.id)])
        self.assertEqual((len(transfer), transfer.user_id), (1, self.giver_owner))
        self.assertFalse(request.sudo().activity_ids)
        self.assertEqual(self.order.budget_now, "within")

    def test_asker_is_told(self):
        request = self._asked()
        request.with_user(self.giver_owner).action_accept()
        self.assertIn("transferred", self._told(self.buyer))

    def test_it_is_transferred_once(self):
        request = self._asked()
        request.with_user(self.giver_owner).action_accept()
        with self.assertRaises(UserError):
            request.with_user(self.giver_owner).action_accept()
        with self.assertRaises(UserError):
            request.with_user(self.manager).action_refuse()
        self.assertEqual(self._amounts(), (150, 950))

    def test_asker_does_not_decide(self):
        request = self._asked()
        with self.assertRaises(AccessError):
            request.action_accept()
        with self.assertRaises(AccessError):
            request.with_user(self.owner).action_accept()
        self.assertEqual(self._amounts(), (100, 1000))

    def test_owner_of_the_money_does_not_give_it_to_herself_alone(self):
        """What she asks for the line of somebody else a manager gives."""
        order = self._order(150.0)
        self.giver_owner.group_ids += self.env.ref("purchase.group_purchase_user")
        request, _action = self._ask(order, self.giver_owner)
        request.write({"from_line_id": self.other.id, "reason": "Flood"})
        request.action_ask()
        self.assertNotIn(self.giver_owner, request.sudo().activity_ids.user_id)
        with self.assertRaises(AccessError):
            request.action_accept()
        request.with_user(self.manager).action_accept()
        self.assertEqual(self._amounts(), (150, 950))

    def test_manager_goes_to_the_transfer_at_once(self):
        self.manager.group_ids += self.env.ref("purchase.group_purchase_user")
        _record, action = self._ask(user=self.manager)
        self.assertEqual(action["res_model"], "spend.transfer.wizard")
        self.assertEqual(action["context"]["default_to_line_id"], self.line.id)

    def test_refused_request_can_be_asked_again(self):
        request = self._asked()
        request.with_user(self.giver_owner).action_refuse("Not this year")
        self.assertEqual(request.state, "refused")
        self.assertIn("Not this year", self._told(self.buyer))
        request.action_take_back()
        request.amount = 40
        request.action_ask()
        request.with_user(self.giver_owner).action_accept()
        self.assertEqual(self._amounts(), (140, 960))

    def test_request_that_is_taken_back_is_decided_by_nobody(self):
        request = self._asked()
        request.action_take_back()
        self.assertFalse(request.sudo().activity_ids)
        with self.assertRaises(UserError):
            request.with_user(self.giver_owner).action_accept()

    def test_money_that_went_meanwhile_is_not_given(self):
        request = self._asked(amount=990)
        self.other.amount = 500
        with self.assertRaisesRegex(UserError, "cannot give"):
            request.with_user(self.giver_owner).action_accept()
        self.assertEqual(request.state, "waiting")
        request.action_take_back()
        request.amount = 50
        request.action_ask()
        request.with_user(self.giver_owner).action_accept()
        self.assertEqual(self._amounts(), (150, 450))

    def test_blocking_line_gives_no_more_than_is_free(self):
        self.other.control = "block"
        self._confirmed(
            lines=[
                {"price_unit": 980, "analytic_distribution": {str(self.ward.id): 100}}
            ]
        )
        request = self._asked(amount=50)
        with self.assertRaisesRegex(UserError, "cannot give"):
            request.with_user(self.giver_owner).action_accept()

    def test_closed_budget_ends_the_request_and_says_so(self):
        request = self._asked()
        self.other.budget_id.action_close()
        self.assertEqual(request.state, "cancelled")
        self.assertIn("closed", self._told(self.buyer))
        self.assertFalse(request.sudo().activity_ids)

    def test_deleted_line_ends_the_request_and_says_so(self):
        request = self._asked()
        self.other.with_user(self.manager).unlink()
        self.assertEqual(request.state, "cancelled")
        self.assertIn("deleted", self._told(self.buyer))
        self.assertTrue(request.name)

    def test_deleted_order_leaves_the_request(self):
        request = self._asked()
        self.order.sudo().button_cancel()
        self.order.sudo().unlink()
        request.with_user(self.giver_owner).action_accept()
        self.assertEqual(self._amounts(), (150, 950))

    def test_bill_leads_to_a_request_too(self):
        bill = self._bill(price=150.0, post=False)
        self.buyer.group_ids += self.env.ref("account.group_account_invoice")
        request, _action = self._ask(bill)
        self.assertEqual((request.move_id, request.amount), (bill, 50))

    def test_owner_absent_for_good_is_replaced_by_managers(self):
        self.giver_owner.sudo().active = False
        request = self._asked()
        self.assertIn(self.manager, request.sudo().activity_ids.user_id)

    def test_branch_asks_for_money_of_the_company_above(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        buyer = self._user("branch", "purchase.group_purchase_user", company=branch)
        order = (
            self.env["purchase.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": branch.id,
                    "date_order": "2026-06-15 08:00:00",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "price_unit": 150,
                                "tax_ids": [Command.clear()],
                                "analytic_distribution": {str(self.clinic.id): 100},
                            }
                        )
                    ],
                }
            )
        )
        request, _action = self._ask(order, buyer)
        request.write({"from_line_id": self.other.id, "reason": "Flood"})
        request.action_ask()
        self.assertEqual(request.company_id, self.company)
        request.with_user(self.giver_owner).action_accept()
        self.assertEqual(self._amounts(), (150, 950))

    def test_owner_reads_what_went_over_in_her_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.env["ir.module.module"]._load_module_terms(["spend_budget"], ["vi_VN"])
        self.owner.lang = "vi_VN"
        self.line._tell_owner(self.order)
        to_do = self.line.budget_id.activity_ids.filtered(
            lambda each: each.user_id == self.owner
        )
        self.assertIn("Vượt ngân sách", " ".join(to_do.mapped("summary")))

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    def _rule(self, *users, **values):
        return (
            self.env["approval.rule"]
            .sudo()
            .create(
                {
                    "name": "Money",
                    "model_id": self.env["ir.model"]._get_id("spend.transfer.request"),
                    "company_id": self.company.id,
                    "step_ids": [
                        Command.create({"name": user.name, "user_ids": user.ids})
                        for user in users
                    ],
                    **values,
                }
            )
        )

    def test_approvers_read_first_whose_money_it_is_and_why(self):
        self._rule(self._user("director"))
        request = self._asked()
        about = request.approval_process_id.about
        for text in (self.other.display_name, "Flood"):
            self.assertIn(text, about)
        self.assertNotIn(request.name, about, "the title says that")

    def test_everybody_reads_what_is_asked_for_in_their_own_language(self):
        """Its name says an amount and for what; approvers need not read the request."""
        self.env["res.lang"]._activate_lang("fr_FR")
        load_vietnamese(self.env, "spend_budget")
        director = self._user("director")
        director.lang = "vi_VN"
        self._rule(director)
        request = self._asked()
        process = request.sudo().approval_process_id
        names = {
            lang: process.with_context(lang=lang).document_name
            for lang in ("en_US", "vi_VN", "fr_FR")
        }
        self.assertEqual(names["en_US"], request.with_context(lang="en_US").name)
        self.assertEqual(names["vi_VN"], request.with_context(lang="vi_VN").name)
        self.assertIn(" for ", names["en_US"])
        self.assertNotIn(" for ", names["vi_VN"])
        task = process.task_ids.with_user(director).sudo(False)
        self.assertEqual(task.with_context(lang="vi_VN").document_name, names["vi_VN"])
        (entry,) = self.env["approval.task"].with_user(director).get_inbox()["tasks"]
        self.assertEqual(entry["document"], names["vi_VN"])
        letter = self.env["approval.letter"]._write_to_holders(task)[task.id]
        self.assertEqual(letter.title, names["vi_VN"])
        self.assertIn(names["vi_VN"], letter.subject)

    def test_what_a_program_asks_for_a_vietnamese_is_called_in_each_language(self):
        """The call of a program has no language."""
        load_vietnamese(self.env, "spend_budget")
        director = self._user("director")
        self._rule(director)
        self.buyer.lang = director.lang = "vi_VN"
        request = self._asked()
        self.assertFalse(request.env.lang)
        process = request.sudo().approval_process_id
        for lang in ("en_US", "vi_VN"):
            self.assertEqual(
                process.with_context(lang=lang).document_name,
                request.with_context(lang=lang).name,
            )

    def test_name_says_what_it_said_when_it_was_asked(self):
        """What became of the request since tells nobody more than they were asked."""
        self._rule(self._user("director"))
        request = self._asked()
        process = request.sudo().approval_process_id
        name = process.document_name
        request._system_write({"amount": 77})
        process.invalidate_recordset()
        self.assertNotEqual(request.display_name, name)
        self.assertEqual(process.document_name, name)

    def test_rule_decides_where_it_matches(self):
        director = self._user("director")
        self._rule(director)
        request = self._asked()
        self.assertEqual(request.approval_holder_ids, director)
        for user in (self.giver_owner, self.manager):
            with self.assertRaises(UserError):
                request.with_user(user).action_accept()
        request.with_user(director).action_approve()
        self.assertEqual(self._amounts(), (150, 950))
        self.assertEqual(request.state, "done")

    def test_who_would_be_asked_is_read_before_one_asks(self):
        director = self._user("director")
        self._rule(director)
        request, _action = self._ask()
        request.write({"from_line_id": self.other.id, "reason": "Flood", "amount": 50})
        route = request.action_open_submission()["params"]["route"]
        self.assertEqual([step["people"] for step in route["steps"]], [[director.name]])
        self.assertEqual(request.state, "draft")

    def test_what_is_missing_is_said_before(self):
        self._rule(self._user("director"))
        request, _action = self._ask()
        with self.assertRaisesRegex(UserError, "whose money"):
            request.action_open_submission()

    def test_where_no_rule_decides_the_owner_is_asked_at_once(self):
        request, _action = self._ask()
        request.write({"from_line_id": self.other.id, "reason": "Flood", "amount": 50})
        self.assertIs(request.action_open_submission(), True)
        self.assertEqual(request.state, "waiting")

    def test_rule_that_came_later_is_asked(self):
        request = self._asked()
        director = self._user("director")
        self._rule(director)
        request.with_user(self.giver_owner).action_accept()
        self.assertEqual(self._amounts(), (100, 1000))
        request.with_user(director).action_approve()
        self.assertEqual(self._amounts(), (150, 950))

    def test_rejected_and_withdrawn(self):
        director = self._user("director")
        self._rule(director)
        request = self._asked()
        request.action_withdraw()
        self.assertEqual(request.state, "draft")
        request.action_ask()
        request.with_user(director).action_reject("No")
        self.assertEqual(request.state, "refused")
        self.assertEqual(self._amounts(), (100, 1000))

    def test_last_approval_finds_the_money_gone(self):
        director = self._user("director")
        self._rule(director)
        request = self._asked()
        self.other.amount = 10
        with self.assertRaisesRegex(UserError, "cannot give"), self.cr.savepoint():
            request.with_user(director).action_approve()
        self.assertEqual(request.state, "waiting")
        request.with_user(director).action_reject("Gone")

    def test_closed_budget_ends_the_approval_too(self):
        director = self._user("director")
        self._rule(director)
        request = self._asked()
        self.other.budget_id.action_close()
        self.assertEqual((request.state, request.approval_state), ("cancelled",) * 2)

    # ------------------------------------------------------------
    # ATTACKS
    # ------------------------------------------------------------

    def test_nobody_writes_what_the_system_writes(self):
        request, _action = self._ask()
        request.write({"from_line_id": self.other.id, "reason": "Flood"})
        for vals in (
            {"state": "done"},
            {"state": "waiting"},
            {"requester_id": self.owner.id},
            {"order_id": False},
        ):
            request.write(vals)
            request.sudo().write(vals)
        self.assertEqual(request.state, "draft")
        self.assertEqual(request.requester_id, self.buyer)
        self.assertEqual(request.order_id, self.order)

    def test_what_was_asked_is_not_changed(self):
        request = self._asked()
        for vals in ({"amount": 900}, {"from_line_id": self.line.id}):
            with self.assertRaises(UserError):
                request.write(vals)
            with self.assertRaises(UserError):
                request.sudo().write(vals)

    def test_line_that_nobody_offers_is_not_named(self):
        hidden = self._budget(
            {"account_id": self.ward.id, "amount": 5}, is_open=False, name="Secret"
        ).line_ids
        empty = self._budget(
            {"account_id": self.training.id, "amount": 0}, name="Empty"
        ).line_ids
        request, _action = self._ask()
        for line in (hidden, empty):
            with self.assertRaises(UserError), self.cr.savepoint():
                request.from_line_id = line

    def test_figures_of_others_stay_hidden(self):
        request = self._asked()
        self.assertFalse(request.giver_available)
        self.assertNotIn("1,000", str(request.givers))
        self.assertEqual(request.with_user(self.giver_owner).giver_available, 1000)

    def test_lines_that_the_document_does_not_touch_are_not_asked_for(self):
        with self.assertRaises(UserError):
            self._ask(line=self.other)

    def test_orders_that_one_may_not_read_are_not_asked_for(self):
        for user in (self.owner, self._user("stranger")):
            with self.assertRaises(AccessError):
                self._ask(user=user)

    def test_made_by_hand_for_lines_of_others_it_is_refused(self):
        Request = self.env["spend.transfer.request"].with_user(self.buyer)
        vals = {"from_line_id": self.other.id, "amount": 5, "reason": "Mine"}
        for to in (self.line.id, False):
            with self.assertRaises(UserError):
                Request.create({**vals, "to_line_id": to})
        forged = Request.with_context(
            default_to_line_id=self.line.id,
            default_state="done",
            default_requester_id=self.owner.id,
        )
        with self.assertRaises(UserError):
            forged.create(vals)

    def test_others_neither_read_nor_decide(self):
        request = self._asked()
        stranger = self._user("stranger", "purchase.group_purchase_user")
        for method in ("action_accept", "action_refuse", "action_take_back"):
            with self.assertRaises(AccessError):
                getattr(request.with_user(stranger), method)()
        for method in ("action_take_back", "action_cancel", "unlink"):
            with self.assertRaises(UserError):
                getattr(request.with_user(self.giver_owner), method)()

    def test_amounts_that_are_none_are_refused(self):
        for amount in (0, -5, 1e18):
            request, _action = self._ask()
            request.write({"from_line_id": self.other.id, "reason": "Flood"})
            request.amount = amount
            with self.assertRaises(UserError):
                request.action_ask()


@tagged("post_install", "-at_install")
class TestPanel(RequestCommon):
    def test_who_reads_budgets_gets_a_link_to_what_used_it(self):
        for user, sees in ((self.buyer, False), (self.env.user, True)):
            impact = self.order.with_user(user).budget_impact
            self.assertEqual("What Used It" in impact, sees, user.name)
            self.assertIn("Ask for Money", impact)

    def test_nothing_is_asked_for_while_there_is_enough(self):
        self.assertNotIn("Ask for Money", self._order(50.0).budget_impact)

    def test_badge_is_true_after_others_gave_back(self):
        first = self._submitted(price=80.0)
        second = self._submitted(price=80.0)
        self.assertEqual((second.budget_state, second.budget_now), ("over", "over"))
        first.button_cancel()
        self.env.invalidate_all()
        self.assertEqual((second.budget_state, second.budget_now), ("over", "within"))
        self.assertIn("When it was submitted", second.budget_impact)

    def test_badge_is_true_after_others_took(self):
        first = self._submitted(price=80.0)
        self.assertEqual(first.budget_now, "within")
        self._submitted(price=80.0)
        self.env.invalidate_all()
        self.assertEqual((first.budget_state, first.budget_now), ("within", "over"))


@tagged("post_install", "-at_install")
class TestFirstSteps(SpendBudgetCommon):
    def test_empty_list_begins_with_a_button_for_managers(self):
        action = "spend_budget.spend_budget_action"
        for user, sees in ((self.manager, True), (self.buyer, False)):
            env = self.env(user=user)
            shown = env["ir.actions.act_window"]._for_xml_id(action)["help"]
            self.assertEqual("Start from an Example" in shown, sees, user.name)
            self.assertEqual("made by" in shown, not sees, user.name)

    def test_example_can_be_saved_and_opened(self):
        action = self.env["spend.budget"].with_user(self.manager)._get_example_action()
        Budget = self.env["spend.budget"].with_user(self.manager)
        budget = Budget.with_context(**action["context"]).create({})
        budget.action_open()
        self.assertTrue(budget.line_ids)

    def test_template_downloads_before_a_file_is_chosen(self):
        budget = self._budget(
            {"account_id": self.clinic.id, "amount": 1}, is_open=False
        )
        wizard = (
            self.env["spend.import"]
            .with_user(self.owner)
            .create({"budget_id": budget.id})
        )
        self.assertEqual(wizard.action_template()["type"], "ir.actions.act_url")
        with self.assertRaises(UserError):
            wizard.action_import()
