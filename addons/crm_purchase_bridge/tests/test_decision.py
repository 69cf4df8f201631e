from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.supply_link.models import supply_crowd
from odoo.addons.supply_link.tests.pool_common import day

from .test_desk import DeskCommon


class DecisionCommon(DeskCommon):
    """Ten are wanted by each of three, and ten come on day 2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._purchase(10, day(2))
        cls._purchase(10, day(9))
        cls.first, cls.second, cls.third = (
            cls._sale(10, due=day(number)) for number in (3, 4, 5)
        )

    def _wish(self, kind, line, other=None, **values):
        return {
            "kind": kind,
            "move": line.move_ids[-1].id,
            "other": other.move_ids[-1].id if other else False,
            **values,
        }

    def _preview(self, *args, user=None, **values):
        self._run_job()
        wish = self._wish(*args, **values)
        return self._desk(user).preview(self.product.id, self.warehouse.id, wish)

    def _decide(self, *args, user=None, reason="A hospital", **values):
        found = self._preview(*args, user=user, **values)
        id_ = self._desk(user).carry_out(
            self.product.id,
            self.warehouse.id,
            self._wish(*args, **values),
            found["seen"],
            reason,
        )
        self._run_job()
        return self.env["supply.decision"].browse(id_)

    def _carry_out_move(self, line, other=None):
        """Decide without looking at what it does: it takes most of the time."""
        decisions = self.env["supply.decision"]
        wish = self._wish("move", line, other)
        plan = decisions._make_plan(self.product, self.warehouse, wish)
        decisions._carry_out(self.product, self.warehouse, plan, "?")

    def _names(self):
        return [row["name"] for row in self._open()["rows"]]

    def _assert_order(self, *lines):
        self.assertEqual(self._names(), [line.order_id.name for line in lines])

    def _likely(self, line):
        return self._to_number(self._promise(line).likely_on)


@tagged("post_install", "-at_install")
class TestMoving(DecisionCommon):
    def test_an_order_is_served_where_a_manager_puts_it(self):
        self._assert_order(self.first, self.second, self.third)
        self._decide("move", self.third)
        self._assert_order(self.third, self.first, self.second)
        self._decide("move", self.first, self.second)
        self._assert_order(self.third, self.second, self.first)
        self._decide("move", self.second, self.first)
        self._assert_order(self.third, self.first, self.second)

    def test_the_later_of_two_is_nearer_to_the_same_order(self):
        fourth = self._sale(1, due=day(6))
        self._decide("move", self.third, self.first)
        self._decide("move", fourth, self.first)
        self._assert_order(self.first, fourth, self.third, self.second)
        self._decide("move", self.second, fourth)
        self._assert_order(self.first, fourth, self.second, self.third)

    def test_promises_follow(self):
        self.assertEqual([self._likely(self.first), self._likely(self.second)], [2, 9])
        self._decide("move", self.second)
        self.assertEqual([self._likely(self.first), self._likely(self.second)], [9, 2])

    def test_what_is_shown_is_what_comes_of_it(self):
        rows = self._preview("move", self.second)["rows"]
        self.assertEqual(
            [(row["order"], row["days"], row["is_broken"]) for row in rows],
            [
                (self.first.order_id.name, 7, True),
                (self.second.order_id.name, -7, False),
            ],
        )
        self._decide("move", self.second)
        for row in rows:
            line = self.env["sale.order.line"].browse(row["line_id"])
            self.assertEqual(
                fields.Date.to_string(self._promise(line).likely_on), row["after"]
            )

    def test_nothing_of_what_is_shown_stays(self):
        self._preview("move", self.second)
        self.assertFalse(self.env["supply.decision"].search([]))
        self._assert_order(self.first, self.second, self.third)
        self.assertEqual(self._likely(self.first), 2)

    def test_a_manager_takes_it_back(self):
        self._decide("move", self.third)
        decision = self._decide("undo", self.third, reason="It has time")
        self._assert_order(self.first, self.second, self.third)
        self.assertEqual(decision.user_id, self.head)
        self.assertEqual(len(self.env["supply.decision"].search([])), 2)
        with self.assertRaises(UserError):
            self._decide("undo", self.third)

    def test_what_is_left_of_an_order_keeps_its_place(self):
        self._decide("move", self.third)
        self._count(4)
        move = self.third.move_ids
        move._action_assign()
        move.picked = True
        move.picking_id.with_context(skip_backorder=True).button_validate()
        self.assertEqual(len(self.third.move_ids), 2)
        self._assert_order(self.third, self.first, self.second)

    def test_goods_that_come_go_to_whom_is_served_first(self):
        self._decide("move", self.third)
        receipt = self.env["stock.move"].search(
            [("product_id", "=", self.product.id), ("purchase_line_id", "!=", False)],
            order="date",
            limit=1,
        )
        receipt.picked = True
        receipt.picking_id.button_validate()
        self.assertEqual(self.third.move_ids.quantity, 10)
        self.assertFalse(self.first.move_ids.quantity)

    def test_a_place_is_before_urgent_orders_only_if_it_was_put_there(self):
        urgent = self._sale(10, due=day(20))
        urgent.order_id.picking_ids.write(
            {
                "urgency_level_id": self.env.ref(
                    "urgent_orders.urgency_level_urgent"
                ).id,
                "urgency_reason": "Surgery",
            }
        )
        self._decide("move", self.third, self.first)
        self._assert_order(urgent, self.first, self.third, self.second)
        self._decide("move", self.third)
        self._assert_order(self.third, urgent, self.first, self.second)

    def test_it_counts_where_nobody_looks_at_all_who_wait(self):
        self._decide("move", self.third)
        key = self.warehouse, self.product
        _pool, shares = self.pools._deal(self.product, self.warehouse)[key]
        moves = self.third.move_ids.ids
        with patch.object(supply_crowd, "CROWD", 0):
            _pool, few = self.pools._deal(self.product, self.warehouse, moves)[key]
        mine = [share for share in shares if share.demand in moves]
        self.assertTrue(mine)
        self.assertEqual([share for share in few if share.demand in moves], mine)

    def test_places_stay_short_after_many_decisions(self):
        """Two orders pass each other all day: places grew with each decision."""
        pair = (self.first, self.second)
        for number in range(40):
            self._carry_out_move(pair[number % 2], pair[1 - number % 2])
        decisions = self.env["supply.decision"].search([])
        self.assertEqual(len(decisions), 40)
        self.assertLess(max(len(each.place) for each in decisions), 7)
        self._assert_order(self.first, self.second, self.third)

    def test_as_many_queries_after_many_decisions(self):
        counts = []
        for number in (1, 30):
            for _round in range(number):
                self._carry_out_move(self.third)
                self._carry_out_move(self.second)
            self._open()  # promises have followed
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._open()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[0])
        self._assert_order(self.second, self.third, self.first)

    def test_nothing_is_asked_where_nobody_has_decided(self):
        moves = (self.first | self.second).move_ids
        self.env.flush_all()
        moves.mapped("product_id")
        with self.assertQueryCount(1):
            self.assertEqual(moves._in_decided_order(), moves)

    def test_another_product_is_not_concerned(self):
        other = self._product("Pool Bed")
        lines = [self._sale(1, due=day(number), product=other) for number in (3, 4)]
        self._decide("move", self.third)
        self.assertEqual(
            [row["name"] for row in self._open(product=other)["rows"]],
            [line.order_id.name for line in lines],
        )


@tagged("post_install", "-at_install")
class TestDeciding(DecisionCommon):
    def test_it_is_kept_who_decided_what_and_why(self):
        decision = self._decide("move", self.second, self.third, reason=" A tender ")
        self.assertEqual(decision.user_id, self.head)
        self.assertEqual(decision.reason, "A tender")
        self.assertEqual(decision.order_name, self.second.order_id.name)
        self.assertEqual(decision.other_name, self.third.order_id.name)
        self.assertIn(self.third.order_id.name, decision.text)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            with self.env.cr.savepoint():
                self.env.cr.execute("UPDATE supply_decision SET place = NULL")
        for call in (
            lambda: decision.write({"reason": "Other"}),
            lambda: decision.unlink(),
            lambda: decision.create({"reason": "Other"}),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_only_managers_decide(self):
        found = self._preview("move", self.second)
        wish = self._wish("move", self.second)
        keeper = self._user("keeper", "stock.group_stock_user")
        for user in (self.buyer, self.care, keeper):
            desk = self._desk(user)
            for call in (
                lambda desk=desk: desk.preview(
                    self.product.id, self.warehouse.id, wish
                ),
                lambda desk=desk: desk.get_choices(
                    self.product.id, self.warehouse.id, wish["move"]
                ),
                lambda desk=desk: desk.carry_out(
                    self.product.id, self.warehouse.id, wish, found["seen"], "Why"
                ),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_both_heads_decide(self):
        self._decide("move", self.second, user=self.chief)
        self._decide("move", self.third, user=self.head)
        self._assert_order(self.third, self.second, self.first)

    def test_a_reason_is_wanted(self):
        found = self._preview("move", self.second)
        wish = self._wish("move", self.second)
        for reason in ("", "  ", None, 5):
            with self.assertRaises(UserError):
                self._desk().carry_out(
                    self.product.id, self.warehouse.id, wish, found["seen"], reason
                )

    def test_what_has_changed_meanwhile_is_looked_at_again(self):
        found = self._preview("move", self.third)
        self._decide("move", self.second, user=self.chief)
        with self.assertRaisesRegex(UserError, "look again"):
            self._desk().carry_out(
                self.product.id,
                self.warehouse.id,
                self._wish("move", self.third),
                found["seen"],
                "Why",
            )
        self.assertEqual(len(self.env["supply.decision"].search([])), 1)

    def test_owners_are_told_once(self):
        owners = [
            self._user("own", "sales_team.group_sale_salesman"),
            self._user("another", "sales_team.group_sale_salesman"),
        ]
        (self.first | self.third).order_id.user_id = owners[0]
        self.second.order_id.user_id = owners[1]
        self._decide("move", self.third, reason="A tender")
        told = [
            self.env["mail.message"].search(
                [
                    ("partner_ids", "in", owner.partner_id.ids),
                    ("subject", "like", "on another day"),
                ]
            )
            for owner in owners
        ]
        self.assertEqual([len(messages) for messages in told], [1, 1])
        self.assertIn(self.first.order_id.name, told[0].body)
        self.assertNotIn(self.second.order_id.name, told[0].body)
        self.assertIn("A tender", told[0].body)

    def test_bad_input_is_told_what_to_do(self):
        mine = self.second.move_ids.id
        receipt = self.env["stock.move"].search(
            [("product_id", "=", self.product.id), ("purchase_line_id", "!=", False)],
            limit=1,
        )
        for wish in (
            None,
            {},
            {"kind": "free", "move": mine},
            {"kind": "move", "move": None},
            {"kind": "move", "move": receipt.id},
            {"kind": "move", "move": mine, "other": mine},
            {"kind": "move", "move": mine, "other": 10**9},
            {"kind": "undo", "move": mine},
            {"kind": "lend", "move": mine},
            {"kind": "lend", "move": mine, "other": self.first.move_ids.id},
            {"kind": "split", "move": mine, "quantity": -1},
            {"kind": "split", "move": mine, "quantity": "3"},
            {"kind": "split", "move": mine, "quantity": 10},
        ):
            with self.subTest(wish=wish), self.assertRaises(UserError):
                self._desk().preview(self.product.id, self.warehouse.id, wish)


@tagged("post_install", "-at_install")
class TestLending(DecisionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._count(10)
        cls.first.move_ids._action_assign()

    def _choices(self, line):
        self._run_job()
        return self._desk().get_choices(
            self.product.id, self.warehouse.id, line.move_ids.id
        )

    def test_who_would_be_harmed_is_named_after_who_would_not(self):
        rich = self._sale(3, due=day(30))
        self._count(3)
        rich.move_ids._action_assign()
        choices = self._choices(self.third)
        self.assertEqual(
            [(each["name"], each["quantity"]) for each in choices["swaps"]],
            [(rich.order_id.name, 3)],
        )
        self.assertGreater(choices["swaps"][0]["days"], 0)
        self.assertEqual(
            [(each["name"], each["quantity"]) for each in choices["lenders"]],
            [(self.first.order_id.name, 10)],
        )

    def test_a_manager_gives_goods_of_one_order_to_another(self):
        decision = self._decide("lend", self.third, self.first, quantity=6)
        self.assertEqual(self.third.move_ids.quantity, 6)
        self.assertEqual(self.first.move_ids.quantity, 4)
        self.assertEqual(decision.quantity, 6)
        self.assertEqual(
            {row["order"]: row["is_later"] for row in decision.effect}[
                self.first.order_id.name
            ],
            True,
        )

    def test_no_more_than_is_reserved(self):
        with self.assertRaises(UserError):
            self._preview("lend", self.third, self.first, quantity=11)

    def test_what_is_picked_stays(self):
        self.first.move_ids.picked = True
        with self.assertRaises(UserError):
            self._preview("lend", self.third, self.first, quantity=5)

    def test_nothing_of_what_is_shown_stays(self):
        self._preview("lend", self.third, self.first, quantity=6)
        self.assertEqual(self.first.move_ids.quantity, 10)
        self.assertFalse(self.third.move_ids.quantity)


@tagged("post_install", "-at_install")
class TestSplitting(DecisionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._count(10)
        cls.first.move_ids._action_assign()

    def test_a_part_goes_first_and_others_get_the_rest(self):
        self._decide("split", self.first, self.third, quantity=4)
        now, rest = self.first.move_ids.sorted("id")
        self.assertEqual([now.product_qty, now.quantity], [4, 4])
        self.assertEqual([rest.product_qty, rest.quantity], [6, 0])
        self.assertNotEqual(rest.picking_id, now.picking_id)
        self.assertEqual(rest.picking_id.backorder_id, now.picking_id)
        self.assertEqual(self.second.move_ids.quantity, 6)
        self._assert_order(self.first, self.second, self.third, self.first)

    def test_what_is_shown_is_what_comes_of_it(self):
        rows = self._preview("split", self.first, self.third, quantity=4)["rows"]
        self._decide("split", self.first, self.third, quantity=4)
        self.assertTrue(rows)
        for row in rows:
            line = self.env["sale.order.line"].browse(row["line_id"])
            promise = self._promise(line)
            self.assertEqual(
                (fields.Date.to_string(promise.likely_on), promise.quantity_now),
                (row["after"], row["then"]),
            )

    def test_nothing_of_what_is_shown_stays(self):
        self._preview("split", self.first, self.third, quantity=4)
        self.assertEqual(self.first.move_ids.product_qty, 10)
        self.assertEqual(self.first.move_ids.quantity, 10)

    def test_without_a_place_the_rest_keeps_its_own(self):
        self._decide("split", self.first, quantity=4)
        self._assert_order(self.first, self.first, self.second, self.third)

    def test_a_part_has_a_place_of_its_own(self):
        self._decide("split", self.first, self.third, quantity=4)
        part, rest = self.first.move_ids.sorted("id")
        second, third = self.second.move_ids, self.third.move_ids

        def assert_order(*moves):
            rows = self._open()["rows"]
            self.assertEqual([row["id"] for row in rows], [move.id for move in moves])

        def decide(kind, move, other=None):
            wish = {"kind": kind, "move": move.id, "other": other and other.id}
            desk, where = self._desk(), (self.product.id, self.warehouse.id)
            seen = desk.preview(*where, wish)["seen"]
            desk.carry_out(*where, wish, seen, "Why")

        assert_order(part, second, third, rest)
        decide("move", rest, second)
        assert_order(part, second, rest, third)
        decide("move", part, third)
        assert_order(second, rest, third, part)
        decide("undo", part)
        assert_order(part, second, rest, third)
        decide("undo", rest)
        assert_order(part, rest, second, third)

    def test_the_rest_keeps_its_own_place_where_the_order_was_given_one(self):
        self._decide("move", self.first, self.second)
        self._decide("split", self.first, quantity=4)
        part, rest = self.first.move_ids.sorted("id")
        self.assertEqual(
            [row["id"] for row in self._open()["rows"]],
            [rest.id, self.second.move_ids.id, part.id, self.third.move_ids.id],
        )

    def test_what_goes_out_at_once_is_not_split(self):
        self.first.order_id.picking_policy = "one"
        with self.assertRaises(UserError):
            self._preview("split", self.first, quantity=4)

    def test_the_order_is_delivered_all_the_same(self):
        self._decide("split", self.first, self.third, quantity=4)
        self._count(16)
        moves = self.first.move_ids
        moves._action_assign()
        moves.picked = True
        moves.picking_id.button_validate()
        self.assertEqual(self.first.qty_delivered, 10)
