from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..models import customer_access
from ..models.own_customers import SEE_UNOWNED
from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestAccess(AccessCommon):
    """Who reads whom, while salespeople see their own customers only."""

    def _see_unowned(self):
        self.env["ir.config_parameter"].set_param(SEE_UNOWNED, "True")

    def test_an_owner_sees_own_customers_only(self):
        self.assertTrue(self._sees(self.mine))
        self.assertFalse(self._sees(self.theirs))

    def test_who_sees_many_is_told_how_many_they_are(self):
        """They are counted in another way than they are looked for."""
        partners = self.env["res.partner"].with_user(self.mai)
        few = partners.search([])
        self.assertIn(self.mine, few)
        self.assertEqual(partners.search_count([]), len(few))
        self.patch(customer_access, "FEW", 0)
        self.assertEqual(partners.search([]), few)
        counted = partners._search([])
        self.assertIn("ORDER BY partner_id", counted.select().code)
        self.assertEqual(len(counted), len(few))
        self.assertEqual(partners.search_count([("id", "in", few.ids)]), len(few))
        for limited in (
            partners._search([], limit=5),
            partners._search([("id", ">", 0)]),
        ):
            self.assertNotIn("ORDER BY partner_id", limited.select().code)

    def test_off_in_a_click(self):
        self.access._switch(False)
        self.assertTrue(self._sees(self.theirs))
        self.assertTrue(self._writes(self.theirs))

    def test_what_happened_while_it_was_off_counts_when_it_is_on_again(self):
        self.access._switch(False)
        self.theirs.user_id = self.mai
        self.mine.user_id = self.nam
        self.access._switch(True)
        while self.access._fill():
            pass
        self.assertTrue(self._sees(self.theirs))
        self.assertFalse(self._sees(self.mine))

    def test_others_see_what_they_saw(self):
        all_documents = new_test_user(
            self.env, "all", groups="sales_team.group_sale_salesman_all_leads"
        )
        admin = self.env.ref("base.user_admin")
        for user in (self.manager, self.accountant, all_documents, admin):
            with self.subTest(user=user.login):
                self.assertTrue(self._sees(self.theirs, user))

    def test_customers_in_the_portal_see_what_they_saw(self):
        portal = new_test_user(self.env, "portal", groups="base.group_portal")
        portal.partner_id.write({"parent_id": self.theirs.id, "user_id": self.nam.id})
        partners = self.env["res.partner"].with_user(portal)
        everybody = [("id", ">", 0)]
        seen = partners.search(everybody)
        self.assertIn(self.theirs, seen)
        self.access._switch(False)
        self.assertEqual(partners.search(everybody), seen)

    def test_who_owns_a_company_owns_its_contacts(self):
        contact = self._customer("Contact", parent_id=self.theirs.id)
        self.assertTrue(self._sees(contact, self.nam))
        self.theirs.user_id = self.mai
        self.assertTrue(self._sees(contact, self.mai))
        for partner in (contact, self.theirs):
            self.assertFalse(self._sees(partner, self.nam), "not through the contact")

    def test_a_contact_of_ones_own_shows_all_above_it(self):
        holding = self._customer("Holding", is_company=True, user_id=self.nam.id)
        self.theirs.parent_id = holding
        other = self._customer("Other", parent_id=self.theirs.id)
        contact = self._customer(
            "Contact", parent_id=self.theirs.id, user_id=self.mai.id
        )
        self.assertTrue(self._sees(self.theirs))
        self.assertTrue(self._sees(holding))
        self.assertFalse(self._sees(other), "not those beside it")
        contact.unlink()
        self.assertFalse(self._sees(self.theirs))

    def test_who_owns_a_company_reads_contacts_that_colleagues_own(self):
        contact = self._customer(
            "Contact", parent_id=self.theirs.id, user_id=self.mai.id
        )
        self.assertTrue(self._sees(contact, self.nam))
        self.assertFalse(self._writes(contact, self.nam))
        contact.parent_id = False
        self.assertFalse(self._sees(contact, self.nam))

    def test_what_moves_takes_access_along(self):
        company = self._customer("Company", is_company=True, user_id=self.nam.id)
        contact = self._customer(
            "Contact", parent_id=self.theirs.id, user_id=self.mai.id
        )
        self.assertFalse(self._sees(company))
        contact.parent_id = company
        self.assertTrue(self._sees(company))
        self.assertFalse(self._sees(self.theirs))

    def test_whom_nobody_owns(self):
        self.assertFalse(self._sees(self.unowned))
        self.assertTrue(self._sees(self.unowned, self.leader), "leaders give them")
        self._see_unowned()
        self.assertTrue(self._sees(self.unowned))

    def test_vendors_nobody_owns_are_everybodys(self):
        self.assertTrue(self._sees(self.vendor))
        self.assertTrue(self._writes(self.vendor))
        self.vendor.user_id = self.nam
        self.assertFalse(self._sees(self.vendor))

    def test_colleagues_and_companies_are_everybodys(self):
        self.assertTrue(self._sees(self.nam.partner_id))
        self.assertFalse(self._writes(self.nam.partner_id))
        self.assertTrue(self._writes(self.mai.partner_id), "one's own card")
        self.assertTrue(self._sees(self.env.company.partner_id))

    def test_a_new_company_of_ours_is_everybodys_at_once(self):
        company = self.env["res.company"].create({"name": "New of ours"})
        self.assertTrue(self._sees(company.partner_id))
        partner = self._customer("Other name", is_company=True)
        self.assertFalse(self._sees(partner))
        before = company.partner_id
        company.partner_id = partner
        self.assertTrue(self._sees(partner))
        self.assertFalse(self._sees(before))

    def test_who_left_stays_a_colleague(self):
        self.nam.active = False
        self.assertTrue(self._sees(self.nam.partner_id))

    def test_a_leader_sees_and_changes_the_teams(self):
        self.assertTrue(self._sees(self.mine, self.leader))
        self.assertTrue(self._writes(self.mine, self.leader))
        self.assertFalse(self._sees(self.theirs, self.leader))
        self.team.crm_team_member_ids.unlink()
        self.assertFalse(self._sees(self.mine, self.leader))

    def test_a_team_that_changes_changes_whom_its_leader_sees(self):
        self.assertTrue(self._sees(self.mine, self.leader))
        self.team.user_id = self.nam
        self.assertFalse(self._sees(self.mine, self.leader))
        self.assertTrue(self._sees(self.mine, self.nam))
        self.team.crm_team_member_ids.active = False
        self.assertFalse(self._sees(self.mine, self.nam))
        self.team.member_ids = self.mai
        self.assertTrue(self._sees(self.mine, self.nam))
        self.assertTrue(self._sees(self.unowned, self.nam))
        self.team.active = False
        self.assertFalse(self._sees(self.mine, self.nam))
        self.assertFalse(self._sees(self.unowned, self.nam))
        self.team.active = True
        self.assertTrue(self._sees(self.mine, self.nam))
        self.team.unlink()
        self.assertFalse(self._sees(self.mine, self.nam))

    def test_an_empty_team_has_a_leader_too(self):
        self.team.crm_team_member_ids.unlink()
        self.assertTrue(self._sees(self.unowned, self.leader))

    def _team_page(self, user):
        """Return who stands on the page of who leads, and whether a menu is there."""
        self.env.flush_all()
        self.env.invalidate_all()
        action = self.env.ref("customer_base.customer_team_action")
        found = (
            self.env["res.partner"]
            .with_user(user)
            .search(safe_eval(action.domain, {"uid": user.id}))
        )
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        menu = self.env.ref("customer_base.customer_team_menu")
        return found, menu.id in menus

    def test_who_leads_has_a_page_of_the_customers(self):
        own = self._customer("Leader's", user_id=self.leader.id)
        found, is_there = self._team_page(self.leader)
        self.assertTrue(is_there)
        self.assertEqual(found, self.mine, "no one's own, and nobody's")
        self.assertNotIn(own, found)
        self.team.member_ids += self.nam
        self.assertEqual(self._team_page(self.leader)[0], self.mine + self.theirs)

    def test_who_leads_nobody_has_no_such_page(self):
        self.assertEqual(self._team_page(self.mai), (self.env["res.partner"], False))
        self.team.user_id = self.nam
        self.assertEqual(self._team_page(self.nam), (self.mine, True))
        self.assertEqual(self._team_page(self.leader), (self.mine.browse(), False))

    def test_the_page_is_there_while_all_see_everybody(self):
        self.access._switch(False)
        self.assertEqual(self._team_page(self.leader), (self.mine, True))

    def test_whom_one_sees_is_asked_once(self):
        for user in (self.leader, self.mai):
            user._get_customer_readers()
            with self.assertQueryCount(0):
                user._get_customer_readers()

    def test_making_a_contact_asks_little_more_than_without(self):
        def count():
            partners = self.env["res.partner"].with_user(self.mai)
            for name in ("First", "Second"):  # the first one fills caches
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                partners.create({"name": name, "phone": f"091234567{len(name)}"})
                self.env.flush_all()
            return self.env.cr.sql_log_count - before

        with_rules = count()
        self.access._switch(False)
        # the table of access; and what core asks and writes once there is an owner
        self.assertLessEqual(with_rules - count(), 3)

    def test_when_a_salesperson_is_deleted_nobody_owns_theirs(self):
        self.env["crm.team.member"].search([("user_id", "=", self.mai.id)]).unlink()
        self.mai.unlink()
        self.assertTrue(self._sees(self.mine, self.leader))
        self._see_unowned()
        self.assertTrue(self._sees(self.mine, self.nam))

    def test_a_picker_with_a_contact_below_what_one_may_not_see(self):
        """The list opens, whatever stands above."""
        company = self._customer("Hidden Company", is_company=True)
        contact = self._customer(
            "Case Contact", parent_id=company.id, user_id=self.mai.id
        )
        partners = self.env["res.partner"].with_user(self.mai)
        found = partners.web_name_search("Case", {"display_name": {}})
        self.assertEqual([each["id"] for each in found], contact.ids)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_an_error_names_nobody_in_debug_mode(self):
        users = type(self.mai)
        has_group = users.has_group

        def in_debug_mode(user, group):
            return group == "base.group_no_one" or has_group(user, group)

        self.patch(users, "has_group", in_debug_mode)
        with self.assertRaises(AccessError) as caught:
            self.theirs.with_user(self.mai).read(["name"])
        self.assertNotIn("Theirs", str(caught.exception))

    def test_groups_and_exports_count_own_customers_only(self):
        partners = self.env["res.partner"].with_user(self.mai)
        names = ("name", "in", ["Mine", "Theirs"])
        counted = partners._read_group([names], [], ["__count"])
        self.assertEqual(counted, [(1,)])
        self.mai.group_ids += self.env.ref("base.group_allow_export")
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self.theirs.with_user(self.mai).export_data(["name"])

    def test_a_merge_takes_access_along_and_its_undo_back(self):
        company = self._customer("Company", is_company=True, user_id=self.mai.id)
        contact = self._customer("Contact", parent_id=self.theirs.id)
        contact.user_id = False
        shared = self._customer("Shared", is_company=True, user_id=self.nam.id)
        self.env["customer.share"].create(
            {
                "partner_id": shared.id,
                "user_id": self.leader.id,
                "until": "2099-12-31",
                "reason": "Leave",
            }
        )
        self.env.flush_all()
        merge = self.env["customer.merge"]._merge(self.theirs | shared, company)
        self.assertTrue(self._sees(contact))
        self.assertFalse(self._sees(contact, self.nam))
        self.team.crm_team_member_ids.unlink()
        self.assertTrue(self._sees(contact, self.leader), "shared with it")
        merge._undo()
        self.assertFalse(self._sees(contact))
        self.assertTrue(self._sees(contact, self.nam))
        self.assertFalse(self._sees(contact, self.leader))
        self.assertTrue(self._sees(shared, self.leader))

    def test_off_it_costs_nothing(self):
        self.access._switch(False)
        self.env.cr.execute("DELETE FROM customer_access")
        self._customer("New", user_id=self.mai.id)
        self.env.flush_all()
        self.env.cr.execute("SELECT COUNT(*) FROM customer_access")
        self.assertEqual(self.env.cr.fetchone(), (0,))


@tagged("post_install", "-at_install")
class TestTakingOver(AccessCommon):
    """What salespeople try to get at others' customers, through their own rights."""

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))
        self.partners = self.env["res.partner"].with_user(self.mai)
        self.contact = self._customer(
            "Contact", parent_id=self.theirs.id, user_id=self.mai.id
        )

    def _refused(self):
        return self.assertRaises(AccessError)

    def test_the_company_of_a_contact(self):
        theirs = self.theirs.with_user(self.mai)
        self.assertTrue(theirs.has_access("read"))
        for values in ({"user_id": self.mai.id}, {"name": "x"}, {"parent_id": False}):
            with self._refused():
                theirs.write(values)
        self.assertFalse(theirs.has_access("unlink"))

    def test_owners_stay(self):
        for owner in (self.nam.id, False):
            with self._refused():
                self.mine.with_user(self.mai).user_id = owner

    def test_a_leader_hands_on_within_the_team(self):
        self.team.member_ids += self.nam
        self.mine.with_user(self.leader).user_id = self.nam
        self.assertTrue(self._sees(self.mine, self.nam))
        self.assertFalse(self._sees(self.mine))

    def test_a_leader_takes_nobody_from_outside(self):
        with self._refused():
            self.theirs.with_user(self.leader).user_id = self.leader

    def test_whom_nobody_owns_becomes_ones_own(self):
        with self._refused():
            self.unowned.with_user(self.mai).user_id = self.mai
        self.env["ir.config_parameter"].set_param(SEE_UNOWNED, "True")
        self.unowned.with_user(self.mai).user_id = self.mai
        self.assertFalse(self._sees(self.unowned, self.nam))

    def test_under_a_foreign_company(self):
        other = self._customer("Other", is_company=True, user_id=self.nam.id)
        for company in (self.theirs, other):
            with self._refused():
                self.partners.create({"name": "New", "parent_id": company.id})
            with self._refused():
                self.mine.with_user(self.mai).parent_id = company
            with self._refused():
                self.partners.with_context(default_parent_id=company.id).create(
                    {"name": "New", "user_id": self.mai.id}
                )

    def test_the_company_written_itself(self):
        with self._refused():
            self.mine.with_user(self.mai).write(
                {"commercial_partner_id": self.theirs.id}
            )

    def test_linked_from_below(self):
        company = self._customer("Mine too", is_company=True, user_id=self.mai.id)
        # as in a request of that user: commands run in the name of who began it
        self.patch(self.env.transaction, "default_env", self.env(user=self.mai))
        with self._refused():
            company.with_user(self.mai).child_ids = [(4, self.theirs.id)]

    def test_imported_by_external_id(self):
        self.env["ir.model.data"].create(
            {
                "module": "base",
                "name": "case_theirs",
                "model": "res.partner",
                "res_id": self.theirs.id,
            }
        )
        result = self.partners.load(["id", "name"], [["base.case_theirs", "Taken"]])
        self.assertFalse(result["ids"])
        self.assertEqual(self.theirs.name, "Theirs")

    def test_copied(self):
        with self._refused():
            self.theirs.with_user(self.mai).copy()

    def test_with_a_forged_context(self):
        for context in (
            {"uid": self.nam.id},
            {"su": True},
            {"active_test": False},
            {"tz": "Pacific/Kiritimati"},
            {"install_mode": True},
            {"tracking_disable": True},
        ):
            with self._refused():
                self.theirs.with_user(self.mai).with_context(**context).name = "x"

    def test_what_one_enters_is_ones_own(self):
        new = self.partners.create({"name": "New"})
        self.assertEqual(new.user_id, self.mai)
        new = self.partners.create({"name": "New", "user_id": False})
        self.assertEqual(new.user_id, self.mai)
        with self._refused():
            self.partners.create({"name": "New", "user_id": self.nam.id})

    def test_a_contact_is_given_to_nobody_by_a_default(self):
        company = self._customer("Mine too", is_company=True, user_id=self.mai.id)
        giving = self.partners.with_context(default_user_id=self.nam.id)
        for values in ({"parent_id": company.id}, {"supplier_rank": 1}):
            with self._refused():
                giving.create({"name": "New", **values})
        self.assertFalse(self._sees(company, self.nam))

    def test_a_new_vendor_is_everybodys(self):
        new = self.partners.create({"name": "New", "supplier_rank": 1})
        self.assertFalse(new.user_id)
        self.assertTrue(self._sees(new, self.nam))

    def test_a_new_contact_follows_its_company(self):
        company = self._customer("Mine too", is_company=True, user_id=self.mai.id)
        new = self.partners.create({"name": "New", "parent_id": company.id})
        self.assertTrue(self._sees(new))
        self.assertFalse(self._sees(new, self.nam))


@tagged("post_install", "-at_install")
class TestFamily(AccessCommon):
    """What a company and its contacts have in common, whoever owns them."""

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))
        self.theirs.write({"street": "1 Lê Lợi", "vat": "0100109106"})
        self.contact = self._customer(
            "Contact", parent_id=self.theirs.id, user_id=self.mai.id
        )
        self.delivery = self._customer(
            "Delivery", parent_id=self.theirs.id, type="delivery", street="9 Hàm Nghi"
        )

    def _values(self, partner):
        self.env.flush_all()
        self.env.invalidate_all()
        return partner.street, partner.vat

    def test_contacts_that_colleagues_own_follow_their_company(self):
        company = self.theirs.with_user(self.nam)
        company.write({"street": "2 Lê Lợi", "vat": "0300588569"})
        self.assertEqual(self._values(self.contact), ("2 Lê Lợi", "0300588569"))
        self.assertEqual(self._values(self.delivery), ("9 Hàm Nghi", "0300588569"))
        self.assertEqual(self.contact.user_id, self.mai)

    def test_the_owner_of_a_company_changes_no_contact_of_a_colleague(self):
        with self.assertRaises(AccessError):
            self.contact.with_user(self.nam).street = "2 Lê Lợi"

    def test_a_contact_of_ones_own_has_an_address_of_its_own(self):
        self.contact.with_user(self.mai).write({"street": "3 Lê Lợi", "phone": "1"})
        self.assertEqual(self._values(self.contact)[0], "3 Lê Lợi")
        self.assertEqual(self._values(self.theirs)[0], "1 Lê Lợi")

    def test_no_company_of_a_colleague_is_changed_through_a_contact(self):
        contact = self.contact.with_user(self.mai)
        contact.write({"vat": "0300588569", "street": "3 Lê Lợi"})
        self.assertEqual(self._values(self.theirs), ("1 Lê Lợi", "0100109106"))
        self.assertEqual(self._values(self.contact)[1], "0100109106")

    def test_a_company_of_ones_own_follows_its_contact(self):
        company = self._customer("Mine too", is_company=True, user_id=self.mai.id)
        contact = self._customer("Contact", parent_id=company.id)
        contact.with_user(self.mai).write({"street": "3 Lê Lợi", "vat": "0300588569"})
        self.assertEqual(self._values(company), ("3 Lê Lợi", "0300588569"))

    def test_who_changes_a_company_reads_none_of_the_hidden_below_it(self):
        """A company below has an owner of its own."""
        below = self._customer(
            "Below", is_company=True, parent_id=self.theirs.id, user_id=self.mai.id
        )
        company = self.theirs.with_user(self.nam)
        company.street = "2 Lê Lợi"
        self.assertNotIn(below, company.child_ids)
        self.assertFalse(self._sees(below, self.nam))

    def test_contacts_go_along_when_a_company_belongs_to_one_of_ours(self):
        ours = self.nam.company_id
        self.theirs.with_user(self.nam).write({"company_id": ours.id, "phone": "1"})
        self.assertEqual(self.contact.company_id, ours)
        with self.assertRaises(AccessError):
            self.mine.with_user(self.nam).company_id = ours
