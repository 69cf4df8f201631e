from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestAccessApps(AccessCommon):
    """What salespeople do all day works for who owns ten customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.env["res.partner"].create(
            [
                {"name": f"Own {number}", "user_id": cls.mai.id, "email": "a@b.example"}
                for number in range(10)
            ]
        )
        # below a company of somebody else
        cls.below = cls._customer("Below", parent_id=cls.theirs.id, user_id=cls.mai.id)

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()
        self.mine_env = self.env(user=self.mai)
        self.patch(self.env.transaction, "default_env", self.mine_env)

    def _order(self, partner):
        self.patch(self.env.transaction, "default_env", partner.env)
        with Form(partner.env["sale.order"]) as order:
            order.partner_id = partner
        return order.record

    def test_the_list_and_the_picker(self):
        partners = self.mine_env["res.partner"]
        names = {"complete_name": {}, "parent_id": {"fields": {"display_name": {}}}}
        found = partners.web_search_read([("name", "like", "Own")], names, limit=80)
        self.assertEqual(found["length"], 10)
        found = partners.web_name_search("Below", {"display_name": {}})
        self.assertEqual([one["id"] for one in found], self.below.ids)
        shown = partners.browse(self.below.id).web_read(names)
        self.assertEqual(shown[0]["parent_id"]["display_name"], "Theirs")

    def test_the_form_of_a_contact_below_a_company_of_others(self):
        below = self.below.with_user(self.mai)
        below.write({"phone": "0912 345 678", "email": "below@b.example"})
        with Form(below) as form:
            form.comment = "Calls at noon"

    def test_a_quotation_from_the_start_to_the_order(self):
        order = self._order(self.own[0].with_user(self.mai))
        self.assertEqual(order.user_id, self.mai)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_leader_quotes_for_the_customer_of_a_member(self):
        """Core lets who sees own documents only make none for others."""
        order = self._order(self.own[0].with_user(self.leader))
        self.assertEqual(order.user_id, self.leader)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        values = {"partner_id": self.own[1].id}
        order = self.env["sale.order"].with_user(self.leader).create(values)
        self.assertEqual(order.user_id, self.leader)
        self.assertEqual(self.own[0].user_id, self.mai, "the customer stays")

    def test_who_has_a_customer_for_some_days_quotes_for_it(self):
        self.env["customer.share"].create(
            {
                "partner_id": self.theirs.id,
                "user_id": self.mai.id,
                "until": "2099-12-31",
                "reason": "Leave",
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self._order(self.theirs.with_user(self.mai)).user_id, self.mai)

    def _invoice(self, partner):
        self.mai.group_ids += self.env.ref("account.group_account_invoice")
        invoices = self.mine_env["account.move"].with_context(
            default_move_type="out_invoice"
        )
        invoice = invoices.create(
            {
                "partner_id": partner.id,
                "invoice_date": "2026-11-28",
                "invoice_line_ids": [(0, 0, {"name": "Bed", "price_unit": 5})],
            }
        )
        invoice.action_post()
        return invoice

    def _pay(self, invoice, user=None):
        wizards = self.env["account.payment.register"].with_user(user or self.mai)
        wizards = wizards.with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizards.create({})._create_payments()
        return invoice.sudo().matched_payment_ids

    def test_who_invoices_too_invoices_own_customers_and_takes_their_money(self):
        payment = self._pay(self._invoice(self.own[0]))
        self.assertTrue(payment.with_user(self.mai).has_access("read"))

    def test_who_invoices_too_pays_a_vendor_of_everybody(self):
        self.mai.group_ids += self.env.ref("account.group_account_invoice")
        payment = self.mine_env["account.payment"].create(
            {
                "partner_id": self.vendor.id,
                "partner_type": "supplier",
                "payment_type": "outbound",
                "amount": 5,
            }
        )
        payment.action_post()
        self.assertTrue(payment.has_access("read"))
        hidden = self._customer("Hidden", user_id=self.nam.id)
        with self.assertRaises(AccessError):
            payment.copy({"partner_id": hidden.id})

    def test_an_own_invoice_stays_though_a_colleague_has_the_customer_now(self):
        """It may be corrected; who made it, or keeps all books, takes the money."""
        invoice = self._invoice(self.own[0])
        self.own[0].user_id = self.nam
        self.env.flush_all()
        self.env.invalidate_all()
        values = [{"invoice_user_id": self.mai.id}]
        credit = invoice._reverse_moves(values)
        self.assertEqual(credit.partner_id, self.own[0])
        other = self._invoice(self.own[1])
        self.own[1].user_id = self.nam
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self._pay(invoice))
        self.env.invalidate_all()
        self.assertTrue(self._pay(other, self.accountant))
        other.sudo().invoice_user_id = self.nam
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            other.read(["amount_total"])

    def test_payments_of_others_are_seen_by_who_keeps_all_books(self):
        hidden = self._customer("Hidden", user_id=self.nam.id)
        payment = self.env["account.payment"].create(
            {"partner_id": hidden.id, "payment_type": "inbound", "amount": 5}
        )
        self.mai.group_ids += self.env.ref("account.group_account_invoice")
        self.assertFalse(payment.with_user(self.mai).has_access("read"))
        self.assertTrue(payment.with_user(self.accountant).has_access("read"))
        everybodys = self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.mai.group_ids += everybodys
        self.assertTrue(payment.with_user(self.mai).has_access("read"))

    def test_the_dashboard_of_accounting_opens(self):
        self.mai.group_ids += self.env.ref("account.group_account_invoice")
        self._invoice(self.own[0])
        self.env.flush_all()
        self.env.invalidate_all()
        journals = self.mine_env["account.journal"].search([])
        shown = journals.read(["kanban_dashboard"])
        self.assertIn("number_", str(shown))

    def test_others_quote_in_the_name_of_the_owner_as_before(self):
        order = self._order(self.own[0].with_user(self.manager))
        self.assertEqual(order.user_id, self.mai)
        self.access._switch(False)
        self.env.invalidate_all()
        order = (
            self.env["sale.order"]
            .with_user(self.leader)
            .new({"partner_id": self.own[0].id})
        )
        self.assertEqual(order.user_id, self.mai)

    def test_an_order_stays_with_who_made_it(self):
        order = self._order(self.own[0].with_user(self.mai))
        self.own[0].user_id = self.nam
        self.env.invalidate_all()
        read = order.web_read({"partner_id": {"fields": {"display_name": {}}}})
        self.assertEqual(read[0]["partner_id"]["display_name"], "Own 0")
        order.client_order_ref = "again"

    def test_lists_open_though_a_customer_is_somebody_elses_now(self):
        """What lists show of customers is nothing where one may not see them."""
        vip = self.env["customer.level"].sudo().create({"name": "VIP"})
        self.own[:2].sudo().customer_level_id = vip
        for number in (0, 1):
            self._order(self.own[number].with_user(self.mai))
            self.mine_env["crm.lead"].create(
                {"name": "Beds", "partner_id": self.own[number].id}
            )
        self.own[0].user_id = self.nam
        self.env.flush_all()
        self.env.invalidate_all()
        names = {"customer_level_id": {"fields": {"display_name": {}}}}
        names["customer_level_color"] = {}
        for model in ("sale.order", "crm.lead"):
            rows = self.mine_env[model].web_search_read(
                [("partner_id", "in", self.own[:2].ids)], names, order="partner_id, id"
            )["records"]
            levels = [
                row["customer_level_id"] and row["customer_level_id"]["id"]
                for row in rows
            ]
            self.assertEqual(levels, [False, vip.id], model)

    def test_a_lead_becomes_a_customer(self):
        lead = self.mine_env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_name": "New Company",
                "contact_name": "New Contact",
                "user_id": self.mai.id,
            }
        )
        lead.convert_opportunity(self.mine_env["res.partner"])
        lead._handle_partner_assignment(create_missing=True)
        self.assertTrue(self._sees(lead.partner_id))
        self.assertTrue(self._writes(lead.partner_id.commercial_partner_id))

    def test_the_composer(self):
        order = self._order(self.own[0].with_user(self.mai))
        order.sudo().message_subscribe(self.theirs.ids)
        self.env.invalidate_all()
        suggested = order._message_get_suggested_recipients()
        self.assertNotIn("Theirs", str(suggested))
        message = order.message_post(
            body="Hello", partner_ids=self.own[0].ids, message_type="comment"
        )
        self.assertIn(self.own[0], message.partner_ids)
        composer = Form(
            self.mine_env["mail.compose.message"].with_context(
                default_model="sale.order", default_res_ids=order.ids
            )
        )
        composer.body = "Hello again"
        composer.save()._action_send_mail()

    def test_a_meeting_with_a_customer(self):
        event = self.mine_env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2026-11-28 10:00:00",
                "stop": "2026-11-28 11:00:00",
                "partner_ids": [(6, 0, (self.own[0] | self.mai.partner_id).ids)],
            }
        )
        self.assertEqual(len(event.attendee_ids), 2)
        event.web_read({"partner_ids": {"fields": {"display_name": {}}}})

    def test_entered_in_passing(self):
        new, _name = self.mine_env["res.partner"].name_create("New Customer")
        self.assertEqual(self.env["res.partner"].browse(new).user_id, self.mai)

    def test_the_calendar_with_meetings_of_others(self):
        """Whoever is invited sees who comes, of those whom they may see."""
        event = self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2026-11-28 10:00:00",
                "stop": "2026-11-28 11:00:00",
                "user_id": self.nam.id,
                "partner_ids": [(6, 0, (self.theirs | self.mai.partner_id).ids)],
            }
        )
        self._customer("Beside", user_id=self.nam.id)
        self.below.user_id = self.nam
        self.env.flush_all()
        self.env.invalidate_all()
        spec = {"partner_ids": {"fields": {"display_name": {}}}, "name": {}}
        events = self.mine_env["calendar.event"]
        found = events.web_search_read([("id", "=", event.id)], spec)["records"]
        self.assertEqual(found[0]["name"], "Meeting")
        self.assertNotIn("Theirs", str(found))
        shown = [one["id"] for one in found[0]["partner_ids"]]
        partners = self.mine_env["res.partner"].browse(shown)
        details = partners.get_attendee_detail(event.ids)
        self.assertEqual([one["id"] for one in details], self.mai.partner_id.ids)

    def _meet(self, *comers, user=None, **values):
        """Let somebody plan a meeting, as in a browser."""
        env = self.env(user=user or self.nam)
        self.patch(self.env.transaction, "default_env", env)
        event = env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2026-11-28 10:00:00",
                "stop": "2026-11-28 11:00:00",
                "partner_ids": [(6, 0, [comer.id for comer in comers])],
                **values,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.patch(self.env.transaction, "default_env", self.mine_env)
        return event.with_user(self.mai)

    def test_meetings_of_others_say_nothing_of_who_comes(self):
        """Odoo writes the customer's name and telephone into the description."""
        hidden = self._customer("Kín", user_id=self.nam.id, phone="0912 345 678")
        event = self._meet(hidden)
        self.assertEqual(event.name, "Visit")
        self.assertNotIn("Kín", str(event.read()))
        self.assertNotIn("345 678", str(event.read()))
        invited = self._meet(hidden, self.mai.partner_id)
        self.assertNotIn("Kín", str(invited.description))

    def test_what_was_said_before_is_for_who_comes(self):
        self.access._switch(False)
        hidden = self._customer("Kín", user_id=self.nam.id)
        event = self._meet(hidden, notes="Kín wants beds")
        # of several who come Odoo writes any
        invited = self._meet(hidden, self.mai.partner_id, description="Kín wants beds")
        own = self._meet(self.own[0])
        self.assertIn("Kín", event.description)
        self.access._switch(True)
        while self.access._fill():
            pass
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(event.description or event.notes)
        self.assertIn("Kín", invited.description)
        self.assertIn("Own 0", own.description, "one sees all who come")
        self.env.invalidate_all()
        self.assertIn("Kín", event.with_user(self.nam).description)
        self.env.invalidate_all()
        self.assertIn("Kín", event.with_user(self.manager).description)

    def test_nobody_looks_for_what_meetings_of_others_say(self):
        self.access._switch(False)
        hidden = self._customer("Kín", user_id=self.nam.id)
        event = self._meet(hidden)
        # of several who come Odoo writes any
        invited = self._meet(hidden, self.mai.partner_id, description="Kín wants beds")
        self.access._switch(True)
        while self.access._fill():
            pass
        self.env.flush_all()
        self.env.invalidate_all()
        both = event | invited
        said = [("description", "ilike", "Kín"), ("id", "in", both.ids)]
        self.assertEqual(both.search(said), invited)
        self.assertEqual(both.search(["!", *said]) & both, both.browse())
        self.assertEqual(both.with_user(self.manager).search(said), both)

    def test_what_colleagues_are_told_is_theirs(self):
        """Notifications show the subjects of messages."""
        for told, is_seen in ((self.nam, False), (self.mai, True)):
            self.theirs.message_notify(
                subject="Theirs wants a price",
                body="x",
                partner_ids=told.partner_id.ids,
            )
            self.env.flush_all()
            notifications = self.mine_env["mail.notification"]
            found = notifications.search([("res_partner_id", "=", told.partner_id.id)])
            subjects = str(found.read(["mail_message_id"]))
            self.assertEqual("Theirs wants a price" in subjects, is_seen)

    def test_who_writes_sees_whether_it_arrived(self):
        message = (
            self.own[0]
            .with_user(self.mai)
            .message_post(body="x", partner_ids=(self.own[0] + self.nam.partner_id).ids)
        )
        told = message.notification_ids.res_partner_id
        self.assertEqual(told, self.own[0] + self.nam.partner_id)

    def test_the_forecast_of_what_others_sell(self):
        if "stock.forecasted_product_product" not in self.env.registry:
            self.skipTest("no stock")
        product = self.env["product.product"].create(
            {"name": "Bed", "is_storable": True}
        )
        hidden = self._customer("Hidden", user_id=self.nam.id)
        self.env["sale.order"].create(
            {
                "partner_id": hidden.id,
                "user_id": self.nam.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        ).action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.mine_env["stock.forecasted_product_product"]
        values = report.get_report_values(product.ids)
        self.assertNotIn("Hidden", str(values))
        self.assertEqual(values["docs"]["product"][product.id]["virtual_available"], -1)
