from datetime import timedelta

from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.approval_matrix.tests.vietnamese import English, load_vietnamese

from .test_letter import LetterCase

ADDON = "approval_matrix"


@tagged("post_install", "-at_install")
class TestEnglish(TransactionCase):
    """What the tests below would find."""

    def test_it_is_found(self):
        english = English(ADDON)
        texts = ["Look and decide", "Lan asks for your approval.", "Requested by"]
        self.assertEqual(english.find(texts), texts)

    def test_vietnamese_and_names_are_not(self):
        english = English(ADDON)
        texts = ["Xem và quyết định", "Lan", "Beds requested by the ward", "D1"]
        self.assertEqual(english.find(texts), [])


@tagged("post_install", "-at_install")
class TestVietnameseLetter(LetterCase):
    """Who reads Vietnamese reads nothing else in the e-mails of approvals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_vietnamese(cls.env, ADDON)
        cls.english = English(ADDON)
        people = cls.clerk | cls.lead | cls.head
        people.write({"lang": "vi_VN", "notification_type": "email"})
        cls.company.name = "Công ty"
        cls.rule.name = "Giấy tờ"
        cls.step.name = "Cấp một"

    def setUp(self):
        super().setUp()
        self.before = self.env["mail.mail"].search([("id", ">", 0)])

    def _texts(self, message):
        """Return what an e-mail says, between its tags and without them."""
        page = html.fromstring(self._html_of(message))
        plain = message.get_body(("plain",)).get_content()
        return [message["Subject"], *page.itertext(), *plain.splitlines()]

    def assertVietnamese(self, *kinds):
        """All e-mails since the beginning are, and so many there are."""
        mails = self.env["mail.mail"].search([("id", "not in", self.before.ids)])
        mails.auto_delete = False
        messages = self._sent(mails.sorted("id"))
        self.assertEqual(
            [mail.recipient_ids.name for mail in mails.sorted("id")], list(kinds)
        )
        for message in messages:
            with self.subTest(subject=message["Subject"]):
                self.assertEqual(self.english.find(self._texts(message)), [])

    def test_request_question_answer_and_rejection(self):
        self._begin().with_user(self.lead).action_ask_information("Mới à?")
        self.document.with_user(self.clerk).action_answer("Như mới.")
        self.document.with_user(self.lead).action_reject("Đắt quá.")
        self.assertVietnamese("Lead", "Clerk", "Lead", "Clerk")

    def test_reminder(self):
        self._begin().with_user(self.clerk).action_remind()
        self.assertVietnamese("Lead", "Lead")

    def test_forwarded(self):
        process = self._begin().sudo().approval_process_id
        process.with_user(self.lead).sudo(False)._forward(self.head, "Nhờ chị")
        self.assertVietnamese("Lead", "Head")

    def test_sent_back(self):
        self.rule.step_ids = [self._step("Cấp hai", self.head, sequence=20)]
        self._begin().with_user(self.lead).action_approve()
        process = self.document.sudo().approval_process_id
        process.with_user(self.head).sudo(False)._send_back("Giá đúng chưa?")
        self.assertVietnamese("Lead", "Head", "Clerk", "Lead")

    def test_for_somebody_who_is_away(self):
        now = fields.Datetime.now()
        self.env(user=self.lead)["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=9),
            }
        )
        self._begin()
        mails = self.env["mail.mail"].search([("id", "not in", self.before.ids)])
        self.assertIn("Head", mails.recipient_ids.mapped("name"))
        self.assertVietnamese(*(mail.recipient_ids.name for mail in mails.sorted("id")))

    def test_warning_before_the_limit_rejects(self):
        self.step.write({"limit_hours": 10, "on_timeout": "reject"})
        with freeze_time("2026-11-23 09:00:00"):
            self._begin()
        with freeze_time("2026-11-23 16:00:00"):
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()
        mails = self.env["mail.mail"].search([("id", "not in", self.before.ids)])
        self.assertEqual(set(mails.recipient_ids.mapped("name")), {"Lead", "Clerk"})
        self.assertVietnamese(*(mail.recipient_ids.name for mail in mails.sorted("id")))

    def test_urgent_and_due(self):
        self.step.limit_hours = 2
        self.patch(
            self.registry["test.approval.document"],
            "_approval_urgency",
            lambda document: 1,
        )
        self._begin()
        self.assertVietnamese("Lead")
