from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_base.tests.access_common import OWN, AccessCommon


@tagged("post_install", "-at_install")
class TestDepartments(AccessCommon):
    """Nam works in a department below the head's; no sales team has him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = new_test_user(cls.env, "access-head", groups=OWN)
        cls.chief = new_test_user(cls.env, "access-chief", groups=OWN)
        cls.sales = cls.env["hr.department"].create({"name": "Sales"})
        cls.south = cls.env["hr.department"].create(
            {"name": "South", "parent_id": cls.sales.id}
        )
        cls.other = cls.env["hr.department"].create({"name": "Other"})
        cls.sales.manager_id = cls._employ(cls.head, cls.sales)
        cls.other.manager_id = cls._employ(cls.chief, cls.other)
        cls.employee = cls._employ(cls.nam, cls.south)

    @classmethod
    def _employ(cls, user, department):
        return cls.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "department_id": department.id}
        )

    def _ask(self):
        self.env["customer.access.request"].with_user(self.mai)._ask(self.theirs)
        return self.env["customer.access.request"].search(
            [("user_id", "=", self.mai.id)]
        )

    def test_a_head_sees_and_changes_the_departments_below(self):
        self.assertTrue(self._sees(self.theirs, self.head))
        self.assertTrue(self._writes(self.theirs, self.head))
        self.assertFalse(self._sees(self.mine, self.head), "another department's")
        self.assertFalse(self._sees(self.theirs, self.chief))
        self.assertTrue(self._sees(self.unowned, self.head), "heads give them away")

    def test_a_head_finds_them_on_the_page_of_who_leads(self):
        action = self.env.ref("customer_base.customer_team_action")
        self.assertEqual(action.domain, "[('is_of_team', '=', True)]")
        partners = self.env["res.partner"]
        led = partners.with_user(self.head).search([("is_of_team", "=", True)])
        self.assertEqual(led, self.theirs)
        menu = self.env.ref("customer_base.customer_team_menu").id
        menus = self.env["ir.ui.menu"]
        self.assertIn(menu, menus.with_user(self.head).load_menus(False))
        self.assertNotIn(menu, menus.with_user(self.nam).load_menus(False))
        self.sales.manager_id = False
        self.assertNotIn(menu, menus.with_user(self.head).load_menus(False))

    def test_who_leaves_the_department_is_led_no_longer(self):
        self.employee.department_id = self.other
        self.assertFalse(self._sees(self.theirs, self.head))
        self.assertTrue(self._sees(self.theirs, self.chief))
        self.other.manager_id = False
        self.assertFalse(self._sees(self.theirs, self.chief))

    def test_a_head_who_left_leads_no_longer(self):
        """Their log-in may stay, and the department may name them still."""
        employee = self.sales.manager_id
        self.assertTrue(self._sees(self.theirs, self.head))
        employee.active = False
        self.assertEqual(self.sales.manager_id, employee)
        self.assertTrue(self.head.active)
        self.assertFalse(self._sees(self.theirs, self.head))
        self.assertFalse(self._writes(self.theirs, self.head))
        employee.active = True
        self.assertTrue(self._sees(self.theirs, self.head))

    def test_a_head_who_left_decides_nothing(self):
        self.sales.manager_id.active = False
        self.assertNotEqual(self._ask().leader_id, self.head)

    def test_leaders_of_teams_lead_as_before(self):
        self.assertTrue(self._sees(self.mine, self.leader))
        self.assertFalse(self._sees(self.theirs, self.leader))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_head_hands_on_within_the_department(self):
        theirs = self.theirs.with_user(self.head)
        theirs.user_id = self.head
        self.assertFalse(self._sees(self.theirs, self.nam))
        theirs.user_id = self.nam
        with self.assertRaises(AccessError):
            theirs.user_id = self.mai
        with self.assertRaises(AccessError):
            self.mine.with_user(self.head).user_id = self.head

    def test_a_member_leads_nobody(self):
        self.assertFalse(self.nam._get_led_user_ids())
        self.assertFalse(self._sees(self.unowned, self.nam))

    def test_the_head_of_the_owner_is_asked(self):
        self.assertEqual(self._ask().leader_id, self.head)

    def test_the_leader_of_the_team_comes_first(self):
        self.team.member_ids += self.nam
        self.assertEqual(self._ask().leader_id, self.leader)

    def test_nobody_decides_on_their_own(self):
        self.theirs.user_id = self.head
        self.assertFalse(self._ask().leader_id)
