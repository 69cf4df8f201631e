from datetime import timedelta
from random import Random

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .common import moment, percentile
from .test_approval_report import ApprovalReportCommon, minutes, worked
from .waiting_common import REPORT, Waiting, WaitingCommon

MONDAY = fields.Date.to_date("2026-03-02")
FIGURES = (
    "__count",
    "hours:median",
    "hours_p80:p80",
    "hours_p95:p95",
    "hours_total:sum",
    "hours_open:max",
    "over_rate:avg",
    "over_rate:count",
)


@tagged("post_install", "-at_install")
class TestWaitingHours(WaitingCommon):
    def test_working_hours_of_the_company(self):
        """Monday 16:00 to Tuesday 9:00 are two working hours."""
        span = self._span(
            self._case(), "care", moment(MONDAY, 16), moment(MONDAY + timedelta(1), 9)
        )
        self.assertAlmostEqual(span.hours, 2)

    def test_vendor_and_customer_have_calendar_time(self):
        case, end = self._case(), moment(MONDAY + timedelta(1), 9)
        for department in ("vendor", "customer"):
            span = self._span(case, department, moment(MONDAY, 16), end)
            self.assertAlmostEqual(span.hours, 17)

    def test_what_still_waits_is_apart(self):
        span = self._span(self._case(), "care", moment(MONDAY, 9))
        with freeze_time(moment(MONDAY, 11)):
            self.assertAlmostEqual(span.hours_open, 2)
            self.assertTrue(span.is_open)
            ids = [("id", "=", span.id)]
            self.assertFalse(self._share(REPORT, "hours:median", ids))

    def test_what_was_done_meanwhile_is_not_waited_for(self):
        span = self._span(
            self._case(),
            "care",
            moment(MONDAY, 8),
            moment(MONDAY, 9),
            is_decisive=False,
        )
        self.assertFalse(self.env[REPORT].search([("id", "=", span.id)]))

    def test_who_had_it_before(self):
        case, other = self._case(), self._case()
        first = self._span(case, "purchase", moment(MONDAY, 8), moment(MONDAY, 9))
        second = self._span(case, "approval", moment(MONDAY, 9), moment(MONDAY, 10))
        self._span(other, "stock", moment(MONDAY, 8), moment(MONDAY, 9))
        self.assertFalse(first.from_department)
        self.assertEqual(second.from_department, "purchase")

    def test_category_of_the_purchase_else_of_the_order(self):
        case = self._case()
        beds, mats = self.env["product.category"].create(
            [{"name": "Beds"}, {"name": "Mats"}]
        )
        self.product.categ_id = beds
        bought = self._purchase(1, moment(self._day(5))).order_id
        start, end = moment(MONDAY, 8), moment(MONDAY, 9)
        span = self._span(case, "vendor", start, end, document=bought)
        self.assertEqual(span.category_id, beds)
        other = self.env["product.product"].create({"name": "Mat", "categ_id": mats.id})
        case.order_line = [
            Command.create({"product_id": each.id, "name": each.name})
            for each in (self.product, other)
        ]
        span = self._span(case, "care", start, end)
        self.assertFalse(span.category_id)

    def _make_places(self, random):
        """Return orders and what is held of them: goods of one category, of two, and
        of none."""
        categories = self.env["product.category"].create(
            [{"name": "Beds"}, {"name": "Mats"}]
        )
        bed, mat = self.env["product.product"].create(
            [{"name": each.name, "categ_id": each.id} for each in categories]
        )
        cases = [self._case() for _number in range(3)]
        purchases = []
        for goods, case in zip(([bed], [mat, bed], []), cases, strict=True):
            case.order_line = [
                Command.create({"product_id": each.id}) for each in goods
            ]
            product = goods[-1] if goods else mat
            order = self._purchase(1, moment(self._day(5)), product).order_id
            order.partner_id = self.env["res.partner"].create({"name": case.name})
            if len(goods) > 1:
                order.order_line = [Command.create({"product_id": mat.id})]
            purchases.append(order)
        questions = [
            self._question(
                random.choice(cases),
                random.choice(
                    [None, *[moment(MONDAY + timedelta(day)) for day in (2, 7)]]
                ),
                random.choice([None, moment(MONDAY + timedelta(5))]),
            )
            for _number in range(9)
        ]
        return cases, purchases, questions

    def _get_category(self, order):
        """Return the category of the goods of an order, if they have one."""
        found = order.order_line.product_id.categ_id
        return found if len(found) == 1 else found.browse()

    def _add_random_span(self, random, places, now):
        """Write a span; return what a report should say of it."""
        cases, purchases, questions = places
        case, end = random.choice(cases), None
        document = random.choice([case, *purchases, *questions])
        start = moment(MONDAY, random.randint(0, 23), random.randint(0, 59))
        if random.random() < 0.75:
            end = start + timedelta(minutes=random.randint(1, 20_000))
        row = {
            "department": random.choice(["care", "purchase", "vendor", "nobody"]),
            "step": random.choice([None, "quotation", "delivery"]),
        }
        user = random.choice([self.env["res.users"], self.care, self.env.user])
        self._span(case, start=start, end=end, document=document, user=user, **row)
        until = end or now
        is_bought = document._name == "purchase.order"
        hours = minutes(start, until)
        hours = len(hours) if row["department"] == "vendor" else worked(hours)
        is_asked = document._name == "supply.question"
        return row | {
            "step": row["step"] or False,
            "holder_id": user,
            "vendor_id": document.partner_id if is_bought else self.env["res.partner"],
            "category_id": self._get_category(document if is_bought else case),
            "end": end,
            "hours": hours / 60,
            "over": self._is_over(document, start, until) if is_asked else None,
        }

    def test_random_spans(self):
        """Against plain Python, by all that they are grouped by, and over a period."""
        random = Random(34)
        now, since = moment(MONDAY + timedelta(16)), moment(MONDAY + timedelta(3))
        places = self._make_places(random)
        rows = [self._add_random_span(random, places, now) for _number in range(90)]
        rows = [row for row in rows if not row["end"] or row["end"] >= since]
        domain = ["|", ("date_to", "=", False), ("date_to", ">=", since)]
        self.assertEqual({row["over"] for row in rows}, {True, False, None})
        self.assertEqual({bool(row["end"]) for row in rows}, {True, False})
        names = ("department", "step", "holder_id", "vendor_id", "category_id")
        for name in names:
            expected = {}
            for row in rows:
                expected.setdefault(row[name], []).append(row)
            self.assertGreater(len(expected), 2)
            with freeze_time(now):
                groups = self.env[REPORT]._read_group(domain, [name], FIGURES)
            self.assertEqual({group[0] for group in groups}, set(expected))
            for group, *figures in groups:
                with self.subTest(name, group=group):
                    self._check_figures(figures, expected[group])

    def _check_figures(self, figures, rows):
        over = [100 * row["over"] for row in rows if row["over"] is not None]
        still = [row["hours"] for row in rows if not row["end"]]
        hours = [row["hours"] for row in rows if row["end"]]
        right = (
            len(rows),
            *(hours and percentile(hours, share) or 0 for share in (0.5, 0.8, 0.95)),
            sum(hours),
            max(still, default=0),
            sum(over) / len(over) if over else 0,
            len(over),
        )
        for spec, figure, value in zip(FIGURES, figures, right, strict=True):
            self.assertAlmostEqual(figure, value, 2, spec)

    def test_pivot_and_graph_get_exact_percentiles(self):
        case = self._case()
        for hours in (1, 2, 4):
            end = moment(MONDAY, 8) + self._hours(hours)
            self._span(case, "vendor", moment(MONDAY, 8), end)
        measures = ["hours:median", "hours_p80:p80"]
        (group,) = self.env[REPORT].formatted_read_group(
            [("date_to", "!=", False)], ["department"], measures
        )
        self.assertAlmostEqual(group["hours:median"], 2)
        self.assertAlmostEqual(group["hours_p80:p80"], 3.2)


@tagged("post_install", "-at_install")
class TestWaitingLimits(Waiting, ApprovalReportCommon):
    def _approval(self, order, start, end, **values):
        return self._span(
            self.case,
            "approval",
            start,
            end,
            step="approval",
            document=order,
            **values,
        )

    def setUp(self):
        super().setUp()
        self.case = self._case()

    def test_over_and_within_the_limit_of_a_step(self):
        self.rule.step_ids[0].limit_hours = 2
        for end, over in ((moment(MONDAY, 10), "no"), (moment(MONDAY, 15), "yes")):
            order = self._submit(moment(MONDAY, 9))
            self._approve(order, self.manager, end)
            span = self._approval(order, moment(MONDAY, 9), end)
            self.assertEqual(span.over, over)

    def test_step_without_a_limit_has_none(self):
        order = self._submit(moment(MONDAY, 9))
        self._approve(order, self.manager, moment(MONDAY, 15))
        span = self._approval(order, moment(MONDAY, 9), moment(MONDAY, 15))
        self.assertEqual(span.over, "none")
        ids = [("id", "=", span.id)]
        ((rate, count),) = self.env[REPORT]._read_group(
            ids, aggregates=["over_rate:avg", "over_rate:count"]
        )
        self.assertFalse(rate)
        self.assertEqual(count, 0)

    def test_open_one_counts_once_its_limit_is_over(self):
        self.rule.step_ids[0].limit_hours = 2
        order = self._submit(moment(MONDAY, 9))
        for hour, over in ((10, "no"), (14, "yes")):
            with freeze_time(moment(MONDAY, hour)):
                span = self._approval(order, moment(MONDAY, 9), None)
                self.assertEqual(span.over, over)
        with freeze_time(moment(MONDAY, 14)):
            ((rate,),) = self.env[REPORT]._read_group(
                [("id", "=", span.id)], aggregates=["over_rate:avg"]
            )
            self.assertAlmostEqual(rate, 100)

    def test_limit_that_ran_out_later_is_not_of_this_time(self):
        """It was asked and answered; the limit ran out in the second part."""
        self.rule.step_ids[0].limit_hours = 2
        order = self._submit(moment(MONDAY, 9))
        self._ask(order, self.manager, moment(MONDAY, 10))
        self._answer(order, moment(MONDAY, 14))
        self._approve(order, self.manager, moment(MONDAY, 16))
        first = self._approval(order, moment(MONDAY, 9), moment(MONDAY, 10))
        second = self._approval(order, moment(MONDAY, 14), moment(MONDAY, 16))
        self.assertEqual((first.over, second.over), ("no", "yes"))

    def test_other_departments_have_no_limit(self):
        span = self._span(self.case, "purchase", moment(MONDAY, 8), moment(MONDAY, 9))
        self.assertEqual(span.over, "none")
        self.assertEqual(span.over_rate, 0)

    def test_holder_of_an_approval_is_who_decided_last(self):
        order = self._submit(moment(MONDAY, 9))
        self._approve(order, self.manager, moment(MONDAY, 10))
        self._approve(order, self.director, moment(MONDAY, 11))
        span = self._approval(order, moment(MONDAY, 9), moment(MONDAY, 11))
        self.assertEqual(span.sudo().holder_id, self.director)


@tagged("post_install", "-at_install")
class TestWaitingReaders(WaitingCommon):
    def _user(self, *groups):
        return new_user(
            self.env,
            "cx-" + "-".join(groups),
            groups=",".join(("base.group_user", *groups)),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _rows(self, user):
        self.env.flush_all()
        return self.env[REPORT].with_user(user).search([])

    def setUp(self):
        super().setUp()
        self.seller = self._user("sales_team.group_sale_salesman")
        self.buyer = self._user("purchase.group_purchase_user")
        self.case = self._case(self.seller)
        self.other = self._case(self.care)
        self.bought = self._purchase(1, moment(self._day(5))).order_id
        start, end = moment(MONDAY, 8), moment(MONDAY, 9)
        self.selling = self._span(self.case, "care", start, end, user=self.seller)
        self.buying = self._span(
            self.case, "vendor", start, end, document=self.bought, user=self.buyer
        )
        self.theirs = self._span(self.other, "care", start, end, user=self.care)

    def test_salesperson_reads_the_time_of_their_own_orders(self):
        self.assertEqual(self._rows(self.seller), self.selling | self.buying)
        groups = self.env[REPORT].with_user(self.seller)._read_group([], ["sale_id"])
        self.assertEqual([order for (order,) in groups], [self.case])

    def test_lead_that_nobody_has_qualified_is_no_case(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "A visitor",
                "type": "lead",
                "company_id": self.company.id,
                "user_id": self.seller.id,
            }
        )
        span = self._span(lead, "care", moment(MONDAY, 8), moment(MONDAY, 9))
        known = [("id", "=", span.id)]
        for env in (self.env, self.env(user=self.seller)):
            self.assertFalse(env[REPORT].search(known))
            self.assertFalse(env[REPORT]._read_group(known, ["department"]))
        lead.type = "opportunity"
        for env in (self.env, self.env(user=self.seller)):
            self.assertEqual(env[REPORT].search(known).lead_id, lead)

    def test_salesperson_reads_no_vendor(self):
        row = self._rows(self.seller) & self.buying
        for name in ("vendor_id", "purchase_id"):
            with self.assertRaises(AccessError):
                row[name]  # noqa: B018
            with self.assertRaises(AccessError):
                row._read_group([], [name])
            with self.assertRaises(AccessError):
                row.search([(name, "!=", False)])

    def test_buyer_reads_purchases_without_their_customer(self):
        row = self._rows(self.buyer)
        self.assertEqual(row, self.buying)
        self.assertEqual(row.vendor_id, self.bought.partner_id)
        self.assertFalse(row.sale_id or row.partner_id or row.case_name)
        domain = [("partner_id", "=", self.case.partner_id.id)]
        self.assertFalse(row.search(domain))

    def test_people_see_their_own_name_only(self):
        self.assertEqual(self._rows(self.seller).holder_id, self.seller)
        boss = self._user("sales_team.group_sale_manager")
        self.assertFalse(self._rows(boss).holder_id)
        groups = self.env[REPORT].with_user(boss)._read_group([], ["holder_id"])
        self.assertFalse(groups[0][0])
        boss.group_ids |= self.env.ref("cx_reports.group_people")
        self.assertIn(self.seller, self._rows(boss).holder_id)

    def test_nobody_may_compare_people_by_default(self):
        self.assertFalse(self.env.ref("cx_reports.group_people").all_user_ids)

    def test_other_companies_are_not_seen(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_user(
            self.env,
            "cx-stranger",
            groups="base.group_user,sales_team.group_sale_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        reports = self.env(context={})[REPORT].with_user(stranger)
        self.assertFalse(reports.search([]))
        self.assertFalse(reports._read_group([], ["department"]))

    def test_row_opens_its_case(self):
        action = self.selling.with_user(self.seller).action_open_source()
        opened = action["res_model"], action["res_id"]
        self.assertEqual(opened, ("sale.order", self.case.id))
        action = self.buying.with_user(self.buyer).action_open_source()
        self.assertEqual(action["res_model"], "purchase.order")
