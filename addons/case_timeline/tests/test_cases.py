from odoo.tests import tagged

from .common import TimelineCommon


@tagged("post_install", "-at_install")
class TestCases(TimelineCommon):
    """What has gone wrong elsewhere, as people reported it in public."""

    def test_mail_of_every_document_is_in_the_story(self):
        """Opportunity, quotation by e-mail, order by e-mail, invoice by e-mail."""
        lead = self._lead()
        order = self._sale(product=self.chair, confirm=False, opportunity_id=lead.id)
        self._send(order, "action_quotation_send")
        order.action_confirm()
        self._send(order, "action_quotation_send")
        order.order_line.qty_delivered = 5
        invoice = order._create_invoices()
        invoice.action_post()
        self._mail(invoice)
        self._run()
        for subject in (lead, order, self.customer):
            events = self._feed(subject)
            sent = [event for event in events if event["kind"] == "mail.sent"]
            self.assertEqual(len(sent), 3, subject)
        self._check_whole()

    def _send(self, order, action):
        context = getattr(order, action)()["context"]
        composer = self.env["mail.compose.message"].with_context(**context).create({})
        composer._action_send_mail()

    def _feed(self, record, limit=50):
        """Return all events, page by page."""
        feed = self.env["timeline.feed"]
        events, before = [], None
        while True:
            page = feed.get_page(record._name, record.id, before=before, limit=limit)
            events += page["events"]
            before = page["older"]
            if not before:
                return events
            self.assertEqual(len(page["events"]), limit)  # pages are full

    def test_history_survives_merges(self):
        """Five events and three, and then the contact is merged."""
        stages = self.env["crm.stage"].search([("is_won", "=", False)])
        twin = self.env["res.partner"].create({"name": "Bach Mai"})
        one, other = self._lead("One", partner_id=twin.id), self._lead("Other")
        self.env.flush_all()
        for lead, moves in ((one, 4), (other, 2)):
            for number in range(moves):
                lead.stage_id = stages[(number + 1) % len(stages)]
                self.env.flush_all()
        self._run()
        self.assertEqual([len(self._feed(lead)) for lead in (one, other)], [5, 3])
        survivor = (one | other).merge_opportunity()
        self._run()
        ours = ("lead.made", "lead.stage")
        told = [each for each in self._feed(survivor) if each["kind"] in ours]
        self.assertEqual(len(told), 8)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.customer).ids, self.customer)
        self._run()
        told = [each for each in self._feed(self.customer, 3) if each["kind"] in ours]
        self.assertEqual(len(told), 8)
        self._check_whole()
