from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


class PrecedentCase(PurchaseApprovalCommon):
    """A manager decides, with other orders there already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule(cls.manager)
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    def _warnings(self, order, user=None):
        """Return what the card of an order says: marks and sentences."""
        task = order.sudo().approval_process_id.task_ids[:1]
        self.env.flush_all()
        self.env.invalidate_all()
        card = task.with_user(user or self.manager).sudo(False).card
        return card["warnings"], card["sentences"]

    def _marks(self, order):
        return self._warnings(order)[0]

    @classmethod
    def _confirmed(cls, **values):
        order = cls._submitted(**values)
        order.with_user(cls.manager).action_approve()
        return order

    def _days_before(self, order, days):
        """Let an order be so many days older."""
        moment = order.create_date - timedelta(days=days)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET create_date = %s WHERE id = %s",
            (moment, order.id),
        )
        self.env.invalidate_all()

    @classmethod
    def _line(cls, price, quantity=1.0, **values):
        return Command.create(
            {
                "product_id": cls.product.id,
                "product_qty": quantity,
                "price_unit": price,
                **values,
            }
        )

    def _read_cards(self, number):
        """Submit so many orders, and read their cards as the manager.

        :return: how many queries that took, and the cards
        """
        orders = [self._submitted(price=200 + number) for _n in range(number)]
        tasks = self.env["approval.task"].union(
            *(order.sudo().approval_process_id.task_ids for order in orders)
        )
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        cards = tasks.with_user(self.manager).sudo(False).mapped("card")
        queries = self.env.cr.sql_log_count - start
        return queries, cards


@tagged("post_install", "-at_install")
class TestDuplicates(PrecedentCase):
    """The same order twice."""

    TWICE = ["the same order twice?"]

    def test_the_card_names_the_other_order(self):
        first = self._confirmed(quantity=3)
        marks, (sentence,) = self._warnings(self._submitted(quantity=3))
        self.assertEqual(marks, self.TWICE)
        self.assertIn(first.name, sentence)
        self.assertIn("Purchase Order", sentence)

    def test_both_say_so_while_both_wait(self):
        first, second = self._submitted(), self._submitted()
        self.assertIn(second.name, self._warnings(first)[1][0])
        self.assertIn(first.name, self._warnings(second)[1][0])

    def test_another_address_of_the_vendor_is_the_same_vendor(self):
        branch = self.vendor.create({"name": "Branch", "parent_id": self.vendor.id})
        self._confirmed()
        self.assertEqual(self._marks(self._submitted(partner_id=branch.id)), self.TWICE)

    def test_the_same_quantity_in_another_unit_is_the_same(self):
        self._confirmed(price=10, quantity=24)
        line = self._line(120, 2, product_uom_id=self.dozen.id)
        self.assertEqual(self._marks(self._submitted(order_line=[line])), self.TWICE)

    def test_lines_in_another_order_are_the_same(self):
        other = self._product("Mattress")
        lines = [self._line(10, 2), self._line(5, 4, product_id=other.id)]
        self._confirmed(order_line=lines)
        order = self._submitted(order_line=lines[::-1])
        self.assertEqual(self._marks(order), self.TWICE)

    def test_another_vendor_amount_quantity_or_product_is_another_order(self):
        self._confirmed(price=100, quantity=2)
        stranger = self.vendor.create({"name": "Stranger"})
        other = self._product("Mattress")
        for name, values in {
            "vendor": {"partner_id": stranger.id, "price": 100, "quantity": 2},
            "amount": {"price": 90, "quantity": 2},
            "quantity": {"price": 50, "quantity": 4},
            "product": {"order_line": [self._line(100, 2, product_id=other.id)]},
        }.items():
            with self.subTest(name):
                self.assertNotIn(*self.TWICE, self._marks(self._submitted(**values)))

    def test_another_currency_is_another_order(self):
        euro = self.env.ref("base.EUR") + self.env.ref("base.USD")
        euro = (euro - self.company.currency_id)[0]
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 2.0, "company_id": self.company.id}
        )
        self._confirmed()
        self.assertEqual(self._marks(self._submitted(currency_id=euro.id)), [])

    def test_services_with_another_text_are_others(self):
        self.product.type = "service"
        self._confirmed(order_line=[self._line(500, name="Transport to Hue")])
        line = self._line(500, name="Transport to Hanoi")
        self.assertEqual(self._marks(self._submitted(order_line=[line])), [])
        line = self._line(500, name="Transport to Hue")
        self.assertEqual(self._marks(self._submitted(order_line=[line])), self.TWICE)

    def test_what_is_bought_for_two_customers_is_bought_twice(self):
        self._confirmed(origin="S00012")
        self.assertEqual(self._marks(self._submitted(origin="S00013")), [])
        self.assertEqual(self._marks(self._submitted(origin="S00012")), self.TWICE)

    def test_what_is_typed_in_besides_is_the_same(self):
        self._confirmed(origin="S00012")
        self.assertEqual(self._marks(self._submitted()), self.TWICE)

    def test_an_order_of_each_week_is_none(self):
        self._days_before(self._confirmed(), 7)
        self.assertEqual(self._marks(self._submitted()), [])

    def test_an_order_of_some_days_ago_counts(self):
        self._days_before(self._confirmed(), 6)
        self.assertEqual(self._marks(self._submitted()), self.TWICE)

    def test_quotations_and_what_is_cancelled_do_not_count(self):
        self._order()
        self._submitted().button_cancel()
        self.assertEqual(self._marks(self._submitted()), [])

    def test_merged_quotations_do_not_count(self):
        first, second = self._order(quantity=2), self._order(quantity=2)
        (first + second).action_merge()
        first.button_confirm()
        self.assertEqual(first.order_line.product_qty, 4)
        self.assertEqual(self._marks(first), [])

    def test_nobody_is_warned_where_the_company_wants_that(self):
        self.company.purchase_duplicate_days = 0
        self._confirmed()
        self.assertEqual(self._marks(self._submitted()), [])

    def test_who_may_not_read_the_other_learns_no_name(self):
        employee = self._user("employee")
        self.env["approval.rule"].search([]).step_ids.user_ids = employee
        first = self._submitted()
        first.with_user(employee).action_approve()
        marks, (sentence,) = self._warnings(self._submitted(), employee)
        self.assertEqual(marks, self.TWICE)
        self.assertNotIn(first.name, sentence)


@tagged("post_install", "-at_install")
class TestPriceRises(PrecedentCase):
    """Prices far above the last."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.last = cls._confirmed(price=100, quantity=5)

    def test_the_card_names_price_day_and_order(self):
        marks, (sentence,) = self._warnings(self._submitted(price=135))
        self.assertEqual(marks, ["price 35 % above the last"])
        for text in ("Hospital bed", "135.00", "100.00", self.last.name, "Vendor"):
            self.assertIn(text, sentence)

    def test_it_begins_at_the_share_of_the_company(self):
        self.assertEqual(self._marks(self._submitted(price=119)), [])
        marks = self._marks(self._submitted(price=120))
        self.assertEqual(marks, ["price 20 % above the last"])

    def test_whoever_the_vendor_was(self):
        dear = self.vendor.create({"name": "Dear"})
        order = self._submitted(price=150, partner_id=dear.id)
        self.assertEqual(self._marks(order), ["price 50 % above the last"])

    def test_prices_are_compared_per_unit(self):
        line = self._line(1200, product_uom_id=self.dozen.id)
        self.assertEqual(self._marks(self._submitted(order_line=[line])), [])
        line = self._line(1200, product_uom_id=self.unit.id)
        order = self._submitted(order_line=[line])
        self.assertEqual(self._marks(order), ["price 1100 % above the last"])

    def test_prices_of_the_line_are_said_in_its_unit(self):
        line = self._line(1800, product_uom_id=self.dozen.id)
        _marks, (sentence,) = self._warnings(self._submitted(order_line=[line]))
        self.assertIn("1,200.00", sentence)

    def test_discounts_count(self):
        line = self._line(150, discount=25)
        self.assertEqual(self._marks(self._submitted(order_line=[line])), [])
        self._confirmed(order_line=[self._line(100, discount=50)])
        order = self._submitted(price=100)
        self.assertEqual(self._marks(order), ["price 100 % above the last"])

    def test_taxes_that_are_part_of_the_price_do_not(self):
        tax = self.env["account.tax"].create(
            {
                "name": "A third",
                "amount": 30,
                "type_tax_use": "purchase",
                "price_include_override": "tax_included",
            }
        )
        line = self._line(130, tax_ids=[Command.set(tax.ids)])
        self.assertEqual(self._marks(self._submitted(order_line=[line])), [])

    def test_prices_of_another_currency_are_no_precedent(self):
        other = self.env.ref("base.EUR") + self.env.ref("base.USD")
        other = (other - self.company.currency_id)[0]
        other.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "rate": 2.0, "company_id": self.company.id}
        )
        order = self._submitted(price=900, currency_id=other.id)
        self.assertEqual(self._marks(order), [])

    def test_what_nobody_confirmed_is_no_precedent(self):
        self._order(price=10)
        self._submitted(price=10, quantity=7)
        self._confirmed(price=10, quantity=8).button_cancel()
        self.assertEqual(self._marks(self._submitted(price=110)), [])

    def test_what_was_for_free_is_no_precedent(self):
        self._confirmed(order_line=[self._line(0), self._line(90, 3)])
        self.assertEqual(self._marks(self._submitted(price=100)), [])

    def test_an_order_is_not_its_own_precedent(self):
        self.last.order_line.price_unit = 110
        self.assertEqual(self.last.approval_state, "open")
        self.assertEqual(self._marks(self.last), [])

    def test_the_steepest_come_first_and_others_are_counted(self):
        lines = []
        for number in range(1, 5):
            product = self._product(f"Good {number}")
            self._confirmed(order_line=[self._line(100, product_id=product.id)])
            lines.append(self._line(100 + 50 * number, product_id=product.id))
        marks, sentences = self._warnings(self._submitted(order_line=lines))
        self.assertEqual(marks, ["price 200 % above the last"])
        self.assertEqual(
            [text.partition(":")[0] for text in sentences],
            ["Good 4", "Good 3", "and 2 more prices"],
        )

    def test_nobody_is_warned_where_the_company_wants_that(self):
        self.company.purchase_price_rise = 0
        self.assertEqual(self._marks(self._submitted(price=900)), [])

    def test_who_may_not_read_the_last_order_learns_no_price(self):
        employee = self._user("employee")
        self.env["approval.rule"].search([]).step_ids.user_ids = employee
        marks, (sentence,) = self._warnings(self._submitted(price=200), employee)
        self.assertEqual(marks, ["price far above the last"])
        for text in ("100", "%", self.last.name):
            self.assertNotIn(text, sentence)

    def test_only_those_who_decide_are_told(self):
        order = self._submitted(price=200)
        self.assertEqual(self._warnings(order, self.buyer), ([], []))


@tagged("post_install", "-at_install")
class TestPriceNotes(PrecedentCase):
    """Beside the price of each of the goods stands how it is to the last."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.last = cls._confirmed(price=100, quantity=5)

    def _beside(self, order, user=None):
        task = order.sudo().approval_process_id.task_ids[:1]
        self.env.flush_all()
        self.env.invalidate_all()
        card = task.with_user(user or self.manager).sudo(False).card
        self.assertEqual(len(card["beside"]), len(card["goods"]))
        return card["beside"]

    def _price(self, amount):
        return self.company.currency_id.format(amount)

    def test_dearer_cheaper_and_the_same(self):
        for price, note in (
            (112, "+12 % against last time"),
            (90, "-10 % against last time"),
            (100.2, "as last time"),
        ):
            with self.subTest(price):
                told = self._beside(self._submitted(price=price))
                self.assertEqual(told, [f"{self._price(price)} · {note}"])

    def test_each_line_has_its_own(self):
        new = self.product.create({"name": "Never bought"})
        lines = [
            self._line(7, product_id=new.id),
            self._line(150),
        ]
        self.assertEqual(
            self._beside(self._submitted(order_line=lines)),
            [self._price(7), f"{self._price(150)} · +50 % against last time"],
        )

    def test_who_may_not_read_the_last_order_reads_the_price_alone(self):
        employee = self._user("employee")
        self.env["approval.rule"].search([]).step_ids.user_ids = employee
        told = self._beside(self._submitted(price=112), employee)
        self.assertEqual(told, [self._price(112)])

    def test_only_those_who_decide_are_told(self):
        order = self._submitted(price=112)
        self.assertEqual(self._beside(order, self.buyer), [self._price(112)])

    def test_nothing_where_the_company_compares_no_prices(self):
        self.company.purchase_price_rise = 0
        self.assertEqual(self._beside(self._submitted(price=112)), [self._price(112)])


@tagged("post_install", "-at_install")
class TestPriceFalls(PrecedentCase):
    """Prices far below the last, and those in a wrong currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.last = cls._confirmed(price=100, quantity=5)

    def _foreign(self, rate):
        other = self.env.ref("base.EUR") + self.env.ref("base.USD")
        other = (other - self.company.currency_id)[0]
        other.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "rate": rate, "company_id": self.company.id}
        )
        return other

    def test_the_card_names_price_day_and_order(self):
        marks, (sentence,) = self._warnings(self._submitted(price=4))
        self.assertEqual(marks, ["price 25 times lower than the last"])
        for text in ("Hospital bed", "4.00", "100.00", self.last.name, "Vendor"):
            self.assertIn(text, sentence)

    def test_thousands_of_times_can_be_read(self):
        marks = self._marks(self._submitted(price=0.01))
        self.assertEqual(marks, ["price 10,000 times lower than the last"])

    def test_a_bargain_is_none(self):
        self.assertEqual(self._marks(self._submitted(price=30)), [])

    def test_a_price_of_a_piece_for_a_dozen(self):
        line = self._line(100, product_uom_id=self.dozen.id)
        marks = self._marks(self._submitted(order_line=[line]))
        self.assertEqual(marks, ["price 12 times lower than the last"])

    def test_a_fall_and_a_rise_are_marked_each(self):
        other = self._product("Mattress")
        self._confirmed(order_line=[self._line(100, product_id=other.id)])
        lines = [self._line(150, product_id=other.id), self._line(10)]
        marks, sentences = self._warnings(self._submitted(order_line=lines))
        self.assertEqual(
            marks, ["price 10 times lower than the last", "price 50 % above the last"]
        )
        self.assertEqual(
            [text.partition(":")[0] for text in sentences], ["Hospital bed", "Mattress"]
        )

    def test_a_price_typed_in_the_currency_of_the_last_order(self):
        foreign = self._foreign(25000)
        order = self._submitted(price=100, currency_id=foreign.id)
        marks, (sentence,) = self._warnings(order)
        self.assertEqual(marks, ["price in the wrong currency?"])
        self.assertIn(self.last.name, sentence)
        self.assertIn(self.company.currency_id.symbol, sentence)
        self.assertIn(foreign.symbol, sentence)

    def test_the_right_price_in_another_currency_is_none(self):
        foreign = self._foreign(25000)
        order = self._submitted(price=2_600_000, currency_id=foreign.id)
        self.assertEqual(self._marks(order), [])

    def test_the_last_price_in_the_same_currency_counts_first(self):
        foreign = self._foreign(25000)
        self._confirmed(price=200, currency_id=foreign.id)
        order = self._submitted(price=200, quantity=9, currency_id=foreign.id)
        self.assertEqual(self._marks(order), [])

    def test_nobody_is_warned_where_the_company_wants_that(self):
        self.company.purchase_price_rise = 0
        self.assertEqual(self._marks(self._submitted(price=1)), [])

    def test_who_may_not_read_the_last_order_learns_no_price(self):
        employee = self._user("employee")
        self.env["approval.rule"].search([]).step_ids.user_ids = employee
        marks, (sentence,) = self._warnings(self._submitted(price=1), employee)
        self.assertEqual(marks, ["price far below the last"])
        for text in ("100", self.last.name):
            self.assertNotIn(text, sentence)


@tagged("post_install", "-at_install")
class TestPrecedentQueries(PrecedentCase):
    """A page of cards asks the database as often as a card."""

    def _count(self, number):
        queries, cards = self._read_cards(number)
        for card in cards:
            self.assertEqual(len(card["warnings"]), 2)
        return queries

    def test_cards_of_80_orders_take_as_many_queries_as_of_two(self):
        self._confirmed(price=100)
        self._count(2)  # what is remembered from then on
        self.assertEqual(self._count(2), self._count(80))
