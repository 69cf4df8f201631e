import json
from unittest.mock import patch
from urllib.parse import unquote

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.purchase.models.purchase_order import PurchaseOrder

from .common import PurchaseApprovalCommon

ORDER = "Purchase Order"
REQUEST = "Request for Quotation"
LATER = "2040-01-01"


class VendorCommon(PurchaseApprovalCommon):
    """One order in each state, and a rule that matches all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager)
        cls.vendor.email = "vendor@vendor.example"
        cls.draft = cls._order()
        cls.waiting = cls._submitted()
        cls.ordered = cls._submitted()
        cls.ordered.with_user(cls.manager).action_approve()
        cls.reopened = cls._submitted()
        cls.reopened.with_user(cls.manager).action_approve()
        cls.reopened.order_line.price_unit = 9500
        cls.requests = cls.draft | cls.waiting | cls.reopened
        cls.order_mail = cls.env.ref("purchase.email_template_edi_purchase_done")
        cls.request_mail = cls.env.ref("purchase.email_template_edi_purchase")
        cls.reminder = cls.env.ref("purchase.email_template_edi_purchase_reminder")


@tagged("post_install", "-at_install")
class TestVendorMail(VendorCommon):
    """Vendors hear of an order when it is approved, and not before."""

    def test_which_states_are_requests(self):
        self.assertEqual(self.draft.state, "draft")
        self.assertEqual(self.waiting.state, "to approve")
        self.assertEqual(self.reopened.state, "to approve")
        self.assertFalse(self.ordered._approval_is_request())
        for order in self.requests:
            self.assertTrue(order._approval_is_request())

    def test_without_rules_odoo_decides(self):
        self.env["approval.process"].sudo().search([])._close("cancelled")
        with patch.object(type(self.draft), "_approval_in_use", lambda self: False):
            self.assertIn(ORDER, self.draft._get_report_base_filename())
            context = self.draft.action_rfq_send()["context"]
            self.assertEqual(context["default_template_id"], self.order_mail.id)

    def test_button_send_uses_the_template_of_requests(self):
        for order in self.requests:
            order = order.with_context(send_rfq=False)
            context = order.action_rfq_send()["context"]
            self.assertEqual(context["default_template_id"], self.request_mail.id)
            self.assertEqual(context["model_description"], REQUEST)
        order = self.ordered.with_context(send_rfq=False)
        context = order.action_rfq_send()["context"]
        self.assertEqual(context["default_template_id"], self.order_mail.id)
        self.assertEqual(context["model_description"], ORDER)

    def test_order_cannot_be_mailed_before_it_is_approved(self):
        for order in self.requests:
            for template in (self.order_mail, self.reminder):
                with self.assertRaisesRegex(UserError, "request for quotation"):
                    template.send_mail(order.id)

    def test_order_cannot_be_composed_before_it_is_approved(self):
        action = self.waiting.action_rfq_send()
        composer = self.env(user=self.buyer)["mail.compose.message"]
        context = {**action["context"], "default_template_id": self.order_mail.id}
        with self.assertRaisesRegex(UserError, "request for quotation"):
            Form(composer.with_context(**context))

    def test_order_cannot_be_posted_before_it_is_approved(self):
        with self.assertRaisesRegex(UserError, "request for quotation"):
            self.waiting.message_post_with_source(self.order_mail)

    def test_request_can_be_mailed_while_it_waits(self):
        action = self.waiting.with_context(send_rfq=False).action_rfq_send()
        composer = self.env(user=self.buyer)["mail.compose.message"]
        composer = Form(composer.with_context(**action["context"])).save()
        composer.action_send_mail()
        self.assertEqual(self.waiting.state, "to approve")
        message = self.waiting.sudo().message_ids[0]
        self.assertNotIn(ORDER.lower(), message.body.lower())
        for attachment in message.attachment_ids:
            self.assertIn(REQUEST, attachment.name)

    def test_attached_order_is_named_for_what_it_is(self):
        own = self.request_mail.copy({"report_template_ids": [(5, 0, 0)]})
        own.report_template_ids = self.env.ref("purchase.action_report_purchase_order")
        render = type(self.env["ir.actions.report"])
        with patch.object(render, "_render_qweb_pdf", lambda *a, **k: (b"%PDF", "pdf")):
            for order, title in ((self.waiting, REQUEST), (self.ordered, ORDER)):
                values = own._generate_template([order.id], ["report_template_ids"])
                ((name, _content),) = values[order.id]["attachments"]
                self.assertTrue(name.startswith(title), name)

    def test_layout_of_e_mails(self):
        message = self.waiting.sudo().message_post(body="Hello")
        for order, title in ((self.waiting, REQUEST), (self.draft, REQUEST)):
            values = order._notify_by_email_prepare_rendering_context(message)
            self.assertEqual(values["model_description"], title)
            self.assertNotIn("9,000", str(values["subtitles"]))
        values = self.ordered._notify_by_email_prepare_rendering_context(message)
        self.assertIn("9,000", str(values["subtitles"]))

    def test_button_in_e_mails(self):
        order = self.waiting.sudo()
        order.message_subscribe(self.vendor.ids)
        message = order.message_post(body="Hello")
        groups = order._notify_get_recipients_groups(message, ORDER)
        titles = [
            data["button_access"]["title"]
            for name, _is_member, data in groups
            if name == "portal_customer"
        ]
        self.assertEqual(titles, ["View Quotation"])

    def test_reminders_are_for_orders(self):
        self.buyer.group_ids += self.env.ref("purchase.group_send_reminder")
        for order in self.requests:
            with self.assertRaisesRegex(UserError, "request for quotation"):
                order._send_reminder_mail(send_single=True)
        self.assertTrue(self.ordered._send_reminder_mail(send_single=True))

    def test_automatic_reminders_leave_requests_out(self):
        everything = self.requests | self.ordered
        everything.sudo().write({"receipt_reminder_email": True})
        reminded = self.env["purchase.order"]._get_orders_to_remind()
        self.assertEqual(reminded & everything, self.ordered)

    def test_followers_do_not_hear_that_it_is_confirmed(self):
        order = self._order().with_context(tracking_disable=False)
        every_subtype = self.env["mail.message.subtype"].search([])
        order.sudo().message_subscribe(self.vendor.ids, every_subtype.ids)
        self.cr.flush()  # changes of state are told at the end of a transaction
        order.button_confirm()
        self.cr.flush()
        changed = order.sudo().message_ids.filtered("tracking_value_ids")[:1]
        self.assertEqual(order.state, "to approve")
        self.assertTrue(changed.is_internal)
        self.assertEqual(changed.subtype_id, self.env.ref("mail.mt_note"))
        self.assertFalse(changed.notified_partner_ids)

    def test_followers_hear_that_it_is_approved(self):
        self.assertEqual(
            self.ordered._track_subtype({"state": "to approve"}),
            self.env.ref("purchase.mt_rfq_approved"),
        )

    def test_print_makes_a_request(self):
        for order in self.requests:
            state = order.state
            action = order.print_quotation()
            self.assertEqual(action["report_name"], "purchase.report_purchasequotation")
            self.assertIn(order.state, (state, "sent"))

    def test_printed_order_does_not_say_so(self):
        for order, title in (
            (self.waiting, REQUEST),
            (self.reopened, REQUEST),
            (self.ordered, ORDER),
        ):
            html, _type = self.env["ir.actions.report"]._render_qweb_html(
                "purchase.report_purchaseorder", order.ids
            )
            html = html.decode()
            self.assertIn(title, html)
            if title == REQUEST:
                self.assertNotIn(ORDER, html)

    def test_file_names(self):
        for order in self.requests:
            self.assertTrue(order._get_report_base_filename().startswith(REQUEST))
        self.assertTrue(self.ordered._get_report_base_filename().startswith(ORDER))

    def test_nothing_for_the_vendor_s_software_while_it_waits(self):
        with patch.object(PurchaseOrder, "_get_edi_builders", lambda self: ["ubl"]):
            self.assertFalse(self.waiting._get_edi_builders())
            self.assertFalse(self.reopened._get_edi_builders())
            self.assertIn("ubl", self.ordered._get_edi_builders())
            self.assertIn("ubl", self.draft._get_edi_builders())

    def test_vendor_cannot_accept_what_is_not_ordered(self):
        for order in self.draft | self.waiting | self.ordered:
            order.sudo().action_acknowledge()
        self.assertFalse(self.draft.acknowledged)
        self.assertFalse(self.waiting.acknowledged)
        self.assertTrue(self.ordered.acknowledged)

    def test_who_delivers_has_accepted(self):
        receipt = self.reopened.picking_ids.sudo()
        receipt.move_ids.write({"quantity": 1, "picked": True})
        receipt._action_done()
        self.assertTrue(self.reopened.acknowledged)


@tagged("post_install", "-at_install")
class TestVendorPortal(HttpCase, VendorCommon):
    """The vendor's page of an order, and what is downloaded."""

    def _page(self, order, **params):
        token = order.sudo()._portal_ensure_token()
        query = "&".join(f"{name}={value}" for name, value in params.items())
        page = self.url_open(f"/my/purchase/{order.id}?access_token={token}&{query}")
        self.assertEqual(page.status_code, 200)
        return page

    def test_page_of_what_waits(self):
        for order in self.requests:
            text = self._page(order).text
            self.assertIn(REQUEST, text)
            self.assertNotIn(ORDER, text)
            self.assertNotIn(">Addresses<", text)
            if order.state == "to approve":
                self.assertNotIn("Connect with your software", text)

    def test_page_of_an_order(self):
        self.assertIn(ORDER, self._page(self.ordered).text)

    def test_accepting_by_link(self):
        self._page(self.waiting, acknowledge="True")
        self._page(self.ordered, acknowledge="True")
        self.env.invalidate_all()
        self.assertFalse(self.waiting.acknowledged)
        self.assertTrue(self.ordered.acknowledged)

    def test_no_file_for_the_vendor_s_software(self):
        token = self.waiting.sudo()._portal_ensure_token()
        url = f"/my/purchase/{self.waiting.id}/download_edi?access_token={token}"
        with patch.object(PurchaseOrder, "_get_edi_builders", lambda self: ["ubl"]):
            answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)

    def test_name_of_a_downloaded_order(self):
        self.authenticate(self.buyer.login, self.buyer.login)
        report = "purchase.report_purchaseorder"
        render = type(self.env["ir.actions.report"])
        for order, title in (
            (self.waiting, REQUEST),
            (self.draft, REQUEST),
            (self.ordered, ORDER),
        ):
            data = json.dumps([f"/report/pdf/{report}/{order.id}", "qweb-pdf"])
            with patch.object(
                render, "_render_qweb_pdf", lambda *a, **k: (b"%PDF", "pdf")
            ):
                token = Request.csrf_token(self)
                answer = self.url_open(
                    "/report/download", data={"data": data, "csrf_token": token}
                )
            name = unquote(answer.headers["Content-Disposition"])
            self.assertIn(f"{title} - {order.name}", name)
            if title == REQUEST:
                self.assertNotIn(ORDER, name)
