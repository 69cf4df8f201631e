from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import supplier_deposit_cron
from .common import DepositCommon

LOGGER = supplier_deposit_cron.__name__


@tagged("post_install", "-at_install")
class TestCron(DepositCommon):
    """Deposits are dealt with in batches; what goes wrong with one is its own affair.

    Who else is at work at the same time: ``tests/test_deposit_cron.py``.
    """

    def setUp(self):
        super().setUp()
        self.patch(supplier_deposit_cron, "BATCH", 2)

    def _late(self, number):
        """Return deposits that nobody paid in time."""
        self._rule(30, posting="draft", expiry_days=10)
        deposits = self.env["supplier.deposit"].sudo()
        for _number in range(number):
            deposits |= self._order().deposit_ids.sudo()
        deposits.date_due = fields.Date.today() - timedelta(days=11)
        return deposits

    def _cron_expire(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("supplier_deposit.ir_cron_expire")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _progress(self):
        """Return what the scheduler was told of the last run."""
        progress = self.env["ir.cron.progress"].sudo()
        progress = progress.search([], order="id desc", limit=1)
        return progress.done, progress.remaining

    def test_all_that_is_late_expires_over_several_batches(self):
        late = self._late(5)
        self._cron_expire()
        self.assertEqual(set(late.mapped("state")), {"cancelled"})
        self.assertEqual(self._progress(), (5, 0))

    def test_what_is_not_late_yet_stays(self):
        late = self._late(2)
        late[0].date_due = fields.Date.today() - timedelta(days=10)
        late[1].rule_id.copy({"expiry_days": 0, "active": False})
        self._cron_expire()
        self.assertEqual(late.mapped("state"), ["due", "cancelled"])

    def _late_bill(self):
        """Return a deposit whose posted bill nobody paid in time."""
        way = {"method": "bill", "account_id": self.prepayment.id}
        self._rule(30, expiry_days=10, **way)
        deposit = self._order(user_id=self.buyer.id).deposit_ids.sudo()
        deposit.date_due = fields.Date.today() - timedelta(days=11)
        return deposit

    def test_posted_bill_that_nobody_paid_expires(self):
        late = self._late_bill()
        self.assertEqual(late.bill_id.state, "posted")
        self._cron_expire()
        self.assertEqual((late.state, late.bill_id.state), ("cancelled", "cancel"))
        self.assertEqual(late.activity_ids.user_id, self.buyer)

    def test_posted_bill_whose_payment_is_on_its_way_does_not_expire(self):
        self._outstanding()
        late = self._late_bill()
        late._pay_bill(False)
        self._cron_expire()
        self.assertEqual((late.state, late.bill_id.state), ("due", "posted"))

    def test_posted_bill_of_a_locked_period_stays_and_says_why(self):
        late = self._late_bill()
        self.company.fiscalyear_lock_date = late.bill_id.date
        self._cron_expire()
        self.assertEqual((late.state, late.bill_id.state), ("due", "posted"))
        self.assertIn("locked", late.hold_reason)
        self.assertEqual(late.activity_ids.user_id, self.buyer)

    def test_rule_that_is_archived_still_lets_deposits_expire(self):
        late = self._late(1)
        late.rule_id.active = False
        self._cron_expire()
        self.assertEqual(late.state, "cancelled")

    def _break(self, names, error):
        """Let it go wrong with these deposits."""
        model = self.env.registry["supplier.deposit"]
        expire = model._expire

        def broken(deposit):
            if deposit.name in names:
                raise error
            return expire(deposit)

        self.patch(model, "_expire", broken)

    def test_refusal_is_said_on_the_deposit_and_others_go_on(self):
        late = self._late(5)
        self._break(late[1].name, UserError("The bank said no."))
        self._cron_expire()
        self.assertEqual(late[1].state, "due")
        self.assertEqual(late[1].hold_reason, "The bank said no.")
        self.assertEqual(set((late - late[1]).mapped("state")), {"cancelled"})

    def test_unexpected_error_is_logged_and_others_go_on(self):
        late = self._late(3)
        self._break(late[0].name, ZeroDivisionError())
        with self.assertLogs(LOGGER, "ERROR") as logs:
            self._cron_expire()
        self.assertIn(late[0].name, logs.output[0])
        self.assertIn("unexpected", late[0].hold_reason)
        self.assertEqual(late.mapped("state"), ["due", "cancelled", "cancelled"])

    def _count_batches(self, fails):
        """Count the batches that are begun.

        :param fails: tells of the number of a batch whether others were faster
        """
        begun = []
        expire = self.env.registry["supplier.deposit"]._expire_late

        def expire_late(model, batch):
            begun.append(batch.ids)
            expire(model, batch)
            if fails(len(begun)):
                raise SerializationFailure()

        self.patch(self.env.registry["supplier.deposit"], "_expire_late", expire_late)
        return begun

    def test_batch_that_others_changed_is_begun_again(self):
        late = self._late(5)
        begun = self._count_batches(lambda number: number == 2)
        self._cron_expire()
        first, second, last = late[:2].ids, late[2:4].ids, late[4:].ids
        self.assertEqual(begun, [first, second, second, last])
        self.assertEqual(set(late.mapped("state")), {"cancelled"})
        self.assertEqual(len(late.activity_ids), 5)

    def test_batch_that_others_keep_changing_is_left_for_the_next_run(self):
        late = self._late(5)
        begun = self._count_batches(lambda number: number > 1)
        with mute_logger("odoo.addons.base.models.ir_cron"):
            self._cron_expire()
        # as one batch was done, the scheduler runs it a second time
        self.assertEqual(len(begun), 1 + 2 * supplier_deposit_cron.TRIES)
        self.assertEqual(late.mapped("state"), ["cancelled"] * 2 + ["due"] * 3)

    def test_run_stops_when_its_time_is_over(self):
        late = self._late(5)
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", return_value=0):
            looked_at = self.env["supplier.deposit"]._cron_expire()
        self.assertEqual(looked_at, 2)
        self.assertEqual(late.mapped("state").count("cancelled"), 2)

    @freeze_time("2030-05-10 20:00:00")
    def test_day_is_the_company_s_and_not_the_scheduler_s(self):
        # in Hà Nội it is the 11th
        elsewhere = self.env["res.company"].create({"name": "In Los Angeles"})
        elsewhere.partner_id.tz = "America/Los_Angeles"
        self.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        rule = self._rule(30)
        rule.line_ids.write({"trigger": "before_delivery", "days": 7})
        arrival = fields.Datetime.add(fields.Datetime.now(), days=20)
        orders = self._order(date_planned=arrival) | self._order(date_planned=arrival)
        due, later = orders.deposit_ids.sudo()
        due.date_due, later.date_due = date(2030, 5, 11), date(2030, 5, 12)
        with self.enter_registry_test_mode():
            cron = self.env.ref("supplier_deposit.ir_cron_due")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((due.state, later.state), ("paid", "planned"))
        self.assertEqual(due.payment_id.date, date(2030, 5, 11))

    def test_each_age_begins_on_its_day(self):
        self._rule(30)
        days = [0, 30, 31, 60, 61, 90, 91, 400]
        deposits = self.env["supplier.deposit"].sudo()
        for number in days:
            deposit = self._order().deposit_ids.sudo()
            deposit.date_paid = fields.Date.today() - timedelta(days=number)
            deposits |= deposit
        self.assertEqual(set(deposits.mapped("age")), {"0"})
        self._cron_expire()
        self.assertEqual(deposits.mapped("age"), list("00112233"))
        self.assertEqual(
            deposits.mapped("age"),
            [deposit._get_age(deposit.date_paid) for deposit in deposits],
        )

    def test_ages_that_stay_are_not_looked_at(self):
        self._rule(30)
        deposit = self._order().deposit_ids.sudo()
        deposit.date_paid = fields.Date.today() - timedelta(days=45)
        self._cron_expire()
        self.assertEqual(self.env["supplier.deposit"]._cron_expire(), 0)

    def test_deposit_with_nothing_open_has_no_age(self):
        self._rule(30)
        order = self._order()
        order.deposit_ids.sudo().date_paid = fields.Date.today() - timedelta(days=45)
        self._bill(order)
        self._cron_expire()
        self.assertFalse(order.deposit_ids.age)
