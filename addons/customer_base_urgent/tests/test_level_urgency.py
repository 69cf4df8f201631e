from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestLevelUrgency(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.normal = cls.env.ref("urgent_orders.urgency_level_normal")
        cls.urgent = cls.env.ref("urgent_orders.urgency_level_urgent")
        cls.urgent.notify_group_ids = [Command.clear()]
        cls.critical = cls.env.ref("urgent_orders.urgency_level_critical")
        cls.critical.notify_group_ids = [Command.clear()]
        cls.vip = cls.env["customer.level"].create(
            {"name": "VIP", "urgency_level_id": cls.urgent.id}
        )
        partners = cls.env["res.partner"]
        cls.customer = partners.create({"name": "An Phát", "is_company": True})
        cls.customer.customer_level_id = cls.vip
        cls.contact = partners.create({"name": "Ba", "parent_id": cls.customer.id})
        cls.other = partners.create({"name": "Hòa Bình", "is_company": True})
        cls.sales = new_test_user(
            cls.env, "urgent-sales", groups="sales_team.group_sale_salesman"
        )

    def _create(self, model, **values):
        return self.env[model].with_user(self.sales).create(values)

    def test_orders_of_a_vip_begin_urgent(self):
        order = self._create("sale.order", partner_id=self.contact.id)
        self.assertEqual(order.urgency_level_id, self.urgent)
        self.assertEqual(order.urgency_reason, "VIP customer")
        lead = self._create("crm.lead", name="Beds", partner_id=self.customer.id)
        self.assertEqual(lead.urgency_level_id, self.urgent)

    def test_a_customer_by_default_counts_however_code_gives_it(self):
        for given in (self.customer, self.customer.id):
            leads = self.env["crm.lead"].with_context(default_partner_id=given)
            self.assertEqual(leads.create({"name": "?"}).urgency_level_id, self.urgent)

    def test_orders_of_others_are_plain(self):
        order = self._create("sale.order", partner_id=self.other.id)
        self.assertEqual(order.urgency_level_id, self.normal)
        self.assertFalse(order.urgency_reason)

    def test_a_lead_without_customer_is_plain(self):
        self.assertEqual(
            self._create("crm.lead", name="?").urgency_level_id, self.normal
        )

    def test_who_chooses_another_urgency_has_it(self):
        order = self._create(
            "sale.order", partner_id=self.customer.id, urgency_level_id=self.normal.id
        )
        self.assertEqual(order.urgency_level_id, self.normal)

    def test_a_form_shows_it_at_once_and_follows_the_customer(self):
        with Form(self.env["sale.order"].with_user(self.sales)) as form:
            form.partner_id = self.customer
            self.assertEqual(form.urgency_level_id, self.urgent)
            form.partner_id = self.other
            self.assertEqual(form.urgency_level_id, self.normal)
            self.assertFalse(form.urgency_reason)
            form.partner_id = self.contact
            form.urgency_level_id = self.normal
        self.assertEqual(form.record.urgency_level_id, self.normal)

    def test_a_form_keeps_what_somebody_chose(self):
        with Form(self.env["sale.order"].with_user(self.sales)) as form:
            form.urgency_level_id = self.critical
            form.urgency_reason = "The ward opens on Monday"
            form.partner_id = self.customer
        self.assertEqual(form.record.urgency_level_id, self.critical)

    def test_orders_that_are_there_stay_as_they_are(self):
        order = self._create("sale.order", partner_id=self.other.id)
        self.other.customer_level_id = self.vip
        with Form(order) as form:
            form.client_order_ref = "7"
        self.assertEqual(order.urgency_level_id, self.normal)

    def test_quotas_hold(self):
        self.urgent.quota = 1
        first, second = (
            self._create("sale.order", partner_id=self.customer.id) for _n in range(2)
        )
        self.assertEqual(first.urgency_level_id, self.urgent)
        self.assertEqual(second.urgency_level_id, self.normal)
        self.assertEqual(second.urgency_asked_level_id, self.urgent)

    def test_a_deadline_cannot_be_given(self):
        self.critical.deadline_required = True
        with self.assertRaises(ValidationError):
            self.vip.urgency_level_id = self.critical

    def test_urgency_that_asks_for_a_deadline_later_stops_no_order(self):
        self.urgent.deadline_required = True
        order = self._create("sale.order", partner_id=self.customer.id)
        self.assertEqual(order.urgency_level_id, self.normal)
