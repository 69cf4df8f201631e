import random
from datetime import date, timedelta
from fractions import Fraction

from odoo.tests import BaseCase

from ..audit import BudgetLine, Item, Sums, open_part
from ..measure import Budget, Measure
from ..shares import Criteria

#: Two trees of three, and accounts of three plans.
TREE = {None: "", 1: "1/", 2: "1/2/", 3: "1/2/3/"}
PLANS = {11: 1, 12: 1, 21: 2, 22: 2, 31: 3}
DAY = date(2026, 6, 1)


class TestAudit(BaseCase):
    """The independent sum and the ledger's own rules say the same."""

    def _sums(self, lines, **values):
        sums = Sums()
        item = {
            "kind": "commit",
            "day": DAY,
            "amount": Fraction(100),
            "companies": (1,),
            "distribution": {"11": 100},
        }
        sums.add(Item(**{**item, **values}), lines, PLANS)
        return {line_id: units for (line_id, _kind), units in sums.units.items()}

    def _line(self, number, **values):
        return BudgetLine(
            **{
                "id": number,
                "budget": 1,
                "company": 1,
                "start": date(2026, 1, 1),
                "end": date(2026, 12, 31),
                "unit": Fraction(1, 100),
                **values,
            }
        )

    def test_counts_in_units(self):
        self.assertEqual(self._sums([self._line(1, account=11)]), {1: 10000})

    def test_only_what_is_open_counts(self):
        line = self._line(1, account=11)
        part = open_part(Fraction(10), Fraction(6))
        self.assertEqual(self._sums([line], part=part), {1: 4000})
        self.assertEqual(
            open_part(Fraction(10), Fraction(6), Fraction(1)), Fraction(3, 10)
        )
        self.assertEqual(open_part(Fraction(10), Fraction(6), Fraction(5)), 0)
        self.assertEqual(open_part(Fraction(9), Fraction(10)), 0)
        self.assertEqual(open_part(Fraction(9), Fraction(-3)), 1)
        self.assertEqual(open_part(Fraction(0), Fraction(0)), 0)

    def test_other_days_companies_and_budgets_it_left_do_not_count(self):
        line = self._line(1, account=11)
        self.assertEqual(self._sums([line], day=date(2027, 1, 1)), {})
        self.assertEqual(self._sums([line], companies=(2,)), {})
        self.assertEqual(self._sums([line], left=frozenset([1])), {})
        entered = {"day": date(2027, 1, 1), "entered": frozenset([1])}
        self.assertEqual(self._sums([line], **entered), {1: 10000})

    def test_rounding_is_let_be_only_where_something_is_rounded(self):
        line = self._line(1, account=11)
        sums = Sums()
        item = Item("commit", DAY, Fraction(100), (1,), distribution={"11": 100})
        sums.add(item, [line], PLANS)
        self.assertFalse(sums.differs((1, "commit"), 10000))
        self.assertTrue(sums.differs((1, "commit"), 9999))
        self.assertTrue(sums.differs((1, "actual"), 1))
        item = Item("commit", DAY, Fraction(100), (1,), distribution={"11": 33.333})
        sums.add(item, [line], PLANS)
        self.assertFalse(sums.differs((1, "commit"), 13333))

    def test_random_items_come_to_what_the_ledger_would_enter(self):
        for seed in range(2000):
            with self.subTest(seed=seed):
                self._compare(random.Random(seed))

    def _compare(self, dice):
        lines = [
            self._line(
                number,
                budget=dice.choice((1, 1, 2)),
                sequence=dice.choice((0, 10)),
                account=dice.choice((None, *PLANS)),
                department=dice.choice(list(TREE)),
                category=dice.choice(list(TREE)),
                ledger=dice.choice((None, None, 5, 6)),
                part_start=dice.choice((None, None, DAY, DAY + timedelta(1))),
                part_end=dice.choice((None, None, DAY, DAY - timedelta(1))),
            )
            for number in range(1, 8)
        ]
        department, category = dice.choice(list(TREE)), dice.choice(list(TREE))
        keys = ("11", "12", "21", "11,21", "12,22", "31", "22,31", "99", "11,99")
        distribution = {
            key: dice.choice((10, 33.33, 50, 0, -5)) for key in dice.sample(keys, 3)
        }
        ordered, billed = dice.choice((0, 4, 7.5)), dice.choice((0, 1, 3, 9, -1))
        amount = dice.choice((0, 0.01, 33.33, 100, 250))
        ledger, is_expense = dice.choice((5, 7)), dice.random() < 0.8
        measure = Measure(
            companies=frozenset([1]),
            rounding=0.01,
            date=DAY,
            amount=amount,
            distribution=distribution,
            department=TREE[department],
            category=TREE[category],
            kind="commit",
            left=(ordered, billed),
            ledger=ledger,
            is_named_only=not is_expense,
        )
        budgets = {}
        for line in lines:
            budget = Budget(line.company, line.start, line.end, line.budget)
            budgets.setdefault(budget, []).append(
                Criteria(
                    line.id,
                    line.sequence,
                    line.account,
                    TREE[line.department],
                    TREE[line.category],
                    line.ledger,
                    line.part_start or line.start,
                    line.part_end or line.end,
                )
            )
        entered = {
            line_id: measure.take(units)
            for line_id, units in measure.bear(budgets, PLANS).items()
        }
        sums = Sums()
        item = Item(
            "commit",
            DAY,
            Fraction(str(amount)),
            (1,),
            tuple(map(int, TREE[department].split("/")[:-1])),
            tuple(map(int, TREE[category].split("/")[:-1])),
            distribution,
            part=open_part(Fraction(str(ordered)), Fraction(billed)),
            ledger=ledger,
            is_expense=is_expense,
        )
        sums.add(item, lines, PLANS)
        for line in lines:
            units = entered.get(line.id, 0)
            self.assertFalse(
                sums.differs((line.id, "commit"), units),
                (line, units, sums.units.get((line.id, "commit"))),
            )
