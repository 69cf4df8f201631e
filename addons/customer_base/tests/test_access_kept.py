import json
import re
from contextlib import closing

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..merging.watching import Watch
from .access_common import AccessCommon

#: So many customers, each of one of so many salespeople.
MANY, SALESPEOPLE = 60_000, 300


class KeptCommon(AccessCommon):
    @classmethod
    def _rows(cls):
        """Return the table of access, as whoever reads it sees it."""
        cls.env.flush_all()
        return cls.env.execute_query(
            SQL(
                "SELECT partner_id, reader, may_write, until FROM customer_access "
                "ORDER BY partner_id, reader"
            )
        )

    def _assert_kept(self):
        """The table is what would be made of everything anew."""
        before = self._rows()
        partners = self.env["res.partner"].with_context(active_test=False)
        self.access._keep(partners.search([]).ids)
        self.assertEqual(before, self._rows())


@tagged("post_install", "-at_install")
class TestRolledBack(KeptCommon):
    """What happened after a savepoint and is rolled back did not happen."""

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))
        self.partners = self.env["res.partner"].with_user(self.mai)

    def _savepoint(self, flush=True):
        """Return a context whose end rolls back what was done in it."""
        return closing(self.env.cr.savepoint(flush=flush))

    def test_who_was_made_is_gone(self):
        for flush in True, False:
            with self.subTest(flush=flush):
                before = self._rows()
                with self._savepoint(flush):
                    gone = self.partners.create({"name": "Gone"})
                    self.env.flush_all()
                    self.assertIn(gone.id, {row[0] for row in self._rows()})
                self.env.invalidate_all(flush=False)
                self.assertEqual(self._rows(), before)
                self.assertFalse(self.partners.search([("id", "=", gone.id)]))
                self.assertFalse(gone.has_access("read"))
                self.assertFalse(gone.has_access("write"))
                self._assert_kept()

    def test_who_was_made_before_stays(self):
        """Not written yet, and with a company that is looked at later."""
        company = self.partners.create({"name": "Company", "is_company": True})
        contact = self.partners.create({"name": "Contact", "parent_id": company.id})
        with self._savepoint():
            other = self.partners.create({"name": "Other", "parent_id": company.id})
            other.name = "Another"
        self.assertTrue(self._sees(company))
        self.assertTrue(self._sees(contact))
        self.assertTrue(self._writes(contact))
        self.assertFalse(self._sees(contact, self.nam))
        contact.name = "Renamed"
        contact.with_user(self.manager).user_id = self.nam
        self.assertTrue(self._sees(contact, self.nam))
        self._assert_kept()

    def test_an_owner_who_was_changed_is_the_one_before(self):
        new = self.partners.create({"name": "New"})
        for partner in self.mine, new:
            with self._savepoint():
                partner.with_user(self.manager).user_id = self.nam
                self.assertTrue(self._sees(partner, self.nam))
                self.assertFalse(self._sees(partner))
            self.assertFalse(self._sees(partner, self.nam))
            self.assertTrue(self._sees(partner))
            self.assertTrue(partner.with_user(self.mai).access_to_write)
        self._assert_kept()

    def test_where_somebody_was_moved(self):
        company = self._customer("Company", is_company=True, user_id=self.nam.id)
        contact = self._customer("Contact", user_id=self.mai.id)
        with self._savepoint():
            contact.parent_id = company
            self.assertTrue(self._sees(company))
        self.assertFalse(self._sees(company))
        contact.parent_id = company
        self.assertTrue(self._sees(company))
        self._assert_kept()

    def test_what_was_shared(self):
        with self._savepoint():
            self.env["customer.share"].create(
                {
                    "partner_id": self.theirs.id,
                    "user_id": self.mai.id,
                    "until": "2099-12-31",
                    "reason": "Leave",
                }
            )
            self.assertTrue(self._sees(self.theirs))
        self.assertFalse(self._sees(self.theirs))
        self._assert_kept()

    def test_who_leads_whom(self):
        """All transactions remember it, also those that come after."""
        with self._savepoint():
            self.team.user_id = self.nam
            self.assertTrue(self._sees(self.mine, self.nam))
            self.assertFalse(self._sees(self.mine, self.leader))
        self.assertFalse(self._sees(self.mine, self.nam))
        self.assertTrue(self._sees(self.mine, self.leader))
        for user, led in ((self.nam, set()), (self.leader, {self.mai.id})):
            self.assertEqual(user._find_led_once(), led, user.login)

    def test_an_import_that_fails_in_the_middle(self):
        names = ["name", "is_company", "customer_level_id/.id"]
        rows = [["First", "1", ""], ["Second", "1", "999999999"], ["Third", "1", ""]]
        before = self._rows()
        found = self.partners.load(names, rows)
        self.assertFalse(found["ids"])
        self.assertEqual(self._rows(), before)
        found = self.partners.load(names, [rows[0], rows[2]])
        for partner in self.env["res.partner"].browse(found["ids"]):
            self.assertTrue(self._sees(partner))
            self.assertFalse(self._sees(partner, self.nam))
        self._assert_kept()

    def test_a_merge_goes_on_watching(self):
        self.env.flush_all()
        with Watch(self.env.cr) as watch:
            with self._savepoint():
                self.mine.name = "Gone again"
                self.env.flush_all()
            self.mine.name = "Changed"
            self.env.flush_all()
            changes = watch.compare()
        self.assertEqual(
            changes["res_partner"][self.mine.id]["name"], ["Mine", "Changed"]
        )


@tagged("post_install", "-at_install")
class TestRepaired(KeptCommon):
    """Two writes at once in one family do not see each other: a job looks at all."""

    def _spoil(self, statement, *values):
        self.env.flush_all()
        self.env.cr.execute(statement, values)
        self.assertEqual(self.env.cr.rowcount, 1, "it is wrong now")
        self.env.cr.clear()  # as in another transaction

    def _run_at_night(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_base.ir_cron_access").method_direct_trigger()
        self.env.invalidate_all()

    def test_a_row_that_is_missing(self):
        self._spoil("DELETE FROM customer_access WHERE partner_id = %s", self.mine.id)
        self.assertFalse(self._sees(self.mine))
        self._run_at_night()
        self.assertTrue(self._sees(self.mine))
        self.assertTrue(self._writes(self.mine))
        self._assert_kept()

    def test_a_row_too_many(self):
        self._spoil(
            "INSERT INTO customer_access (partner_id, reader, may_write, until) "
            "VALUES (%s, %s, TRUE, '9999-12-31')",
            self.theirs.id,
            self.mai.id,
        )
        self.assertTrue(self._sees(self.theirs))
        self._run_at_night()
        self.assertFalse(self._sees(self.theirs))
        self._assert_kept()

    def test_a_row_that_says_too_much_or_too_little(self):
        where = "WHERE partner_id = %s AND reader = %s"
        contact = self._customer(
            "Contact", parent_id=self.theirs.id, user_id=self.mai.id
        )
        self._spoil(
            f"UPDATE customer_access SET may_write = TRUE {where}",
            self.theirs.id,
            self.mai.id,
        )
        self._spoil(
            f"UPDATE customer_access SET until = '2000-01-01' {where}",
            contact.id,
            self.mai.id,
        )
        self.assertTrue(self._writes(self.theirs))
        self.assertFalse(self._sees(contact))
        self._run_at_night()
        self.assertFalse(self._writes(self.theirs))
        self.assertTrue(self._sees(contact))
        self._assert_kept()

    def test_an_owner_that_was_changed_past_the_system(self):
        self._spoil(
            "UPDATE res_partner SET user_id = %s WHERE id = %s",
            self.nam.id,
            self.mine.id,
        )
        self._run_at_night()
        self.assertFalse(self._sees(self.mine))
        self.assertTrue(self._sees(self.mine, self.nam))

    def test_a_row_of_somebody_deleted(self):
        """Such a number may be given again to nobody, but it stands for nothing."""
        self._spoil(
            "INSERT INTO customer_access (partner_id, reader, may_write, until) "
            "VALUES (%s, 2000000000, TRUE, '9999-12-31')",
            self.theirs.id,
        )
        self._run_at_night()
        self._assert_kept()
        self.assertNotIn(2_000_000_000, {reader for _id, reader, *_ in self._rows()})


@tagged("post_install", "-at_install")
class TestPlan(KeptCommon):
    """Whom one sees is looked up in an index, however many customers there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.flush_all()
        cr = cls.env.cr
        cr.execute(
            """
            WITH made AS (
                INSERT INTO res_partner (name, complete_name, active, is_company,
                                         autopost_bills, group_rfq, group_on,
                                         company_registry)
                SELECT 'Many ' || number, 'Many ' || number, TRUE, FALSE,
                       'ask', 'default', 'default', number::text
                  FROM generate_series(1, %s) number
             RETURNING id, company_registry
            )
            INSERT INTO customer_access (partner_id, reader, may_write, until)
            SELECT id, 1000000 + company_registry::int %% %s, TRUE, '9999-12-31'
              FROM made
            """,
            (MANY, SALESPEOPLE),
        )
        cr.execute(
            """
            UPDATE customer_access SET reader = %s WHERE reader = 1000000
            """,
            (cls.mai.id,),
        )
        cr.execute("ANALYZE res_partner, customer_access")

    def _explain(self, query):
        self.env.cr.execute(SQL("EXPLAIN (FORMAT JSON) %s", query))
        ((plan,),) = self.env.cr.fetchall()
        plan = json.loads(plan) if isinstance(plan, str) else plan
        return list(self._walk(plan[0]["Plan"]))

    def _walk(self, node):
        yield node
        for below in node.get("Plans", ()):
            yield from self._walk(below)

    def _assert_looked_up(self, nodes):
        scans = [
            (node["Node Type"], node["Relation Name"])
            for node in nodes
            if node.get("Relation Name") in ("res_partner", "customer_access")
        ]
        self.assertTrue(scans)
        self.assertFalse([scan for scan in scans if scan[0] == "Seq Scan"], scans)
        looks = [
            node
            for node in nodes
            if "customer_access_of_reader" in node.get("Index Name", "")
        ]
        self.assertEqual(len(looks), 1, "one look at one index")
        self.assertIn("reader", looks[0]["Index Cond"])

    def test_a_list_and_its_count(self):
        partners = self.env["res.partner"].with_user(self.mai)
        query = partners._search([], limit=80, order="complete_name, id")
        self._assert_looked_up(self._explain(query.select()))
        query = partners._search([])
        self._assert_looked_up(self._explain(query.select(SQL("COUNT(*)"))))
        self.assertGreater(partners.search_count([]), MANY / SALESPEOPLE)

    def test_the_index_of_active_partners_is_for_what_odoo_asks(self):
        """A database before 17 takes it only for a condition in the same words."""
        self.env.cr.execute(
            "SELECT pg_get_expr(indpred, indrelid) FROM pg_index "
            "WHERE indexrelid = 'res_partner_of_active'::regclass"
        )
        (condition,) = self.env.cr.fetchone()
        query = self.env["res.partner"].with_user(self.mai)._search([])
        asked = query.select(SQL("COUNT(*)")).code.replace('"', "")
        clauses = re.split(r" AND | WHERE |[()]", asked)
        self.assertIn(f"res_partner.{condition.strip('()')}", clauses)

    def test_whom_one_may_change(self):
        partners = self.env["res.partner"].with_user(self.mai)
        query = partners.sudo()._search([("access_to_write", "=", True)])
        self._assert_looked_up(self._explain(query.select()))

    def test_whether_one_may_read_one_of_them(self):
        rows = self.access._get_rows(self.mai, to_write=False)
        nodes = self._explain(SQL("%s AND partner_id = %s", rows, self.mine.id))
        self.assertEqual(len(nodes), 1, nodes)
        self.assertIn(nodes[0]["Node Type"], ("Index Scan", "Index Only Scan"))

    def test_documents_of_customers(self):
        """Their rule asks the same table, once for each field that names somebody."""
        leads = self.env["crm.lead"].with_user(self.mai)
        nodes = self._explain(leads._search([]).select())
        asked = [n for n in nodes if n.get("Relation Name") == "customer_access"]
        self.assertEqual(len(asked), 1)
        self.assertNotEqual(asked[0]["Node Type"], "Seq Scan")
        self.assertFalse([n for n in nodes if n.get("Relation Name") == "res_partner"])
