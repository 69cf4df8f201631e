from lxml import etree

from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.customer_base.models.customer_key import FILLED_TO

from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestSearch(CustomerCommon):
    """Who is found by what one has of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # as after the job, which looks at those from before
        cls.env["ir.config_parameter"].set_param(FILLED_TO, False)
        cls.hung = cls._customer("Lê Hùng", phone="01646545327", ref="KH-77/B")
        cls.contact = cls._customer("Trần Bình", parent_id=cls.an_phat.id)

    def _names(self, text, user=None, **more):
        partners = self.env["res.partner"].with_user(user or self.sales)
        return [name for _id, name in partners.name_search(text, **more)]

    def _first(self, text, **more):
        return self._names(text, **more)[0]

    def _searched(self, text):
        """Return who is found in a list, as the search bar asks for it."""
        partners = self.env["res.partner"].with_user(self.sales)
        return partners.search([("display_name", "ilike", text)])

    def _bar(self, text, records, view=None):
        """Return what the first line of a search bar finds, by its view's domain."""
        records = records.with_user(self.sales)
        view = records.get_view(view and view.id, "search")
        field = etree.fromstring(view["arch"]).find(".//field[@name='name']")
        return records.search(safe_eval(field.get("filter_domain"), {"self": text}))

    def test_any_part_of_the_name_without_marks(self):
        for text in (
            "nguyen thi lan",
            "lan nguyen",
            "thi l",
            "NGUYỄN THỊ LAN",
            "guyen",
        ):
            self.assertIn("Nguyễn Thị Lan", self._names(text), text)

    def test_these_very_words_before_those_within_others(self):
        self._customer("Âu Longan Vypham")
        for number in range(8):
            self._customer(f"Ân Longan{number} Vypham{number}")
        self.assertEqual(self._names("vypham longan", limit=3)[0], "Âu Longan Vypham")
        self.assertEqual(len(self._names("vypham longan")), 9)

    def test_decomposed_marks(self):
        self.assertIn("Nguyễn Thị Lan", self._names("Nguye\u0302\u0303n Thi\u0323 Lan"))

    def test_telephone_in_any_notation(self):
        for text in (
            "0346 545 327",
            "+84 346545327",
            "01646545327",
            "545327",
            "0346 54",
        ):
            self.assertEqual(self._names(text), ["Lê Hùng"], text)

    def test_tax_code_with_and_without_blanks(self):
        for text in ("0100233488", "0100 233 488", "VN0100233488", "0100233"):
            self.assertIn("Công ty TNHH An Phát", self._names(text), text)

    def test_company_by_its_tax_code_before_its_contacts(self):
        company = self._customer("Zyx Corporation", is_company=True, vat="0100109106")
        self.env["res.partner"].create(
            [
                {"name": f"Anna {number}", "parent_id": company.id}
                for number in range(60)
            ]
        )
        found = self.env["res.partner"].with_user(self.sales).name_search("0100109106")
        self.assertEqual(found[0][0], company.id)

    def test_company_by_another_legal_form(self):
        self.assertEqual(self._first("cty cp an phat"), "Công ty TNHH An Phát")

    def test_short_forms_titles_and_pieces_of_a_number_beside_a_name(self):
        """As the check on entry reads names. In lists they are found too."""
        names = {
            name: self._customer(name)
            for name in ("Bệnh viện Zyxmai", "BV Zyxhoa", "Trần Thị Zyxlan")
        }
        names["Trần Thị Zyxlan"].phone = "0912 345 678"
        for text, name in (
            ("BV Zyxmai", "Bệnh viện Zyxmai"),
            ("bv zyxm", "Bệnh viện Zyxmai"),
            ("bệnh viện Zyxhoa", "BV Zyxhoa"),
            ("chị Zyxlan", "Trần Thị Zyxlan"),
            ("Ms Zyxlan", "Trần Thị Zyxlan"),
            ("zyxlan 0912", "Trần Thị Zyxlan"),
        ):
            self.assertEqual(self._names(text), [name], text)
            self.assertEqual(self._searched(text), names[name], text)
        self.assertEqual(self._names("zyxlan 0988"), [])

    def test_whose_name_begins_as_another_way_comes_before_all_others(self):
        for name in ("Aab Bệnh viện Zyxmai", "Bệnh viện Zyxmai", "Zz BV Zyxmai"):
            self._customer(name)
        found = self._names("BV Zyxmai")
        self.assertEqual(found[0], "Zz BV Zyxmai")
        self.assertEqual(found[1], "Bệnh viện Zyxmai")
        self.assertEqual(found[2], "Aab Bệnh viện Zyxmai")

    def test_contact_by_its_company(self):
        self.assertIn("Công ty TNHH An Phát, Trần Bình", self._names("an phat binh"))

    def test_order_number(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.lan.id, "user_id": self.sales.id}
        )
        self.assertEqual(self._names(order.name), ["Nguyễn Thị Lan"])
        self.assertEqual(self._searched(order.name.lower()), self.lan)

    def test_a_reference_or_an_order_called_like_others_hides_none_of_them(self):
        """They come behind who has it."""
        own = self._customer("Zzbinh", ref="Vyphamq")
        self.env["sale.order"].create(
            {"partner_id": self.hung.id, "name": "VY1001", "user_id": self.sales.id}
        )
        others = {self._customer(f"{each} Vyphamq").name for each in ("Aab", "Aac")}
        self._customer("Nhà hàng VY1001")
        found = self._names("Vyphamq")
        self.assertEqual(found[0], own.name)
        self.assertEqual(set(found), {own.name, *others})
        self.assertEqual(self._names("Vyphamq", limit=1), [own.name])
        self.assertEqual(self._names("VY1001"), ["Lê Hùng", "Nhà hàng VY1001"])

    def test_orders_of_others_tell_nothing(self):
        other = new_test_user(
            self.env, "customer-other", groups="sales_team.group_sale_salesman"
        )
        order = self.env["sale.order"].create(
            {"partner_id": self.lan.id, "user_id": other.id}
        )
        self.assertEqual(self._names(order.name), [])

    def test_best_comes_first(self):
        names = ("Kho Lanh", "Hoa Lan", "Lan", "Mai Lan Anh", "Lan Anh")
        for name in names:
            self._customer(f"Zz {name}" if name == "Hoa Lan" else name)
        found = self._names("lan")
        self.assertEqual(found[:2], ["Lan", "Lan Anh"])
        self.assertEqual(found[-1], "Zz Hoa Lan")
        self._customer("Zz Lan Mai", phone="0905 444 555")
        self._customer("0905444555")
        self.assertEqual(self._first("0905 444 555"), "Zz Lan Mai")

    def test_as_many_as_wanted_under_the_domain(self):
        for number in range(9):
            self._customer(f"Hoàng Quý {number}", is_company=number % 2)
        self.assertEqual(len(self._names("hoang quy", limit=3)), 3)
        domain = [("is_company", "=", True)]
        self.assertEqual(len(self._names("hoang quy", domain=domain)), 4)
        self.assertEqual(len(self._names("hoang quy", limit=None)), 9)

    def test_short_parts(self):
        jazz = self._customer("Jazz Y Zyxw")
        self.assertIn("Jazz Y Zyxw", self._names("zz"))
        self.assertIn("Jazz Y Zyxw", self._names("y jazz"))
        self.assertIn(jazz, self._searched("z y zy"))
        self.assertNotIn("Jazz Y Zyxw", self._names("z%x"))

    def test_two_letters_begin_a_word_first_and_stand_inside_of_one_too(self):
        self._customer("Atommyx Giazz")
        self._customer("Trần Giazz Mỹ")
        self.assertEqual(self._names("giazz my"), ["Trần Giazz Mỹ", "Atommyx Giazz"])
        self.assertEqual(self._names("my atom"), ["Atommyx Giazz"])

    def test_a_single_letter_beside_a_long_word(self):
        self._customer("Ngọc P. Khanhzz")
        self._customer("Ngọc Khanhzz")
        self.assertEqual(self._names("p khanhzz"), ["Ngọc P. Khanhzz"])
        self.assertEqual(self._names("c p khanhzz"), ["Ngọc P. Khanhzz"])

    def test_each_is_found_once(self):
        self._customer("Lan Lan", email="lan@lan.vn", phone="0905 444 555")
        found = self._names("lan")
        self.assertEqual(len(found), len(set(found)))

    def test_whoever_odoo_finds_is_found(self):
        """By each field that Odoo looks at, any part of it."""
        partner = self._customer(
            "O'Neil-Đặng & Sons",
            email="o.neil@sub-host.example.com",
            ref="A/7-x",
            company_registry="REG 12.9",
            vat="0100233488-001",
        )
        for text in (
            "neil-đ",
            "& sons",
            "neil@sub",
            "host.exam",
            "a/7",
            "reg 12",
            "8-001",
        ):
            self.assertIn(partner, self._searched(text), text)

    def test_new_values_are_found_at_once(self):
        self.lan.write({"phone": "0988777666", "name": "Phạm Thu"})
        self.assertEqual(self._names("0988.777.666"), ["Phạm Thu"])
        self.assertNotIn("Phạm Thu", self._names("nguyen thi lan"))
        self.an_phat.name = "Hòa Bình"
        self.assertIn("Hòa Bình, Trần Bình", self._names("hoa binh tran"))

    def test_before_the_job_is_done_as_odoo_finds(self):
        self.env.cr.execute(
            "UPDATE res_partner SET search_text = NULL WHERE id = %s", (self.hung.id,)
        )
        self.env.invalidate_all()
        self.assertEqual(self._names("KH-77"), [])
        self.env["customer.key"]._begin_filling()
        self.assertEqual(self._names("KH-77"), ["Lê Hùng"])
        self.env["res.partner"]._keep_search_text(self.hung.ids)
        self.env["ir.config_parameter"].set_param(FILLED_TO, False)
        self.assertEqual(self._names("hung le"), ["Lê Hùng"])

    def test_documents_of_a_customer_are_found(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.hung.id, "user_id": self.sales.id}
        )
        orders = self.env["sale.order"].with_user(self.sales)
        found = orders.search([("partner_id", "ilike", "+84 346 545 327")])
        self.assertEqual(found, order)

    def test_who_is_not_found(self):
        for text in ("không có ai", "0999 999 998", "lan phat"):
            self.assertNotIn("Nguyễn Thị Lan", self._names(text), text)

    def test_nothing_typed_gives_all(self):
        self.assertEqual(len(self._names("", limit=2)), 2)

    def test_nonsense(self):
        self.assertEqual(self._names("\0"), self._names(""))
        for text in ("a" * 100_000, "'; --", "0" * 500):
            self.assertEqual(self._names(text), [])

    # ------------------------------------------------------------
    # SEARCH BARS
    # ------------------------------------------------------------

    def test_the_bar_finds_customers_by_what_one_has_of_them(self):
        order = self.env["sale.order"].create(
            {"name": "HN/0815", "partner_id": self.lan.id, "user_id": self.sales.id}
        )
        views = self.env["ir.ui.view"].search(
            [("model", "=", "res.partner"), ("type", "=", "search")]
        )
        views = views.filtered(lambda view: view.mode == "primary")
        self.assertIn(self.env.ref("base.view_res_partner_filter"), views)
        for text, found in (
            ("nguyen thi lan", self.lan),
            ("LAN nguyễn", self.lan),
            ("0912.345.678", self.lan),
            ("+84 (0) 912 345 678", self.lan),
            ("345678", self.lan),
            ("01646545327", self.hung),
            ("+84346545327", self.hung),
            ("0100 233 488", self.an_phat),
            ("INFO@anphat", self.an_phat),
            ("cty cp an phat", self.an_phat),
            ("kh-77", self.hung),
            (order.name, self.lan),
            (order.name.lower(), self.lan),
        ):
            for view in views:
                with self.subTest(text=text, view=view.xml_id):
                    self.assertIn(found, self._bar(text, found, view))

    def test_the_bar_finds_nobody_else(self):
        for text, found in (
            ("nguyen thi lan", self.lan),
            ("+84 912 345 678", self.lan),
            ("0346 545 327", self.hung),
            ("0999 999 998", self.lan.browse()),
        ):
            mine = self.lan | self.hung | self.an_phat | self.contact
            self.assertEqual(self._bar(text, self.lan) & mine, found, text)

    def test_the_bar_tells_nothing_of_others_orders(self):
        other = new_test_user(
            self.env, "customer-other", groups="sales_team.group_sale_salesman"
        )
        self.env["sale.order"].create(
            {"name": "HN/0816", "partner_id": self.lan.id, "user_id": other.id}
        )
        self.assertFalse(self._bar("HN/0816", self.lan))

    def test_bars_of_documents_find_them_by_their_customer(self):
        values = {"partner_id": self.hung.id, "user_id": self.sales.id}
        order = self.env["sale.order"].create(values)
        lead = {**values, "name": "Beds", "type": "opportunity"}
        lead = self.env["crm.lead"].create(lead)
        opportunities = self.env.ref("crm.view_crm_case_opportunities_filter")
        for text in ("le hung", "0346.545.327", "+84 346 545 327", "kh-77/b"):
            with self.subTest(text=text):
                self.assertEqual(self._bar(text, order), order)
                self.assertIn(lead, self._bar(text, lead, opportunities))
