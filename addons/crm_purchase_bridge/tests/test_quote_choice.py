"""Choosing between quotations where they stand, and what is kept of the others."""

from psycopg2.errors import InsufficientPrivilege

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .quotes_common import QuotesCommon


@tagged("post_install", "-at_install")
class TestQuoteChoice(QuotesCommon):
    def _stamp(self, order):
        return self._look(order)["stamp"]

    def _choose(self, order, user=None):
        quotes = self.env(user=user or self.buyer)["supply.quotes"]
        return quotes.choose(order.id, self._stamp(order))

    def _choose_product(self, order, product=None):
        product = product or self.kept
        return self.quotes.choose_product(order.id, product.id, self._stamp(order))

    def _outcomes(self, orders):
        return [
            (quote.order_name, quote.outcome) for quote in self._kept_quotes(orders)
        ]

    # ------------------------------------------------------------
    # AS A WHOLE
    # ------------------------------------------------------------

    def test_the_chosen_one_is_ordered_and_the_others_cancelled(self):
        near, far = self._rivals(100, 80)
        self._choose(far)
        self.assertEqual((far.state, near.state), ("purchase", "cancel"))

    def test_nothing_is_cancelled_before_the_approval(self):
        self._rule(self.manager)
        near, far = self._rivals(100, 80)
        self._choose(far)
        self.assertEqual((far.state, near.state), ("to approve", "draft"))
        far.with_user(self.manager).action_approve()
        self.assertEqual((far.state, near.state), ("purchase", "cancel"))

    def test_a_refused_choice_leaves_everything_to_choose_from(self):
        self._rule(self.manager)
        near, far = self._rivals(100, 80)
        self._choose(far)
        far.with_user(self.manager).action_reject("Too late")
        self.assertEqual((far.state, near.state), ("draft", "draft"))
        self._choose(near)
        self.assertEqual(near.state, "to approve")

    def test_while_one_waits_no_other_is_chosen(self):
        self._rule(self.manager)
        near, far = self._rivals(100, 80)
        self._choose(far)
        for choose in (self._choose, self._choose_product):
            with self.assertRaisesRegex(UserError, far.name):
                choose(near)
        self.assertEqual(near.state, "draft")
        self.assertEqual(far.order_line.product_qty, 10)

    def test_what_was_not_seen_is_not_chosen(self):
        near, far = self._rivals(12_345_678, 12_345_670)
        stamp = self._stamp(far)
        near.order_line.price_unit = 12_345_679
        with self.assertRaisesRegex(UserError, "have changed"):
            self.quotes.choose(far.id, stamp)
        with self.assertRaisesRegex(UserError, "have changed"):
            self.quotes.choose_product(far.id, self.kept.id, stamp)
        self.assertEqual(far.state, "draft")

    def test_only_buyers_choose(self):
        near, far = self._rivals(100, 80)
        stamp = self._stamp(far)
        for user in (self.care, self.seller, self.clerk):
            quotes = self.env(user=user)["supply.quotes"]
            for call in (
                lambda quotes=quotes: quotes.choose(far.id, stamp),
                lambda quotes=quotes: quotes.choose_product(
                    far.id, self.kept.id, stamp
                ),
                lambda quotes=quotes: quotes.order_chosen(far.id, stamp),
            ):
                with self.assertRaises(AccessError):
                    call()
        self.assertEqual((near.state, far.state), ("draft", "draft"))

    # ------------------------------------------------------------
    # BY PRODUCT
    # ------------------------------------------------------------

    def test_by_product_the_others_lose_their_quantity_of_it(self):
        near, far = self._rivals(100, 80, products=[self.kept, self.product])
        self._choose_product(far)
        kept, other = near.order_line
        self.assertEqual((kept.product_qty, other.product_qty), (0, 10))
        self.assertEqual(far.order_line.mapped("product_qty"), [10, 10])
        self.assertEqual((near.state, far.state), ("draft", "draft"))

    def test_what_was_not_chosen_stays_in_the_comparison(self):
        near, far = self._rivals(100, 80)
        self._choose_product(far)
        offer = self._offer(near)
        self.assertEqual((offer["quantity"], offer["price"]), (10, 100))
        self.assertTrue(offer["is_zeroed"])
        self.assertFalse(offer["is_taken"])
        self.assertTrue(self._look(far)["is_decided"])

    def test_another_one_can_be_chosen_until_it_is_ordered(self):
        near, far = self._rivals(100, 80)
        near.order_line.discount = 5
        self._choose_product(far)
        self._choose_product(near)
        line = near.order_line
        self.assertEqual(
            (line.product_qty, line.price_unit, line.discount), (10, 100, 5)
        )
        self.assertEqual(far.order_line.product_qty, 0)

    def test_who_offers_nothing_of_it_is_not_chosen(self):
        near, far = self._rivals(100, 80)
        for order in (near, far):
            with self.assertRaisesRegex(UserError, "offers none"):
                self._choose_product(order, self.product)
        self.assertEqual((near | far).order_line.mapped("product_qty"), [10, 10])

    def test_what_was_chosen_by_product_is_ordered_together(self):
        products = [self.kept, self.product]
        near, far = self._rivals(100, 80, products=products)
        third = self._quote(self.far, (self.kept, 10, 200), (self.product, 10, 200))
        near.purchase_group_id.order_ids += third
        self._choose_product(far, self.kept)
        with self.assertRaisesRegex(UserError, self.product.name):
            self.quotes.order_chosen(near.id, self._stamp(near))
        self._choose_product(near, self.product)
        self.quotes.order_chosen(near.id, self._stamp(near))
        self.assertEqual(
            [each.state for each in (near, far, third)],
            ["purchase", "purchase", "cancel"],
        )

    def test_as_a_whole_all_of_it_is_chosen_again(self):
        near, far = self._rivals(100, 80, products=[self.kept, self.product])
        self._choose_product(far)
        self._choose(near)
        self.assertEqual(near.order_line.mapped("product_qty"), [10, 10])
        self.assertEqual((near.state, far.state), ("purchase", "cancel"))

    # ------------------------------------------------------------
    # WHAT IS KEPT
    # ------------------------------------------------------------

    def test_the_losers_prices_are_kept(self):
        near, far = self._rivals(100, 80)
        day = self.company._approval_day(near.order_line.date_planned)
        self._choose(far)
        quote = self._kept_quotes(near)
        self.assertEqual(quote.outcome, "lost")
        self.assertEqual(quote.vendor_id, self.vendor)
        self.assertEqual(quote.product_id, self.kept)
        self.assertEqual((quote.quantity, quote.price_unit), (10, 100))
        self.assertEqual((quote.planned_on, quote.user_id), (day, self.buyer))
        self.assertEqual(
            self._outcomes(far), [(far.name, "chosen"), (far.name, "ordered")]
        )

    def test_they_are_kept_by_product_too_and_with_odoos_own_buttons(self):
        near, far = self._rivals(100, 80)
        far.order_line.action_choose()
        self.assertEqual(self._outcomes(near), [(near.name, "lost")])
        self.assertEqual(self._outcomes(far), [(far.name, "chosen")])
        near.button_cancel()
        self.assertEqual(self._outcomes(near), [(near.name, "lost")])

    def test_who_does_not_buy_keeps_nothing(self):
        near, far = self._rivals(100, 80)
        near.order_line.product_qty = 0
        for user in (self.care, self.clerk):
            with self.assertRaises(AccessError):
                far.order_line.with_user(user).action_choose()
        self.assertFalse(self._kept_quotes(near | far))

    def test_with_freight_they_are_what_the_comparison_said(self):
        near, far = self._rivals(100, 80)
        service = self._service()
        near.order_line = [
            (0, 0, {"product_id": service.id, "product_qty": 1, "price_unit": 70})
        ]
        price = self._offer(near)["price"]
        self.assertEqual(price, 107)
        self._choose(far)
        quote = self._kept_quotes(near).filtered(lambda q: q.product_id == self.kept)
        self.assertEqual(quote.price_landed, price)

    def test_what_is_deleted_or_cancelled_is_kept(self):
        near, far = self._rivals(100, 80)
        ids = near.ids
        far.button_cancel()
        near.button_cancel()
        near.unlink()
        quotes = self.env["supply.quote"].search([("order_id", "in", ids)])
        self.assertEqual(quotes.mapped("outcome"), ["lost"])

    def test_what_has_no_alternative_leaves_no_trace(self):
        order = self._quote(self.vendor, (self.kept, 1, 5))
        order.button_confirm()
        other = self._quote(self.vendor, (self.kept, 1, 5))
        other.button_cancel()
        self.assertFalse(self._kept_quotes(order + other))

    def test_what_was_kept_stays_as_it_is(self):
        near, far = self._rivals(100, 80)
        self._choose(far)
        quote = self._kept_quotes(near)
        self.env.flush_all()
        for query in (
            "UPDATE supply_quote SET price_unit = 1 WHERE id = %s",
            "DELETE FROM supply_quote WHERE id = %s",
        ):
            with self.assertRaises(InsufficientPrivilege), mute_logger("odoo.sql_db"):
                with self.cr.savepoint():
                    self.cr.execute(query, [quote.id])
        self.cr.execute(
            "UPDATE supply_quote SET vendor_id = %s WHERE id = %s",
            [self.far.id, quote.id],
        )

    def test_a_vendor_can_be_merged(self):
        near, far = self._rivals(100, 80)
        self._choose(far)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.vendor + self.far).ids, self.far
        )
        self.assertEqual(self._kept_quotes(near).vendor_id, self.far)

    def test_only_buyers_read_them(self):
        near, far = self._rivals(100, 80)
        self._choose(far)
        quote = self._kept_quotes(near)
        self.assertTrue(quote.with_user(self.buyer).read(["price_unit"]))
        for user in (self.care, self.seller, self.clerk):
            with self.assertRaises(AccessError):
                quote.with_user(user).read(["price_unit"])
            with self.assertRaises(AccessError):
                self.env(user=user)["supply.quote"].search_count([])
