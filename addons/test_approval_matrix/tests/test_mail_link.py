import re
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlsplit

from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.approval_matrix.mail_link import DAYS_PARAMETER, make_link

from .common import DocumentCommon

LINK = re.compile(r'href="([^"]*/approval/[^"]*)"')
SUMMARY = {
    "about": "Beds for the ward",
    "facts": [["Vendor", "Bed & Sons"]],
    "columns": ["Product", "Amount"],
    "rows": [["Bed", "10.00"]],
}


class MailLinkCase(HttpCase, DocumentCommon):
    """Approvers who want e-mails, and a browser in which nobody is logged in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = cls.clerk | cls.lead | cls.head | cls.other
        people.notification_type = "inbox"
        cls.lead.notification_type = "email"
        cls.company.email = "company@document.example"

    def _mails(self, user):
        """Return our e-mails to the user, oldest first."""
        return self.env["mail.mail"].search(
            [
                ("recipient_ids", "in", user.partner_id.ids),
                ("body_html", "like", "/approval/"),
            ],
            order="id",
        )

    def _link_in(self, mail):
        (link,) = LINK.findall(mail.body_html)
        return urlsplit(link).path

    def _link(self, document, user=None):
        """Return the path of a link, as the engine makes it for the first task."""
        link = make_link(self._tasks(document)[0], user or self.lead)
        return urlsplit(link).path

    def _post(self, path, decision="approve", comment="", token=None):
        """Send one of the two forms of the page."""
        if token is None:
            page = html.fromstring(self.url_open(path).text)
            token = page.xpath("//input[@name='csrf_token']/@value")[0]
        return self.url_open(
            path,
            data={"csrf_token": token, "decision": decision, "comment": comment},
        )

    def _text(self, response):
        """Return what a page says, in one line."""
        return " ".join(html.fromstring(response.text).text_content().split())

    def assertPage(self, response, status, *texts):
        self.assertEqual(response.status_code, status, response.text[:2000])
        for text in texts:
            self.assertIn(text, self._text(response))
        self.assertNotIn("Traceback", response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", response.headers["X-Robots-Tag"])

    def assertRefused(self, path, status, *texts):
        """Neither looking nor deciding gets past, and no form is shown."""
        shown = self.url_open(path)
        self.assertPage(shown, status, *texts)
        self.assertNotIn("<form", shown.text)
        self.url_open("/web/login")
        decided = self._post(path, token="x")
        self.assertPage(decided, status, *texts)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMail(MailLinkCase):
    def test_mail_says_what_it_is_about_and_leads_to_the_page(self):
        with patch.object(
            type(self.env["test.approval.document"]),
            "_approval_summary",
            lambda document: SUMMARY,
        ):
            document = self._submitted(name="D1", amount=42)
        mail = self._mails(self.lead)
        self.assertEqual(mail.state, "outgoing")
        everything = [("recipient_ids", "in", self.lead.partner_id.ids)]
        self.assertEqual(self.env["mail.mail"].search(everything), mail)
        self.assertIn("D1", mail.subject)
        self.assertIn("42", mail.subject)
        self.assertIn("company@document.example", mail.email_from)
        for text in ("Clerk", "Bed &amp; Sons", "10.00", "Step", "Beds for the ward"):
            self.assertIn(text, mail.body_html)
        self.assertEqual(mail.body_html.count("/approval/"), 1)
        path = self._link_in(mail)
        self.assertPage(self.url_open(path), 200, "D1", "Requested by", "Clerk")
        self._post(path)
        self.assertEqual(document.state, "done")

    def test_who_works_in_odoo_gets_none(self):
        self.lead.notification_type = "inbox"
        self._submitted()
        self.assertFalse(self._mails(self.lead))

    def test_nobody_wanting_mail_costs_no_query(self):
        self.lead.notification_type = "inbox"
        task = self._tasks(self._submitted())
        self.assertTrue(task.holder_id.name)  # read already, with all its fields
        with self.assertQueryCount(0):
            task._notify_by_mail()

    def test_holder_without_address_is_left_out(self):
        self.lead.partner_id.email = False
        self._submitted()
        self.assertFalse(self._mails(self.lead))

    def test_mail_and_page_speak_the_holder_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.lead.lang = "fr_FR"
        template = self.env.ref("approval_matrix.mail_template_approval")
        template.with_context(lang="fr_FR").subject = "Veuillez décider"
        document = self._submitted()
        self.assertEqual(self._mails(self.lead).subject, "Veuillez décider")
        page = self.url_open(self._link(document))
        self.assertIn('lang="fr-FR"', page.text)

    def test_next_step_is_told_when_it_is_its_turn(self):
        self.head.notification_type = "email"
        self.rule.write({"step_ids": [self._step("Second", self.head, sequence=20)]})
        document = self._submitted()
        self.assertFalse(self._mails(self.head))
        self._post(self._link(document))
        path = self._link_in(self._mails(self.head))
        self.assertPage(self._post(path), 200, "Approved")
        self.assertEqual(document.state, "done")

    def test_reminder_comes_with_a_link_again(self):
        self.step.limit_hours = 1
        document = self._submitted()
        self.env.cr.execute("UPDATE approval_task SET due_at = now() - interval '1 h'")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.assertEqual(len(self._mails(self.lead)), 2)
        self.assertIn("The time limit is over", self._mails(self.lead)[1].body_html)
        self._post(self._link_in(self._mails(self.lead)[1]))
        self.assertEqual(document.state, "done")

    def test_queue_is_asked_to_send_at_once(self):
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        domain = [("cron_id", "=", queue.id)]
        before = self.env["ir.cron.trigger"].search_count(domain)
        self._submitted()
        self.assertGreater(self.env["ir.cron.trigger"].search_count(domain), before)

    def test_broken_template_keeps_no_request_from_its_approvers(self):
        template = self.env.ref("approval_matrix.mail_template_approval")
        template.body_html = '<p t-out="object.no_such_field"/>'
        with mute_logger("odoo.addons.approval_matrix.models.approval_task_mail"):
            document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.lead)
        template.unlink()
        self.assertEqual(self._submitted().approval_holder_ids, self.lead)

    def test_requester_gets_no_hold_of_the_link(self):
        """Odoo shows messages to their creator, and takes defaults from the context."""
        Document = self.env(user=self.clerk)["test.approval.document"]
        Document = Document.with_context(
            default_email_cc="clerk@document.example",
            default_email_to="clerk@document.example",
            default_recipient_ids=self.clerk.partner_id.ids,
            default_partner_ids=self.clerk.partner_id.ids,
            default_model="test.approval.document",
            default_auto_delete=False,
        )
        document = Document.create(
            {"name": "D", "company_id": self.company.id, "amount": 10}
        )
        document.action_submit_approval()
        mail = self._mails(self.lead)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.lead.partner_id)
        self.assertFalse(mail.email_cc or mail.email_to or mail.partner_ids)
        self.assertFalse(mail.model or mail.res_id)
        self.assertTrue(mail.auto_delete)
        message = mail.mail_message_id
        self.assertFalse(message.with_user(self.clerk).has_access("read"))
        found = self.env(user=self.clerk)["mail.message"].search(
            [("id", "=", message.id)]
        )
        self.assertFalse(found)
        self.assertNotIn("/approval/", str(message.body))


@tagged("post_install", "-at_install")
class TestMailLink(MailLinkCase):
    def setUp(self):
        super().setUp()
        self.document = self._submitted(name="D1")
        self.path = self._link(self.document)

    def _logged(self, event):
        return self.document.sudo().approval_process_id.log_ids.filtered(
            lambda log: log.event == event
        )

    def _rows(self):
        """Return all there is about approvals, as it is in the database."""
        self.env.flush_all()
        rows = []
        for table in ("process", "task", "log"):
            self.env.cr.execute(f"SELECT t::text FROM approval_{table} t ORDER BY id")
            rows += self.env.cr.fetchall()
        return rows

    # ------------------------------------------------------------
    # LOOKING AND DECIDING
    # ------------------------------------------------------------

    def test_looking_changes_nothing(self):
        before = self._rows()
        for _scan in range(2):
            self.assertPage(self.url_open(self.path), 200, "D1", "Approve", "Reject")
        head = self.opener.head(self.base_url() + self.path)
        self.assertEqual((head.status_code, head.text), (200, ""))
        self.assertEqual(self._rows(), before)

    def test_looking_with_the_form_s_values_decides_nothing(self):
        self.url_open(f"{self.path}?decision=approve&comment=x&csrf_token=x")
        self.assertEqual(self.document.state, "waiting")

    def test_approving(self):
        page = self._post(self.path, comment=" Fine ")
        self.assertPage(page, 200, "Approved", "D1: Approved")
        self.assertEqual(self.document.state, "done")
        row = self._logged("approved")
        self.assertEqual(
            (row.channel, row.user_id, row.comment), ("mail", self.lead, "Fine")
        )
        task = self._tasks(self.document)
        self.assertEqual((task.channel, task.decided_by_id), ("mail", self.lead))
        self.assertFalse(self.document.sudo().approval_process_id._find_broken_log())

    def test_rejecting(self):
        page = self._post(self.path, "reject", "Too dear")
        self.assertPage(page, 200, "Rejected")
        self.assertEqual(self.document.state, "draft")
        row = self._logged("rejected")
        self.assertEqual((row.channel, row.comment), ("mail", "Too dear"))

    def test_rejecting_needs_a_reason(self):
        for reason in ("", "  \n", "\0"):
            page = self._post(self.path, "reject", reason)
            self.assertPage(page, 200, "Say why", "Reason")
            self.assertIn("<form", page.text)
            self.assertIn('<details class="card reject" open="open"', page.text)
        self.assertEqual(self.document.state, "waiting")

    def test_whoever_comes_first_is_told_who_is_next(self):
        self.rule.write({"step_ids": [self._step("Second", self.head, sequence=20)]})
        document = self._submitted(name="D2")
        page = self._post(self._link(document))
        self.assertPage(page, 200, "D2 now waits for Head")

    def test_works_logged_in_as_the_holder_and_after_logging_out(self):
        self.authenticate(self.lead.login, self.lead.login)
        self.assertPage(self.url_open(self.path), 200, "D1")
        self.url_open("/web/session/logout")
        self.assertPage(self._post(self.path), 200, "Approved")
        self.assertEqual(self.document.state, "done")

    def test_page_shows_only_text(self):
        self.document.with_user(self.clerk).name = "<script>alert(1)</script>"
        page = self.url_open(self._link(self.document))
        self.assertPage(page, 200, "<script>alert(1)</script>")
        self.assertNotIn("<script", page.text)

    def test_forms_need_their_csrf_token(self):
        self.url_open(self.path)
        for token in ("", "x", "xo9999999999"):
            with mute_logger("odoo.http"):
                page = self._post(self.path, "approve", "Typed", token=token)
            self.assertPage(page, 200, "Please decide again", "Typed")
            self.assertEqual(self.document.state, "waiting")

    def test_odd_forms_decide_nothing(self):
        for decision in ("", "approved", "nonsense"):
            self.assertPage(self._post(self.path, decision), 200, "Approve or reject")
        page = html.fromstring(self.url_open(self.path).text)
        token = page.xpath("//input[@name='csrf_token']/@value")[0]
        page = self.url_open(
            self.path,
            data={"csrf_token": token, "decision": "approve"},
            files={"comment": ("c.txt", b"x")},
        )
        self.assertPage(page, 200, "plain text")
        self.assertEqual(self.document.state, "waiting")

    def test_what_a_document_refuses_is_said_and_undone(self):
        def refuse(documents):
            documents.write({"owner_id": self.other.id})
            documents._approval_check_start(None, None)

        with patch.object(type(self.document), "_approval_granted", refuse):
            page = self._post(self.path, comment="Typed")
        self.assertPage(page, 200, "No approval rule applies", "Typed")
        self.env.invalidate_all()
        self.assertEqual(self.document.state, "waiting")
        self.assertFalse(self.document.owner_id)
        self.assertFalse(self._logged("approved"))

    # ------------------------------------------------------------
    # LINKS THAT ARE NOT GOOD (ANY MORE)
    # ------------------------------------------------------------

    def test_used_link_says_what_was_decided(self):
        self._post(self.path)
        self.assertRefused(self.path, 410, "decided", "D1: Approved by Lead")
        self.assertEqual(len(self._logged("approved")), 1)

    def test_of_two_forms_the_second_comes_too_late(self):
        page = html.fromstring(self.url_open(self.path).text)
        token = page.xpath("//input[@name='csrf_token']/@value")[0]
        self.assertPage(self._post(self.path, token=token), 200, "Approved")
        late = self._post(self.path, "reject", "No", token=token)
        self.assertPage(late, 410, "D1: Approved by Lead")
        self.assertEqual(self.document.state, "done")

    def test_decided_on_the_screen(self):
        self.document.with_user(self.lead).action_reject("No")
        self.assertRefused(self.path, 410, "D1: Rejected by Lead")

    def test_expired(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=14, minutes=1)):
            old = self._link(self.document)
        with freeze_time(fields.Datetime.now() - timedelta(days=13, hours=23)):
            young = self._link(self.document)
        self.assertRefused(old, 410, "expired")
        self.assertNotIn("D1", self.url_open(old).text)
        self.assertPage(self.url_open(young), 200, "D1")

    def test_days_are_configurable(self):
        for days, good in (("3", 3), ("", 14), ("-1", 14), ("soon", 14), ("0", 14)):
            self.env["ir.config_parameter"].sudo().set_param(DAYS_PARAMETER, days)
            for ago, status in ((good - 1, 200), (good + 1, 410)):
                with self.subTest(days=days, ago=ago):
                    with freeze_time(fields.Datetime.now() - timedelta(days=ago)):
                        path = self._link(self.document)
                    self.assertEqual(self.url_open(path).status_code, status)

    def test_forged_or_unknown(self):
        other = self._submitted(name="D2")
        start, token = self.path.rsplit("/", 1)
        task = self._tasks(self.document)
        forged = {
            "another task": f"/approval/{self._tasks(other).id}/{token}",
            "no such task": f"/approval/{2**31 - 1}/{token}",
            "no such number": f"/approval/{10**30}/{token}",
            "first letter": f"{start}/{'B' if token[0] == 'A' else 'A'}{token[1:]}",
            "last letter": f"{start}/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
            "cut": f"{start}/{token[:-8]}",
            "padded": f"{start}/{token}==",
            "with junk": f"{start}/{token[:9]}!{token[9:]}",
            "empty": f"{start}/AQ",
            "not base64": f"{start}/%C3%A9%20%00",
            "long": f"{start}/{'A' * 3000}",
        }
        pages = set()
        for kind, path in forged.items():
            with self.subTest(kind):
                self.assertRefused(path, 404)
                pages.add(self._text(self.url_open(path)))
        self.assertEqual(len(pages), 1)
        self.assertNotIn("D1", pages.pop())
        self.assertEqual(task.state, "active")

    def test_secret_of_another_database(self):
        secret = self.env["ir.config_parameter"].sudo()
        ours = secret.get_param("database.secret")
        secret.set_param("database.secret", "another")
        path = self._link(self.document)
        secret.set_param("database.secret", ours)
        self.assertRefused(path, 404)

    def test_terms_changed(self):
        self.document.with_user(self.clerk).amount = 11
        self.assertRefused(self.path, 410, "D1 changed after this e-mail was sent")
        self.assertEqual(self.document.state, "waiting")
        self.assertPage(self.url_open(self._link(self.document)), 200, "D1")

    def test_terms_changed_past_the_engine(self):
        self.env.cr.execute(
            "UPDATE test_approval_document SET amount = 11 WHERE id = %s",
            [self.document.id],
        )
        self.env.invalidate_all()
        self.assertRefused(self.path, 410, "D1 changed")

    def test_terms_changed_while_the_page_was_open(self):
        page = html.fromstring(self.url_open(self.path).text)
        token = page.xpath("//input[@name='csrf_token']/@value")[0]
        self.document.with_user(self.clerk).amount = 11
        self.assertPage(self._post(self.path, token=token), 410, "D1 changed")
        self.assertEqual(self.document.state, "waiting")

    def test_withdrawn(self):
        self.document.action_withdraw()
        self.assertRefused(self.path, 410, "No decision is needed", "D1: Withdrawn")

    def test_deleted_document(self):
        self.document.sudo().unlink()
        self.assertRefused(self.path, 410, "No decision is needed")

    def test_another_approver_was_enough(self):
        self.step.user_ids += self.head
        document = self._submitted(name="D2")
        task = self._tasks(document).filtered(lambda task: task.user_id == self.lead)
        document.with_user(self.head).action_approve()
        self.assertRefused(
            urlsplit(make_link(task, self.lead)).path, 410, "D2: Approved"
        )

    def test_forwarded(self):
        self.head.notification_type = "email"
        self.document.with_user(self.lead).action_forward(self.head.id, "You know them")
        self.assertRefused(self.path, 403, "Somebody else decides", "D1")
        self._post(self._link_in(self._mails(self.head)))
        self.assertEqual(self._logged("approved").user_id, self.head)

    def test_archived_holder(self):
        self.lead.active = False
        self.assertRefused(self.path, 403, "Lead has no access to Company any more")
        self.assertNotIn("D1", self.url_open(self.path).text)

    def test_holder_who_left_the_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.lead.write(
            {"company_ids": elsewhere.ids, "company_id": elsewhere.id},
        )
        self.assertRefused(self.path, 403, "Lead has no access to Company any more")

    def test_four_eyes(self):
        self.env.cr.execute(
            "UPDATE test_approval_document SET approval_editor_id = %s WHERE id = %s",
            [self.lead.id, self.document.id],
        )
        self.env.invalidate_all()
        self.assertRefused(self.path, 403, "last changed the terms")
        self.assertEqual(self.document.state, "waiting")

    def test_somebody_else_s_browser(self):
        """Whoever is given the e-mail does not decide in the approver's name."""
        for user in (self.clerk, self.head):
            self.authenticate(user.login, user.login)
            self.assertRefused(self.path, 403, f"You are logged in as {user.name}")
        self.assertEqual(self.document.state, "waiting")

    # ------------------------------------------------------------
    # ABSENCE
    # ------------------------------------------------------------

    def _absence(self):
        now = fields.Datetime.now()
        return self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=9),
            }
        )

    def test_substitute_gets_a_link_and_decides_on_behalf(self):
        self.head.notification_type = "email"
        self._absence()
        mail = self._mails(self.head)
        self.assertIn("on behalf of", mail.body_html)
        path = self._link_in(mail)
        self.assertPage(self.url_open(path), 200, "Head for Lead")
        self.assertPage(self._post(path), 200, "Approved")
        row = self._logged("approved")
        self.assertEqual(
            (row.user_id, row.on_behalf_of_id, row.channel),
            (self.head, self.lead, "mail"),
        )
        self.assertRefused(self.path, 410, "D1: Approved by Head on behalf of Lead")

    def test_absent_approver_keeps_the_right(self):
        self._absence()
        self.assertPage(self._post(self.path), 200, "Approved")
        self.assertEqual(self._logged("approved").user_id, self.lead)

    def test_substitute_s_link_ends_with_the_absence(self):
        self.head.notification_type = "email"
        absence = self._absence()
        path = self._link_in(self._mails(self.head))
        absence.unlink()
        self.assertRefused(path, 403, "Somebody else decides")
        self.assertEqual(len(self._mails(self.lead)), 2)
        self.assertPage(self.url_open(self.path), 200, "D1")
