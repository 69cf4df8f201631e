import itertools
import random

from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix.conditions import (
    FALSE,
    TRUE,
    get_leaves,
    judge,
    read,
)

A, B, C = ("a", "=", 1), ("b", "in", [1, 2]), ("c", "!=", False)


@tagged("post_install", "-at_install")
class TestConditions(BaseCase):
    """Trees of conditions, and whether they hold by what is known."""

    def judge(self, domain, **known):
        return judge(read(domain), lambda leaf: known.get(leaf[0]))

    def test_reading(self):
        self.assertEqual(read([]), TRUE)
        self.assertEqual(read([A]), A)
        self.assertEqual(read([A, B]), ("&", [A, B]))
        self.assertEqual(read(["|", A, "|", B, C]), ("|", [A, B, C]))
        self.assertEqual(read(["!", "|", A, B, C]), ("&", [("!", [("|", [A, B])]), C]))

    def test_leaves_in_order(self):
        asked = ("c", "=", False)
        self.assertEqual(list(get_leaves(read(["|", A, "!", B, C]))), [A, B, asked])
        self.assertEqual(list(get_leaves(TRUE)), [])

    def test_opposites_are_one_question(self):
        opposite = ("a", "!=", 1)
        self.assertEqual(list(get_leaves(read([opposite]))), [A])
        self.assertIs(self.judge([opposite], a=True), False)
        self.assertIs(self.judge([opposite], a=False), True)
        self.assertIsNone(self.judge([opposite]))

    def test_unknown_decides_nothing_by_itself(self):
        self.assertIsNone(self.judge([A]))
        self.assertIsNone(self.judge(["!", A]))
        self.assertIsNone(self.judge([A, B], a=True))
        self.assertIs(self.judge([A, B], a=False), False)
        self.assertIs(self.judge(["|", A, B], a=True), True)
        self.assertIs(judge(FALSE, lambda leaf: None), False)

    def test_random_conditions(self):
        """What is judged without knowing all stays so, whatever the rest is; what is
        judged with all known is what Python says."""
        dice = random.Random(5)

        def build(depth):
            if not depth or dice.random() < 0.2:
                return [dice.choice([A, B, C, TRUE, FALSE])]
            operator = dice.choice("&|!")
            parts = 1 if operator == "!" else 2
            return [operator, *(x for _p in range(parts) for x in build(depth - 1))]

        def truth(items):
            item = next(items)
            if item == "!":
                return not truth(items)
            if item in ("&", "|"):
                both = truth(items), truth(items)
                return all(both) if item == "&" else any(both)
            return {**full, 0: False, 1: True}[item[0]] != (item[1] == "!=")

        for _case in range(300):
            domain = build(4)
            for values in itertools.product((True, False), repeat=3):
                full = dict(zip("abc", values, strict=True))
                verdict = self.judge(domain, **full)
                self.assertIs(verdict, truth(iter(domain)), domain)
                part = {name: full[name] for name in full if dice.random() < 0.5}
                self.assertIn(self.judge(domain, **part), (verdict, None), domain)
