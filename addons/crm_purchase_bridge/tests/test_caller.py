from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import BridgeCommon

NOTHING = {"customers": [], "orders": [], "is_of_others": False}


@tagged("post_install", "-at_install")
class TestWhoIsCalling(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.vn")
        cls.own = cls._user("own", "sales_team.group_sale_salesman")
        cls.dao = cls._customer("Nguyễn Thị Đào Zyx", "+84 901 234 567")
        cls.duc = cls._customer("Trần Đức Zyx", "(028) 3.822-1234")

    @classmethod
    def _customer(cls, name, phone, **values):
        return cls.env["res.partner"].create({"name": name, "phone": phone, **values})

    def _find(self, text, user=None):
        return self.env(user=user or self.care)["supply.caller"].find(text)

    def _customers(self, text, user=None):
        return {customer["id"] for customer in self._find(text, user)["customers"]}

    def _orders(self, text, user=None):
        return [order["id"] for order in self._find(text, user)["orders"]]

    def test_number_is_found_however_it_is_written(self):
        for text in (
            "+84901234567",
            "0084 901 234 567",
            "0901 234 567",
            "090-123.4567",
            "84901234567",
            "901234567",
            "4567",
            "0901 234",
            "0901.234.567",
            "(+84) 901.234.567",
            "+84 (0) 901 234 567",
            "tel. 0901 234 567",
            "SĐT: 0901234567",
        ):
            with self.subTest(text):
                self.assertIn(self.dao.id, self._customers(text))
        for text in ("02838221234", "+84 28 3822 1234", "8221234"):
            with self.subTest(text):
                self.assertIn(self.duc.id, self._customers(text))
        self.assertNotIn(self.dao.id, self._customers("0901 234 568"))

    def test_name_is_found_without_accents(self):
        for text in (
            "nguyen thi dao zyx",
            "NGUYEN DAO ZYX",
            "Nguyễn Zyx",
            "đào zyx",
            "dao  zyx",
            "zyx nguyen",
        ):
            with self.subTest(text):
                self.assertEqual(self._customers(text), {self.dao.id})
        self.assertEqual(self._customers("zyx"), {self.dao.id, self.duc.id})

    def test_words_that_are_short_are_found_together(self):
        partner = self._customer("Lê Ân", "")
        self.assertIn(partner.id, self._customers("le an"))

    def test_signs_of_patterns_are_letters_like_others(self):
        for text in ("%%%", "___", "z%x", "\\\\\\", "z_x", "'; --", '"qyx'):
            with self.subTest(text):
                self.assertFalse(self._customers(text) & {self.dao.id, self.duc.id})

    def test_order_is_found_by_our_number_and_by_theirs(self):
        sale = self._sale(client_order_ref="PO/Ward/7781")
        self.assertIn(sale.id, self._orders(sale.name))
        self.assertIn(sale.id, self._orders(sale.name.lower()))
        self.assertEqual(self._orders("ward/7781"), [sale.id])

    def test_customer_comes_with_open_orders(self):
        quotation = self._sale(partner_id=self.dao.id)
        ordered = self._sale(partner_id=self.dao.id, confirm=True)
        cancelled = self._sale(partner_id=self.dao.id)
        cancelled.action_cancel()
        delivered = self._sale(partner_id=self.dao.id, product=self.kept)
        self._count(2)
        delivered.action_confirm()
        delivered.sudo().picking_ids.move_ids.quantity = 2
        delivered.sudo().picking_ids.button_validate()
        self.assertEqual(delivered.delivery_status, "full")
        (customer,) = self._find("dao zyx")["customers"]
        ids = [order["id"] for order in customer["orders"]]
        self.assertEqual(ids, [ordered.id, quotation.id])
        self.assertEqual(customer["orders"][0]["name"], ordered.name)
        self.assertEqual(customer["orders"][0]["state"], "Sales Order")
        self.assertIn("sentence", customer["orders"][0])

    def test_colleague_of_the_customer_finds_the_orders_of_the_company(self):
        firm = self._customer("Bệnh viện Zyx", "", is_company=True)
        nurse = self._customer("Cô Hồng", "0911 000 999", parent_id=firm.id)
        sale = self._sale(partner_id=firm.id)
        (customer,) = self._find("0911000999")["customers"]
        self.assertEqual(customer["id"], nurse.id)
        self.assertEqual(customer["orders"][0]["id"], sale.id)

    def test_orders_of_a_company_are_listed_once(self):
        """With the first who is found; it says below the others that they are above."""
        firm = self._customer("Bệnh viện Qwx", "", is_company=True)
        people = [
            self._customer(f"Qwx {number}", "", parent_id=firm.id) for number in (1, 2)
        ]
        alone = self._customer("Qwx alone", "")
        sales = [
            self._sale(partner_id=partner.id) for partner in (firm, *people, alone)
        ]
        found = {
            customer["id"]: customer for customer in self._find("qwx")["customers"]
        }
        first, *others = [id_ for id_ in found if id_ != alone.id]
        listed = [order["id"] for order in found[first]["orders"]]
        self.assertCountEqual(listed, [sale.id for sale in sales[:3]])
        self.assertFalse(found[first]["is_above"])
        self.assertEqual(len(others), 2)
        for id_ in others:
            self.assertFalse(found[id_]["orders"])
            self.assertTrue(found[id_]["is_above"])
        (order,) = found[alone.id]["orders"]
        self.assertEqual(order["id"], sales[3].id)

    def test_that_colleagues_have_orders_of_a_company_is_said_once(self):
        firm = self._customer("Bệnh viện Qwx", "", is_company=True)
        self._customer("Qwx 1", "", parent_id=firm.id)
        sale = self._sale(partner_id=firm.id)
        sale.sudo().user_id = self.seller
        first, second = self._find("qwx", self.own)["customers"]
        self.assertEqual((first["has_others"], first["is_above"]), (True, False))
        self.assertEqual((second["has_others"], second["is_above"]), (False, True))
        sale.action_cancel()
        for customer in self._find("qwx", self.own)["customers"]:
            self.assertFalse(customer["has_others"] or customer["is_above"])

    def test_five_of_a_kind_are_enough(self):
        self.env["res.partner"].create(
            [{"name": f"Qwx {number}"} for number in range(9)]
        )
        for number in range(7):
            self._sale(partner_id=self.dao.id, client_order_ref=f"Ref-Qwx-{number}")
        found = self._find("qwx")
        self.assertEqual(len(found["customers"]), 5)
        self.assertEqual(len(found["orders"]), 5)
        (customer,) = self._find("dao zyx")["customers"]
        self.assertEqual(len(customer["orders"]), 5)

    def test_salesperson_finds_their_own_orders_only(self):
        theirs = self._sale(partner_id=self.dao.id, client_order_ref="REF-Zyx-1")
        mine = self._sale(partner_id=self.dao.id, client_order_ref="REF-Zyx-2")
        theirs.sudo().user_id, mine.sudo().user_id = self.seller, self.own
        (customer,) = self._find("dao zyx", self.own)["customers"]
        self.assertEqual([order["id"] for order in customer["orders"]], [mine.id])
        self.assertEqual(self._orders("ref-zyx", self.own), [mine.id])

    def test_orders_of_colleagues_are_there_without_content(self):
        theirs = self._sale(partner_id=self.dao.id, client_order_ref="REF-Zyx-1")
        theirs.sudo().user_id = self.seller
        found = self._find("dao zyx", self.own)
        (customer,) = found["customers"]
        self.assertTrue(customer["has_others"])
        self.assertFalse(customer["orders"])
        self.assertNotIn(theirs.name, str(found))
        self.assertNotIn(self.seller.name, str(found))
        (customer,) = self._find("dao zyx")["customers"]
        self.assertFalse(customer["has_others"])

    def test_delivered_orders_of_colleagues_are_not_spoken_of(self):
        theirs = self._sale(partner_id=self.dao.id)
        theirs.sudo().user_id = self.seller
        theirs.action_cancel()
        (customer,) = self._find("dao zyx", self.own)["customers"]
        self.assertFalse(customer["has_others"])

    def test_number_of_a_colleagues_order_is_known_when_typed_in_full(self):
        theirs = self._sale(partner_id=self.dao.id, client_order_ref="REF-Zyx-1")
        theirs.sudo().user_id = self.seller
        for text in (theirs.name, theirs.name.lower(), "ref-zyx-1"):
            with self.subTest(text):
                found = self._find(text, self.own)
                self.assertTrue(found["is_of_others"])
                self.assertFalse(found["orders"])
                self.assertFalse(self._find(text)["is_of_others"])
        for text in (theirs.name[:-1], "ref-zyx", "ref_zyx_1", "%%%"):
            with self.subTest(text):
                self.assertFalse(self._find(text, self.own)["is_of_others"])

    def test_delivered_order_says_when_and_with_which_transfer(self):
        self._count(2)
        sale = self._sale(product=self.kept, confirm=True)
        sale.sudo().picking_ids.move_ids.quantity = 2
        sale.sudo().picking_ids.button_validate()
        (found,) = self._find(sale.name)["orders"]
        self.assertIn("everything was delivered on", found["sentence"])
        self.assertIn(sale.sudo().picking_ids.name, found["sentence"])

    def test_cancelled_order_says_so(self):
        sale = self._sale(partner_id=self.dao.id)
        sale.action_cancel()
        (found,) = self._find(sale.name)["orders"]
        self.assertIn("cancelled", found["sentence"])

    def test_queries_do_not_grow_with_the_orders(self):
        counts = []
        for number, text in ((1, "ref-few"), (5, "ref-many")):
            for order in range(number):
                self._sale(
                    client_order_ref=f"{text}-{order}", product=self.kept, confirm=True
                )
            self._follow_supply()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self._find(text)["orders"]
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(order["sentence"] for order in found))
            self.assertEqual(len(found), number)
        self.assertLessEqual(counts[1], counts[0])

    def test_customer_of_another_company_is_not_found(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.dao.company_id = other
        self.assertFalse(self._customers("dao zyx"))
        self.assertFalse(self._customers("0901234567"))

    def test_who_reads_no_orders_finds_nobody(self):
        for user in (self.buyer, self.env.ref("base.public_user")):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._find("zyx", user)

    def test_nonsense_finds_nobody(self):
        for text in (
            None,
            False,
            5,
            [],
            {},
            "",
            "zy",
            "  z  ",
            "\0\0\0",
            "x" * 101,
            "z" * 10240,
        ):
            with self.subTest(str(text)[:20]):
                self.assertEqual(self._find(text), NOTHING)

    def test_no_application_opens_with_it(self):
        """Odoo opens an application with the first menu of it."""
        for name in ("sale", "crm"):
            ours = self.env.ref(f"crm_purchase_bridge.supply_caller_menu_{name}")
            siblings = ours.parent_id.child_id.sorted()
            self.assertNotEqual(siblings[0], ours, name)

    def test_it_only_reads(self):
        caller = self.env.registry["supply.caller"]
        self.assertTrue(caller.find._readonly)

    def test_search_uses_the_indexes(self):
        if not self.env.registry.has_trigram:
            self.skipTest("PostgreSQL has no pg_trgm here.")
        # few partners need no index, and Odoo's own know no digits and no plain names
        self.env.cr.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;"
            "DROP INDEX IF EXISTS res_partner_phone_partial_tgm,"
            " res_partner_phone_partial_gin_idx, res_partner__complete_name_index,"
            " res_partner_of_active"
        )
        partners = self.env["res.partner"].sudo()
        for domain, index in (
            (partners._get_phone_domain("0901 234 567"), "phone_caller_index"),
            (partners._get_plain_name_domain("nguyen dao"), "name_caller_index"),
        ):
            select = partners._search(domain).select()
            plan = self.env.execute_query(SQL("EXPLAIN %s", select))
            self.assertIn(index, str(plan))


@tagged("post_install", "-at_install")
class TestCallerPrices(BridgeCommon):
    def test_orders_that_are_found_say_no_prices(self):
        sale = self._sale(
            client_order_ref="REF-Zyx-9",
            order_line=[
                Command.create({"product_id": self.kept.id, "price_unit": 98765})
            ],
        )
        found = str(self.env(user=self.care)["supply.caller"].find("ref-zyx-9"))
        self.assertIn(sale.name, found)
        self.assertNotIn("98765", found)
