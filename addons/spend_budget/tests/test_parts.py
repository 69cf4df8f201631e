from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ..periods import get_months, split_amount, split_period
from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    def test_months_of_a_year(self):
        parts = split_period(date(2026, 1, 1), date(2026, 12, 31), 1)
        self.assertEqual(len(parts), 12)
        self.assertEqual(parts[1], (date(2026, 2, 1), date(2026, 2, 28)))

    def test_quarters_of_a_fiscal_year(self):
        parts = split_period(date(2026, 4, 1), date(2027, 3, 31), 3)
        self.assertEqual(parts[-1], (date(2027, 1, 1), date(2027, 3, 31)))
        self.assertEqual(len(parts), 4)

    def test_parts_of_a_period_that_is_not_whole_months(self):
        parts = split_period(date(2026, 1, 15), date(2026, 3, 10), 1)
        self.assertEqual(
            parts,
            [
                (date(2026, 1, 15), date(2026, 1, 31)),
                (date(2026, 2, 1), date(2026, 2, 28)),
                (date(2026, 3, 1), date(2026, 3, 10)),
            ],
        )

    def test_parts_follow_each_other_without_a_gap(self):
        for months in (1, 3):
            parts = split_period(date(2025, 11, 20), date(2027, 2, 3), months)
            self.assertEqual(parts[0][0], date(2025, 11, 20))
            self.assertEqual(parts[-1][1], date(2027, 2, 3))
            for (_first, last), (following, _last) in zip(
                parts, parts[1:], strict=False
            ):
                self.assertEqual((following - last).days, 1)

    def test_amounts_add_up(self):
        self.assertEqual(split_amount(100, 3), [34, 33, 33])

    def test_whole_months(self):
        self.assertEqual(get_months(date(2026, 12, 1), date(2027, 2, 28)), 3)
        self.assertEqual(get_months(date(2026, 12, 2), date(2027, 2, 28)), 0)


class PartsCommon(SpendBudgetCommon):
    def _split(self, budget, months="3", user=None):
        wizard = self.env["spend.split"].with_user(user or self.manager)
        wizard.create({"budget_id": budget.id, "months": months}).action_split()
        return budget.line_ids.sorted("date_from")

    def _quarters(self, amount=1000.0, **values):
        line = {"account_id": self.clinic.id, "amount": amount}
        budget = self._budget(line, is_open=False, **values)
        lines = self._split(budget)
        budget.action_open()
        return lines


@tagged("post_install", "-at_install")
class TestParts(PartsCommon):
    """Budgets by month or quarter."""

    def test_split_makes_equal_parts(self):
        lines = self._quarters(amount=1000.02)
        self.assertEqual(lines.mapped("amount"), [250.01, 250.01, 250.0, 250.0])
        self.assertEqual(lines[2].date_from, date(2026, 7, 1))
        self.assertIn("Q3 2026", lines[2].display_name)

    def test_split_keeps_lines_that_have_a_part_already(self):
        budget = self._budget(
            {"account_id": self.clinic.id, "amount": 100, "part_to": "2026-06-30"},
            {"account_id": self.ward.id, "amount": 100},
            is_open=False,
        )
        self.assertEqual(len(self._split(budget)), 5)

    def test_each_document_counts_in_the_part_of_its_day(self):
        _one, second, third, _four = self._quarters()
        self._confirmed(price=70)  # 15 June
        self._bill(price=30)  # 1 July
        self.assertBalance(second, committed=70)
        self.assertBalance(third, actual=30)

    def test_part_blocks_though_the_year_has_money(self):
        lines = self._quarters(amount=400)
        lines.control = "block"
        with self.assertRaisesRegex(UserError, "Q2 2026"):
            self._confirmed(price=101)

    def test_open_budget_is_not_split(self):
        budget = self._line().budget_id
        with self.assertRaisesRegex(UserError, "in use"):
            self._split(budget)

    def test_part_of_a_line_in_use_stays(self):
        line = self._quarters()[0]
        with self.assertRaisesRegex(UserError, "in use"):
            line.part_to = "2026-04-30"

    def test_part_outside_the_budget_is_refused(self):
        with self.assertRaises(ValidationError):
            self._line(part_to="2027-01-31")

    def test_budget_that_leaves_its_parts_is_refused(self):
        line = {"account_id": self.clinic.id, "amount": 100, "part_to": "2026-06-30"}
        budget = self._budget(line, is_open=False)
        with self.assertRaises(ValidationError):
            budget.date_from = "2026-08-01"

    def test_split_is_for_who_may_write_the_budget(self):
        budget = self._budget(
            {"account_id": self.clinic.id, "amount": 100}, is_open=False
        )
        with self.assertRaises(AccessError):
            self._split(budget, user=self.buyer)

    def test_carried_order_counts_where_the_next_budget_begins(self):
        old = self._budget(
            {"account_id": self.clinic.id, "amount": 100}, date_to="2026-06-30"
        )
        following = self._budget(
            {"account_id": self.clinic.id, "amount": 100, "part_to": "2026-08-31"},
            {"account_id": self.clinic.id, "amount": 100, "part_from": "2026-09-01"},
            date_from="2026-07-01",
        )
        self._confirmed(price=70)
        old._carry_forward(following)
        first, second = following.line_ids.sorted("date_from")
        self.assertBalance(first, committed=70)
        self.assertBalance(second)


@tagged("post_install", "-at_install")
class TestCarryUnused(PartsCommon):
    """What is left of a part goes on to the next, if that is wanted."""

    def _carry(self, lines, day):
        with freeze_time(f"{day} 12:00:00"):
            lines.budget_id._carry_unused()
        self.env.invalidate_all()
        return lines.mapped("amount")

    def test_only_what_is_free_goes_on(self):
        lines = self._quarters(carry_unused=True)
        self._bill(price=30, date="2026-02-01", invoice_date="2026-02-01")
        self._confirmed(price=70, date_order="2026-03-31 08:00:00")
        amounts = self._carry(lines, "2026-04-01")
        self.assertEqual(amounts, [100, 400, 250, 250])
        self.assertBalance(lines[0], committed=70, actual=30)
        transfer = self.env["spend.transfer"].search([], limit=1)
        self.assertEqual((transfer.amount, transfer.reason), (150, "Left of Q1 2026"))

    def test_not_before_the_part_is_over(self):
        lines = self._quarters(carry_unused=True)
        self.assertEqual(self._carry(lines, "2026-03-31"), [250] * 4)

    def test_once(self):
        lines = self._quarters(carry_unused=True)
        for _run in range(2):
            amounts = self._carry(lines, "2026-04-01")
        self.assertEqual(amounts, [0, 500, 250, 250])

    def test_through_several_parts(self):
        lines = self._quarters(carry_unused=True)
        self.assertEqual(self._carry(lines, "2026-10-01"), [0, 0, 0, 1000])

    def test_what_becomes_free_later_goes_on_then(self):
        lines = self._quarters(carry_unused=True)
        order = self._confirmed(price=70, date_order="2026-03-31 08:00:00")
        self._carry(lines, "2026-04-01")
        order.button_cancel()
        self.assertEqual(self._carry(lines, "2026-04-02"), [0, 500, 250, 250])

    def test_what_is_over_takes_nothing_from_the_next(self):
        lines = self._quarters(carry_unused=True)
        self._bill(price=300, date="2026-02-01", invoice_date="2026-02-01")
        self.assertEqual(self._carry(lines, "2026-04-01"), [250] * 4)

    def test_cron_leaves_budgets_that_do_not_carry(self):
        lines = self._quarters()
        carrying = self._quarters(carry_unused=True, name="Carrying")
        with freeze_time("2026-04-01 12:00:00"), self.enter_registry_test_mode():
            self.env.ref("spend_budget.ir_cron_carry_unused").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(lines.mapped("amount"), [250] * 4)
        self.assertEqual(carrying.mapped("amount"), [0, 500, 250, 250])
