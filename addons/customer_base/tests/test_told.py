import json
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..exceptions import AlreadyThere
from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestTold(CustomerCommon):
    """As installed a form says who is there, and does so before it saves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].with_user(cls.sales)

    @property
    def again(self):
        # Odoo adds to the values that it is given
        return {"name": "Nguyen Thi Lan", "phone": "+84 912345678"}

    def _save(self, told=False, partner=None, **values):
        """Save a form that showed these, as the browser does."""
        told = json.dumps(told) if isinstance(told, dict) else told
        form = partner.with_user(self.sales) if partner else self.partners
        (saved,) = form.web_save({**values, "same_customers_told": told}, {"id": {}})
        return form.browse(saved["id"])

    # ------------------------------------------------------------
    # A NEW CUSTOMER
    # ------------------------------------------------------------

    def test_a_form_that_showed_nobody_says_who_is_there(self):
        with self.assertRaisesRegex(AlreadyThere, "Nguyễn Thị Lan.*same telephone"):
            self._save(**self.again)

    def test_a_form_that_showed_who_is_there_saves(self):
        self.assertTrue(self._save({"ids": [self.lan.id]}, **self.again))

    def test_a_form_that_showed_somebody_else_says_who_is_there(self):
        with self.assertRaises(AlreadyThere):
            self._save({"ids": [self.an_phat.id]}, **self.again)

    def test_a_form_that_showed_one_says_who_came_since(self):
        self._customer("Nguyễn Thị Lan", phone="0912345678", city="Huế")
        with self.assertRaises(AlreadyThere):
            self._save({"ids": [self.lan.id]}, **self.again)

    def test_who_is_found_is_who_is_shown(self):
        """More are there than a form shows: whoever saw those it shows was told."""
        for number in range(7):
            self._customer("Nguyễn Thị Lan", phone="0912345678", ref=str(number))
        shown = self._levels(**self.again)
        self.assertEqual(set(shown.values()), {"sure"})
        self.assertTrue(self._save({"ids": list(shown)}, **self.again))

    def test_somebody_new_is_saved(self):
        self.assertTrue(self._save(name="Phạm Quốc Bảo", phone="0977 111 222"))

    def test_who_only_may_be_the_same_is_saved(self):
        self.assertTrue(self._save(name="Nguyễn Thị Lan"))

    def test_a_window_that_is_closed_loses_nothing(self):
        """Nobody is there to be told."""
        self.assertTrue(self._save({"is_closing": True}, **self.again))

    def test_a_contact_in_the_window_of_a_company(self):
        # contacts are made as whoever asked, who in tests is the system
        self.patch(self.env.transaction, "default_env", self.partners.env)
        contact = {**self.again, "same_customers_told": False}
        company = {"name": "Công ty Hoàn Toàn Mới", "is_company": True}
        children = {"child_ids": [Command.create(contact)]}
        with self.assertRaises(AlreadyThere):
            self._save(**company, **children)
        contact["same_customers_told"] = json.dumps({"ids": [self.lan.id]})
        self.assertEqual(len(self._save(**company, **children).child_ids), 1)

    def test_what_is_no_answer_of_a_form_told_nobody(self):
        for told in (
            True,
            7,
            "",
            "x",
            "[]",
            "7",
            '{"ids": 7}',
            '{"ids": [null, "x", {}]}',
            "[" * 100_000,
            {"ids": [str(self.lan.id)]},
        ):
            with self.assertRaises(AlreadyThere):
                self._save(told, **self.again)

    def test_it_claims_the_numbers(self):
        """Of two who save at the same moment the second begins again."""
        with patch.object(type(self.env["customer.claim"]), "_claim") as claimed:
            self._save(name="Phạm Quốc Bảo", phone="0977 111 222")
        claimed.assert_called_once()

    # ------------------------------------------------------------
    # A CHANGE
    # ------------------------------------------------------------

    def test_a_change_into_who_is_there_is_said_too(self):
        other = self._customer("Nguyễn Thị Lan")
        with self.assertRaises(AlreadyThere):
            self._save(partner=other, phone="0912345678")
        told = {"ids": [self.lan.id]}
        self.assertEqual(
            self._save(told, partner=other, phone="0912345678").phone, "0912345678"
        )

    def test_who_was_the_same_before_is_no_news(self):
        other = self._customer("Nguyễn Thị Lan", phone="0912 345 678")
        self._save(partner=other, name="Nguyễn Thị Lan (2)")
        self._save(partner=other, comment="Calls in the morning")
        self.assertEqual(other.name, "Nguyễn Thị Lan (2)")

    # ------------------------------------------------------------
    # PROGRAMS
    # ------------------------------------------------------------

    def test_programs_and_imports_are_not_stopped(self):
        """Nobody is shown anything: the list of duplicates finds those."""
        self.assertTrue(self.partners.create(self.again))
        self.assertTrue(self.partners.web_save(self.again, {"id": {}}))
        rows = [["Nguyen Thi Lan", "+84 912345678"]] * 2
        self.assertEqual(len(self.partners.load(["name", "phone"], rows)["ids"]), 2)

    def test_programs_claim_nothing(self):
        with patch.object(type(self.env["customer.claim"]), "_claim") as claimed:
            self.partners.create({"name": "Phạm Quốc Bảo", "phone": "0977 111 222"})
        claimed.assert_not_called()

    def test_only_forms_that_say_so_are_stopped_in_a_batch(self):
        told = {**self.again, "same_customers_told": False}
        self.assertEqual(len(self.partners.create([self.again, self.again])), 2)
        with self.assertRaises(AlreadyThere):
            self.partners.create([self.again, told])

    # ------------------------------------------------------------
    # WHAT THE COMPANY WANTS
    # ------------------------------------------------------------

    def test_who_is_asked_for_a_reason_is_asked_for_it(self):
        self.env.company.same_customer_action = "reason"
        told = {"ids": [self.lan.id]}
        with self.assertRaisesRegex(ValidationError, "Why Another One"):
            self._save(told, **self.again)
        with self.assertRaisesRegex(ValidationError, "Why Another One"):
            self._save({"is_closing": True}, **self.again)
        self.assertTrue(self._save(told, same_customer_reason="aunt", **self.again))

    # ------------------------------------------------------------
    # WHOM ONE MAY NOT SEE
    # ------------------------------------------------------------

    def test_a_hidden_one_is_said_without_a_name(self):
        self.env["ir.rule"].create(
            {
                "name": "hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": str([("id", "!=", self.lan.id)]),
                "groups": [Command.link(self.env.ref("base.group_user").id)],
            }
        )
        with self.assertRaises(AlreadyThere) as caught:
            self._save(**self.again)
        self.assertNotIn("Nguyễn", str(caught.exception))
        self.assertNotIn("telephone", str(caught.exception))
        # an id that was guessed is none that was shown
        with self.assertRaises(AlreadyThere):
            self._save({"ids": [self.lan.id]}, **self.again)
        self.assertTrue(self._save({"hidden": True}, **self.again))
