"""Whose date counts: the customer's, the buyer's, the warehouse's, ours."""

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import format_date

from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon

#: Fields of ours, which telling is about.
OURS = {"told_delivery_date", "wanted_delivery_date", "wanted_on"}


@tagged("post_install", "-at_install")
class TestPromiseDates(PromiseCommon):
    def _work_every_day(self):
        self.company.resource_calendar_id.attendance_ids = [
            Command.create(
                {
                    "name": "Weekend",
                    "dayofweek": weekday,
                    "hour_from": 8,
                    "hour_to": 17,
                    "day_period": "morning",
                }
            )
            for weekday in ("5", "6")
        ]

    def _say(self, number):
        return format_date(self.env(context={"lang": "en_US"}), self._day(number))

    def test_a_buyers_date_is_no_wish_and_each_move_is_noticed(self):
        self._work_every_day()
        self._make_to_order()
        line = self._sale(10, due=day(10))
        line.order_id.user_id = self.care
        purchase = line.supply_link_ids.purchase_id
        purchase.order_line.date_planned = day(10)
        promise = self._promise(line)
        self.assertEqual(self._to_number(promise.likely_on), 10)
        purchase.order_line.date_planned = day(30)
        self._run_job()
        notice = self._notices(line.order_id)
        self.assertEqual(notice.note.count("<li>"), 1)
        for number in (10, 30):
            self.assertIn(self._say(number), notice.note)
        purchase.button_confirm()
        purchase.order_line.date_planned = day(40)
        self._run_job()
        self.assertEqual(self._notices(line.order_id), notice)
        newest, oldest = notice.note.split("<li>")[1:]
        for number in (30, 40):
            self.assertIn(self._say(number), newest)
        self.assertNotIn(self._say(40), oldest)
        self.assertEqual(self._to_number(promise.wanted_on), 10)
        self.assertEqual(self._to_number(promise.likely_on), 40)
        self.assertEqual(promise.slack_days, -30)
        self._run_job()
        self.assertEqual(notice.note.count("<li>"), 2)

    def _quoted_on_thursday(self):
        """Return a quotation of the vendor, planned for Sunday, yesterday."""
        self._make_to_order()
        self.product.seller_ids.delay = 3
        with freeze_time(day(-4, 9)):
            line = self._sale(5, due=day(-1))
            self._run_job()
            purchase = line.supply_link_ids.purchase_id
        planned = purchase.order_line.date_planned.date()
        self.assertEqual(self._to_number(planned), -1)
        return line, purchase

    def test_a_quotation_confirmed_late_comes_after_the_vendors_days(self):
        line, purchase = self._quoted_on_thursday()
        self.promises._cron_day()
        self.assertEqual(self._to_number(self._promise(line).likely_on), 3)
        purchase.button_confirm()
        self.assertEqual(self._to_number(self._promise(line).likely_on), 3)

    def test_a_quotation_confirmed_late_does_not_come_on_sunday(self):
        line, purchase = self._quoted_on_thursday()
        with freeze_time(day(3, 9)):
            self.assertEqual(self._to_number(self._look(line).answer.likely), 7)
            purchase.button_confirm()
            self.assertEqual(self._to_number(self._promise(line).likely_on), 7)

    def test_the_later_statement_about_a_receipt_wins(self):
        purchase_line = self._purchase(10, day(1))
        line = self._sale(10)
        promise = self._promise(line)
        self.assertEqual(self._to_number(promise.likely_on), 1)
        purchase_line.move_ids.picking_id.scheduled_date = day(11)
        self._run_job()
        self.assertEqual(self._to_number(promise.likely_on), 11)
        purchase_line.date_planned = day(8)
        self._run_job()
        self.assertEqual(self._to_number(promise.likely_on), 8)
        days = [self._to_number(each.likely_on) for each in promise._get_versions()]
        self.assertEqual(days, [8, 11, 1])

    # ------------------------------------------------------------
    # TELLING, and Odoo's dates
    # ------------------------------------------------------------

    def _two_lines(self):
        """Return an order of two lines that are bought for it."""
        self._make_to_order()
        order = self._quotation(10, 5).order_id
        order.commitment_date = day(10)
        order.action_confirm()
        self._run_job()
        return order

    def _tell(self, order, numbers, copies_date):
        """Tell a day for each line, in the dialog."""
        action = order.action_tell_promise()
        tell = self.env[action["res_model"]].browse(action["res_id"])
        for line, number in zip(tell.line_ids, numbers, strict=True):
            line.told_on = self._day(number)
        tell.copies_date = copies_date
        tell.action_tell()
        self._run_job()

    def _read_dates(self, order):
        """Return all dates that Odoo keeps of an order and what serves it."""
        lines = order.order_line
        purchases = lines.supply_link_ids.purchase_id
        records = (
            order,
            lines,
            order.picking_ids,
            order.picking_ids.move_ids,
            purchases,
            purchases.order_line,
            purchases.picking_ids.move_ids,
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            (record._name, record.id, name): record[name]
            for group in records
            for record in group
            for name, field in group._fields.items()
            if field.type in ("date", "datetime")
            and name not in OURS
            and name not in ("write_date", "create_date", "promise_day")
        }

    def test_telling_without_the_tick_leaves_each_date_of_odoo(self):
        order = self._two_lines()
        order.order_line.supply_link_ids.purchase_id.button_confirm()
        self._run_job()
        before = self._read_dates(order)
        self.assertGreater(len(before), 20)
        self._tell(order, (12, 15), False)
        self.assertEqual(
            [self._to_number(each.told_on) for each in order.order_line.promise_ids],
            [12, 15],
        )
        self.assertEqual(self._read_dates(order), before)

    def test_with_the_tick_the_latest_told_day_is_the_delivery_date(self):
        order = self._two_lines()
        self._tell(order, (15, 12), True)
        self.assertEqual(order.commitment_date.date(), self._day(15))
        wanted = order.order_line.promise_ids.mapped("wanted_on")
        self.assertEqual(set(wanted), {self._day(10)})

    # ------------------------------------------------------------
    # SLIPS
    # ------------------------------------------------------------

    def test_a_refused_approval_is_noticed_once(self):
        self._make_to_order()
        lan = self.env["res.users"].create(
            {
                "name": "Lan",
                "login": "dates-lan",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.set(self.env.ref("purchase.group_purchase_manager").ids)
                ],
            }
        )
        self.env["approval.rule"].create(
            {
                "name": "Purchases",
                "model_id": self.env.ref("purchase.model_purchase_order").id,
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Step",
                            "limit_hours": 4,
                            "user_ids": [Command.set(lan.ids)],
                        }
                    )
                ],
            }
        )
        line = self._sale(10, due=day(7))
        line.order_id.user_id = self.care
        purchase = line.supply_link_ids.purchase_id
        purchase.button_confirm()
        promise = self._promise(line)
        self.assertEqual(promise.reason["code"], "approval")
        self.assertFalse(self._notices(line.order_id))
        with freeze_time(day(3, 9)):
            purchase.with_user(lan).action_reject("Too dear")
            self._run_job()
            self._run_job()
            notice = self._notices(line.order_id)
            self.assertEqual(len(notice), 1)
            self.assertEqual(notice.note.count("<li>"), 1)
            self.assertEqual(self._versions(line)[0].cause["code"], "refused")
        with freeze_time(day(4, 9)):
            self.promises._cron_day()
            self._run_job()
        self.assertEqual(notice.note.count("<li>"), 1)

    def test_a_day_that_passes_moves_what_nobody_has_bought(self):
        line = self._sale(10, due=day(20))
        promise = self._promise(line)
        self.assertEqual(self._to_number(promise.likely_on), 7)
        with freeze_time(day(7, 9)):
            self.promises._cron_day()
            self._run_job()
            self.assertEqual(self._to_number(promise.likely_on), 14)
            self.assertEqual(self._versions(line)[0].cause["code"], "passed")
        self.assertFalse(self._notices(line.order_id))

    def test_a_purchase_cancelled_in_sql_is_noticed(self):
        self._purchase(10, day(2))
        line = self._sale(10, due=day(4))
        promise = self._promise(line)
        self.assertEqual(promise.quantity_short, 0)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET state = 'cancel' WHERE purchase_line_id = %s",
            [promise.purchase_line_id.id],
        )
        self.env.invalidate_all()
        self._run_job()
        self.assertEqual(promise.quantity_short, 10)
        self.assertEqual(self._to_number(promise.buy_by), -1)
        self.assertEqual(self._notices(line.order_id).note.count("<li>"), 1)

    # ------------------------------------------------------------
    # CONFIDENCE
    # ------------------------------------------------------------

    def test_how_an_order_stands_is_told_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        field = self.env["ir.model.fields"]._get("supply.promise", "risk")
        late = field.selection_ids.filtered(lambda each: each.value == "late")
        late.with_context(lang="vi_VN").name = "Trễ rồi"
        orders = self.env["sale.order"].with_context(lang="vi_VN")
        said = dict(orders.fields_get(["promise_risk"])["promise_risk"]["selection"])
        self.assertEqual(said["late"], "Trễ rồi")

    def test_what_is_there_is_certain(self):
        self._count(10)
        self.assertEqual(self._promise(self._sale(10)).confidence, "high")

    def test_what_is_ordered_from_a_vendor_with_a_past_is_certain(self):
        self.env["supply.pace"].create(
            {
                "kind": "vendor",
                "company_id": self.company.id,
                "partner_id": self.vendor.id,
                "sample": 20,
                "likely": 0,
                "safe": 3,
            }
        )
        self._purchase(10, day(2))
        self.assertEqual(self._promise(self._sale(10)).confidence, "high")

    def test_what_is_ordered_from_a_vendor_without_a_past_is_less_so(self):
        self._purchase(10, day(2))
        self.assertEqual(self._promise(self._sale(10)).confidence, "medium")

    def test_what_is_overdue_is_uncertain(self):
        self._purchase(10, day(-6))
        promise = self._promise(self._sale(10)).with_context(lang="en_US")
        self.assertEqual(promise.confidence, "low")
        self.assertIn("6 days overdue", promise.reason_text)

    def test_what_is_not_ordered_is_uncertain(self):
        self._make_to_order()
        self.assertEqual(self._promise(self._sale(10)).confidence, "low")

    def test_what_nobody_has_bought_is_uncertain(self):
        self.assertEqual(self._promise(self._sale(10)).confidence, "low")

    def test_what_nobody_sells_is_uncertain(self):
        self.product.seller_ids.unlink()
        promise = self._promise(self._sale(10))
        self.assertEqual((promise.confidence, promise.risk), ("low", "unknown"))

    def test_what_is_not_put_away_is_uncertain(self):
        self._count(10, self.warehouse.wh_input_stock_loc_id)
        self.assertEqual(self._promise(self._sale(10)).confidence, "low")
