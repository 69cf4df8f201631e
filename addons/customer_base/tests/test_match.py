from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..matching.keys import get_keys, read_entry
from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestMatch(CustomerCommon):
    # ------------------------------------------------------------
    # WHO IS FOUND
    # ------------------------------------------------------------

    def test_by_telephone_in_another_notation(self):
        found = self._levels(name="Nguyen Thi Lan", phone="+84 912-345-678")
        self.assertEqual(found, {self.lan.id: "sure"})

    def test_by_the_number_of_before_the_reform(self):
        old = self._customer("Lê Hùng", phone="01646545327")
        self.assertEqual(
            self._levels(name="Le Hung", phone="0346545327"), {old.id: "sure"}
        )

    def test_by_tax_code_with_another_name(self):
        found = self._levels(name="Cty An Phat moi", vat="0100 233 488")
        self.assertEqual(found, {self.an_phat.id: "sure"})

    def test_a_branch_is_related(self):
        found = self._levels(name="CN An Phát", vat="0100233488-001")
        self.assertEqual(found, {self.an_phat.id: "related"})

    def test_by_name_alone_it_is_possible(self):
        found = self._levels(name="CTY CP An Phat", is_company=True)
        self.assertEqual(found, {self.an_phat.id: "possible"})

    def test_ids_that_no_column_holds_are_none(self):
        matches = self.env["customer.match"].with_user(self.sales)
        for number in (10**12, 2**31, 0, -1, True, "1"):
            values = {"country_id": number, "parent_id": number, "name": "Lan"}
            self.assertIn("matches", matches.find(values, number))

    def test_nobody_is_like_somebody_new(self):
        self.assertEqual(self._levels(name="Phạm Quốc Bảo", phone="0977 111 222"), {})

    def test_an_archived_customer_is_found_and_called_so(self):
        self.lan.active = False
        (match,) = self._find(name="Nguyễn Thị Lan", phone="0912345678")["matches"]
        self.assertEqual((match["id"], match["is_archived"]), (self.lan.id, True))

    def test_likeliest_comes_first_and_not_all(self):
        for number in range(9):
            self._customer("Nguyễn Thị Lan", phone=f"09120000{number:02}")
        found = self._find(name="Nguyễn Thị Lan", phone="0912345678")["matches"]
        self.assertEqual(found[0]["id"], self.lan.id)
        self.assertEqual(len(found), 5)

    def test_reasons_are_in_words(self):
        (match,) = self._find(name="Nguyen T Lan", phone="0912345678")["matches"]
        self.assertEqual(match["reasons"], "same telephone, same or similar name")

    def test_a_hotline_of_many_finds_nobody(self):
        self.env["res.partner"].create(
            [{"name": f"Shop {number}", "phone": "1900 123456"} for number in range(60)]
        )
        self.assertEqual(self._levels(name="Somebody", phone="1900123456"), {})

    def test_a_hotline_of_many_makes_no_name_sure(self):
        partners = self.env["res.partner"].create(
            [
                {"name": name, "phone": "1900 123456"}
                for name in ["Đinh Văn Sáu", *(f"Shop {each}" for each in range(60))]
            ]
        )
        self.assertEqual(
            self._levels(name="Đinh Văn Sáu", phone="1900 123456"),
            {partners[0].id: "possible"},
        )

    def test_saving_counts_as_the_form_does(self):
        """A customer is not one of those who share what it has."""
        other = self._customer("Đinh Văn Sáu", phone="0912345678")
        self.env.flush_all()
        matches, nobody = self.env["customer.match"], self.env["res.partner"]
        keys = get_keys(read_entry(phone="0912345678"))
        for own, number in ((nobody, 2), (other, 1)):
            shared = matches._look_up(keys, own, nobody)
            self.assertEqual(shared[self.lan.id], {"phone": number})

    def test_a_number_one_off_is_no_reason(self):
        matches = self._find(name="Nguyễn Thị Lan", phone="0912345679")["matches"]
        self.assertEqual(matches[0]["reasons"], "same or similar name")

    # ------------------------------------------------------------
    # WHO IS NOT
    # ------------------------------------------------------------

    def test_a_company_with_many_contacts_is_found_by_its_tax_code(self):
        """They all have its code."""
        self.env["res.partner"].create(
            [
                {"name": f"Person {number}", "parent_id": self.an_phat.id}
                for number in range(60)
            ]
        )
        found = self._levels(name="An Phát", vat="0100233488", is_company=True)
        self.assertEqual(found, {self.an_phat.id: "sure"})

    def test_a_customer_is_no_duplicate_of_itself(self):
        found = self._levels(self.lan, name="Nguyễn Thị Lan", phone="0912345678")
        self.assertEqual(found, {})

    def test_nor_of_its_own_company(self):
        contact = self._customer(
            "Mr Bình", parent_id=self.an_phat.id, phone="028 3823 4567"
        )
        self.assertEqual(self._levels(contact, phone="028 3823 4567"), {})

    def test_nor_a_new_contact_of_the_company_that_is_chosen(self):
        for parent in (self.an_phat.id, {"id": self.an_phat.id}, [self.an_phat.id, ""]):
            found = self._levels(phone="028 3823 4567", parent_id=parent)
            self.assertEqual(found, {}, parent)

    # ------------------------------------------------------------
    # WHAT IS TYPED
    # ------------------------------------------------------------

    def test_a_wrong_check_digit_is_warned_of(self):
        (warning,) = self._find(vat="0100233489")["warnings"]
        self.assertIn("0100233489", warning)
        self.assertEqual(self._find(vat="0100233488")["warnings"], [])

    def test_a_mobile_number_with_a_figure_too_few_is_warned_of(self):
        (warning,) = self._find(phone="0912 345 67")["warnings"]
        self.assertIn("0912 345 67", warning)
        self.assertEqual(self._find(phone="0912 345 678")["warnings"], [])

    def test_nonsense_finds_nobody(self):
        for values in (
            {},
            {"name": False, "phone": None},
            {"name": 7, "phone": ["0912345678"], "country_id": "x", "parent_id": -1},
            {"name": "\0" * 5, "phone": "%_'\"\\"},
            {"name": "a " * 100_000},
            {"country_id": 2**40, "parent_id": 2**40},
        ):
            self.assertEqual(self._find(**values)["matches"], [])
        matches = self.env["customer.match"].with_user(self.sales)
        for values in (None, [], "text", 5):
            self.assertEqual(matches.find(values)["matches"], [])
        for partner in ("text", -1, {}, [[]], 2**40, True):
            self.assertEqual(matches.find({}, partner)["matches"], [])

    # ------------------------------------------------------------
    # KEYS FOLLOW
    # ------------------------------------------------------------

    def test_a_changed_number_is_found_the_old_one_not(self):
        self.lan.phone = "0988 777 666"
        self.assertEqual(self._levels(phone="0988777666"), {self.lan.id: "possible"})
        self.assertEqual(self._levels(phone="0912345678"), {})

    def test_who_is_deleted_is_not_found(self):
        self.lan.unlink()
        self.assertEqual(self._levels(name="Nguyễn Thị Lan"), {})

    def test_a_copy_is_found(self):
        copy = self.lan.copy({"name": "Trần Quốc Toản"})
        self.assertIn(copy.id, self._levels(name="Trần Quốc Toản"))

    def test_an_import_is_found(self):
        self.env["res.partner"].load(
            ["name", "phone"], [["Đặng Thùy Trâm", "0905 123 456"]]
        )
        self.assertEqual(len(self._levels(phone="0905123456")), 1)

    def test_keys_are_as_when_made_anew(self):
        partners = self.an_phat | self.lan

        def read():
            self.env.cr.execute(
                "SELECT partner_id, kind, value FROM customer_key"
                " WHERE partner_id = ANY(%s) ORDER BY 1, 2, 3",
                (partners.ids,),
            )
            return self.env.cr.fetchall()

        self.lan.write({"name": "Nguyễn Thị Lan Anh", "email": "lan@example.com"})
        self.an_phat.write({"phone": False, "street": "12 Lê Lợi"})
        self.env.flush_all()
        kept = read()
        self.env.cr.execute("DELETE FROM customer_key")
        self.env["customer.key"]._keep(partners.ids)
        self.assertEqual(kept, read())
        self.assertEqual(len(kept), len(set(kept)))

    def test_numbers_that_say_no_country_follow_the_company(self):
        company = self.env.ref("base.main_company")
        for country, phone in (("base.de", "+4930123456"), ("base.at", "+4330123456")):
            company.partner_id.country_id = self.env.ref(country)
            other = self._customer("Somebody", phone="030 123456")
            entry = self.env["customer.key"]._read_entries(other.ids)[other.id]
            self.assertEqual(entry.phones, (phone,))
        company.partner_id = self.lan
        self.lan.country_id = self.env.ref("base.vn")
        self.assertEqual(self.env["res.company"]._get_home_code(), "VN")

    def test_what_is_no_key_costs_nothing(self):
        keys = type(self.env["customer.key"])
        with patch.object(keys, "_keep") as keep:
            self.lan.comment = "likes tea"
            self.env.flush_all()
            keep.assert_not_called()
            self.lan.city = "Huế"
            self.env.flush_all()
            keep.assert_called_once()

    # ------------------------------------------------------------
    # WHO MAY ASK
    # ------------------------------------------------------------

    def test_whom_one_may_not_read_is_not_told(self):
        rule = {
            "name": "not An Phát",
            "model_id": self.env["ir.model"]._get_id("res.partner"),
            "domain_force": [("id", "!=", self.an_phat.id)],
            "groups": [Command.link(self.env.ref("base.group_user").id)],
        }
        self.env["ir.rule"].create({**rule, "domain_force": str(rule["domain_force"])})
        self.assertEqual(self._levels(vat="0100233488"), {})

    def test_another_company_is_not_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self._customer("Vũ Hà", phone="0903 333 333", company_id=other.id)
        self.assertNotIn(theirs.id, self._levels(phone="0903333333"))

    def test_who_is_no_employee_asks_nothing(self):
        for group in ("base.group_portal", "base.group_public"):
            user = new_test_user(self.env, f"customer-{group}", groups=group)
            with self.assertRaises(AccessError):
                self._find(user=user, phone="0912345678")

    def test_an_id_of_somebody_hidden_tells_nothing(self):
        self.assertEqual(
            self._levels(self.env["res.partner"].browse(2**31 - 1), phone="0912345678"),
            {self.lan.id: "possible"},
        )
