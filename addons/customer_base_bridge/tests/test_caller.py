from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCaller(TransactionCase):
    """Whoever calls is found as a field finds customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.main_company").country_id = cls.env.ref("base.vn")
        cls.env["ir.config_parameter"].set_param("customer_base.filled_to", False)
        cls.care = new_test_user(
            cls.env, "caller-care", groups="sales_team.group_sale_salesman"
        )
        cls.hung = cls.env["res.partner"].create(
            {"name": "Lê Hùng Zyx", "phone": "034 654 5327", "vat": "0100233488"}
        )

    def _find(self, text):
        found = self.env["supply.caller"].with_user(self.care).find(text)
        return [customer["id"] for customer in found["customers"]]

    def test_by_a_number_from_before_the_reform(self):
        self.assertEqual(self._find("01646545327"), self.hung.ids)

    def test_by_tax_code(self):
        self.assertEqual(self._find("0100 233 488"), self.hung.ids)

    def test_the_level_is_said(self):
        caller = self.env["supply.caller"].with_user(self.care)
        self.assertFalse(caller.find("0100 233 488")["customers"][0]["level"])
        vip = self.env["customer.level"].create({"name": "VIP", "color": 3})
        self.hung.customer_level_id = vip
        found = caller.find("0100 233 488")["customers"][0]
        self.assertEqual(found["level"], {"name": "VIP", "color": 3})

    def test_best_first(self):
        other = self.env["res.partner"].create({"name": "Aa Hùng Zyx"})
        self.assertEqual(self._find("le hung zyx"), self.hung.ids)
        self.assertEqual(self._find("hung zyx"), [other.id, self.hung.id])
