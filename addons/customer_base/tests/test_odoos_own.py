from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CustomerCommon

#: What a right lets one do with customers: read, change, enter, delete, merge, set
#: levels, say which data are wanted, give others access. As docs/customers.md has it.
RIGHTS = {
    "base.group_user": "read",
    "sales_team.group_sale_salesman": "read change enter",
    "sales_team.group_sale_salesman_all_leads": "read change enter",
    "sales_team.group_sale_manager": "read change enter merge level wanted",
    "base.group_partner_manager": "read change enter delete",
    "account.group_account_invoice": "read",
    "base.group_system": "read change enter delete settings",
}
ACCESS = {"read": "read", "change": "write", "enter": "create", "delete": "unlink"}
MODELS = {"wanted": "customer.field.rule", "settings": "res.config.settings"}


@tagged("post_install", "-at_install")
class TestOdoosOwn(CustomerCommon):
    """What the guide says that Odoo does by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vip = cls.env["customer.level"].create({"name": "VIP"})

    def _may(self, user):
        """Return what a user may do with customers."""
        customer = self.lan.with_user(user)
        may = {each for each, mode in ACCESS.items() if customer.has_access(mode)}
        for each, model in MODELS.items():
            if self.env[model].with_user(user).has_access("create"):
                may.add(each)
        if user.has_group("customer_base.group_merge"):
            may.add("merge")
        with suppress(AccessError), self.env.cr.savepoint():
            customer.customer_level_id = self.vip
            customer.flush_recordset()
            may.add("level")
        self.lan.customer_level_id = False
        return may

    def test_who_may_do_what(self):
        for number, (group, right) in enumerate(RIGHTS.items()):
            groups = ",".join(dict.fromkeys(["base.group_user", group]))
            user = new_test_user(self.env, f"right-{number}", groups=groups)
            with self.subTest(group=group):
                self.assertEqual(self._may(user), set(right.split()))

    # ------------------------------------------------------------
    # ONE CUSTOMER FOR ALL DEPARTMENTS
    # ------------------------------------------------------------

    def test_what_one_department_changes_all_have(self):
        values = {"partner_id": self.lan.id, "user_id": self.sales.id}
        order = self.env["sale.order"].create(values)
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.lan.id}
        )
        accountant = new_test_user(
            self.env, "customer-books", groups="account.group_account_invoice"
        )
        self.lan.with_user(self.sales).phone = "0905 444 555"
        self.env.flush_all()
        self.env.invalidate_all()
        for document in (order.with_user(self.sales), invoice.with_user(accountant)):
            self.assertEqual(document.partner_id.phone, "0905 444 555")

    def test_contacts_have_tax_code_and_industry_of_their_company(self):
        steel = self.env["res.partner.industry"].create({"name": "Steel"})
        contact = self._customer("Trần Bình", parent_id=self.an_phat.id)
        self.an_phat.with_user(self.sales).write(
            {"vat": "0101234567", "industry_id": steel.id}
        )
        self.assertEqual((contact.vat, contact.industry_id), ("0101234567", steel))

    # ------------------------------------------------------------
    # INDUSTRY
    # ------------------------------------------------------------

    def test_an_industry_is_found_grouped_and_wanted(self):
        steel = self.env["res.partner.industry"].create({"name": "Steel"})
        field = self.env["ir.model.fields"]._get("res.partner", "industry_id")
        self.env["customer.field.rule"].create(
            {"name": "Industry", "field_ids": field.ids, "kind": "company"}
        )
        company = self._customer("Thép Việt", is_company=True)
        self.env.flush_all()
        self.assertEqual(company.data_score, 0)
        company.with_user(self.sales).industry_id = steel
        self.env.flush_all()
        self.assertEqual(company.data_score, 100)
        customers = self.env["res.partner"].with_user(self.sales)
        self.assertEqual(customers.search([("industry_id", "ilike", "ste")]), company)
        groups = customers.formatted_read_group(
            [("id", "=", company.id)], ["industry_id"], ["__count"]
        )
        self.assertEqual(groups[0]["industry_id"], (steel.id, "Steel"))

    # ------------------------------------------------------------
    # FIELDS OF A COMPANY'S OWN
    # ------------------------------------------------------------

    def test_properties_are_defined_once_and_filled_by_salespeople(self):
        definitions = self.env["properties.base.definition"]
        definition = definitions._get_definition_for_property_field(
            "res.partner", "properties"
        )
        size = {"name": "size", "string": "Beds", "type": "integer"}
        with self.assertRaises(AccessError):
            definition.with_user(self.sales).properties_definition = [size]
        definition.properties_definition = [
            *(definition.properties_definition or []),
            size,
        ]
        self.an_phat.with_user(self.sales).write({"properties": {"size": 40}})
        self.env.flush_all()
        self.env.invalidate_all()
        customers = self.env["res.partner"].with_user(self.sales)
        self.assertEqual(customers.search([("properties.size", "=", 40)]), self.an_phat)
        groups = customers.formatted_read_group(
            [("id", "in", (self.an_phat | self.lan).ids)],
            ["properties.size"],
            ["__count"],
        )
        self.assertEqual(
            {group["properties.size"]: group["__count"] for group in groups},
            {40: 1, False: 1},
        )
