from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestLevel(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vip = cls.env["customer.level"].create({"name": "VIP", "color": 3})
        cls.gold = cls.env["customer.level"].create({"name": "Gold", "color": 4})
        cls.leader = new_test_user(
            cls.env,
            "customer-leader",
            groups="sales_team.group_sale_manager,base.group_partner_manager",
        )
        cls.contact = cls._customer("Trần Văn Ba", parent_id=cls.an_phat.id)

    def _set(self, partner, level, user):
        partner.with_user(user).customer_level_id = level

    def test_contacts_have_the_level_of_their_company(self):
        self._set(self.an_phat, self.vip, self.leader)
        self.assertEqual(self.contact.customer_level_id, self.vip)
        new = self._customer("Lê Văn Tư", parent_id=self.an_phat.id)
        self.assertEqual(new.customer_level_id, self.vip)
        self._set(self.an_phat, False, self.leader)
        self.assertFalse((self.contact | new).customer_level_id)

    def test_a_salesperson_sets_no_level(self):
        with self.assertRaises(AccessError):
            self._set(self.an_phat, self.vip, self.sales)
        customers = self.env["res.partner"].with_user(self.sales)
        with self.assertRaises(AccessError):
            customers.create({"name": "New", "customer_level_id": self.vip.id})
        with self.assertRaises(AccessError):
            customers.with_context(default_customer_level_id=self.vip.id).create(
                {"name": "New"}
            )

    def test_a_salesperson_takes_no_level_away(self):
        self.an_phat.customer_level_id = self.vip
        with self.assertRaises(AccessError):
            self._set(self.an_phat, False, self.sales)

    def test_a_salesperson_adds_contacts_of_a_vip(self):
        self.an_phat.customer_level_id = self.vip
        with Form(self.env["res.partner"].with_user(self.sales)) as form:
            form.name = "Lê Văn Tư"
            form.parent_id = self.an_phat
        self.assertEqual(form.record.customer_level_id, self.vip)

    def test_a_contact_has_no_level_of_its_own(self):
        with self.assertRaises(UserError):
            self._set(self.contact, self.vip, self.leader)

    def test_who_leaves_the_company_leaves_its_level(self):
        self.an_phat.customer_level_id = self.vip
        self.contact.with_user(self.sales).parent_id = False
        self.assertFalse(self.contact.customer_level_id)
        other = self._customer("Lê Văn Tư", parent_id=self.an_phat.id)
        other.with_user(self.sales).is_company = True
        self.assertFalse(other.customer_level_id)

    def test_nobody_keeps_a_level_by_leaving(self):
        self.an_phat.customer_level_id = self.vip
        for values in ({"parent_id": False}, {"is_company": True}):
            contact = self._customer("Lê Văn Tư", parent_id=self.an_phat.id)
            with self.assertRaises(AccessError):
                contact.with_user(self.sales).write(
                    {**values, "customer_level_id": self.vip.id}
                )
            contact.with_user(self.leader).write(
                {**values, "customer_level_id": self.vip.id}
            )
            self.assertEqual(contact.customer_level_id, self.vip)

    def test_who_goes_to_another_company_has_its_level(self):
        self.an_phat.customer_level_id = self.vip
        other = self._customer("Other", is_company=True)
        below = self._customer("Lê Văn Tư", parent_id=self.contact.id)
        self.contact.with_user(self.sales).parent_id = other
        self.assertFalse((self.contact | below).customer_level_id)
        other.customer_level_id = self.gold
        self.contact.with_user(self.sales).parent_id = self.an_phat
        self.assertEqual((self.contact | below).customer_level_id, self.vip)

    def test_the_company_of_a_person_has_the_persons_level(self):
        """Whoever presses Odoo's button beside the name of the company."""
        for user in (self.sales, self.leader):
            person = self._customer(
                "Trần Văn Ba", company_name="Trúc Xinh", user_id=user.id
            )
            person.customer_level_id = self.vip
            person.with_user(user).create_company()
            company = person.parent_id
            self.assertEqual(company.name, "Trúc Xinh")
            self.assertEqual(person.customer_level_id, self.vip)
            self.assertEqual(company.customer_level_id, self.vip)

    def test_the_company_of_a_person_without_a_level_has_none(self):
        person = self._customer("Trần Văn Ba", company_name="Trúc Xinh")
        person.with_user(self.sales).create_company()
        self.assertTrue(person.parent_id)
        self.assertFalse((person | person.parent_id).customer_level_id)

    def test_a_contact_takes_no_level_into_a_company_of_its_own(self):
        self.an_phat.customer_level_id = self.vip
        self.assertEqual(self.contact.customer_level_id, self.vip)
        self.contact.company_name = "Trúc Xinh"
        self.contact.with_user(self.sales).create_company()
        self.assertEqual(self.contact.parent_id.name, "Trúc Xinh")
        self.assertFalse(self.contact.parent_id.customer_level_id)
        self.assertFalse(self.contact.customer_level_id)

    def test_what_the_system_moves_leaves_its_level_too(self):
        self.an_phat.customer_level_id = self.vip
        self.contact.sudo().parent_id = False
        self.assertFalse(self.contact.customer_level_id)

    def test_a_company_keeps_its_level_when_written(self):
        self.an_phat.customer_level_id = self.vip
        self.an_phat.with_user(self.sales).write(
            {"is_company": True, "name": "An Phát"}
        )
        self.assertEqual(self.an_phat.customer_level_id, self.vip)

    @mute_logger("odoo.sql_db")
    def test_one_name_is_one_level_in_all_languages(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        levels = self.env["customer.level"]
        self.vip.with_context(lang="vi_VN").name = "Khách quý"
        for model, name in (
            (levels, "VIP"),
            (levels.with_context(lang="vi_VN"), "VIP"),
            (self.env["customer.salutation"].with_context(lang="vi_VN"), "Anh"),
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                model.create({"name": name})

    def test_a_copy_has_no_level(self):
        self.an_phat.customer_level_id = self.vip
        self.assertFalse(self.an_phat.copy().customer_level_id)

    def test_orders_and_leads_show_it(self):
        self.an_phat.customer_level_id = self.vip
        order = self.env["sale.order"].create({"partner_id": self.contact.id})
        lead = self.env["crm.lead"].create(
            {"name": "Beds", "partner_id": self.contact.id}
        )
        for document in (order, lead):
            shown = document.with_user(self.sales)
            self.assertEqual(shown.customer_level_id, self.vip)
            self.assertEqual(shown.customer_level_color, 3)

    def _offered(self, name, user=None, **specification):
        partners = self.env["res.partner"].with_user(user or self.sales)
        found = partners.web_name_search(name, {"display_name": {}, **specification})
        return {row["id"]: row.get("customer_level") for row in found}

    def test_whoever_chooses_a_customer_sees_it(self):
        self.an_phat.customer_level_id = self.vip
        badge = {"name": "VIP", "color": 3}
        self.assertEqual(self._offered("An Phát")[self.an_phat.id], badge)
        self.assertIsNone(self._offered("Nguyễn Thị Lan")[self.lan.id])
        more = self._offered("An Phát", phone={})
        self.assertEqual(more[self.an_phat.id], badge)

    def test_the_choice_takes_as_many_queries_for_twenty_as_for_one(self):
        customers = [self._customer(f"Hospital {number}") for number in range(20)]
        many = self.env["res.partner"].union(*customers)
        many.customer_level_id = self.vip
        many[10:].customer_level_id = self.gold

        def count(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners = self.env["res.partner"].with_user(self.sales)
            found = partners.web_name_search(
                "Hospital", {"display_name": {}}, limit=limit
            )
            self.assertEqual(len(found), limit)
            self.assertTrue(all(row["customer_level"] for row in found))
            return self.env.cr.sql_log_count - before

        count(20)  # what is remembered for others
        self.assertEqual(count(20), count(1))

    def test_levels_cost_the_choice_one_query(self):
        partners = self.env["res.partner"].with_user(self.sales)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = partners.web_name_search("An Phát", {"display_name": {}})
            self.assertNotIn("customer_level", found[0])
            return self.env.cr.sql_log_count - before

        count()
        with_levels = count()
        (self.vip + self.gold).unlink()
        count()
        self.assertLessEqual(with_levels - count(), 1)

    def test_outsiders_are_told_no_levels(self):
        self.an_phat.customer_level_id = self.vip
        portal = new_test_user(self.env, "level-portal", groups="base.group_portal")
        self.an_phat.message_subscribe(portal.partner_id.ids)
        partners = self.env["res.partner"].with_user(portal)
        own = portal.partner_id
        own.customer_level_id = self.vip
        rows = partners.web_name_search("level-portal", {"display_name": {}})
        self.assertTrue(rows)
        self.assertFalse([row for row in rows if "customer_level" in row])

    def test_leads_and_what_is_planned_show_it(self):
        """Every list, card, calendar and board of customers, orders and leads."""
        for xmlid in (
            "crm.crm_case_tree_view_leads",
            "crm.crm_case_tree_view_oppor",
            "crm.crm_case_calendar_view_leads",
            "crm.crm_lead_view_activity",
            "sale.sale_order_view_activity",
            "sale.view_sale_order_calendar",
            "mail.res_partner_view_activity",
        ):
            view = self.env.ref(xmlid)
            arch = self.env[view.model].get_view(view.id, view.type)["arch"]
            self.assertIn('name="customer_level_id"', arch, xmlid)

    def test_the_banner_shows_it(self):
        self.an_phat.customer_level_id = self.vip
        for match in self._find(vat="0100233488")["matches"]:
            self.assertEqual(match["vip"], {"name": "VIP", "color": 3})
        (match,) = self._find(phone="0912 345 678")["matches"]
        self.assertFalse(match["vip"])
