import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import TimelineCommon

#: What may change: customers and opportunities are merged, and words follow.
FOLLOWING = {"partner_id", "family_id", "lead_id", "words"}
#: Another value of each type, and of columns that could not have that one anyway.
OTHER = {
    "integer": "-1",
    "character varying": "'another'",
    "timestamp without time zone": "date - INTERVAL '1 day'",
    "jsonb": """'{"another": 1}'""",
    "boolean": "NULL",
    "source": "source || ' another'",
}


@tagged("post_install", "-at_install")
class TestEvents(TimelineCommon):
    # ------------------------------------------------------------
    # PATHS
    # ------------------------------------------------------------

    def test_order_that_is_bought_for(self):
        """The purchase tells its story in the customer's case, too."""
        order = self._sale()
        purchase = self._play(order)
        kinds = self._kinds(sale_id=order.id)
        for kind in (
            "sale.quoted",
            "sale.confirmed",
            "purchase.quoted",
            "purchase.ordered",
            "purchase.received_full",
            "picking.done",
            "sale.delivered_full",
        ):
            self.assertIn(kind, kinds)
        self.assertEqual(kinds.count("purchase.ordered"), 1)
        home = self._events(purchase_id=purchase.id, is_home=True)
        self.assertFalse(home.filtered(lambda event: event.sale_id or event.family_id))
        self.assertFalse(self._verify())

    def test_common_stock_is_in_nobodys_case(self):
        purchase = self._purchase(product=self.chair)
        purchase.button_confirm()
        self._run()
        events = self._events(purchase_id=purchase.id)
        self.assertIn("purchase.ordered", events.mapped("kind"))
        self.assertFalse(events.filtered("sale_id"))

    def test_change_in_sql_is_noticed(self):
        order = self._sale(confirm=False)
        self._run()
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE sale_order SET state = 'cancel' WHERE id = %s", order.id)
        )
        self.env.invalidate_all()
        self._run()
        self.assertEqual(
            self._kinds(("kind", "=like", "sale.%"), sale_id=order.id),
            ["sale.quoted", "sale.cancelled"],
        )
        self.assertFalse(self._verify())

    def test_state_that_is_computed_is_noticed(self):
        order = self._sale(product=self.chair)
        self.env["stock.quant"]._update_available_quantity(
            self.chair, self.warehouse.lot_stock_id, 9
        )
        order.picking_ids.action_assign()
        self.env.flush_all()
        self._done(order.picking_ids)
        self._run()
        kinds = self._kinds(sale_id=order.id, res_model="stock.picking")
        self.assertEqual(kinds, ["picking.ready", "picking.done"])

    def test_same_again_is_another_event(self):
        order = self._sale(confirm=False)
        order._action_cancel()
        self.env.flush_all()
        order.action_draft()
        self.env.flush_all()
        order._action_cancel()
        self._run()
        self.assertEqual(
            self._kinds(("kind", "=like", "sale.%"), sale_id=order.id),
            ["sale.quoted", "sale.cancelled"] * 2,
        )
        self.assertFalse(self._verify())

    def test_batches_tell_the_same(self):
        order = self._sale()
        self._run(batch=1)
        purchase = self._bought_for(order).order_id
        purchase.button_confirm()
        self._receive(purchase)
        self._run(batch=1)
        told = self._picture()
        self.assertEqual(len(told), len(set(told)))
        self.assertFalse(self._verify())

    def test_nothing_is_told_of_what_means_nothing(self):
        order = self._sale(confirm=False)
        self._run()
        before = self._picture()
        order.client_order_ref = "4711"
        order.order_line.product_uom_qty = 9
        self._run()
        self.assertEqual(self._picture(), before)

    def test_writer_is_who_did_it(self):
        user = self.env["res.users"].create(
            {
                "name": "Lan",
                "login": "lan",
                "group_ids": [(4, self.env.ref("sales_team.group_sale_manager").id)],
            }
        )
        order = self._sale(confirm=False)
        order.with_user(user)._action_cancel()
        self._run()
        event = self._events(sale_id=order.id, kind="sale.cancelled")
        self.assertEqual(event.user_id, user.id)

    def test_who_confirms_did_it(self):
        """And not the system, in whose name Odoo goes on with transfers then."""
        seller = self._user("lan", "sales_team.group_sale_salesman_all_leads")
        buyer = self._user("mua", "purchase.group_purchase_user")
        order = self._sale(product=self.chair, confirm=False)
        ours = self._sale(confirm=False, user_id=seller.id)
        purchase = self._purchase(product=self.chair)
        self._run()
        (order | ours).with_user(seller).action_confirm()
        purchase.with_user(buyer).button_confirm()
        self._run()
        for record, kind, user in (
            (order, "sale.confirmed", seller),
            (ours, "sale.confirmed", seller),
            (purchase, "purchase.ordered", buyer),
        ):
            with self.subTest(kind=kind):
                event = self._events(
                    kind=kind, res_model=record._name, res_id=record.id, is_home=True
                )
                self.assertEqual(event.user_id, user.id)

    def test_invoice_is_in_the_case(self):
        order = self._sale(product=self.chair)
        order.order_line.qty_delivered = 5
        invoice = order._create_invoices()
        invoice.action_post()
        self._run()
        self.assertIn("invoice.posted", self._kinds(sale_id=order.id))
        self.assertEqual(len(self._events(sale_id=order.id, kind="invoice.posted")), 1)

    def test_invoice_and_payment_are_called_by_their_numbers(self):
        """They get these after they are posted."""
        order = self._sale(product=self.chair)
        order.order_line.qty_delivered = 5
        invoice = order._create_invoices()
        invoice.action_post()
        paying = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment = paying.create({})._create_payments()
        self._run()
        for record, kind in ((invoice, "invoice.posted"), (payment, "payment.made")):
            (event,) = self._events(res_model=record._name, kind=kind)
            self.assertEqual(event.parameters["name"], record.name)
            found = self.env["timeline.feed"].get_page(
                "res.partner", self.customer.id, search=record.name, kinds=[kind]
            )
            self.assertEqual([each["id"] for each in found["events"]], [event.id])

    def test_mail_of_every_document_is_told_once(self):
        lead = self._lead()
        order = self._sale(product=self.chair, opportunity_id=lead.id)
        order.order_line.qty_delivered = 5
        invoice = order._create_invoices()
        for document in (lead, order, invoice):
            self._mail(document)
        self._run()
        for field, value in (
            ("lead_id", lead.id),
            ("family_id", self.customer.id),
        ):
            kinds = self._kinds(**{field: value})
            self.assertEqual(kinds.count("mail.sent"), 3)
        self.assertEqual(self._kinds(sale_id=order.id).count("mail.sent"), 2)

    def test_note_among_colleagues_is_no_mail(self):
        order = self._sale(confirm=False)
        order.message_post(body="Careful", partner_ids=self.env.user.partner_id.ids)
        self._run()
        self.assertNotIn("mail.sent", self._kinds(sale_id=order.id))

    def _meeting(self, lead):
        return self.env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": lead.id,
                "start": "2026-06-01 08:00:00",
                "stop": "2026-06-01 09:00:00",
            }
        )

    def test_meeting_is_told(self):
        lead = self._lead()
        meeting = self._meeting(lead)
        self._run()
        meeting.write({"start": "2026-06-02 08:00:00", "stop": "2026-06-02 09:00:00"})
        self._run()
        meeting.unlink()
        self._run()
        self.assertEqual(
            self._kinds(lead_id=lead.id, res_model="calendar.event"),
            ["meeting.made", "meeting.date", "meeting.gone"],
        )

    def test_meeting_that_was_deleted_at_once_is_not_told(self):
        lead = self._lead()
        meeting = self._meeting(lead)
        self.env.flush_all()
        meeting.write({"start": "2026-06-02 08:00:00", "stop": "2026-06-02 09:00:00"})
        self.env.flush_all()
        meeting.unlink()
        self._run()
        self.assertEqual(self._kinds(lead_id=lead.id, res_model="calendar.event"), [])

    # ------------------------------------------------------------
    # MERGES
    # ------------------------------------------------------------

    def test_merged_opportunity_keeps_its_story(self):
        """What was told and what is only noted: all of it is in the survivor's feed."""
        stages = self.env["crm.stage"].search([], limit=3)
        one, other = self._lead("One"), self._lead("Other")
        self.env.flush_all()
        for stage in stages - one.stage_id:
            one.stage_id = stage
            self.env.flush_all()
        self._run()
        other.stage_id = (stages - other.stage_id)[0]
        self.env.flush_all()
        told = len(self._kinds(("lead_id", "in", (one | other).ids)))
        self.assertTrue(told)
        merged = (one | other).merge_opportunity()
        self._run()
        loser = (one | other).ids
        self.assertEqual(
            len(
                self._kinds(
                    ("kind", "in", ("lead.made", "lead.stage")),
                    lead_id=merged.id,
                    res_model="crm.lead",
                )
            ),
            2 + len(stages) - 1 + 1,
        )
        self.assertFalse(
            self._events([("lead_id", "in", list(set(loser) - {merged.id}))])
        )
        self.assertFalse(self._verify())

    def test_many_merges_wake_the_job_once(self):
        """Odoo merges duplicates by the hundred when it assigns leads."""
        cron = self.env.ref("case_timeline.ir_cron_follow")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        leads = [self._lead(f"Lead {number}") for number in range(6)]
        self.env.flush_all()
        for one, other in zip(leads[::2], leads[1::2], strict=True):
            (one | other).merge_opportunity()
        self.env.flush_all()
        now_woken = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertLessEqual(len(now_woken - woken), 1)

    def test_merged_customers_are_one_family(self):
        twin = self.env["res.partner"].create({"name": "Bach Mai", "is_company": True})
        order = self._sale(confirm=False, partner_id=twin.id)
        self._run()
        self.assertEqual(self._events(sale_id=order.id).family_id, twin)
        other = self._sale(confirm=False, partner_id=twin.id)
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.customer).ids, self.customer)
        self._run()
        for sale in (order, other):
            self.assertEqual(self._events(sale_id=sale.id).family_id, self.customer)
        self.assertFalse(self._verify())

    def test_contact_that_changes_its_company(self):
        order = self._sale(confirm=False, partner_id=self.contact.id)
        self._run()
        self.assertEqual(self._events(sale_id=order.id).family_id, self.customer)
        self.contact.parent_id = self.vendor
        self._run()
        self.assertEqual(self._events(sale_id=order.id).family_id, self.vendor)

    def test_merged_quotations_stay_in_the_case(self):
        one, other = self._sale(), self._sale(partner_id=self.contact.id)
        self._run()
        purchases = self._bought_for(one | other).order_id
        if len(purchases) > 1:
            purchases.action_merge()
        self._run()
        survivor = self._bought_for(one | other).order_id
        self.assertEqual(len(survivor), 1)
        survivor.button_confirm()
        self._run()
        for order in (one, other):
            self.assertEqual(self._kinds(sale_id=order.id).count("purchase.ordered"), 1)
        self.assertFalse(self._verify())

    def test_order_follows_its_opportunity(self):
        order = self._sale(confirm=False)
        self._run()
        lead = self._lead()
        order.opportunity_id = lead
        self._run()
        self.assertEqual(self._events(sale_id=order.id).lead_id, lead)

    # ------------------------------------------------------------
    # NOTHING CHANGES AFTERWARDS
    # ------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_database_refuses_changes(self):
        """Of each column, of an event and of a copy of one in another case."""
        order = self._sale()
        self._buy(order)
        self._run()
        columns = self._get_columns()
        self.assertLess(FOLLOWING, set(columns))
        event = self._events(sale_id=order.id, is_home=True)[0]
        copy = self._events(sale_id=order.id, kind="purchase.ordered")
        self.assertFalse(copy.is_home)
        statements = [
            "DELETE FROM timeline_event WHERE id = %s",
            "TRUNCATE timeline_event -- %s",
        ]
        for name, kind in columns.items():
            if name not in FOLLOWING:
                value = OTHER.get(name) or OTHER[kind]
                statements.append(
                    f"UPDATE timeline_event SET {name} = {value} WHERE id = %s"
                )
        for row in (event, copy):
            for statement in statements:
                with (
                    self.subTest(statement, is_home=row.is_home),
                    self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(statement, [row.id])

    def _get_columns(self):
        """Return all that the table has, with its types."""
        self.env.cr.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema AND table_name = 'timeline_event'"
        )
        return dict(self.env.cr.fetchall())

    def test_orm_refuses_changes(self):
        order = self._sale(confirm=False)
        self._run()
        events = self._events(sale_id=order.id)
        with self.assertRaises(AccessError):
            events.write({"kind": "sale.confirmed"})
        with self.assertRaises(AccessError):
            events.unlink()

    def test_documents_can_be_deleted(self):
        lead = self._lead()
        order = self._sale(confirm=False, opportunity_id=lead.id)
        partner = self.env["res.partner"].create({"name": "Passing By"})
        self._sale(confirm=False, partner_id=partner.id).unlink()
        self._run()
        order.unlink()
        lead.unlink()
        partner.unlink()
        self._run()
        events = self._events([("kind", "=like", "sale.%")], sale_id=order.id)
        self.assertEqual(events.mapped("kind"), ["sale.quoted", "sale.gone"])
        self.assertFalse(events.lead_id)
        self.assertFalse(self._verify())

    # ------------------------------------------------------------
    # VERIFICATION
    # ------------------------------------------------------------

    def _tamper(self, statement, *values):
        self.env.cr.execute(
            SQL("ALTER TABLE timeline_event DISABLE TRIGGER USER"),
        )
        self.env.cr.execute(SQL(statement, *values))
        self.env.cr.execute(SQL("ALTER TABLE timeline_event ENABLE TRIGGER USER"))

    def test_missing_event_is_found(self):
        order = self._sale()
        self._run()
        self._tamper(
            "DELETE FROM timeline_event WHERE sale_id = %s AND kind = 'sale.confirmed'",
            order.id,
        )
        self.assertTrue(
            any(f"sale.order,{order.id}" in text for text in self._verify())
        )

    def test_event_that_is_there_twice_is_found(self):
        order = self._sale()
        self._run()
        self._tamper(
            """
            INSERT INTO timeline_event (date, kind, res_model, res_id, chain,
                   parameters, sale_id, source, is_home)
            SELECT date, kind, res_model, res_id, chain, parameters, sale_id,
                   source || ' again', is_home
              FROM timeline_event WHERE sale_id = %s AND kind = 'sale.confirmed'
            """,
            order.id,
        )
        self.assertTrue(
            any(f"sale.order,{order.id}" in text for text in self._verify())
        )

    def test_wrong_span_is_found(self):
        order = self._sale()
        self._run()
        self.env.cr.execute(
            SQL("DELETE FROM timeline_span WHERE sale_id = %s", order.id)
        )
        self.assertTrue(any(f"sale,{order.id}" in text for text in self._verify()))
