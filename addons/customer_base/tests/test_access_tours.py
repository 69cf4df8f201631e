from odoo.tests import HttpCase, tagged

from .access_common import AccessCommon

#: What each role has besides being a salesperson, where the app is installed.
ROLES = {
    "mai": ("stock.group_stock_user", "purchase.group_purchase_user"),
    "leader": ("stock.group_stock_user",),
    "care": (),
}
APPS = {
    "calendar.mail_menu_calendar",
    "contacts.menu_contacts",
    "crm.crm_menu_root",
    "mail.menu_root_discuss",
    "purchase.menu_purchase_root",
    "sale.sale_menu_root",
    "stock.menu_stock_root",
}


@tagged("post_install", "-at_install")
class TestOwnCustomers(HttpCase, AccessCommon):
    """What salespeople do all day, in a browser, for who owns ten customers."""

    allow_inherited_tests_method = True
    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.care = cls._hire("access-care")
        for login, groups in ROLES.items():
            user = getattr(cls, login)
            for group in groups:
                if found := cls.env.ref(group, raise_if_not_found=False):
                    user.group_ids += found
            cls._customers(user)
        cls._customer("Hidden", user_id=cls.nam.id)
        cls.env.flush_all()

    @classmethod
    def _hire(cls, login):
        user = cls.leader.copy({"login": login, "name": login})
        user.password = login
        return user

    @classmethod
    def _customers(cls, user):
        """Ten customers, one of them below a company of somebody else."""
        for number in range(9):
            cls._customer(f"Own {number}", user_id=user.id, email="own@own.example")
        cls._customer("Own Contact", user_id=user.id, parent_id=cls.theirs.id)

    def _tour(self, path, name, user):
        self.start_tour(path, f"customer_base_{name}", login=user.login, timeout=120)
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # APPS
    # ------------------------------------------------------------

    def _enter_apps(self, user, *names):
        menus = self.env["ir.ui.menu"].with_user(user)
        shown = menus.load_menus(False)
        apps = {shown[app]["xmlid"] for app in shown["root"]["children"]}
        there = {name for name in APPS if self.env.ref(name, False)}
        self.assertLessEqual(there & set(names), apps)
        self._tour("/odoo", "apps", user)

    def test_a_salesperson_enters_each_app(self):
        self._enter_apps(self.mai, *APPS)

    def test_a_leader_enters_each_app(self):
        self._enter_apps(self.leader, *APPS - {"purchase.menu_purchase_root"})

    def test_care_enters_each_app(self):
        names = {"purchase.menu_purchase_root", "stock.menu_stock_root"}
        self._enter_apps(self.care, *APPS - names)

    # ------------------------------------------------------------
    # LEADING
    # ------------------------------------------------------------

    def test_a_leader_finds_the_customers_of_the_team(self):
        bao = self._hire("access-bao")
        self.team.member_ids += bao
        self.env.flush_all()
        self._tour("/odoo", "team", self.leader)
        self.assertEqual(self.mine.user_id, bao)
        self.assertFalse(self._sees(self.mine), "not the former owner's any more")
        self.assertTrue(self._sees(self.mine, bao))

    # ------------------------------------------------------------
    # CHOOSING
    # ------------------------------------------------------------

    def test_a_quotation_for_a_contact_below_a_company_of_others(self):
        self._tour("/odoo/action-sale.action_quotations/new", "quotation", self.mai)
        order = self.env["sale.order"].search([("user_id", "=", self.mai.id)], limit=1)
        self.assertEqual(order.partner_id.name, "Own Contact")

    def _send(self, user):
        own = self.env["res.partner"].search(
            [("name", "=", "Own 0"), ("user_id", "=", user.id)]
        )
        order = self.env["sale.order"].with_user(user)
        order = order.create({"partner_id": own.id})
        order.sudo().message_subscribe(self.theirs.ids)
        self._tour(f"/odoo/action-sale.action_quotations/{order.id}", "send", user)

    def test_a_quotation_is_sent(self):
        self._send(self.care)

    def test_a_salesperson_sends_a_quotation(self):
        self._send(self.mai)

    def test_a_meeting_with_a_customer(self):
        path = "/odoo/action-calendar.action_calendar_event/new"
        self._tour(path, "meeting", self.mai)
        meeting = self.env["calendar.event"].search([("name", "=", "Visit")])
        self.assertIn("Own Contact", meeting.partner_ids.mapped("name"))


class TestOwnCustomersOnAPhone(TestOwnCustomers):
    browser_size = "375x667"
    touch_enabled = True
