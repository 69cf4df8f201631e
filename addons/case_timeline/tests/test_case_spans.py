import random
from datetime import datetime, timedelta

from odoo import Command
from odoo.modules.module import load_script
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from .common import TimelineCommon

MIGRATION = "case_timeline/migrations/19.0.1.1.0/post-count-anew.py"
MERGED = "case_timeline/migrations/19.0.1.3.0/post-count-merged.py"
DECISIONS = "case_timeline/migrations/19.0.1.6.0/post-count-decisions.py"
#: An order that nobody has.
CASE = 2_000_000_000


@tagged("post_install", "-at_install")
class TestCaseSpans(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env.company.resource_calendar_id
        calendar.tz = "UTC"
        calendar.attendance_ids.unlink()
        calendar.attendance_ids = [
            (
                0,
                0,
                {
                    "name": "Day",
                    "dayofweek": str(day),
                    "hour_from": hour,
                    "hour_to": hour + 4,
                    "day_period": period,
                },
            )
            for day in range(5)
            for hour, period in ((8, "morning"), (13, "afternoon"))
        ]

    def test_holiday_is_no_working_time(self):
        """Thursday 8:00 to Monday 17:00, Friday a holiday: 16 hours, 24 without it."""
        events = (
            (datetime(2026, 12, 24, 8), "sale.quoted", "sale.order", CASE, None),
            (datetime(2026, 12, 28, 17), "sale.confirmed", "sale.order", CASE, None),
        )
        span = self._forge(CASE, *events)
        self.assertEqual(span.working_hours, 24)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Christmas",
                "calendar_id": self.env.company.resource_calendar_id.id,
                "date_from": datetime(2026, 12, 25),
                "date_to": datetime(2026, 12, 25, 23, 59, 59),
            }
        )
        self._run()
        span = self.env["timeline.span"].search([("sale_id", "=", CASE)])
        self.assertEqual(span.working_hours, 16)
        self.assertEqual(span.date_to - span.date_from, timedelta(days=4, hours=9))

    def test_parallel_purchases(self):
        """The vendor of the later one is decisive, then the warehouse; ten days."""

        def day(number):
            return datetime(2026, 6, 1) + timedelta(days=number)

        order, purchase, picking = "sale.order", "purchase.order", "stock.picking"
        spans = self._forge(
            CASE,
            (day(0), "sale.confirmed", order, CASE, None),
            (day(0), "sale.delivered_pending", order, CASE, None),
            (day(0), "purchase.ordered", purchase, 1, 1),
            (day(0), "purchase.ordered", purchase, 2, 2),
            (day(4), "purchase.received_full", purchase, 1, 1),
            (day(9), "purchase.received_full", purchase, 2, 2),
            (day(9), "picking.ready", picking, 1, None),
            (day(10), "picking.done", picking, 1, None),
            (day(10), "sale.delivered_full", order, CASE, None),
        )
        decisive = spans.filtered("is_decisive").sorted("date_from")
        self.assertEqual(
            [
                (s.department, s.res_id, (s.date_to - s.date_from).days)
                for s in decisive
            ],
            [("vendor", 2, 9), ("stock", 1, 1)],
        )
        rest = spans - decisive
        self.assertEqual(
            [(s.department, s.res_id, (s.date_to - s.date_from).days) for s in rest],
            [("vendor", 1, 4)],
        )

    def test_case_is_of_the_company_of_its_order(self):
        """And not of that which happens to do something for it last: neither its
        hours, nor whose figures it is part of."""
        other = self.env["res.company"].create({"name": "Other"})
        order = self._sale(confirm=False)
        self._run()
        self.env.cr.execute(
            SQL(
                "INSERT INTO timeline_event (date, kind, company_id, res_model, res_id,"
                " sale_id, partner_id, purchase_id, source, is_home, is_shown)"
                " SELECT date + INTERVAL '1 hour', 'purchase.ordered', %s,"
                " 'purchase.order', 7, sale_id, partner_id, 7, 'other', FALSE, TRUE"
                " FROM timeline_event WHERE kind = 'sale.quoted' AND sale_id = %s",
                other.id,
                order.id,
            )
        )
        spans = self.env["timeline.span"]
        spans._follow(order.ids, [])
        found = spans.search([("sale_id", "=", order.id)])
        self.assertIn("vendor", found.mapped("department"))
        self.assertEqual(set(found.mapped("company_id")), {order.company_id.id})

    def test_open_case_has_an_open_end(self):
        spans = self._forge(
            CASE, (datetime(2026, 6, 1), "sale.quoted", "sale.order", CASE, None)
        )
        self.assertEqual(spans.department, "care")
        self.assertFalse(spans.date_to)


@tagged("post_install", "-at_install")
class TestWhoHadItBefore(TimelineCommon):
    def test_department_before_is_that_of_the_span_that_ends(self):
        """Of random cases, against a look for the span that ends as one begins."""
        chance = random.Random(36)
        kinds = ("purchase.quoted", "purchase.ordered", "purchase.received_full")
        for number in range(20):
            case = CASE + number
            start = datetime(2026, 6, 1)
            events = [
                (start, "sale.confirmed", "sale.order", case, None),
                (start, "sale.delivered_pending", "sale.order", case, None),
            ]
            for purchase in range(1, 4):
                moment = start
                for kind in kinds[: chance.randint(1, 3)]:
                    moment += timedelta(hours=chance.randint(0, 99))
                    document = ("purchase.order", purchase, purchase)
                    events.append((moment, kind, *document))
            spans = self._forge(case, *sorted(events))
            decisive = spans.filtered("is_decisive")
            for span in decisive:
                before = decisive.filtered(
                    lambda each, moment=span.date_from: each.date_to == moment
                )
                self.assertEqual(span.from_department, before.department)
            self.assertFalse(any((spans - decisive).mapped("from_department")))

    def test_random_cases_last_from_their_first_event_to_their_end(self):
        chance = random.Random(41)
        ends = ("sale.delivered_full", "sale.delivered_partial", "sale.cancelled")
        open_ones = 0
        for number in range(30):
            case, moment = CASE + number, datetime(2026, 6, 1)
            kinds = ["sale.quoted", "sale.sent", "sale.confirmed"]
            kinds = kinds[: chance.randint(1, 3)]
            if chance.random() < 0.6:
                kinds += ["sale.delivered_pending", *chance.choices(ends, k=2)]
            events = []
            for kind in kinds:
                events.append((moment, kind, "sale.order", case, None))
                moment += timedelta(minutes=chance.randint(0, 9000))
            spans = self._forge(case, *events)
            open_ones += not all(spans.mapped("date_to"))
        self.assertTrue(0 < open_ones < 30)
        self._check_partition()


@tagged("post_install", "-at_install")
class TestMergedOpportunity(TimelineCommon):
    def setUp(self):
        super().setUp()
        leads = self._lead("One") | self._lead("Other")
        self._run()
        self.lead = leads.merge_opportunity()
        self._run()

    def _is_open(self):
        return self.env["timeline.lanes"].get_lanes("crm.lead", self.lead.id)["case"][
            "is_open"
        ]

    def test_it_goes_on_after_the_merge(self):
        self.assertTrue(self._is_open())
        self.assertTrue(self._events(kind="lead.merged", lead_id=self.lead.id))
        self.lead.action_set_lost()
        self._run()
        self.assertFalse(self._is_open())

    def test_those_of_an_earlier_version_are_worked_out_anew(self):
        self.env.cr.execute(
            SQL(
                "UPDATE timeline_span SET date_to = date_from + INTERVAL '1 hour',"
                " working_hours = 1 WHERE lead_id = %s",
                self.lead.id,
            )
        )
        self.assertFalse(self._is_open())
        load_script(file_path(MERGED), "post_count_merged").migrate(
            self.env.cr, "19.0.1.2.0"
        )
        self._run()
        self.assertTrue(self._is_open())
        self.assertEqual(self._verify(), [])


@tagged("post_install", "-at_install")
class TestOrderLeavesOpportunity(TimelineCommon):
    def test_opportunity_goes_on_without_the_order(self):
        """Whether the order goes to another one or to none."""
        for other in (self._lead("Other"), self.env["crm.lead"]):
            lead = self._lead("One")
            order = self._sale(confirm=False, opportunity_id=lead.id)
            self._run()
            self.assertFalse(self._open_spans(lead))
            order.opportunity_id = other
            self._run()
            self.assertEqual(self._open_spans(lead).step, "opportunity")
            self.assertFalse(other and self._open_spans(other))
            self.assertEqual(self._verify(), [])

    def test_those_of_an_earlier_version_are_worked_out_anew(self):
        lead = self._lead("One")
        self._run()
        self.env.cr.execute(
            SQL("DELETE FROM timeline_span WHERE lead_id = %s", lead.id)
        )
        self.assertEqual(len(self._verify()), 1)
        script = load_script(file_path(DECISIONS), "post_count_decisions")
        script.migrate(self.env.cr, "19.0.1.4.0")
        self._run()
        self.assertEqual(self._open_spans(lead).step, "opportunity")
        self.assertEqual(self._verify(), [])

    def _open_spans(self, lead):
        domain = [("lead_id", "=", lead.id), ("date_to", "=", False)]
        return self.env["timeline.span"].search(domain)


@tagged("post_install", "-at_install")
class TestQuestionOfAStep(TimelineCommon):
    """Two steps are asked at once, as the log of approvals has it."""

    def test_purchase_is_the_buyers_while_another_step_decides(self):
        admin = self.env.ref("base.user_admin")
        director = new_test_user(
            self.env, "director", groups="purchase.group_purchase_manager"
        )
        self.env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": self.env["ir.model"]._get_id("purchase.order"),
                "step_ids": [
                    Command.create({"name": name, "user_ids": user.ids, "sequence": 1})
                    for name, user in (("Manager", admin), ("Director", director))
                ],
            }
        )
        order = self._sale()
        self._run()
        purchase = self._bought_for(order).order_id
        purchase.button_confirm()
        purchase.with_user(admin).action_ask_information("Why?")
        self._run()
        self.assertEqual(self._step(order), "information")
        purchase.with_user(director).action_approve()
        self._run()
        self.assertEqual(self._step(order), "information")
        purchase.action_answer("So")
        self._run()
        self.assertEqual(self._step(order), "approval")

    def _step(self, order):
        domain = [("sale_id", "=", order.id), ("date_to", "=", False)]
        spans = self.env["timeline.span"].search([*domain, ("is_decisive", "=", True)])
        return spans.step


@tagged("post_install", "-at_install")
class TestLimits(TimelineCommon):
    """A purchase that serves an order is asked from 9:00 to 15:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                "step_ids": [
                    Command.create(
                        {"name": "Manager", "user_ids": cls.env.ref("base.user_admin")}
                    )
                ],
            }
        )
        cls.purchase = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "order_line": [
                    Command.create({"product_id": cls.chair.id, "product_qty": 1})
                ],
            }
        )
        cls.purchase.button_confirm()
        cls.purchase.with_user(cls.env.ref("base.user_admin")).action_approve()
        cls._run()

    def setUp(self):
        super().setUp()
        self._limit(activated_at=self._at(9), decided_at=self._at(15))
        purchase = ("purchase.order", self.purchase.id, self.purchase.id)
        self._forge(
            CASE,
            (self._at(9), "sale.confirmed", "sale.order", CASE, None),
            (self._at(9), "sale.delivered_pending", "sale.order", CASE, None),
            (self._at(9), "purchase.submitted", *purchase),
            (self._at(15), "purchase.ordered", *purchase),
        )

    def _at(self, hour):
        return datetime(2026, 6, 1, hour)

    def _limit(self, **values):
        """Change the step of the approval past Odoo."""
        self.env.cr.execute(
            SQL(
                "UPDATE approval_task task SET %s FROM approval_process process"
                " WHERE process.id = task.process_id AND process.res_id = %s"
                "   AND process.res_model = 'purchase.order'",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                self.purchase.id,
            )
        )
        self._run()

    def _over(self):
        spans = self.env["timeline.span"].search([("sale_id", "=", CASE)])
        return {span.department: span.over for span in spans}["approval"]

    def test_limit_that_is_moved_is_followed(self):
        """To before the decision, to after it, and away."""
        self.assertFalse(self._over())
        for due_at, over in ((11, "yes"), (16, "no"), (8, "no"), (14, "yes")):
            self._limit(due_at=self._at(due_at))
            self.assertEqual(self._over(), over, due_at)
        self._limit(due_at=None)
        self.assertFalse(self._over())

    def test_question_that_is_passed_on_is_late_with_whom_it_was_then(self):
        question = self._ask(self._sale(), "When?")
        self._run()
        for due_at, late in ((8, []), (10, [9]), (13, [12]), (15, [])):
            with self.subTest(due_at):
                self.env.cr.execute(
                    SQL(
                        "UPDATE supply_question SET due_at = %s, closed_at = %s"
                        " WHERE id = %s",
                        self._at(due_at),
                        self._at(14),
                        question.id,
                    )
                )
                sale = CASE + due_at
                self._insert_events(
                    f"asked {sale}",
                    *(
                        {
                            "sale": sale,
                            "date": self._at(hour),
                            "kind": f"question.{kind}",
                            "model": question._name,
                            "res_id": question.id,
                            "department": "stock",
                            "holder": holder,
                        }
                        for hour, kind, holder in (
                            (9, "open", self.env.uid),
                            (12, "holder", self.env.ref("base.user_admin").id),
                            (14, "answered", None),
                        )
                    ),
                )
                self.env["timeline.span"]._follow([sale], [])
                spans = self.env["timeline.span"].search([("sale_id", "=", sale)])
                spans = spans.filtered(lambda span: span.over == "yes")
                self.assertEqual([s.date_from.hour for s in spans], late)

    def test_decision_that_is_moved_is_followed(self):
        self._limit(due_at=self._at(12))
        self._limit(decided_at=self._at(11))
        self.assertEqual(self._over(), "no")

    def test_what_has_not_ended_is_not_judged(self):
        """Whoever looks knows how late it is then."""
        self._limit(due_at=self._at(12))
        spans = self.env["timeline.span"].search([("sale_id", "=", CASE)])
        self.assertFalse(spans.filtered(lambda s: not s.date_to).mapped("over")[0])

    def test_spans_of_an_earlier_version_are_worked_out_anew(self):
        self._limit(due_at=self._at(12))
        names = ("from_department", "over")
        right = self.env["timeline.span"].search_read([("sale_id", "=", CASE)], names)
        self.env.cr.execute(
            SQL(
                "UPDATE timeline_span SET from_department = NULL, over = NULL"
                " WHERE sale_id = %s",
                CASE,
            )
        )
        path = file_path(MIGRATION)
        load_script(path, "post_count_anew").migrate(self.env.cr, "19.0.1.0.0")
        self._run()
        found = self.env["timeline.span"].search_read([("sale_id", "=", CASE)], names)

        def say(rows):
            return sorted([str(row[name]) for name in names] for row in rows)

        self.assertEqual(say(found), say(right))
        self.assertEqual(self._verify(), [])

    def test_verification_finds_a_wrong_one(self):
        self._limit(due_at=self._at(12))
        self.assertEqual(self._verify(), [])
        for column, value in (("over", "no"), ("from_department", "stock")):
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(
                    SQL(
                        "UPDATE timeline_span SET %s = %s WHERE sale_id = %s",
                        SQL.identifier(column),
                        value,
                        CASE,
                    )
                )
                self.assertEqual(len(self._verify()), 1)
                savepoint.rollback()
