from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.approval_matrix import batches

from ..models import supplier_deposit_plan
from .common import DepositCommon

LOGGER = supplier_deposit_plan.__name__


@tagged("post_install", "-at_install")
class TestCron(DepositCommon):
    """Deposits are dealt with in batches; what goes wrong with one is its own affair.

    Who else is at work at the same time: ``tests/test_deposit_cron.py``.
    """

    def setUp(self):
        super().setUp()
        self.patch(supplier_deposit_plan, "BATCH", 2)

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
        model = self.env.registry["supplier.deposit"]
        try_each = model._try_each

        def counted(batch, *args):
            begun.append(batch.ids)
            try_each(batch, *args)
            if fails(len(begun)):
                raise SerializationFailure()

        self.patch(model, "_try_each", counted)
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
        self.assertEqual(len(begun), 1 + 2 * batches.TRIES)
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
        self.assertEqual(due.payment_ids.date, date(2030, 5, 11))

    def test_each_age_begins_on_its_day(self):
        self._rule(30)
        deposit = self._order().deposit_ids
        paid, days = fields.Datetime.now(), [0, 30, 31, 60, 61, 90, 91, 400]
        for number, age in zip(days, "00112233", strict=True):
            with self.subTest(days=number), freeze_time(paid + timedelta(days=number)):
                deposit.invalidate_recordset(["age"])
                self.assertEqual(deposit.age, age)
                self.assertEqual(self._find_of_age(deposit, [age]), deposit)
                others = [other for other in "0123" if other != age]
                self.assertFalse(self._find_of_age(deposit, others))

    def _find_of_age(self, deposit, ages):
        return deposit.search([("id", "=", deposit.id), ("age", "in", ages)])

    def test_deposit_with_nothing_open_has_no_age(self):
        self._rule(30)
        order = self._order()
        self._bill(order)
        with freeze_time(fields.Datetime.now() + timedelta(days=45)):
            self.assertFalse(order.deposit_ids.age)
            self.assertFalse(self._find_of_age(order.deposit_ids, list("0123")))
            self.assertTrue(self._find_of_age(order.deposit_ids, [False]))

    def test_open_deposits_are_not_looked_at(self):
        self._rule(30)
        self._order()
        with freeze_time(fields.Datetime.now() + timedelta(days=45)):
            self.assertEqual(self.env["supplier.deposit"]._cron_expire(), 0)
