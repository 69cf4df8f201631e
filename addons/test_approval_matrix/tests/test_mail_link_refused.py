from datetime import timedelta
from urllib.parse import urlsplit

from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.tests import tagged
from odoo.tools import hash_sign

from odoo.addons.approval_matrix.mail_link import DAYS_PARAMETER, make_link

from .common_mail_link import SentLinkCase


@tagged("post_install", "-at_install")
class TestMailLinkRefused(SentLinkCase):
    """Links that are not good, or not any more."""

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

    def test_signed_with_the_secret_of_this_database(self):
        """Links were signatures once; administrators read the secret."""
        task, expires = self._tasks(self.document), "2099-01-01 00:00:00"
        fingerprint = task.process_id.fingerprint
        signed = hash_sign(
            self.env(su=True),
            "approval_matrix.mail_link",
            (task.id, self.lead.id, fingerprint, expires),
        )
        self.assertRefused(f"/approval/{task.id}/{signed}", 404)

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
            "UPDATE test_approval_document SET approval_editor_ids = %s WHERE id = %s",
            [f"[{self.lead.id}]", self.document.id],
        )
        self.env.invalidate_all()
        self.assertRefused(self.path, 403, "changed the terms")
        self.assertEqual(self.document.state, "waiting")

    def test_somebody_else_s_browser(self):
        """Whoever is given the e-mail does not decide in the approver's name."""
        for user in (self.clerk, self.head):
            self.authenticate(user.login, user.login)
            self.assertRefused(self.path, 403, f"You are logged in as {user.name}")
        self.assertEqual(self.document.state, "waiting")
