from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.customer_base.models.customer_hint import MOST_A_DAY

from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestEntry(CustomerCommon):
    """What happens when a customer is entered again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.same_customer_action = "reason"
        cls.partners = cls.env["res.partner"].with_user(cls.sales)
        cls.manager = new_test_user(
            cls.env,
            "customer-manager",
            groups="sales_team.group_sale_manager,base.group_partner_manager",
        )
        cls.again = {"name": "Nguyen Thi Lan", "phone": "+84 912345678"}

    def _hide(self, partner):
        self.env["ir.rule"].create(
            {
                "name": "hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": str([("id", "!=", partner.id)]),
                "groups": [Command.link(self.env.ref("base.group_user").id)],
            }
        )

    # ------------------------------------------------------------
    # REFUSED
    # ------------------------------------------------------------

    def test_again_without_a_reason_names_who_is_there(self):
        with self.assertRaisesRegex(ValidationError, "Nguyễn Thị Lan.*same telephone"):
            self.partners.create(self.again)

    def test_who_has_no_place_for_a_reason_is_told_where_one_is(self):
        with self.assertRaisesRegex(ValidationError, "under Contacts"):
            self.partners.create(self.again)

    def test_windows_have_a_place_for_the_reason(self):
        views = self.env["ir.ui.view"].search(
            [
                ("model", "=", "res.partner"),
                ("type", "=", "form"),
                ("mode", "=", "primary"),
            ]
        )
        lacking = set()
        for view in views:
            arch = etree.fromstring(self.partners.get_view(view.id, "form")["arch"])
            for form in [arch, *arch.iterfind(".//field[@name='child_ids']/form")]:
                widget = form.find(".//widget[@name='same_customers']")
                if widget is None or next(widget.iterancestors("form")) is not form:
                    lacking.add(view.xml_id)
        self.assertEqual(lacking, set())

    def test_again_with_a_reason_is_entered(self):
        partner = self.partners.create(
            {**self.again, "same_customer_reason": "her aunt"}
        )
        self.assertEqual(partner.same_customer_reason, "her aunt")

    def test_blanks_are_no_reason(self):
        with self.assertRaises(ValidationError):
            self.partners.create({**self.again, "same_customer_reason": " \n "})

    def test_blocked_also_with_a_reason(self):
        self.company.same_customer_action = "block"
        with self.assertRaisesRegex(ValidationError, "sales managers"):
            self.partners.create({**self.again, "same_customer_reason": "aunt"})

    def test_blocked_but_for_managers_with_a_reason(self):
        self.company.same_customer_action = "block"
        partners = self.partners.with_user(self.manager)
        with self.assertRaises(ValidationError):
            partners.create(self.again)
        self.assertTrue(partners.create({**self.again, "same_customer_reason": "aunt"}))

    def test_a_change_into_who_is_there_is_entering_again(self):
        other = self.partners.create({"name": "Nguyễn Thị Lan"})
        with self.assertRaises(ValidationError):
            other.phone = "0912345678"
            other.flush_recordset()

    def test_a_reason_is_for_whom_it_was_given(self):
        """A change into somebody else who is there asks again."""
        partner = self.partners.create(
            {**self.again, "same_customer_reason": "her aunt"}
        )
        self._customer("Lê Hùng", phone="0988 777 666")
        into = {"name": "Lê Hùng", "phone": "0988 777 666"}
        with self.assertRaisesRegex(ValidationError, "“her aunt” stands there"):
            partner.write(into)
        # she is still who she was said not to be
        partner.write({"phone": "0912 345 678", "city": "Huế"})
        partner.write({**into, "same_customer_reason": "his cousin"})
        self.assertEqual(partner.name, "Lê Hùng")

    def test_a_programs_reason_is_for_whom_it_was_given_too(self):
        self.lan.active = False
        new = self.env["customer.match"].with_user(self.sales).enter(self.again)
        partner = self.partners.browse(new["id"])
        self.assertIn("archived", partner.same_customer_reason)
        self._customer("Lê Hùng", phone="0988 777 666")
        with self.assertRaises(ValidationError):
            partner.write({"name": "Lê Hùng", "phone": "0988 777 666"})

    def test_what_was_the_same_before_may_be_changed(self):
        other = self._customer("Nguyễn Thị Lan", phone="0912 345 678")
        other.with_user(self.sales).write({"street": "5 Lê Lợi"})
        other.with_user(self.sales).write({"name": "Nguyễn Thị Lan (2)"})

    def test_who_is_as_before_is_not_looked_at_again(self):
        """Of thousands that are written at once, most are."""
        others = self.env["res.partner"].with_user(self.sales)
        for number in range(20):
            others += self.partners.create(
                {"name": f"Ward {number}", "phone": f"09771112{number:02}"}
            )
        vietnam = self.env.ref("base.vn").id
        for values in ({"country_id": vietnam}, {"phone": others[0].phone}):
            written = others if "country_id" in values else others[:1]
            with patch.object(type(self.env["customer.match"]), "_match") as matched:
                written.write(values)
            matched.assert_not_called()

    def test_who_moves_out_may_become_the_same(self):
        contact = self._customer(
            "Công ty An Phát", phone="028 3823 4567", parent_id=self.an_phat.id
        )
        with self.assertRaises(ValidationError):
            contact.with_user(self.sales).write(
                {"parent_id": False, "phone": "028 3823 4567"}
            )

    def test_a_copy_is_entering_again(self):
        with self.assertRaises(ValidationError):
            self.lan.with_user(self.sales).copy({"name": "Nguyễn Thị Lan"})

    def test_an_import_says_it_at_its_row(self):
        found = self.partners.load(
            ["name", "phone"],
            [["Đặng Thùy Trâm", "0905 123 456"], ["Nguyen Thi Lan", "0912345678"]],
        )
        self.assertFalse(found["ids"])
        # Odoo says what stopped all rows first
        message = found["messages"][-1]
        self.assertEqual(message["rows"], {"from": 1, "to": 1})
        self.assertIn("Nguyễn Thị Lan", message["message"])

    def test_an_import_with_the_same_customer_twice(self):
        rows = [["Đặng Thùy Trâm", "0905 123 456"], ["Dang Thuy Tram", "0905123456"]]
        found = self.partners.load(["name", "phone"], rows)
        self.assertEqual([each["rows"]["from"] for each in found["messages"][1:]], [1])

    def test_no_context_of_a_caller_loosens_it(self):
        for value in (True, 1, "x", {}):
            partners = self.partners.with_context(customer_base_no_customer=value)
            with self.assertRaises(ValidationError):
                partners.create(self.again)

    def test_made_in_passing_it_is_refused_as_well(self):
        with self.assertRaises(ValidationError):
            self.partners.name_create("An Phát <info@anphat.vn>")
        # a switchboard's address and a common name: she may be the one, no more
        self.partners.name_create("Nguyễn Thị Lan <info@anphat.vn>")

    def test_branches_do_as_their_company_says(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.assertEqual(branch.same_customer_action, "reason")
        self.company.write({"same_customer_action": "block", "review_months": 6})
        self.assertEqual(branch.same_customer_action, "block")
        self.assertEqual(branch.review_months, 6)
        with self.assertRaises(ValidationError):
            branch.same_customer_action = "inform"
        self.sales.company_ids += branch
        with self.assertRaisesRegex(ValidationError, "sales managers"):
            self.partners.with_company(branch).create(self.again)

    # ------------------------------------------------------------
    # NOT REFUSED
    # ------------------------------------------------------------

    def test_nothing_is_refused_unless_the_company_wants_it(self):
        self.company.same_customer_action = "inform"
        self.assertTrue(self.partners.create(self.again))

    def test_who_only_may_be_the_same_is_entered(self):
        self.assertTrue(self.partners.create({"name": "Nguyễn Thị Lan"}))

    def test_contacts_of_the_company_are_entered(self):
        contact = {"name": "An Phát kho", "phone": "028 3823 4567"}
        self.assertTrue(self.partners.create({**contact, "parent_id": self.an_phat.id}))

    def test_users_and_companies_are_no_customers(self):
        admin = new_test_user(
            self.env,
            "customer-admin",
            groups="base.group_erp_manager,base.group_system,base.group_partner_manager",
        )
        again = {"name": "Nguyễn Thị Lan", "phone": "0912345678"}
        self.assertTrue(
            self.env["res.users"].with_user(admin).create({**again, "login": "lan"})
        )
        company = self.env["res.company"].with_user(admin).create(again)
        self.assertNotIn("customer_base_no_customer", company.env.context)

    def test_visitors_are_served(self):
        public = self.env.ref("base.public_user")
        partners = self.env["res.partner"].with_user(public).sudo()
        self.assertTrue(partners.create(self.again))

    # ------------------------------------------------------------
    # THE FORM SAYS IT BEFORE
    # ------------------------------------------------------------

    def test_the_form_knows_what_saving_asks_for(self):
        self.assertEqual(self._find(**self.again)["reaction"], "reason")
        self.assertEqual(self._find(name="Nguyễn Thị Lan")["reaction"], "")
        self.company.same_customer_action = "block"
        self.assertEqual(self._find(**self.again)["reaction"], "block")
        found = self._find(user=self.manager, **self.again)
        self.assertEqual(found["reaction"], "reason")
        self.company.same_customer_action = "inform"
        self.assertEqual(self._find(**self.again)["reaction"], "")

    # ------------------------------------------------------------
    # WHOM ONE MAY NOT SEE
    # ------------------------------------------------------------

    def test_a_hidden_one_is_said_without_name_or_number(self):
        self._hide(self.lan)
        found = self._find(**self.again)
        self.assertEqual((found["matches"], found["hidden"]), ([], "sure"))
        with self.assertRaises(ValidationError) as caught:
            self.partners.create(self.again)
        self.assertNotIn("Nguyễn", str(caught.exception))
        self.assertNotIn("telephone", str(caught.exception))

    def test_a_name_alone_says_nothing_of_hidden_ones(self):
        self._hide(self.lan)
        self.assertEqual(self._find(name="Nguyễn Thị Lan")["hidden"], "")

    def test_hints_at_hidden_ones_are_counted(self):
        """Who goes through a list of telephones is told no more."""
        self._hide(self.lan)
        for number in range(MOST_A_DAY):
            keys = [("phone", number)]
            self.assertTrue(
                self.env["customer.hint"].with_user(self.sales).sudo()._may_tell(keys)
            )
            self.assertTrue(
                self.env["customer.hint"].with_user(self.sales).sudo()._may_tell(keys)
            )
        self.assertEqual(self._find(**self.again)["hidden"], "")
        # others are told
        other = new_test_user(
            self.env, "customer-other", groups="sales_team.group_sale_salesman"
        )
        self.assertEqual(self._find(user=other, **self.again)["hidden"], "sure")

    def test_access_to_a_hidden_one_is_asked_for_once(self):
        self.env["res.config.settings"].create({"own_customers": True}).execute()
        self.lan.user_id = self.manager
        matches = self.env["customer.match"].with_user(self.sales)
        self.assertEqual(self._find(**self.again)["hidden"], "sure")
        for _click in range(2):
            self.assertIsNone(matches.ask_access(self.again, None, "She called"))
        asked = self.env["customer.access.request"].search(
            [("user_id", "=", self.sales.id)]
        )
        self.assertEqual((asked.partner_id, asked.reason), (self.lan, "She called"))
        # nothing is asked, and nothing is said, of who is not there
        self.assertIsNone(matches.ask_access({"name": "Nobody", "phone": "0999111222"}))

    def test_who_was_said_to_be_somebody_else_is_not_shown_again(self):
        other = self._customer("Nguyễn Thị Lan", phone="0912 345 678")
        self.env["customer.duplicate"]._keep_apart(other | self.lan)
        self.assertEqual(self._levels(other, **self.again), {})
        self.assertEqual(
            self._levels(**self.again), {other.id: "sure", self.lan.id: "sure"}
        )

    def test_a_birth_date_tells_people_apart(self):
        self.lan.write({"phone": False, "birthdate_date": "1990-03-10"})
        born = {"name": "Nguyễn Thị Lan", "birthdate_date": "1990-03-10"}
        self.assertEqual(self._levels(**born), {self.lan.id: "sure"})
        for text in ("10/3/1990", "x", "1990-03"):
            self.assertEqual(
                self._levels(**{**born, "birthdate_date": text}),
                {self.lan.id: "possible"},
            )

    def test_another_company_has_customers_of_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.lan.company_id = other
        self.assertEqual(self._find(**self.again)["hidden"], "")
        self.assertTrue(self.partners.create(self.again))

    def test_customers_of_two_companies_are_two_whichever_are_ticked(self):
        """Documents of one cannot name those of the other."""
        other = self.env["res.company"].create({"name": "Other"})
        self.sales.company_ids += other
        self.lan.company_id = self.company
        theirs = {**self.again, "company_id": other.id}
        both = [self.company.id, other.id]
        for ticked in (both, both[::-1], [other.id]):
            with self.subTest(ticked=ticked), self.cr.savepoint() as savepoint:
                env = self.partners.with_context(allowed_company_ids=ticked).env
                matches = env["customer.match"]
                found = matches.find(theirs)
                self.assertFalse(found["matches"] or found["hidden"])
                self.assertTrue(matches.enter(theirs)["is_new"])
                savepoint.rollback()
                self.assertTrue(env["res.partner"].create(theirs))
                savepoint.rollback()

    def test_of_the_same_company_and_of_all_it_is_one(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.company.same_customer_action = other.same_customer_action = "block"
        self.sales.company_ids += other
        self.lan.company_id = self.company
        both = [self.company.id, other.id]
        partners = self.partners.with_context(allowed_company_ids=both)
        for values in ({}, {"company_id": self.company.id}, {"company_id": False}):
            again = {**self.again, **values}
            self.assertTrue(partners.env["customer.match"].find(again)["matches"])
            with self.assertRaises(ValidationError):
                partners.create(again)
        self.lan.company_id = False
        with self.assertRaises(ValidationError):
            partners.create({**self.again, "company_id": other.id})

    def test_customers_of_a_company_are_those_of_its_branches(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.sales.company_ids += branch
        self.lan.company_id = self.company
        partners = self.partners.with_context(
            allowed_company_ids=[self.company.id, branch.id]
        )
        with self.assertRaises(ValidationError):
            partners.create({**self.again, "company_id": branch.id})

    # ------------------------------------------------------------
    # FROM OTHER PROGRAMS
    # ------------------------------------------------------------

    def test_a_program_gets_who_is_there(self):
        matches = self.env["customer.match"].with_user(self.sales)
        self.assertEqual(
            matches.enter(self.again),
            {"id": self.lan.id, "is_new": False, "warnings": []},
        )
        new = matches.enter({"name": "Phạm Bảo", "phone": "0977111222"})
        self.assertTrue(new["is_new"])
        again = matches.enter({"name": "Pham Bao", "phone": "+84977111222"})
        self.assertEqual(again, {"id": new["id"], "is_new": False, "warnings": []})

    def test_a_program_gets_no_hidden_one(self):
        self._hide(self.lan)
        matches = self.env["customer.match"].with_user(self.sales)
        with self.assertRaises(AccessError):
            matches.enter(self.again)

    def test_a_program_gets_a_new_one_beside_an_archived_one(self):
        self.lan.active = False
        matches = self.env["customer.match"].with_user(self.sales)
        entered = matches.enter(self.again)
        self.assertTrue(entered["is_new"])
        new = self.env["res.partner"].browse(entered["id"])
        self.assertEqual(new.same_customer_reason, "Nguyễn Thị Lan is archived.")
        again = matches.enter(self.again)
        self.assertEqual(again, {"id": new.id, "is_new": False, "warnings": []})

    # ------------------------------------------------------------
    # LEADS
    # ------------------------------------------------------------

    def test_a_lead_takes_nobody_archived(self):
        self.lan.active = False
        lead = self.env["crm.lead"].create(
            {
                "name": "beds",
                "contact_name": "Nguyễn Thị Lan",
                "phone": "0912 345 678",
                "user_id": self.sales.id,
            }
        )
        self.assertFalse(lead.with_user(self.sales)._find_matching_partner())

    def test_a_lead_takes_who_is_there(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "beds",
                "contact_name": "Chị Nguyễn Thị Lan",
                "phone": "0912 345 678",
                "user_id": self.sales.id,
            }
        )
        lead.with_user(self.sales)._handle_partner_assignment()
        self.assertEqual(lead.partner_id, self.lan)

    def test_a_new_contact_of_a_company_that_is_there(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "beds",
                "partner_name": "CTY An Phat",
                "contact_name": "Lê Mới",
                "email_from": "info@anphat.vn",
                "user_id": self.sales.id,
            }
        )
        lead.with_user(self.sales)._handle_partner_assignment()
        self.assertEqual(lead.partner_id.parent_id, self.an_phat)

    # ------------------------------------------------------------
    # NUMBERS IN ONE FORM
    # ------------------------------------------------------------

    def test_a_form_writes_numbers_one_way(self):
        with Form(self.partners) as form:
            form.name = "Lê Hùng"
            form.phone = "01646545327 / 0903.333.333 (chị Hà)"
            form.vat = "0100 233 488 001"
        self.assertEqual(
            form.record.phone, "+84 346 545 327 / +84 903 333 333 (chị Hà)"
        )
        self.assertEqual(form.record.vat, "0100233488-001")

    def test_an_import_does_where_the_company_wants_it(self):
        values = {"name": "Lê Hùng", "phone": "01646545327"}
        self.assertEqual(self.partners.create(values).phone, "01646545327")
        self.company.has_tidy_customers = True
        values = {"name": "Lê Hùng 2", "phone": "01646545328", "vat": "VN 0100233488"}
        partner = self.partners.create({**values, "vat": "VN 8765432109"})
        self.assertEqual(partner.phone, "+84 346 545 328")
        self.assertEqual(partner.vat, "8765432109")
        partner.phone = "0903.333.334"
        self.assertEqual(partner.phone, "+84 903 333 334")

    def test_numbers_of_another_country_are_its_own(self):
        germany = self.env.ref("base.de")
        self.company.has_tidy_customers = True
        partner = self.partners.create(
            {"name": "Bär", "phone": "0341 123456", "country_id": germany.id}
        )
        self.assertEqual(partner.phone, "+49 341 123456")
        self.assertEqual(
            self._find(vat="0100233489", country_id=germany.id)["warnings"], []
        )

    def test_numbers_of_a_contact_are_of_its_companys_country(self):
        """Also before it has the address. Of several countries each says its own."""
        self.company.has_tidy_customers = True
        thailand, germany = self.env.ref("base.th"), self.env.ref("base.de")
        company = self._customer("Siam", is_company=True, country_id=thailand.id)
        values = {"name": "Somchai", "phone": "081 234 5678", "vat": "010553600012"}
        contact = self.partners.create({**values, "parent_id": company.id})
        self.assertEqual(contact.phone, "+66 81 234 5678")
        company.with_user(self.sales).child_ids = [
            Command.create({"name": "Kittisak", "phone": "081 234 5679"})
        ]
        self.assertIn("+66 81 234 5679", company.child_ids.mapped("phone"))
        address = self.partners.create(
            {"type": "delivery", "parent_id": company.id, "phone": "081 234 5670"}
        )
        self.assertEqual(address.phone, "+66 81 234 5670")
        address.phone = "081 234 5671"
        self.assertEqual(address.phone, "+66 81 234 5671")
        there = self.partners.with_context(default_country_id=germany.id)
        bear = there.create({"name": "Bär", "phone": "0341 123456"})
        self.assertEqual(bear.phone, "+49 341 123456")
        both = contact + bear
        both.write({"phone": "0341 123457"})
        self.assertEqual(set(both.mapped("phone")), {"0341 123457"})
        both.write({"phone": "+49341123457"})
        self.assertEqual(set(both.mapped("phone")), {"+49 341 123457"})

    def test_a_tax_code_of_abroad_is_no_branch_here(self):
        thailand = self.env.ref("base.th")
        company = self._customer("Siam", is_company=True, country_id=thailand.id)
        self.company.has_tidy_customers = True
        tidied = self.partners._tidy({"vat": "0100233488001", "parent_id": company.id})
        self.assertEqual(tidied["vat"], "0100233488001")
        tidied = self.partners._tidy({"vat": "0100233488001"})
        self.assertEqual(tidied["vat"], "0100233488-001")

    def test_a_form_reads_numbers_again_when_the_country_comes_after_them(self):
        form = Form(self.partners)
        form.name = "Somchai"
        form.phone = "081 234 5678"
        form.vat = "0100233488001"
        self.assertEqual(form.phone, "+84 812 345 678")
        self.assertEqual(form.vat, "0100233488-001")
        form.country_id = self.env.ref("base.th")
        self.assertEqual(form.phone, "+66 81 234 5678")
        self.assertEqual(form.vat, "0100233488001")
        form.phone = "081 234 5679"
        self.assertEqual(form.phone, "+66 81 234 5679")
        form.country_id = self.env.ref("base.vn")
        self.assertEqual(form.phone, "+84 812 345 679")
        # what is there already says whose it is
        somchai = self._customer("Somchai", phone="+84 812 345 678")
        form = Form(somchai.with_user(self.sales))
        form.country_id = self.env.ref("base.th")
        self.assertEqual(form.phone, "+84 812 345 678")

    def test_what_is_no_telephone_number_is_warned_of(self):
        (warning,) = self._find(phone="12 34")["warnings"]
        self.assertIn("12 34", warning)

    # ------------------------------------------------------------
    # A WRONG CHECK DIGIT
    # ------------------------------------------------------------

    WRONG = "The check digit of the tax code 0100233489 is wrong: please look again."

    def test_a_wrong_check_digit_is_warned_of_in_the_form(self):
        self.assertEqual(self._find(vat="0100 233 489")["warnings"], [self.WRONG])
        self.assertEqual(self._find(vat="0100 233 488")["warnings"], [])

    def test_an_import_warns_of_it_and_imports(self):
        self.company.has_tidy_customers = True
        found = self.partners.load(
            ["name", "vat", "phone"],
            [
                ["Hòa Phát", "0100 233 489", ""],
                ["Bình Minh", "0101234567-001", "0905 123 45"],
                ["Thép Việt", "0300588569", "0905 123 456"],
            ],
        )
        self.assertEqual(found["messages"], [])
        imported = self.partners.browse(found["ids"])
        self.assertEqual(
            imported.mapped("name"), ["Hòa Phát", "Bình Minh", "Thép Việt"]
        )
        self.assertEqual(found["warnings"][0], f"Hòa Phát: {self.WRONG}")
        self.assertEqual(
            [text.split(":")[0] for text in found["warnings"]],
            ["Hòa Phát", "Bình Minh", "Bình Minh"],
        )

    def test_an_import_without_numbers_warns_of_nothing(self):
        self._customer("Hòa Phát", vat="0100233489")
        found = self.partners.load(["name"], [["Bình Minh"]])
        self.assertTrue(found["ids"])
        self.assertNotIn("warnings", found)

    def test_a_program_is_warned_of_it(self):
        matches = self.env["customer.match"].with_user(self.sales)
        entered = matches.enter({"name": "Hòa Phát", "vat": "0100233489"})
        self.assertEqual((entered["is_new"], entered["warnings"]), (True, [self.WRONG]))
        again = matches.enter({"name": "Hòa Phát", "vat": "0100233489"})
        self.assertEqual(again["warnings"], [self.WRONG])
