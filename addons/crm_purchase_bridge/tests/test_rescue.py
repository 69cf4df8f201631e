from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import day

from .test_need import NeedCommon


@tagged("post_install", "-at_install")
class TestRescue(NeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._user("keeper", "stock.group_stock_user")
        cls.warehouse.reception_steps = "two_steps"
        cls.input = cls.warehouse.wh_input_stock_loc_id

    def _open(self, user=None):
        self._run_job()
        rescues = self.env["supply.rescue"].with_user(user or self.keeper)
        rescues = rescues.with_context(allowed_company_ids=self.company.ids)
        return rescues.search(rescues.action_open()["domain"])

    def test_goods_that_stand_around_are_put_away(self):
        line = self._sale(5, due=day(1))
        self._count(5, self.input)
        rescue = self._open()
        self.assertEqual((rescue.kind, rescue.quantity), ("put_away", 5))
        self.assertEqual(rescue.order_name, line.order_id.name)
        picking = self.env["stock.picking"].browse(rescue.action_do()["res_id"])
        self.assertEqual(picking.move_ids.location_id, self.input)
        self.assertEqual(picking.location_dest_id, self.stock)
        self.assertEqual(picking.move_ids.quantity, 5)
        self.assertTrue(rescue.is_done)

    def test_they_are_offered_once_to_the_worst_first(self):
        self._sale(5, due=day(2))
        first = self._sale(5, due=day(1))
        self._count(7, self.input)
        rescues = self._open()
        self.assertEqual(rescues.mapped("quantity"), [5, 2])
        self.assertEqual(rescues[0].order_name, first.order_id.name)

    def test_what_is_in_time_needs_no_rescue(self):
        self._sale(5, due=day(60))
        self._count(5, self.input)
        self.assertFalse(self._open())

    def test_what_was_moved_meanwhile_is_not_put_away(self):
        self._sale(5, due=day(1))
        self._count(5, self.input)
        rescue = self._open()
        self._count(-3, self.input)
        with self.assertRaises(UserError):
            rescue.action_do()

    def test_it_is_done_once(self):
        self._sale(5, due=day(1))
        self._count(5, self.input)
        rescue = self._open()
        rescue.action_do()
        with self.assertRaises(UserError):
            rescue.action_do()

    def test_who_has_time_lends(self):
        self._count(5)
        lender = self._sale(5, due=day(25))
        lender.move_ids._action_assign()
        late = self._sale(5, due=day(1))
        self._purchase(5, day(10))
        rescue = self._open()
        self.assertEqual((rescue.kind, rescue.quantity), ("lend", 5))
        rescue.action_do()
        self.assertEqual(late.move_ids.quantity, 5)
        self.assertFalse(lender.move_ids.quantity)

    def test_who_moves_no_goods_does_nothing(self):
        self._sale(5, due=day(1))
        self._count(5, self.input)
        rescue = self._open()
        for call in (
            self.env["supply.rescue"].with_user(self.care).action_open,
            rescue.with_user(self.care).action_do,
            rescue.with_user(self._user("other", "stock.group_stock_user")).action_do,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_receipts_say_who_waits(self):
        self._sale(5, due=day(1))
        receipt = self._purchase(5, day(3)).move_ids.picking_id
        self._run_job()
        self.assertIn(
            self.customer.name, receipt.with_user(self.keeper).supply_customers
        )
