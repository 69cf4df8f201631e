from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..models.urgency_case_state import STATES

#: As the orders have their dates. It is the same in all of a transaction.
NOW = SQL("(now() AT TIME ZONE 'UTC')")


class UrgencyCase(models.Model):
    """The whole chain behind each urgent order, for managers: where it is, who holds
    it, and whether it can still be there in time.

    A case is an urgent sale order with all that serves it, or an urgent purchase order
    that serves no urgent sale. Whoever sees none of its orders does not see the case.

    Nearly all of it is kept (``urgency.case.state``). The query adds what depends on
    the moment, and works out anew what has changed since.
    """

    _name = "urgency.case"
    _description = "Urgent Chain"
    _named_customers = (["partner_id"], None)
    _auto = False
    _order = "is_late desc, level_id desc, needed_by, id"
    _rec_name = "name"

    name = fields.Char(string="Order", readonly=True)
    sale_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    purchase_id = fields.Many2one(
        "purchase.order",
        readonly=True,
        help="The purchase order that everything waits for.",
    )
    level_id = fields.Many2one("urgency.level", string="Urgency", readonly=True)
    reason = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    holder_kind = fields.Selection(
        [
            ("sales", "Sales"),
            ("buyer", "Buyer"),
            ("approver", "Approver"),
            ("vendor", "Vendor"),
            ("warehouse", "Warehouse"),
        ],
        string="Held By",
        readonly=True,
    )
    holder_id = fields.Many2one("res.users", string="Holder", readonly=True)
    marked_on = fields.Datetime(string="Marked Urgent On", readonly=True)
    age_days = fields.Float(
        string="Age (Days)", readonly=True, aggregator="avg", digits=(16, 1)
    )
    needed_by = fields.Datetime(readonly=True)
    expected_on = fields.Datetime(
        string="Expected",
        readonly=True,
        help="The latest arrival, or the end of the approval and the time it takes the "
        "vendor from then on.",
    )
    slack_days = fields.Float(
        string="Slack (Days)",
        readonly=True,
        aggregator="min",
        digits=(16, 1),
        help="Days between the expected date and the one it is needed by.",
    )
    is_late = fields.Boolean(
        string="Cannot Be Met", readonly=True, help="It is too late, or will be."
    )

    def action_open_document(self):
        """Open the order the case is about, or what the user may see of it.

        :raises AccessError: when the user sees none of it
        """
        self.ensure_one()
        for document in (self.sale_id, self.purchase_id):
            if document and document.has_access("read"):
                return {
                    "type": "ir.actions.act_window",
                    "res_model": document._name,
                    "res_id": document.id,
                    "views": [(False, "form")],
                }
        raise AccessError(self.env._("You do not see the orders of this case."))

    # ------------------------------------------------------------
    # QUERY
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        """Arrivals are planned for days, not hours: half a day makes nobody late."""
        states = self.env["urgency.case.state"]
        return SQL(
            """
            SELECT cases.id, cases.name, cases.sale_id, cases.purchase_id,
                   cases.level_id, cases.reason, cases.partner_id, cases.company_id,
                   cases.state, cases.holder_id, cases.marked_on, cases.needed_by,
                   CASE cases.state WHEN 'quotation' THEN 'sales'
                                    WHEN 'missing' THEN 'buyer'
                                    WHEN 'request' THEN 'buyer'
                                    WHEN 'approval' THEN 'approver'
                                    WHEN 'ordered' THEN 'vendor'
                                    WHEN 'received' THEN 'warehouse'
                   END AS holder_kind,
                   EXTRACT(EPOCH FROM %(now)s - cases.marked_on) / 86400 AS age_days,
                   expected.moment AS expected_on,
                   EXTRACT(EPOCH FROM cases.needed_by - expected.moment) / 86400
                       AS slack_days,
                   cases.state <> 'delivered' AND COALESCE(
                       %(now)s > cases.needed_by
                       OR expected.moment > cases.needed_by + INTERVAL '12 hours',
                       FALSE
                   ) AS is_late
              FROM %(cases)s cases
             CROSS JOIN LATERAL (SELECT %(expected)s) expected (moment)
             WHERE %(shown)s
               AND %(readable)s
            """,
            now=NOW,
            cases=self._get_cases_sql(),
            expected=self._get_expected_sql(),
            shown=states._get_shown_sql(SQL("cases")),
            readable=self._get_readable_sql(),
        )

    def _get_cases_sql(self):
        """Return what is kept, but for cases that changed since: those are worked out
        anew. So the screen never waits for the job that brings up to date what is kept.
        """
        ids, rows = self.env["urgency.case.change"].sudo()._get_anew()
        if not ids:
            return SQL("urgency_case_state")
        return SQL(
            """
            (SELECT * FROM urgency_case_state WHERE id <> ALL(%(ids)s)
              UNION ALL
             SELECT * FROM jsonb_populate_recordset(NULL::urgency_case_state, %(rows)s))
            """,
            ids=ids,
            rows=rows,
        )

    def _get_expected_sql(self):
        """Return when the goods are expected, seen from this moment.

        What is planned for the past can come now at the earliest. What takes its time
        takes it from now on. What is still approved comes later by what is left of the
        approval.
        """
        return SQL(
            """
            CASE WHEN cases.is_dated THEN GREATEST(
                cases.not_before,
                %(now)s + cases.lead_days * INTERVAL '1 day',
                cases.approved_and_ready - (%(now)s - TIMESTAMP 'epoch')
            ) END
            """,
            now=NOW,
        )

    def _get_readable_sql(self):
        """Return the condition that the user may read one of the orders of a case, by
        the rules of the orders themselves."""
        return SQL(
            "(%s OR %s)",
            self._may_read_sale_sql(),
            self._may_read_sql("purchase.order", SQL("ANY(cases.purchase_ids)")),
        )

    def _may_read_sale_sql(self):
        """Most managers see all orders of their companies: then the case says it all.
        Only other rules need the order."""
        orders = self.env["sale.order"]
        companies = self.env.companies.ids
        if orders.has_access("read"):
            all_of_them = orders.sudo()._search([("company_id", "in", companies)])
            if orders._search([]).where_clause == all_of_them.where_clause:
                return SQL(
                    "(cases.sale_id IS NOT NULL AND cases.company_id IN %s)",
                    tuple(companies),
                )
        return self._may_read_sql("sale.order", SQL("cases.sale_id"))

    def _may_read_sql(self, model, ids):
        """Let each case look its orders up: they are few, and other orders are many.

        :param ids: of the orders, as SQL over a case
        """
        orders = self.env[model]
        if not orders.has_access("read"):
            return SQL("FALSE")
        query = orders._search([])
        query.add_where(SQL("%s = %s", SQL.identifier(orders._table, "id"), ids))
        query.limit = 1
        return SQL("COALESCE((%s), FALSE)", query.select(SQL("TRUE")))
