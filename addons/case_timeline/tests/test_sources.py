from contextlib import suppress
from email.message import EmailMessage

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import TimelineCommon

MIGRATION = "case_timeline/migrations/19.0.1.5.0/post-tell-told.py"


@tagged("post_install", "-at_install")
class TestSources(TimelineCommon):
    """What else is told besides orders and transfers, and by which ways it comes."""

    def test_row_that_is_inserted_confirmed_was_a_quotation(self):
        """Chains join up for what comes from elsewhere, too."""
        order = self._sale(confirm=False)
        copy = order.copy({"state": "sale"})
        self._run()
        self.assertEqual(
            self._kinds(("kind", "=like", "sale.%"), sale_id=copy.id)[:2],
            ["sale.quoted", "sale.confirmed"],
        )
        self.assertFalse(self._verify())

    def test_question_is_told_with_whom_it_asks(self):
        order = self._sale(confirm=False)
        question = self.env["supply.question"]._ask(order, "purchase", "When?")
        self._run()
        event = self._events(sale_id=order.id, kind="question.open")
        self.assertEqual(event.department, "purchase")
        self.assertNotIn("When?", str(event.parameters))
        question.action_withdraw()
        self._run()
        self.assertIn("question.withdrawn", self._kinds(sale_id=order.id))
        self.assertFalse(self._verify())

    def test_answer_is_told(self):
        """Once, with who gave it; what they wrote is for its readers only."""
        self._make_people()
        order = self._sale(confirm=False)
        question = self.env["supply.question"]._ask(order, "purchase", "When?")
        self._run()
        replies = self.env["supply.question.reply"].with_user(self.buyer)
        reply = call_kw(
            replies, "create", [{"question_id": question.id, "text": "Friday"}], {}
        )
        for _time in range(2):
            with suppress(UserError):
                call_kw(replies, "action_confirm", [[reply]], {})
        self.addCleanup(setattr, type(self), "hours", 0)
        self._pass_time(1)
        self._run()
        (event,) = self._events(sale_id=order.id, kind="question.answered")
        self.assertEqual(event.user_id, self.buyer.id)
        self.assertEqual(event.department, "purchase")
        self.assertNotIn("Friday", str(event.parameters))
        held = self.env["timeline.span"].search(
            [("res_model", "=", question._name), ("res_id", "=", question.id)]
        )
        self.assertEqual(held.mapped("department"), ["purchase"])
        self.assertTrue(held.date_to)
        self._check_whole()

    def _read_promises(self, order):
        """Return what the story says of promises, the first first."""
        feed = self.env["timeline.feed"].with_context(lang="en_US")
        events = feed.get_page("sale.order", order.id, kinds=["promise"])["events"]
        return [event["text"] for event in events][::-1]

    def test_customer_who_is_told_a_day_is_told_it(self):
        """Once, by the day; not that a likely day moved, as it may do afterwards."""
        order = self._sale()
        purchase = self._buy(order)
        self._run()
        line = order.order_line
        before = len(self._read_promises(order))
        promises = self.env["supply.promise"]
        promises._tell(line, {line.id: "2099-01-31"}, "phone")
        self._run()
        said = f"Customer told: {line.product_id.display_name} on 01/31/2099"
        self.assertEqual(self._read_promises(order)[before:], [said])
        purchase.order_line.date_planned = "2099-06-30 08:00:00"
        self._run()
        texts = self._read_promises(order)[before + 1 :]
        self.assertTrue(texts)
        self.assertFalse([text for text in texts if not text.startswith("Likely day")])
        self._check_whole()

    def test_days_told_in_an_earlier_version_are_called_so(self):
        order = self._sale()
        self._run()
        line = order.order_line
        self.env["supply.promise"]._tell(line, {line.id: "2099-01-31"}, "phone")
        self._run()
        right = self._read_promises(order)
        self.env.cr.execute("ALTER TABLE timeline_event DISABLE TRIGGER USER")
        self._sql(
            "UPDATE timeline_event SET kind = 'promise.moved', words = NULL,"
            " source = replace(source, ',promise.told,', ',promise.moved,')"
            " WHERE kind = 'promise.told' AND sale_id = %s",
            order.id,
        )
        self.env.cr.execute("ALTER TABLE timeline_event ENABLE TRIGGER USER")
        self.assertTrue(self._verify())
        load_script(file_path(MIGRATION), "post_tell_told").migrate(
            self.env.cr, "19.0.1.4.0"
        )
        self.env.invalidate_all()
        self.assertEqual(self._read_promises(order), right)
        self._check_whole()

    def test_days_noted_in_an_earlier_version_are_called_so(self):
        """Which noted no cause, and had not told them yet."""
        order = self._sale()
        self._run()
        line = order.order_line
        self.env["supply.promise"]._tell(line, {line.id: "2099-01-31"}, "phone")
        self._sql(
            "UPDATE timeline_change SET new = new - 'cause'"
            " WHERE source = 'supply_promise_version'"
        )
        load_script(file_path(MIGRATION), "post_tell_told").migrate(
            self.env.cr, "19.0.1.4.0"
        )
        self._run()
        (event,) = self._events(sale_id=order.id, kind="promise.told")
        self.assertEqual(event.parameters["told_on"], "2099-01-31")
        self._check_whole()

    def test_mail_that_comes_in_is_told(self):
        """An answer to what was written, and what goes to an address for enquiries."""
        order, lead = self._sale(confirm=False), self._lead()
        self.customer.email = "ward@customer.example"
        for document in (order, lead):
            sent = self._mail(document)
            self._receive_mail(**{"In-Reply-To": sent.message_id})
        self.env["mail.alias"].create(
            {
                "alias_name": "enquiries",
                "alias_domain_id": self.env["mail.alias.domain"]
                .create({"name": "company.example"})
                .id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_defaults": "{'type': 'opportunity'}",
            }
        )
        enquiry = self._receive_mail(To="enquiries@company.example")
        self._run()
        for field, id_ in (
            ("sale_id", order.id),
            ("lead_id", lead.id),
            ("lead_id", enquiry),
        ):
            kinds = self._kinds(**{field: id_})
            self.assertEqual(kinds.count("mail.received"), 1)
        self._check_whole()

    def _receive_mail(self, **headers):
        """Let the mail server hand over an e-mail; return the record it went to."""
        self.env.flush_all()
        message = EmailMessage()
        headers = {
            "From": "Ward 3 <ward@customer.example>",
            "To": "office@company.example",
            "Subject": "Beds",
            "Message-Id": f"<{len(self.env['mail.message'].search([]))}@ward.example>",
        } | headers
        for name, value in headers.items():
            message[name] = value
        message.set_content("We need more of them.")
        return self.env["mail.thread"].message_process(None, message.as_bytes())

    def test_approval_is_told_in_the_case(self):
        approver = self.env["res.users"].create(
            {
                "name": "Dung",
                "login": "dung",
                "group_ids": [
                    Command.link(self.env.ref("purchase.group_purchase_manager").id)
                ],
            }
        )
        self.env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": self.env["ir.model"]._get("purchase.order").id,
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Manager",
                            "user_ids": [Command.set(approver.ids)],
                        }
                    )
                ],
            }
        )
        order = self._sale()
        self._run()
        purchase = self._bought_for(order).order_id
        purchase.button_confirm()
        self._run()
        event = self._events(sale_id=order.id, kind="approval.submitted")
        self.assertEqual(event.purchase_id, purchase.id)
        waiting = self.env["timeline.span"].search([("sale_id", "=", order.id)])
        self.assertIn("approval", waiting.mapped("department"))
        self.assertFalse(self._verify())

    def test_date_that_is_moved_is_told(self):
        order = self._sale()
        self._run()
        purchase = self._bought_for(order).order_id
        purchase.button_confirm()
        self.env.flush_all()
        purchase.order_line.date_planned = "2030-01-31 12:00:00"
        self._run()
        self.assertEqual(
            self._kinds(sale_id=order.id, kind="purchase.date").count("purchase.date"),
            2,
        )
        self.assertFalse(self._verify())

    def test_meeting_that_is_about_nothing_for_a_while(self):
        """What changed meanwhile is told when it is about something again."""
        one, other = self._lead("One"), self._lead("Other")
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": one.id,
                "start": "2026-06-01 08:00:00",
                "stop": "2026-06-01 09:00:00",
            }
        )
        self._run()
        meeting.opportunity_id = False
        self.env.flush_all()
        meeting.write({"start": "2026-06-02 08:00:00", "stop": "2026-06-02 09:00:00"})
        self._run()
        self.assertEqual(self._kinds(lead_id=one.id).count("meeting.made"), 1)
        meeting.opportunity_id = other
        self.env.flush_all()
        meeting.write({"start": "2026-06-03 08:00:00", "stop": "2026-06-03 09:00:00"})
        self._run()
        self.assertNotIn("meeting.made", self._kinds(lead_id=one.id))
        self.assertEqual(
            self._kinds(lead_id=other.id, res_model="calendar.event"),
            ["meeting.made", "meeting.date", "meeting.date"],
        )
        self._check_whole()
