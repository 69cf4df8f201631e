from urllib.parse import urlsplit

from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .quotes_common import QuotesCommon

FORM = "/odoo/purchase/{}"


class QuoteTourCase(TourCase, QuotesCommon):
    def _compare(self):
        self._rule(self.manager)
        self._lack()
        near, far = self._rivals(100, 80)
        self._tour(FORM.format(near.id), "compare_quotes", self.buyer)
        self.assertEqual((near.state, far.state), ("to approve", "draft"))
        self.assertEqual(far.order_line.product_qty, 0)

    def _take_over(self):
        near, _far = self._rivals(100, 80)
        line = near.order_line
        near.sudo()._vendor_answers({line.id: {"price": "95", "quantity": "8"}})
        self._tour(FORM.format(near.id), "take_over", self.buyer)
        self.assertEqual((line.price_unit, line.product_qty), (95, 8))

    def _vendor_answers(self):
        near, _far = self._rivals(100, 80)
        url = urlsplit(near.get_dates_url())
        self.start_tour(
            f"{url.path}?{url.query}", f"{self.test_module}_vendor_answers", login=None
        )
        self.env.invalidate_all()
        answer = self.env["supply.answer"].search([("order_id", "=", near.id)])
        self.assertEqual((answer.price_unit, answer.quantity), (95.5, 8))
        self.assertEqual(near.order_line.price_unit, 100)


@tagged("post_install", "-at_install")
class TestQuoteTour(Desk, QuoteTourCase):
    def test_a_buyer_compares_and_chooses(self):
        self._compare()

    def test_a_buyer_takes_over_an_answer(self):
        self._take_over()

    def test_a_vendor_answers(self):
        self._vendor_answers()


@tagged("post_install", "-at_install")
class TestQuotePhoneTour(Phone, QuoteTourCase):
    def test_a_buyer_compares_and_chooses_on_a_phone(self):
        self._compare()

    def test_a_buyer_takes_over_an_answer_on_a_phone(self):
        self._take_over()

    def test_a_vendor_answers_on_a_phone(self):
        self._vendor_answers()
