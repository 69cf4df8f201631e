from odoo import fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    cash_floor = fields.Monetary(
        string="Floor",
        currency_field="floor_currency_id",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="In company currency. Deposits that would let bank and cash together fall "
        "below it are marked, and can be put under an approval of their own.",
    )
    floor_currency_id = fields.Many2one(related="company_id.currency_id")
