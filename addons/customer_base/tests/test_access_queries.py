from odoo.tests import tagged

from .access_common import AccessCommon

#: What *own customers only* adds to making a contact: who may see it is written, whose
#: it is is looked at, and the system's parameter of the switch is read.
MORE = 3


@tagged("post_install", "-at_install")
class TestAccessQueries(AccessCommon):
    """What it takes to make a contact, in questions to the database."""

    def _make(self, number):
        """Make a contact as a request does, whose caches of records are empty."""
        self.env.flush_all()
        self.env.invalidate_all()
        partners = self.env["res.partner"].with_user(self.mai)
        partners.create({"name": f"Contact {number}", "phone": f"0911 000 {number}"})
        self.env.flush_all()

    def _count(self, number):
        before = self.env.cr.sql_log_count
        self._make(number)
        return self.env.cr.sql_log_count - before

    def _fill_caches(self):
        """Read what Odoo remembers from request to request."""
        for number in (101, 102):
            self._make(number)

    def test_a_contact_takes_three_queries_more_than_without(self):
        self.access._switch(False)
        self._fill_caches()
        without = self._count(103)
        self.access._switch(True)
        while self.access._fill():
            pass
        self._fill_caches()
        with self.assertQueryCount(without + MORE):
            self._make(104)

    def test_defaults_are_read_of_what_may_name_a_customer_only(self):
        """Odoo itself says who made a record."""
        leads = self.access._find_names_to_check("crm.lead")
        self.assertLessEqual({"partner_id", "user_id"}, {*leads})
        self.assertNotIn("create_uid", leads)
        self.assertFalse(self.access._find_names_to_check("crm.tag"))
