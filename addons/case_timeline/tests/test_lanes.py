import json
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..condensing import DEEPEST, MOST
from ..models.timeline_lanes import MOST_CASES
from .common import TimelineCommon, add_spans


@tagged("post_install", "-at_install")
class TestLanes(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_people()
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Beds",
                "type": "opportunity",
                "partner_id": cls.contact.id,
                "user_id": cls.seller.id,
            }
        )
        cls.order = cls._sale(user_id=cls.seller.id, opportunity_id=cls.lead.id)
        cls.purchase = cls._buy(cls.order)
        cls._run()

    def _lanes(self, user, record):
        lanes = self.env["timeline.lanes"].with_user(user)
        return lanes.get_lanes(record._name, record.id)

    def _spans(self, found):
        return [span for lane in found["lanes"] for span in lane["spans"]]

    def _decisive(self, found):
        spans = [span for span in self._spans(found) if span["is_decisive"]]
        return sorted(spans, key=lambda span: span["from"])

    def _forge_case(self, is_delivered):
        """Tell the case of the order as if it had taken days."""
        self._forget()
        sale, purchase = self.order.id, self.purchase.id
        document = ("purchase.order", purchase, purchase)
        events = [
            ("2026-01-05 01:00:00", "sale.quoted", "sale.order", sale, None),
            ("2026-01-06 01:00:00", "sale.confirmed", "sale.order", sale, None),
            (
                "2026-01-06 01:00:00",
                "sale.delivered_pending",
                "sale.order",
                sale,
                None,
            ),
            ("2026-01-06 03:00:00", "purchase.quoted", *document),
            ("2026-01-07 01:00:00", "purchase.ordered", *document),
        ]
        if is_delivered:
            events += [
                ("2026-01-09 01:00:00", "purchase.received_full", *document),
                (
                    "2026-01-10 01:00:00",
                    "sale.delivered_full",
                    "sale.order",
                    sale,
                    None,
                ),
            ]
        self._forge(sale, *events)
        self._forge(None, *(event for event in events if event[-1]))

    def test_name_of_an_opportunity_is_for_who_may_read_it(self):
        """Whoever bills the order sees its time, and not what sales called it."""
        clerk = self._user("clerk2", "account.group_account_invoice")
        self.env["timeline.span"]._system_create(
            {
                "sale_id": self.order.id,
                "company_id": self.order.company_id.id,
                "res_model": "crm.lead",
                "res_id": self.lead.id,
                "department": "care",
                "step": "opportunity",
                "date_from": "2026-01-05 01:00:00",
                "date_to": "2026-01-05 09:00:00",
                "is_decisive": True,
            }
        )
        for user, name in ((self.seller, "Beds"), (clerk, "")):
            with self.subTest(user=user.login):
                spans = self._spans(self._lanes(user, self.order))
                names = {s["document"] for s in spans if s["step"] == "opportunity"}
                self.assertEqual(names, {name})

    def test_thousands_of_spans_are_joined_to_few(self):
        """Whole they are as long, and as many hours; it takes no more queries."""
        counts = []
        for number in (10, 5000):
            self._forget()
            add_spans(self.order, number, 900, 900)
            self._lanes(self.seller, self.order)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self._lanes(self.seller, self.order)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        spans = self._spans(found)
        self.assertLessEqual(len(spans), MOST)
        self.assertLess(len(json.dumps(found)), 200_000)
        self.assertEqual(sum(span["count"] for span in spans), 5000)
        self.assertEqual(sum(lane["hours"] for lane in found["lanes"]), 1250)
        self.assertEqual(found["start"], "2026-01-05 00:00:00")
        self.assertEqual(found["end"], "2026-02-26 02:00:00")

    def test_part_of_the_time_has_its_spans_one_by_one(self):
        self._forget()
        add_spans(self.order, 5000, 900, 900)
        lanes = self.env["timeline.lanes"].with_user(self.seller)
        day = ("2026-01-10 00:00:00", "2026-01-11 00:00:00")
        found = lanes.get_lanes("sale.order", self.order.id, *day)
        spans = self._spans(found)
        self.assertEqual(len(spans), 96)
        self.assertEqual({span["count"] for span in spans}, {1})
        self.assertEqual(found["part"], list(day))
        self.assertEqual(min(span["from"] for span in spans), day[0])
        self.assertEqual(max(span["to"] for span in spans), day[1])
        nothing = lanes.get_lanes("sale.order", self.order.id, None, "2020-01-01")
        self.assertFalse(nothing["lanes"])
        with self.assertRaises(UserError):
            lanes.get_lanes("sale.order", self.order.id, "yesterday")

    def test_hours_of_a_part_are_those_of_the_part(self):
        """Of what began before and ended later only what was then counts, by the
        company's calendar, to the minute."""
        self._forge_case(is_delivered=True)
        lanes = self.env["timeline.lanes"].with_user(self.seller)
        part = ("2026-01-06 00:30:00", "2026-01-08 05:10:00")
        found = lanes.get_lanes("sale.order", self.order.id, *part)
        start, end = map(datetime.fromisoformat, part)
        clock = self.order.company_id._approval_working_time().read_from(start)
        spans = self.env["timeline.span"].search([("sale_id", "=", self.order.id)])
        expected = {}
        for span in spans.filtered("is_decisive"):
            for minute in range(int((end - start).total_seconds() / 60)):
                moment = start + timedelta(minutes=minute)
                if span.date_from <= moment < span.date_to:
                    worked = clock.count(moment, moment + timedelta(minutes=1))
                    expected.setdefault(span.department, 0)
                    expected[span.department] += worked
        self.assertGreater(len(expected), 1)
        hours = {lane["department"]: lane["hours"] for lane in found["lanes"]}
        for department, right in expected.items():
            self.assertAlmostEqual(hours[department], right, 2, department)
        whole = self._lanes(self.seller, self.order)["lanes"]
        self.assertGreater(sum(lane["hours"] for lane in whole), sum(hours.values()))

    def test_many_spans_at_once_are_few_rows(self):
        self._forget()
        add_spans(self.order, 300, 90_000, 60, is_decisive=False)
        spans = self._spans(self._lanes(self.seller, self.order))
        self.assertLessEqual(len(spans), 2 * DEEPEST)
        self.assertEqual(sum(span["count"] for span in spans), 300)

    def test_whoever_looks_into_many_at_once_sees_each(self):
        self._forget()
        add_spans(self.order, 40, 90_000, 60, is_decisive=False)
        lanes = self.env["timeline.lanes"].with_user(self.seller)
        hour = ("2026-01-05 10:00:00", "2026-01-05 11:00:00")
        spans = self._spans(lanes.get_lanes("sale.order", self.order.id, *hour))
        self.assertEqual([span["count"] for span in spans], [1] * 40)

    def test_customer_of_many_cases_has_the_newest_to_choose_from(self):
        self.env["sale.order"].create(
            [{"partner_id": self.customer.id, "user_id": self.seller.id}] * 120
        )
        self._run()
        found = self._lanes(self.seller, self.customer)
        self.assertEqual(len(found["cases"]), MOST_CASES + 1)  # and an opportunity
        newest = self.env["sale.order"].search([], order="id DESC", limit=1)
        self.assertEqual(found["case"]["id"], newest.id)

    def test_decisive_spans_follow_each_other(self):
        """Their hours are those of the lanes, and the last one has not ended."""
        self._forge_case(is_delivered=False)
        found = self._lanes(self.seller, self.order)
        spans = self._decisive(found)
        self.assertGreater(len(spans), 3)
        self.assertEqual(spans[0]["from"], found["start"])
        for before, after in zip(spans, spans[1:], strict=False):
            self.assertEqual(before["to"], after["from"])
        self.assertFalse(spans[-1]["to"] or found["end"])
        self.assertTrue(found["case"]["is_open"])
        hours = sum(lane["hours"] for lane in found["lanes"])
        self.assertAlmostEqual(hours, sum(span["working_hours"] for span in spans))

    def test_head_says_for_whom_it_waits(self):
        self._forge_case(is_delivered=False)
        feed = self.env["timeline.feed"].with_user(self.seller)
        for record in (self.order, self.contact):
            waiting = feed.get_head(record._name, record.id)["waiting"]
            self.assertEqual(
                [(each["department"], each["since"]) for each in waiting],
                [("vendor", "2026-01-07 01:00:00")],
            )
        waiting = feed.with_user(self.other_seller).get_head(
            "res.partner", self.contact.id
        )["waiting"]
        self.assertFalse(waiting)

    def test_what_came_back_is_said(self):
        """In the lanes, and of what it waits for now; not of what was there once."""
        self._forget()
        sale, purchase = self.order.id, self.purchase.id
        of_sale, bought = (
            ("sale.order", sale, None),
            ("purchase.order", purchase, purchase),
        )
        self._forge(
            sale,
            ("2026-01-05 01:00:00", "sale.quoted", *of_sale),
            ("2026-01-06 01:00:00", "sale.confirmed", *of_sale),
            ("2026-01-06 01:00:00", "sale.delivered_pending", *of_sale),
            ("2026-01-06 01:00:00", "purchase.quoted", *bought),
            ("2026-01-07 01:00:00", "purchase.submitted", *bought),
            ("2026-01-08 01:00:00", "purchase.quoted", *bought),
        )
        spans = self._decisive(self._lanes(self.seller, self.order))
        self.assertEqual(
            [(span["step"], span["is_back"]) for span in spans],
            [
                ("quotation", False),
                ("quotation", False),
                ("approval", False),
                ("quotation", True),
            ],
        )
        feed = self.env["timeline.feed"].with_user(self.seller)
        (waiting,) = feed.get_head("sale.order", sale)["waiting"]
        self.assertTrue(waiting["is_back"])
        self._forge_case(is_delivered=False)
        (waiting,) = feed.get_head("sale.order", sale)["waiting"]
        self.assertFalse(waiting["is_back"])

    def test_ended_case_has_an_end(self):
        self._forge_case(is_delivered=True)
        found = self._lanes(self.seller, self.order)
        self.assertEqual(found["end"], "2026-01-10 01:00:00")
        self.assertFalse(found["case"]["is_open"])

    def test_lanes_stand_in_the_order_of_work(self):
        self._forge_case(is_delivered=True)
        found = self._lanes(self.seller, self.order)
        self.assertEqual(
            [lane["department"] for lane in found["lanes"]],
            ["care", "purchase", "vendor", "nobody"],
        )

    def test_seller_opens_their_documents_and_no_purchase(self):
        found = self._lanes(self.seller, self.order)
        opened = {s["open"]["model"] for s in self._spans(found) if s["open"]}
        self.assertNotIn("purchase.order", opened)
        names = {span["document"] for span in self._spans(found)}
        self.assertIn(self.purchase.name, names)
        self.assertNotIn(self.vendor.name, str(found))
        self.assertNotIn("amount", str(found))

    def test_colleague_reads_no_lanes_of_orders_of_others(self):
        for record in (self.order, self.lead):
            with self.subTest(record=record), self.assertRaises(AccessError):
                self._lanes(self.other_seller, record)
        found = self._lanes(self.other_seller, self.customer)
        self.assertFalse(found["lanes"] or found["cases"])

    def test_buyer_reads_lanes_of_purchases_without_customers(self):
        found = self._lanes(self.buyer, self.purchase)
        lanes = [lane["department"] for lane in found["lanes"]]
        self.assertEqual(lanes[-1], "vendor")
        self.assertNotIn(self.order.name, str(found))
        self.assertNotIn(self.customer.name, str(found))
        with self.assertRaises(AccessError):
            self._lanes(self.buyer, self.order)

    def test_received_purchase_has_ended(self):
        self._forge_case(is_delivered=True)
        found = self._lanes(self.buyer, self.purchase)
        self.assertEqual(found["start"], "2026-01-06 03:00:00")
        self.assertEqual(found["end"], "2026-01-09 01:00:00")
        self.assertFalse(found["case"]["is_open"])
        self.assertTrue(all(span["to"] for span in self._spans(found)))

    def test_cases_of_a_customer_and_of_an_opportunity_are_its_orders(self):
        later = self._sale(confirm=False, user_id=self.seller.id)
        self._run()
        found = self._lanes(self.seller, self.contact)
        cases = [(case["model"], case["id"]) for case in found["cases"]]
        self.assertEqual(
            cases, [("sale.order", later.id), ("sale.order", self.order.id)]
        )
        self.assertEqual(found["case"]["id"], later.id)
        found = self._lanes(self.seller, self.lead)
        self.assertEqual(found["case"]["id"], self.order.id)
        self.assertTrue(found["lanes"])

    def test_opportunity_without_order_is_a_case(self):
        lead = self.env["crm.lead"].create(
            {"name": "Chairs", "type": "opportunity", "user_id": self.seller.id}
        )
        self._run()
        found = self._lanes(self.seller, lead)
        self.assertEqual(found["case"]["model"], "crm.lead")
        self.assertEqual([lane["department"] for lane in found["lanes"]], ["care"])

    def test_days_to_be_met(self):
        self.order.needed_by = "2031-03-04 20:00:00"
        line = self.order.order_line
        told = fields.Date.today() + timedelta(days=40)
        self.env["supply.promise"]._tell(line, {line.id: told}, "phone")
        self._run()
        seller = self.seller
        seller.tz = "Asia/Ho_Chi_Minh"
        lanes = self.env["timeline.lanes"].with_user(seller)
        found = lanes.with_context(tz=seller.tz).get_lanes("sale.order", self.order.id)
        days = {mark["key"]: mark["day"] for mark in found["marks"]}
        self.assertEqual(days["deadline"], "2031-03-05")
        promise = self.env["supply.promise"].search([("order_id", "=", self.order.id)])
        self.assertEqual(days["told"], str(told))
        self.assertTrue(promise.likely_on)
        self.assertEqual(days["likely"], str(promise.likely_on))

    def test_nonsense_gets_a_sentence(self):
        lanes = self.env["timeline.lanes"].with_user(self.seller)
        for record in (("res.users", 1), ("sale.order", "1"), ("sale.order", 2**40)):
            with self.subTest(record=record), self.assertRaises(UserError):
                lanes.get_lanes(*record)
