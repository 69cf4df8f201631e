from odoo.tests import BaseCase, tagged

from ..matching.garbled import GAP, fill_gaps, find_gaps, mend, read_amount
from ..matching.keys import read_entry


@tagged("post_install", "-at_install")
class TestGarbled(BaseCase):
    def test_what_pages_and_addresses_write_for_letters(self):
        for text, meant in (
            ("Nguy&#7877;n &amp; Con - C&#417; kh&#237;", "Nguyễn & Con - Cơ khí"),
            ("L&ecirc; Th&#x1ECB; Hoa", "Lê Thị Hoa"),
            ("Ph%C3%B9ng+Ng%E1%BB%8Dc+Mai", "Phùng Ngọc Mai"),
            ("phungngocmai%40gmail.com", "phungngocmai@gmail.com"),
        ):
            self.assertEqual(mend(text), meant)

    def test_fonts_of_before(self):
        for text, meant in (
            ("Coâng ty Deät may Ñoàng Khôûi", "công ty dệt may đồng khởi"),
            ("ÑAÏI LYÙ Thònh", "đại lý thịnh"),
            ("Tröông Myõ Leä", "trương mỹ lệ"),
            ("NguyÔn V¨n H\xadng", "nguyễn văn hưng"),
            ("TrÇn ThÞ Thanh Thñy", "trần thị thanh thủy"),
        ):
            self.assertEqual(mend(text).lower(), meant)

    def test_other_letters_are_left(self):
        for text in (
            "Muñoz Peña", "Michaël Noël", "Böhm Jürgen", "Citroën", "100% Cotton",
            "Trần Thị Hòe", "Nguyễn Uyên Thúy", "AT&T", "Copy Center", "",
        ):  # fmt: skip
            self.assertEqual(mend(text), text)

    def test_a_copy_is_called_as_what_it_is_of(self):
        for text in ("Út Hiền - Copy (2)", "Út Hiền (copy)", "Út Hiền - bản sao"):
            self.assertEqual(mend(text), "Út Hiền")

    def test_a_number_that_a_spreadsheet_took_for_an_amount(self):
        self.assertEqual(read_amount("6001523847.0"), "6001523847")
        self.assertEqual(read_amount("2.623850117E9"), "2623850117")
        self.assertEqual(read_amount("8.3522771E+8"), "835227710")
        # figures are lost
        for text in ("9.12E+08", "0912.345.678", "0912 345 678", ""):
            self.assertEqual(read_amount(text), text)
        entry = read_entry("Ban Mê", phone="2.623850117E9", tax_code="6001523847.0")
        self.assertEqual(entry.phones, ("+842623850117",))
        self.assertEqual(entry.tax_code.root, "6001523847")

    def test_letters_that_were_lost(self):
        words = tuple(find_gaps("Ph?m Th? Thu?n").casefold().split())
        self.assertEqual(words, (f"ph{GAP}m", f"th{GAP}", f"thu{GAP}n"))
        self.assertEqual(
            fill_gaps(words, ("pham", "thi", "thuan")), ("pham", "thi", "thuan")
        )
        self.assertEqual(fill_gaps(words, ("pham", "van", "thanh"))[1:], words[1:])
        # whoever writes it asks
        self.assertEqual(find_gaps("Anh Tuấn?"), "Anh Tuấn?")
