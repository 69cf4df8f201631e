from lxml import etree

from odoo.exceptions import AccessDenied, AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestLeaving(AccessCommon):
    """What the guide says of a colleague who leaves (docs/customers.md)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = new_test_user(
            cls.env,
            "access-keeper",
            groups="sales_team.group_sale_salesman_all_leads",
        )
        cls.after = new_test_user(
            cls.env, "access-after", groups="sales_team.group_sale_salesman"
        )
        cls.team.member_ids += cls.after
        cls.company = cls._customer("Company", is_company=True, user_id=cls.mai.id)
        cls.contact = cls._customer(
            "Contact", parent_id=cls.company.id, user_id=cls.mai.id
        )
        cls.order = cls.env["sale.order"].create(
            {"partner_id": cls.company.id, "user_id": cls.mai.id}
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Beds", "partner_id": cls.company.id, "user_id": cls.mai.id}
        )
        cls.documents = (cls.company, cls.order, cls.lead)
        for document in cls.documents:
            document.message_subscribe(cls.mai.partner_id.ids)
        cls.activities = cls.company.activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.mai.id
        ) + cls.lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=cls.mai.id
        )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))

    def _log_in(self):
        login = {"login": "access-mai", "password": "access-mai", "type": "password"}
        return self.env["res.users"]._login(login, {"interactive": False})

    def _read_list(self, view):
        """Return the list that a view shows, for who does it."""
        partners = self.env[self.env.ref(view).model].with_user(self.keeper)
        shown = partners.get_view(self.env.ref(view).id, "list")["arch"]
        return etree.fromstring(shown)

    def _is_set_for_ticked(self, view, field):
        shown = self._read_list(view)
        columns = [
            column
            for column in shown.findall("field")
            if column.get("name") == field
            and column.get("readonly") not in ("1", "True")
            and column.get("column_invisible") not in ("1", "True")
        ]
        return shown.get("multi_edit") == "1" and bool(columns)

    # ------------------------------------------------------------
    # ARCHIVING
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.res_users")
    def test_archiving_takes_the_log_in_away(self):
        self.assertEqual(self._log_in()["uid"], self.mai.id)
        self.mai.action_archive()
        with self.assertRaises(AccessDenied):
            self._log_in()

    def test_archiving_deletes_what_was_planned_for_them(self):
        self.assertEqual(len(self.activities.exists()), 2)
        self.mai.action_archive()
        self.assertFalse(self.activities.exists())

    def test_all_that_was_theirs_still_names_them(self):
        self.mai.action_archive()
        self.env.flush_all()
        self.env.invalidate_all()
        for document in (*self.documents, self.contact):
            self.assertEqual(document.user_id, self.mai, document)
        for document in self.documents:
            followers = document.message_follower_ids.partner_id
            self.assertIn(self.mai.partner_id, followers, document)

    def test_who_has_settings_and_administers_sales_archives(self):
        for user in (self.leader, self.keeper, self.manager):
            with self.assertRaises(AccessError):
                self.mai.with_user(user).action_archive()
        groups = "base.group_system"
        admin = new_test_user(self.env, "access-admin", groups=groups)
        with self.assertRaises(AccessError):
            self.mai.with_user(admin).action_archive()
        self.nam.with_user(admin).action_archive()
        self.assertFalse(self.nam.active, "in no sales team")
        admin.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.mai.with_user(admin).action_archive()
        self.assertFalse(self.mai.active)

    # ------------------------------------------------------------
    # HANDING OVER BY HAND
    # ------------------------------------------------------------

    def _give(self, records, by, name="user_id"):
        """As a list does with those that are ticked."""
        records.with_user(by).web_save({name: self.after.id}, {name: {}})
        self.env.flush_all()
        self.env.invalidate_all()

    def test_customers_are_ticked_and_take_their_contacts_along(self):
        for view in ("base.view_partner_tree", "customer_base.customer_team_view_list"):
            self.assertTrue(self._is_set_for_ticked(view, "user_id"), view)
        for by in (self.keeper, self.leader):
            self.company.user_id = self.contact.user_id = self.mai
            self._give(self.company + self.mine, by)
            self.assertEqual(self.mine.user_id, self.after, by.login)
            self.assertEqual(self.company.user_id, self.after, by.login)
            self.assertEqual(self.contact.user_id, self.after, by.login)
            self.assertFalse(self._sees(self.contact), "at once")
            self.mine.user_id = self.mai

    def test_elsewhere_contacts_are_ticked_too(self):
        self.access._switch(False)
        self._give(self.company, self.keeper)
        self.assertEqual(self.company.user_id, self.after)
        self.assertEqual(self.contact.user_id, self.mai)
        self._give(self.contact, self.keeper)
        self.assertEqual(self.contact.user_id, self.after)

    def test_leads_are_ticked(self):
        for view in ("crm.crm_case_tree_view_leads", "crm.crm_case_tree_view_oppor"):
            self.assertTrue(self._is_set_for_ticked(view, "user_id"), view)
        self._give(self.lead, self.keeper)
        self.assertEqual(self.lead.user_id, self.after)

    def test_quotations_are_given_one_by_one(self):
        for view in ("sale.view_quotation_tree", "sale.view_order_tree"):
            self.assertFalse(self._is_set_for_ticked(view, "user_id"), view)
        self._give(self.order, self.keeper)
        self.assertEqual(self.order.user_id, self.after)

    def test_activities_are_ticked(self):
        action = self.env.ref("mail.mail_activity_action_my")
        shown = action.view_ids.filtered(lambda one: one.view_mode == "list").view_id
        self.assertTrue(
            self._is_set_for_ticked(shown.get_external_id()[shown.id], "user_id")
        )
        own = [("user_id", "=", self.mai.id)]
        found = self.env["mail.activity"].with_user(self.keeper).search(own)
        self.assertEqual(found, self.activities)
        self._give(found, self.keeper)
        self.assertEqual(self.activities.user_id, self.after)
        self.mai.action_archive()
        self.assertEqual(len(self.activities.exists()), 2)

    def test_leaders_see_no_documents_of_others(self):
        self.assertTrue(self._sees(self.company, self.leader))
        for document in (self.order, self.lead):
            self.assertFalse(document.with_user(self.leader).has_access("read"))
            self.assertTrue(document.with_user(self.keeper).has_access("read"))
