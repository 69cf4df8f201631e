from odoo.tests import TransactionCase, new_test_user


class CustomerCommon(TransactionCase):
    """A company in Vietnam, a salesperson, and customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not getattr(cls, "registry_test_mode", False):
            # hints are counted by a cursor of their own, which must know the users
            cls.registry_enter_test_mode_cls()
        cls.env.ref("base.main_company").country_id = cls.env.ref("base.vn")
        cls.sales = new_test_user(
            cls.env,
            "customer-sales",
            groups="sales_team.group_sale_salesman,base.group_partner_manager",
        )
        cls.an_phat = cls._customer(
            "Công ty TNHH An Phát",
            is_company=True,
            vat="0100233488",
            phone="028 3823 4567",
            email="info@anphat.vn",
        )
        cls.lan = cls._customer("Nguyễn Thị Lan", phone="0912 345 678")

    @classmethod
    def _customer(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    def _find(self, partner=None, user=None, **values):
        """Return what the form is told, as a salesperson."""
        matches = self.env["customer.match"].with_user(user or self.sales)
        return matches.find(values, partner and partner.id)

    def _levels(self, partner=None, user=None, **values):
        """Return the levels of those found, by their ids."""
        found = self._find(partner, user, **values)["matches"]
        return {match["id"]: match["level"] for match in found}
