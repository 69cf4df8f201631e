from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import BridgeCommon


class QuestionTourCase(TourCase, BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.vn")

    def _ask_and_answer(self):
        sale = self._sale(quantity=6, product=self.kept)
        self._tour(f"/odoo/sales/{sale.id}", "ask", self.care)
        question = self.env["supply.question"].search([], limit=1)
        self.assertEqual(question.document_id, sale.id)
        self.assertEqual(question.asker_id, self.care)
        self._tour("/odoo/questions", "answer", self.buyer)
        self.assertEqual(question.answer, "Yes, in the morning")
        self.assertEqual(question.answered_by_id, self.buyer)

    def _ask_on_card(self):
        sale = self._sale(quantity=6, product=self.kept, confirm=True)
        customer = sale.partner_id
        self._tour(f"/odoo/customers/{customer.id}", "ask_on_card", self.seller)
        question = self.env["supply.question"].search([], limit=1)
        self.assertEqual(question.product_id, self.kept)
        self.assertEqual(question.res_id, sale.order_line.id)
        question.with_user(self.buyer)._answer("Yes, in the morning")
        self._tour(f"/odoo/sales/{sale.id}", "answer_on_card", self.care)

    def _hear_of_others(self):
        partner = self.env["res.partner"].create({"name": "Nguyễn Thị Đào Zyx"})
        sale = self._sale(partner_id=partner.id, client_order_ref="PO-Zyx-7781")
        sale.sudo().user_id = self.seller
        own = self._user("own", "sales_team.group_sale_salesman")
        self._tour("/odoo/who-is-calling", "who_else", own)

    def _find_caller(self):
        partner = self.env["res.partner"].create(
            {"name": "Nguyễn Thị Đào Zyx", "phone": "+84 901 234 567"}
        )
        self._sale(partner_id=partner.id, client_order_ref="PO-Zyx-7781")
        self._tour("/odoo/who-is-calling", "who_is_calling", self.care)


@tagged("post_install", "-at_install")
class TestQuestionTour(Desk, QuestionTourCase):
    def test_question_is_asked_and_answered(self):
        self._ask_and_answer()

    def test_question_is_asked_and_read_on_the_card(self):
        self._ask_on_card()

    def test_caller_is_found(self):
        self._find_caller()

    def test_orders_of_colleagues_are_heard_of(self):
        self._hear_of_others()


@tagged("post_install", "-at_install")
class TestQuestionPhoneTour(Phone, QuestionTourCase):
    def test_question_is_asked_and_answered_on_a_phone(self):
        self._ask_and_answer()

    def test_question_is_asked_and_read_on_the_card_on_a_phone(self):
        self._ask_on_card()

    def test_caller_is_found_on_a_phone(self):
        self._find_caller()

    def test_orders_of_colleagues_are_heard_of_on_a_phone(self):
        self._hear_of_others()
