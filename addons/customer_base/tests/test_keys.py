from odoo.tests import BaseCase, tagged

from ..matching.keys import EMAIL, NAME, PHONE, TAX, get_keys, read_entry


@tagged("post_install", "-at_install")
class TestKeys(BaseCase):
    def _shared(self, one, other):
        keys = get_keys(read_entry(**one)) & get_keys(read_entry(**other))
        return {kind for kind, _value in keys}

    def _names_meet(self, one, other, **values):
        shared = self._shared({"name": one, **values}, {"name": other, **values})
        return NAME in shared

    def test_words_in_another_order(self):
        self.assertTrue(self._names_meet("Nguyễn Văn An", "An Nguyễn Văn"))

    def test_one_word_left_out(self):
        self.assertTrue(self._names_meet("Nguyễn Văn An", "Nguyễn An"))

    def test_one_word_mistyped(self):
        self.assertTrue(self._names_meet("Nguyễn Văn Thắng", "Nguyễn Văn Thắbg"))

    def test_a_short_name_mistyped(self):
        self.assertTrue(self._names_meet("An Phát", "An Phátt", is_company=True))

    def test_letters_written_together(self):
        self.assertTrue(self._names_meet("An Phát", "Anphat", is_company=True))

    def test_a_legal_form_at_the_end(self):
        self.assertTrue(
            self._names_meet("An Phat Company Limited", "Công ty TNHH An Phát")
        )
        self.assertTrue(self._names_meet("An Phát Co., Ltd", "CTY TNHH An Phat"))

    def test_what_a_shop_is_left_out(self):
        self.assertTrue(self._names_meet("Tiệm vàng Kim Ngọc Thủy", "Kim Ngọc Thuỷ"))
        self.assertTrue(
            self._names_meet("Siêu thị Co.opMart Cống Quỳnh", "Coopmart Cống Quỳnh")
        )

    def test_short_forms(self):
        self.assertTrue(self._names_meet("BV Chợ Rẫy", "Bệnh viện Chợ Rẫy"))
        self.assertTrue(self._names_meet("Phamj Vawn Tuaans", "Phạm Văn Tuấn"))

    def test_letters_that_stand_for_words(self):
        self.assertTrue(
            self._names_meet("Viện VSDT Tây Nguyên", "Viện Vệ sinh dịch tễ Tây Nguyên")
        )

    def test_a_farm_meets_its_owner(self):
        self.assertTrue(self._names_meet("Trại gà Lò Văn Ính", "Lò Văn Ính"))

    def test_who_lives_here_has_a_number_of_here(self):
        here, abroad = {"phone": "0968 337 415"}, {"phone": "0968337415"}
        self.assertEqual(self._shared(here, {**abroad, "country": "KR"}), {PHONE})

    def test_a_number_in_place_of_a_name_is_no_name(self):
        keys = get_keys(read_entry("0914 337 025", phone="0914337025"))
        self.assertEqual({kind for kind, _value in keys}, {PHONE})

    def test_what_stands_in_the_wrong_field(self):
        right = {"name": "Trần Kim Ngọc", "phone": "0918206644", "email": "kn@x.vn"}
        for wrong in (
            {**right, "phone": "kn@x.vn", "email": "0918 206 644"},
            {"name": "0918206644", "phone": "Trần Kim Ngọc", "email": "kn@x.vn"},
            {"name": "kn@x.vn", "email": "Trần Kim Ngọc", "phone": "0918206644"},
            {"name": "Trần Kim Ngọc 0918 206 644", "phone": "kn@x.vn"},
            {"name": "Trần Kim Ngọc", "email": "kn@x.vn; 0918 206 644"},
        ):
            self.assertEqual(self._shared(right, wrong), {NAME, PHONE, EMAIL}, wrong)

    def test_as_people_call_each_other(self):
        self.assertTrue(self._names_meet("Trần Lê Khánh Vy", "Khánh Vy"))

    def test_what_only_says_that_there_is_none_is_no_key(self):
        for values in (
            {"phone": "0900000000"},
            {"email": "khongco@gmail.com"},
            {"tax_code": "0000000000"},
        ):
            self.assertEqual(get_keys(read_entry(**values)), set(), values)

    def test_a_code_of_another_country_is_no_branch(self):
        thai = {"country": "TH", "tax_code": "0105556176239"}
        self.assertEqual(self._shared(thai, {**thai, "tax_code": "0105556176"}), set())

    def test_other_names_do_not_meet(self):
        self.assertFalse(self._names_meet("Nguyễn Văn An", "Trần Thị Bình"))

    def test_a_telephone_of_several(self):
        shared = self._shared(
            {"phone": "0912345678 / 0987654321"}, {"phone": "0987 654 321"}
        )
        self.assertEqual(shared, {PHONE})

    def test_a_branch_meets_its_company(self):
        shared = self._shared(
            {"tax_code": "0100233488"}, {"tax_code": "0100233488-001"}
        )
        self.assertEqual(shared, {TAX})

    def test_a_key_is_the_same_in_every_process(self):
        entry = read_entry(phone="0346545327")
        self.assertEqual(
            get_keys(entry), {(PHONE, 5949383111802236935)}, "keys of databases"
        )

    def test_a_key_fits_into_64_bits(self):
        for number in range(200):
            for _kind, value in get_keys(read_entry(name=f"Name of {number}")):
                self.assertTrue(-(2**63) <= value < 2**63)

    def test_an_endless_name_has_few_keys(self):
        entry = read_entry(" ".join(f"word{number}" for number in range(500)))
        self.assertLess(len(get_keys(entry)), 20)
