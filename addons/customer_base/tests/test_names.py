from odoo.tests import BaseCase, tagged

from ..matching.names import fold, get_words, looks_like_company


@tagged("post_install", "-at_install")
class TestNames(BaseCase):
    def _company(self, name):
        return get_words(name, is_company=True)

    def _person(self, name):
        return get_words(name, is_company=False)

    def test_marks_and_case_are_nothing(self):
        self.assertEqual(fold("ĐỖ  Mười"), "do muoi")

    def test_composed_and_decomposed_letters_are_the_same(self):
        self.assertEqual(fold("Hòa"), fold("Ho\u0300a"))

    def test_another_script_stays(self):
        self.assertEqual(fold("株式会社"), "株式会社")

    def test_nothing_is_nothing(self):
        for name in ("", None, " - ", "…"):
            self.assertEqual(self._company(name), ())

    def test_a_legal_form_is_the_same_however_it_is_written(self):
        for name in (
            "Công ty TNHH An Phát",
            "CTY TNHH MTV An Phát",
            "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN AN PHÁT",
            "Công ty Cổ phần An Phát",
            "CTCP An Phat",
            "C.Ty An Phát",
            "DNTN An Phát",
            "Hộ kinh doanh An Phát",
            "An Phat Co., Ltd",
            "An Phat JSC",
        ):
            self.assertEqual(self._company(name), ("an", "phat"), name)

    def test_what_many_do_tells_nobody_apart(self):
        for name in (
            "Công ty CP Thương mại & Dịch vụ Hòa Bình",
            "Cty CP TM-DV Hòa Bình",
            "Cty TNHH XNK Hoà Bình Việt Nam",
        ):
            self.assertEqual(self._company(name), ("hoa", "binh"), name)

    def test_a_name_of_nothing_else_keeps_it(self):
        self.assertEqual(
            self._company("Công ty Dịch vụ Thương mại"),
            ("dich", "vu", "thuong", "mai"),
        )
        self.assertEqual(self._company("Công ty TNHH"), ("cong", "ty", "tnhh"))

    def test_titles_go_from_people(self):
        for name in ("Anh Nguyễn Văn Tuấn", "BS. Nguyễn Văn Tuấn"):
            self.assertEqual(self._person(name), ("nguyen", "van", "tuan"))

    def test_a_title_may_be_a_name(self):
        self.assertEqual(self._person("Anh Tuấn"), ("anh", "tuan"))
        self.assertEqual(self._person("Nguyễn Thị Anh"), ("nguyen", "thi", "anh"))

    def test_a_company_is_known_by_its_form(self):
        self.assertTrue(looks_like_company("Cty TNHH An Phát"))
        self.assertFalse(looks_like_company("Nguyễn Công Tý"))
