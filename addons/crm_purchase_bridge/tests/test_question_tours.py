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

    def test_caller_is_found(self):
        self._find_caller()


@tagged("post_install", "-at_install")
class TestQuestionPhoneTour(Phone, QuestionTourCase):
    def test_question_is_asked_and_answered_on_a_phone(self):
        self._ask_and_answer()

    def test_caller_is_found_on_a_phone(self):
        self._find_caller()
