import re
from unittest.mock import Mock, patch
from urllib.parse import urlsplit

from lxml import html

from odoo.tests import HttpCase

from odoo.addons.approval_matrix.mail_link import make_link

from .common import DocumentCommon

LINK = re.compile(r'href="([^"]*/approval/[^"]*)"')


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

    def _sent(self, mails):
        """Send e-mails; return what the mail server gets."""
        sent = []

        def send_email(server, message, *args, **kwargs):
            sent.append(message)
            return message["Message-Id"]

        with (
            patch.object(self.env.registry["ir.mail_server"], "send_email", send_email),
            patch.object(
                self.env.registry["ir.mail_server"],
                "_disable_send",
                lambda _self: False,
            ),
            patch.object(
                self.env.registry["ir.mail_server"],
                "_connect__",
                lambda *args, **kwargs: Mock(),
            ),
        ):
            mails.send()
        return sent

    def _html_of(self, message):
        return message.get_body(("html",)).get_content()

    def _link_in(self, mail):
        """Return the path of the link in an e-mail, as it reaches its recipient."""
        mail.auto_delete = False
        (message,) = self._sent(mail)
        (link,) = LINK.findall(self._html_of(message))
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


class SentLinkCase(MailLinkCase):
    """A document, and the link that its approver was sent."""

    def setUp(self):
        super().setUp()
        self.document = self._submitted(name="D1")
        self.path = self._link(self.document)

    def _logged(self, event):
        return self.document.sudo().approval_process_id.log_ids.filtered(
            lambda log: log.event == event
        )
