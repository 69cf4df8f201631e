from datetime import datetime, timedelta
from random import Random

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .common import ReportCommon, local_day, moment

REPORT = "cx.vendor.report"


class VendorCommon(ReportCommon):
    def _bought(self, quantity=10, due=-5, **values):
        """Buy goods for a day, counted from today."""
        with freeze_time(moment(self._day(-30), 9)):
            line = self._purchase(quantity, moment(self._day(due)), **values)
            line.order_id.picking_ids.action_cancel()
        line.invalidate_recordset(["confirmed_arrival"])
        return line

    def _receive(self, line, quantity, when, **values):
        values = {"purchase_line_id": line.id, **values}
        return self._move(self.suppliers, self.stock, quantity, when, **values)

    def _rebuy(self, line, quantity, when):
        """Change what is ordered from the vendor, at a moment."""
        line.product_qty = quantity
        self.env.flush_all()
        switch = "ALTER TABLE purchase_order_line %s TRIGGER promise_added"
        self.env.cr.execute(switch % "DISABLE")
        self.env.cr.execute(
            "UPDATE purchase_order_line SET ordered_before"
            " = jsonb_set(ordered_before, '{-1,until}', to_jsonb(%s::timestamp))"
            " WHERE id = %s",
            (when, line.id),
        )
        self.env.cr.execute(switch % "ENABLE")
        line.invalidate_recordset()

    def _assert_row(self, line, **expected):
        row = self._row(REPORT, line)
        self.assertTrue(row, "The line has no row.")
        self.assertEqual({name: row[name] for name in expected}, expected)


@tagged("post_install", "-at_install")
class TestVendorsOnTime(VendorCommon):
    def test_part_by_the_date(self):
        line = self._bought(10)
        self._receive(line, 6, moment(self._day(-5), 23, 59))
        self._receive(line, 4, moment(self._day(-4), 0, 1))
        self._assert_row(
            line,
            quantity_in_time=6,
            on_time_rate=60.0,
            line_rate=0.0,
            verdict="missed",
            days_late=1,
        )

    def test_date_at_the_confirmation_counts_not_the_one_moved_since(self):
        line = self._bought(10)
        line.date_planned = moment(self._day(-2))
        self._receive(line, 10, moment(self._day(-2)))
        self._assert_row(line, on_time_rate=0.0, planned_rate=100.0, verdict="missed")

    def test_more_than_ordered_makes_up_for_no_other_line(self):
        late, early = self._bought(10), self._bought(10)
        self._receive(early, 20, moment(self._day(-6)))
        self._assert_row(early, quantity_in_time=10)
        ids = [("id", "in", (late | early).ids)]
        self.assertEqual(self._share(REPORT, "on_time_rate:avg", ids), 50.0)

    def test_share_of_several_is_sum_by_sum(self):
        small, large = self._bought(1), self._bought(9)
        self._receive(small, 1, moment(self._day(-6)))
        self._receive(large, 3, moment(self._day(-6)))
        ids = [("id", "in", (small | large).ids)]
        self.assertAlmostEqual(self._share(REPORT, "on_time_rate:avg", ids), 40.0)
        self.assertAlmostEqual(self._share(REPORT, "line_rate:avg", ids), 50.0)

    def test_goods_sent_back_are_not_received(self):
        line = self._bought(10)
        move = self._receive(line, 10, moment(self._day(-7)))
        self._bring_back(move, 3, moment(self._day(-6)))
        self._assert_row(line, quantity_in_time=7)

    def test_goods_sent_back_to_another_company_of_ours_are_not_received(self):
        for to_refund, received in ((True, 6), (False, 8)):
            with self.subTest(to_refund=to_refund):
                line = self._bought(10)
                values = {"purchase_line_id": line.id}
                when = moment(self._day(-7))
                move = self._move(self.between, self.stock, 8, when, **values)
                self._bring_back(move, 2, moment(self._day(-6)), to_refund)
                self._assert_row(line, quantity_in_time=received, verdict="missed")
                self.assertEqual(line.qty_received, received)

    def test_what_another_company_of_ours_gets_back_and_sends_again(self):
        for to_refund, received in ((True, 10), (False, 8)):
            with self.subTest(to_refund=to_refund):
                line = self._bought(10)
                values = {"purchase_line_id": line.id}
                when = moment(self._day(-8))
                move = self._move(self.between, self.stock, 10, when, **values)
                back = self._bring_back(move, 2, moment(self._day(-7)))
                self._bring_back(back, 2, moment(self._day(-6)), to_refund)
                self._assert_row(line, quantity_in_time=received)
                self.assertEqual(line.qty_received, received)

    def test_not_due_yet(self):
        line = self._bought(10, due=0)
        self._assert_row(line, verdict="open", quantity_due=0)
        ids = [("id", "=", line.id)]
        self.assertFalse(self._share(REPORT, "on_time_rate:avg", ids))

    def test_cancelled_order_and_quotation_are_not_due(self):
        line = self._bought(10)
        line.order_id.button_cancel()
        self.assertFalse(self._row(REPORT, line))
        line = self._bought(10, confirm=False)
        self.assertFalse(self._row(REPORT, line))

    def test_dozens(self):
        line = self._bought(12)
        self._receive(line, 1, moment(self._day(-6)), product_uom=self.dozen.id)
        self._assert_row(line, on_time_rate=100.0)


@tagged("post_install", "-at_install")
class TestBoughtThen(VendorCommon):
    """What was ordered at the end of the day due counts, whatever buyers do later."""

    def test_line_raised_after_it_was_met_stays_met(self):
        line = self._bought(10)
        self._receive(line, 10, moment(self._day(-5)))
        self._rebuy(line, 20, moment(self._day(-3)))
        met = {"on_time_rate": 100.0, "line_rate": 100.0, "verdict": "met"}
        self._assert_row(line, **met, quantity_due=10, quantity=20, days_late=0)
        self._receive(line, 10, moment(self._day(-1)))
        self._assert_row(line, **met, quantity_due=10, days_late=0)

    def test_line_raised_after_its_miss_is_as_late_as_it_was(self):
        line = self._bought(10)
        self._receive(line, 10, moment(self._day(-4)))
        self._rebuy(line, 20, moment(self._day(-3)))
        self._receive(line, 10, moment(self._day(-1)))
        self._assert_row(line, verdict="missed", days_late=1)

    def test_line_cut_after_its_miss_stays_missed(self):
        line = self._bought(10)
        self._receive(line, 4, moment(self._day(-5)))
        self._rebuy(line, 4, moment(self._day(-3)))
        self._assert_row(
            line, on_time_rate=40.0, line_rate=0.0, quantity_due=10, days_late=2
        )

    def test_line_cut_to_nothing_after_its_miss_stays_missed(self):
        line = self._bought(10)
        self._rebuy(line, 0, moment(self._day(-3)))
        self._assert_row(line, on_time_rate=0.0, verdict="missed", quantity_due=10)

    def test_line_changed_before_it_was_due_is_judged_by_the_change(self):
        line, none = self._bought(10), self._bought(10)
        self._receive(line, 4, moment(self._day(-6)))
        self._rebuy(line, 4, moment(self._day(-5), 23, 59))
        self._assert_row(line, on_time_rate=100.0, quantity_due=4, days_late=-1)
        self._rebuy(none, 0, moment(self._day(-6)))
        self.assertFalse(self._row(REPORT, none))

    def test_several_changes_and_units(self):
        line = self._bought(12)
        self._rebuy(line, 24, moment(self._day(-6)))
        line.product_uom_id = self.dozen
        self._rebuy(line, 1, moment(self._day(-3)))
        self._rebuy(line, 3, moment(self._day(-2)))
        before = line.ordered_before
        self.assertEqual([each["quantity"] for each in before], [12, 24, 1])
        self._assert_row(line, quantity_due=24, quantity=36)

    def test_nobody_writes_what_was_ordered(self):
        line = self._bought(10)
        self._rebuy(line, 6, moment(self._day(-3)))
        kept = line.ordered_before
        for value in (False, [{"quantity": 1}]):
            line.ordered_before = value
            self.env.flush_all()
            line.invalidate_recordset()
            self.assertEqual(line.ordered_before, kept)
        self.assertFalse(line.copy({"order_id": line.order_id.id}).ordered_before)

    def test_order_that_is_approved_once_more_is_as_late_as_it_was(self):
        for quantity in (12, 8):
            with self.subTest(quantity):
                line = self._bought(10)
                line.date_planned = moment(self._day(5))
                self.env.flush_all()
                line.order_id._approval_reopened()
                self.env.flush_all()
                self._rebuy(line, quantity, moment(self._day(-1)))
                line.order_id.button_approve(force=True)
                self.env.flush_all()
                self.assertEqual(line.order_id.state, "purchase")
                self._receive(line, quantity, moment(self._day(0)))
                self._assert_row(
                    line,
                    due_on=self._day(-5),
                    quantity_due=10,
                    quantity=quantity,
                    verdict="missed",
                )

    def test_order_that_was_cancelled_and_waits_for_approval_begins_anew(self):
        line = self._bought(10)
        order = line.order_id
        order.button_cancel()
        order.button_draft()
        line.date_planned = moment(self._day(-2))
        self.env.flush_all()
        order._approval_reopened()
        self.env.flush_all()
        order.button_approve(force=True)
        self.env.flush_all()
        self._assert_row(line, due_on=self._day(-2), verdict="missed")

    def test_quotation_has_no_past_and_one_that_is_ordered_anew_a_new_one(self):
        line = self._bought(10, confirm=False)
        line.product_qty = 3
        self.env.flush_all()
        line.order_id.button_confirm()
        self._rebuy(line, 6, moment(self._day(-3)))
        self.assertEqual(line.ordered_before[0]["quantity"], 3)
        line.order_id.button_cancel()
        line.order_id.button_draft()
        line.product_qty = 5
        self.env.flush_all()
        line.order_id.button_confirm()
        self.env.flush_all()
        line.invalidate_recordset()
        self.assertFalse(line.ordered_before)


@tagged("post_install", "-at_install")
class TestVendorReaders(VendorCommon):
    def _buyer(self, login, group="purchase.group_purchase_user"):
        return new_user(
            self.env,
            login,
            groups=f"base.group_user,{group}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_buyers_see_their_own_orders_managers_all_sales_none(self):
        buyer, other = self._buyer("cx-buyer"), self._buyer("cx-other")
        manager = self._buyer("cx-manager", "purchase.group_purchase_manager")
        line = self._bought(10)
        line.order_id.user_id = buyer
        self.env.flush_all()
        for user, expected in ((buyer, line.ids), (other, []), (manager, line.ids)):
            rows = self.env[REPORT].with_user(user).search([("id", "=", line.id)])
            self.assertEqual(rows.ids, expected)
        self.assertFalse(self.env[REPORT].with_user(self.care).has_access("read"))

    def test_other_companies_are_not_seen(self):
        line = self._bought(10)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_user(
            self.env,
            "cx-stranger",
            groups="base.group_user,purchase.group_purchase_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        reports = self.env(context={})[REPORT].with_user(stranger)
        self.assertFalse(reports.search([("id", "=", line.id)]))
        self.assertFalse(reports._read_group([], ["company_id"]))


@tagged("post_install", "-at_install")
class TestVendorOracle(VendorCommon):
    """Against plain Python over the records."""

    def test_random_receipts(self):
        lines = self._make_lines(Random(3))
        self.env.flush_all()
        changed = lines.filtered("ordered_before")
        self.assertGreater(len(changed), 2)
        rows = self.env[REPORT].search([("id", "in", lines.ids)])
        due = received = 0
        right = {"line_rate": {}, "planned_rate": {}, "days_late": {}}
        self.assertEqual(len(rows), len(lines))
        for row in rows:
            line = lines.browse(row.id)
            day, planned = map(local_day, (line.confirmed_arrival, line.date_planned))
            in_time = as_planned = net = net_until = 0
            receipts = []
            ordered, until, changed_on = self._get_ordered(line, day)
            for move in line.move_ids.filtered(lambda move: move.state == "done"):
                sign = 1
                if move.location_dest_id.usage == "supplier":
                    sign = -1 if move.to_refund else 0
                else:
                    receipts.append(local_day(move.date))
                net += sign * move.quantity
                if until and local_day(move.date) <= until:
                    net_until += sign * move.quantity
                if local_day(move.date) <= day:
                    in_time += sign * move.quantity
                if local_day(move.date) <= planned:
                    as_planned += sign * move.quantity
            self.assertEqual(net, line.qty_received)
            if day < self._day(0):
                kept = in_time >= ordered
                right["line_rate"][line.order_id] = 100 * kept
            if planned < self._day(0):
                kept = as_planned >= line.product_qty
                right["planned_rate"][line.order_id] = 100 * kept
            last = None
            if until and net_until >= ordered:
                last = max(each for each in receipts if each <= until)
            elif net >= line.product_qty:
                last = max([*receipts, changed_on or receipts[0]])
            if last:
                right["days_late"][line.order_id] = (last - day).days
            in_time = max(min(in_time, ordered), 0)
            self.assertEqual(row.quantity_in_time, in_time)
            if day < self._day(0):
                due += ordered
                received += in_time
        self.assertAlmostEqual(
            self._share(REPORT, "on_time_rate:avg", [("id", "in", lines.ids)]),
            100 * received / due,
        )
        for name, expected in right.items():
            with self.subTest(name):
                self._check_averages(lines, name, expected)

    def _make_lines(self, random):
        lines = self.env["purchase.order.line"]
        for _number in range(24):
            line = self._bought(random.randint(1, 6), random.randint(-9, 1))
            for _receipt in range(random.randint(0, 3)):
                when = self._day(random.randint(-12, -1))
                when = moment(when, random.choice([0, 6, 7, 23]), random.randint(0, 59))
                move = self._receive(line, random.randint(1, 4), when)
                if random.random() < 0.3:
                    later = when + timedelta(hours=random.randint(0, 60))
                    self._bring_back(move, 1, later, random.random() < 0.6)
            if random.random() < 0.6:
                line.date_planned = moment(self._day(random.randint(-9, 1)))
            self._change(random, line)
            lines |= line
        return lines

    def _change(self, random, line):
        """Let a buyer ask for more or less, but not for less than what came."""
        for when in sorted(random.sample(range(-12, 0), random.randint(0, 2))):
            ordered = max(line.qty_received, 1) + random.choice([0, 0, 2])
            if ordered != line.product_qty:
                self._rebuy(line, ordered, moment(self._day(when)))

    def _get_ordered(self, line, day):
        """Return what was ordered at the end of a day; if it was changed after it,
        until when, and when for the last time."""
        changes = [
            (change["quantity"], local_day(datetime.fromisoformat(change["until"])))
            for change in line.ordered_before or ()
        ]
        later = [change for change in changes if change[1] > day]
        if not later:
            return line.product_qty, None, None
        return *later[0], later[-1][1]

    def _check_averages(self, lines, name, expected):
        """Compare a figure of each line, of which some have none, and of all."""
        self.assertGreater(len(set(expected.values())), 1)
        self.assertLess(len(expected), len(lines))
        domain, specs = [("id", "in", lines.ids)], [f"{name}:avg"]
        groups = self.env[REPORT]._read_group(domain, ["order_id"], specs)
        found = {order: value for order, value in groups if value is not False}
        self.assertEqual(found, expected)
        self.assertAlmostEqual(
            self._share(REPORT, f"{name}:avg", domain),
            sum(expected.values()) / len(expected),
        )
