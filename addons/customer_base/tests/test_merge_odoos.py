from odoo import Command
from odoo.models import BaseModel
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .merging import MergeCommon

WIZARD = "base.partner.merge.automatic.wizard"
#: Where each of its methods leads.
LEADS = {
    "action_merge": "customer.merge.wizard",
    "action_skip": "customer.duplicate",
    "action_start_automatic_process": "customer.duplicate",
    "action_start_manual_process": "customer.duplicate",
    "action_update_all_process": "customer.duplicate",
    "parent_migration_process_cb": "customer.duplicate",
}


@tagged("post_install", "-at_install")
class TestMergeOdoos(HttpCase, MergeCommon):
    """Odoo's own wizard of merging leads to ours, whoever calls it, and however."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = {
            "plain": "base.group_user",
            "keeper": "base.group_user,base.group_partner_manager",
            "settings": "base.group_system,base.group_partner_manager",
        }
        for login, names in groups.items():
            new_test_user(cls.env, f"customer-{login}", groups=names)
        # who may set up all of Odoo, and sell
        cls.admin = new_test_user(
            cls.env,
            "customer-admin",
            groups="base.group_system,base.group_partner_manager,"
            "sales_team.group_sale_manager",
        )
        cls.both = cls.source + cls.survivor
        # Odoo's wizard would find them, one way or the other
        cls.both.write({"email": "mail@bachmai.vn", "name": "Bach Mai"})
        cls.child = cls._customer(
            "Bach Mai", email="mail@bachmai.vn", parent_id=cls.survivor.id
        )

    def _call(self, login, model, method, *args, **kwargs):
        self.authenticate(f"customer-{login}", f"customer-{login}")
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _begin(self, login, **values):
        values = {
            "group_by_email": True,
            "group_by_name": True,
            "partner_ids": [Command.set(self.both.ids)],
            "dst_partner_id": self.survivor.id,
            **values,
        }
        return self._call(login, WIZARD, "create", [values])

    def assertNothingMerged(self):
        self.env.invalidate_all()
        customers = self.both + self.child
        self.assertEqual(customers.exists(), customers)
        self.assertTrue(all(customers.mapped("active")))
        self.assertFalse(self.env["customer.merge"].search([]))

    # ------------------------------------------------------------
    # ITS METHODS
    # ------------------------------------------------------------

    def test_all_its_methods_are_known(self):
        wizard = self.env[WIZARD]
        methods = {
            name
            for name in dir(type(wizard))
            if not name.startswith("_")
            and name not in wizard._fields
            and callable(getattr(type(wizard), name))
            and not hasattr(BaseModel, name)
            and not hasattr(type(self.env["base"]), name)
        }
        self.assertEqual(methods, set(LEADS))

    def test_each_leads_here(self):
        for login in ("admin", "manager"):
            for method, model in LEADS.items():
                with self.subTest(login=login, method=method):
                    wizard = self._begin(login)
                    action = self._call(login, WIZARD, method, wizard)
                    self.assertEqual(action["res_model"], model)
                    self.assertNothingMerged()

    @mute_logger("odoo.http")
    def test_each_is_refused_to_who_may_not_merge(self):
        for login in ("keeper", "settings"):
            wizard = self._begin(login)
            for method in LEADS:
                with (
                    self.subTest(login=login, method=method),
                    self.assertRaisesRegex(JsonRpcException, "AccessError"),
                ):
                    self._call(login, WIZARD, method, wizard)
                self.assertNothingMerged()

    @mute_logger("odoo.http")
    def test_each_is_refused_to_a_plain_user(self):
        with self.assertRaisesRegex(JsonRpcException, "AccessError"):
            self._begin("plain")
        wizard = self.env[WIZARD].create({"partner_ids": self.both.ids})
        self.env.flush_all()
        for method in LEADS:
            for ids in (wizard.ids, []):
                with (
                    self.subTest(method=method, ids=ids),
                    self.assertRaisesRegex(JsonRpcException, "AccessError"),
                ):
                    self._call("plain", WIZARD, method, ids)
                self.assertNothingMerged()

    def test_who_was_chosen_to_stay_does(self):
        wizard = self._begin("admin", dst_partner_id=self.source.id)
        action = self._call("admin", WIZARD, "action_merge", wizard)
        ours = self.env["customer.merge.wizard"].with_user(self.admin)
        ours = ours.with_context(**action["context"]).create({})
        self.assertEqual(ours.survivor_id, self.source)
        self.assertEqual(ours.partner_ids, self.both)

    # ------------------------------------------------------------
    # THE MENU OF A LIST
    # ------------------------------------------------------------

    def _get_merging(self, login):
        """Return what the menu of contacts has of merging."""
        views = self._call(
            login,
            "res.partner",
            "get_views",
            [[False, "list"], [False, "kanban"]],
            {"toolbar": True},
        )["views"]
        found = {
            (kind, action["id"])
            for kind, view in views.items()
            for action in view["toolbar"].get("action", ())
        }
        merging = self.env["ir.actions.act_window"].search(
            [("res_model", "in", (WIZARD, "customer.merge.wizard"))]
        )
        return {(kind, each) for kind, each in found if each in merging.ids}

    def test_the_menu_has_ours_only(self):
        ours = self.env.ref("customer_base.action_customer_merge").id
        for login in ("admin", "manager"):
            self.assertEqual(
                self._get_merging(login), {("list", ours), ("kanban", ours)}
            )

    def test_who_may_not_merge_has_none(self):
        for login in ("keeper", "settings"):
            self.assertEqual(self._get_merging(login), set())
