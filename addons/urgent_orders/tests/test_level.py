import json
from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import html
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import format_amount, mute_logger

from odoo.addons.approval_matrix.level_colors import get_icon
from odoo.addons.approval_matrix.tests.mail_html import find_faults, find_preview
from odoo.addons.approval_matrix.tests.vietnamese import English, load_vietnamese

from .common import UrgencyCommon

# A Monday, in the calendar of 8 to 12 and 13 to 17 that companies start with.
MONDAY_9 = "2026-11-23 09:00:00"
MONDAY_10 = "2026-11-23 10:00:00"
MONDAY_16 = "2026-11-23 16:00:00"


@tagged("post_install", "-at_install")
class TestLevel(UrgencyCommon):
    """What a level does: limits of approvals, and who is told how."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director)
        cls.rule.step_ids.limit_hours = 8
        cls.urgent.approval_hours = 2
        cls.company.resource_calendar_id.tz = "UTC"

    def _tasks(self, order):
        return order.sudo().approval_process_id.task_ids.sorted("stage")

    def _submitted_at(self, moment, **values):
        with freeze_time(moment):
            return self._submitted(**values)

    def _mark(self, order, level, moment=MONDAY_10):
        with freeze_time(moment):
            order.write({**self._urgency(level), "needed_by": "2026-11-27 09:00:00"})
            self.env.flush_all()

    def test_urgent_orders_have_less_time(self):
        calm = self._submitted_at(MONDAY_9)
        self.assertEqual(self._tasks(calm)[0].due_at, datetime(2026, 11, 24, 9))
        urgent = self._submitted_at(
            MONDAY_9, urgency_level_id=self.urgent.id, urgency_reason="x"
        )
        self.assertEqual(self._tasks(urgent)[0].due_at, datetime(2026, 11, 23, 11))

    def test_shorter_limit_of_the_rule_stays(self):
        self.rule.step_ids.limit_hours = 1
        order = self._submitted_at(
            MONDAY_9, urgency_level_id=self.urgent.id, urgency_reason="x"
        )
        self.assertEqual(self._tasks(order)[0].limit_hours, 1)

    def test_urgency_gives_no_limit_to_a_step_that_would_refuse(self):
        self.rule.step_ids.write({"limit_hours": 0, "on_timeout": "reject"})
        order = self._submitted_at(
            MONDAY_9, urgency_level_id=self.urgent.id, urgency_reason="x"
        )
        self.assertFalse(self._tasks(order)[0].due_at)

    def _enforce_late(self):
        with freeze_time("2026-11-24 08:30:00"), self.enter_registry_test_mode():
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()

    def _urgent_with_step(self, **values):
        self.rule.step_ids[0].write(values)
        return self._submitted_at(
            MONDAY_9, urgency_level_id=self.urgent.id, urgency_reason="x"
        )

    def test_limit_by_urgency_alone_only_reminds(self):
        """What the rule says of the end of a limit it does not have counts nothing."""
        for leftover in (
            {"on_timeout": "escalate", "escalate_to": "next"},
            {"on_timeout": "escalate", "escalate_to": "manager"},
            {
                "on_timeout": "escalate",
                "escalate_to": "user",
                "escalation_user_id": self.director.id,
            },
        ):
            with self.subTest(leftover=leftover):
                order = self._urgent_with_step(limit_hours=0, **leftover)
                self.assertEqual(self._tasks(order)[0].limit_hours, 2)
                self._enforce_late()
                self.assertEqual(order.approval_holder_ids, self.manager)
                events = order.sudo().approval_process_id.log_ids.mapped("event")
                self.assertEqual(events, ["submitted", "reminded"])

    def test_urgency_given_later_passes_over_no_step(self):
        self.rule.step_ids[0].write(
            {"limit_hours": 0, "on_timeout": "escalate", "escalate_to": "next"}
        )
        order = self._submitted_at(MONDAY_9)
        self._mark(order, self.urgent)
        self._enforce_late()
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_shortened_limit_passes_over_no_step(self):
        """The step waits as long as the rule says, and is reminded sooner."""
        order = self._urgent_with_step(on_timeout="escalate", escalate_to="next")
        self._enforce_late()
        self.assertEqual(order.approval_holder_ids, self.manager)
        task = self._tasks(order)[0]
        self.assertEqual(task.due_at, datetime(2026, 11, 24, 9))
        with freeze_time("2026-11-24 09:30:00"), self.enter_registry_test_mode():
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(order.approval_holder_ids, self.director)

    def test_step_beside_one_that_is_passed_over_stays(self):
        first, second = self.rule.step_ids
        second.write({"sequence": first.sequence, "limit_hours": 0})
        self.rule.step_ids = [
            Command.create(
                {"name": "Third", "sequence": 30, "user_ids": self.admin.ids}
            )
        ]
        order = self._urgent_with_step(
            limit_hours=2, on_timeout="escalate", escalate_to="next"
        )
        self._enforce_late()
        self.assertEqual(order.approval_holder_ids, self.director)

    def test_leftover_rejection_never_rejects(self):
        self.rule.step_ids[0].write({"limit_hours": 0, "on_timeout": "reject"})
        order = self._submitted_at(MONDAY_9)
        self._tasks(order)[0]._set_limit(1)
        self._enforce_late()
        self.assertEqual(order.approval_state, "open")

    def test_urgency_raised_later_shortens_running_limits(self):
        order = self._submitted_at(MONDAY_9)
        self._mark(order, self.urgent)
        first, second = self._tasks(order)
        self.assertEqual(first.due_at, datetime(2026, 11, 23, 11))
        self.assertEqual(first.limit_hours, 2)
        self.assertEqual(second.limit_hours, 2)
        self.assertTrue(first.is_urgent)

    def test_lowered_urgency_gives_the_time_back(self):
        order = self._submitted_at(MONDAY_9)
        self._mark(order, self.urgent)
        self._mark(order, self.normal, MONDAY_16)
        first, second = self._tasks(order)
        self.assertEqual(first.due_at, datetime(2026, 11, 24, 9))
        self.assertEqual((first.limit_hours, second.limit_hours), (8, 8))
        self.assertFalse(first.is_urgent)

    def test_whoever_is_over_the_new_limit_is_late_now(self):
        order = self._submitted_at(MONDAY_9)
        self._mark(order, self.urgent, MONDAY_16)
        self.assertEqual(self._tasks(order)[0].due_at, datetime(2026, 11, 23, 16))

    def test_nothing_is_refused_without_a_last_hour(self):
        self.rule.step_ids.on_timeout = "reject"
        order = self._submitted_at(MONDAY_9)
        self._mark(order, self.urgent, MONDAY_16)
        self.assertEqual(self._tasks(order)[0].due_at, datetime(2026, 11, 23, 17))
        self.assertEqual(order.state, "to approve")

    def test_clock_that_stands_still_is_shortened_too(self):
        order = self._submitted_at(MONDAY_9)
        with freeze_time(MONDAY_10):
            order.with_user(self.manager).action_ask_information("Why?")
        self._mark(order, self.urgent, MONDAY_16)
        with freeze_time("2026-11-24 13:00:00"):
            order.action_answer("So")
        self.assertEqual(self._tasks(order)[0].due_at, datetime(2026, 11, 24, 14))

    def test_time_waiting_for_information_does_not_count(self):
        order = self._submitted_at(MONDAY_9)
        with freeze_time(MONDAY_9):
            order.with_user(self.manager).action_ask_information("Why?")
        with freeze_time(MONDAY_16):
            order.action_answer("So")
            self.env.flush_all()
        self._mark(order, self.urgent, MONDAY_16)
        self.assertEqual(self._tasks(order)[0].due_at, datetime(2026, 11, 24, 9))

    def test_longer_limit_counts_anew_after_a_reminder(self):
        order = self._submitted_at(
            MONDAY_9, urgency_level_id=self.urgent.id, urgency_reason="x"
        )
        task = self._tasks(order)[0]
        with freeze_time(MONDAY_16), self.enter_registry_test_mode():
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(task.timed_out_at)
        self._mark(order, self.normal, MONDAY_16)
        self.assertFalse(task.timed_out_at)
        self.assertEqual(task.due_at, datetime(2026, 11, 24, 9))

    def test_rule_edited_meanwhile_does_not_count(self):
        order = self._submitted_at(MONDAY_9)
        self.rule.step_ids.limit_hours = 80
        self._mark(order, self.urgent)
        self._mark(order, self.normal)
        self.assertEqual(self._tasks(order)[0].limit_hours, 8)

    def test_urgency_of_the_customer_shortens_them_too(self):
        sale = self._sale(confirm=True)
        purchase = self._purchase(sale)
        purchase.with_user(self.buyer).button_confirm()
        self.assertEqual(self._tasks(purchase)[0].limit_hours, 8)
        sale.write(self._urgency())
        self.assertEqual(self._tasks(purchase)[0].limit_hours, 2)

    def test_both_are_logged(self):
        order = self._submitted_at(MONDAY_9)
        self._mark(order, self.urgent)
        self._mark(order, self.normal)
        process = order.sudo().approval_process_id
        log = process.log_ids.filtered(lambda row: row.event == "relimited")
        self.assertEqual(len(log), 4)  # two steps, twice
        self.assertEqual(log[0].comment, "8 → 2 working hours")
        self.assertEqual(log[0].details["after"]["due"], "2026-11-23 11:00:00")
        self.assertEqual(log[-1].comment, "2 → 8 working hours")
        self.assertFalse(process._find_broken_log())

    def test_forwarded_task_follows_too(self):
        order = self._submitted_at(MONDAY_9)
        with freeze_time(MONDAY_9):
            order.with_user(self.manager).action_forward(self.admin.id, "Yours")
        self._mark(order, self.urgent)
        task = self._tasks(order).filtered(lambda t: t.user_id == self.admin)
        self.assertEqual(task.limit_hours, 2)
        self._mark(order, self.normal)
        self.assertEqual(task.limit_hours, 8)

    def test_to_do_of_the_approver_shows_the_new_day(self):
        order = self._submitted_at(MONDAY_16)
        to_do = order.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.manager
        )
        self.assertEqual(str(to_do.date_deadline), "2026-11-24")
        self.urgent.approval_hours = 0.5
        self._mark(order, self.urgent, MONDAY_16)
        self.assertEqual(str(to_do.date_deadline), "2026-11-23")

    # notices

    def test_to_do_and_mail_can_be_switched_off(self):
        self.seller.notification_type = "email"
        sale = self._urgent_sale()
        self.assertTrue(self._activities(sale, self.seller))
        self.assertTrue(self._mails(self.seller))
        self.urgent.write({"give_activity": False, "send_mail": False})
        before = self._mails(self.seller)
        sale = self._urgent_sale()
        self.assertFalse(self._activities(sale, self.seller))
        self.assertEqual(self._mails(self.seller), before)
        self.assertTrue(self._notices("urgent_orders/marked"))

    def test_mail_goes_to_those_who_want_mails(self):
        self.buyer.notification_type = "email"
        self.seller.notification_type = "inbox"
        self._urgent_sale()
        self.assertFalse(self._mails(self.seller))
        mail = self._mails(self.buyer)
        self.assertEqual(len(mail), 1)
        self.assertIn("is urgent", mail.body)
        self.assertFalse(mail.res_id, "cannot open it")

    def test_mail_has_the_facts_and_the_price_only_for_who_may_open_it(self):
        (self.buyer | self.seller).notification_type = "email"
        self.seller.tz = "Asia/Ho_Chi_Minh"
        sale = self._urgent_sale(needed_by="2026-12-03 20:00:00")
        amount = format_amount(self.env, sale.amount_total, sale.currency_id)
        amount = " ".join(amount.split())
        self.assertGreater(sale.amount_total, 0)
        for user, place, knows in (
            (self.seller, f"/mail/view?model=sale.order&res_id={sale.id}", True),
            (self.buyer, "/odoo", False),
        ):
            page = html.fromstring(self._mail_to(user).body_html)
            said = " ".join(page.text_content().split())
            for text in (
                sale.name,
                self.customer.display_name,
                self.urgent.name,
                "Ward opens on Monday",
                self.product.display_name,
                "2.00",
                self.care.name,
                "Needed by",
            ):
                self.assertIn(text, said)
            self.assertEqual(amount in said, knows)
            (anchor,) = page.iter("a")
            self.assertIn(place, anchor.get("href"))
            self.assertFalse(page.xpath("//link | //style | //img | //@class"))
            self.assertEqual(find_faults(page), [])
            self.assertIn(self.customer.display_name, find_preview(page))
        mail = html.fromstring(self._mail_to(self.seller).body_html).text_content()
        self.assertIn("12/4/26", mail)  # 3 a.m. in Vietnam

    def test_mail_about_a_purchase_keeps_its_price_from_sales(self):
        """Customer care hears of it, and must not know what it costs."""
        (self.care | self.buyer).notification_type = "email"
        self.urgent.notify_group_ids |= self.env.ref("sales_team.group_sale_salesman")
        order = self._order()
        order.sudo().write(
            {"urgency_level_id": self.urgent.id, "urgency_reason": "Now"}
        )
        self.assertGreater(order.amount_total, 0)
        said = html.fromstring(self._mail_to(self.care).body_html).text_content()
        self.assertIn(order.name, said)
        kept = " ".join(self._mails(self.buyer).mapped("body"))
        for price in (order.amount_total, order.order_line[0].price_unit):
            self.assertNotIn(f"{price:,.2f}", said)
            self.assertNotIn(f"{price:,.2f}", kept, "who marked it reads its notices")

    def test_phones_of_who_works_in_odoo_tell_level_and_deadline(self):
        self.seller.write({"notification_type": "inbox", "tz": "Asia/Ho_Chi_Minh"})
        Device = self.env["mail.push.device"]
        Device.get_web_push_vapid_public_key()
        phone = Device.create(
            {
                "endpoint": "https://push.example/seller",
                "expiration_time": "2099-01-01 00:00:00",
                "keys": json.dumps({"p256dh": "p", "auth": "a"}),
                "partner_id": self.seller.partner_id.id,
            }
        )
        sale = self._urgent_sale(needed_by="2026-12-03 20:00:00")
        (push,) = self.env["mail.push"].sudo().search([("id", ">", 0)])
        self.assertEqual(push.mail_push_device_id, phone)
        payload = json.loads(push.payload)
        self.assertEqual(payload["title"], f"Urgent: {sale.name}")
        body = payload["options"]["body"]
        self.assertIn(self.customer.display_name, body)
        self.assertRegex(body, r"Needed by 12/4/26")
        self.assertEqual(
            payload["options"]["data"], {"model": "sale.order", "res_id": sale.id}
        )

    def test_screens_and_phones_have_the_colour_of_each_level(self):
        self.seller.notification_type = "inbox"
        Device = self.env["mail.push.device"]
        Device.get_web_push_vapid_public_key()
        Device.create(
            {
                "endpoint": "https://push.example/seller",
                "expiration_time": "2099-01-01 00:00:00",
                "keys": json.dumps({"p256dh": "p", "auth": "a"}),
                "partner_id": self.seller.partner_id.id,
            }
        )
        for color, rank in ((2, 20), (1, 30)):
            self.urgent.write({"color": color, "sequence": rank})
            self.env["bus.bus"].sudo().search([]).unlink()
            self._urgent_sale()
            told = self._notices("urgent_orders/marked")
            self.assertTrue(told)
            for _channel, message in told:
                notice = json.loads(message)["payload"]
                self.assertEqual((notice["color"], notice["rank"]), (color, rank))
            push = self.env["mail.push"].sudo().search([("id", ">", 0)])[-1:]
            icon = json.loads(push.payload)["options"]["icon"]
            self.assertEqual(icon, get_icon(color))
            push.unlink()

    def test_mail_is_vietnamese_for_who_reads_that(self):
        addons = ("approval_matrix", "urgent_orders")
        load_vietnamese(self.env, *addons)
        self.seller.write({"notification_type": "email", "lang": "vi_VN"})
        self._urgent_sale()
        mail = self._mail_to(self.seller)
        texts = [mail.subject, *html.fromstring(mail.body_html).itertext()]
        self.assertEqual(English(*addons).find(texts), [])

    def _mail_to(self, user):
        """Return the newest e-mail that a user gets."""
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", user.partner_id.ids)], order="id desc", limit=1
        )

    def _mails(self, user):
        return (
            self.env["mail.notification"]
            .search(
                [
                    ("res_partner_id", "=", user.partner_id.id),
                    ("notification_type", "=", "email"),
                ]
            )
            .mail_message_id
        )

    # nonsense

    def test_deadline_out_of_this_world_is_refused(self):
        today = fields.Datetime.now()
        for moment in ("9999-12-31 00:00:00", "0202-01-01 00:00:00"):
            with self.assertRaisesRegex(ValidationError, "cannot be right"):
                self._urgent_sale(needed_by=moment)
        for days in (-30, 0, 365):
            moment = today + timedelta(days=days)
            self.assertEqual(self._sale(needed_by=moment).needed_by, moment)

    def test_novel_instead_of_a_reason_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "at most 500"):
            self._urgent_sale(urgency_reason="x" * 501)

    def test_negative_numbers_are_refused(self):
        for values in ({"quota": -1}, {"approval_hours": -1.0}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.urgent.write(values)
                self.env.flush_all()
