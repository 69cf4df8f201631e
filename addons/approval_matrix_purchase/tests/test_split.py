from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..splitting import find_split
from .test_precedent import PrecedentCase

SPLIT = "split below a limit?"


@tagged("post_install", "-at_install")
class TestFindSplit(TransactionCase):
    """The arithmetic, without orders."""

    def _find(self, own, others, *limits):
        found = find_split(own, dict(enumerate(others)), limits, lambda limit: limit)
        return found and (found[0], found[2])

    def test_two_below_a_limit_reach_it(self):
        self.assertEqual(self._find(9, [9], 10), (10, [0]))

    def test_the_limit_itself_is_reached(self):
        self.assertEqual(self._find(5, [5], 10), (10, [0]))
        self.assertIsNone(self._find(5, [4.99], 10))

    def test_three_small_ones_reach_what_two_do_not(self):
        self.assertIsNone(self._find(4, [4], 10))
        self.assertEqual(self._find(4, [4, 4], 10), (10, [0, 1]))

    def test_who_reached_the_limit_does_not_count_for_it(self):
        self.assertIsNone(self._find(4, [12], 10))
        self.assertIsNone(self._find(4, [10], 10))

    def test_but_counts_for_a_higher_one(self):
        self.assertEqual(self._find(9, [12], 10, 20), (20, [0]))

    def test_the_highest_limit_is_told(self):
        self.assertEqual(self._find(9, [9, 9], 10, 20), (20, [0, 1]))

    def test_what_the_order_reaches_by_itself_is_no_matter(self):
        self.assertIsNone(self._find(12, [3], 10))

    def test_nothing_beside_it_is_no_split(self):
        self.assertIsNone(self._find(9, [], 10))

    def test_a_limit_at_which_the_same_rule_applies_is_none(self):
        found = find_split(9, {1: 9}, [10, 15], {10: "director"}.get)
        self.assertEqual(found, (10, "director", [1]))


class SplitCase(PrecedentCase):
    """Below 10,000 the manager decides, from there on the director as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.below = cls.env["approval.rule"].search([])
        cls.below.amount_max = 10000
        cls.above = cls._rule(cls.manager, cls.director, amount_min=10000)

    def _told(self, order, user=None):
        """Return what the card says of a split."""
        _marks, sentences = self._warnings(order, user)
        return [text for text in sentences if "orders of this vendor" in text]

    def _is_told(self, order):
        found = self._told(order)
        self.assertEqual(bool(found), SPLIT in self._marks(order))
        return bool(found)

    def _euro(self, rate):
        euro = self.env.ref("base.EUR") + self.env.ref("base.USD")
        euro = (euro - self.company.currency_id)[0]
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": rate, "company_id": self.company.id}
        )
        return euro


@tagged("post_install", "-at_install")
class TestSplit(SplitCase):
    """One purchase in parts, each below the limit of a step."""

    def test_the_card_names_the_others_the_sum_and_who_would_decide(self):
        first = self._confirmed(price=9000)
        (sentence,) = self._told(self._submitted(price=900, quantity=10))
        for text in ("2 orders", "7 days", first.name, "18,000.00", "10,000.00"):
            self.assertIn(text, sentence)
        self.assertIn("Step 2 must approve", sentence)

    def test_it_is_marked_once_also_where_many_are_approved(self):
        self._confirmed(price=9000)
        order = self._submitted(price=900, quantity=10)
        self.assertEqual(self._marks(order).count(SPLIT), 1)
        process = order.approval_process_id.with_user(self.manager).sudo(False)
        (line,) = process._get_warnings().values()
        self.assertIn("18,000.00", line)

    def test_both_say_so_while_both_wait(self):
        first = self._submitted(price=9000)
        second = self._submitted(price=900, quantity=10)
        self.assertIn(second.name, self._told(first)[0])
        self.assertIn(first.name, self._told(second)[0])

    def test_three_small_ones(self):
        first = self._confirmed(price=4000)
        second = self._submitted(price=4100)
        self.assertFalse(self._is_told(second))
        (sentence,) = self._told(self._submitted(price=4200))
        for text in ("3 orders", first.name, second.name, "12,300.00"):
            self.assertIn(text, sentence)

    def test_what_was_below_all_rules_counts(self):
        self.below.amount_min = 1000
        free = self._order(price=900)
        free.button_confirm()
        self.assertEqual(free.state, "purchase")
        self.assertIn(free.name, self._told(self._submitted(price=9200))[0])

    def test_only_some_are_named_and_the_others_counted(self):
        for number in range(5):
            self._confirmed(price=2000 + number)
        (sentence,) = self._told(self._submitted(price=3000))
        self.assertIn("6 orders", sentence)
        self.assertIn("2 more", sentence)

    def test_the_largest_are_named_first(self):
        large = self._confirmed(price=6000)
        for number in range(3):
            self._confirmed(price=1000 + number)
        (sentence,) = self._told(self._submitted(price=3000))
        self.assertIn(f"(this one, {large.name}: ", sentence)

    def test_what_stays_below_together_is_none(self):
        self._confirmed(price=4000)
        self.assertFalse(self._is_told(self._submitted(price=5999)))

    def test_who_reached_the_limit_has_been_asked_about(self):
        large = self._submitted(price=12000)
        large.with_user(self.manager).action_approve()
        self.assertFalse(self._is_told(self._submitted(price=5000)))
        self.assertFalse(self._is_told(large))

    def test_another_currency_counts_at_its_rate(self):
        euro = self._euro(0.5)
        foreign = self._submitted(price=3000, currency_id=euro.id)
        (sentence,) = self._told(self._submitted(price=5000))
        self.assertIn(foreign.name, sentence)
        self.assertIn("11,000.00", sentence)
        self.assertTrue(self._is_told(foreign))

    def test_another_currency_below_the_limit_does_not(self):
        euro = self._euro(2.0)
        self._submitted(price=9000, currency_id=euro.id)
        self.assertFalse(self._is_told(self._submitted(price=5000)))

    def test_what_is_cancelled_or_only_a_quotation_does_not_count(self):
        self._order(price=9000)
        self._submitted(price=9000).button_cancel()
        self._submitted(price=9000).with_user(self.manager).action_reject("No")
        self.assertFalse(self._is_told(self._submitted(price=8000)))

    def test_another_company_is_another_purchase(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = self.env.user
        user.company_ids += other
        self.env["purchase.order"].with_company(other).create(
            {
                "partner_id": self.vendor.id,
                "company_id": other.id,
                "order_line": [self._line(9000)],
            }
        ).button_confirm()
        self.assertFalse(self._is_told(self._submitted(price=9000)))

    def test_revisions_of_one_order_are_one_order(self):
        order = self._confirmed(price=6000)
        order.order_line.price_unit = 7000
        self.assertEqual(order.approval_state, "open")
        self.assertFalse(self._is_told(order))
        order.with_user(self.manager).action_reject("Again")
        order.button_confirm()
        self.assertFalse(self._is_told(order))

    def test_another_contact_of_the_vendor_is_the_same_vendor(self):
        branch = self.vendor.create({"name": "Branch", "parent_id": self.vendor.id})
        first = self._confirmed(price=9000, partner_id=branch.id)
        self.assertIn(first.name, self._told(self._submitted(price=8000))[0])

    def test_another_vendor_is_another_purchase(self):
        stranger = self.vendor.create({"name": "Stranger"})
        self._confirmed(price=9000, partner_id=stranger.id)
        self.assertFalse(self._is_told(self._submitted(price=8000)))

    def test_one_requester_is_named(self):
        self._confirmed(price=9000)
        self.assertIn("All were made by Buyer.", self._told(self._submitted())[0])

    def test_a_colleague_counts_as_well(self):
        other = self._user("second", "purchase.group_purchase_user")
        first = self._confirmed(price=9000, user=other)
        (sentence,) = self._told(self._submitted(price=8000))
        self.assertIn(first.name, sentence)
        self.assertNotIn("All were made by", sentence)

    def test_another_source_does_not_hide_it_and_is_told(self):
        self._confirmed(price=9000, origin="S00012")
        (sentence,) = self._told(self._submitted(price=8000, origin="S00013"))
        self.assertIn("S00012", sentence)

    def test_an_order_of_each_week_is_none(self):
        self._days_before(self._confirmed(price=9000), 7)
        self.assertFalse(self._is_told(self._submitted(price=8000)))

    def test_an_order_of_some_days_ago_counts(self):
        self._days_before(self._confirmed(price=9000), 6)
        self.assertTrue(self._is_told(self._submitted(price=8000)))

    def test_the_company_says_within_how_many_days(self):
        self.company.purchase_split_days = 3
        self._days_before(self._confirmed(price=9000), 4)
        self.assertFalse(self._is_told(self._submitted(price=8000)))

    def test_nobody_is_warned_where_the_company_wants_that(self):
        self.company.purchase_split_days = 0
        self._confirmed(price=9000)
        self.assertFalse(self._is_told(self._submitted(price=8000)))

    def test_a_rule_for_other_orders_is_no_limit(self):
        self.above.domain = "[('origin', '=', 'never')]"
        self._confirmed(price=9000)
        self.assertFalse(self._is_told(self._submitted(price=8000)))

    def test_a_limit_that_only_the_rule_below_names(self):
        self.above.amount_min = 0
        self._confirmed(price=9000)
        self.assertIn("10,000.00", self._told(self._submitted(price=8000))[0])

    def test_who_may_not_read_the_others_learns_no_name_and_no_amount(self):
        employee = self._user("employee")
        self.env["approval.rule"].search([]).step_ids.user_ids = employee
        self.above.allow_same_person = True
        first = self._submitted(price=9100)
        first.with_user(employee).action_approve()
        (sentence,) = self._told(self._submitted(price=8000), employee)
        self.assertIn("1 more", sentence)
        self.assertIn("Step 2", sentence)
        for text in (first.name, "9,100", "17,100", "10,000"):
            self.assertNotIn(text, sentence)

    def test_only_those_who_decide_are_told(self):
        self._confirmed(price=9000)
        order = self._submitted(price=8000)
        self.assertEqual(self._warnings(order, self.buyer), ([], []))


@tagged("post_install", "-at_install")
class TestSplitBelowAllRules(SplitCase):
    """Who stays below the lowest limit is asked by nobody: managers see a list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.below.active = False
        cls.manager.group_ids += cls.env.ref("approval_matrix.group_approval_manager")

    def _free(self, **values):
        order = self._order(**values)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertFalse(order.approval_process_id)
        return order

    def _list(self, user=None):
        orders = self.env["purchase.order"].with_user(user or self.manager)
        return orders.search([("is_split", "=", True)])

    def test_the_list_has_all_parts(self):
        parts = self._free(price=6000) + self._free(price=5000)
        self._free(price=900, partner_id=self.vendor.create({"name": "Other"}).id)
        self.assertEqual(self._list(), parts.with_user(self.manager))

    def test_it_says_what_they_reach_and_who_was_not_asked(self):
        first, second = self._free(price=6000), self._free(price=5000)
        note = second.with_user(self.manager).split_note
        for text in (first.name, "11,000.00", "10,000.00", "Step 1", "Step 2"):
            self.assertIn(text, note)

    def test_a_row_of_the_list_says_it_in_short(self):
        first, second = self._free(price=6000), self._free(price=5000)
        second = second.with_user(self.manager)
        for text in (first.name, "11,000.00", "10,000.00", "Step 2"):
            self.assertIn(text, second.split_brief)
        self.assertLess(len(second.split_brief), len(second.split_note))

    def test_what_somebody_was_asked_about_is_on_their_card(self):
        self._free(price=6000)
        asked = self._submitted(price=12000)
        self.assertFalse(self._list())
        self.assertFalse(asked.with_user(self.manager).is_split)

    def test_what_stays_below_the_limit_together_is_none(self):
        orders = self._free(price=4000) + self._free(price=5000)
        self.assertFalse(self._list())
        self.assertEqual(orders.with_user(self.manager).mapped("is_split"), [False] * 2)

    def test_the_others_are_those_that_are_not_split(self):
        parts = self._free(price=6000) + self._free(price=5000)
        orders = self.env["purchase.order"].with_user(self.manager)
        others = orders.search([("is_split", "=", False)])
        self.assertFalse(others & parts.with_user(self.manager))
        self.assertEqual(len(others) + 2, orders.search_count([]))

    def test_buyers_learn_no_limit_from_it(self):
        order = self._free(price=6000)
        self._free(price=5000)
        with self.assertRaises(AccessError):
            self._list(self.buyer)
        with self.assertRaises(AccessError):
            order.with_user(self.buyer).read(["split_note"])

    def test_orders_of_a_month_ago_are_history(self):
        for order in (self._free(price=6000), self._free(price=5000)):
            self._days_before(order, 32)
        self.assertFalse(self._list())


@tagged("post_install", "-at_install")
class TestSplitQueries(SplitCase):
    """A page of cards asks the database as often as a card."""

    def _count(self, number):
        lines = [[self._line(9000 - each)] for each in range(number)]
        orders = [self._submitted(order_line=line) for line in lines]
        tasks = self.env["approval.task"].union(
            *(order.sudo().approval_process_id.task_ids for order in orders)
        )
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        cards = tasks.with_user(self.manager).sudo(False).mapped("card")
        queries = self.env.cr.sql_log_count - start
        for card in cards:
            self.assertIn(SPLIT, card["warnings"])
        return queries

    def test_cards_of_80_orders_take_as_many_queries_as_of_two(self):
        self._confirmed(price=5000)
        self._count(2)  # what is remembered from then on
        self.assertEqual(self._count(2), self._count(80))
