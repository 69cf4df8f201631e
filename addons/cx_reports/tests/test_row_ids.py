"""Ids of rows are numbers of a browser: it opens and exports what they name."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common import moment
from .test_degenerate import LittleCommon
from .test_overview import REPORTS

#: The largest id that a table of Odoo's can have.
LARGEST = 2**31 - 1


@tagged("post_install", "-at_install")
class TestRowIds(LittleCommon):
    def test_browsers_read_the_ids_of_all_reports_as_they_are(self):
        """A browser has no whole numbers: 41 must not become 40."""
        line = self._order(2, wanted=-5, told=-5, day=-60)
        lead = self.env["crm.lead"].create({"name": "Beds", "type": "opportunity"})
        for case in (line.order_id, lead):
            self._span(case, "stock", moment(self._day(-6), 8))
            self._reach(case)
        self._purchase(2, moment(self._day(-5)))
        self._sell_for_a_year(self.customer | self._new_customers())
        counted = 0
        for name in REPORTS:
            rows = self.env[name].search([])
            counted += bool(rows)
            with self.subTest(report=name):
                self._assert_readable(rows)
        self.assertGreater(counted, len(REPORTS) / 2)

    def test_each_month_of_a_customer_has_an_id_of_its_own(self):
        """Of the first and the last customer that there can be, in two companies."""
        customers = self.customer | self._new_customers()
        self._sell_for_a_year(customers)
        rows = self.env["cx.churn.report"].search([("partner_id", "in", customers.ids)])
        self.assertEqual(len(rows), len(customers) * 2 * 12)
        self._assert_readable(rows)

    def _assert_readable(self, rows):
        self.assertEqual([int(float(id_)) for id_ in rows.ids], rows.ids)
        self.assertEqual(len(set(rows.ids)), len(rows))

    def _reach(self, case):
        """Write that a case reached a step."""
        column = "lead_id" if case._name == "crm.lead" else "sale_id"
        self.env.cr.execute(
            SQL(
                "INSERT INTO timeline_event (date, kind, res_model, res_id, %s, source,"
                " is_home, is_shown)"
                " VALUES (%s, 'sale.quoted', %s, %s, %s, %s, TRUE, TRUE)",
                SQL.identifier(column),
                moment(self._day(-6)),
                case._name,
                case.id,
                case.id,
                f"forged {case}",
            )
        )

    def _new_customers(self):
        """Return customers with ids that many others would have to come before."""
        ids = [LARGEST - number for number in range(4)]
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO res_partner SELECT (jsonb_populate_record(partner,"
            " jsonb_build_object('id', last.id, 'commercial_partner_id', last.id))).*"
            " FROM res_partner partner, unnest(%s) last (id) WHERE partner.id = %s",
            [ids, self.customer.id],
        )
        return self.env["res.partner"].browse(ids)

    def _sell_for_a_year(self, customers):
        """Let customers order something each month, in both companies."""
        moments = [moment(self._day(-30 * number)) for number in range(15)]
        orders = self.env["sale.order"].create(
            [
                {"partner_id": customer.id, "company_id": company.id}
                for customer in customers
                for company in self.company | self.empty
                for _moment in moments
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET state = 'sale', date_order = sold.moment"
            " FROM unnest(%s, %s::timestamp[]) sold (id, moment)"
            " WHERE sale_order.id = sold.id",
            [orders.ids, moments * (len(orders) // len(moments))],
        )
        self.env.invalidate_all()
