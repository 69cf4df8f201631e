from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from ..models.customer_key import read_known
from .common import CustomerCommon

PHONE = "0912 345 678"
COMPARE = "odoo.addons.customer_base.models.customer_match.compare"


@tagged("post_install", "-at_install")
class TestEntryWays(CustomerCommon):
    """The other ways in which a customer is entered, each where a reason is asked for,
    and as installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.partners = cls.env["res.partner"].with_user(cls.sales)

    @property
    def again(self):
        # Odoo adds to the values that it is given
        return {"name": "Nguyen Thi Lan", "phone": "+84 912345678"}

    def _ask(self, action="reason"):
        self.company.same_customer_action = action

    def _lead(self, **values):
        values = {
            "name": "Beds",
            "type": "lead",
            "contact_name": "Nguyen Thi Lan",
            "phone": "+84 912345678",
            "user_id": self.sales.id,
            **values,
        }
        return self.env["crm.lead"].create(values).with_user(self.sales)

    def _count(self):
        return self.partners.search_count([("name", "=", "Nguyen Thi Lan")])

    def _find_pairs(self, partner):
        """Return with whom somebody stands in the list of duplicates."""
        self.env.flush_all()
        self.env["customer.duplicate"]._find_pairs(partner.ids)
        pairs = self.env["customer.duplicate"].search([])
        pairs = pairs.filtered(
            lambda pair: partner in (pair.partner_id | pair.other_id)
        )
        return (pairs.partner_id | pairs.other_id) - partner

    # ------------------------------------------------------------
    # IMPORT
    # ------------------------------------------------------------

    def test_an_import_that_changes_who_is_there(self):
        """Rows with an external id, or the number of a record, change it."""
        other = self._customer("Nguyễn Thị Lan")
        self.env["ir.model.data"].create(
            {
                "name": "lan_again",
                "module": "__import__",
                "model": "res.partner",
                "res_id": other.id,
            }
        )
        self._ask()
        for field, value in (("id", "__import__.lan_again"), (".id", str(other.id))):
            found = self.partners.load([field, "phone"], [[value, PHONE]])
            self.assertFalse(found["ids"], field)
            self.assertIn("there already", str(found["messages"]), field)
            found = self.partners.load([field, "street"], [[value, "5 Lê Lợi"]])
            self.assertEqual(found["ids"], other.ids, field)
        self._ask("inform")
        found = self.partners.load(["id", "phone"], [["__import__.lan_again", PHONE]])
        self.assertEqual(found["ids"], other.ids)
        self.assertEqual(self._find_pairs(other), self.lan)

    def test_an_import_with_new_external_ids(self):
        self._ask()
        rows = [
            ["__import__.tram", "Đặng Thùy Trâm", "0905 123 456"],
            ["__import__.lan", "Nguyen Thi Lan", PHONE],
        ]
        found = self.partners.load(["id", "name", "phone"], rows)
        self.assertFalse(found["ids"])
        self.assertEqual(found["messages"][-1]["rows"], {"from": 1, "to": 1})
        found = self.partners.load(["id", "name", "phone"], rows[:1])
        self.assertTrue(found["ids"])

    def test_an_import_says_the_reason(self):
        self._ask()
        found = self.partners.load(
            ["name", "phone", "same_customer_reason"],
            [["Nguyen Thi Lan", PHONE, "her aunt"]],
        )
        self.assertTrue(found["ids"])

    # ------------------------------------------------------------
    # MANY AT ONCE
    # ------------------------------------------------------------

    def test_fifty_at_once_with_the_same_twice(self):
        fifty = [
            {"name": f"Xã {number}", "phone": f"0977 111 2{number:02}"}
            for number in range(49)
        ]
        fifty.append({**fifty[7]})
        self._ask()
        refused = self.assertRaisesRegex(ValidationError, "Xã 7")
        with refused, self.env.cr.savepoint():
            self.partners.create([{**values} for values in fifty])
        self.assertEqual(len(self.partners.create(fifty[:49])), 49)

    def test_fifty_at_once_as_installed_stand_in_the_list(self):
        self._ask("inform")
        both = self.partners.create([self.again, self.again])
        self.assertEqual(self._find_pairs(both[:1]), both[1:] | self.lan)

    def test_a_company_with_contacts(self):
        # contacts are made as whoever asked, who in tests is the system
        self.patch(self.env.transaction, "default_env", self.partners.env)
        self._ask()
        company = {"name": "Công ty Hoàn Toàn Mới", "is_company": True}
        with self.assertRaisesRegex(ValidationError, "Nguyễn Thị Lan"):
            self.partners.create({**company, "child_ids": [Command.create(self.again)]})
        aunt = {**self.again, "same_customer_reason": "her aunt"}
        made = self.partners.create({**company, "child_ids": [Command.create(aunt)]})
        self.assertEqual(made.child_ids.same_customer_reason, "her aunt")
        other = {"name": "Lê Văn Tám", "phone": "0977 111 222"}
        made.write({"child_ids": [Command.create(other)]})
        other = made.child_ids.filtered(lambda contact: contact.name == "Lê Văn Tám")
        again = {"name": "Nguyễn Thị Lan", "phone": PHONE}
        with self.assertRaises(ValidationError):
            made.write({"child_ids": [Command.update(other.id, again)]})

    # ------------------------------------------------------------
    # IN PASSING
    # ------------------------------------------------------------

    def test_a_name_typed_into_a_field(self):
        self.lan.email = "lan@own.example"
        self.env.flush_all()
        self._ask()
        refused = self.assertRaisesRegex(ValidationError, "under Contacts")
        with refused, self.env.cr.savepoint():
            self.partners.name_create("Nguyen Thi Lan <Lan@own.example>")
        self._ask("inform")
        made = self.partners.browse(
            self.partners.name_create("Nguyen Thi Lan <lan@own.example>")[0]
        )
        self.assertEqual(self._find_pairs(made), self.lan)

    def test_somebody_invited_to_a_meeting(self):
        """The field of attendees makes whom it does not find by a name."""
        self.lan.email = "lan@own.example"
        self.env.flush_all()
        self._ask()
        events = self.env["calendar.event"].with_user(self.sales)
        meeting = {"name": "Beds", "start": "2030-01-01", "stop": "2030-01-02"}
        with self.assertRaises(ValidationError):
            guest, _name = self.partners.name_create("Lan Nguyen Thi <lan@own.example>")
            events.create({**meeting, "partner_ids": [Command.link(guest)]})
        guest, _name = self.partners.name_create("Trâm <tram@own.example>")
        event = events.create({**meeting, "partner_ids": [Command.link(guest)]})
        self.assertIn(guest, event.partner_ids.ids)

    def test_who_is_written_to_is_never_refused(self):
        """An e-mail from a lead: nobody is asked there, and the letter goes out."""
        for number, action in enumerate(("reason", "block"), 1):
            self._ask(action)
            address = f"{action}@own.example"
            lead = self._lead(email_from=address)
            made = lead._partner_find_from_emails_single([address])
            self.assertEqual(made.email, address)
            self.assertNotIn("customer_base_no_customer", made.env.context)
            made.phone = f"0977 111 22{number}"
            with self.assertRaises(ValidationError):
                made.write({"name": "Nguyễn Thị Lan", "phone": PHONE})
        self._ask("inform")
        made = self._lead(email_from="new@own.example")
        made = made._partner_find_from_emails_single(["new@own.example"])
        self.assertNotEqual(made, self.lan)

    def test_who_has_the_address_is_found_and_not_made(self):
        self.lan.email = "lan@own.example"
        self._ask()
        self.assertEqual(self.partners.find_or_create("Lan@Own.Example"), self.lan)
        lead = self._lead(email_from="lan@own.example")
        found = lead._partner_find_from_emails_single(["lan@own.example"])
        self.assertEqual(found, self.lan)

    def test_a_program_that_finds_or_makes_is_refused_as_any_other(self):
        self.lan.email = "lan.nguyen@gmail.com"
        self._ask()
        with self.assertRaises(ValidationError):
            # a letter box with and without dots is one
            self.partners.find_or_create("Nguyễn Thị Lan <lannguyen@gmail.com>")

    def test_a_letter_that_comes_in(self):
        """The gateway works as the system: who writes is found, or made."""
        self._ask("block")
        self.lan.email = "lan@own.example"
        lead = self.env["crm.lead"].create({"name": "Beds", "user_id": self.sales.id})
        letters = self.env["mail.thread"]
        mail = (
            "From: {0}\nTo: sales@own.example\nSubject: Beds\n"
            "Message-ID: <{1}@own.example>\nIn-Reply-To: {2}\n\nHow much?\n"
        )
        parent = lead.message_post(body="We offer", message_type="email_outgoing")
        for name, author in (("LAN", self.lan), ("new", self.env["res.partner"])):
            address = f"Nguyễn Thị Lan <{name}@own.example>"
            text = mail.format(address, name, parent.message_id)
            letters.message_process("crm.lead", text)
            answer = lead.message_ids.sorted("id")[-1]
            self.assertEqual(answer.author_id, author)

    def test_a_bill_that_comes_as_a_file(self):
        """Odoo makes the vendor whom it does not find, as whoever drops the file."""
        kind = "account.edi.xml.ubl_bis3"
        if kind not in self.env:
            self.skipTest("No electronic bills here")
        self._ask("block")
        self.sales.group_ids += self.env.ref("account.group_account_invoice")
        moves = self.env["account.move"].with_user(self.sales)
        decoder = moves._get_edi_decoder({"import_file_type": kind}, new=True)
        vendor = {**self.again, "email": False, "vat": "8765432109"}
        nobody = self.partners.browse()
        with patch.object(
            self.env.registry["res.partner"],
            "_retrieve_partner",
            lambda *_args, **_values: nobody,
        ):
            importer = decoder["decoder"].__self__
            made, _logs = importer._import_partner(self.company, **vendor)
        self.assertTrue(made)
        self.assertEqual(made.create_uid, self.sales)

    def test_users_and_their_contacts(self):
        self._ask("block")
        admin = new_test_user(
            self.env,
            "customer-admin",
            groups="base.group_erp_manager,base.group_partner_manager",
        )
        users = self.env["res.users"].with_user(admin)
        made = users.create({**self.again, "login": "lan-again"})
        self.assertEqual(self._find_pairs(made.partner_id.sudo()), self.lan)

    # ------------------------------------------------------------
    # LEADS
    # ------------------------------------------------------------

    def _convert(self, lead, **values):
        wizards = self.env["crm.lead2opportunity.partner"].with_user(self.sales)
        wizard = wizards.with_context(active_id=lead.id, active_ids=lead.ids).create(
            {"name": "convert", "lead_id": lead.id, **values}
        )
        wizard.action_apply()
        return lead.partner_id

    def test_a_lead_proposes_who_is_there(self):
        for action in ("inform", "reason", "block"):
            self._ask(action)
            self.assertEqual(self._convert(self._lead()), self.lan, action)

    def test_a_lead_that_asks_for_a_new_customer(self):
        for action in ("reason", "block"):
            self._ask(action)
            lead = self._lead()
            self.assertEqual(self._convert(lead, action="create"), self.lan, action)
        self.assertEqual(self._count(), 0)
        self._ask("inform")
        made = self._convert(self._lead(), action="create")
        self.assertNotEqual(made, self.lan)
        self.assertEqual(self._find_pairs(made), self.lan)

    def test_a_lead_that_takes_somebody_else(self):
        self._ask("block")
        lead = self._lead()
        taken = self._convert(lead, action="exist", partner_id=self.an_phat.id)
        self.assertEqual(taken, self.an_phat)

    def test_a_lead_that_takes_nobody(self):
        self._ask("block")
        self.assertFalse(self._convert(self._lead(), action="exist", partner_id=False))
        self.assertEqual(self._count(), 0)

    def test_many_leads_at_once(self):
        self._ask()
        leads = self._lead() + self._lead(contact_name="Trâm", phone="0977 111 222")
        wizards = self.env["crm.lead2opportunity.partner.mass"].with_user(self.sales)
        wizard = wizards.with_context(
            active_model="crm.lead", active_ids=leads.ids
        ).create({"name": "convert", "deduplicate": False})
        wizard.action_mass_convert()
        self.assertEqual(leads[0].partner_id, self.lan)
        self.assertEqual(leads[1].partner_id.name, "Trâm")

    # ------------------------------------------------------------
    # A NOTE BESIDE A TELEPHONE
    # ------------------------------------------------------------

    NOTE = f"{PHONE} (gọi chị Nguyễn Thị Lan)"

    def _kinds(self, partner):
        self.env.flush_all()
        keys = self.env["customer.key"].search([("partner_id", "=", partner.id)])
        return set(keys.mapped("kind"))

    def test_a_note_is_no_name_of_an_address(self):
        address = self._customer(
            False, type="delivery", parent_id=self.an_phat.id, phone=self.NOTE
        )
        self.assertNotIn("name", self._kinds(address))
        address.phone = self.NOTE.replace("gọi", "hỏi")
        self.assertNotIn("name", self._kinds(address))
        found = self._levels(name="Nguyễn Thị Lan", phone=PHONE)
        self.assertEqual(found.pop(self.lan.id), "sure")
        self.assertNotIn("sure", found.values())

    def test_nor_is_it_in_a_form(self):
        found = self._levels(name="", phone=self.NOTE)
        self.assertNotIn("sure", found.values())
        found = self._levels(name="Nguyễn Thị Lan", phone=self.NOTE)
        self.assertEqual(found[self.lan.id], "sure")

    def test_nor_a_reason_to_refuse_an_address(self):
        self._ask("block")
        address = {"type": "delivery", "phone": self.NOTE}
        self.assertTrue(self.partners.create({**address, "parent_id": self.an_phat.id}))

    def test_who_has_the_number_for_a_name_is_called_as_the_note_says(self):
        """Somebody mistook the two fields."""
        entry = read_known("0912 345 678", phone="Nguyễn Thị Lan")
        self.assertEqual(entry.words, ("nguyen", "thi", "lan"))
        self.assertEqual(len(entry.phones), 1)
        self.assertEqual(read_known(" ", phone=self.NOTE).words, ())

    # ------------------------------------------------------------
    # SAVING LOOKS AT WHO DECIDES
    # ------------------------------------------------------------

    def _surely(self, **values):
        """Return who surely is the same, found fast and by looking at all."""
        matches = self.env["customer.match"]
        asked = matches._read_form(values)
        found = matches._match(*asked)
        return (
            set(matches._match_surely(*asked)),
            {partner for partner, match in found.items() if match.level == "sure"},
        )

    def test_looking_at_who_decides_finds_the_same(self):
        self._customer("Nguyễn Thị Lan", street="5 Lê Lợi", city="Huế")
        self._customer("Trần Văn Ba", birthdate_date="1990-03-10")
        for values in (
            self.again,
            {"name": "Cty An Phat", "vat": "0100233488"},
            {"name": "An Phát", "email": "INFO@anphat.vn", "is_company": True},
            {"name": "Trần Văn Ba", "birthdate_date": "1990-03-10"},
        ):
            fast, all_of_them = self._surely(**values)
            self.assertTrue(fast, values)
            self.assertEqual(fast, all_of_them, values)
        for values in (
            {"name": "Nguyễn Thị Lan"},
            {"name": "Nguyễn Thị Lan", "street": "5 Lê Lợi", "city": "Huế"},
            {"name": "Nguyễn Thị Lan", "phone": "0977 111 222"},
        ):
            self.assertEqual(self._surely(**values), (set(), set()), values)

    def test_a_number_of_too_many_may_decide_with_a_name(self):
        """It finds nobody: whoever has the name is looked at as well."""
        self.env["res.partner"].create(
            [{"name": f"Xã {n}", "phone": "024 3869 3731"} for n in range(60)]
        )
        rare = "Ksor Hờ Bia Rcom"
        self._customer(
            rare, phone="024 3869 3731", birthdate_date="1990-03-10", street="5 Lê Lợi"
        )
        fast, all_of_them = self._surely(
            name=rare, phone="024 3869 3731", street="5 Lê Lợi"
        )
        self.assertEqual(fast, all_of_them)

    def test_those_who_became_one_count_as_one(self):
        self.env["res.partner"].create(
            [{"name": f"Xã {n}", "phone": PHONE} for n in range(7)]
        )
        twins = self.env["res.partner"].create(
            [{"name": "Nguyễn Thị Lan", "city": f"Xã {n}"} for n in range(30)]
        )
        self.env["customer.merge"]._merge(twins, self.lan)
        fast, all_of_them = self._surely(**self.again)
        self.assertEqual(fast, all_of_them)
        self.assertEqual(fast, {self.lan.id})

    def test_who_shares_a_name_only_is_not_compared(self):
        self._ask()
        values = {"name": "Nguyễn Thị Lan", "phone": "0977 111 222"}
        with patch(COMPARE) as compared:
            self.partners.create(values)
        compared.assert_not_called()

    def _make(self, number):
        """Make a contact as a request does, whose caches of records are empty."""
        self.env.flush_all()
        self.env.invalidate_all()
        values = {"name": "Nguyễn Thị Lan", "phone": f"0911 000 {number}"}
        self.partners.create(values)
        self.env.flush_all()

    def test_a_reason_asked_for_takes_three_queries(self):
        """What is known by now, who shares it, and that nobody else enters it."""
        for number in (101, 102):
            self._make(number)
        before = self.env.cr.sql_log_count
        self._make(103)
        without = self.env.cr.sql_log_count - before
        self._ask()
        for number in (104, 105):
            self._make(number)
        with self.assertQueryCount(without + 3):
            self._make(106)

    def test_who_has_no_number_is_compared_with_nobody(self):
        self._ask()
        with self.assertQueryCount(0):
            matches = self.env["customer.match"]
            asked = read_known("Nguyễn Thị Lan"), self.lan.browse(), self.lan.browse()
            self.assertEqual(matches._match_surely(*asked), {})
