import json
from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .access_common import AccessCommon

#: One pixel.
IMAGE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    b"YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class AskedCommon(AccessCommon):
    """A salesperson tries to learn something of a customer of a colleague's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs.write(
            {
                "name": "Zyxhidden",
                "phone": "+84 911 222 333",
                "email": "zyx@hidden.example",
                "vat": "0100109106",
                "image_1920": IMAGE,
            }
        )
        cls.contact = cls._customer(
            "Zyxcontact", parent_id=cls.theirs.id, email="zyx2@hidden.example"
        )
        cls.mai.group_ids += cls.env.ref("account.group_account_invoice")
        cls.mai.group_ids += cls.env.ref("base.group_allow_export")

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))
        self.env.flush_all()
        self.env.invalidate_all()
        self.mine_env = self.env(user=self.mai)
        self.patch(self.env.transaction, "default_env", self.mine_env)

    def _lead(self, **values):
        values = {"name": "Lead", "user_id": self.mai.id, **values}
        return self.mine_env["crm.lead"].create(values)


@tagged("post_install", "-at_install")
class TestAccessAsked(AskedCommon):
    """By asking for what one does not read."""

    def _followed(self):
        """Return a lead of one's own that the colleague's customer follows."""
        lead = self._lead(partner_id=self.mine.id)
        lead.sudo().message_subscribe((self.theirs + self.mine).ids)
        self.env.flush_all()
        self.env.invalidate_all()
        return lead

    def test_nobody_is_found_by_what_a_follower_is_called(self):
        lead = self._followed()
        leads = self.mine_env["crm.lead"]
        for asked in (
            ("message_partner_ids", "ilike", "Zyxhidden"),
            ("message_partner_ids", "in", self.theirs.ids),
            ("message_partner_ids", "=", self.theirs.id),
            ("message_partner_ids.phone", "like", "911"),
            ("message_partner_ids.email", "=like", "zyx%"),
            ("message_partner_ids", "any", [("vat", "=", "0100109106")]),
            ("message_partner_ids", "any", [("user_id", "=", self.nam.id)]),
            ("message_partner_ids.child_ids.name", "like", "Zyxcontact"),
            ("message_follower_ids.partner_id.phone", "like", "911"),
            ("message_follower_ids.email", "=like", "zyx%"),
        ):
            self.assertFalse(leads.search([asked]), asked)
            self.assertFalse(leads.search_count([asked]), asked)
            (group,) = leads.formatted_read_group([asked], [], ["__count"])
            self.assertFalse(group["__count"], asked)
        self.assertEqual(leads.search([("message_partner_ids", "ilike", "Mine")]), lead)
        self.assertEqual(
            leads.search([("message_partner_ids", "in", self.mine.ids)]), lead
        )
        self.assertNotIn(
            lead, leads.search([("message_partner_ids", "not in", self.mine.ids)])
        )

    def test_others_find_by_followers_as_before(self):
        lead = self._followed()
        leads = self.env["crm.lead"].with_user(self.manager)
        asked = [("message_partner_ids.phone", "like", "911")]
        self.assertEqual(leads.search(asked), lead)
        self.access._switch(False)
        self.env.invalidate_all()
        self.assertEqual(self.mine_env["crm.lead"].search(asked), lead)

    def test_nobody_learns_by_the_number_of_an_account(self):
        number = "0071000123456"
        accounts = self.env["res.partner.bank"]
        accounts.create({"acc_number": number, "partner_id": self.theirs.id})
        own = self.mine_env["res.partner.bank"].create(
            {"acc_number": number, "partner_id": self.mine.id}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        spec = {"duplicate_bank_partner_ids": {"fields": {"display_name": {}}}}
        self.assertFalse(own.web_read(spec)[0]["duplicate_bank_partner_ids"])
        as_manager = self.env(user=self.manager)
        self.patch(self.env.transaction, "default_env", as_manager)
        said = own.with_env(as_manager).web_read(spec)
        self.assertIn("Zyxhidden", str(said))

    def test_names_and_numbers_lead_nowhere(self):
        partners = self.mine_env["res.partner"]
        channel = self.mine_env["discuss.channel"]._create_group(
            partners_to=self.nam.partner_id.ids
        )
        for tried in (
            "Zyxhidden",
            "zyx",
            "+84 911 222 333",
            "0911222333",
            "222333",
            "0100109106",
            "zyx@hidden.example",
            "hidden.example",
        ):
            self.assertFalse(partners.name_search(tried), tried)
            self.assertFalse(
                partners.web_name_search(tried, {"display_name": {}}), tried
            )
            self.assertFalse(
                partners.search_count([("display_name", "ilike", tried)]), tried
            )
            said = partners.get_mention_suggestions(tried)
            self.assertNotIn(self.theirs.id, self._ids(said), tried)
            said = partners.search_for_channel_invite(tried, channel.id)
            self.assertNotIn("Zyxhidden", str(said), tried)

    def _ids(self, said):
        return [one["id"] for one in said.get("res.partner", [])]

    def test_no_path_leads_to_what_is_hidden(self):
        lead = self._lead(partner_id=self.mine.id)
        self.env.cr.execute(
            "UPDATE crm_lead SET partner_id = %s WHERE id = %s",
            [self.theirs.id, lead.id],
        )
        self.env.invalidate_all()
        leads = self.mine_env["crm.lead"]
        own = ("id", "=", lead.id)
        self.assertEqual(leads.search([own]), lead)
        for asked in (
            ("partner_id.phone", "like", "911"),
            ("partner_id.email", "=like", "zyx%"),
            ("partner_id.vat", "like", "01"),
            ("partner_id.user_id", "=", self.nam.id),
            ("partner_id.child_ids", "!=", False),
            ("partner_id.bank_ids.acc_number", "like", "0"),
            ("partner_id", "any", [("phone", "!=", False)]),
            ("partner_id", "ilike", "Zyx"),
            ("partner_id.parent_id.phone", "like", "9"),
        ):
            self.assertFalse(leads.search([own, asked]), asked)
        for group in ("partner_id.phone", "partner_id.city", "partner_id.user_id"):
            with suppress(AccessError, UserError, ValueError):
                said = leads.formatted_read_group([own], [group], ["__count"])
                self.assertNotRegex(str(said), "911 ?222")
                self.assertNotIn(self.nam.name, str(said))
        for order in ("partner_id.phone", "partner_id.vat desc"):
            with suppress(AccessError, UserError, ValueError):
                leads.search([own], order=order)
                self.fail(order)

    def test_hierarchies_give_nobody_away(self):
        partners = self.mine_env["res.partner"]
        for operator in ("child_of", "parent_of"):
            found = partners.search([("id", operator, self.theirs.ids)])
            self.assertFalse(found & (self.theirs + self.contact), operator)
            found = partners.search([("id", operator, "Zyxhidden")])
            self.assertFalse(found, operator)
            orders = self.mine_env["sale.order"].search(
                [("partner_id", operator, self.theirs.ids)]
            )
            self.assertFalse(orders, operator)

    def test_who_logs_in_for_a_customer_is_hidden_with_them(self):
        """Their log-in is an e-mail address."""
        portal = new_test_user(self.env, "zyx@portal.example", "base.group_portal")
        portal.partner_id.write({"parent_id": self.theirs.id, "user_id": False})
        self.env.flush_all()
        self.env.invalidate_all()
        users = self.mine_env["res.users"]
        for asked in (
            [("login", "ilike", "zyx")],
            [("partner_id.parent_id", "=", self.theirs.id)],
            [("id", "=", portal.id)],
        ):
            self.assertFalse(users.with_context(active_test=False).search(asked))
        with self.assertRaises(AccessError):
            users.browse(portal.id).read(["login", "name"])

    def test_an_import_finds_nobody_by_name(self):
        self.env["ir.model.data"].create(
            {
                "module": "test",
                "name": "zyx",
                "model": "res.partner",
                "res_id": self.theirs.id,
            }
        )
        leads = self.mine_env["crm.lead"]
        for column, value in (
            ("partner_id", "Zyxhidden"),
            ("partner_id", "0911 222 333"),
            ("partner_id/id", "test.zyx"),
            ("partner_id/.id", str(self.theirs.id)),
        ):
            found = leads.load(["name", column], [["Imported", value]])
            self.assertFalse(found["ids"], column)
            said = str(found["messages"]).replace("'Zyxhidden'", "")
            self.assertNotIn("zyx@", said)
        self.assertFalse(leads.search([("name", "=", "Imported")]))

    def test_a_new_customer_of_that_name_is_another_one(self):
        new, name = self.mine_env["res.partner"].name_create("Zyxhidden")
        self.assertNotEqual(new, self.theirs.id)
        self.assertEqual(name, "Zyxhidden")
        found = self.mine_env["res.partner"].find_or_create("zyx@hidden.example")
        self.assertNotEqual(found, self.theirs)

    def test_files_of_a_customer_are_hidden_with_them(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.theirs.id, "user_id": self.nam.id}
        )
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": "Zyxhidden.txt",
                    "raw": b"Zyxhidden",
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for record in (self.theirs, order)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        own = self.mine_env["ir.attachment"]
        for asked in (
            [("name", "ilike", "Zyxhidden")],
            [("id", "in", files.ids)],
            [("res_model", "=", "res.partner"), ("res_id", "=", self.theirs.id)],
            [("index_content", "ilike", "Zyxhidden")],
        ):
            self.assertFalse(own.search(asked), asked)
            self.assertFalse(own.search_count(asked), asked)
        for one in files:
            with self.assertRaises(AccessError):
                own.browse(one.id).read(["name", "raw"])

    def test_a_message_to_be_sent_later_is_hidden(self):
        later = self.env["mail.scheduled.message"].create(
            {
                "model": "res.partner",
                "res_id": self.theirs.id,
                "author_id": self.nam.partner_id.id,
                "subject": "Zyxhidden",
                "body": "Zyxhidden",
                "scheduled_date": "2099-01-01 08:00:00",
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        own = self.mine_env["mail.scheduled.message"]
        with suppress(AccessError):
            self.assertFalse(own.search([("id", "=", later.id)]))
        with self.assertRaises(AccessError):
            own.browse(later.id).read(["subject"])


@tagged("post_install", "-at_install")
class TestAccessAddresses(AskedCommon, HttpCase):
    """By what a browser asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.mai, cls.nam):
            user.password = user.login
        cls.order = cls.env["sale.order"].create(
            {"partner_id": cls.theirs.id, "user_id": cls.nam.id, "name": "Zyxorder"}
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Zyxlead", "partner_id": cls.theirs.id, "user_id": cls.nam.id}
        )
        cls.order.message_post(body="Zyxmessage")
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "Zyxfile.txt",
                "raw": b"Zyxfile",
                "res_model": "res.partner",
                "res_id": cls.theirs.id,
            }
        )
        cls.event = cls.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2026-11-28 10:00:00",
                "stop": "2026-11-28 11:00:00",
                "user_id": cls.nam.id,
                "partner_ids": [Command.set(cls.theirs.ids)],
            }
        )

    def _get(self, path):
        return self.url_open(path, allow_redirects=False)

    def _both(self, path):
        """Return what a colleague is shown, and what the salesperson is."""
        self.authenticate(self.nam.login, self.nam.login)
        shown = self._get(path)
        self.authenticate(self.mai.login, self.mai.login)
        return shown, self._get(path)

    @mute_logger("odoo.http", "odoo.addons.http_routing.models.ir_http")
    def test_pages(self):
        self.env.flush_all()
        theirs, order = self.theirs.id, self.order.id
        for path, told in (
            (f"/web/partner/vcard?partner_ids={theirs}", b"Zyxhidden"),
            (f"/web_enterprise/partner/{theirs}/vcard", b"Zyxhidden"),
            (f"/web/partner/vcard?partner_ids={self.contact.id}", b"Zyxcontact"),
            (f"/report/html/sale.report_saleorder/{order}", b"Zyxorder"),
            (f"/web/content/{self.file.id}", b"Zyxfile"),
            (f"/web/content?model=res.partner&id={theirs}&field=image_128", b"PNG"),
        ):
            shown, hidden = self._both(path)
            with suppress(AssertionError):  # an address may be gone in another version
                self.assertIn(told, shown.content, path)
            self.assertNotIn(b"Zyx", hidden.content, path)
            self.assertNotEqual(hidden.status_code, 200, path)

    def test_the_picture_of_a_customer_is_hidden(self):
        self.env.flush_all()
        for field in ("avatar_128", "image_128", "image_1920"):
            path = f"/web/image/res.partner/{self.theirs.id}/{field}"
            shown, hidden = self._both(path)
            self.assertEqual(shown.status_code, 200, field)
            self.assertNotEqual(shown.content, hidden.content, field)
            nobody = self._get(f"/web/image/res.partner/0/{field}")
            self.assertEqual(hidden.content, nobody.content, field)

    @mute_logger("odoo.http")
    def test_what_the_client_asks_for(self):
        self.env.flush_all()
        self.authenticate(self.mai.login, self.mai.login)
        theirs, lead = self.theirs.id, self.lead.id
        thread = {"thread_model": "res.partner", "thread_id": theirs}
        document = {"thread_model": "crm.lead", "thread_id": lead}
        own = {"thread_model": "res.partner", "thread_id": self.mine.id}
        emails = {"emails": ["zyx@hidden.example"]}
        asked = ["activities", "attachments", "followers", "suggestedRecipients"]
        calls = [
            ("/mail/thread/messages", thread),
            ("/mail/thread/messages", document),
            ("/mail/partner/from_email", {**own, **emails}),
            ("/mail/partner/from_email", {**document, **emails}),
            (
                "/mail/thread/recipients/get_suggested_recipients",
                {**own, "partner_ids": [theirs]},
            ),
            (
                "/mail/thread/recipients/get_suggested_recipients",
                {**own, "main_email": "zyx@hidden.example"},
            ),
            ("/mail/thread/recipients", {**own, "message_id": 0}),
            ("/mail/read_subscription_data", {"follower_id": self._follower().id}),
            *(
                (
                    "/mail/data",
                    {"fetch_params": [["mail.thread", {**of, "request_list": asked}]]},
                )
                for of in (thread, document)
            ),
            (
                "/mail/action",
                {
                    "fetch_params": [
                        ["/discuss/get_or_create_chat", {"partners_to": [theirs]}]
                    ]
                },
            ),
            (
                "/mail/data",
                {
                    "fetch_params": [
                        ["avatar_card", {"id": theirs, "model": "res.partner"}]
                    ]
                },
            ),
            (
                "/mail/message/post",
                {
                    **own,
                    "post_data": {"body": "x", "partner_ids": [theirs]},
                    "context": {},
                },
            ),
            (
                "/mail/message/post",
                {
                    **own,
                    "post_data": {
                        "body": "x",
                        "partner_emails": ["zyx@hidden.example"],
                    },
                },
            ),
        ]
        for path, parameters in calls:
            response = self.url_open(
                path,
                json.dumps({"params": parameters}),
                headers={"Content-Type": "application/json"},
            )
            told = response.text.replace("zyx@hidden.example", "")
            for name in ("Zyxhidden", "Zyxcontact", "Zyxlead", "911 222", "0100109106"):
                self.assertNotIn(name, told, (path, parameters))

    def _follower(self):
        self.lead.message_subscribe(self.theirs.ids)
        return self.lead.message_follower_ids.filtered(
            lambda one: one.partner_id == self.theirs
        )
