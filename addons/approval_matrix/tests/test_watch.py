from types import SimpleNamespace

from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix.watch import Judge, watching


class Recorder(Judge):
    """Writes down when it settles, and what it noted."""

    def __init__(self, env):
        super().__init__(env)
        self.noted = []

    def settle(self):
        self.env.settled.append((type(self).__name__, self.noted))


class Late(Recorder):
    sequence = 2


class Early(Recorder):
    sequence = 1


class Changing(Judge):
    """Changes something that another judge cares for."""

    def settle(self):
        with watching(self.env, Early) as judge:
            judge.noted.append("changed")


@tagged("post_install", "-at_install")
class TestWatch(BaseCase):
    def setUp(self):
        super().setUp()
        data = SimpleNamespace(precommit=SimpleNamespace(data={}))
        self.caller = SimpleNamespace(cr=data, settled=[])

    def test_nothing_is_judged_before_the_outermost_call_ends(self):
        with watching(self.caller, Early) as outer:
            with watching(self.caller, Early) as inner:
                inner.noted.append("line")
            self.assertFalse(self.caller.settled)
            outer.noted.append("order")
        self.assertEqual(self.caller.settled, [("Early", ["line", "order"])])

    def test_judges_settle_in_the_order_of_their_sequence(self):
        with watching(self.caller, Late), watching(self.caller, Early):
            pass
        self.assertEqual(
            [name for name, _noted in self.caller.settled], ["Early", "Late"]
        )

    def test_after_an_exception_nothing_is_judged(self):
        with self.assertRaises(ValueError), watching(self.caller, Late):
            raise ValueError
        self.assertFalse(self.caller.settled)
        self.assertFalse(self.caller.cr.precommit.data)

    def test_what_a_judge_changes_is_judged_in_turn(self):
        with watching(self.caller, Changing):
            pass
        self.assertEqual(self.caller.settled, [("Early", ["changed"])])

    def test_watch_that_a_rollback_took_away_ends_all_the_same(self):
        with watching(self.caller, Late):
            self.caller.cr.precommit.data.clear()  # as a savepoint does
            with watching(self.caller, Early):
                pass
        self.assertEqual(
            [name for name, _noted in self.caller.settled], ["Early", "Late"]
        )
