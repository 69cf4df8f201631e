from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    """Promises follow what changes, and remember what was told."""

    def test_orders_quotations_and_wishes_have_one_promise_a_line(self):
        self._count(10)
        ordered, quoted = self._sale(4), self._quotation(3)
        lead = self.env["crm.lead"].create(
            {
                "name": "Beds",
                "company_id": self.company.id,
                "wanted_line_ids": [
                    Command.create({"product_id": self.product.id, "quantity": 2})
                ],
            }
        )
        self._run_job()
        wishes = self.promises.search([("lead_id", "=", lead.id)])
        self.assertEqual(self._promise(ordered).quantity, 4)
        self.assertEqual(self._promise(quoted).quantity, 3)
        self.assertEqual(wishes.quantity, 2)

    def test_services_sections_and_down_payments_have_none(self):
        service = self._product("Advice", type="service", is_storable=False)
        line = self._quotation(1, product=service)
        section = self.env["sale.order.line"].create(
            {"order_id": line.order_id.id, "display_type": "line_section", "name": "A"}
        )
        down_payment = self.env["sale.order.line"].create(
            {
                "order_id": line.order_id.id,
                "product_id": self.product.id,
                "is_downpayment": True,
            }
        )
        for each in (line, section, down_payment):
            self.assertFalse(self._promise(each))

    def test_an_opportunity_without_company_is_the_salespersons_companys(self):
        """Whoever looks: a promise does not depend on the company selected."""
        other = self.env["res.company"].create({"name": "Other Company"})
        self.env.user.company_ids = [Command.link(other.id)]
        self.care.company_ids = [Command.link(other.id)]
        lead = self.env["crm.lead"].create(
            {
                "name": "Beds",
                "user_id": self.care.id,
                "team_id": False,
                "wanted_line_ids": [
                    Command.create({"product_id": self.product.id, "quantity": 2})
                ],
            }
        )
        lead.company_id = False
        self._count(2)
        wish = lead.wanted_line_ids
        for company in (self.company, other):
            looking = self.env["supply.outlook"].with_company(company)
            found = looking._look(wish)[wish.id]
            self.assertEqual(found.answer.now, 2)
        self._run_job()
        promise = self.promises.search([("lead_id", "=", lead.id)])
        self.assertEqual(promise.company_id, self.company)
        self.promises.with_company(other)._follow(wish)
        self.assertEqual(promise.company_id, self.company)
        # with nobody to ask it is the first company's
        lead.user_id = False
        self.assertEqual(lead._get_promise_company(), self.env.ref("base.main_company"))

    def test_what_a_lost_opportunity_wanted_is_not_open(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Beds",
                "company_id": self.company.id,
                "wanted_line_ids": [
                    Command.create({"product_id": self.product.id, "quantity": 2})
                ],
            }
        )
        self._run_job()
        promise = self.promises.search([("lead_id", "=", lead.id)])
        self.assertTrue(promise.is_open)
        lead.action_set_lost()
        self._run_job()
        self.assertFalse(promise.is_open)

    def test_a_delivered_line_is_not_open(self):
        self._count(4)
        line = self._sale(4)
        self.assertTrue(self._promise(line).is_open)
        line.move_ids._action_assign()
        self._done(line.move_ids)
        self.assertFalse(self._promise(line).is_open)

    def test_a_cancelled_order_is_not_open(self):
        line = self._sale(4)
        self.assertTrue(self._promise(line).is_open)
        line.order_id._action_cancel()
        self.assertFalse(self._promise(line).is_open)

    def test_deleting_a_quotation_takes_its_promise_along_not_its_history(self):
        line = self._quotation(4)
        self._promise(line)
        id_ = line.id
        line.order_id.unlink()
        self.assertFalse(self.promises.search([("sale_line_id", "=", id_)]))
        versions = self.env["supply.promise.version"]
        self.assertTrue(versions.search([("sale_line_id", "=", id_)]))

    def test_what_was_told_stays_when_the_day_moves(self):
        self._make_to_order()
        line = self._sale(10)
        purchase = line.supply_link_ids.purchase_id
        promise = self._promise(line)
        told = promise.safe_on
        self.promises.with_user(self.care)._tell(line, {line.id: told}, "zalo")
        self.assertEqual(promise.told_on, told)
        self.assertEqual(promise.told_by_id, self.care)
        purchase.order_line.date_planned = day(25)
        self._run_job()
        self.assertEqual(promise.told_on, told)
        self.assertGreater(promise.likely_on, told)
        self.assertEqual(promise.risk, "late")

    def test_a_slip_is_noticed_once(self):
        self._make_to_order()
        line = self._sale(10, due=day(8))
        line.order_id.user_id = self.care
        promise = self._promise(line)
        purchase = line.supply_link_ids.purchase_id
        purchase.order_line.date_planned = day(25)
        self._run_job()
        self._run_job()
        self.promises._follow(line)
        notice = self._notices(line.order_id)
        self.assertEqual(notice.user_id, self.care)
        self.assertEqual(notice.note.count("<li>"), 1)
        self.assertIn(purchase.name, notice.note)
        self.assertEqual(promise.risk, "late")

    def test_in_time_again_takes_the_notice_back(self):
        self._make_to_order()
        line = self._sale(10, due=day(10))
        self._promise(line)
        purchase = line.supply_link_ids.purchase_id
        purchase.order_line.date_planned = day(25)
        self._run_job()
        self.assertTrue(self._notices(line.order_id))
        purchase.order_line.date_planned = day(7)
        self._run_job()
        self.assertFalse(self._notices(line.order_id))

    def test_what_stays_possible_is_not_noticed(self):
        self._make_to_order()
        line = self._sale(10, due=day(20))
        self._promise(line)
        line.supply_link_ids.purchase_id.order_line.date_planned = day(15)
        self._run_job()
        self.assertFalse(self._notices(line.order_id))

    def test_dates_moved_in_sql_are_noticed(self):
        self._make_to_order()
        line = self._sale(10, due=day(8))
        self._promise(line)
        purchase = line.supply_link_ids.purchase_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order_line SET date_planned = %s WHERE order_id = %s",
            [day(25), purchase.id],
        )
        self.env.invalidate_all()
        self._run_job()
        self.assertTrue(self._notices(line.order_id))

    def test_what_nobody_buys_is_noticed_once(self):
        line = self._sale(10, due=day(8))
        self._promise(line)
        for number in (6, 7, 8, 9):
            with freeze_time(day(number, 9)):
                self.promises._cron_day()
                self._run_job()
        notice = self._notices(line.order_id)
        self.assertEqual(notice.note.count("<li>"), 1)

    def test_a_cancelled_purchase_is_the_cause(self):
        self._make_to_order()
        line = self._sale(10, due=day(8))
        self._promise(line)
        purchase = line.supply_link_ids.purchase_id
        self.product.seller_ids.delay = 30
        purchase.button_cancel()
        self._run_job()
        self.assertEqual(self._versions(line)[0].cause["code"], "cancelled")

    def test_goods_that_somebody_else_gets_are_the_cause(self):
        self._count(10)
        line = self._sale(10, due=day(3))
        self.product.seller_ids.delay = 30
        self.assertEqual(self._promise(line).method, "stock")
        self._sale(10, due=day(1))
        self._run_job()
        self.assertEqual(self._versions(line)[0].cause["code"], "taken")
        self.assertTrue(self._notices(line.order_id))

    def test_a_day_that_passes_is_noticed(self):
        self._purchase(10, day(2))
        line = self._sale(10, due=day(3))
        self.assertEqual(self._to_number(self._promise(line).likely_on), 2)
        with freeze_time(day(4, 9)):
            self.promises._cron_day()
            self._run_job()
            self.assertEqual(self._versions(line)[0].cause["code"], "overdue")
            self.assertTrue(self._notices(line.order_id))

    def test_an_order_that_goes_out_at_once_waits_for_its_last_line(self):
        self._count(1)
        other = self._product("Rare")
        order = self._quotation(1).order_id
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": other.id, "product_uom_qty": 1}
        )
        order.picking_policy = "one"
        days = [self._look(line).answer.likely for line in order.order_line]
        self.assertEqual(days[0], days[1])
        self.assertGreater(self._to_number(days[0]), 0)

    def test_leads_of_company_and_product_count(self):
        self._count(1)
        self.company.security_lead = 1
        self.product.sale_delay = 1
        self._assert_parts(self._quotation(1), [(1, 1)])
        self.product.sale_delay = 3
        self._assert_parts(self._quotation(1), [(1, 3)])

    def test_delivery_steps_take_their_days(self):
        self._count(1)
        self.warehouse.delivery_steps = "pick_ship"
        self.warehouse.delivery_route_id.rule_ids[:1].delay = 2
        self._assert_parts(self._quotation(1), [(1, 2)])

    def test_a_late_vendor_makes_the_likely_day_later(self):
        self.env["supply.pace"].create(
            {
                "kind": "vendor",
                "company_id": self.company.id,
                "partner_id": self.vendor.id,
                "sample": 20,
                "likely": 2,
                "safe": 7,
            }
        )
        self._purchase(10, day(1))
        answer = self._look(self._sale(10)).answer
        self.assertEqual(self._to_number(answer.likely), 3)
        self.assertEqual(self._to_number(answer.safe), 8)

    def test_the_past_of_a_vendor_is_counted_from_what_was_ordered_for(self):
        for _number in range(8):
            with freeze_time(day(-30, 9)):
                line = self._purchase(1, day(-20))
            self.env.flush_all()
            line.invalidate_recordset(["confirmed_arrival"])
            self.assertEqual(line.confirmed_arrival, day(-20))
            line.date_planned = day(-15)
            with freeze_time(day(-15, 9)):
                line.move_ids.quantity = 1
                line.move_ids.picked = True
                line.move_ids._action_done()
        self.env["supply.pace"]._count_past(self.company)
        pace = self.env["supply.pace"].search(
            [("kind", "=", "vendor"), ("partner_id", "=", self.vendor.id)]
        )
        self.assertEqual((pace.sample, pace.likely, pace.safe), (8, 5, 5))

    def test_a_wanted_day_is_followed(self):
        self._count(10)
        line = self._sale(10)
        promise = self._promise(line)
        self.assertEqual(promise.risk, "open")
        line.wanted_on = self._day(-1)
        self._run_job()
        self.assertEqual(promise.risk, "late")

    def test_urgency_says_what_is_wanted(self):
        self._count(10)
        line = self._quotation(10)
        promise = self._promise(line)
        line.order_id.needed_by = day(4)
        self._run_job()
        self.assertEqual(promise.wanted_on, self._day(4))

    def test_all_lines_follow_when_an_order_goes_out_at_once(self):
        self._count(1)
        order = self._quotation(1).order_id
        other = self._product("Rare")
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": other.id, "product_uom_qty": 1}
        )
        self._run_job()
        promises = self.promises.search([("order_id", "=", order.id)])
        order.picking_policy = "one"
        self._run_job()
        self.assertEqual(len(set(promises.mapped("likely_on"))), 1)
        other.seller_ids.delay = 30
        self._count(1, product=other)
        self._run_job()
        self.assertEqual(set(promises.mapped("likely_on")), {self._day(0)})

    def test_a_day_is_looked_at_once(self):
        self._purchase(10, day(2))
        self._promise(self._sale(10, due=day(3)))
        self.promises._cron_day()
        self._run_job()
        self.promises._cron_day()
        self.assertFalse(self.env["supply.change"]._count_left())

    def test_lines_added_to_an_order_keep_when_they_are_expected(self):
        order = self._purchase(1, day(5)).order_id
        added = self.env["purchase.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "product_qty": 2,
                "date_planned": day(9),
            }
        )
        added.date_planned = day(12)
        self.env.flush_all()
        added.invalidate_recordset(["confirmed_arrival"])
        self.assertEqual(added.confirmed_arrival, day(9))

    def test_wanted_is_kept_when_the_told_day_is_copied(self):
        line = self._sale(10, due=day(10))
        promise = self._promise(line)
        self.promises._tell(line, {line.id: self._day(12)}, "phone")
        self.promises._set_delivery_dates(line.order_id)
        self._run_job()
        self.assertEqual(line.order_id.commitment_date.date(), self._day(12))
        self.assertEqual(promise.wanted_on, self._day(10))

    def test_nobody_writes_promises(self):
        promise = self._promise(self._sale(10))
        version = promise._get_versions()
        with self.assertRaises(AccessError):
            promise.write({"told_on": self._day(1)})
        with self.assertRaises(AccessError):
            promise.with_user(self.care).write({"told_on": self._day(1)})
        with self.assertRaises(AccessError):
            version.write({"told_on": self._day(1)})
        with self.assertRaises(AccessError):
            promise.unlink()

    def test_a_notice_names_goods_in_the_owners_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.care.lang = "vi_VN"
        product = self.product.with_context(lang="vi_VN")
        product.name = "Xe lăn"
        product.uom_id.name = "Cái"
        self._make_to_order()
        line = self._sale(10, due=day(8))
        line.order_id.user_id = self.care
        self._promise(line)
        line.supply_link_ids.purchase_id.order_line.date_planned = day(25)
        self._run_job()
        head, words = self._notices(line.order_id).note.split("<pre", 1)
        self.assertIn("Xe lăn", head)
        # what is said to the customer is in the customer's
        self.assertNotIn("Cái", words)

    def test_notes_say_when_they_were_made(self):
        self._purchase(10, day(2))
        self._promise(self._sale(10, due=day(3)))
        self.env.cr.execute("DELETE FROM supply_change")
        self.promises._cron_day()
        self.promises._fill_batch(batch=1)
        self.env.cr.execute("SELECT count(*), count(noted_on) FROM supply_change")
        notes, dated = self.env.cr.fetchone()
        self.assertGreater(notes, 1)
        self.assertEqual(dated, notes)

    def test_a_slack_counts_from_what_was_told_else_wanted(self):
        self._count(10)
        line = self._sale(10, due=day(5))
        promise = self._promise(line)
        self.assertEqual(promise.slack_days, 5)
        self.promises._tell(line, {line.id: self._day(8)}, "phone")
        self.assertEqual(promise.slack_days, 8)

    def test_all_lines_of_an_order_that_goes_out_at_once_have_the_last_ones_reason(
        self,
    ):
        self._count(1)
        rare = self._product("Rare")
        order = self._quotation(1).order_id
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": rare.id, "product_uom_qty": 1}
        )
        order.picking_policy = "one"
        order.action_confirm()
        purchase_line = self._purchase(1, day(4), product=rare)
        self._run_job()
        for promise in self.promises.search([("order_id", "=", order.id)]):
            self.assertEqual(promise.quantity_now, 0)
            self.assertEqual(self._to_number(promise.likely_on), 4)
            self.assertEqual(
                promise.reason["facts"]["purchase"], purchase_line.order_id.name
            )
            self.assertEqual(promise.holder_kind, "vendor")
            self.assertEqual(promise.purchase_line_id, purchase_line)
            days = {part["day"] for part in promise.sources}
            self.assertEqual(days, {str(self._day(4))})
        purchase_line.date_planned = day(9)
        self._run_job()
        for line in order.order_line:
            self.assertEqual(self._versions(line)[0].cause["code"], "moved")

    def test_an_unknown_channel_is_refused(self):
        line = self._sale(10)
        with self.assertRaises(UserError):
            self.promises._tell(line, {line.id: self._day(1)}, "pigeon")

    def test_verification_finds_nothing_after_the_job(self):
        self._count(3)
        lines = self._sale(4) | self._quotation(3, 5)
        self._purchase(10, day(3))
        self._run_job()
        self.assertEqual(self.promises._find_differences(lines), [])

    def test_verification_finds_what_was_changed_in_sql(self):
        line = self._sale(4)
        promise = self._promise(line)
        self.env.cr.execute(
            "UPDATE supply_promise SET likely_on = %s WHERE id = %s",
            [self._day(99), promise.id],
        )
        promise.invalidate_recordset()
        self.assertEqual(len(self.promises._find_differences(line)), 1)

    def test_the_past_is_filled_in_parts(self):
        lines = self._sale(4) | self._quotation(3)
        self.env.cr.execute("DELETE FROM supply_change")
        left = 1
        while left:
            left = self.promises._fill_batch(batch=1)
        self._run_job()
        self.assertEqual(
            self.promises.search([("sale_line_id", "in", lines.ids)]).sale_line_id,
            lines,
        )

    def test_told_earlier_than_likely_is_late_at_once(self):
        line = self._sale(10)
        promise = self._promise(line)
        early = promise.likely_on - timedelta(days=2)
        self.promises._tell(line, {line.id: early}, "phone")
        self.assertEqual(promise.risk, "late")
        self.assertFalse(self._notices(line.order_id), "whoever told it knows")

    def test_more_wishes_take_no_more_queries(self):
        self._count_queries(3)  # what is read once for all
        self.assertEqual(self._count_queries(20), self._count_queries(3))

    def _count_queries(self, number):
        """Return how many queries it takes to look at so many new wishes."""
        wish = Command.create({"product_id": self.product.id, "quantity": 2})
        lead = self.env["crm.lead"].create(
            {
                "name": "Beds",
                "company_id": self.company.id,
                "wanted_line_ids": [wish] * number,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found = self.env["supply.outlook"]._look(lead.wanted_line_ids)
        self.assertEqual(len(found), number)
        return self.env.cr.sql_log_count - before
