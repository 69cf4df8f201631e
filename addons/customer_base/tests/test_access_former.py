import re

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .access_common import AccessCommon

#: What a colleague has entered since, and what lists show of it: nothing.
SECRET = {
    "phone": "0911 222 333",
    "email": "secret@secret.example",
    "street": "9 Secret Street",
    "city": "Secretville",
    "vat": "0100109106",
    "comment": "Secret wish",
}
TOLD = re.compile("secret|911 ?222|0100109106", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestAccessFormer(AccessCommon):
    """Leads, orders and invoices of one's own whose customer a colleague has now: they
    are listed, exported, printed, sent and paid. Of the customer they say the name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mai.group_ids += cls.env.ref("base.group_allow_export")
        cls.mai.group_ids += cls.env.ref("account.group_account_invoice")
        cls.former = cls._customer("Former", is_company=True, user_id=cls.mai.id)
        cls.store = cls._customer(
            "Store", parent_id=cls.former.id, type="delivery", street="1 Store Street"
        )
        cls.mine.street = "1 Own Street"

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))
        self._act_as(self.mai)

    def _act_as(self, user):
        """As in a request of that user."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.mine_env = self.env(user=user)
        self.patch(self.env.transaction, "default_env", self.mine_env)

    def _lead(self, partner):
        values = {"name": f"Lead of {partner.name}", "partner_id": partner.id}
        return self.mine_env["crm.lead"].create(values | {"user_id": self.mai.id})

    def _order(self, partner):
        # an order has something in it
        product = self.env["product.product"].create({"name": "Bed"})
        return self.mine_env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": self.mai.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )

    def _invoice(self, partner):
        invoice = self.mine_env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_user_id": self.mai.id,
                "invoice_date": "2026-11-28",
                "invoice_line_ids": [Command.create({"name": "Bed", "price_unit": 5})],
            }
        )
        invoice.action_post()
        return invoice

    def _hand_on(self):
        """A colleague has the customer, and enters what there is to know."""
        self.former.user_id = self.nam
        for partner in self.former, self.store:
            partner.write(SECRET)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self._sees(self.former))
        self.assertFalse(self._sees(self.store))
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # EXPORTED
    # ------------------------------------------------------------

    def _export(self, records, *fields):
        return records.export_data(list(fields))["datas"]

    def test_leads_are_exported_with_the_name(self):
        leads = self._lead(self.former) + self._lead(self.mine)
        self._hand_on()
        rows = self._export(leads, "name", "partner_id")
        self.assertEqual(rows, [["Lead of Former", "Former"], ["Lead of Mine", "Mine"]])

    def test_orders_are_exported_with_the_names_of_all_addresses(self):
        order = self._order(self.former) + self._order(self.mine)
        self.assertEqual(order[0].partner_shipping_id, self.store)
        self._hand_on()
        rows = self._export(order, "partner_id", "partner_shipping_id/name")
        self.assertEqual(rows, [["Former", "Store"], ["Mine", "Mine"]])
        lines = self._export(order.order_line, "order_id/partner_id", "name")
        self.assertEqual([line[0] for line in lines], ["Former", "Mine"])

    def test_nothing_else_of_the_customer_is_exported(self):
        orders = self._order(self.former) + self._order(self.mine)
        self._hand_on()
        rows = self._export(
            orders,
            "name",
            *(f"partner_id/{name}" for name in SECRET),
            "partner_id/contact_address",
            "partner_id/email_formatted",
            "partner_id/user_id",
            "partner_id/child_ids/phone",
            "partner_shipping_id/street",
            "partner_shipping_id/parent_id/phone",
            "partner_shipping_id/commercial_partner_id/vat",
        )
        self.assertEqual(len(rows), 2)
        self.assertFalse(TOLD.search(str(rows)))
        self.assertNotIn(self.nam.name, str(rows))
        # of one's own all of it
        self.assertIn("1 Own Street", str(rows))
        self.assertIn(self.mai.name, str(rows))

    def test_an_export_to_be_imported_again_works_too(self):
        orders = self._order(self.former)
        self._hand_on()
        for is_compatible in (True, False):
            records = orders.with_context(import_compat=is_compatible)
            rows = self._export(records, "id", "partner_id/.id", "partner_id/phone")
            self.assertEqual(rows[0][1], str(self.former.id))
            self.assertFalse(TOLD.search(str(rows)))

    def test_what_was_left_out_is_neither_kept_nor_written(self):
        """What nobody may read is not what is there."""
        order = self._order(self.former)
        self._hand_on()
        self._export(order, "partner_id/phone", "partner_id/street")
        self.assertEqual(self.former.street, SECRET["street"])
        self.env.flush_all()
        self.env.invalidate_all()
        for name, value in SECRET.items():
            self.assertIn(value.split()[0], self.former[name], name)
        with self.assertRaises(AccessError):
            order.partner_id.read(["phone"])

    def test_customers_themselves_are_not_exported(self):
        self._order(self.former)
        self._hand_on()
        for customer in self.former, self.theirs:
            with self.assertRaises(AccessError):
                self._export(customer.with_user(self.mai), "name")

    # ------------------------------------------------------------
    # LISTED
    # ------------------------------------------------------------

    def test_lists_and_forms_say_the_name_whatever_they_are_asked_for(self):
        order, lead = self._order(self.former), self._lead(self.former)
        self._hand_on()
        more = {"show_address": True, "show_email": True, "show_vat": True}
        named = {"fields": {"display_name": {}}, "context": more}
        for record in order, lead:
            own = [("id", "=", record.id)]
            records = record.browse().with_context(**more)
            said = {
                "web_read": record.web_read({"partner_id": named}),
                "read": record.with_context(**more).read(["partner_id"]),
                "list": records.web_search_read(own, {"partner_id": named}),
                "search_read": records.search_read(own, ["partner_id"]),
                "groups": records.web_read_group(own, ["partner_id"], ["__count"]),
                "pivot": records.formatted_read_group(own, ["partner_id"], ["__count"]),
            }
            for way, answer in said.items():
                self.assertIn("Former", str(answer), way)
                self.assertFalse(TOLD.search(str(answer)), way)

    def test_names_of_ones_own_are_made_of_whatever_is_asked_for(self):
        order = self._order(self.mine)
        named = {"fields": {"display_name": {}}, "context": {"show_address": True}}
        self.assertIn("1 Own Street", str(order.web_read({"partner_id": named})))
        order = self._order(self.former)
        self._hand_on()
        named["context"]["show_vat"] = True
        said = order.with_user(self.manager).web_read({"partner_id": named})
        self.assertIn("9 Secret Street", str(said))

    def test_forms_open(self):
        records = self._order(self.former) + self._order(self.former)
        records.client_order_ref = "Twice"
        self._hand_on()
        records[1].sudo().user_id = self.nam
        self.env.flush_all()
        self.env.invalidate_all()
        with Form(records[0]) as form:
            form.note = "Again"
        twin = records[0].read(["duplicated_order_ids"])
        self.assertFalse(twin[0]["duplicated_order_ids"], "a colleague's")

    # ------------------------------------------------------------
    # PRINTED AND SENT
    # ------------------------------------------------------------

    def _print(self, report, records):
        reports = self.mine_env["ir.actions.report"]
        html, _kind = reports._render_qweb_html(report, records.ids)
        return html.decode()

    def test_a_quotation_is_printed_with_the_name(self):
        orders = self._order(self.former), self._order(self.mine)
        self._hand_on()
        printed = self._print("sale.action_report_saleorder", orders[0])
        self.assertIn("Former", printed)
        self.assertIn("Bed", printed)
        self.assertFalse(TOLD.search(printed))
        self.assertIn(
            "1 Own Street", self._print("sale.action_report_saleorder", orders[1])
        )

    def test_an_invoice_is_printed_with_the_name(self):
        invoice = self._invoice(self.former)
        self._hand_on()
        printed = self._print("account.account_invoices", invoice)
        self.assertIn("Former", printed)
        self.assertFalse(TOLD.search(printed))

    def test_others_print_all_of_it(self):
        order = self._order(self.former)
        self._hand_on()
        self._act_as(self.manager)
        printed = self._print("sale.action_report_saleorder", order)
        self.assertIn(SECRET["street"], printed)

    def test_nobody_prints_the_order_of_a_colleague(self):
        order = self._order(self.former)
        self._hand_on()
        order.sudo().user_id = self.nam
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._print("sale.action_report_saleorder", order)

    def test_a_message_about_an_order_is_written(self):
        """The customer is not among who gets it: a colleague writes to them now."""
        order = self._order(self.former)
        self._hand_on()
        template = self.env.ref("sale.email_template_edi_sale")
        composers = self.mine_env["mail.compose.message"].with_context(
            default_model="sale.order",
            default_res_ids=order.ids,
            default_template_id=template.id,
            default_composition_mode="comment",
        )
        composer = Form(composers)
        self.assertFalse(composer.partner_ids[:])
        composer.partner_ids.add(self.mine.with_user(self.mai))
        composer.body = "Hello"
        composer.save()._action_send_mail()
        message = order.sudo().message_ids[0]
        self.assertIn("Hello", message.body)
        self.assertEqual(message.partner_ids, self.mine)

    # ------------------------------------------------------------
    # PAID
    # ------------------------------------------------------------

    def _pay(self, invoice):
        wizards = self.mine_env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        with Form(wizards) as form:
            form.communication = "Cash"
        form.record._create_payments()
        return invoice.sudo().matched_payment_ids

    def test_whoever_invoiced_takes_the_money(self):
        invoice = self._invoice(self.former)
        self._hand_on()
        payment = self._pay(invoice)
        self.assertTrue(payment.with_user(self.mai).has_access("read"))
        self.assertEqual(payment.partner_id, self.former)
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))
        self.env.flush_all()
        self.env.invalidate_all()
        read = payment.with_user(self.mai).web_read(
            {"partner_id": {"fields": {"display_name": {}}}, "amount": {}}
        )
        self.assertEqual(read[0]["partner_id"]["display_name"], "Former")
        self.assertFalse(TOLD.search(str(read)))

    def test_with_an_entry_too(self):
        """Where money is on the way first."""
        accounts = self.env["account.account"]
        way = accounts.create(
            {"name": "On the way", "code": "ONWAY1", "account_type": "asset_current"}
        )
        journals = self.env["account.journal"].search(
            [("type", "in", ("bank", "cash"))]
        )
        journals.inbound_payment_method_line_ids.payment_account_id = way
        invoice = self._invoice(self.former)
        self._hand_on()
        payment = self._pay(invoice)
        self.assertTrue(payment.move_id, "with an entry")
        entry = payment.move_id.with_user(self.mai)
        self.assertTrue(entry.has_access("read"))
        self.assertTrue(entry.line_ids.has_access("read"))
        self.assertFalse(payment.with_user(self.leader).has_access("read"))

    def test_a_payment_that_a_colleague_recorded_is_theirs(self):
        invoice = self._invoice(self.former)
        self._hand_on()
        self._act_as(self.accountant)
        payment = self._pay(invoice)
        self.assertFalse(payment.with_user(self.mai).has_access("read"))
