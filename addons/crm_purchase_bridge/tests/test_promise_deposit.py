from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseAndDeposit(PromiseCommon):
    """A vendor who waits for money begins later."""

    def _ordered(self, number=10):
        """Return an order line that waits for a purchase, and the purchase."""
        purchase = self._purchase(10, day(number)).order_id
        self.env.flush_all()
        purchase.order_line.invalidate_recordset(["confirmed_arrival"])
        return self._sale(10), purchase

    def _deposit(self, purchase, due, stage="due", **values):
        deposits = self.env["supplier.deposit"]._engine(self.company)
        return deposits.create(
            {
                "name": "Deposit",
                "order_id": purchase.id,
                "company_id": self.company.id,
                "partner_id": purchase.partner_id.id,
                "currency_id": purchase.currency_id.id,
                "amount": 100,
                "date_due": self._day(due),
                "stage": stage,
                **values,
            }
        )

    def _pay(self, deposit, number):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE supplier_deposit SET state = 'paid', date_paid = %s WHERE id = %s",
            [self._day(number), deposit.id],
        )
        self.env.invalidate_all()

    def _assert_likely(self, line, number):
        self.assertEqual(self._to_number(self._look(line).answer.likely), number)

    def test_a_deposit_that_is_not_due_yet_moves_nothing(self):
        line, purchase = self._ordered()
        self._deposit(purchase, 3, "planned")
        self._assert_likely(line, 10)
        self.assertEqual(self._look(line).source.code, "ordered")

    def test_a_deposit_due_today_moves_nothing(self):
        line, purchase = self._ordered()
        self._deposit(purchase, 0)
        self._assert_likely(line, 10)
        self.assertEqual(self._look(line).source.code, "deposit")

    def test_customers_hear_that_it_is_ordered(self):
        line, purchase = self._ordered()
        self._deposit(purchase, 0)
        self.env["supply.promise"]._follow(line)
        panel = self.env["supply.panel"].get_panel("sale.order", line.order_id.id)
        self.assertIn("They are ordered", panel["sentence"])
        self.assertNotIn("completing the order", panel["sentence"])

    def test_each_day_that_a_deposit_is_overdue_is_a_day_later(self):
        line, purchase = self._ordered()
        self._deposit(purchase, -4)
        self._assert_likely(line, 14)
        with freeze_time(day(1)):
            self._assert_likely(line, 15)

    def test_one_that_was_to_be_asked_for_is_overdue_as_well(self):
        line, purchase = self._ordered()
        self._deposit(purchase, -4, "planned")
        self._assert_likely(line, 14)

    def test_a_deposit_that_waits_for_approval_is_paid_after_it(self):
        self.env["supply.pace"].create(
            {
                "kind": "approval",
                "company_id": self.company.id,
                "sample": 20,
                # two days of work
                "likely": 16,
                "safe": 16,
            }
        )
        line, purchase = self._ordered()
        deposit = self._deposit(purchase, 0, "waiting")
        self._assert_likely(line, 14)  # on Saturday nobody unpacks
        # there is time left until it is due
        self.env.cr.execute(
            "UPDATE supplier_deposit SET date_due = %s WHERE id = %s",
            [self._day(4), deposit.id],
        )
        self.env.invalidate_all()
        self._assert_likely(line, 10)

    def test_what_was_paid_late_stays_late_until_the_buyer_says_a_day(self):
        line, purchase = self._ordered()
        deposit = self._deposit(purchase, -4)
        self._pay(deposit, 0)
        self._assert_likely(line, 14)
        with freeze_time(day(2)):
            self._assert_likely(line, 14)
        purchase.order_line.date_planned = day(11)
        self._assert_likely(line, 11)

    def test_what_was_paid_in_time_moves_nothing(self):
        line, purchase = self._ordered()
        deposit = self._deposit(purchase, -1)
        self._pay(deposit, -2)
        self._assert_likely(line, 10)
        self.assertEqual(self._look(line).source.code, "ordered")

    def test_a_buyer_who_has_counted_the_delay_in_is_believed(self):
        line, purchase = self._ordered()
        self._deposit(purchase, -4)
        purchase.order_line.date_planned = day(16)
        self._assert_likely(line, 16)

    def test_an_earlier_day_of_the_buyer_does_not_pay_the_deposit(self):
        line, purchase = self._ordered()
        self._deposit(purchase, -4)
        purchase.order_line.date_planned = day(8)
        self._assert_likely(line, 14)

    def test_a_deposit_days_before_the_arrival(self):
        line, purchase = self._ordered()
        # five days before the arrival were eight days ago
        deposit = self._deposit(purchase, 2)
        self.env.cr.execute(
            "UPDATE supplier_deposit SET is_dated = TRUE, days_before = 8,"
            " date_due = %s WHERE id = %s",
            [self._day(2), deposit.id],
        )
        self.env.invalidate_all()
        self._assert_likely(line, 10)
        with freeze_time(day(7)):
            self._assert_likely(line, 15)

    # Nobody has ordered yet: the rule says which deposits there will be

    def _asked(self, amount=1000):
        """Return an order line that waits for a quotation of a vendor who takes five
        days, and the quotation."""
        self._make_to_order()
        line = self._sale(10)
        purchase = line.supply_link_ids.purchase_id
        purchase.date_order = day(0)
        purchase.order_line.write({"price_unit": amount, "date_planned": day(5)})
        return line, purchase

    def _rule(self, **milestone):
        return self.env["deposit.rule"].create(
            {
                "name": "Deposits",
                "company_id": self.company.id,
                "amount_min": 5000,
                "line_ids": [
                    Command.create({"name": "Advance", "percent": 30, **milestone})
                ],
            }
        )

    def _expected(self, line):
        """Return on which day it is likely, whatever is done before it is ordered."""
        return self._to_number(self._look(line).answer.likely)

    def test_a_deposit_to_come_is_paid_as_it_is_ordered(self):
        line, _purchase = self._asked()
        before = self._expected(line)
        self._rule()
        self.assertEqual(self._expected(line), before)

    def test_a_deposit_to_come_waits_for_its_approval(self):
        line, purchase = self._asked()
        before = self._expected(line)
        self._rule()
        self.env["approval.rule"].create(
            {
                "name": "Deposits",
                "model_id": self.env["ir.model"]._get_id("supplier.deposit"),
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {"name": "Director", "user_ids": [Command.link(self.care.id)]}
                    )
                ],
            }
        )
        self.env["supply.pace"].create(
            {
                "kind": "approval",
                "company_id": self.company.id,
                "sample": 20,
                # three days of work
                "likely": 24,
                "safe": 24,
            }
        )
        # ordered on Thursday: it would not come on Saturday anyway, but on Tuesday
        self.assertEqual((before, self._expected(line)), (7, 8))
        # the rule does not ask for one
        purchase.order_line.price_unit = 10
        self.assertEqual(self._expected(line), before)

    def test_a_deposit_to_come_days_before_the_arrival(self):
        line, purchase = self._asked()
        before = self._expected(line)
        self._rule(trigger="before_delivery", days=4)
        self.assertEqual(self._expected(line), before)
        self.env["deposit.rule"].search([]).line_ids.days = 19
        self.assertEqual(self._expected(line), before + 14)
        # the buyer knows of it
        purchase.order_line.date_planned = day(30)
        self.assertEqual(self._expected(line), 30)
        self.assertFalse(self.env["supplier.deposit"].search([]))

    def test_queries_do_not_grow_with_deposits(self):
        counts = []
        for number in (2, 8):
            lines = self.env["sale.order.line"]
            for _line in range(number):
                self._make_to_order()
                line = self._sale(1)
                lines |= line
                purchase = line.supply_link_ids.purchase_id
                purchase.button_confirm()
                self._deposit(purchase, -1, "waiting")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["supply.outlook"]._look(lines)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_of_two_deposits_the_later_one_counts(self):
        line, purchase = self._ordered()
        self._deposit(purchase, -1)
        self._deposit(purchase, -4)
        self._assert_likely(line, 14)

    def test_a_quotation_counts_on_such_goods_as_late(self):
        purchase = self._purchase(10, day(10)).order_id
        self.product.seller_ids.unlink()
        self._deposit(purchase, -4)
        self._assert_likely(self._quotation(10), 14)

    def test_an_unpaid_deposit_is_the_cause_and_is_noticed_once(self):
        purchase = self._purchase(10, day(10)).order_id
        line = self._sale(10, due=day(11))
        self._promise(line)
        self._deposit(purchase, 0)
        self._run_job()
        self.assertFalse(self._notices(line.order_id))
        for number in (2, 3, 4):
            with freeze_time(day(number, 9)):
                self.promises._cron_day()
                self._run_job()
        self.assertEqual(self._versions(line)[0].cause["code"], "deposit")
        self.assertEqual(self._notices(line.order_id).note.count("<li>"), 1)
