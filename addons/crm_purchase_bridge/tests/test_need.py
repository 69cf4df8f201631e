from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import TODAY, day

from .promise_common import PromiseCommon


class NeedCommon(PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._user("buyer", "purchase.group_purchase_user")

    @classmethod
    def _user(cls, login, *groups):
        return cls.env["res.users"].create(
            {
                "name": login.capitalize(),
                "login": f"need-{login}",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
            }
        )

    def _needs(self, *lines, user=None):
        """Return the rows that a buyer sees, of some order lines or of all."""
        self._run_job()
        self.env.flush_all()
        self.env.invalidate_all()
        needs = self.env["supply.need"].with_user(user or self.buyer)
        found = needs.search([("company_id", "=", self.company.id)])
        if lines:
            ids = [line.id for line in lines]
            found = found.filtered(lambda need: need.sale_line_id.id in ids)
        return found


@tagged("post_install", "-at_install")
class TestNeed(NeedCommon):
    def test_what_nobody_has_bought_is_on_the_list(self):
        need = self._needs(self._sale(5, due=day(10)))
        self.assertEqual(need.stage, "none")
        self.assertEqual(need.quantity_short, 5)
        self.assertEqual(need.vendor_id, self.vendor)
        self.assertEqual(need.due_on, self._day(10))
        self.assertFalse(need.purchase_id)

    def test_the_more_urgent_comes_first_whatever_its_slack(self):
        urgent = self.env.ref("urgent_orders.urgency_level_urgent")
        critical = self.env.ref("urgent_orders.urgency_level_critical")
        late, tight = self._sale(5, due=day(1)), self._sale(5, due=day(9))
        soon, worst = self._sale(5, due=day(20)), self._sale(5, due=day(30))
        self._run_job()
        for line, level in ((soon, urgent), (worst, critical)):
            line.order_id.write(
                {
                    "urgency_level_id": level.id,
                    "urgency_reason": "Surgery",
                    "needed_by": day(20),
                }
            )
        needs = self._needs(late, tight, soon, worst)
        self.assertEqual(needs.sale_line_id.ids, [worst.id, soon.id, late.id, tight.id])
        worst.order_id.urgency_level_id = self.env.ref(
            "urgent_orders.urgency_level_normal"
        )
        needs = self._needs(late, tight, soon, worst)
        self.assertEqual(needs.sale_line_id[:1], soon)
        self.assertEqual(needs.sale_line_id[-1:], worst)

    def test_a_level_that_is_raised_moves_its_orders(self):
        urgent = self.env.ref("urgent_orders.urgency_level_urgent")
        line = self._sale(5, due=day(20))
        line.order_id.write(
            {
                "urgency_level_id": urgent.id,
                "urgency_reason": "Surgery",
                "needed_by": day(20),
            }
        )
        self.assertEqual(self._needs(line).urgency, urgent.sequence)
        urgent.sequence = 95
        self.assertEqual(self._needs(line).urgency, 95)
        urgent.is_urgent = False
        self.assertEqual(self._needs(line).urgency, 0)

    def test_what_is_there_is_not(self):
        self._count(5)
        self.assertFalse(self._needs(self._sale(5)))

    def test_quotations_of_customers_are_not(self):
        self.assertFalse(self._needs(self._quotation(5)))

    def test_a_purchase_in_time_is_not(self):
        line = self._sale(5, due=day(20))
        self._purchase(5, day(3))
        self.assertFalse(self._needs(line))

    def test_a_purchase_that_comes_too_late_is(self):
        line = self._sale(5, due=day(4))
        bought = self._purchase(5, day(9))
        need = self._needs(line)
        self.assertEqual(need.stage, "ordered")
        self.assertEqual(need.purchase_id, bought.order_id)
        self.assertEqual(need.risk, "late")
        self.assertLess(need.slack_days, 0)

    def test_an_overdue_purchase_is(self):
        line = self._sale(5, due=day(30))
        self._purchase(5, day(-3))
        need = self._needs(line)
        self.assertEqual((need.stage, need.overdue_days), ("overdue", 3))

    def test_what_was_bought_for_it_and_is_not_ordered_is(self):
        self._make_to_order()
        need = self._needs(self._sale(5, due=day(30)))
        self.assertEqual(need.stage, "quotation")
        self.assertEqual(need.purchase_id.state, "draft")

    def test_a_quotation_that_covers_all_that_is_missing_is_named(self):
        first, second = self._sale(5), self._sale(3)
        bought = self._purchase(8, day(6), confirm=False)
        for need in self._needs(first, second):
            self.assertEqual(need.stage, "quotation")
            self.assertEqual(need.purchase_id, bought.order_id)
            self.assertEqual(need.quantity_quoted, 8)

    def test_a_quotation_of_too_little_leaves_all_to_be_bought(self):
        first, second = self._sale(5), self._sale(3)
        self._purchase(6, day(6), confirm=False)
        stages = self._needs(first, second).mapped("stage")
        self.assertEqual(stages, ["none", "none"])

    def test_alternatives_are_counted_once(self):
        self._sale(5)
        bought = self._purchase(5, day(6), confirm=False)
        bought.order_id.copy({"purchase_group_id": self._group(bought.order_id).id})
        self.assertEqual(self._needs().quantity_quoted, 5)

    def _group(self, order):
        group = self.env["purchase.order.group"].create(
            {"order_ids": [Command.set(order.ids)]}
        )
        return group

    def test_what_is_bought_for_one_order_covers_no_other(self):
        self._make_to_order()
        self._sale(5)
        self.product.route_ids = [Command.clear()]
        need = self._needs(self._sale(4))
        self.assertEqual((need.stage, need.quantity_quoted), ("none", 0))

    def test_it_is_bought_by_the_last_day_that_keeps_the_deadline(self):
        need = self._needs(self._sale(5, due=day(10)))
        self.assertEqual(need.buy_by, self._day(10) - timedelta(days=5))
        self.assertFalse(need.is_passed_over)

    def test_who_was_passed_over_is_on_the_list(self):
        """The quotation has today's goods, if somebody buys again for the order."""
        self._count(10)
        line = self._sale(10, due=day(20))
        self._quotation(10)
        need = self._needs(line)
        self.assertTrue(need.is_passed_over)
        self.assertEqual((need.stage, need.quantity_short), ("none", 10))
        self.assertEqual(need.buy_by, self._day(15))

    def test_who_nobody_knows_a_day_for_comes_first(self):
        late = self._sale(5, due=day(1))
        orphan = self._product("Pool Orphan", seller_ids=[])
        unknown = self._sale(1, due=day(30), product=orphan)
        needs = self._needs(late, unknown)
        self.assertEqual(needs.sale_line_id, unknown | late)
        self.assertEqual(needs.mapped("risk"), ["unknown", "late"])

    def test_the_vendor_is_the_one_that_odoo_would_choose(self):
        one, two, three = self.env["res.partner"].create(
            [{"name": name} for name in ("One", "Two", "Three")]
        )
        cases = (
            [(one, 5, 0, 10), (two, 1, 0, 20)],
            [(one, 1, 100, 1), (two, 2, 0, 20), (three, 3, 5, 1)],
            [(one, 1, 100, 1), (two, 2, 50, 20)],
            [(one, 1, 0, 30), (two, 1, 0, 20), (three, 1, 2, 25)],
        )
        for sellers in cases:
            product = self._product(
                "Pool Case",
                seller_ids=[
                    Command.create(
                        {
                            "partner_id": who.id,
                            "sequence": at,
                            "min_qty": least,
                            "price": price,
                        }
                    )
                    for who, at, least, price in sellers
                ],
            )
            chosen = product._select_seller(quantity=5) or product._select_seller(
                quantity=None
            )
            need = self._needs(self._sale(5, product=product))
            self.assertEqual(need.vendor_id, chosen.partner_id)

    def test_other_companies_see_nothing(self):
        self._sale(5)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._user("stranger", "purchase.group_purchase_user")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        needs = self.env["supply.need"].with_user(stranger)
        needs = needs.with_context(allowed_company_ids=other.ids)
        self.assertFalse(needs.search([]))

    def test_customer_care_does_not_read_it(self):
        self._sale(5)
        with self.assertRaises(AccessError):
            self.env["supply.need"].with_user(self.care).search([])

    def test_a_page_costs_the_same_for_many(self):
        for _number in range(3):
            self._sale(5)
        few = self._count_queries()
        for _number in range(12):
            self._sale(5, product=self._product("Pool Another"))
        self.assertEqual(self._count_queries(), few)

    def _count_queries(self):
        spec = {
            name: {"fields": {"display_name": {}}} if field.type == "many2one" else {}
            for name, field in self.env["supply.need"]._fields.items()
        }
        self._needs()
        counts = []
        for _warm in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["supply.need"].with_user(self.buyer).web_search_read([], spec)
            counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]


@tagged("post_install", "-at_install")
class TestOnTime(NeedCommon):
    def _receive(self, quantity, ordered_for, came, received=None):
        line = self._purchase(quantity, ordered_for)
        line.confirmed_arrival = ordered_for
        move = line.move_ids
        move.quantity, move.picked = received or quantity, True
        move.picking_id.with_context(cancel_backorder=True)._action_done()
        move.date = came
        return line

    def _rate(self):
        self.env["supply.pace"]._count_past(self.company)
        pace = self.env["supply.pace"].search(
            [("kind", "=", "on_time"), ("company_id", "=", self.company.id)]
        )
        return pace.partner_id, pace.on_time, pace.sample

    def test_what_came_by_the_day_it_was_ordered_for_is_on_time(self):
        for _number in range(6):
            self._receive(10, day(-20), day(-20) + timedelta(hours=5))
        self._receive(10, day(-20), day(-19))
        self._receive(10, day(-20), day(-21), received=6)
        # not due yet
        self._purchase(10, TODAY)
        partner, rate, sample = self._rate()
        self.assertEqual((partner, sample), (self.vendor, 8))
        self.assertAlmostEqual(rate, 100 * 6.6 / 8)

    def test_what_never_came_is_not_on_time(self):
        for _number in range(7):
            self._receive(10, day(-20), day(-20))
        self._purchase(10, day(-20)).confirmed_arrival = day(-20)
        _partner, rate, sample = self._rate()
        self.assertEqual(sample, 8)
        self.assertAlmostEqual(rate, 87.5)

    def test_too_few_cases_say_nothing(self):
        self._receive(10, day(-20), day(-20))
        self.assertEqual(self._rate()[2], 0)

    def test_the_list_says_it(self):
        for _number in range(8):
            self._receive(10, day(-20), day(-20))
        self._rate()
        self.env["stock.quant"].search([("product_id", "=", self.product.id)]).unlink()
        self.assertEqual(self._needs(self._sale(500)).on_time, 100)


@tagged("post_install", "-at_install")
class TestNeedBudget(NeedCommon):
    """What a quotation would hit is known before there is one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls.env["account.analytic.plan"].create({"name": "Wards"})
        cls.ward, cls.other = cls.env["account.analytic.account"].create(
            [
                {"name": name, "plan_id": plan.id, "company_id": cls.company.id}
                for name in ("Ward", "Other")
            ]
        )
        cls.orphan = cls._product("Pool Orphan", seller_ids=[])

    def _budget(self, **line):
        budget = self.env["spend.budget"].create(
            {
                "name": "Plan",
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "user_id": self.buyer.id,
                "line_ids": [Command.create({"amount": 5000.0, **line})],
            }
        )
        budget.action_open()
        return budget

    def _charge(self, account):
        """Let Odoo charge what is bought of the vendor to an account."""
        self.env["account.analytic.distribution.model"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "analytic_distribution": {str(account.id): 100},
            }
        )

    def test_what_nobody_has_bought_names_the_budget_that_it_would_hit(self):
        self._budget(account_id=self.ward.id)
        self._charge(self.ward)
        need = self._needs(self._sale(5, due=day(10)))
        self.assertEqual((need.budget_left, need.budget_note), (5000, False))

    def test_it_is_what_a_quotation_says_then(self):
        self._budget(account_id=self.ward.id)
        self._charge(self.ward)
        line = self._sale(5, due=day(10))
        need = self._needs(line)
        before = need.budget_left
        buy = self.env["supply.buy"].with_user(self.buyer)
        buy = buy.with_context(allowed_company_ids=self.company.ids)
        buy.browse(need.action_buy()["res_id"]).action_buy()
        need = self._needs(line)
        self.assertEqual(need.stage, "quotation")
        self.assertEqual(need.budget_left, before)

    def test_a_budget_of_something_else_is_not_hit(self):
        self._budget(account_id=self.other.id)
        self._charge(self.ward)
        need = self._needs(self._sale(5, due=day(10)))
        self.assertFalse(need.budget_left)
        self.assertIn("No open budget", need.budget_note)

    def test_without_a_vendor_nothing_is_known(self):
        self._budget(account_id=self.ward.id)
        need = self._needs(self._sale(5, due=day(10), product=self.orphan))
        self.assertFalse(need.budget_left)
        self.assertIn("vendor", need.budget_note)

    def test_nothing_is_said_where_nobody_has_budgets(self):
        need = self._needs(self._sale(5, due=day(10)))
        self.assertEqual((need.budget_left, need.budget_note), (0, False))

    def test_nothing_is_made(self):
        self._budget(account_id=self.ward.id)
        self._charge(self.ward)
        orders = self.env["purchase.order"].search_count([])
        self._needs(self._sale(5, due=day(10))).mapped("budget_left")
        self.env.flush_all()
        self.assertEqual(self.env["purchase.order"].search_count([]), orders)


@tagged("post_install", "-at_install")
class TestLikelyDemand(NeedCommon):
    """What opportunities may ask for is shown beside, and is in no other figure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = cls._user("chief", "purchase.group_purchase_manager")

    def _want(self, quantity, probability, **values):
        lead = self.env["crm.lead"].create(
            {
                "name": "New ward",
                "type": "opportunity",
                "company_id": self.company.id,
                "wanted_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": quantity,
                            "needed_on": self._day(1),
                        }
                    )
                ],
                **values,
            }
        )
        lead.probability = probability
        self._run_job()
        self.env.flush_all()
        return lead

    def _desk(self):
        self._run_job()
        desk = self.env["supply.desk"].with_user(self.chief)
        desk = desk.with_context(allowed_company_ids=self.company.ids)
        found = desk.get_desk(self.product.id, self.warehouse.id)
        return found, {each["key"]: each for each in found["figures"]}

    def test_it_is_weighted_and_added_up(self):
        need = self._needs(self._sale(5, due=day(10)))
        self.assertFalse(need.quantity_likely)
        self._want(10, 40)
        self._want(20, 50)
        need.invalidate_recordset()
        self.assertEqual(need.quantity_likely, 14)
        _desk, figures = self._desk()
        self.assertEqual(figures["likely"]["quantity"], 14)

    def test_the_figure_opens_its_rows(self):
        self._sale(5, due=day(10))
        self._want(10, 40)
        self._want(20, 50)
        _desk, figures = self._desk()
        rows = self.env["crm.lead.demand"].with_user(self.chief)
        rows = rows.search(figures["likely"]["domain"])
        self.assertEqual(sum(rows.mapped("weighted_quantity")), 14)

    def test_other_companies_are_not_asked(self):
        other = self.env["res.company"].create({"name": "Other"})
        need = self._needs(self._sale(5, due=day(10)))
        self._want(10, 40, company_id=other.id, user_id=False, team_id=False)
        need.invalidate_recordset()
        self.assertFalse(need.quantity_likely)

    def test_it_is_in_no_promise_pool_or_purchase(self):
        self._count(8)
        line = self._sale(5, due=day(10))
        late = self._sale(9, due=day(10))
        offer = self._quotation(3)

        def look():
            desk, figures = self._desk()
            pool = self.pools._get_pools(self.product, self.warehouse)
            ledger = self.pools._get_ledgers(self.product, self.warehouse)
            key = self.warehouse, self.product
            del figures["likely"]
            return [
                desk["days"],
                desk["rows"],
                list(figures.values()),
                pool[key],
                ledger[key].free(),
                [
                    self.promises.search([("sale_line_id", "=", each.id)]).read(
                        ["likely_on", "safe_on", "quantity_now", "quantity_short"]
                    )
                    for each in (line, late, offer)
                ],
                self._needs(late).read(["quantity_short", "slack_days", "stage"]),
                self.env["supply.buy"].sudo()._read_lacks(late)[key].to_buy,
            ]

        before = look()
        self._want(1000, 99)
        self.assertEqual(look(), before)
