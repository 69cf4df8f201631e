from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged

from ..forecast import find_end, get_days, part
from .test_entries import EntriesCommon


@tagged("post_install", "-at_install")
class TestEnd(BaseCase):
    months = tuple(date(2026, month, 1) for month in range(1, 13))

    def test_runs_out_in_the_first_month_that_takes_more_than_is_left(self):
        rows = zip(self.months, (40, 40, 40, 5), strict=False)
        self.assertEqual(find_end(100, rows, 0.01), (date(2026, 3, 1), 25))

    def test_exactly_enough_is_enough(self):
        self.assertIsNone(find_end(0.3, [(self.months[0], 0.1)] * 3, 0.01))

    def test_what_comes_back_counts(self):
        rows = zip(self.months, (120, -50, 20, 20), strict=False)
        self.assertEqual(find_end(100, rows, 0.01), (date(2026, 4, 1), 10))

    def test_parts_come_to_the_whole(self):
        for amount, number, rounding in ((100, 3, 0.01), (0.02, 3, 0.01), (7, 3, 1)):
            parts = part(amount, number, rounding)
            self.assertEqual(len(parts), number)
            self.assertAlmostEqual(sum(parts), amount)
            self.assertLess(max(parts) - min(parts), rounding * 1.001)

    def test_recurring_days(self):
        days = get_days(date(2026, 1, 31), "monthly", date(2026, 4, 30))
        ends = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
        self.assertEqual(list(days), [*ends, date(2026, 4, 30)])
        days = get_days(date(2026, 1, 15), "quarterly", date(2026, 9, 1))
        self.assertEqual([day.month for day in days], [1, 4, 7])
        days = get_days(date(2026, 1, 15), "at_date", date(2026, 9, 1))
        self.assertEqual(list(days), [date(2026, 1, 15)])


@tagged("post_install", "-at_install")
class TestForecast(EntriesCommon):
    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-06-10 08:00:00"))

    def _rows(self, line):
        self.env.invalidate_all()
        return {
            (month.month, kind): amount
            for month, kind, amount in self.env["spend.forecast"]._read_group(
                [("line_id", "=", line.id), ("kind", "!=", "budget")],
                ["month:month", "kind"],
                ["amount:sum"],
            )
        }

    def _recurring(self, price=100, **values):
        return self._bill(
            price=price,
            post=False,
            auto_post="monthly",
            date="2026-07-31",
            invoice_date="2026-07-31",
            **values,
        )

    def test_months_of_what_is_spent_ordered_and_planned(self):
        line = self._line()
        self._entry(self._item(30), date="2026-02-10")
        order = self._confirmed(price=70)
        order.order_line.date_planned = "2026-08-20 08:00:00"
        self._submitted(price=50).order_line.date_planned = "2026-03-01 08:00:00"
        self._recurring(auto_post_until="2026-09-30")
        self.assertEqual(
            self._rows(line),
            {
                (2, "actual"): 30,
                (6, "reserve"): 50,  # was to come in March: now, at the soonest
                (8, "commit"): 70,
                (7, "plan"): 100,
                (8, "plan"): 100,
                (9, "plan"): 100,
            },
        )

    def test_months_begin_where_the_company_is(self):
        self.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        line = self._line()
        order = self._confirmed(price=70)
        order.order_line.date_planned = "2026-08-31 18:00:00"
        self._submitted(price=50).order_line.date_planned = "2026-03-01 08:00:00"
        with freeze_time("2026-06-30 18:00:00"):
            self.assertEqual(self._rows(line), {(9, "commit"): 70, (7, "reserve"): 50})

    def test_rows_are_found_again_by_their_ids(self):
        line = self._budget(
            {"account_id": self.clinic.id, "amount": 1000},
            date_from="2026-02-15",
            date_to="2026-12-10",
        ).line_ids
        self._recurring()
        self._recurring(price=30)
        self._entry(self._item(30), date="2026-03-10")
        self._entry(self._item(40), date="2026-03-20")
        domain = [("line_id", "=", line.id)]
        rows = self.env["spend.forecast"].search(domain)
        read = [(row.month, row.kind, row.amount) for row in rows]
        self.assertEqual(len(set(rows.ids)), len(rows))
        self.assertEqual(len(set(read)), len(rows))
        self.assertIn((date(2026, 3, 1), "actual", 70), read)
        self.assertIn((date(2026, 12, 1), "budget", 0), read)
        self._line(account_id=self.ward.id)
        self.env.invalidate_all()
        again = [(row.month, row.kind, row.amount) for row in rows.browse(rows.ids)]
        self.assertEqual(again, read)

    def test_plans_end_with_the_budget(self):
        line = self._line()
        self._recurring()
        self.assertEqual(len(self._rows(line)), 6)

    def test_drafts_that_nobody_posts_by_itself_are_no_plan(self):
        line = self._line()
        self._bill(price=100, post=False)
        self.assertEqual(self._rows(line), {})

    def test_draft_bill_of_an_order_is_not_planned_beside_it(self):
        line = self._line()
        order = self._confirmed(price=70)
        order.order_line.date_planned = "2026-08-20 08:00:00"
        self._bill(
            order,
            post=False,
            auto_post="at_date",
            date="2026-08-25",
            invoice_date="2026-08-25",
        )
        self.assertEqual(self._rows(line), {(8, "commit"): 70})

    def test_recurring_bill_of_an_order_is_planned_from_its_first_copy_on(self):
        line = self._line()
        order = self._confirmed(price=70)
        order.order_line.date_planned = "2026-07-20 08:00:00"
        self._bill(
            order,
            post=False,
            auto_post="monthly",
            auto_post_until="2026-09-30",
            date="2026-07-31",
            invoice_date="2026-07-31",
        )
        self.assertEqual(
            self._rows(line), {(7, "commit"): 70, (8, "plan"): 70, (9, "plan"): 70}
        )

    def test_graph_has_all_months(self):
        line = self._line()
        groups = self.env["spend.forecast"]._read_group(
            [("line_id", "=", line.id)], ["month:month", "side"], ["amount:sum"]
        )
        self.assertEqual([month.month for month, *_rest in groups], [*range(1, 13)])
        self.assertEqual([amount for *_rest, amount in groups], [1000] + [0] * 11)

    def test_sentence_says_when_it_runs_out(self):
        line = self._line(amount=250)
        self._recurring()
        self.env.invalidate_all()
        text = line.budget_id.forecast_text
        self.assertIn("runs out in September 2026", text)
        self.assertIn("350.00", text)

    def test_sentence_says_that_it_is_enough(self):
        line = self._line(amount=600)
        self._recurring()
        self.env.invalidate_all()
        self.assertIn("no line runs out", line.budget_id.forecast_text)

    def test_others_do_not_see_it(self):
        line = self._line()
        self._entry(self._item(30))
        Forecast = self.env["spend.forecast"]
        domain = [("line_id", "=", line.id)]
        self.assertFalse(Forecast.with_user(self.buyer).search(domain))
        self.assertTrue(Forecast.with_user(self.owner).search(domain))

    def test_nobody_writes_it(self):
        line = self._line()
        row = self.env["spend.forecast"].search([("line_id", "=", line.id)], limit=1)
        for user in (self.owner, self.manager):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"amount": 5})

    def test_parts_are_read_by_month(self):
        first, second = self._budget(
            {"account_id": self.clinic.id, "amount": 500, "part_to": "2026-06-30"},
            {"account_id": self.clinic.id, "amount": 150, "part_from": "2026-07-01"},
        ).line_ids.sorted("date_from")
        self._recurring()
        self.assertEqual(self._rows(first), {})
        text = second.budget_id.forecast_text
        self.assertIn("runs out in August 2026", text)
