from odoo.tests import BaseCase, tagged

from ..matching.tax_codes import (
    BRANCH,
    CITIZEN,
    COMPANY,
    OTHER,
    read_tax_code,
    tidy_tax_code,
)


@tagged("post_install", "-at_install")
class TestTaxCodes(BaseCase):
    def test_a_company(self):
        for text in ("0100233488", "0100 233 488", "VN0100233488", "MST: 0100233488"):
            code = read_tax_code(text)
            self.assertEqual((code.kind, code.root), (COMPANY, "0100233488"), text)
            self.assertFalse(code.is_wrong)

    def test_a_branch(self):
        code = read_tax_code("0100233488001")
        self.assertEqual((code.kind, code.root), (BRANCH, "0100233488"))
        self.assertEqual(code.text, "0100233488-001")
        self.assertFalse(code.is_wrong)

    def test_a_citizen(self):
        code = read_tax_code("001 099 012 345")
        self.assertEqual((code.kind, code.root), (CITIZEN, "001099012345"))

    def test_one_figure_mistyped(self):
        right = "0100233488"
        for place, figure in enumerate(right):
            for other in set("0123456789") - {figure}:
                text = right[:place] + other + right[place + 1 :]
                self.assertTrue(read_tax_code(text).is_wrong, text)

    def test_no_branch_has_the_number_000(self):
        self.assertTrue(read_tax_code("0100233488-000").is_wrong)

    def test_a_code_of_another_country(self):
        code = read_tax_code("FR 23 334175221")
        self.assertEqual((code.kind, code.root), (OTHER, "FR23334175221"))
        self.assertFalse(code.is_wrong)

    def test_no_code(self):
        for text in (
            "",
            None,
            "/",
            "không có",
            " - ",
            "0",
            "không có 1",
            "0000000000",
            "1111111111111",
            "0123456789",
        ):
            self.assertIsNone(read_tax_code(text), text)

    def test_figures_mean_something_else_abroad(self):
        thai = read_tax_code("0105556176239", "TH")
        self.assertEqual((thai.kind, thai.root), (OTHER, "TH0105556176239"))
        self.assertFalse(read_tax_code("123-456-32-18", "PL").is_wrong)
        self.assertEqual(
            read_tax_code("PL 123-456-32-18", "PL"), read_tax_code("1234563218", "PL")
        )
        self.assertEqual(read_tax_code("VN0100233488", "TH").kind, COMPANY)

    def test_a_code_is_written_one_way(self):
        for text, written in (
            ("0100 233 488", "0100233488"),
            ("0100233488001", "0100233488-001"),
            ("VN 0100.233.488", "0100233488"),
            ("001085012345", "001085012345"),
            ("none", "none"),
            ("DE 123456788", "DE 123456788"),
        ):
            self.assertEqual(tidy_tax_code(text), written)

    def test_codes_of_other_countries_stay(self):
        self.assertEqual(tidy_tax_code("123-456-78-90", "PL"), "123-456-78-90")
