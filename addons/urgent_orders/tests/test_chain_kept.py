from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..report import urgency_case
from .common import UrgencyCommon

DAY = timedelta(days=1)
#: What the screen shows that does not change by itself.
SHOWN = (
    "name",
    "sale_id",
    "purchase_id",
    "level_id",
    "reason",
    "partner_id",
    "state",
    "holder_kind",
    "holder_id",
    "marked_on",
    "needed_by",
    "expected_on",
    "is_late",
)


@tagged("post_install", "-at_install")
class TestChainKept(UrgencyCommon):
    """What is kept of urgent cases follows on every path; until then the screen works
    it out anew, so that it is right at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.seller_ids.delay = 2
        cls.boss = cls._user(
            "boss",
            "sales_team.group_sale_manager",
            "purchase.group_purchase_manager",
        )
        cls.states = cls.env["urgency.case.state"]
        cls.changes = cls.env["urgency.case.change"]

    def _read(self, order):
        """Return what the screen shows of a case now, or nothing."""
        self.env.flush_all()
        self.env.invalidate_all()
        name = "sale_id" if order._name == "sale.order" else "purchase_id"
        cases = self.env(user=self.boss)["urgency.case"].search([(name, "=", order.id)])
        self.assertLessEqual(len(cases), 1)
        return next(iter(cases.read(SHOWN, load="")), None)

    def _follow(self):
        """Do what the job does; what is kept is right then."""
        self._follow_supply()
        self.assertFalse(self.changes.search([]))
        self.assertFalse(self._find())

    def _find(self):
        """Return what is kept and wrong, but for what is noted."""
        self.env.flush_all()
        sales = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        purchases = self.env["purchase.order"].search(
            [("partner_id", "=", self.vendor.id)]
        )
        noted, _rows = self.changes._get_anew()
        return self.states._find_differences(sales.ids, purchases.ids, noted)

    def _sql(self, table, record, **values):
        """Change a record where Odoo does not see it."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                record.id,
            )
        )
        self.env.invalidate_all()

    def assertShown(self, order, **values):
        """The screen shows it at once, and when the job has followed."""
        self.assertFalse(self._find(), "a change that nothing noted")
        for follow in (self.env.flush_all, self._follow):
            follow()
            shown = self._read(order)
            self.assertEqual({name: shown[name] for name in values}, values)

    def assertNotShown(self, order):
        self.assertFalse(self._find(), "a change that nothing noted")
        self.assertFalse(self._read(order))
        self._follow()
        self.assertFalse(self._read(order))

    def _ordered(self):
        """Return an urgent order and its purchase, which is confirmed."""
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale)
        purchase.button_confirm()
        self._follow()
        return sale, purchase

    def _submitted_for(self, sale):
        """Return the purchase of an order, which waits for the manager."""
        self._rule(self.manager)
        purchase = self._purchase(sale)
        purchase.button_confirm()
        self._follow()
        return purchase.sudo()

    # urgency

    def test_raised(self):
        sale = self._sale()
        self._follow()
        sale.write(self._urgency())
        self.assertShown(sale, level_id=self.urgent.id, needed_by=self.deadline)
        sale.urgency_level_id = self.critical
        self.assertShown(sale, level_id=self.critical.id)

    def test_cleared(self):
        sale = self._urgent_sale(confirm=True)
        self._follow()
        sale.urgency_level_id = self.normal
        self.assertNotShown(sale)
        self.assertNotShown(self._purchase(sale))

    def test_deadline_and_reason(self):
        sale = self._urgent_sale()
        self._follow()
        sale.write({"urgency_reason": "Flood", "needed_by": self.deadline + DAY})
        self.assertShown(sale, reason="Flood", needed_by=self.deadline + DAY)

    def test_inherited_from_the_opportunity(self):
        lead = self.env["crm.lead"].create({"name": "Beds"})
        sale = self._sale(opportunity_id=lead.id)
        self._follow()
        lead.write(self._urgency())
        self.assertShown(sale, level_id=self.urgent.id)
        lead.unlink()
        self.assertNotShown(sale)

    def test_changed_in_sql(self):
        sale = self._sale()
        self._follow()
        self._sql("sale_order", sale, urgency_level_id=self.urgent.id)
        self.assertShown(sale, level_id=self.urgent.id, reason=False)
        self._sql("sale_order", sale, name="S/1", needed_by=self.deadline)
        self.assertShown(sale, name="S/1", needed_by=self.deadline)
        self._sql("sale_order", sale, urgency_level_id=self.normal.id)
        self.assertNotShown(sale)

    def test_level_that_counts_no_more(self):
        sale = self._urgent_sale()
        order = self._order(**self._urgency())
        self._follow()
        self.urgent.is_urgent = False
        self.assertNotShown(sale)
        self.assertNotShown(order)
        self.urgent.is_urgent = True
        self.assertShown(sale, level_id=self.urgent.id)
        self.assertShown(order, level_id=self.urgent.id)

    # the customer's order

    def test_cancelled_and_taken_up_again(self):
        sale = self._urgent_sale()
        self._follow()
        sale.sudo()._action_cancel()
        self.assertNotShown(sale)
        sale.sudo().action_draft()
        self.assertShown(sale, state="quotation")

    def test_deleted(self):
        sale = self._urgent_sale()
        self._follow()
        case = sale.id * 2
        sale.sudo()._action_cancel()
        sale.sudo().unlink()
        self.assertFalse(self._find())
        self._follow()
        self.assertFalse(self.states.browse(case).exists())

    def test_lead_time_of_a_quotation(self):
        sale = self._urgent_sale()
        self._follow()
        sale.order_line.customer_lead = 30
        self.assertShown(sale, is_late=True)

    def test_salesperson(self):
        sale = self._urgent_sale()
        self._follow()
        sale.sudo().user_id = self.seller
        self.assertShown(sale, holder_id=self.seller.id)

    def test_storekeeper_of_the_delivery(self):
        self._count(5)
        sale = self._urgent_sale(product=self.kept, confirm=True)
        self._follow()
        sale.sudo().picking_ids.user_id = self.clerk
        self.assertShown(sale, holder_id=self.clerk.id)
        self._sql("stock_picking", sale.sudo().picking_ids, user_id=self.boss.id)
        self.assertShown(sale, holder_id=self.boss.id)

    def test_delivered(self):
        self._count(5)
        sale = self._urgent_sale(product=self.kept, confirm=True)
        self._follow()
        sale.sudo().picking_ids.button_validate()
        self.assertShown(sale, state="delivered", is_late=False)

    def test_customers_merged(self):
        sale = self._urgent_sale()
        other = self.env["res.partner"].create({"name": "The same hospital"})
        sale.sudo().partner_id = other
        self._follow()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((other | self.customer).ids, self.customer, extra_checks=False)
        self.assertShown(sale, partner_id=self.customer.id)

    # its supply

    def test_supply_as_the_job_finds_it(self):
        sale = self._urgent_sale(product=self.kept, confirm=True)
        self._follow()
        self.assertShown(sale, state="missing", holder_kind="buyer")
        self._buy_kept(fields.Datetime.now() + 3 * DAY)
        self._follow()
        self.assertShown(sale, state="ordered", holder_kind="vendor")

    def test_supply_changed_in_sql(self):
        sale, _purchase = self._ordered()
        moment = self.deadline + 9 * DAY
        state = self.env["supply.state"].search([("order_id", "=", sale.id)])
        self._sql("supply_state", state, ready_on=moment)
        self.assertEqual(self._read(sale)["expected_on"], moment)
        self.assertTrue(self._read(sale)["is_late"])

    # its purchases

    def test_confirmed_and_received(self):
        sale = self._urgent_sale(confirm=True)
        self._follow()
        purchase = self._purchase(sale)
        purchase.button_confirm()
        self.assertShown(sale, state="ordered")
        purchase.picking_ids.button_validate()
        self._follow()
        self.assertShown(sale, state="received", holder_kind="warehouse")

    def test_purchase_changed_in_sql(self):
        sale = self._urgent_sale(confirm=True)
        self._follow()
        self._sql("purchase_order", self._purchase(sale), state="purchase")
        self.assertEqual(self._read(sale)["state"], "ordered")

    def test_buyer(self):
        sale = self._urgent_sale(confirm=True)
        self._follow()
        self._purchase(sale).user_id = self.buyer
        self.assertShown(sale, holder_id=self.buyer.id)

    def test_purchase_cancelled_and_deleted(self):
        sale = self._urgent_sale(confirm=True)
        self._follow()
        purchase = self._purchase(sale)
        purchase.button_cancel()
        self._follow()
        self.assertShown(sale, state="missing")
        purchase.unlink()
        self.assertShown(sale, state="missing", purchase_id=False)

    def test_purchase_of_its_own(self):
        order = self._order(**self._urgency())
        self.assertShown(order, state="request", holder_kind="buyer")
        order.order_line.date_planned = self.deadline + 9 * DAY
        self.assertShown(order, is_late=True)
        order.button_confirm()
        self.assertShown(order, state="ordered", expected_on=self.deadline + 9 * DAY)
        order.sudo().picking_ids.button_validate()
        self.assertNotShown(order)

    def test_purchase_of_its_own_is_deleted(self):
        order = self._order(**self._urgency())
        self._follow()
        case = order.id * 2 + 1
        order.button_cancel()
        order.unlink()
        self.assertFalse(self._find())
        self._follow()
        self.assertFalse(self.states.browse(case).exists())

    def test_purchase_is_a_case_of_its_own_when_it_serves_nobody_any_more(self):
        sale = self._urgent_sale(confirm=True)
        purchase = self._purchase(sale).with_user(self.buyer)
        purchase.write(self._urgency(self.critical))
        self._follow()
        self.assertShown(purchase, sale_id=sale.id)
        sale.sudo()._action_cancel()
        self._follow()
        self.assertShown(purchase, sale_id=False, level_id=self.critical.id)

    def test_purchase_that_refers_to_an_order(self):
        """A reference in common is enough, whoever makes it."""
        order = self._order(**self._urgency())
        sale = self._urgent_sale(product=self.kept, confirm=True)
        self._follow()
        self.assertTrue(self._read(order))
        references = sale.sudo().stock_reference_ids
        order.sudo().reference_ids = [Command.set(references.ids)]
        self.assertNotShown(order)
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM stock_reference_purchase_rel WHERE purchase_id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        self.assertShown(order, state="request")

    def test_purchases_merged(self):
        sales = self._urgent_sale(confirm=True), self._urgent_sale(confirm=True)
        self._follow()
        purchases = self._purchase(sales[0]) | self._purchase(sales[1])
        purchases.action_merge()
        left = purchases.filtered(lambda purchase: purchase.state != "cancel")
        self._follow()
        for sale in sales:
            self.assertShown(sale, state="request", purchase_id=left.id)

    # approvals

    def test_approver(self):
        sale = self._urgent_sale(confirm=True)
        purchase = self._submitted_for(sale)
        self.assertShown(sale, state="approval", holder_id=self.manager.id)
        purchase.with_user(self.manager).action_approve()
        self.assertShown(sale, state="ordered", holder_kind="vendor")

    def test_rejected(self):
        sale = self._urgent_sale(confirm=True)
        purchase = self._submitted_for(sale)
        purchase.approval_process_id.with_user(self.manager)._decide(
            "rejected", comment="Too dear"
        )
        self.assertShown(sale, state="request")

    def test_approval_is_handed_on(self):
        sale = self._urgent_sale(confirm=True)
        purchase = self._submitted_for(sale)
        task = purchase.approval_process_id.task_ids
        task._system_write({"holder_id": self.boss.id})
        self.assertShown(sale, holder_id=self.boss.id)
        self._sql("approval_task", task, holder_id=self.manager.id)
        self.assertShown(sale, holder_id=self.manager.id)

    def test_limit_of_the_approval(self):
        sale = self._urgent_sale(confirm=True)
        purchase = self._submitted_for(sale)
        before = self._read(sale)["expected_on"]
        task = purchase.approval_process_id.task_ids
        task._system_write({"due_at": fields.Datetime.now() + 30 * DAY})
        self.assertShown(sale, is_late=True)
        self.assertGreater(self._read(sale)["expected_on"], before + 25 * DAY)

    # time

    def _at(self, moment):
        """Let the screen be read at another moment, without any job until then."""
        self.env.flush_all()
        return patch.object(urgency_case, "NOW", SQL("%s::timestamp", moment))

    def test_days_pass(self):
        sale, _purchase = self._ordered()
        expected = self._read(sale)["expected_on"]
        self.assertFalse(self._read(sale)["is_late"])
        with self._at(expected + DAY):
            self.assertEqual(self._read(sale)["expected_on"], expected + DAY)
        with self._at(self.deadline + timedelta(hours=1)):
            self.assertTrue(self._read(sale)["is_late"])

    def test_quotation_takes_its_time_from_any_day_on(self):
        sale = self._urgent_sale()
        sale.order_line.customer_lead = 2
        self._follow()
        moment = self.deadline - DAY
        with self._at(moment):
            self.assertEqual(self._read(sale)["expected_on"], moment + 2 * DAY)
            self.assertTrue(self._read(sale)["is_late"])

    def test_vendor_of_a_request_takes_time_from_any_day_on(self):
        order = self._order(**self._urgency())
        order.date_order = fields.Datetime.now()
        order.order_line.date_planned = order.date_order + 3 * DAY
        self._follow()
        for days in (0, 2, 10):
            moment = order.date_order + days * DAY
            with self._at(moment):
                self.assertEqual(self._read(order)["expected_on"], moment + 3 * DAY)

    def test_approval_runs_out(self):
        """Goods come later by what is left of it, and no earlier than its end."""
        sale = self._urgent_sale(confirm=True)
        purchase = self._submitted_for(sale)
        start = fields.Datetime.now()
        ready, due = start + 4 * DAY, start + 2 * DAY
        task = purchase.approval_process_id.task_ids
        task._system_write({"due_at": due})
        self._follow()
        state = self.env["supply.state"].search([("order_id", "=", sale.id)])
        self._sql("supply_state", state, ready_on=ready)
        while self.changes._follow_batch():
            pass
        for days, expected in ((0, 6), (1, 5), (2, 4), (3, 4), (5, 5)):
            with self._at(start + days * DAY):
                shown = self._read(sale)["expected_on"]
                self.assertEqual(shown, start + expected * DAY, days)

    def test_delivered_long_ago(self):
        self._count(5)
        sale = self._urgent_sale(product=self.kept, confirm=True)
        sale.sudo().picking_ids.button_validate()
        self._follow()
        row = self.states.browse(sale.id * 2)
        long_ago = fields.Datetime.now() - 91 * DAY
        row.delivered_order_date = long_ago
        self.assertFalse(self._read(sale))
        self._sql("sale_order", sale, date_order=long_ago)
        self.assertNotShown(sale)
        self.assertFalse(row.exists())

    def test_delivered_long_ago_is_dropped_some_day(self):
        self._count(5)
        sale = self._urgent_sale(product=self.kept, confirm=True)
        sale.sudo().picking_ids.button_validate()
        self._follow()
        row = self.states.browse(sale.id * 2)
        row.delivered_order_date = fields.Datetime.now() - 91 * DAY
        self.env.flush_all()
        self.changes._gc_delivered()
        self.assertEqual(self.changes.search([]).sale_id, sale.id)

    # the past, and what goes wrong

    def test_what_was_there_before(self):
        """A company that is updated sees its cases at once."""
        sale, _purchase = self._ordered()
        order = self._order(**self._urgency())
        self._follow()
        before = self._read(sale), self._read(order)
        self.states.search([]).unlink()
        self.env.cr.execute("DROP TRIGGER urgency_note_sale_order_update ON sale_order")
        self.changes.init()
        self.assertEqual((self._read(sale), self._read(order)), before)
        self._follow()
        self.assertEqual((self._read(sale), self._read(order)), before)

    def test_nothing_is_noted_where_all_triggers_are_there(self):
        self._ordered()
        self.changes.init()
        self.assertFalse(self.changes.search([]))

    def test_part_by_part(self):
        sales = self._urgent_sale() | self._urgent_sale() | self._urgent_sale()
        self.env.flush_all()
        while self.changes._follow_batch(batch=1):
            pass
        self.assertFalse(self._find())
        self.assertEqual(len(self.states.search([("sale_id", "in", sales.ids)])), 3)

    def test_job_says_what_is_left(self):
        self._follow()
        self._urgent_sale()
        self.env.flush_all()
        self.assertGreaterEqual(self.env["supply.change"]._count_left(), 1)

    # cost

    def test_screen_only_reads(self):
        """Also where it works cases out anew: it may be asked of a replica."""
        sale = self._urgent_sale(confirm=True)
        self.env.flush_all()
        self.assertTrue(self.changes.search([]))
        savepoint = self.env.cr.savepoint()
        self.env.cr.execute("SET LOCAL transaction_read_only = on")
        shown = self._read(sale)
        savepoint.close(rollback=True)
        self.assertEqual(shown["name"], sale.name)

    def test_cases_are_worked_out_anew_once_a_page(self):
        self._follow()
        self._urgent_sale()
        self._urgent_sale()
        self.env.flush_all()
        asked = type(self.states)._get_touched
        with patch.object(
            type(self.states), "_get_touched", autospec=True, side_effect=asked
        ) as counted:
            cases = self.env(user=self.boss)["urgency.case"]
            page = cases.web_search_read([], {"name": {}}, limit=1, count_limit=99)
        self.assertEqual(counted.call_count, 1)
        self.assertGreaterEqual(page["length"], 2)

    def test_sales_that_are_not_urgent_are_not_noted(self):
        self._count(5)
        self._follow()
        sale = self._sale(product=self.kept, confirm=True)
        sale.sudo().picking_ids.button_validate()
        self.env.flush_all()
        self.assertFalse(self.changes.search([]))

    def test_purchases_that_are_not_urgent_leave_nothing(self):
        self._follow()
        order = self._order()
        order.button_confirm()
        order.sudo().picking_ids.button_validate()
        self.env.flush_all()
        self.assertEqual(set(self.changes.search([]).mapped("sale_id")), {0})
        self.assertEqual(set(self.changes.search([]).mapped("purchase_id")), {order.id})
        self.assertEqual(self.changes._get_anew(), ([], "[]"))
        self._follow()
        self.assertFalse(self.states.search([("purchase_id", "=", order.id)]))
