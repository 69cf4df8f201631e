from contextlib import contextmanager

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestAccessMail(AccessCommon, HttpCase):
    """Messages and activities reach whom they were sent or given to. They name the
    customer to those only who may see that one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.mai, cls.nam):
            user.write({"password": user.login, "notification_type": "inbox"})
        cls.theirs.name = "Zyxhidden"
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Zyxhidden wants beds",
                "partner_id": cls.theirs.id,
                "user_id": cls.nam.id,
            }
        )

    @contextmanager
    def _as(self, user):
        self.authenticate(user.login, user.login)
        yield
        self.authenticate(None, None)

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _of(self, document):
        """Return a document in the name of who may see it."""
        return document.with_user(self.leader if document == self.mine else self.nam)

    def _tell(self, document, user):
        """Return a message about a document that somebody is told of."""
        return self._of(document).message_notify(
            body="Please call back", partner_ids=user.partner_id.ids
        )

    def _give(self, document, user):
        """Return an activity on a document that a colleague is given."""
        return self._of(document).activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id, summary="Call back"
        )

    def _read_messages(self, messages):
        inbox = self.make_jsonrpc_request("/mail/inbox/messages", {})
        return {
            "read": self._call("mail.message", "read", messages.ids, ["record_name"]),
            "web_read": self._call(
                "mail.message", "web_read", messages.ids, {"record_name": {}}
            ),
            "inbox": inbox,
        }

    def _read_activities(self, activities):
        own = [["id", "in", activities.ids]]
        fields = ["res_name"]
        named = [["res_name", "ilike", "Zyxhidden"]]
        read = {"res_name": {}}
        return {
            "read": self._call("mail.activity", "read", activities.ids, fields),
            "web_read": self._call("mail.activity", "web_read", activities.ids, read),
            "search_read": self._call("mail.activity", "search_read", own, fields),
            "grouped": self._call(
                "mail.activity", "formatted_read_group", own, fields, ["__count"]
            ),
            "searched": self._call("mail.activity", "search", [*own, *named]),
            "format": self._call("mail.activity", "activity_format", activities.ids),
        }

    # ------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------

    def test_who_is_told_of_a_hidden_customer_does_not_hear_its_name(self):
        messages = self._tell(self.theirs, self.mai) + self._tell(self.lead, self.mai)
        with self._as(self.mai):
            told = self._read_messages(messages)
        self.assertEqual(len(told["inbox"]["data"]["mail.message"]), 2)
        for way, said in told.items():
            self.assertNotIn("Zyxhidden", str(said), way)
            self.assertIn("Contact", str(said), way)

    def test_who_may_see_the_customer_hears_its_name(self):
        self.theirs.name = "Zyxseen"
        message = self._tell(self.theirs, self.nam) + self._tell(self.mine, self.mai)
        with self._as(self.nam):
            for way, said in self._read_messages(message[0]).items():
                self.assertIn("Zyxseen", str(said), way)
        with self._as(self.mai):
            for way, said in self._read_messages(message[1]).items():
                self.assertIn("Mine", str(said), way)
        self.access._switch(False)
        told = self._tell(self.theirs, self.mai)
        with self._as(self.mai):
            for way, said in self._read_messages(told).items():
                self.assertIn("Zyxseen", str(said), way)

    def test_what_is_sent_to_the_screen_at_once_names_nobody_either(self):
        self._reset_bus()
        self._tell(self.theirs, self.mai)
        sent = self._sent()
        self.assertIn("Please call back", sent)
        self.assertNotIn("Zyxhidden", sent)

    def _reset_bus(self):
        self.env.cr.precommit.run()
        self.env["bus.bus"].sudo().search([]).unlink()

    def _sent(self):
        self.env.cr.precommit.run()
        return str(self.env["bus.bus"].sudo().search([]).mapped("message"))

    def test_a_link_to_a_message_names_nobody(self):
        about = self._tell(self.theirs, self.mai)
        link = (
            '<a href="#" class="o_message_redirect" data-oe-model="mail.message" '
            f'data-oe-id="{about.id}">#</a>'
        )
        note = self.mine.with_user(self.mai).message_post(body=link, body_is_html=True)
        with self._as(self.mai):
            shown = self.make_jsonrpc_request(
                "/mail/thread/messages",
                {"thread_model": "res.partner", "thread_id": self.mine.id},
            )
        self.assertIn(note.id, shown["messages"])
        self.assertIn(about.id, [one["id"] for one in shown["data"]["mail.message"]])
        self.assertNotIn("Zyxhidden", str(shown))

    def test_who_wrote_to_a_former_customer_learns_that_it_failed(self):
        """Without a name, and the screen opens."""
        former = self._customer("Former", user_id=self.mai.id, email="a@b.example")
        message = former.with_user(self.mai).message_post(
            body="Hello", partner_ids=former.ids, message_type="comment"
        )
        former.write({"user_id": self.nam.id, "name": "Zyxhidden"})
        message.sudo().notification_ids.write(
            {"notification_type": "email", "notification_status": "bounce"}
        )
        message.sudo()._notify_message_notification_update()
        with self._as(self.mai):
            told = self.make_jsonrpc_request(
                "/mail/data", {"fetch_params": ["failures"]}
            )
        self.assertIn(message.id, [one["id"] for one in told["mail.message"]])
        threads = str(told["mail.thread"])
        self.assertNotIn("Zyxhidden", threads)
        self.assertIn("Contact", threads)

    # ------------------------------------------------------------
    # ACTIVITIES
    # ------------------------------------------------------------

    def test_who_is_given_an_activity_does_not_hear_the_name(self):
        activities = self._give(self.theirs, self.mai) + self._give(self.lead, self.mai)
        with self._as(self.mai):
            told = self._read_activities(activities)
        for way in ("read", "web_read", "search_read", "format"):
            self.assertIn(
                activities[0].id, [one["id"] for one in self._rows(told[way])]
            )
        for way, said in told.items():
            self.assertNotIn("Zyxhidden", str(said), way)
        self.assertIn("Contact", str(told["read"]))
        self.assertFalse(told["searched"], "nobody is found by trying names")

    def _rows(self, said):
        return said["mail.activity"] if isinstance(said, dict) else said

    def test_who_may_see_the_customer_hears_what_the_activity_is_about(self):
        self.mine.name = "Zyxhidden & Sons"
        activity = self._give(self.theirs, self.nam) + self._give(self.mine, self.mai)
        for user, own in ((self.nam, activity[0]), (self.mai, activity[1])):
            with self._as(user):
                told = self._read_activities(own)
            for way in ("read", "web_read", "search_read", "grouped"):
                self.assertIn("Zyxhidden", str(told[way]), (user.login, way))
            self.assertEqual(told["searched"], own.ids)

    def test_the_notice_of_an_activity_names_nobody(self):
        self._give(self.theirs, self.mai)
        notice = self.env["mail.message"].search(
            [("partner_ids", "in", self.mai.partner_id.ids)], limit=1
        )
        self.assertIn("Call back", notice.subject)
        for text in (notice.subject, notice.body, notice.record_name):
            self.assertNotIn("Zyxhidden", text or "")
        self._give(self.mine, self.mai)
        notice = self.env["mail.message"].search(
            [("partner_ids", "in", self.mai.partner_id.ids)], limit=1
        )
        self.assertIn("Mine", notice.subject)

    @mute_logger("odoo.http")
    def test_an_activity_is_not_moved_to_where_it_would_name_somebody(self):
        activity = self._give(self.mine, self.mai)
        of = self.env["ir.model"]._get_id("res.partner")
        values = {"res_model_id": of, "res_id": self.theirs.id}
        with self._as(self.mai), self.assertRaises(JsonRpcException) as refused:
            self._call(
                "mail.activity", "web_save", activity.ids, values, {"res_name": {}}
            )
        self.assertNotIn("Zyxhidden", str(refused.exception))

    def test_who_lost_a_customer_goes_on_with_what_they_were_given(self):
        activity = self._give(self.theirs, self.mai)
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2026-11-28 10:00",
                "stop": "2026-11-28 11:00",
                "user_id": self.mai.id,
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.theirs.id,
            }
        )
        with self._as(self.mai):
            self._call(
                "mail.activity",
                "web_save",
                activity.ids,
                {"date_deadline": "2099-12-31"},
                {"res_name": {}},
            )
            self._call("calendar.event", "write", meeting.ids, {"name": "Later"})
            self._call("mail.activity", "action_done", activity.ids)
        self.assertEqual(meeting.name, "Later")
        self.assertFalse(activity.exists() and activity.active)
