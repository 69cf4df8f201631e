from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mail_link import MailLinkCase

SUMMARY = {
    "about": "Beds for the ward",
    "facts": [["Vendor", "Bed & Sons"]],
    "columns": ["Product", "Amount"],
    "rows": [["Bed", "10.00"]],
}


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
            self.env["approval.notice"]._send_mails(task)

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
        with mute_logger("odoo.addons.approval_matrix.models.approval_notice"):
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
