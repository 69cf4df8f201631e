import psycopg2

from odoo import Command
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.misc import file_path

from .common import TimelineCommon

MIGRATION = "case_timeline/migrations/19.0.1.4.0/post-place-invoices.py"


@tagged("post_install", "-at_install")
class TestInvoices(TimelineCommon):
    """Invoices outlive their orders, and may be of another one."""

    def _sell(self):
        order = self._sale(product=self.chair)
        order.order_line.qty_delivered = 5
        return order

    def _invoice(self, orders):
        """Return an invoice that was posted and mailed, and told."""
        invoice = orders._create_invoices()
        invoice.action_post()
        self._mail(invoice)
        self._run()
        return invoice

    def _delete(self, order):
        """Delete an order past the rules that want it cancelled, which would want a
        credit note first."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE sale_order SET state = 'cancel' WHERE id = %s", order.id)
        )
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order_line SET state = 'cancel' WHERE order_id = %s",
                order.id,
            )
        )
        self.env.invalidate_all()
        order.picking_ids.action_cancel()
        order.unlink()
        self.env.flush_all()

    def _find(self, invoice):
        """Return where what happened to an invoice and its e-mails is told."""
        events = self._events(
            [
                "|",
                *("&", ("res_model", "=", "account.move"), ("res_id", "=", invoice.id)),
                *("&", ("res_model", "=", "mail.message")),
                ("res_id", "in", invoice.message_ids.ids),
            ]
        )
        self.assertIn("invoice.posted", events.mapped("kind"))
        self.assertIn("mail.sent", events.mapped("kind"))
        events -= events.filtered(self._is_at_rest)
        return {(event.sale_id, event.lead_id, event.partner_id) for event in events}

    def _read_customer(self):
        """Return how often the customer's story tells of invoices and e-mails."""
        feed = self.env["timeline.feed"].get_page("res.partner", self.customer.id)
        kinds = [event["kind"] for event in feed["events"]]
        return kinds.count("invoice.posted"), kinds.count("mail.sent")

    def test_invoice_of_a_deleted_order_is_the_customers(self):
        order = self._sell()
        order.opportunity_id = self._lead()
        invoice = self._invoice(order)
        self.assertEqual(
            self._find(invoice), {(order.id, order.opportunity_id, self.customer)}
        )
        self.assertEqual(self._read_customer(), (1, 1))
        number = order.id
        self._delete(order)
        self.assertEqual(self._verify(), [], "it is noted, and told soon")
        self._run()
        nobody = self.env["crm.lead"]
        self.assertEqual(self._find(invoice), {(0, nobody, self.customer)})
        self.assertEqual(self._read_customer(), (1, 1))
        # what happened to the order itself stays where it was
        self.assertIn("sale.gone", self._kinds(sale_id=number))
        self._check_whole()
        invoice.button_draft()
        invoice.button_cancel()
        self._check_whole()

    def test_order_that_is_deleted_before_the_job_runs(self):
        order = self._sell()
        invoice = order._create_invoices()
        invoice.action_post()
        self._mail(invoice)
        self._delete(order)
        self._run(batch=1)
        nobody = self.env["crm.lead"]
        self.assertEqual(self._find(invoice), {(0, nobody, self.customer)})
        self._check_whole()

    def test_invoice_of_an_order_that_is_left(self):
        """Of several orders one is deleted, whichever: the stories of the other ones
        tell all of it, once, and nothing is left where nobody can read it."""
        for gone in range(3):
            with self.subTest(gone=gone), self.env.cr.savepoint() as savepoint:
                orders = [self._sell() for _number in range(3)]
                invoice = self._invoice(orders[0] | orders[1] | orders[2])
                self._delete(orders[gone])
                self._run()
                nobody = self.env["crm.lead"]
                self.assertEqual(
                    self._find(invoice),
                    {
                        (order.id, nobody, self.customer)
                        for number, order in enumerate(orders)
                        if number != gone
                    },
                )
                self.assertEqual(self._read_customer(), (2, 2))
                self._check_whole()
                invoice.button_draft()
                invoice.button_cancel()
                self._check_whole()
                savepoint.rollback()

    def test_orders_of_an_invoice_that_are_deleted_one_after_the_other(self):
        """Until it is the customer's alone."""
        one, other = self._sell(), self._sell()
        invoice = self._invoice(one | other)
        for order in (other, one):
            self._delete(order)
            self._run(batch=1)
            self.assertEqual(self._verify(), [])
        nobody = self.env["crm.lead"]
        self.assertEqual(self._find(invoice), {(0, nobody, self.customer)})
        self.assertEqual(self._read_customer(), (1, 1))
        self._check_whole()

    def test_invoice_that_becomes_one_of_another_order_too(self):
        """What happened to it before is told there, too; and no more when it is not."""
        first, order = self._sell(), self._sell()
        invoice = self._invoice(order)
        line = invoice.invoice_line_ids
        line.sale_line_ids |= first.order_line
        self._run()
        for sale in (first, order):
            kinds = self._kinds(sale_id=sale.id)
            self.assertEqual(kinds.count("invoice.posted"), 1)
            self.assertEqual(kinds.count("mail.sent"), 1)
        self._check_whole()
        line.sale_line_ids -= order.order_line
        self._run()
        self.assertNotIn("invoice.posted", self._kinds(sale_id=order.id))
        self.assertEqual(self._kinds(sale_id=first.id).count("invoice.posted"), 1)
        self._check_whole()

    def test_invoice_of_no_order_goes_to_another_customer(self):
        """So does a payment: whoever keyed in the wrong one mends it."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [Command.create({"name": "A", "price_unit": 7})],
            }
        )
        payment = self.env["account.payment"].create(
            {"partner_id": self.customer.id, "partner_type": "customer", "amount": 7}
        )
        self._run()
        for document in (invoice, payment):
            document.partner_id = self.vendor
            self._run()
            events = self._events(res_model=document._name, res_id=document.id)
            self.assertTrue(events)
            self.assertEqual(events.partner_id, self.vendor)
            self.assertEqual(events.family_id, self.vendor)
        self._check_whole()

    def test_invoice_of_a_line_that_is_deleted(self):
        """The order goes on without it."""
        order = self._sell()
        invoice = self._invoice(order)
        line = invoice.invoice_line_ids.sale_line_ids
        order.order_line = [Command.create({"product_id": self.bed.id})]
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM sale_order_line WHERE id = %s", line.id))
        self.env.invalidate_all()
        self._run()
        nobody = self.env["crm.lead"]
        self.assertEqual(self._find(invoice), {(0, nobody, self.customer)})
        self._check_whole()

    def test_line_of_an_invoice_that_is_deleted(self):
        """It was all that the order had in it."""
        order = self._sell()
        invoice = order._create_invoices()
        self._run()
        invoice.invoice_line_ids = [
            Command.clear(),
            Command.create({"name": "By hand", "price_unit": 7}),
        ]
        self._run()
        events = self._events(res_model="account.move", res_id=invoice.id)
        self.assertEqual(set(events.mapped("sale_id")), {0})
        self._check_whole()

    def test_invoice_that_becomes_one_of_an_order(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [Command.create({"name": "A", "price_unit": 7})],
            }
        )
        self._run()
        order = self._sell()
        invoice.invoice_line_ids.sale_line_ids = order.order_line
        self._run()
        events = self._events(res_model="account.move", res_id=invoice.id)
        self.assertEqual(set(events.mapped("sale_id")), {order.id})
        self._check_whole()

    @mute_logger("odoo.sql_db")
    def test_nothing_else_leaves_its_order(self):
        """Neither an invoice that is still of it, nor the rest of a deleted one."""
        order, gone = self._sell(), self._sell()
        invoice = self._invoice(order)
        order.message_post(
            body="Hello",
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self._run()
        mails = self._events(res_model="mail.message", sale_id=order.id)
        self.assertEqual(len(mails), 2)
        events = self._events(res_model="account.move", res_id=invoice.id) | mails
        number = gone.id
        self._delete(gone)
        self._run()
        for event in events | self._events(sale_id=number):
            with (
                self.subTest(kind=event.kind),
                self.assertRaises(psycopg2.errors.InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    SQL("UPDATE timeline_event SET sale_id = 1 WHERE id = %s", event.id)
                )

    def test_those_of_an_earlier_version_are_moved(self):
        order, other = self._sell(), self._sell()
        invoice, kept = self._invoice(order), self._invoice(other)
        self._delete(order)
        # nothing noted it
        self.env.cr.execute(
            "DELETE FROM timeline_change WHERE source = 'sale_order_line_invoice_rel'"
        )
        self._run()
        self.assertEqual(len(self._verify()), 2, "the invoice and its e-mail")
        migration = load_script(file_path(MIGRATION), "post_place_invoices")
        migration.migrate(self.env.cr, "19.0.1.3.0")
        self.env.cr.execute("SELECT res_id FROM timeline_change")
        self.assertEqual(self.env.cr.fetchall(), [(invoice.id,)])
        self._run()
        nobody = self.env["crm.lead"]
        self.assertEqual(self._find(invoice), {(0, nobody, self.customer)})
        self.assertEqual(self._find(kept), {(other.id, nobody, self.customer)})
        self._check_whole()
