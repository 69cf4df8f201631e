from datetime import timedelta
from itertools import product

from lxml import etree

from odoo import fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import BridgeCommon

LEVEL = "urgency_level_id"


class LevelCase(BridgeCommon):
    def _owed(self, level):
        """Return a deposit of an order of this level, due tomorrow."""
        order = self._order(**self._urgency(level))
        return (
            self.env["supplier.deposit"]
            ._engine(self.company)
            .create(
                {
                    "name": f"Deposit of {order.name}",
                    "order_id": order.id,
                    "company_id": self.company.id,
                    "partner_id": order.partner_id.id,
                    "currency_id": order.currency_id.id,
                    "amount": 100,
                    "date_due": fields.Date.today() + timedelta(days=1),
                    "stage": "planned",
                }
            )
        )


@tagged("post_install", "-at_install")
class TestLevels(LevelCase):
    """Whoever is asked for something sees how urgent it is, whatever it is."""

    def test_deposit_has_level_and_day_of_its_order(self):
        deposit = self._owed(self.critical).with_user(self.buyer)
        self.assertEqual(deposit.urgency_level_id, self.critical)
        self.assertEqual(deposit.needed_by, deposit.order_id.needed_by)

    def test_deposit_follows_its_order(self):
        deposit = self._owed(self.urgent)
        self.assertEqual(deposit.urgency_level_id, self.urgent)
        deposit.order_id.urgency_level_id = self.critical
        self.assertEqual(deposit.urgency_level_id, self.critical)

    def test_receipts_show_level_and_day_of_their_order(self):
        """Where buyers ask vendors for what is overdue, at a desk and on a phone."""
        order = self._order(**self._urgency(self.critical))
        lines = self.env["purchase.order.line"].with_user(self.buyer)
        line = lines.browse(order.order_line.ids)
        self.assertEqual(line.urgency_level_id, self.critical)
        self.assertEqual(line.needed_by, order.needed_by)
        for model, view_type in product(
            ("purchase_order_line", "stock_picking"), ("list", "kanban")
        ):
            with self.subTest(model=model, view_type=view_type):
                view = self.env.ref(
                    f"crm_purchase_bridge.{model}_view_{view_type}_receipts"
                )
                arch = self.env[view.model].get_view(view.id, view_type)["arch"]
                page = etree.fromstring(arch)
                badges = page.xpath("//field[@widget='urgency_badge']")
                self.assertEqual([each.get("name") for each in badges], [LEVEL])
                days = page.xpath("//field[@name='needed_by'][@widget='due_date']")
                self.assertEqual(len(days), 1)

    def test_question_has_the_level_of_what_it_is_about(self):
        sale = self._urgent_sale(self.critical)
        purchase = self._order(**self._urgency())
        for record, level in (
            (sale, self.critical),
            (sale.order_line, self.critical),
            (purchase, self.urgent),
            (purchase.order_line, self.urgent),
            (self._sale(), self.normal),
        ):
            with self.subTest(record=record):
                user = self.buyer if record._name.startswith("purchase") else self.care
                question = self._ask(record, "stock", user=user)
                self.assertEqual(question.with_user(self.clerk).urgency_level_id, level)

    def test_promise_has_the_level_of_its_order(self):
        sale = self._urgent_sale(self.critical, product=self.kept)
        sale.action_confirm()
        self._follow_supply()
        promises = self.env["supply.promise"].search([("order_id", "=", sale.id)])
        self.assertEqual(promises.urgency_level_id, self.critical)


class LevelTourCase(TourCase, LevelCase):
    def _look_at_deposits(self):
        for level in (self.urgent, self.critical):
            self._owed(level)
        self._tour("/odoo/supplier-deposits", "levels", self.buyer)

    def _look_at_questions(self):
        for level in (self.urgent, self.critical):
            self._ask(self._urgent_sale(level))
        self._tour("/odoo/questions", "levels", self.buyer)


@tagged("post_install", "-at_install")
class TestLevelTour(Desk, LevelTourCase):
    def test_levels_of_deposits(self):
        self._look_at_deposits()

    def test_levels_of_questions(self):
        self._look_at_questions()


@tagged("post_install", "-at_install")
class TestLevelPhoneTour(Phone, LevelTourCase):
    def test_levels_of_deposits_on_a_phone(self):
        self._look_at_deposits()

    def test_levels_of_questions_on_a_phone(self):
        self._look_at_questions()
