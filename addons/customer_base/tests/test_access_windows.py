from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_access_asked import AskedCommon


@tagged("post_install", "-at_install")
class TestAccessWindows(AskedCommon):
    """By windows that share, invite, write and remind, and by trying addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"partner_id": cls.theirs.id, "user_id": cls.nam.id}
        cls.order = cls.env["sale.order"].create({**values, "name": "Zyxorder"})
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Zyxlead",
                "phone": cls.theirs.phone,
                "email_from": cls.theirs.email,
                **values,
            }
        )

    def _refused(self):
        return self.assertRaises(AccessError)

    def _own_order(self):
        return self.mine_env["sale.order"].create(
            {"partner_id": self.mine.id, "user_id": self.mai.id}
        )

    def test_a_document_of_theirs_is_not_shared(self):
        windows = self.mine_env["portal.share"]
        shown = {"share_link": {}, "resource_ref": {"fields": {"display_name": {}}}}
        asked = windows.with_context(
            active_model=self.order._name, active_id=self.order.id
        )
        with self._refused():
            asked.onchange({}, [], shown)
        for document in self.order, self.lead, self.theirs:
            with self._refused():
                windows.create(
                    {
                        "res_model": document._name,
                        "res_id": document.id,
                        "partner_ids": [Command.set(self.mine.ids)],
                    }
                )

    def test_an_own_document_is_not_shared_with_whom_one_may_not_see(self):
        """The log says whom it was shared with."""
        own = {"res_model": "sale.order", "res_id": self._own_order().id}
        windows = self.mine_env["portal.share"]
        with self._refused():
            windows.create({**own, "partner_ids": [Command.set(self.theirs.ids)]})
        self.mine.email = "mine@mine.example"
        self.env.flush_all()
        window = windows.create({**own, "partner_ids": [Command.set(self.mine.ids)]})
        self.assertTrue(window.action_send_mail())

    def test_nobody_hidden_is_invited_to_the_portal(self):
        windows = self.mine_env["portal.wizard"]
        hidden = (self.theirs + self.contact).ids
        with self._refused():
            windows.with_context(active_ids=hidden).create({}).user_ids.read(["email"])
        with self._refused():
            windows.create({"partner_ids": [Command.set(hidden)]})
        with self._refused():
            windows.create(
                {"user_ids": [Command.create({"partner_id": self.theirs.id})]}
            )
        window = windows.with_context(active_ids=self.mine.ids).create({})
        self.assertEqual(window.user_ids.partner_id, self.mine)

    def test_nothing_is_written_to_whom_one_may_not_see(self):
        hidden = {"active_model": "res.partner", "active_ids": self.theirs.ids}
        ids = str(self.theirs.ids)
        for name, values, send in (
            (
                "sms.composer",
                {"res_model": "res.partner", "composition_mode": "mass"},
                "action_send_sms",
            ),
            (
                "sms.composer",
                {"res_model": "res.partner", "res_id": self.theirs.id},
                "action_send_sms",
            ),
            (
                "mail.compose.message",
                {"model": "res.partner", "composition_mode": "mass_mail"},
                "action_send_mail",
            ),
            (
                "mail.compose.message",
                {"model": "res.partner", "composition_mode": "comment"},
                "action_send_mail",
            ),
        ):
            windows = self.mine_env[name].with_context(**hidden)
            with self._refused():
                made = windows.create({"body": "x", "res_ids": ids, **values})
                getattr(made, send)()

    def test_nobody_reads_who_is_on_a_blacklist(self):
        self.env["mail.blacklist"].create({"email": self.theirs.email})
        self.env["phone.blacklist"].create({"number": "+84911222333"})
        self.env.flush_all()
        for name in "mail.blacklist", "phone.blacklist", "sms.sms", "mail.mail":
            with self._refused():
                self.mine_env[name].search_read([])
        for name, field, value in (
            ("mail.blacklist.remove", "email", self.theirs.email),
            ("phone.blacklist.remove", "phone", "+84911222333"),
        ):
            with self._refused():
                self.mine_env[name].create({field: value})

    def test_nothing_to_do_is_planned_for_whom_one_may_not_see(self):
        self.theirs.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.nam.id, summary="Zyx"
        )
        self.env.flush_all()
        self.env.invalidate_all()
        activities = self.mine_env["mail.activity"]
        named = [("res_model", "=", "res.partner"), ("res_id", "=", self.theirs.id)]
        self.assertFalse(activities.search(named))
        said = activities.get_activity_data("res.partner", [])
        self.assertNotIn(self.theirs.id, said["activity_res_ids"])
        with self._refused():
            activities.create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": self.theirs.id,
                }
            )

    def test_no_message_is_found_by_whom_it_was_sent_to(self):
        self.order.message_post(body="Zyxmessage", partner_ids=self.theirs.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        messages = self.mine_env["mail.message"]
        for asked in (
            ("partner_ids", "in", self.theirs.ids),
            ("notified_partner_ids", "in", self.theirs.ids),
            ("notification_ids.res_partner_id.phone", "like", "911"),
            ("author_id", "=", self.theirs.id),
            ("body", "ilike", "Zyx"),
        ):
            self.assertFalse(messages.search([asked]), asked)

    def test_no_address_is_tried_by_a_lead(self):
        """Odoo counts other leads with the same address, whoever has them."""
        same = {"phone": self.theirs.phone, "email_from": self.theirs.email}
        tried = self._lead(**same)
        self.assertEqual(tried.duplicate_lead_count, 0)
        self.assertEqual(tried.duplicate_lead_ids, tried)
        again = self._lead(**same)
        self.assertEqual(again.duplicate_lead_ids, tried + again)
        as_manager = self.env(user=self.manager)
        self.patch(self.env.transaction, "default_env", as_manager)
        self.env.invalidate_all()
        found = again.with_env(as_manager).duplicate_lead_ids
        self.assertEqual(found, self.lead + tried + again)

    def test_no_address_is_tried_by_typing_it_into_a_lead(self):
        shown = {"duplicate_lead_count": {}, "duplicate_lead_ids": {"fields": {}}}
        saved = self._lead(phone="+84 911 000 999")
        for lead in saved.browse(), saved:
            for phone, count in ((self.theirs.phone, 0), ("+84 911 000 888", 0)):
                values = {"phone": phone, "country_id": False}
                said = lead.onchange(values, ["phone"], shown)["value"]
                self.assertEqual(said.get("duplicate_lead_count", 0), count, phone)
        own = {"phone": saved.phone, "country_id": False}
        said = saved.browse().onchange(own, ["phone"], shown)["value"]
        self.assertEqual(said["duplicate_lead_count"], 1)
        as_manager = self.env(user=self.manager)
        self.patch(self.env.transaction, "default_env", as_manager)
        values = {"phone": self.theirs.phone, "country_id": False}
        leads = saved.browse().with_env(as_manager)
        said = leads.onchange(values, ["phone"], shown)["value"]
        self.assertEqual(said["duplicate_lead_count"], 1, "who may see it counts it")

    def test_no_reference_is_tried_by_typing_it_into_a_bill(self):
        """Odoo lists drafts with the same reference while a bill has no vendor."""
        bill = {"move_type": "in_invoice", "ref": "Zyxbill"}
        theirs = self.env["account.move"].create({**bill, "partner_id": self.theirs.id})
        self.env.flush_all()
        self.env.invalidate_all()
        shown = {"duplicated_ref_ids": {"fields": {}}}

        def find(env):
            moves = env["account.move"].with_context(default_move_type="in_invoice")
            said = moves.onchange(bill, ["ref"], shown)["value"]
            return [command[1] for command in said.get("duplicated_ref_ids", [])]

        self.assertFalse(find(self.mine_env))
        as_accountant = self.env(user=self.accountant)
        self.patch(self.env.transaction, "default_env", as_accountant)
        self.assertEqual(find(as_accountant), theirs.ids, "who may see it is told")

    def test_no_path_of_an_export_leads_to_them(self):
        portal = new_test_user(self.env, "zyx@portal.example", "base.group_portal")
        portal.partner_id.parent_id = self.theirs
        self.env.flush_all()
        self.env.invalidate_all()
        lead = self._lead(partner_id=self.mine.id)
        colleague = self.mine_env["res.users"].browse(self.nam.id)
        for records, paths in (
            (lead, ("partner_id/user_id/partner_id/child_ids/phone", "order_ids/name")),
            (colleague, ("name", "partner_id/message_ids/body")),
            (colleague.partner_id, ("name", "user_ids/name", "child_ids/phone")),
            (lead.team_id, ("name", "message_ids/body")),
        ):
            if records:
                self.assertNotIn("Zyx", str(records.export_data([*paths])))
        with self._refused():
            self.mine_env["crm.lead"].browse(self.lead.id).export_data(["name"])

    def test_nothing_of_theirs_is_copied_or_moved(self):
        for document in self.theirs, self.lead, self.order:
            own = document.with_env(self.mine_env)
            with self._refused():
                own.copy()
            with self._refused():
                own.copy_data()
        for name in "action_archive", "create_company", "open_commercial_entity":
            with self._refused():
                getattr(self.theirs.with_env(self.mine_env), name)()
