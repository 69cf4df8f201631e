import itertools
import random

from odoo.tests import BaseCase, tagged

from ..matching.keys import read_entry
from ..matching.likeness import (
    ALIKE,
    CLOSE,
    KIN,
    NEAR,
    OTHER,
    PART,
    SAME,
    compare_names,
)
from ..matching.names import read_name
from ..matching.scoring import POSSIBLE, RELATED, SURE, compare

AN = {
    "name": "Công ty TNHH An Phát",
    "tax_code": "0100233488",
    "phone": "028 3823 4567",
    "email": "info@anphat.vn",
}
LAN = {"name": "Nguyễn Thị Lan", "phone": "0912345678", "email": "lan@example.com"}
PHONE = {"phone": LAN["phone"]}


@tagged("post_install", "-at_install")
class TestScoring(BaseCase):
    def _compare(self, one, other, **counts):
        return compare(read_entry(**one), read_entry(**other), counts)

    def _level(self, one, other, **counts):
        return self._compare(one, other, **counts).level

    def test_the_same_entry_is_sure(self):
        self.assertEqual(self._level(AN, AN), SURE)
        self.assertEqual(self._level(LAN, LAN), SURE)

    def test_a_tax_code_is_enough(self):
        renamed = {"name": "Công ty CP Hưng Thịnh", "tax_code": AN["tax_code"]}
        self.assertNotEqual(self._level(AN, renamed), "")
        bare = {"tax_code": AN["tax_code"]}
        self.assertEqual(self._level(AN, bare), SURE)

    def test_telephone_and_mistyped_name_are_sure(self):
        for name in (
            "Nguyễn Thị Lna",
            "Nguyen Thi Lann",
            "Nguyn Thị Lan",
            "NGUYEN THJ LAN",
        ):
            other = {"name": name, "phone": "+84 912 345 678"}
            self.assertEqual(self._level(LAN, other), SURE, name)

    def test_another_given_name_is_never_sure(self):
        """A family shares a telephone, an address, and all of the name but a word."""
        for name in (
            "Lam",
            "Lân",
            "Lan Anh",
            "Loan",
            "Hằng",
            "Làn",
            "L. Hoa",
            "Lan H.",
        ):
            other = {**LAN, "name": f"Nguyễn Thị {name}", "street": "5 Lê Lợi"}
            self.assertNotEqual(self._level({**LAN, **other}, LAN), SURE, name)
        other = {**LAN, "name": "Nguyễn Thị Hằng"}
        self.assertEqual(self._level(other, LAN), RELATED)

    def test_a_name_the_other_way_round_is_another(self):
        phone = {"phone": LAN["phone"]}
        for one, other in (
            ("Anh Tuấn", "Tuấn Anh"),
            ("Nguyễn Anh Tuấn", "Nguyễn Tuấn Anh"),
        ):
            level = self._level({"name": one, **phone}, {"name": other, **phone})
            self.assertEqual(level, POSSIBLE, one)

    def test_another_number_of_a_chain_is_related(self):
        for one, other in (
            ("Cửa hàng Thế Giới Di Động 12", "Cửa hàng Thế Giới Di Động 13"),
            ("Trường Tiểu học Lê Lợi 1", "Trường Tiểu học Lê Lợi 2"),
            ("Công ty ABC 1", "Công ty ABC 2"),
            ("Công ty ABC1", "Công ty ABC2"),
        ):
            phone = {"phone": "1900 1234"}
            level = self._level({"name": one, **phone}, {"name": other, **phone})
            self.assertEqual(level, RELATED, one)

    def test_a_branch_by_its_name_is_related(self):
        branch = {**AN, "name": "CN Công ty TNHH An Phát tại Huế", "tax_code": ""}
        self.assertEqual(self._level(AN, branch), RELATED)

    def test_one_tax_code_is_one_company(self):
        """Renamed, moved, or called by its brand."""
        moved = {
            "tax_code": AN["tax_code"],
            "phone": "0905 111 222",
            "email": "ceo@hoanglong.vn",
            "city": "Đà Nẵng",
        }
        an = {**AN, "city": "Hà Nội"}
        renamed = {**moved, "name": "Công ty CP Hoàng Long"}
        self.assertEqual(self._level(an, renamed), POSSIBLE)
        called_alike = {**moved, "name": "Công ty TNHH An Phát Holdings"}
        self.assertEqual(self._level(an, called_alike), SURE)

    def test_a_tax_code_with_a_wrong_digit_proves_nothing(self):
        wrong = "0100233489"
        one = {"name": AN["name"], "tax_code": wrong}
        self.assertEqual(self._level(one, one), POSSIBLE)

    def test_a_household_keeps_its_customer_through_the_reform(self):
        """Ten figures until June 2025, those of its owner since."""
        home = {"name": "HKD Nguyễn Văn An", "phone": "0944 010 101"}
        before, since = {"tax_code": "8012345678"}, {"tax_code": "001080012345"}
        self.assertEqual(self._level(home | before, home | since), SURE)

    def test_citizens_with_numbers_alike_are_two(self):
        one = {"phone": LAN["phone"], "tax_code": "001099012345"}
        other = {"phone": LAN["phone"], "tax_code": "001099012346"}
        one["name"], other["name"] = "Trần Văn Hùng", "Trần Văn Hưng"
        found = self._compare(one, other)
        self.assertEqual((found.level, found.reasons), (POSSIBLE, ("phone", "name")))

    def test_what_is_nearly_the_same_is_no_reason(self):
        other = {"name": LAN["name"], "phone": "0912345679", "email": "lam@example.com"}
        found = self._compare(
            {**LAN, "street": "5 Lê Lợi"}, other | {"street": "5 Le Loi"}
        )
        self.assertEqual((found.level, found.reasons), (POSSIBLE, ("name",)))

    def test_placeholders_are_nothing(self):
        for values in (
            {"phone": "0000000000"},
            {"phone": "0900000000"},
            {"phone": "0123456789"},
            {"email": "khongco@gmail.com"},
            {"email": "no-email@gmail.com"},
            {"tax_code": "0000000000"},
            {"tax_code": "không có 1"},
        ):
            one, other = ({"name": name, **values} for name in ("An Bình", "Chu Du"))
            self.assertFalse(self._compare(one, other), values)

    def test_a_name_alone_is_never_sure(self):
        name = {"name": "Trịnh Hoài Vọng Nguyệt"}
        self.assertEqual(self._level(name, name), POSSIBLE)

    def test_the_same_name_with_another_tax_code_is_another(self):
        other = {"name": AN["name"], "tax_code": "0301452948"}
        self.assertNotEqual(self._level(AN, other), SURE)

    def test_a_branch_is_related(self):
        branch = {**AN, "tax_code": "0100233488-001"}
        self.assertEqual(self._level(AN, branch), RELATED)

    def test_two_branches_are_related(self):
        one = {**AN, "tax_code": "0100233488-001"}
        other = {**AN, "tax_code": "0100233488-002"}
        self.assertEqual(self._level(one, other), RELATED)

    def test_another_name_with_the_same_telephone_is_related(self):
        other = {"name": "Trần Văn Hùng", "phone": LAN["phone"]}
        self.assertEqual(self._level(LAN, other), RELATED)

    def test_who_has_nothing_in_common_is_nobody(self):
        self.assertFalse(self._compare(AN, LAN))
        self.assertFalse(self._compare({}, {}))

    def test_what_many_share_says_less(self):
        other = {"name": "Nguyễn Lan", "phone": LAN["phone"]}
        few = self._compare(LAN, other, phone=1).bits
        many = self._compare(LAN, other, phone=40).bits
        self.assertLess(many, few)

    def test_what_too_many_share_to_be_counted_says_least(self):
        an = {"name": "Nguyễn Văn An", "phone": "1900 1234"}
        few, many, too_many = (
            self._compare(an, an, **counts).bits
            for counts in (
                {"name": 2, "phone": 1},
                {"name": 2, "phone": 50},
                {"name": 2},
            )
        )
        self.assertLess(many, few)
        self.assertLess(too_many, many)
        self.assertEqual(self._level(an, an, name=2), POSSIBLE)
        firm = {"name": "Công ty An Phát", "tax_code": AN["tax_code"]}
        self.assertEqual(self._level(firm, firm, tax=1), SURE)
        self.assertEqual(self._level(firm, firm, name=1), POSSIBLE)

    def test_a_title_may_be_all_but_the_name(self):
        phone = {"phone": LAN["phone"]}
        for one, other in (
            ("Chị Lan", "Lan"),
            ("Chị Lan", "Nguyễn Thị Lan"),
            ("Anh Tuấn", "Nguyễn Anh Tuấn"),
            ("Mr. Nam", "Trần Hải Nam"),
        ):
            level = self._level({"name": one, **phone}, {"name": other, **phone})
            self.assertEqual(level, SURE, one)

    def test_a_born_day_and_month_may_be_swapped(self):
        one = {**LAN, "birth_date": "1990-03-04"}
        swapped = {**LAN, "birth_date": "1990-04-03"}
        other = {**LAN, "birth_date": "1971-12-31"}
        bits = [self._compare(one, each).bits for each in (one, swapped, other)]
        self.assertEqual(bits, sorted(bits, reverse=True))

    def test_two_contradictions_are_more_than_a_name(self):
        here = {"name": "Nguyễn Văn An", "phone": "0912111113", "city": "Hà Nội"}
        for there, level in (
            ({"phone": "0988765432"}, POSSIBLE),
            ({"city": "Cần Thơ"}, POSSIBLE),
            ({"phone": "0988765432", "city": "Cần Thơ"}, ""),
        ):
            self.assertEqual(self._level(here, {"name": here["name"], **there}), level)

    def test_both_spellings_of_a_name_are_that_name(self):
        pair = ({"name": f"Công ty Cát Tường {each}"} for each in ("Vy", "Vi"))
        self.assertEqual(self._level(*pair), POSSIBLE)

    def test_there_is_a_school_of_that_name_in_every_town(self):
        for name, level in (
            ("Trường THPT Nguyễn Trãi", ""),
            ("Công ty TNHH An Phát", POSSIBLE),
        ):
            one, other = (
                {"name": name, "city": city} for city in ("Hải Dương", "Cần Thơ")
            )
            self.assertEqual(self._level(one, other), level)

    def test_a_given_name_alone_is_nobody(self):
        for name in ("Chị Hương", "Anh Tuấn", "Lan"):
            one = {"name": name, "city": "Huế"}
            self.assertEqual(self._level(one, one), "")

    def test_a_mark_and_a_word_more_is_somebody_else(self):
        one, other = {"name": "Công Phượng"}, {"name": "Công Phương Anh"}
        self.assertEqual(self._level(one, other), "")
        phone = {"phone": "0912345678"}
        self.assertEqual(self._level({**one, **phone}, {**other, **phone}), RELATED)
        code = {"tax_code": "001090012345"}
        self.assertEqual(self._level({**one, **code}, {**other, **code}), POSSIBLE)

    def test_what_is_said_alike_may_be_the_same(self):
        for one, other in (
            ("Hoàng Thị Quý", "Huỳnh Thị Quý"),
            ("Đoàn Thị Nương", "Đoàn Thị Lương"),
            ("Trương Xuân Sinh", "Chương Xuân Xinh"),
            ("Lê Mỹ Kim", "Lê Mỹ Kiêm"),
        ):
            pair = ({"name": each, "phone": LAN["phone"]} for each in (one, other))
            self.assertEqual(self._level(*pair), POSSIBLE)

    def test_somebody_is_not_their_company(self):
        person = {"name": "Trần Hữu Lộc", **PHONE}
        firm = {"name": "Công ty TNHH Hữu Lộc", **PHONE}
        self.assertEqual(self._level(person, firm), RELATED)
        # a household is who owns it
        house = {"name": "HKD Trần Hữu Lộc", **PHONE}
        self.assertEqual(self._level(person, house), SURE)

    def test_a_relative_is_not_who_they_belong_to(self):
        for one, other, level in (
            ("Con trai bác Năm Hòa", "Năm Hòa", RELATED),
            ("Bà ngoại bé Bon", "Mẹ bé Bon", RELATED),
            ("Mẹ bé Bon", "mẹ Bon", SURE),
            ("Ông xã chị Hoa", "Chị Hoa", RELATED),
            ("Con chị Lan", "Chị Lan", RELATED),
            ("Con chị Lan", "Lan", RELATED),
            ("Con cô Lan", "Cô Lan", RELATED),
            ("Bố bé Bin", "Mẹ bé Bin", RELATED),
            ("Ba bé Bin", "Bố bé Bin", SURE),
            ("PH bé Bin", "Mẹ bé Bin", SURE),
        ):
            pair = ({"name": each, **PHONE} for each in (one, other))
            self.assertEqual(self._level(*pair), level)

    def test_a_hamlet_of_another_province_is_another(self):
        one = {"name": "Trương Văn Sáu", "street": "ấp 6, xã Mỹ Phước"}
        here, there = (
            self._compare({**one, "city": "Sóc Trăng"}, {**one, "city": city}).bits
            for city in ("Cần Thơ", "Bình Dương")
        )
        self.assertGreater(here, there + 4)

    def test_twins_are_two(self):
        home = {"birth_date": "2004-05-16", "street": "17 Hoàng Diệu", "city": "Huế"}
        pair = ({"name": f"Lê Minh {each}", **home} for each in ("Nhật", "Nguyệt"))
        self.assertEqual(self._level(*pair), "")

    def test_twins_of_one_telephone_are_called_otherwise(self):
        """By another letter at the beginning; a slip at the end is a slip."""
        home = {"birth_date": "2004-05-16", "phone": "0912 999 003"}
        for given, level in (("My", RELATED), ("Vi", SURE)):
            pair = ({"name": f"Lê Bảo {each}", **home} for each in ("Vy", given))
            self.assertEqual(self._level(*pair), level, given)

    def test_another_room_of_one_house_is_another(self):
        """As is another stall of one market."""
        for street in ("Chợ Đông Ba, sạp {}", "Chung cư Hoàng Anh, phòng {}"):
            one, same, other = (
                {
                    "name": "Tạp hóa Bích",
                    "street": street.format(number),
                    "city": "Huế",
                    "phone": phone,
                }
                for number, phone in (
                    (24, "0912 999 004"),
                    (24, "0912 999 005"),
                    (42, "0912 999 005"),
                )
            )
            self.assertEqual(self._level(one, same), POSSIBLE)
            self.assertEqual(self._level(one, other), "")

    def test_where_somebody_lives_may_stand_in_the_name(self):
        """Of who has one telephone with somebody else who lives there."""
        home = {"name": "Đỗ Thị Bích", "phone": "0912 999 006"}
        home["street"] = "Căn 1203 Sunrise Tower, 25 Nguyễn Hữu Thọ"
        for name, level in (
            ("Bích vải Sunrise Tower 25 Nguyễn Hữu Thọ", RELATED),
            ("Bích Sunrise Tower 25 Nguyễn Hữu Thọ", POSSIBLE),
            ("Phượng Sunrise Tower 25 Nguyễn Hữu Thọ", RELATED),
        ):
            other = {"name": name, "phone": "0912999006"}
            self.assertEqual(self._level(home, other), level, name)

    def test_father_and_son_with_the_telephone_of_the_house(self):
        born = ("1958-03-11", "1988-07-30")
        for phone, level in (("028 3855 2190", RELATED), ("0912 999 001", POSSIBLE)):
            pair = (
                {"name": "Trần Quốc Toản", "phone": phone, "birth_date": each}
                for each in born
            )
            self.assertEqual(self._level(*pair), level, phone)

    def test_father_and_son_of_one_house_are_not_surely_one(self):
        values = {"phone": "0912 999 001", "street": "67 Điện Biên Phủ", "city": "Huế"}
        pair = (
            {"name": "Trần Quốc Toản", "birth_date": each, **values}
            for each in ("1958-03-11", "1988-07-30")
        )
        self.assertEqual(self._level(*pair), POSSIBLE)

    def test_one_figure_of_another_area_is_no_slip(self):
        one, other, slip = (
            {"name": "Phan Thị Cúc", "phone": phone}
            for phone in ("0296 3852 147", "0297 3852 147", "0296 3852 148")
        )
        bits = [self._compare(one, each).bits for each in (other, slip)]
        self.assertLess(*bits)

    def test_one_box_on_two_hosts_contradicts_nothing(self):
        one, same, other = (
            {"name": "Đàm Vĩnh Phúc", "email": email}
            for email in ("vinhphuc.dam@gmail.com", "vinhphuc.dam@x.vn", "dvp@x.vn")
        )
        bits = [self._compare(one, each).bits for each in (other, same)]
        self.assertLess(*bits)

    def test_a_shop_may_be_written_or_not(self):
        names = ("Quán cơm gà Bà Tuyết", "Cơm gà bà Tuyết")
        pair = ({"name": each, "city": "Tam Kỳ"} for each in names)
        self.assertEqual(self._level(*pair), POSSIBLE)

    def test_what_a_company_does_stands_behind_its_name_in_english(self):
        pair = ({"name": each} for each in ("Cty TNHH Gỗ An Phát", "An Phat Wood Co."))
        self.assertEqual(self._level(*pair), POSSIBLE)
        pair = ({"name": f"Công ty CP {each}"} for each in ("Việt Mỹ", "Mỹ Việt"))
        self.assertEqual(self._level(*pair), "")

    def test_in_english_all_of_it_stands_the_other_way_round(self):
        names = ("Bệnh viện Phụ sản Hồng Ân", "Hong An Maternity Hospital")
        pair = ({"name": each, "phone": "024 3999 1234"} for each in names)
        self.assertEqual(self._level(*pair), SURE)

    def test_the_middle_of_a_name_may_be_left_out(self):
        one, other = (
            {"name": name, "street": street, "city": "Hà Nội"}
            for name, street in (
                ("Nguyễn Thị Hồng Nhung", "26 ngõ 82 Chùa Láng"),
                ("Nguyễn Hồng Nhung", "Số 26/82 Chùa Láng"),
            )
        )
        self.assertEqual(self._level(one, other), POSSIBLE)
        self.assertEqual(self._level(one, {**other, "name": "Nguyễn Văn Nhung"}), "")

    def test_two_streets_that_begin_with_the_same_letters_are_two(self):
        one, other, same = (
            {"name": "Nguyễn Văn An", "street": street, "city": "Huế"}
            for street in ("12 Hùng Vương", "12 Hàng Vải", "12 Hung Vuong")
        )
        bits = [self._compare(one, each).bits for each in (other, same)]
        self.assertLessEqual(bits[0] + 3, bits[1])

    def test_one_street_without_a_number_is_the_same(self):
        one, part = (
            {"name": "Nguyễn Văn An", "street": street}
            for street in ("Chợ Tập Sơn", "Xóm Mới, Tập Sơn")
        )
        bits = [self._compare(one, each).bits for each in (part, one)]
        self.assertLess(*bits)

    def test_two_houses_of_one_name_with_one_telephone(self):
        phone = {"phone": "028 3816 1673", "is_company": True}
        one = {"name": "Cơ sở Bảo trợ xã hội Thiên Ân", **phone}
        for name, level in (
            ("Mái ấm Thiên Ân", POSSIBLE),
            ("Công ty TNHH Dệt Thiên Ân", RELATED),
            ("Trường Tiểu học Thiên Ân", RELATED),
        ):
            self.assertEqual(self._level(one, {"name": name, **phone}), level, name)

    def test_villages_have_no_numbers(self):
        one, same, other = (
            {"name": "Thạch Thị Sarinh", "street": street}
            for street in (
                "Tập Sơn, Trà Cú",
                "ấp Chợ, xã Tập Sơn, Trà Cú",
                "ấp Chợ, xã Lưu Nghiệp Anh",
            )
        )
        bits = [self._compare(one, each).bits for each in (other, same)]
        self.assertLess(*bits)

    def test_a_street_in_its_first_letters(self):
        one, short, other = (
            {"name": "Gara Đức Tín", "street": street, "city": "Đà Nẵng"}
            for street in ("540 Điện Biên Phủ", "540 ĐBP", "540 ĐCT")
        )
        bits = [self._compare(one, each).bits for each in (other, short)]
        self.assertLess(*bits)

    def test_a_nickname_is_a_name(self):
        one = {"name": "Nguyễn Thị Bông (Tý)", **PHONE}
        self.assertEqual(self._level(one, {"name": "Chị Tý", **PHONE}), SURE)
        self.assertEqual(self._level(one, {"name": "Chị Tèo", **PHONE}), RELATED)

    def test_shops_of_other_trades_are_others(self):
        phone = {"phone": "02838990005"}
        one = {"name": "Tiệm vàng Kim Ngọc Thủy", **phone}
        self.assertEqual(self._level(one, {"name": "Kim Ngọc Thủy", **phone}), SURE)
        one = {"name": "Nhà thuốc Minh Châu", **phone}
        other = {"name": "Nhà hàng Minh Châu", **phone}
        self.assertNotEqual(self._level(one, other), SURE)

    def test_firms_of_one_name_and_another_trade_may_be_two(self):
        """One owner has several, and one mobile telephone for them."""
        for one, other, level in (
            ("Công ty CP Dược phẩm Hà Tây", "Công ty CP Xây dựng Hà Tây", POSSIBLE),
            (
                "Công ty TNHH Xây dựng Hoàng Long",
                "Công ty TNHH Vận tải Hoàng Long",
                POSSIBLE,
            ),
            (
                "Công ty CP Bất động sản Hưng Thịnh",
                "Công ty CP Xây dựng Hưng Thịnh",
                POSSIBLE,
            ),
            ("Cty TNHH TMXD Hoàng Long", "Cty TNHH Công nghệ Hoàng Long", POSSIBLE),
            ("Hoang Long Construction Co., Ltd", "Cty Vận tải Hoàng Long", POSSIBLE),
            # one clerk writes what it does, another does not, or not all of it
            ("Công ty CP Xây dựng Hà Tây", "Công ty Hà Tây", SURE),
            ("Công ty CP Xây dựng Hà Tây", "CTCP Tư vấn Xây dựng Hà Tây", SURE),
            ("Công ty CP Xây dựng Hà Tây", "CTCP XD và Thương mại Hà Tây", SURE),
            ("Công ty CP Dược phẩm Hà Tây", "CTCP XD và Dược phẩm Hà Tây", SURE),
        ):
            for more in ({}, {"email": "info@example.com"}):
                pair = ({"name": each, **PHONE, **more} for each in (one, other))
                self.assertEqual(self._level(*pair), level, (one, other, more))
        # of one tax code it is one, whatever it does by now
        code = {"tax_code": AN["tax_code"], **PHONE}
        pair = ({"name": f"Cty {each} Hà Tây", **code} for each in ("XD", "Công nghệ"))
        self.assertEqual(self._level(*pair), SURE)

    def test_a_woman_and_a_man_of_nearly_one_name_are_two(self):
        for one, other, level in (
            ("Maria Garcia", "Mario Garcia", RELATED),
            ("Daniel Brown", "Daniela Brown", RELATED),
            # both are hers
            ("Helen Brown", "Helena Brown", SURE),
            ("Daniel Brown", "Daniell Brown", SURE),
        ):
            pair = [{"name": each, **PHONE} for each in (one, other)]
            self.assertEqual(self._level(*pair), level, (one, other))
        # nor are twins surely one
        born = {"birth_date": "1988-03-04", **PHONE}
        pair = ({"name": f"{each} Garcia", **born} for each in ("Maria", "Mario"))
        self.assertEqual(self._level(*pair), POSSIBLE)

    def test_a_title_beside_nobody(self):
        one, other = {"name": "Anh Tuấn", **PHONE}, {"name": "", **PHONE}
        self.assertEqual(self._level(one, other), POSSIBLE)
        self.assertEqual(self._level({"name": "", "is_company": True}, one), "")

    def test_figures_are_words(self):
        pair = ({"name": f"Vận chuyển {each} Con Gà", **PHONE} for each in ("2", "Hai"))
        self.assertEqual(self._level(*pair), SURE)

    def test_a_firm_is_called_what_stands_in_brackets(self):
        one = {"name": "Công ty TNHH Sao Bắc Đẩu (Polaris Tech)", **PHONE}
        for name in ("Polaris Tech Co., Ltd", "Cty Sao Bắc Đẩu"):
            self.assertEqual(self._level(one, {"name": name, **PHONE}), SURE)

    def test_two_without_a_name_are_never_sure(self):
        one = {"name": "Khách lẻ", "phone": LAN["phone"], "email": LAN["email"]}
        self.assertEqual(self._level(one, one), POSSIBLE)

    def test_reasons_are_what_is_the_same(self):
        other = {"name": "Nguyễn Thị Lan", "phone": LAN["phone"], "email": "x@y.vn"}
        self.assertEqual(self._compare(LAN, other).reasons, ("phone", "name"))

    def test_a_birth_date_in_another_form_says_nothing(self):
        for text in ("1990", "12/05/1990", "chưa rõ"):
            born = dict(LAN, birth_date=text)
            self.assertEqual(
                self._compare(born, dict(LAN, birth_date="1990-05-12")),
                self._compare(LAN, LAN),
            )

    def test_husband_and_wife_are_two(self):
        house = {"phone": "0208 3862 114", "street": "xóm Đồng, Phú Bình"}
        for one, other in (
            ("Ông Chu Văn Tấn", "Bà Tấn (Hoàng Thị Liễu)"),
            ("Lê Văn Sơn", "Bà Sơn"),
            ("Chú Hải", "Cô Hải"),
        ):
            two = dict(house, name=one), dict(house, name=other)
            self.assertEqual(self._level(*two), RELATED, one)
        # a wrong title before a full name says nothing
        two = ("Ông Nguyễn Thị Hồng Lan", "Nguyễn Thị Hồng Lan")
        self.assertEqual(self._level(*(dict(PHONE, name=each) for each in two)), SURE)
        # Vân without its mark is no man
        for name in ("Trần Vân Anh", "Tran Van Anh"):
            two = dict(PHONE, name=name), dict(PHONE, name="Chị Vân Anh")
            self.assertEqual(self._level(*two), SURE, name)

    def test_a_telephone_of_a_house_is_not_one_persons(self):
        for one, other in (
            ("Trần Văn Hùng", "Trần Văn Hưng"),
            ("Nguyễn Thị Sáu", "Nguyễn Thị Sáu Em"),
            ("Lê Thị Hoa", "Lê Thị Hòa"),
        ):
            for phone, level in (
                ("0262 3829 117", RELATED),
                ("0905 829 117", POSSIBLE),
            ):
                two = ({"name": each, "phone": phone} for each in (one, other))
                self.assertEqual(self._level(*two), level, (one, phone))

    def test_nearly_the_same_number_elsewhere_is_another(self):
        one = {"name": LAN["name"], "phone": "0912 336 447", "street": "14 Hàng Bột"}
        other = {"name": LAN["name"], "phone": "0912 336 547", "city": "Cần Thơ"}
        self.assertEqual(self._level(one, dict(other, city="")), POSSIBLE)
        self.assertEqual(self._level(dict(one, city="Hà Nội"), other), "")

    def test_schools_of_one_name_in_one_town_are_two(self):
        one = {"name": "Trường THCS Nguyễn Trãi", "phone": "024 3733 4101"}
        other = dict(one, phone="024 3853 2216")
        here = {"street": "12 Giảng Võ", "city": "Hà Nội"}
        there = {"street": "5 Khương Trung", "city": "Hà Nội"}
        self.assertEqual(self._level({**one, **here}, {**other, **there}), "")
        self.assertNotEqual(self._level({**one, **here}, {**other, **here}), "")

    def test_who_speaks_for_a_shop_may_be_it(self):
        for shop, name in (
            ("Công ty TNHH Bao bì Kim Ngọc Thành", "Chị Kim - bao bì Kim Ngọc Thành"),
            ("Chùa Phước Long", "Thầy Minh Quang - chùa Phước Long"),
            ("Hoa Ban Spa", "Chị Mai - Spa Hoa Ban"),
            ("Tạp hóa cô Lan", "Nguyễn Thị Lan"),
        ):
            two = dict(PHONE, name=shop), dict(PHONE, name=name)
            self.assertEqual(self._level(*two), POSSIBLE, name)
            office = {"phone": "0262 3829 117"}
            two = dict(office, name=shop), dict(office, name=name)
            self.assertEqual(self._level(*two), RELATED, name)
        two = dict(PHONE, name="HKD Phở Lan"), dict(PHONE, name="Nguyễn Thị Lan")
        self.assertEqual(self._level(*two), RELATED)

    def test_one_english_word_stands_for_several(self):
        for one, other in (
            ("Công ty CP Thủy sản Biển Đông Xanh", "BIEN DONG XANH SEAFOOD JSC"),
            ("Công ty TNHH Đồ gỗ Tân Phát", "Tan Phat Furniture Co., Ltd"),
            ("Công ty CP Lương thực Cửu Long", "CUU LONG FOOD JSC"),
        ):
            box = {"email": "info@example.com", "is_company": True}
            two = dict(box, name=one), dict(box, name=other)
            self.assertEqual(self._level(*two), POSSIBLE, one)
        two = dict(box, name=one), dict(box, name="TAN PHAT FOOD JSC")
        self.assertEqual(self._level(*two), RELATED)

    def test_a_name_in_another_script_contradicts_nobody(self):
        for one, other in (
            ("Hong Yuan Furniture", "宏源家具有限公司"),
            ("Kim Min Soo", "김민수"),
        ):
            is_company = "F" in one
            two = (
                dict(PHONE, name=each, is_company=is_company) for each in (one, other)
            )
            self.assertEqual(self._level(*two), POSSIBLE, one)

    def test_what_a_marketplace_shows_of_somebody(self):
        house = {"street": "25/8 Trần Bình Trọng"}
        hien = {"name": "Nguyễn Thị Hiền", "phone": "0938 226 417", **house}
        for name, phone, level in (
            ("N***n", "****417", POSSIBLE),
            ("N***n", "****418", ""),
            ("P***n", "****417", ""),
        ):
            shown = {"name": name, "phone": phone, **house}
            self.assertEqual(self._level(hien, shown), level, (name, phone))

    def test_a_parent_whose_mailbox_has_their_name(self):
        tri = dict(PHONE, name="Dương Minh Trí")
        for name, level in (("Bố Tôm", POSSIBLE), ("Bé Tôm", RELATED)):
            other = dict(PHONE, name=name, email="duongminhtri@gmail.com")
            self.assertEqual(self._level(tri, other), level, name)

    def test_a_branch_at_one_house_is_that_one(self):
        hotline = {"phone": "1900 7712"}
        one = {"name": "NT An Tâm 12 - Lê Văn Sỹ", "street": "345 Lê Văn Sỹ", **hotline}
        other = {"name": "Nhà thuốc An Tâm số 12", **hotline}
        self.assertEqual(self._level(one, other), RELATED)
        self.assertNotEqual(
            self._level(one, dict(other, street="345 Lê Văn Sỹ")), RELATED
        )

    def test_the_office_of_a_district_is_one_of_an_area(self):
        phone = {"phone": "0204 3876 203"}
        for one, other in (
            ("TTYT huyện Yên Thế", "Trung tâm Y tế khu vực Yên Thế"),
            ("BV đa khoa huyện Lục Nam", "Bệnh viện Đa khoa khu vực Lục Nam"),
        ):
            two = dict(phone, name=one), dict(phone, name=other)
            self.assertEqual(self._level(*two), SURE, one)

    def test_order_means_nothing(self):
        chance = random.Random(7)
        values = {
            "name": ["Nguyễn Văn An", "An Nguyễn", "Cty TNHH An Phát", "Anphat", ""],
            "phone": ["0912345678", "0912345678/0987654321", "", "0987654321"],
            "email": ["a@b.vn", "c@d.vn", ""],
            "tax_code": ["0100233488", "0100233488-001", "0301452948", ""],
            "birth_date": ["1990-03-04", "1990-04-03", ""],
            "street": ["12 Lê Lợi", "12 Le Loi", "5 Hai Bà Trưng", ""],
        }
        entries = [
            read_entry(**{name: chance.choice(texts) for name, texts in values.items()})
            for _each in range(60)
        ]
        for one, other in itertools.combinations(entries, 2):
            self.assertEqual(compare(one, other), compare(other, one))


@tagged("post_install", "-at_install")
class TestNamesAlike(BaseCase):
    def test_two_names(self):
        for one, other, right in (
            ("an phat", "phat an", SAME),
            ("an phat", "anphat", SAME),
            ("nguyen van thang", "nguyen van thagn", NEAR),
            ("nguyen van thang", "nguyen thang", PART),
            ("n v thang", "nguyen van thang", NEAR),
            ("an", "em", OTHER),
            ("nguyen van an", "tran thi binh", OTHER),
            ("le thi thu ha", "le thi thu hang", KIN),
            ("tran van hung", "le van hung", KIN),
            ("nguyen van hai", "nguyen thi hai", KIN),
            ("john smith", "jane smith", KIN),
            ("dang van a", "dang van b", KIN),
            ("highlands coffee le loi", "highlands coffee hue", KIN),
            ("ng van thang", "nguyen van thang", NEAR),
            ("tran van minh", "tran van ninh", CLOSE),
            ("tran thi lan", "tran thi lan anh", CLOSE),
            ("tran anh tuan", "tran tuan anh", CLOSE),
            ("tran anh tuan", "tuan tran anh", SAME),
            ("tran anh tuan", "tuan anh tran", SAME),
            ("minh tran", "tran minh anh", CLOSE),
            ("minh tran", "tran van minh", PART),
            ("hong", "hong nhung", CLOSE),
            ("mai", "mai van lam", CLOSE),
            ("nhung", "hong nhung", PART),
            ("ly thi my", "ly thi mi", NEAR),
            ("an phat ha noi", "an phat hn", NEAR),
            ("so tai nguyen va moi truong hue", "so tnmt hue", NEAR),
            ("katherine smith", "catherina smith", ALIKE),
            ("", "an", ""),
        ):
            one, other = tuple(one.split()), tuple(other.split())
            self.assertEqual(compare_names(one, other), right, (one, other))
            self.assertEqual(compare_names(other, one), right, (other, one))

    def test_marks_tell_names_apart(self):
        for one, other, right in (
            ("Trần Văn Hùng", "Tran Van Hung", SAME),
            ("Đặng Thùy Trâm", "Đặng Thuỳ Trâm", SAME),
            ("Nguyễn Hữu An", "Nguyển Hửu An", SAME),
            ("Lê Thị Phương", "Lê Thị Phưong", SAME),
            ("Lê Thị Phương", "Phương Lê Thị", SAME),
            ("Công ty TNHH Hòa Phát", "Cty Hòa Phat", SAME),
            ("Trần Văn Hùng", "Trần Văn Hưng", CLOSE),
            ("Trần Văn Hùng", "Hưng Trần Văn", CLOSE),
            ("Lê Ngọc Anh", "Lê Ngọc Ánh", CLOSE),
            ("Lê Thị Phương", "Lê Thị Phượng", CLOSE),
            ("Nguyễn Văn Bình", "Nguyễn Văn Minh", KIN),
        ):
            mine, yours = read_name(one), read_name(other)
            found = compare_names(mine.words, yours.words, mine.marked, yours.marked)
            self.assertEqual(found, right, (one, other))
