from odoo.tests import TransactionCase, new_test_user

OWN = "sales_team.group_sale_salesman,base.group_partner_manager"


class AccessCommon(TransactionCase):
    """Two salespeople who own customers, one who owns none, and their leader."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mai = new_test_user(cls.env, "access-mai", groups=OWN)
        cls.nam = new_test_user(cls.env, "access-nam", groups=OWN)
        cls.leader = new_test_user(cls.env, "access-leader", groups=OWN)
        cls.manager = new_test_user(
            cls.env, "access-manager", groups="sales_team.group_sale_manager"
        )
        cls.accountant = new_test_user(
            cls.env, "access-accountant", groups="account.group_account_invoice"
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "North",
                "user_id": cls.leader.id,
                "member_ids": [(6, 0, cls.mai.ids)],
            }
        )
        cls.mine = cls._customer("Mine", user_id=cls.mai.id)
        cls.theirs = cls._customer("Theirs", is_company=True, user_id=cls.nam.id)
        cls.unowned = cls._customer("Unowned")
        cls.vendor = cls._customer("Vendor", supplier_rank=1)
        cls.access = cls.env["customer.access"]
        cls.access._switch(True)
        # as a job would, where the database has many
        while cls.access._fill():
            pass

    @classmethod
    def _customer(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    def _sees(self, partner, user=None):
        """Return whether a user reads a partner, by search and by access."""
        partners = self.env["res.partner"].with_user(user or self.mai)
        # settings and teams change between two requests only
        self.env.invalidate_all()
        found = bool(partners.search([("id", "=", partner.id)]))
        readable = partners.browse(partner.id).has_access("read")
        self.assertEqual(found, readable, "search and access say the same")
        return found

    def _writes(self, partner, user=None):
        return partner.with_user(user or self.mai).has_access("write")
