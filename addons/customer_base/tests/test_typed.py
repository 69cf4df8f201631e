import unicodedata

from odoo.tests import BaseCase, tagged

from ..matching.names import fold
from ..matching.typed import untype


@tagged("post_install", "-at_install")
class TestTyped(BaseCase):
    def test_telex_that_the_keyboard_did_not_read(self):
        for typed, meant in (
            ("Nguyeexn Thij Thu Haf", "nguyễn thị Thu hà"),
            ("Phamj Vawn DDoong", "phạm văn đông"),
            ("Huwowngf", "hường"),
            ("Traanf Quoocs Tuaans", "trần quốc tuấn"),
        ):
            self.assertEqual(unicodedata.normalize("NFC", untype(typed)), meant)

    def test_tones_typed_inside_of_a_word(self):
        self.assertEqual(fold(untype("Hoafng Vawn Ddức")), "hoang van duc")

    def test_vni(self):
        self.assertEqual(fold(untype("Nguye64n Va8n Thi5")), "nguyen van thi")

    def test_a_name_from_abroad_stays(self):
        for name in (
            "Max",
            "Nguyễn Max",
            "Lee Min Ho",
            "Bee Logistics Corp",
            "Book Store",
            "Green Tree",
            "A4 B5",
            "May10",
            "Ruth Cox",
            "",
        ):
            self.assertEqual(untype(name), name)
