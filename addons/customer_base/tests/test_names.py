from odoo.tests import BaseCase, tagged

from ..matching.names import fold, get_words, looks_like_company, read_name


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
            self.assertEqual(read_name(name, is_company=True).words, ())

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

    def test_words_of_trades_are_known_written_together(self):
        for name in (
            "Công ty TNHH SXTMDV Hòa Bình",
            "Cty TNHH TMDVXNK Hòa Bình",
            "Công ty CPĐT Hòa Bình",
            "CTY TNHH ĐT&PT Hòa Bình",
            "TCT ĐTXD Hòa Bình",
            "Hoa Binh Trading and Service Co., Ltd",
        ):
            self.assertEqual(self._company(name), ("hoa", "binh"), name)

    def test_what_has_other_marks_is_no_legal_form(self):
        for name, words in (
            ("Công ty Cơ Khí Hòa Bình", ("co", "khi", "hoa", "binh")),
            ("CONG TY CO KHI HOA BINH", ("co", "khi", "hoa", "binh")),
            ("Công ty Cỏ May", ("co", "may")),
            ("Tạp hóa Cô Ba", ("tap", "hoa", "co", "ba")),
            ("Công ty Tú Vân", ("tu", "van")),
            ("Cơ sở Minh Tâm", ("minh", "tam")),
            ("Công ty Cổ phần Cơ Điện", ("co", "dien")),
        ):
            self.assertEqual(self._company(name), words, name)

    def test_a_name_of_nothing_else_keeps_it(self):
        self.assertEqual(
            self._company("Công ty Dịch vụ Thương mại"),
            ("dich", "vu", "thuong", "mai"),
        )
        self.assertEqual(self._company("Công ty TNHH"), ("cong", "ty", "tnhh"))

    def test_titles_go_from_people(self):
        for name in ("Anh Nguyễn Văn Tuấn", "BS. Nguyễn Văn Tuấn"):
            self.assertEqual(self._person(name), ("nguyen", "van", "tuan"))

    def test_degrees_and_posts_are_titles(self):
        for title in (
            "KTS",
            "LS.",
            "GĐ",
            "BS.CK1",
            "BSCKII.",
            "GS.TS",
            "Bác sĩ",
            "Luật sư",
            "Ông",
            "Chú",
            "A.",
            "Mr.",
        ):
            self.assertEqual(
                self._person(f"{title} Trần Văn Nam"), ("tran", "van", "nam")
            )

    def test_a_surname_is_no_title(self):
        for name in ("Chu Văn An", "Chu Van An", "Ong Thị Mai", "Dương Thị Kim Ngân"):
            self.assertEqual(self._person(name), tuple(fold(name).split()))
        for name in ("Co Le Thi Lan", "Chi Le Thi Lan"):
            self.assertEqual(self._person(name), ("le", "thi", "lan"))

    def test_what_stands_behind_a_person_is_left_out(self):
        for name in (
            "Nguyễn Thị Lan (Kế toán)",
            "Nguyễn Thị Lan - P. Mua hàng",
            "Nguyễn Thị Lan, An Phát",
            "Chị Nguyễn Thị Lan kế toán",
        ):
            self.assertEqual(self._person(name), ("nguyen", "thi", "lan"))

    def test_a_comma_may_stand_behind_the_surname(self):
        self.assertEqual(self._person("Smith, John"), ("smith", "john"))
        self.assertEqual(self._person("Lan - An Phát"), ("lan",))

    def test_what_stands_in_brackets_behind_a_company_stays(self):
        """It may be which shop of a chain."""
        name = read_name("Circle K (Lê Lợi)", is_company=True)
        self.assertEqual(name.words, ("circle", "k", "le", "loi"))
        name = read_name("Cty TNHH Hải Âu (Hai Au Co., Ltd)")
        self.assertEqual(name.words, ("hai", "au"))

    def test_trades_are_the_same_in_english(self):
        for one, other in (
            ("Hoa Phong Steel Co., Ltd", "Công ty TNHH Thép Hòa Phong"),
            ("Muong Thanh Hotel JSC", "Khách sạn Mường Thanh"),
            ("Đất Xanh Group JSC", "CTCP Tập đoàn Đất Xanh"),
        ):
            words = [sorted(read_name(name).words) for name in (one, other)]
            self.assertEqual(*words)
        # what is looked for stands in texts as it was written
        self.assertEqual(self._company("Hoa Phong Steel"), ("hoa", "phong", "steel"))

    def test_marks_stand_in_one_form(self):
        one, other = read_name("Đặng Thùy Mỹ"), read_name("Đặng Thuỳ Mỷ")
        self.assertEqual(one.marked, other.marked)
        self.assertEqual(read_name("Dang Thuy My").marked, ())
        name = read_name("Công ty TNHH Cơ khí An")
        self.assertEqual(len(name.marked), len(name.words))

    def test_a_title_may_be_a_name(self):
        self.assertEqual(self._person("Anh Tuấn"), ("anh", "tuan"))
        self.assertEqual(self._person("Nguyễn Thị Anh"), ("nguyen", "thi", "anh"))

    def test_a_company_is_known_by_its_form(self):
        for name in (
            "Cty TNHH An Phát",
            "An Phát Co., Ltd",
            "An Phat Co.",
            "An Phat JSC",
            "An Phat Company Limited",
            "Hoàng Long TNHH",
            "Ngân hàng TMCP Á Châu",
            "Cơ sở Minh Tâm",
        ):
            self.assertTrue(looks_like_company(name), name)
        for name in (
            "Nguyễn Công Tý",
            "Cô Lan",
            "Co Lan Anh",
            "CN. An",
            "TV Mart",
            "Trương Văn An",
            "Cơ khí",
            "Tú Vân",
        ):
            self.assertFalse(looks_like_company(name), name)

    def test_a_branch_is_known_by_its_name(self):
        for name in ("Chi nhánh An Phát", "CN Công ty An Phát", "VPĐD An Phát"):
            self.assertTrue(read_name(name).is_branch, name)
        self.assertFalse(read_name("Công ty CN Việt").is_branch)

    def test_short_forms_stand_for_what_they_mean(self):
        for one, other in (
            ("BV Nhi Đồng I", "Bệnh viện Nhi Đồng 1"),
            ("Tr. THPT Lê Lợi", "Trường Trung học phổ thông Lê Lợi"),
            ("UBND P. Bến Nghé", "Ủy ban nhân dân phường Bến Nghé"),
            ("KS Hoa Sen", "Khách sạn Hoa Sen"),
            ("XN May Đại Thắng", "Xí nghiệp may Đại Thắng"),
            ("CTCP XD số 5 HN", "Công ty cổ phần Xây dựng 5 Hà Nội"),
            ("HTX NN Bình Minh", "Hợp tác xã Nông nghiệp Bình Minh"),
        ):
            self.assertEqual(read_name(one).words, read_name(other).words)

    def test_behind_a_legal_form_stands_a_name(self):
        self.assertEqual(read_name("Công ty Trường Hải").words, ("truong", "hai"))
        self.assertEqual(read_name("Công ty TT Logistics").words[0], "tt")

    def test_an_engineer_is_no_hotel(self):
        self.assertFalse(read_name("KS Nguyễn Văn An").is_company)
        self.assertTrue(read_name("KS Hoa Sen").is_company)

    def test_who_is_called_nothing_has_no_name(self):
        for name in (
            "Khách lẻ",
            "khách vãng lai",
            "Không có",
            "test 2",
            "Nguyễn Văn A",
            "Người mua không cung cấp thông tin",
        ):
            self.assertEqual(read_name(name).words, (), name)
        self.assertEqual(read_name("Khách lẻ - Nguyễn Thị Đào").words[-1], "dao")

    def test_remarks_behind_a_shop_are_left_out(self):
        for name, meant in (
            ("Quán cơm Bà Mười - giao buổi chiều, gọi trước 15p", "Quán cơm Bà Mười"),
            ("Quán Ốc Oanh đối diện nhà thờ", "Quán Ốc Oanh"),
            ("Bánh mì cô Điệp (xe đẩy trước số 9 NĐC)", "Bánh mì cô Điệp"),
            ("Tạp hóa Sáu Thơm (gần chợ Cũ)", "Tạp hóa Sáu Thơm"),
            ("THPT Chuyên LHP, 76 Vị Xuyên, Nam Định", "THPT Chuyên LHP"),
        ):
            self.assertEqual(read_name(name), read_name(meant), name)
        # *dầu số* is no *đầu số*, nor *Đội Điện* *đối diện*
        for name, last in (
            ("Cửa hàng xăng dầu số 3", "3"),
            ("Cty TNHH Đội Điện nước Minh Khôi", "khoi"),
        ):
            self.assertEqual(read_name(name).words[-1], last, name)

    def test_a_code_before_a_name_is_no_part_of_it(self):
        for name in (
            "KH00412 - Lê Thị Hồng",
            "[KH-0031] Lê Thị Hồng",
            "NCC12: Lê Thị Hồng",
            "CUS-00912 Lê Thị Hồng",
        ):
            self.assertEqual(read_name(name).words, ("le", "thi", "hong"), name)
        self.assertEqual(read_name("GS25 - Lê Văn Sỹ").words[0], "gs25")

    def test_a_telephone_number_is_no_name(self):
        self.assertEqual(read_name("0905 123 987 Nga").words, ("nga",))
        self.assertEqual(read_name("Thắm-0985 220 471-Quế Võ").words, ("tham",))
        self.assertEqual(read_name("0905123987").words, ("0905123987",))

    def test_a_name_of_scrambled_letters_is_read_as_it_was_meant(self):
        for name in ("Nguyễn Thị Lan", "Đặng Văn Hưng", "Công ty Ánh Dương"):
            for table in ("cp1252", "latin-1"):
                scrambled = "".join(
                    bytes((each,)).decode(table, "ignore") or chr(each)
                    for each in name.encode()
                )
                self.assertEqual(read_name(scrambled), read_name(name), scrambled)
        self.assertEqual(read_name("José Ãlvaro").words, ("jose", "alvaro"))

    def test_a_name_as_an_address_is_written(self):
        for name in ("nguyenthuyvan1990", "[Shopee] nguyenthuyvan_90"):
            self.assertEqual(read_name(name).words, ("nguyenthuyvan",), name)
        self.assertEqual(read_name("Room 101").words, ("room", "101"))

    def test_the_address_of_a_website_is_a_name(self):
        for name in ("SONMAIDEP.COM", "https://www.sonmaidep.com.vn/"):
            self.assertEqual(read_name(name, is_company=True).words, ("sonmaidep",))

    def test_what_stands_behind_a_short_name(self):
        for name in ("Hưởng thợ sơn", "A. Hưởng bán bún", "chị Hưởng mẹ bé Bin"):
            self.assertEqual(read_name(name).words[-1], "huong", name)
        for name in ("Nguyễn Thọ Sơn", "Lê Bản Bình", "Nguyen Tho Son"):
            self.assertEqual(read_name(name).words[1:], tuple(fold(name).split()[1:]))

    def test_a_surname_is_no_wife(self):
        self.assertEqual(read_name("Võ Anh Tuấn").relation, "")
        self.assertEqual(read_name("Vợ anh Tuấn").relation, "vo")

    def test_a_secondary_school_is_no_branch(self):
        words = read_name("Trường Trung học cơ sở Lê Lợi").words
        self.assertEqual(words, read_name("THCS Lê Lợi").words)

    def test_whom_one_speaks_to_there(self):
        for name in ("Nha khoa An Bình (BS Quân)", "Nha khoa An Bình - A. Sơn"):
            self.assertEqual(read_name(name), read_name("Nha khoa An Bình"), name)
        self.assertEqual(read_name("Nhà hàng Sen (cơ sở 12)").words[-1], "12")

    def test_a_mother_with_a_name_of_her_own(self):
        called = read_name("Mẹ bé Bống (Nguyễn Hà Thanh Vân)")
        self.assertEqual((called.words[-1], called.relation), ("van", ""))

    def test_from_where_somebody_is(self):
        for name in ("cô Mai Bến Tre", "c Mai NĐ", "Cô Mai cty in"):
            self.assertEqual(read_name(name).words[1:], ("mai",), name)
        self.assertEqual(read_name("Cô Mai Thị Huệ").words, ("mai", "thi", "hue"))
        self.assertEqual(read_name("Nguyễn Hà Giang").words[-1], "giang")

    def test_whose_farm_it_is(self):
        self.assertEqual(
            read_name("Trại gà Lò Văn Ính").owner, read_name("Lò Văn Ính").words
        )
        self.assertEqual(read_name("Công ty TNHH Lò Văn Ính").owner, ())
        self.assertEqual(read_name("Trường THPT Nguyễn Văn Trỗi").owner, ())

    def test_a_branch_behind_a_name(self):
        for name in (
            "Vietcombank (CN Huế)",
            "Điện Máy Xanh CN Quận 7",
            "Công ty CP FPT - CN Đà Nẵng",
            "Petrolimex - Cửa hàng số 12",
            "Phở 24 - Đồng Khởi",
            "GS25 - Lê Văn Sỹ",
        ):
            self.assertTrue(read_name(name).is_branch, name)
        for name in (
            "Cty GP CN Sao Bắc Đẩu",
            "Chị Hoa (shop Mây)",
            "Tổng công ty May 10 - CTCP",
            "Nhựa Việt - Úc",
            "Lan - Công ty An Phát",
        ):
            self.assertFalse(read_name(name).is_branch, name)

    def test_a_relative_is_nobody_whom_the_name_says(self):
        self.assertEqual(read_name("Mẹ bé Na").relation, "me")
        self.assertEqual(read_name("Vợ anh Tuấn").words, ("tuan",))
        self.assertEqual(read_name("Võ Thị Sáu").relation, "")
        self.assertEqual(read_name("Vo Thi Sau").relation, "")

    def test_what_somebody_is_called_by_besides(self):
        self.assertEqual(read_name("Nguyễn Thị Bông (Tý)").also, ("ty",))
        self.assertEqual(read_name('Quách Tĩnh "Tèo"').also, ("teo",))
        for name in ("Chị Hằng (vợ anh Tuấn)", "Nguyễn Thị Lan (Kế toán)"):
            self.assertEqual(read_name(name).also, ())

    def test_what_a_shop_is_may_be_left_out(self):
        name = read_name("Tiệm vàng Kim Ngọc Thủy")
        self.assertEqual(name.core, ("kim", "ngoc", "thuy"))
        self.assertEqual(read_name("Nhà thuốc Hoa").trades, {"thuoc"})
        self.assertEqual(read_name("Công ty CP Đà Nẵng").core, ("da", "nang"))
