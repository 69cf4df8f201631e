from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase
from odoo.addons.crm_purchase_bridge.tests.common import BridgeCommon

from .common import add_spans


class TimelineTourCase(TourCase, BridgeCommon):
    def _story(self):
        """An order that waits for its vendor, wanted by a deadline."""
        sale = self._sale(confirm=True, user=self.care)
        sale.needed_by = fields.Datetime.now() + timedelta(days=20)
        purchase = self._purchase(sale)
        purchase.button_confirm()
        self._tell()
        return sale, purchase

    def _tell(self):
        self._follow_supply()
        while self.env["timeline.change"]._follow_batch():
            pass

    def _care_reads_the_story(self):
        sale, _purchase = self._story()
        self._tour(f"/odoo/sales/{sale.id}", "care", self.care)

    def _buyer_reads_the_story(self):
        _sale, purchase = self._story()
        self._tour(f"/odoo/purchase/{purchase.id}", "buyer", self.buyer)

    def _sales_reads_the_story_of_an_opportunity(self):
        """Two orders came of it, one of which was ordered from the vendor."""
        lead = self.env["crm.lead"].create(
            {
                "name": "Beds for ward 3",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "user_id": self.seller.id,
            }
        )
        sale = self._sale(confirm=True, user=self.seller, opportunity_id=lead.id)
        self._sale(user=self.seller, opportunity_id=lead.id)
        self._purchase(sale).button_confirm()
        self._tell()
        self._tour(f"/odoo/crm.lead/{lead.id}", "opportunity", self.seller)

    def _care_reads_who_has_it_now(self):
        sale = self._sale(user=self.seller)
        self._tell()
        self.care.name = "Huong"
        sale.user_id = self.care
        self._tell()
        self._tour(f"/odoo/sales/{sale.id}", "given", self.care)

    def _care_reads_to_the_beginning(self):
        """Three pages of what happened."""
        sale = self._sale(user=self.care)
        for number in range(70):
            sale.commitment_date = fields.Datetime.now() + timedelta(days=30 + number)
            self.env.flush_all()
        self._tell()
        self._tour(f"/odoo/sales/{sale.id}", "pages", self.care)

    def _sales_reads_the_story(self):
        sale, _purchase = self._story()
        self.seller.group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self._tour(f"/odoo/contacts/{sale.partner_id.id}", "sales", self.seller)


@tagged("post_install", "-at_install")
class TestTimelineTour(Desk, TimelineTourCase):
    def test_care_reads_the_story(self):
        self._care_reads_the_story()

    def test_a_buyer_reads_the_story_of_a_purchase(self):
        self._buyer_reads_the_story()

    def test_sales_reads_the_story_of_a_customer(self):
        self._sales_reads_the_story()

    def test_sales_reads_the_story_of_an_opportunity(self):
        self._sales_reads_the_story_of_an_opportunity()

    def test_care_reads_who_has_it_now(self):
        self._care_reads_who_has_it_now()

    def test_care_reads_to_the_beginning(self):
        self._care_reads_to_the_beginning()

    def test_the_keyboard_does(self):
        sale, _purchase = self._story()
        self._tour(f"/odoo/sales/{sale.id}/order-timeline", "keyboard", self.care)

    def test_lanes(self):
        sale = self._sale(user=self.care)
        sale.needed_by = fields.Datetime.now() + timedelta(days=20)
        told = fields.Date.today() + timedelta(days=12)
        days = dict.fromkeys(sale.order_line.ids, told)
        self.env["supply.promise"]._tell(sale.order_line, days, "phone")
        self._tell()
        self.assertTrue(sale.order_line.promise_ids.likely_on)
        self._tour(f"/odoo/sales/{sale.id}/order-timeline", "lanes", self.care)

    def test_lanes_by_keyboard(self):
        """Six times a day apart, in two lanes, months before what goes on now."""
        sale = self._sale(user=self.care)
        self._tell()
        add_spans(sale, 6, 3600, 86400)
        path = f"/odoo/sales/{sale.id}/order-timeline"
        self._tour(path, "lanes_keyboard", self.care)

    def test_cases_of_a_customer_have_keys_of_their_own(self):
        sale = self._sale(user=self.seller)
        newer = self._sale(user=self.seller)
        self.assertEqual(sale.partner_id, newer.partner_id)
        self._tell()
        add_spans(sale, 2, 3600, 86400)
        path = f"/odoo/contacts/{sale.partner_id.id}/customer-timeline"
        self._tour(path, "lanes_cases", self.seller)

    def test_many_lanes(self):
        sale = self._sale(user=self.care)
        self._tell()
        add_spans(sale, 5000, 900, 900)
        self._tour(f"/odoo/sales/{sale.id}/order-timeline", "many_lanes", self.care)


@tagged("post_install", "-at_install")
class TestTimelinePhoneTour(Phone, TimelineTourCase):
    def test_care_reads_the_story_on_a_phone(self):
        self._care_reads_the_story()

    def test_a_buyer_reads_the_story_of_a_purchase_on_a_phone(self):
        self._buyer_reads_the_story()

    def test_sales_reads_the_story_of_a_customer_on_a_phone(self):
        self._sales_reads_the_story()

    def test_sales_reads_the_story_of_an_opportunity_on_a_phone(self):
        self._sales_reads_the_story_of_an_opportunity()

    def test_care_reads_who_has_it_now_on_a_phone(self):
        self._care_reads_who_has_it_now()

    def test_care_reads_to_the_beginning_on_a_phone(self):
        self._care_reads_to_the_beginning()

    def test_a_phone_has_no_lanes(self):
        sale, _purchase = self._story()
        self._tour(f"/odoo/sales/{sale.id}/order-timeline", "no_lanes", self.care)
