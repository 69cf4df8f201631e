from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.supply_link.tests.pool_common import day

from .test_need import NeedCommon


@tagged("post_install", "-at_install")
class TestRedate(NeedCommon):
    def _dialog(self, lines, user=None):
        action = lines.with_user(user or self.buyer).action_new_dates()
        dialogs = self.env["supply.redate"].with_user(user or self.buyer)
        return dialogs.browse(action["res_id"])

    def _promises(self, *lines):
        self._run_job()
        return self.promises.search([("sale_line_id", "in", [x.id for x in lines])])

    def _moves(self, dialog):
        """Return what the dialog shows, by order line's order."""
        dates, wrong = dialog._get_dates()
        self.assertFalse(wrong)
        return {move["order"]: move for move in dialog._look_ahead(dates)}

    def test_what_slips_is_what_is_shown(self):
        """The same purchase serves one who has time, and one who has none."""
        soon, late = self._sale(5, due=day(6)), self._sale(5, due=day(40))
        bought = self._purchase(10, day(3))
        before = {p.sale_line_id: p.likely_on for p in self._promises(soon, late)}
        dialog = self._dialog(bought)
        dialog.new_day = self._day(20)
        shown = self._moves(dialog)
        dialog.action_save()
        for promise in self._promises(soon, late):
            line = promise.sale_line_id
            move = shown.pop(line.order_id.name, None)
            if promise.likely_on == before[line]:
                self.assertFalse(move)
                continue
            self.assertEqual(move["before"], before[line])
            self.assertEqual(move["after"], promise.likely_on)
            self.assertEqual(move["is_broken"], line == soon)
        self.assertFalse(shown)

    def test_what_is_bought_for_an_order_slips_as_shown(self):
        self._make_to_order()
        line = self._sale(5, due=day(10))
        bought = line.supply_link_ids.purchase_line_id
        bought.order_id.button_confirm()
        self._promises(line)
        dialog = self._dialog(bought)
        dialog.new_day = self._day(21)
        shown = self._moves(dialog)[line.order_id.name]
        dialog.action_save()
        self.assertEqual(self._promises(line).likely_on, shown["after"])
        self.assertTrue(shown["is_broken"])

    def test_a_quotation_is_redated_too(self):
        self._make_to_order()
        line = self._sale(5, due=day(10))
        dialog = self._dialog(line.supply_link_ids.purchase_line_id)
        dialog.new_day = self._day(21)
        shown = self._moves(dialog)[line.order_id.name]
        dialog.action_save()
        self.assertEqual(self._promises(line).likely_on, shown["after"])

    def test_looking_changes_nothing(self):
        line = self._sale(5, due=day(6))
        bought = self._purchase(5, day(3))
        self._promises(line)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM supply_change")
        dialog = self._dialog(bought)
        with Form(dialog) as form:
            form.new_day = self._day(20)
            self.assertIn(line.order_id.name, form.effect)
        self.env.invalidate_all()
        self.assertEqual(bought.date_planned, day(3))
        self.assertEqual(bought.move_ids.date, day(3))
        self.env.cr.execute("SELECT count(*) FROM supply_change")
        self.assertEqual(self.env.cr.fetchall(), [(0,)])

    def test_lines_move_by_days_from_their_own(self):
        first, second = self._purchase(5, day(3)), self._purchase(5, day(7))
        dialog = self._dialog(first | second)
        dialog.write({"how": "shift", "shift_days": 4})
        dialog.action_save()
        self.assertEqual(first.date_planned, day(7))
        self.assertEqual(second.date_planned, day(11))

    def test_who_gains_is_shown_as_well(self):
        line = self._sale(5, due=day(6))
        bought = self._purchase(5, day(20))
        self._promises(line)
        dialog = self._dialog(bought)
        dialog.new_day = self._day(3)
        self.assertFalse(self._moves(dialog)[line.order_id.name]["is_later"])

    def test_an_approval_stays(self):
        bought = self._purchase(5, day(3))
        before = bought.order_id.read(["state", "approval_process_id"])
        dialog = self._dialog(bought)
        dialog.new_day = self._day(20)
        dialog.action_save()
        after = bought.order_id.read(["state", "approval_process_id"])
        self.assertEqual(after, before)

    def test_dates_that_make_no_sense_are_refused(self):
        bought = self._purchase(5, day(3))
        dialog = self._dialog(bought)
        for values in (
            {"new_day": False},
            {"new_day": self._day(-1)},
            {"new_day": self._day(4000)},
            {"how": "shift", "shift_days": 0},
            {"how": "shift", "shift_days": -30},
            {"how": "shift", "shift_days": 10**9},
        ):
            dialog.write({"how": "day", **values})
            self.assertFalse(dialog.effect)
            with self.assertRaises(UserError):
                dialog.action_save()
        self.assertEqual(bought.date_planned, day(3))

    def test_what_has_come_has_no_new_date(self):
        bought = self._purchase(5, day(3))
        self._done(bought.move_ids)
        with self.assertRaises(UserError):
            self._dialog(bought)

    def test_who_does_not_buy_gives_no_dates(self):
        bought = self._purchase(5, day(3))
        with self.assertRaises(AccessError):
            self._dialog(bought, user=self.care)
        dialog = self._dialog(bought)
        dialog.new_day = self._day(20)
        for user in (self.care, self._user("other", "purchase.group_purchase_user")):
            with self.assertRaises(AccessError):
                dialog.with_user(user).action_save()

    def test_who_looks_does_not_see_customers_without_buying(self):
        bought = self._purchase(5, day(3))
        with self.assertRaises(AccessError):
            self.env["supply.redate"].with_user(self.care).create(
                {"line_ids": bought.ids, "new_day": self._day(20)}
            )

    def test_the_hot_list_redates_what_its_orders_wait_for(self):
        line = self._sale(5, due=day(4))
        bought = self._purchase(5, day(9))
        action = self._needs(line).action_new_dates()
        dialog = self.env["supply.redate"].browse(action["res_id"])
        self.assertEqual(dialog.line_ids, bought)
