from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mail_link import SentLinkCase


@tagged("post_install", "-at_install")
class TestMailLink(SentLinkCase):
    """Looking, and deciding."""

    def _rows(self):
        """Return all there is about approvals, as it is in the database."""
        self.env.flush_all()
        rows = []
        for table in ("process", "task", "log"):
            self.env.cr.execute(f"SELECT t::text FROM approval_{table} t ORDER BY id")
            rows += self.env.cr.fetchall()
        return rows

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
            self.assertIn('class="card reject" open="open"', page.text)
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


@tagged("post_install", "-at_install")
class TestMailLinkFiles(SentLinkCase):
    """Whoever decides by the link reads what is attached to the document, no more."""

    def _attach(self, document, **values):
        return self.env["ir.attachment"].create(
            {
                "name": "quote.html",
                "raw": b"<script>1</script>",
                "res_model": document._name,
                "res_id": document.id,
                **values,
            }
        )

    def _load(self, file, path=None):
        return self.url_open(f"{path or self.path}/file/{file.id}")

    def test_page_hands_out_what_is_attached(self):
        file = self._attach(self.document)
        page = html.fromstring(self.url_open(self.path).text)
        (link,) = page.xpath("//section[contains(@class, 'files')]//a")
        self.assertEqual(link.text_content(), "quote.html")
        answer = self.url_open(link.get("href"))
        self.assertEqual((answer.status_code, answer.content), (200, file.raw))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_files_of_other_documents_stay_there(self):
        other = self._document(name="D2")
        files = [
            self._attach(other),
            self._attach(self.document, res_field="name"),
            self._attach(self.document, type="url", url="https://example.com"),
            self.env["ir.attachment"].create({"name": "free", "raw": b"x"}),
            self.env["ir.attachment"].browse(2**31 - 1),
        ]
        for file in files:
            self.assertPage(self._load(file), 404, "There is nothing here")
        self.assertNotIn("Attachments", self.url_open(self.path).text)

    def test_whoever_may_not_read_the_document_gets_no_file(self):
        file = self._attach(self.document)
        self.patch(
            self.registry["test.approval.document"],
            "_check_access",
            lambda documents, operation: (
                None if documents.env.su else (documents, lambda: AccessError("No"))
            ),
        )
        self.assertPage(self._load(file), 404)

    def test_link_that_is_not_good_hands_out_nothing(self):
        file = self._attach(self.document)
        forged = self.path[:-3] + "xyz"
        self.assertPage(self._load(file, forged), 404)
        self._post(self.path)
        self.assertPage(self._load(file), 410)

    def test_page_sets_what_changed_beside_what_was(self):
        left = ["10 left"]
        self.patch(
            self.registry["test.approval.document"],
            "_approval_summary",
            lambda document: {
                "about": "",
                "facts": [["Budget", left[0]]],
                "columns": [],
                "rows": [],
            },
        )
        path = self._link(self._submitted(name="D2"))
        self.assertNotIn("Not as it was", self._text(self.url_open(path)))
        left[0] = "2 left"
        page = self._text(self.url_open(path))
        self.assertIn("Budget then: 10 left now: 2 left", page)
