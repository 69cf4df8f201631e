from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestQuotaScreen(UrgencyCommon):
    """What managers see of the quotas: who used how much of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.critical.quota = 10
        cls.counters = cls.env["urgency.quota"].search([])
        cls.other = cls._user("other", "sales_team.group_sale_salesman")
        for user, used in ((cls.care, 7), (cls.other, 8)):
            for _order in range(used):
                cls.env["urgency.quota"]._take(user, cls.critical)
        cls.counters = cls.env["urgency.quota"].search([]) - cls.counters
        cls.mine = cls.counters.filtered(lambda row: row.user_id == cls.care)
        cls.theirs = cls.counters - cls.mine

    def _found(self, *states):
        domain = [("id", "in", self.counters.ids), ("state", "in", states)]
        return self.env["urgency.quota"].search(domain)

    def test_used_of_quota(self):
        self.assertEqual((self.mine.used, self.mine.quota), (7, 10))
        self.assertEqual((self.mine.remaining, self.theirs.remaining), (3, 2))

    def test_who_is_near_the_limit(self):
        self.assertEqual((self.mine.state, self.theirs.state), ("free", "near"))
        self.critical.quota = 8
        self.assertEqual((self.mine.state, self.theirs.state), ("near", "full"))

    def test_lowered_quota_leaves_nothing(self):
        self.critical.quota = 5
        self.assertEqual(self.counters.mapped("remaining"), [0, 0])
        self.assertEqual(self._found("full"), self.counters)

    def test_no_quota_any_more(self):
        self.critical.quota = 0
        self.assertEqual(set(self.counters.mapped("state")), {"free"})
        self.assertFalse(self._found("near", "full"))

    def test_search_finds_what_is_shown(self):
        for quota in (1, 2, 5, 7, 8, 9, 10, 50, 0):
            self.critical.quota = quota
            for state in ("free", "near", "full"):
                shown = self.counters.filtered(lambda row, s=state: row.state == s)
                self.assertEqual(self._found(state), shown, (quota, state))
                others = self.env["urgency.quota"].search(
                    [("id", "in", self.counters.ids), ("state", "!=", state)]
                )
                self.assertEqual(others, self.counters - shown, (quota, state))

    def test_pivot_sums_both(self):
        rows = self.env(user=self.seller)["urgency.quota"].formatted_read_group(
            [("id", "in", self.counters.ids)],
            ["level_id"],
            ["used:sum", "quota:sum"],
        )
        self.assertEqual(rows[0]["used:sum"], 15)
        self.assertEqual(rows[0]["quota:sum"], 20)

    def test_managers_see_all_others_their_own(self):
        quotas = self.env(user=self.seller)["urgency.quota"].search([])
        self.assertLessEqual(self.counters, quotas)
        quotas = self.env(user=self.care)["urgency.quota"].search([])
        self.assertEqual(quotas, self.mine)

    def test_menu_is_for_managers(self):
        menu = self.env.ref("urgent_orders.urgency_quota_sale_menu").id
        menus = self.env["ir.ui.menu"]
        self.assertIn(menu, menus.with_user(self.seller)._visible_menu_ids())
        self.assertNotIn(menu, menus.with_user(self.care)._visible_menu_ids())

    def test_nobody_writes_it(self):
        for name in ("used", "quota", "state"):
            with self.assertRaises(AccessError):
                self.mine.with_user(self.seller).write({name: 0})
        self.assertEqual(self.critical.quota, 10)
