import json
from datetime import datetime
from unittest.mock import patch
from urllib.parse import urlsplit

from freezegun import freeze_time
from lxml import html

from odoo.tests import tagged

from odoo.addons.approval_matrix.letter import ICON, LETTER
from odoo.addons.approval_matrix.level_colors import get_icon
from odoo.addons.approval_matrix.tests.mail_html import (
    MOST_BYTES,
    find_faults,
    find_preview,
)
from odoo.addons.approval_matrix.tests.vietnamese import load_vietnamese

from .common_mail_link import MailLinkCase

SUMMARY = {
    "about": "Thép Việt",
    "facts": [["Vendor", "Thép Việt"], ["Expected arrival", "12/05/2026"]],
    "columns": ["Product", "Quantity", "Unit Price", "Amount"],
    "rows": [[f"Bed {each}", f"{each} pcs", "1.00", f"{each}.50"] for each in "12345"],
}
FACTS = (
    "D1",
    "Thép Việt",
    "4,242.00",
    "Clerk",
    "12/05/2026",
    "Bed 1",
    "3.50",
    "2 more",
)


class LetterCase(MailLinkCase):
    """Requester and approver want e-mails; a document with goods waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk.notification_type = "email"

    def setUp(self):
        super().setUp()
        self.startPatcher(
            patch.object(
                type(self.env["test.approval.document"]),
                "_approval_summary",
                lambda document: SUMMARY,
            )
        )
        # one transaction makes and sends everything here
        self.outbox = []

    def _begin(self):
        self.document = self._submitted(name="D1", amount=4242)
        return self.document

    def _letter(self, user):
        """Return the newest e-mail to a user as the mail server gets it."""
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", user.partner_id.ids)], order="id desc", limit=1
        )
        mail.auto_delete = False
        (message,) = self._sent(mail)
        return message

    def assertLetter(self, message, button, path, *texts):
        """It says what it must, has one button, and looks right where no style sheet
        is read."""
        source = self._html_of(message)
        page = html.fromstring(source)
        said = " ".join(page.text_content().split())
        plain = message.get_body(("plain",)).get_content()
        for text in texts:
            self.assertIn(text, said)
            self.assertIn(text, " ".join(plain.split()))
        (anchor,) = page.iter("a")
        self.assertEqual(anchor.text_content().strip(), button)
        address = urlsplit(anchor.get("href"))
        self.assertTrue(address.scheme and address.netloc)
        self.assertIn(path, anchor.get("href"))
        self.assertIn(anchor.get("href"), plain)
        self.assertEqual(find_faults(page), [])
        self.assertIn("Thép Việt", find_preview(page))
        self.assertLess(len(source.encode()), MOST_BYTES)
        for tag in ("link", "style", "script", "img", "form", "svg"):
            self.assertFalse(page.xpath(f"//{tag}"), tag)
        self.assertFalse(page.xpath("//@class"))
        self.assertNotRegex(source, r"flex|grid|position\s*:|float\s*:|@media|var\(")
        self.assertIn("600", page.xpath("//table/@width"))


@tagged("post_install", "-at_install")
class TestLetter(LetterCase):
    def test_request_leads_to_the_page(self):
        self._begin()
        message = self._letter(self.lead)
        self.assertIn("D1", message["Subject"])
        self.assertLetter(message, "Look and decide", "/approval/", *FACTS, "Step")

    def test_question_reaches_the_requester(self):
        self._begin().with_user(self.lead).action_ask_information("Is it new?")
        message = self._letter(self.clerk)
        self.assertEqual(message["Subject"], "D1: Lead asks")
        self.assertLetter(message, "Answer", "/approval/answer/", *FACTS, "Is it new?")

    def test_answer_reaches_who_asked_with_a_link_that_decides(self):
        self._begin().with_user(self.lead).action_ask_information("Is it new?")
        self.document.with_user(self.clerk).action_answer("As good as.")
        message = self._letter(self.lead)
        self.assertEqual(message["Subject"], "D1: Clerk has answered")
        texts = (*FACTS, "Is it new?", "As good as.")
        self.assertLetter(message, "Look and decide", "/approval/", *texts)
        (address,) = html.fromstring(self._html_of(message)).xpath("//a/@href")
        self._post(urlsplit(address).path)
        self.assertEqual(self.document.state, "done")

    def test_rejection_says_why(self):
        self._begin().with_user(self.lead).action_reject("Too dear.")
        message = self._letter(self.clerk)
        self.assertEqual(message["Subject"], "D1: Rejected by Lead")
        self.assertLetter(
            message, "Change the request", "/mail/view?", *FACTS, "Too dear."
        )

    def test_each_is_told_once(self):
        """Odoo's own e-mail on a new to-do stays away."""
        before = self.env["mail.mail"].search([("id", ">", 0)])
        self._begin().with_user(self.lead).action_ask_information("Is it new?")
        self.document.with_user(self.clerk).action_answer("As good as.")
        self.document.with_user(self.lead).action_reject("Too dear.")
        mails = self.env["mail.mail"].search([("id", ">", 0)]) - before
        told = mails.mapped("recipient_ids.name")
        self.assertEqual(
            [mail.recipient_ids.name for mail in mails.sorted("id")],
            ["Lead", "Clerk", "Lead", "Clerk"],
            told,
        )

    def test_reminder_says_that_it_is_one(self):
        self._begin().with_user(self.clerk).action_remind()
        message = self._letter(self.lead)
        self.assertEqual(message["Subject"], "Reminder: D1 waits for your decision")
        self.assertLetter(
            message, "Look and decide", "/approval/", *FACTS, "still waits"
        )

    def test_warning_before_the_limit_rejects(self):
        self.step.write({"limit_hours": 10, "on_timeout": "reject"})
        with freeze_time("2026-11-23 09:00:00"):
            self._begin()
        with freeze_time("2026-11-23 16:00:00"):
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()
        message = self._letter(self.lead)
        self.assertLetter(
            message, "Look and decide", "/approval/", *FACTS, "unless somebody decides"
        )
        message = self._letter(self.clerk)
        self.assertLetter(
            message, "Open the request", "/mail/view?", *FACTS, "is rejected at"
        )

    def test_due_date_is_in_the_reader_s_time_zone(self):
        self.step.limit_hours = 2
        self.lead.tz = "Asia/Ho_Chi_Minh"
        with freeze_time(datetime(2026, 11, 23, 9, 0)):
            self._begin()
        (task,) = self._tasks(self.document)
        facts = dict(self.env["approval.letter"]._write_to_holders(task)[task.id].facts)
        self.assertIn("6:00", facts["Due"])

    def test_each_is_written_to_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.lead.lang = "fr_FR"
        seen = []
        letters = type(self.env["approval.letter"])
        write = letters._write

        def note(letter, *args, **values):
            seen.append((letter.env.lang, values["button"]))
            return write(letter, *args, **values)

        with patch.object(letters, "_write", note):
            self._begin().with_user(self.lead).action_ask_information("Neuf ?")
            self.document.with_user(self.clerk).action_answer("Oui")
        self.assertEqual(
            seen,
            [
                ("fr_FR", "Look and decide"),
                ("en_US", "Answer"),
                ("fr_FR", "Look and decide"),
            ],
        )

    def test_who_may_not_read_the_document_is_told_nothing_of_it(self):
        self._begin()
        with patch.object(
            type(self.document),
            "_approval_readable_by",
            lambda document, user, lent=True: document.browse(),
        ):
            self.document.with_user(self.lead).action_reject("Too dear.")
        mails = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.clerk.partner_id.ids)]
        )
        self.assertFalse(mails)

    def test_what_is_very_long_does_not_push_the_button_out_of_sight(self):
        self._begin().with_user(self.lead).action_reject("Too dear. " * 20_000)
        message = self._letter(self.clerk)
        self.assertLetter(message, "Change the request", "/mail/view?", "Too dear.")

    def test_lines_that_people_write_stay_lines_in_every_program(self):
        self._begin().with_user(self.lead).action_reject("Too dear.\nAsk another.")
        source = self._html_of(self._letter(self.clerk))
        self.assertRegex(source, r"Too dear\.<br/?>\s*Ask another\.")

    def test_the_figure_stands_below_what_to_stop_at(self):
        def warnings(documents):
            return {each: [("over budget", "Ward: 5 short")] for each in documents}

        summary = {**SUMMARY, "facts": [["Ward", "5 short"]]}
        document = type(self.env["test.approval.document"])
        with (
            patch.object(document, "_approval_warnings", warnings),
            patch.object(document, "_approval_summary", lambda document: summary),
        ):
            self._begin()
            message = self._letter(self.lead)
        page = html.fromstring(self._html_of(message))
        said = " ".join(page.text_content().split())
        self.assertIn("over budget Ward: 5 short", said.partition("·")[2])
        self.assertEqual(said.count("5 short"), 1)

    def test_prices_stand_below_their_goods(self):
        summary = {**SUMMARY, "total": "Total 17.50, no taxes"}
        document = type(self.env["test.approval.document"])
        with patch.object(document, "_approval_summary", lambda document: summary):
            self._begin()
            page = html.fromstring(self._html_of(self._letter(self.lead)))
        (name,) = page.xpath("//td[normalize-space()='Bed 1']")
        below = name.getparent().getnext()
        self.assertEqual(below.text_content().strip(), "1.00")
        self.assertIn("Total 17.50, no taxes", page.text_content())

    def test_what_people_write_stays_text(self):
        self._begin().with_user(self.lead).action_reject("<a href='x'>no</a>\nnever")
        message = self._letter(self.clerk)
        self.assertEqual(message["Subject"], "D1: Rejected by Lead")
        self.assertLetter(message, "Change the request", "/mail/view?", "<a href='x'>")

    def test_context_of_a_caller_is_no_letter(self):
        """What remote callers put into the context does not reach the template."""
        self._begin()
        task = self._tasks(self.document).with_context(**{LETTER: {"1": "forged"}})
        self.assertEqual(task._get_letter().title, "D1")


@tagged("post_install", "-at_install")
class TestLetterAndCard(LetterCase):
    """What a card says as a fact, the letter says to the same reader."""

    def setUp(self):
        super().setUp()
        document = type(self.env["test.approval.document"])
        for name, said in {
            "_approval_warnings": [("over budget", "Ward: 5 short")],
            "_approval_comparisons": [("the same order twice?", "D0 of Monday")],
            "_approval_details": [("Deposit", "30.00 now\n70.00 on Friday")],
            "_approval_row_notes": {0: "+12 % against last time", 2: "as last time"},
        }.items():
            self.startPatcher(
                patch.object(
                    document,
                    name,
                    lambda documents, said=said: dict.fromkeys(documents, said),
                )
            )
        summary = {
            **SUMMARY,
            "facts": [*SUMMARY["facts"], ["Budget", "Within"]],
            "total": "Total 17.50, no taxes",
        }
        self.startPatcher(
            patch.object(document, "_approval_summary", lambda document: summary)
        )

    def _change_meanwhile(self):
        """Let it have been otherwise when it was submitted."""
        summary = {**SUMMARY, "facts": [["Budget", "Short when asked"]]}
        self.document.sudo().approval_process_id._system_write({"summary": summary})

    def _read_card(self, user):
        """Return what a card says, without what is not about the document."""
        self.env.flush_all()
        self.env.invalidate_all()
        task = self._tasks(self.document)[:1].with_user(user).sudo(False)
        card = task.with_context(lang=user.lang).card
        # what stands in the head is not said again
        facts = [pair for pair in card["facts"] if pair[1] != SUMMARY["about"]]
        facts = [text for pair in facts for text in pair]
        details = [text for pair in card["details"] for text in pair]
        goods = [text for row in card["goods"] for text in row]
        then = [value for _label, value in card["before"]]
        said = [*card["warnings"], *card["sentences"], *goods, *card["beside"]]
        return [*said, card["total"], *facts, *details, *then, card["why"]]

    def assertSaysWhatTheCardSays(self, user, *texts):
        """So does what it says without its tags, and it has one button."""
        message, card = self._letter(user), self._read_card(user)
        page = html.fromstring(self._html_of(message))
        plain = message.get_body(("plain",)).get_content()
        for said in (page.text_content(), plain):
            said = " ".join(said.split())
            for text in card:
                for line in text.splitlines():
                    self.assertIn(" ".join(line.split()), said, user.lang)
        for text in texts:
            self.assertIn(text, str(card))
        self.assertEqual(find_faults(page), [])
        self.assertEqual(len(page.xpath("//a")), 1)
        self.assertFalse(page.xpath("//link | //style | //script | //img | //@class"))

    def _play(self, lang):
        (self.clerk | self.lead).lang = lang
        own = ("Budget", "Bed 3", "3.50", "Total 17.50")
        asked = (
            *("+12 % against last time", "70.00 on Friday"),
            *("over budget", "Ward: 5 short", "the same order twice?", "D0 of Monday"),
        )
        self._begin()
        self.assertSaysWhatTheCardSays(self.lead, *own, *asked)
        self._change_meanwhile()
        own = (*own, "Short when asked")
        self.document.with_user(self.clerk).action_remind()
        self.assertSaysWhatTheCardSays(self.lead, *own, *asked)
        self.document.with_user(self.lead).action_ask_information("Is it new?")
        self.assertSaysWhatTheCardSays(self.clerk, *own)
        self.document.with_user(self.clerk).action_answer("As good as.")
        self.assertSaysWhatTheCardSays(self.lead, *own, *asked)
        self.document.with_user(self.lead).action_reject("Too dear.")
        self.assertSaysWhatTheCardSays(self.clerk, *own)

    def test_each_kind_in_english(self):
        self._play("en_US")

    def test_each_kind_in_vietnamese(self):
        load_vietnamese(self.env, "approval_matrix")
        self._play("vi_VN")

    def test_what_only_those_who_decide_read_reaches_nobody_else(self):
        self._begin().with_user(self.lead).action_reject("Too dear.")
        said = html.fromstring(self._html_of(self._letter(self.clerk))).text_content()
        for text in ("70.00 on Friday", "against last time", "the same order twice?"):
            self.assertNotIn(text, said)

    def test_it_is_in_no_notice(self):
        """Notices are kept, and their authors read them."""
        (self.clerk | self.lead).notification_type = "inbox"
        self._begin().with_user(self.clerk).action_remind()
        notices = self.env["mail.message"].search(
            [("partner_ids", "in", self.lead.partner_id.ids)]
        )
        said = " ".join(notices.mapped("body"))
        self.assertIn("still waits", said)
        self.assertNotIn("70.00 on Friday", said)
        self.assertNotIn("against last time", said)


@tagged("post_install", "-at_install")
class TestLetterInOdoo(LetterCase):
    """Who works in Odoo finds the same among their notices, and on their phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.clerk | cls.lead).notification_type = "inbox"
        Device = cls.env["mail.push.device"]
        Device.get_web_push_vapid_public_key()
        for user in (cls.clerk, cls.lead):
            Device.create(
                {
                    "endpoint": f"https://push.example/{user.login}",
                    "expiration_time": "2099-01-01 00:00:00",
                    "keys": json.dumps({"p256dh": "p", "auth": "a"}),
                    "partner_id": user.partner_id.id,
                }
            )

    def setUp(self):
        super().setUp()
        self.pushed = []
        self.startPatcher(
            patch(
                "odoo.addons.mail.models.mail_thread.push_to_end_point",
                lambda **values: self.pushed.append(
                    (values["device"]["endpoint"], json.loads(values["payload"]))
                ),
            )
        )

    def _notice(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ],
            order="id desc",
            limit=1,
        )

    def assertPushed(self, user, title, *texts):
        (endpoint, payload) = self.pushed[-1]
        self.assertIn(user.login, endpoint)
        self.assertIn(title, payload["title"])
        for text in texts:
            self.assertIn(text, payload["options"]["body"])
        data = payload["options"]["data"]
        self.assertEqual(
            (data["model"], data["res_id"]), (self.document._name, self.document.id)
        )

    def test_question_and_answer(self):
        self._begin().with_user(self.lead).action_ask_information("Is it new?")
        for text in ("Lead asks", "Is it new?", "Thép Việt"):
            self.assertIn(text, self._notice(self.clerk).body)
        self.assertNotIn(
            "4,242.00", self._notice(self.clerk).body, "its author reads it too"
        )
        self.assertPushed(self.clerk, "D1", "Lead asks", "Is it new?", "Thép Việt")
        self.document.with_user(self.clerk).action_answer("As good as.")
        self.assertIn("As good as.", self._notice(self.lead).body)
        self.assertPushed(self.lead, "D1", "has answered", "As good as.")

    def test_rejection(self):
        self._begin().with_user(self.lead).action_reject("Too dear.")
        self.assertIn("Too dear.", self._notice(self.clerk).body)
        self.assertPushed(self.clerk, "D1", "Rejected by Lead", "Too dear.")

    def test_reminder(self):
        self._begin().with_user(self.clerk).action_remind()
        self.assertPushed(self.lead, "D1", "still waits for your decision")

    def test_new_request_reaches_the_phone_when_all_is_committed(self):
        self._begin()
        self.assertFalse(self.pushed)
        (push,) = self.env["mail.push"].sudo().search([("id", ">", 0)])
        payload = json.loads(push.payload)
        self.assertEqual(push.mail_push_device_id.partner_id, self.lead.partner_id)
        self.assertEqual(payload["title"], "Please decide: D1")
        self.assertRegex(
            payload["options"]["body"], r"Clerk asks.*\n.*Thép Việt\n.*4,242.00"
        )
        self.assertEqual(payload["options"]["data"]["res_id"], self.document.id)

    def test_what_is_urgent_says_so_and_until_when(self):
        self.step.limit_hours = 2
        self.lead.tz = "Asia/Ho_Chi_Minh"
        document = type(self.env["test.approval.document"])
        with (
            patch.object(document, "_approval_urgency", lambda document: 1),
            freeze_time(datetime(2026, 11, 23, 9, 0)),
        ):
            self._begin()
            (push,) = self.env["mail.push"].sudo().search([("id", ">", 0)])
            body = json.loads(push.payload)["options"]["body"]
            self.assertEqual(body.splitlines()[2], "Urgent")
            self.assertRegex(body.splitlines()[-1], "Due: .*6:00")
            self.document.with_user(self.clerk).action_remind()
            self.assertPushed(self.lead, "D1", "still waits", "Due: ", "6:00")

    def test_each_level_has_a_picture_of_its_colour(self):
        document = type(self.env["test.approval.document"])
        icons = []
        for urgency, level in enumerate([None, ("Urgent", 2), ("Critical", 1)]):
            with (
                patch.object(document, "_approval_urgency", return_value=urgency),
                patch.object(document, "_approval_level", return_value=level),
            ):
                self._begin()
            push = self.env["mail.push"].sudo().search([("id", ">", 0)])[-1:]
            icons.append(json.loads(push.payload)["options"]["icon"])
            push.unlink()
        self.assertEqual(icons, [ICON, get_icon(2), get_icon(1)])

    def test_without_a_phone_nothing_is_asked(self):
        self.env["mail.push.device"].search([("id", ">", 0)]).unlink()
        task = self._tasks(self._begin())
        letters = self.env["approval.letter"]
        letters._push(task)  # the keys are read once
        self.env.ref("mail.ir_cron_web_push_notification")
        with self.assertQueryCount(1):  # who has a phone
            letters._push(task)
        self.env["ir.config_parameter"].sudo().set_param(
            "mail.web_push_vapid_private_key", False
        )
        letters._push(task)
        with self.assertQueryCount(0):
            letters._push(task)
