from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase
from odoo.addons.approval_matrix.tests.users import new_user

from .common import DocumentCommon

MODEL = "test.approval.document"


class SetupCommon(DocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.active = False
        cls.chief = new_user(
            cls.env,
            "setup_chief@document.example",
            groups="approval_matrix.group_approval_manager,base.group_erp_manager,"
            "base.group_partner_manager",
            name="Chief",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    """The first hour of an administrator."""

    def setUp(self):
        super().setUp()
        self.card = self.env(user=self.chief)["approval.setup"]

    def _values(self, **values):
        return {"model": MODEL, "amount": 1000, "user_id": self.lead.id, **values}

    def _new_person(self, **values):
        new = {"user_id": 0, "name": "Lan", "login": "lan", "password": "hoa-sen-26"}
        return self._values(**new | values)

    def test_app_begins_with_the_set_up_while_there_is_no_rule(self):
        setup = self.env.ref("approval_matrix.approval_setup_action")
        inbox = self.env.ref("approval_matrix.approval_task_action")
        self.assertEqual(self.card._get_home_action()["id"], setup.id)
        employee = self.card.with_user(self.clerk)
        self.assertEqual(employee._get_home_action()["id"], inbox.id)
        self.card.make_first_rule(self._values())
        self.assertEqual(self.card._get_home_action()["id"], inbox.id)

    def test_first_rule_names_document_amount_and_approver(self):
        card = self.card.make_first_rule(self._values())
        rule = self.env["approval.rule"].search([("name", "in", card["rules"])])
        self.assertEqual((rule.model, rule.amount_min), (MODEL, 1000))
        self.assertEqual(rule.step_ids.user_ids, self.lead)

    def test_new_person_can_log_in_and_begins_at_the_inbox(self):
        self.card.make_first_rule(self._new_person())
        lan = self.env["res.users"].search([("login", "=", "lan")])
        inbox = self.env.ref("approval_matrix.approval_task_action")
        self.assertEqual(lan.action_id.id, inbox.id)
        credential = {"type": "password", "login": "lan", "password": "hoa-sen-26"}
        self.env["res.users"].with_user(lan)._check_credentials(
            credential, {"interactive": False}
        )

    def test_nobody_is_invited_without_an_address(self):
        with self.assertRaisesRegex(UserError, "could not log in"):
            self.card.make_first_rule(self._new_person(password=""))

    def test_what_is_missing_is_said(self):
        for values, words in (
            (self._values(model="res.partner"), "which documents"),
            (self._values(amount=None), "what amount"),
            (self._values(amount=-1), "what amount"),
            (self._values(amount="many"), "what amount"),
            (self._new_person(name=" "), "who approves"),
            (self._new_person(login=""), "who approves"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.card.make_first_rule(values)

    def test_who_is_alone_cannot_name_themselves(self):
        company = self.env["res.company"].create({"name": "Alone"})
        self.chief.company_ids += company
        alone = self.card.with_context(allowed_company_ids=company.ids)
        self.assertTrue(alone.get_card()["is_alone"])
        with self.assertRaisesRegex(UserError, "own requests"):
            alone.make_first_rule(self._values(user_id=self.chief.id))

    def test_only_who_gives_log_ins_makes_users(self):
        self.chief.group_ids -= self.env.ref("base.group_erp_manager")
        self.assertFalse(self.card.get_card()["may_add_user"])
        with self.assertRaises(AccessError):
            self.card.make_first_rule(self._new_person())

    def test_only_administrators_of_approvals_set_up(self):
        other = self.card.with_user(self.clerk)
        for call in (
            other.get_card,
            lambda: other.make_first_rule(self._values()),
            lambda: other.try_amount(MODEL, 1),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_try_it_says_who_would_be_asked(self):
        self.card.make_first_rule(self._values())
        self.assertIn(self.lead.name, self.card.try_amount(MODEL, 1000))
        self.assertIn("No rule matches", self.card.try_amount(MODEL, 999))

    def test_trial_begins_where_somebody_is_asked(self):
        """The first rule may hold from zero on: its condition decides."""
        self._rule(self._step(user_ids=self.lead), sequence=1, amount_min=0)
        self.card.make_first_rule(self._values(amount=5000))
        self.card.make_first_rule(self._values(amount=2000))
        (trial,) = self.card.get_card()["try"]
        self.assertEqual(trial["amount"], 2000)
        self.assertEqual(trial["action"]["res_model"], "approval.trial")

    def test_steps_are_done_when_what_they_ask_for_is_there(self):
        step, *_others = self.card.make_first_rule(self._values())["steps"]
        self.assertFalse(step["is_done"])
        self._document(amount=2000).action_submit_approval()
        step, *_others = self.card.get_card()["steps"]
        self.assertTrue(step["is_done"])


class SetupTourCase(TourCase, SetupCommon):
    def _set_up(self):
        self._tour("/odoo/approval-setup", "set_up", self.chief)
        rule = self.env["approval.rule"].search([("company_id", "=", self.company.id)])
        self.assertEqual(rule.step_ids.user_ids.login, "lan")


@tagged("post_install", "-at_install")
class TestSetupTour(Desk, SetupTourCase):
    def test_set_up(self):
        self._set_up()


@tagged("post_install", "-at_install")
class TestSetupPhoneTour(Phone, SetupTourCase):
    def test_set_up_on_a_phone(self):
        self._set_up()
