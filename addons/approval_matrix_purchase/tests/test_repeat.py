from datetime import timedelta

from odoo.tests import tagged

from .common import FORGED
from .test_precedent import PrecedentCase


class RepeatCase(PrecedentCase):
    """A manager decides about what they may have rejected before."""

    REPEATED = "the same was rejected"
    REASON = "Too dear: ask for three quotes"

    @classmethod
    def _rejected(cls, **values):
        order = cls._submitted(**values)
        order.with_user(cls.manager).action_reject(cls.REASON)
        return order

    def _days_ago(self, order, days):
        """Let an order be rejected so many days before the next one is submitted."""
        process = order.sudo().approval_process_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE approval_process SET closed_at = %s WHERE id = %s",
            (process.closed_at - timedelta(days=days), process.id),
        )
        self.env.invalidate_all()

    def _assert_told(self, order, other):
        marks, sentences = self._warnings(order)
        self.assertIn(self.REPEATED, marks)
        told = [text for text in sentences if self.REASON in text]
        self.assertEqual(len(told), 1)
        self.assertIn(other.name, told[0])

    def _assert_silent(self, order):
        self.assertNotIn(self.REPEATED, self._marks(order))


@tagged("post_install", "-at_install")
class TestRepeats(RepeatCase):
    """An order repeats one that was rejected."""

    def test_the_card_says_who_when_why_and_the_totals_then_and_now(self):
        first = self._rejected(price=1000, quantity=3)
        process = first.sudo().approval_process_id
        marks, (sentence,) = self._warnings(self._submitted(price=950, quantity=3))
        self.assertEqual(marks, [self.REPEATED])
        day = self.company._approval_day(process.closed_at)
        for text in (
            first.name,
            self.manager.name,
            day.strftime("%m/%d/%Y"),
            self.REASON,
            self.company.currency_id.format(3000),
            self.company.currency_id.format(2850),
        ):
            self.assertIn(text, sentence)

    def test_the_same_price_is_told_too(self):
        first = self._rejected()
        order = self._submitted()
        self._assert_told(order, first)
        self.assertEqual(self._marks(order), [self.REPEATED])

    def test_a_long_reason_is_cut(self):
        first = self._submitted()
        first.with_user(self.manager).action_reject(f"{self.REASON} {'word ' * 500}")
        _marks, (sentence,) = self._warnings(self._submitted(price=10))
        self.assertIn(self.REASON, sentence)
        self.assertLess(len(sentence), 500)

    def test_the_same_order_asked_about_again_repeats_nothing(self):
        order = self._rejected()
        order.order_line.price_unit = 8000
        order.button_confirm()
        self.assertEqual(order.approval_state, "open")
        self._assert_silent(order)

    def test_another_vendor_quantity_or_product_repeats_nothing(self):
        self._rejected(price=100, quantity=2)
        stranger = self.vendor.create({"name": "Stranger"})
        other = self._product("Mattress")
        for name, values in {
            "vendor": {"partner_id": stranger.id, "quantity": 2},
            "quantity": {"quantity": 3},
            "product": {"order_line": [self._line(100, 2, product_id=other.id)]},
            "more": {
                "order_line": [
                    self._line(100, 2),
                    self._line(100, 2, product_id=other.id),
                ]
            },
        }.items():
            with self.subTest(name):
                self._assert_silent(self._submitted(**values))

    def test_another_contact_of_the_vendor_is_the_same_vendor(self):
        branch = self.vendor.create({"name": "Branch", "parent_id": self.vendor.id})
        first = self._rejected(partner_id=branch.id)
        self._assert_told(self._submitted(price=10), first)

    def test_the_same_quantity_in_another_unit_is_the_same(self):
        first = self._rejected(quantity=24)
        line = self._line(10, 2, product_uom_id=self.dozen.id)
        self._assert_told(self._submitted(order_line=[line]), first)

    def test_lines_that_are_cut_in_two_are_the_same(self):
        first = self._rejected(quantity=3)
        lines = [self._line(10, 2), self._line(11, 1), self._line(5, 0)]
        self._assert_told(self._submitted(order_line=lines), first)

    def test_services_with_another_text_are_others(self):
        self.product.type = "service"
        first = self._rejected(order_line=[self._line(500, name="Transport to Hue")])
        line = self._line(450, name="Transport to Hanoi")
        self._assert_silent(self._submitted(order_line=[line]))
        line = self._line(450, name="Transport to Hue")
        self._assert_told(self._submitted(order_line=[line]), first)

    def test_another_source_does_not_hide_it(self):
        first = self._rejected(origin="S00012")
        self._assert_told(self._submitted(price=10, origin="S00013"), first)

    def test_another_currency_does_not_hide_it(self):
        euro = self.env.ref("base.EUR") + self.env.ref("base.USD")
        euro = (euro - self.company.currency_id)[0]
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 2.0, "company_id": self.company.id}
        )
        first = self._rejected(price=3000, currency_id=euro.id)
        order = self._submitted(price=1400)
        self._assert_told(order, first)
        sentence = self._warnings(order)[1][0]
        self.assertIn(self.company.currency_id.format(1500), sentence)
        self.assertIn(self.company.currency_id.format(1400), sentence)

    def test_the_newest_of_several_is_named(self):
        self._rejected(price=1200)
        second = self._rejected(price=1100)
        self._assert_told(self._submitted(price=1000), second)

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    def test_it_counts_for_the_days_of_the_company(self):
        first = self._rejected()
        order = self._submitted(price=10)
        self._days_ago(first, 6)
        self._assert_told(order, first)
        self._days_ago(first, 2)
        self._assert_silent(order)

    def test_what_was_made_long_before_counts_from_its_rejection(self):
        first = self._rejected()
        self._days_before(first, 60)
        self._assert_told(self._submitted(price=10), first)

    def test_what_is_rejected_while_the_other_waits_is_told_there(self):
        first, second = self._submitted(), self._submitted(price=8000)
        self._assert_silent(second)
        first.with_user(self.manager).action_reject(self.REASON)
        self._assert_told(second, first)

    def test_nobody_is_told_where_the_company_wants_that(self):
        self.company.purchase_duplicate_days = 0
        self._rejected()
        self.assertEqual(self._marks(self._submitted(price=10)), [])

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

    def test_what_was_changed_cancelled_or_given_to_others_still_counts(self):
        first = self._rejected(price=1000, quantity=3)
        stranger = self.vendor.create({"name": "Stranger"})
        for name, change in {
            "quantity": lambda: first.order_line.write({"product_qty": 1}),
            "vendor": lambda: first.write({"partner_id": stranger.id}),
            "cancelled": first.button_cancel,
        }.items():
            with self.subTest(name):
                change()
                self._assert_told(self._submitted(price=990, quantity=3), first)

    def test_of_a_deleted_one_it_is_told_that_it_was(self):
        first = self._rejected(price=1000)
        name = first.name
        first.button_cancel()
        first.sudo().unlink()
        marks, (sentence,) = self._warnings(self._submitted(price=990))
        self.assertEqual(marks, [self.REPEATED])
        self.assertNotIn(name, sentence)

    def test_what_was_approved_after_all_does_not_count(self):
        first = self._rejected(price=1000)
        first.order_line.price_unit = 900
        first.button_confirm()
        first.with_user(self.manager).action_approve()
        self.assertEqual(first.state, "purchase")
        self._assert_silent(self._submitted(price=800))

    def test_what_was_approved_with_other_goods_does(self):
        first = self._rejected(price=1000, quantity=3)
        first.order_line.product_qty = 1
        first.button_confirm()
        first.with_user(self.manager).action_approve()
        self.assertEqual(first.state, "purchase")
        self._assert_told(self._submitted(price=990, quantity=3), first)

    def test_what_was_cut_below_the_limit_and_confirmed_was_not_approved(self):
        first = self._rejected(price=1000, quantity=3)
        self.env["approval.rule"].search([]).amount_min = 2000
        first.order_line.product_qty = 1
        first.button_confirm()
        self.assertEqual(first.state, "purchase")
        self._assert_told(self._submitted(price=990, quantity=3), first)

    def test_what_was_withdrawn_or_cancelled_was_not_rejected(self):
        self._submitted().action_withdraw()
        self._submitted().button_cancel()
        self._assert_silent(self._submitted(price=10))

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def test_who_may_not_read_the_other_learns_nothing_of_it(self):
        employee = self._user("employee")
        self.env["approval.rule"].search([]).step_ids.user_ids = employee
        first = self._submitted(price=1000, quantity=3)
        first.with_user(employee).action_reject(self.REASON)
        order = self._submitted(price=990, quantity=3)
        marks, (sentence,) = self._warnings(order, employee)
        self.assertEqual(marks, [self.REPEATED])
        for text in (first.name, self.REASON, self.company.currency_id.format(3000)):
            self.assertNotIn(text, sentence)

    def test_only_those_who_decide_are_told(self):
        self._rejected()
        order = self._submitted(price=10)
        self.assertEqual(self._warnings(order, self.buyer), ([], []))

    def test_another_company_is_another_business(self):
        other = self.env["res.company"].create({"name": "Other"})
        (self.buyer | self.manager).company_ids += other
        self._rule(self.manager, company_id=other.id)
        there = self.env["purchase.order"].with_user(self.buyer)
        there = there.with_context(allowed_company_ids=other.ids)
        first = there.create(
            {"partner_id": self.vendor.id, "order_line": [self._line(1000)]}
        )
        first.button_confirm()
        first.with_user(self.manager).action_reject(self.REASON)
        self.assertEqual(first.sudo().approval_process_id.state, "rejected")
        self._assert_silent(self._submitted(price=990))

    def test_the_context_changes_nothing(self):
        first = self._rejected()
        order = self._submitted(price=10)
        task = order.sudo().approval_process_id.task_ids.with_user(self.manager)
        task = task.sudo(False).with_context(
            **FORGED,
            active_test=False,
            default_state="open",
            purchase_duplicate_days=0,
        )
        self.env.invalidate_all()
        card = task.card
        self.assertEqual(card["warnings"], [self.REPEATED])
        self.assertIn(first.name, card["sentences"][0])


@tagged("post_install", "-at_install")
class TestRepeatQueries(RepeatCase):
    """A page of orders asks the database as often as two of them."""

    def _count(self, number):
        queries, cards = self._read_cards(number)
        for card in cards:
            self.assertIn(self.REPEATED, card["warnings"])
        return queries

    def test_20_orders_that_repeat_take_as_many_queries_as_two(self):
        self._rejected(price=100)
        self._count(2)  # what is remembered from then on
        self.assertEqual(self._count(2), self._count(20))

    def test_what_was_rejected_for_other_vendors_is_not_looked_at(self):
        stranger = self.vendor.create({"name": "Stranger"})
        self._rejected(partner_id=stranger.id)
        order = self._submitted()
        asked = []
        precedents = self.registry["purchase.precedent"]
        find = precedents._find_repeated
        self.patch(
            precedents,
            "_find_repeated",
            lambda model, pairs: asked.append(pairs) or find(model, pairs),
        )
        self._assert_silent(order)
        self.assertEqual(asked, [[]])
