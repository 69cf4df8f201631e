from odoo import fields, models
from odoo.tools import SQL


class CxRevenueReport(models.Model):
    """Revenue with new and with returning customers: one row an invoice or refund.

    For those who may read the invoice.
    """

    _name = "cx.revenue.report"
    _description = "New and Returning Revenue"
    _named_customers = (["partner_id"], "user_id")
    _inherit = ["cx.report"]
    _auto = False
    _order = "invoice_date desc, id desc"
    _rec_name = "move_id"
    _sources = ("move_id",)

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        help="The company that the invoiced contact belongs to.",
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    invoice_date = fields.Date(readonly=True)
    first_invoice_date = fields.Date(
        string="First Invoice Ever",
        readonly=True,
        help="Of the customer with this company, posted.",
    )
    kind = fields.Selection(
        [("new", "New Customer"), ("returning", "Returning Customer")],
        readonly=True,
        help="New in the calendar month of the customer's first posted invoice ever "
        "with the company, returning from the next month on.",
    )
    amount = fields.Monetary(
        string="Revenue",
        readonly=True,
        help="Posted customer invoices minus refunds, without taxes, in company "
        "currency. Source: invoices.",
    )

    _depends = {
        "account.move": [
            "amount_untaxed_signed",
            "commercial_partner_id",
            "company_id",
            "invoice_date",
            "invoice_user_id",
            "move_type",
            "state",
            "team_id",
        ],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            WITH firsts AS (
                SELECT move.company_id, move.commercial_partner_id,
                       min(move.invoice_date) AS day
                  FROM account_move move
                 WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
              GROUP BY move.company_id, move.commercial_partner_id
            )
            SELECT move.id, move.id AS move_id,
                   move.commercial_partner_id AS partner_id,
                   move.invoice_user_id AS user_id, move.team_id, move.company_id,
                   company.currency_id, move.invoice_date,
                   firsts.day AS first_invoice_date,
                   CASE WHEN date_trunc('month', move.invoice_date)
                             > date_trunc('month', firsts.day)
                        THEN 'returning' ELSE 'new' END AS kind,
                   move.amount_untaxed_signed AS amount
              FROM account_move move
              JOIN res_company company ON company.id = move.company_id
         LEFT JOIN firsts ON firsts.company_id = move.company_id
               AND firsts.commercial_partner_id = move.commercial_partner_id
             WHERE move.move_type IN ('out_invoice', 'out_refund')
               AND move.state = 'posted'
               AND %s
            """,
            self._get_readable_sql("account.move", SQL("move.id"), is_reference=True),
        )
