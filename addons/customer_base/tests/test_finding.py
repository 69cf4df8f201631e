from odoo.tests import BaseCase, tagged

from ..matching.finding import Query, get_text, read_query


@tagged("post_install", "-at_install")
class TestFinding(BaseCase):
    def test_text_has_the_name_first_and_numbers_in_one_form(self):
        text = get_text(
            "Chị Lan",
            ("An Phát, Chị Lan", "lan@anphat.vn", "0100233488-001", None),
            "01646545327",
        )
        self.assertTrue(text.startswith(" chi lan an phat"))
        for part in (" lan anphat vn", " 0100233488001", " 84346545327"):
            self.assertIn(part, text)

    def test_number_in_any_notation(self):
        for text in (
            "0346 545 327",
            "+84346545327",
            "01646545327",
            "0346.545.327",
            "SĐT: 0346545327",
        ):
            self.assertEqual(read_query(text).digits, "84346545327", text)

    def test_part_of_a_number(self):
        self.assertEqual(read_query("0346 545").digits, "346545")
        self.assertEqual(read_query("327").digits, "327")
        self.assertEqual(read_query("7").digits, "")

    def test_legal_forms_are_left_out(self):
        self.assertEqual(read_query("CTY TNHH An Phát"), Query(("an", "phat")))

    def test_legal_forms_at_the_end_are_left_out(self):
        for text in ("An Phát Co., Ltd", "An Phat JSC", "An Phát Company Limited"):
            self.assertEqual(read_query(text), Query(("an", "phat")), text)

    def test_a_word_like_a_legal_form_stays(self):
        for text in ("Cơ khí", "co khi", "Cô Khí"):
            self.assertEqual(read_query(text), Query(("co", "khi")), text)
        self.assertEqual(
            read_query("Khách sạn Quốc Tế").words, ("khach", "san", "quoc", "te")
        )

    def test_nothing_to_find(self):
        for text in ("", "   ", "%", "@.", "()"):
            self.assertFalse(read_query(text), text)
