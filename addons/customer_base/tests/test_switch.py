from odoo.tests import HttpCase, new_test_user, tagged

from ..models.customer_access import RULES
from ..models.own_customers import is_on
from .access_common import OWN


@tagged("post_install", "-at_install")
class TestSwitch(HttpCase):
    """Own customers only: off at first, switched by an administrator, and seen."""

    allow_inherited_tests_method = True
    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mai = new_test_user(cls.env, "switch-mai", groups=OWN)
        cls.nam = new_test_user(cls.env, "switch-nam", groups=OWN)
        cls.admin = new_test_user(
            cls.env,
            "switch-admin",
            groups="base.group_system,sales_team.group_sale_manager",
        )
        for user, name in ((cls.mai, "Mai"), (cls.nam, "Nam")):
            cls.env["res.partner"].create(
                {"name": f"Customer of {name}", "user_id": user.id}
            )
        cls.list = cls.env["ir.actions.act_window"].create(
            {
                "name": "Two customers",
                "res_model": "res.partner",
                "view_mode": "list,kanban,form",
                "domain": [("name", "ilike", "Customer of")],
            }
        )
        cls.env.flush_all()

    def _tour(self, path, name, user):
        self.start_tour(path, f"customer_base_{name}", login=user.login)
        self.env.invalidate_all()

    def _see(self, what):
        self._tour(f"/odoo/action-{self.list.id}", f"see_{what}", self.mai)

    def _set(self, what):
        path = "/odoo/action-crm.crm_config_settings_action"
        self._tour(path, f"switch_{what}", self.admin)

    def test_off_at_first(self):
        self.assertFalse(is_on(self.env))
        for xmlid in RULES:
            self.assertFalse(self.env.ref(xmlid).active, xmlid)
        self.assertFalse(self.env["customer.access"].search_count([]))
        theirs = self.env["res.partner"].search([("name", "=", "Customer of Nam")])
        self.assertTrue(theirs.with_user(self.mai).has_access("write"))

    def test_on_in_a_click_and_off_in_a_click(self):
        self._see("all")
        self._set("on")
        self.assertTrue(is_on(self.env))
        self._see("own")
        self._set("off")
        self.assertFalse(is_on(self.env))
        self._see("all")


class TestSwitchOnAPhone(TestSwitch):
    browser_size = "375x667"
    touch_enabled = True
