from datetime import datetime, timedelta
from random import Random

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.case_timeline.tests.common import TimelineCommon

from ..report.cx_case_step_report import STEPS

REPORT = "cx.case.step.report"
START = datetime(2026, 6, 1, 9)
MODELS = {"question": "supply.question", "lead": "crm.lead", "sale": "sale.order"}


class CaseStepCommon(TimelineCommon):
    def _forge_steps(self, lead, sale, steps, move_type="out_invoice"):
        """Write that a case took steps: moment and kind of each."""
        self.env.flush_all()
        for moment, kind in steps:
            self.forged += 1
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO timeline_event (
                           date, kind, res_model, res_id, parameters, lead_id, sale_id,
                           source, is_home, is_shown)
                    VALUES (%s, %s, %s, 1, jsonb_build_object('move_type', %s::text),
                            %s, %s, %s, TRUE, TRUE)
                    """,
                    moment,
                    kind,
                    MODELS.get(kind.split(".")[0], "account.move"),
                    move_type,
                    lead.id or None,
                    sale.id or None,
                    f"forged {self.forged}",
                )
            )

    def setUp(self):
        super().setUp()
        self.forged = 0
        self._forget()

    def _rows(self, case, user=None):
        reports = self.env[REPORT].with_user(user or self.env.user)
        reports.invalidate_model(flush=False)
        column = "lead_id" if case._name == "crm.lead" else "sale_id"
        return reports.search([(column, "=", case.id)])

    def _outcomes(self, case, user=None):
        return {row.step: row.outcome for row in self._rows(case, user)}

    def _order(self, **values):
        return self._sale(confirm=False, **values)


@tagged("post_install", "-at_install")
class TestCaseSteps(CaseStepCommon):
    def test_case_goes_from_the_opportunity_to_the_invoice(self):
        """By real work: an opportunity, its order, and the customer's invoice."""
        lead = self._lead()
        order = self._sale(product=self.chair, opportunity_id=lead.id)
        self._run()
        self.assertEqual(
            self._outcomes(lead),
            {"2_opportunity": "on", "3_quotation": "on", "4_order": "open"},
        )
        order.order_line.qty_delivered = 5
        order._create_invoices().action_post()
        self._run()
        self.assertEqual(self._outcomes(lead)["4_order"], "on")
        self.assertFalse(self._rows(order), "its case is that of the opportunity")

    def test_skipped_step_was_not_reached(self):
        order = self._order()
        nobody = self.env["crm.lead"]
        steps = [(START, "sale.quoted"), (START + timedelta(1), "invoice.posted")]
        self._forge_steps(nobody, order, steps)
        (row,) = self._rows(order)
        self.assertEqual((row.step, row.outcome, row.days), ("3_quotation", "on", 1))

    def test_question_after_the_order_is_a_step_of_its_own(self):
        """It goes on with what comes after it."""
        order = self._order()
        steps = [(START, "sale.confirmed"), (START + timedelta(1), "question.open")]
        self._forge_steps(self.env["crm.lead"], order, steps)
        outcomes = {"1_question": "open", "4_order": "open"}
        self.assertEqual(self._outcomes(order), outcomes)
        delivered = [(START + timedelta(3), "sale.delivered_full")]
        self._forge_steps(self.env["crm.lead"], order, delivered)
        self.assertEqual(self._outcomes(order)["1_question"], "on")

    def test_down_payment_before_the_delivery_is_no_end(self):
        """The delivery goes on with the invoice that comes after it."""
        for lead in (self.env["crm.lead"], self._lead()):
            order = self._order(opportunity_id=lead.id)
            self._forge_steps(
                lead,
                order,
                [
                    (START, "sale.confirmed"),
                    (START + timedelta(1), "invoice.posted"),
                    (START + timedelta(5), "sale.delivered_full"),
                ],
            )
            outcomes = {"4_order": "on", "5_delivery": "open"}
            self.assertEqual(self._outcomes(lead or order), outcomes)
            last = START + timedelta(6)
            self._forge_steps(lead, order, [(last, "invoice.posted")])
            row = self._rows(lead or order).filtered_domain(
                [("step", "=", "5_delivery")]
            )
            self.assertEqual((row.outcome, row.went_on_at), ("on", last))
            self.assertEqual((row.days, row.conversion_rate), (1, 100))

    def test_what_was_lost_did_not_go_on(self):
        lead, order = self._lead(), self._order()
        self._forge_steps(lead, order.browse(), [(START, "lead.made")])
        self._forge_steps(lead.browse(), order, [(START, "sale.quoted")])
        lead.action_set_lost()
        order._action_cancel()
        self.env.flush_all()
        self.assertEqual(self._outcomes(lead), {"2_opportunity": "lost"})
        self.assertEqual(self._outcomes(order), {"3_quotation": "lost"})

    def test_bills_of_vendors_are_no_step(self):
        order = self._order()
        nobody = self.env["crm.lead"]
        self._forge_steps(nobody, order, [(START, "sale.confirmed")])
        bill = [(START + timedelta(1), "invoice.posted")]
        self._forge_steps(nobody, order, bill, move_type="in_invoice")
        self.assertEqual(self._outcomes(order), {"4_order": "open"})

    def test_cohort_is_the_month_in_which_cases_began(self):
        order = self._order()
        later = START + timedelta(60)
        steps = [(START, "sale.quoted"), (later, "sale.confirmed")]
        self._forge_steps(self.env["crm.lead"], order, steps)
        self.assertEqual(set(self._rows(order).mapped("began_at")), {START})

    def test_salesperson_reads_own_cases(self):
        self._make_people()
        order = self._order(user_id=self.seller.id)
        self._forge_steps(self.env["crm.lead"], order, [(START, "sale.quoted")])
        self.assertTrue(self._rows(order, self.seller))
        self.assertFalse(self._rows(order, self.other_seller))

    def test_order_of_somebody_else_does_not_count(self):
        self._make_people()
        lead = self._lead(user_id=self.seller.id)
        order = self._order(user_id=self.other_seller.id, opportunity_id=lead.id)
        self._forge_steps(lead, order.browse(), [(START, "lead.made")])
        self._forge_steps(lead, order, [(START + timedelta(1), "sale.quoted")])
        outcomes = self._outcomes(lead, self.seller)
        self.assertEqual(outcomes, {"2_opportunity": "open"})
        self.assertEqual(self._outcomes(lead)["2_opportunity"], "on")

    def test_random_cases(self):
        """Against plain Python, by step and cohort."""
        random, keys = Random(36), list(STEPS)
        cases = {}
        for _number in range(30):
            lead = self._lead() if random.random() < 0.5 else self.env["crm.lead"]
            order = self._order(opportunity_id=lead.id)
            taken = []
            for key, kind in STEPS.items():
                for _time in range(random.choice((0, 1, 1, 2))):
                    moment = START + timedelta(hours=random.randint(0, 2000))
                    self._forge_steps(lead, order, [(moment, kind)])
                    taken.append((moment, key))
            cases[(lead or order)] = taken
        expected = {}
        for taken in cases.values():
            for key in {key for _moment, key in taken} - {keys[-1]}:
                first = min(moment for moment, each in taken if each == key)
                went_on = any(each > key and at >= first for at, each in taken)
                month = min(taken)[0].month
                expected.setdefault((key, month), []).append(went_on)
        groups = self.env[REPORT]._read_group(
            [("began_at", ">=", START)],
            ["step", "began_at:month"],
            ["__count", "conversion_rate:avg"],
        )
        found = {(step, month.month): row for step, month, *row in groups}
        self.assertEqual(set(found), set(expected))
        for key, right in expected.items():
            count, rate = found[key]
            self.assertEqual(count, len(right), key)
            self.assertAlmostEqual(rate, 100 * sum(right) / len(right), 6)
