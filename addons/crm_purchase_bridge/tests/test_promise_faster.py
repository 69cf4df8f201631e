"""Another vendor than the one that Odoo would choose: an option, no promise."""

from odoo import Command
from odoo.tests import tagged

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseFaster(PromiseCommon):
    """Odoo would choose the first vendor: 10 days, Thursday of the next week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.seller_ids.write({"delay": 10, "sequence": 1, "price": 100})
        cls.other = cls.env["res.partner"].create({"name": "Swift Beds"})
        cls.buyer = cls.env["res.users"].create(
            {
                "name": "Buyer",
                "login": "faster-buyer",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set(
                        (
                            cls.env.ref("purchase.group_purchase_user")
                            | cls.env.ref("sales_team.group_sale_salesman_all_leads")
                        ).ids
                    )
                ],
            }
        )

    def _sell_too(self, delay, partner=None, **values):
        return self.env["product.supplierinfo"].create(
            {
                "partner_id": (partner or self.other).id,
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "delay": delay,
                "sequence": 5,
                "price": 200,
                **values,
            }
        )

    def _assert_faster(self, number, quantity=10, vendor=None, **line):
        for line_ in (self._quotation(quantity, **line), self._sale(quantity, **line)):
            look = self._look(line_)
            self.assertEqual(self._to_number(look.answer.likely), 10)
            if number is None:
                self.assertIsNone(look.faster)
            else:
                self.assertEqual(self._to_number(look.faster.day), number)
                self.assertEqual(look.faster.vendor, (vendor or self.other).id)

    def test_a_faster_vendor_is_an_option(self):
        self._sell_too(4)
        self._assert_faster(4)

    def test_one_that_is_not_faster_is_none(self):
        self._sell_too(10)
        self._assert_faster(None)

    def test_the_vendor_that_odoo_chooses_is_no_option(self):
        self._sell_too(4, self.vendor)
        look = self._look(self._quotation(10))
        self.assertIsNone(look.faster)

    def test_the_fastest_of_several_counts(self):
        self._sell_too(7)
        third = self.env["res.partner"].create({"name": "Third"})
        self._sell_too(2, third)
        self._assert_faster(2, vendor=third)

    def test_a_vendor_who_sells_more_only_is_no_option(self):
        self._sell_too(4, min_qty=11)
        self._assert_faster(None)
        self._assert_faster(4, quantity=11)

    def test_a_price_break_with_another_delay_counts_from_its_quantity_on(self):
        self._sell_too(8)
        self._sell_too(3, min_qty=20, price=150)
        self._assert_faster(8, quantity=19)
        self._assert_faster(3, quantity=20)

    def test_a_minimum_is_in_the_vendors_unit(self):
        self._sell_too(4, min_qty=2, product_uom_id=self.dozen.id)
        self._assert_faster(None, quantity=23)
        self._assert_faster(4, quantity=24)
        self._assert_faster(4, quantity=2, product_uom_id=self.dozen.id)

    def test_a_vendor_whose_prices_are_over_is_no_option(self):
        self._sell_too(4, date_end=self._day(-1))
        self._sell_too(4, date_start=self._day(1))
        self._assert_faster(None)

    def test_a_vendor_of_another_company_is_no_option(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        self._sell_too(4, company_id=company.id)
        self._assert_faster(None)

    def test_a_vendor_of_another_variant_is_no_option(self):
        self._sell_too(4, product_id=self._product("Other").id)
        self._assert_faster(None)

    def test_how_late_a_vendor_usually_is_counts(self):
        self._sell_too(4)
        self.env["supply.pace"].create(
            {
                "kind": "vendor",
                "company_id": self.company.id,
                "partner_id": self.other.id,
                "sample": 20,
                "likely": 3,
                "safe": 3,
            }
        )
        self._assert_faster(7)

    def test_what_is_there_needs_nobody_faster(self):
        self._sell_too(4)
        self._count(10)
        for make in (self._quotation, self._sale):
            self.assertIsNone(self._look(make(10)).faster)

    def test_what_is_ordered_needs_nobody_faster(self):
        self._sell_too(4)
        self._make_to_order()
        self.assertIsNone(self._look(self._sale(10)).faster)

    def test_only_the_part_that_is_bought_comes_earlier(self):
        self._sell_too(4)
        self._purchase(4, self._day(7))
        line = self._sale(10)
        self.assertEqual(self._to_number(self._look(line).faster.day), 7)

    def test_it_is_kept_and_searched(self):
        self._sell_too(4)
        line = self._sale(10)
        promise = self._promise(line)
        self.assertEqual(promise.faster_on, self._day(4))
        self.assertEqual(promise.faster_vendor_id, self.other)
        found = self.promises.search([("faster_on", "!=", False)])
        self.assertIn(promise, found)
        self.product.seller_ids.filtered(lambda s: s.partner_id == self.other).unlink()
        self.promises._follow(line)
        self.assertFalse(promise.faster_on)
        self.assertFalse(promise.faster_vendor_id)

    def _card(self, line, user):
        panel = self.env["supply.panel"].with_user(user).with_context(lang="en_US")
        return panel.get_panel("sale.order", line.order_id.id)["cards"][0]

    def test_the_buyer_reads_who_and_when(self):
        self._sell_too(4)
        line = self._sale(10)
        faster = self._card(line, self.buyer)["faster"]
        self.assertEqual(
            faster["text"],
            "Swift Beds could have it 6 days earlier: Friday 27 November",
        )
        self.assertFalse(faster["is_asking"])

    def test_customer_care_reads_when_and_asks(self):
        self._sell_too(4)
        line = self._sale(10)
        self._run_job()
        card = self._card(line, self.care)
        self.assertEqual(
            card["faster"],
            {
                "day": str(self._day(4)),
                "text": "Can be had earlier (Friday 27 November)",
                "is_asking": True,
            },
        )
        self.assertNotIn("Swift Beds", str(card))
        asking = line.with_user(self.care).with_context(lang="en_US")
        context = asking.action_ask_for_faster()["context"]
        self.assertEqual(context["default_department"], "purchase")
        self.assertIn("11/27/2026", context["default_text"])
        dialog = self.env["supply.question.ask"].with_user(self.care)
        dialog.with_context(**context).create({}).action_ask()
        question = self.env["supply.question"].search(
            [("res_model", "=", line._name), ("res_id", "=", line.id)]
        )
        self.assertIn("Another vendor", question.text)

    def test_care_does_not_read_the_vendor(self):
        self._sell_too(4)
        promise = self._promise(self._sale(10)).with_user(self.care)
        self.assertNotIn("faster_vendor_id", promise.fields_get())
        self.assertEqual(promise.faster_on, self._day(4))

    def test_no_price_is_in_what_care_reads(self):
        self._sell_too(4, price=76543)
        card = self._card(self._sale(10), self.care)
        self.assertNotIn("76543", str(card))
