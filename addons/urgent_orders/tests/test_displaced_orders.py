from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import UrgencyCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestDisplacedOrders(UrgencyCommon):
    """Ten wheelchairs come in two days, ten more in nine: two orders want ten each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.other = cls._user("other", "sales_team.group_sale_salesman")
        cls._buy_kept(cls.now + 2 * DAY, cls.now + 9 * DAY)
        cls.early = cls._wanted(3, user_id=cls.other.id)
        cls.sale = cls._wanted(5)

    @classmethod
    def _wanted(cls, days, quantity=10, product=None, **values):
        """Return a confirmed order, to go out in that many days."""
        order = cls._sale(quantity=quantity, product=product or cls.kept, **values)
        order.sudo().action_confirm()
        moves = order.sudo().order_line.move_ids
        moves.write({"date": cls.now + days * DAY})
        return order

    def _wizard(self, order, level=None, user=None):
        action = order.with_user(user or self.care).action_open_urgency()
        wizard = self.env(user=user or self.care)["urgency.change"]
        form = Form(wizard.with_context(**action["context"]))
        form.urgency_level_id = level or self.urgent
        if form.is_urgent:
            form.urgency_reason = "Ward opens on Monday"
        return form

    def _told(self):
        return self.env["urgency.displacement"].search([])

    def test_wizard_lists_who_becomes_late(self):
        html = self._wizard(self.sale).displaced_html
        self.assertIn(self.early.name, html)
        self.assertIn(self.customer.name, html)
        self.assertIn("Other", html)
        self.assertIn("6", html)
        self.assertFalse(self._told())

    def _own_only(self, *groups):
        """Return somebody who may open their own sale orders only, with one that
        displaces the others."""
        user = self._user("own", "sales_team.group_sale_salesman", *groups)
        return user, self._wanted(6, user_id=user.id, user=user)

    def test_orders_of_others_are_counted_and_not_shown(self):
        user, sale = self._own_only()
        html = self._wizard(sale, user=user).displaced_html
        self.assertIn("2 of them are not listed", " ".join(html.split()))
        for told in (self.early.name, self.sale.name, self.customer.name, "Wheelchair"):
            self.assertNotIn(told, html)

    def test_own_orders_among_those_of_others_are_shown(self):
        user, sale = self._own_only()
        self.early.sudo().user_id = user
        html = self._wizard(sale, user=user).displaced_html
        self.assertIn(self.early.name, html)
        self.assertNotIn(self.sale.name, html)
        self.assertIn("1 of them are not listed", " ".join(html.split()))

    def test_what_is_not_shown_is_displaced_and_told_all_the_same(self):
        user, sale = self._own_only()
        self._wizard(sale, user=user).save().action_confirm()
        self.assertEqual(
            set(self._told().mapped("document_name")), {self.early.name, self.sale.name}
        )
        self.assertTrue(self._activities(self.early, self.other, "displaced"))

    def test_a_level_read_back_remotely_shows_no_more(self):
        user, sale = self._own_only()
        values = {"res_model": "sale.order", "res_id": sale.id}
        wizard = self.env(user=user)["urgency.change"].create(
            {**values, "urgency_level_id": self.urgent.id}
        )
        (read,) = wizard.web_read({"displaced_html": {}})
        self.assertIn("not listed", read["displaced_html"])
        self.assertNotIn(self.customer.name, read["displaced_html"])

    def test_owners_are_told_afterwards(self):
        self._notices("simple_notification")
        self._wizard(self.sale).save().action_confirm()
        self.assertTrue(self.sale.is_urgent)
        to_do = self._activities(self.early, self.other, "displaced")
        self.assertIn(self.sale.name, to_do.note)
        ((channel, message),) = self._notices("simple_notification")
        self.assertIn(f'"res.partner",{self.other.partner_id.id}]', channel)
        self.assertIn("6 days later", message)
        row = self._told()
        self.assertEqual(row.document_name, self.early.name)
        self.assertEqual((row.delay_days, row.has_date), (6, True))

    def test_without_the_wizard_they_are_told_too(self):
        self.sale.write(self._urgency())
        self.assertTrue(self._activities(self.early, self.other, "displaced"))

    def test_they_are_told_once(self):
        self.sale.write(self._urgency())
        later = fields.Datetime.add(fields.Datetime.now(), hours=1)
        with freeze_time(later):
            self.sale.write(self._urgency())
            self.sale._urgency_takes_supply()
            self.sale.urgency_level_id = self.critical
        self.assertEqual(len(self._told()), 1)
        self.assertEqual(len(self._activities(self.early, self.other, "displaced")), 1)

    def test_confirming_an_urgent_quotation_tells_them(self):
        quotation = self._urgent_sale(quantity=10, product=self.kept)
        quotation.commitment_date = self.now
        self.assertFalse(self._told())
        quotation.action_confirm()
        self.assertFalse(self._told(), "its date is the earliest in any case")
        quotation = self._urgent_sale(quantity=10, product=self.kept)
        quotation.commitment_date = self.now + 4 * DAY
        quotation.action_confirm()
        self.assertTrue(self._told())

    def test_no_date_when_supply_ends(self):
        late = self._wanted(6, quantity=5)
        self.sale.write(self._urgency())
        late.write(self._urgency())
        rows = self._told().filtered(lambda row: row.cause_id == late.id)
        self.assertEqual(rows.has_date, False)
        self.assertEqual(rows.document_name, self.early.name)

    def test_nobody_is_displaced_where_there_is_enough(self):
        self._count(50)
        self.assertFalse(self._wizard(self.sale).displaced_html)
        self.sale.write(self._urgency())
        self.assertFalse(self._told())

    def test_reserved_goods_stay_where_they_are(self):
        self._count(10)
        self.early.sudo().picking_ids.action_assign()
        self.assertFalse(self._wizard(self.sale).displaced_html)

    def test_goods_bought_for_one_order_are_not_taken(self):
        bought = self._wanted(3, product=self.product)
        urgent = self._wanted(5, product=self.product)
        self.assertFalse(self._wizard(urgent).displaced_html)
        self._purchase(bought).button_confirm()
        self.assertFalse(self._wizard(urgent).displaced_html)

    def test_other_warehouses_are_left_alone(self):
        warehouse = self.env["stock.warehouse"].create({"name": "South", "code": "S"})
        south = self._wanted(5, warehouse_id=warehouse.id)
        self.assertFalse(self._wizard(south).displaced_html)

    def test_delivery_in_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        first, second = self._wanted(3), self._wanted(4)
        self._count(10)
        self.sale.write(self._urgency())
        names = self._told().mapped("document_name")
        self.assertIn(first.name, names)
        self.assertIn(second.name, names)

    def test_storekeeper_marks_a_delivery(self):
        delivery = self.sale.sudo().picking_ids
        form = self._wizard(delivery, user=self.clerk)
        self.assertIn(self.early.name, form.displaced_html)
        form.save().action_confirm()
        self.assertEqual(self._told().cause_name, delivery.name)

    def test_lower_or_higher_takes_nothing_more(self):
        self.sale.write(self._urgency())
        self.assertFalse(self._wizard(self.sale, self.critical).displaced_html)
        self.assertFalse(self._wizard(self.sale, self.normal).displaced_html)

    def test_preview_of_orders_of_others_is_refused(self):
        with self.assertRaises(AccessError):
            self.sale.with_user(self.other).action_open_urgency()
        wizards = self.env(user=self.other)["urgency.change"]
        values = {"res_model": "sale.order", "res_id": self.sale.id}
        with self.assertRaises(AccessError):
            wizards.create(values).mapped("displaced_html")
        for model, number in (("res.users", 2), ("nonsense", 1), ("sale.order", 0)):
            with self.assertRaises(UserError):
                wizards.new({"res_model": model, "res_id": number})._get_order()

    def test_cost_does_not_grow_with_orders(self):
        for _order in range(3):
            self._wanted(3, quantity=1)
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.sale._get_displaced()
        few = self.env.cr.sql_log_count - start
        for _order in range(20):
            self._wanted(3, quantity=1)
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.sale._get_displaced()
        self.assertLessEqual(self.env.cr.sql_log_count - start, few + 2)
