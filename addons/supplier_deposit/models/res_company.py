from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    deposit_keeps_rate = fields.Boolean(
        string="Advances Keep Their Rate",
        compute="_compute_deposit_keeps_rate",
        store=True,
        readonly=False,
        groups="base.group_user",
        help="An advance in foreign currency is not monetary: what it buys costs what "
        "was paid for it, at the rate of that day, and no exchange gain or loss is "
        "left of it. On by default in Vietnam (Circular 99/2025/TT-BTC); IFRIC 22 asks "
        "for the same.",
    )

    @api.depends("account_fiscal_country_id")
    def _compute_deposit_keeps_rate(self):
        for company in self:
            country = company.account_fiscal_country_id.code
            company.deposit_keeps_rate = country == "VN"


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    deposit_keeps_rate = fields.Boolean(
        related="company_id.deposit_keeps_rate", readonly=False
    )
