from unittest.mock import patch

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..models import customer_field_rule
from ..models.customer_field_rule import SCORED_TO
from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestCompleteness(CustomerCommon):
    def _rule(self, name, *names, **values):
        fields = [
            self.env["ir.model.fields"]._get("res.partner", field).id for field in names
        ]
        return self.env["customer.field.rule"].create(
            {"name": name, "field_ids": fields, **values}
        )

    def _score(self, partner):
        partner.flush_recordset()
        return partner.data_score

    def _run(self):
        self.env.flush_all()
        self.env.ref("customer_base.ir_cron_score").method_direct_trigger()
        self.env.invalidate_all()

    def _reach(self, **values):
        return self._rule("How to reach them", "phone", "email", **values)

    def test_without_rules_nothing_is_shown(self):
        self.assertFalse(self._score(self.lan))
        self.assertFalse(self.lan.data_groups)

    def test_a_new_customer_has_its_score(self):
        self._reach(weight=3)
        self._rule("Where", "street")
        customer = self._customer("New", phone="0912 345 679", street="1 Lê Lợi")
        self.assertEqual(self._score(customer), 62)  # (3 * 1/2 + 1) / 4

    def test_each_write_keeps_it(self):
        self._reach()
        customer = self._customer("New")
        self.assertEqual(self._score(customer), 0)
        customer.phone = "0912 345 679"
        self.assertEqual(self._score(customer), 50)
        customer.email = "a@b.vn"
        self.assertEqual(self._score(customer), 100)
        customer.email = "  "
        self.assertEqual(self._score(customer), 50)

    def test_one_may_be_enough(self):
        self._reach(is_one_enough=True)
        customer = self._customer("New", phone="0912 345 679")
        self.assertEqual(self._score(customer), 100)

    def test_a_company_asks_its_own_customers_only(self):
        companies = self.env["res.company"]
        one, other = companies.create([{"name": "One"}, {"name": "Other"}])
        branch = companies.create({"name": "Branch", "parent_id": one.id})
        rule = self._rule("Tax", "vat", company_id=one.id, is_required=True)
        self._rule("Where", "street")
        customers = self.env["res.partner"].create(
            [
                {"name": f"New {company.id}", "company_id": company.id, "street": "1"}
                for company in (one, branch, other, self.env["res.company"])
            ]
        )
        self.env.flush_all()
        self.assertEqual(customers.mapped("data_score"), [50, 50, 100, 100])
        self.assertEqual(
            customers.mapped("is_data_missing"), [True, True, False, False]
        )
        for customer in customers:
            self.assertEqual(
                rule.id in [group["id"] for group in customer.data_groups],
                customer.is_data_missing,
            )
        customers[0].company_id = other
        customers[3].company_id = one
        self.env.flush_all()
        self.assertEqual(customers.mapped("data_score"), [100, 50, 100, 50])
        rule.company_id = False
        self._run()
        self.assertEqual(customers.mapped("data_score"), [50, 50, 50, 50])

    def test_managers_see_what_their_companies_ask(self):
        other = self.env["res.company"].create({"name": "Other"})
        rules = self._rule("Tax", "vat", company_id=other.id) + self._reach()
        manager = new_test_user(
            self.env, "data-manager", groups="sales_team.group_sale_manager"
        )
        self.assertEqual(rules.with_user(manager)._filtered_access("write"), rules[1])

    # ------------------------------------------------------------
    # WINDOWS
    # ------------------------------------------------------------

    def _get_form(self, xmlid):
        form = self.env["res.partner"].get_view(self.env.ref(xmlid).id, "form")["arch"]
        return etree.fromstring(form)

    def test_windows_have_what_is_refused_without(self):
        self._rule("Tax", "vat", kind="company", is_required=True)
        self._reach(is_required=True, is_one_enough=True)
        simple = "base.view_partner_simple_form"
        wanted = ".//group[@name='demanded']/field"
        self.assertFalse(self._get_form(simple).findall(wanted), "only said")
        self.env.company.required_data_action = "refuse"
        added = [
            (node.get("name"), node.get("invisible"))
            for node in self._get_form(simple).iterfind(wanted)
        ]
        self.assertEqual(added, [("vat", "not is_company"), ("is_company", "1")])
        form = self._get_form("base.view_partner_form")
        contact = form.find(".//field[@name='child_ids']/form")
        of_contact = contact.findall(wanted)
        self.assertEqual(of_contact[0].get("name"), "vat")
        self.assertEqual(form.findall(wanted), of_contact, "the form itself has it")

    def test_a_lead_says_where_the_rest_is_entered(self):
        self._rule("Tax", "vat", is_required=True)
        self.env.company.required_data_action = "refuse"
        lead = self.env["crm.lead"].with_user(self.sales)
        lead = lead.create({"name": "Beds", "contact_name": "Hoa"})
        with self.assertRaisesRegex(ValidationError, "Hoa.*lead.*under Contacts"):
            lead._handle_partner_assignment()

    def test_a_lead_that_is_corrected_asks_for_nothing_of_its_customer(self):
        """What the customer lacked before is on no screen there."""
        self._rule("Tax", "vat", "phone", "email", is_required=True)
        customer = self._customer("Hospital", email="a@b.vn")
        lead = self.env["crm.lead"].create(
            {"name": "Beds", "partner_id": customer.id, "user_id": self.sales.id}
        )
        self.env.company.required_data_action = "refuse"
        lead = lead.with_user(self.sales)
        lead.phone = "0912 000 111"
        self.assertEqual(customer.phone, "0912 000 111")
        lead.email_from = "c@d.vn"
        self.assertEqual(customer.email, "c@d.vn")
        self.env.flush_all()
        self.assertTrue(customer.is_data_missing)
        for context in ({}, {"customer_base_no_data_asked": True}):
            with self.assertRaisesRegex(ValidationError, "Hospital is not complete"):
                customer.with_user(self.sales).with_context(**context).phone = "0913"

    def test_a_company_made_of_a_contact_says_where_the_rest_is_entered(self):
        self._rule("Tax", "phone", kind="company", is_required=True)
        person = self._customer("Hoa", company_name="Ward Ltd", user_id=self.sales.id)
        self.env.company.required_data_action = "refuse"
        with self.assertRaisesRegex(ValidationError, "Ward Ltd.*under Contacts"):
            person.with_user(self.sales).create_company()
        self.env.company.required_data_action = "say"
        person.with_user(self.sales).create_company()
        self.assertEqual(person.parent_id.name, "Ward Ltd")
        self.assertFalse(person.parent_id.env.context.get("company_of_contact"))

    # ------------------------------------------------------------
    # WHO IS ASKED
    # ------------------------------------------------------------

    def test_people_and_companies_are_asked_for_their_own(self):
        self._rule("Birthday", "birthdate_date", kind="person")
        self._rule("Tax code", "vat", kind="company")
        company = self._customer("New", is_company=True, vat="0100233488")
        person = self._customer("New")
        self.assertEqual([self._score(company), self._score(person)], [100, 0])
        person.is_company = True
        person.vat = "0100233488"
        self.assertEqual(self._score(person), 100)

    def test_addresses_have_none(self):
        self._reach()
        address = self._customer("Store", parent_id=self.an_phat.id, type="delivery")
        self.assertFalse(self._score(address))
        self.assertFalse(address.data_groups)

    def test_a_customer_is_asked_for_more_from_the_first_order(self):
        self._reach()
        self._rule("Where", "street", stage="customer")
        company = self._customer("New", is_company=True, phone="1", email="a@b.vn")
        contact = self._customer("Ba", parent_id=company.id, phone="1", email="c@b.vn")
        both = [company, contact]
        self.assertEqual([self._score(one) for one in both], [100, 100])
        order = self.env["sale.order"].create({"partner_id": contact.id})
        self.assertEqual([self._score(one) for one in both], [100, 100])
        order.action_confirm()
        self.assertEqual([self._score(one) for one in both], [50, 50])
        self.assertEqual(len(contact.data_groups), 2)
        order._action_cancel()
        self.assertEqual([self._score(one) for one in both], [100, 100])

    def test_a_changed_rule_is_worked_out_by_the_job(self):
        rule = self._reach()
        self._run()
        self.assertEqual([self.lan.data_score, self.an_phat.data_score], [50, 100])
        rule.is_one_enough = True
        self._run()
        self.assertEqual(self.lan.data_score, 100)
        rule.unlink()
        self._run()
        self.assertFalse(self.lan.data_score)
        self.env.cr.execute("SELECT COUNT(data_score) FROM res_partner")
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertFalse(self.env["ir.config_parameter"].get_param(SCORED_TO))

    def test_a_rule_that_changes_during_the_job_has_all_begin_anew(self):
        rule = self._reach()
        new = self._customer("New", phone="0912 345 679")
        self.assertEqual(self._score(new), 50)

        def commit(_cron, *_args, **_values):
            # after the batch with the new one
            if not rule.is_one_enough:
                rule.is_one_enough = True
            return 1

        with (
            patch.object(customer_field_rule, "BATCH", 5),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", commit),
        ):
            self.env["customer.field.rule"]._cron_score()
        self.env.invalidate_all()
        self.assertEqual(new.data_score, 100)
        self.assertFalse(self.env["ir.config_parameter"].get_param(SCORED_TO))

    def test_a_killed_job_goes_on_where_it_was(self):
        self._reach()
        self.env["customer.mark"]._set_place(SCORED_TO, self.lan.id)
        self._run()
        self.assertEqual(self.an_phat.data_score, 100)
        self.assertFalse(self.lan.data_score)

    def test_what_somebody_writes_is_not_the_score(self):
        self._reach()
        self.lan.with_user(self.sales).write({"data_score": 100})
        self.assertEqual(self._score(self.lan), 50)

    def test_the_form_and_the_database_agree(self):
        self._reach(weight=3)
        self._rule(
            "Who", "gender", "birthdate_date", "salutation_id", is_one_enough=True
        )
        self._rule("Numbers", "partner_latitude", "color", "ref", weight=7)
        customers = self.env["res.partner"].create(
            [
                {"name": "A", "phone": "1", "color": 3},
                {"name": "B", "email": " ", "gender": "female"},
                {"name": "C", "birthdate_date": "1990-01-01", "ref": "7", "email": "x"},
                {"name": "D", "partner_latitude": 1.5},
            ]
        )
        for customer in customers:
            reached = total = 0
            for group in customer.data_groups:
                filled = [field["is_filled"] for field in group["fields"]]
                share = sum(filled) / len(filled)
                share = any(filled) if group["is_one_enough"] else share
                reached += group["weight"] * share
                total += group["weight"]
            score = int(100 * reached / total + 1e-9)
            self.assertEqual(self._score(customer), score, customer.name)

    def test_a_sales_manager_makes_rules(self):
        leader = new_test_user(
            self.env, "customer-leader", groups="sales_team.group_sale_manager"
        )
        fields = self.env["ir.model.fields"].with_user(leader)
        rules = self.env["customer.field.rule"].with_user(leader)
        phone = fields.search([("model", "=", "res.partner"), ("name", "=", "phone")])
        rule = rules.create({"name": "Telephone", "field_ids": phone.ids})
        shown = {"name": {}, "field_ids": {"fields": {"display_name": {}}}}
        (read,) = rule.web_read(shown)
        self.assertIn("Phone", read["field_ids"][0]["display_name"])

    def test_fields_that_are_never_empty_do_not_count(self):
        for name in ("is_company", "category_id", "barcode", "comment"):
            with self.assertRaises(ValidationError, msg=name):
                self._rule("Wrong", name)

    @mute_logger("odoo.sql_db")
    def test_weights_that_are_none_are_refused(self):
        for weight in (0, -3, 1001):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self._reach(weight=weight)
                self.env.flush_all()
        for fields in ((), ("category_id",), ("image_1920",), ("active",)):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._rule("Nothing that counts", *fields)
        self.assertFalse(self._score(self.lan))

    def test_required_data_is_only_said_at_first(self):
        self._rule("Where", "street", is_required=True)
        customers = self.env["res.partner"].with_user(self.sales)
        customer = customers.create({"name": "New"})
        customer.flush_recordset()
        self.assertTrue(customer.is_data_missing)

    def test_required_data_is_refused_in_words(self):
        self._rule("Where", "street", is_required=True)
        self._reach(is_required=True, is_one_enough=True)
        self.env.company.required_data_action = "refuse"
        customers = self.env["res.partner"].with_user(self.sales)
        with self.assertRaisesRegex(ValidationError, "Fill in: Street; Phone or Email"):
            customers.create({"name": "New"})
        customer = customers.create({"name": "New", "street": "1", "email": "a@b.vn"})
        with self.assertRaises(ValidationError):
            customer.street = False
        with Form(customer) as form:
            form.phone = "0912 345 679"

    def test_what_the_system_does_is_not_refused(self):
        self._rule("Where", "street", is_required=True)
        self.env.company.required_data_action = "refuse"
        self._customer("New")
        self.env["res.users"].create({"name": "New", "login": "new-without-street"})
        self.lan.with_user(self.sales).color = 3

    def test_a_rule_costs_one_query(self):
        customers = self.env["res.partner"].with_user(self.sales)

        def create(name):
            customers.create({"name": name})
            self.env.flush_all()

        create("First")
        before = self.cr.sql_log_count
        create("Second")
        without = self.cr.sql_log_count - before
        self._reach()
        create("Third")
        before = self.cr.sql_log_count
        create("Fourth")
        self.assertLessEqual(self.cr.sql_log_count - before, without + 1)
