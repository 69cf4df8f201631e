from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    excess_policy = fields.Selection(related="company_id.excess_policy", readonly=False)
    excess_quantity_percent = fields.Float(
        related="company_id.excess_quantity_percent", readonly=False
    )
    excess_quantity = fields.Float(related="company_id.excess_quantity", readonly=False)
    excess_amount_percent = fields.Float(
        related="company_id.excess_amount_percent", readonly=False
    )
    excess_amount = fields.Float(related="company_id.excess_amount", readonly=False)
    orderless_policy = fields.Selection(
        related="company_id.orderless_policy", readonly=False
    )

    purchase_duplicate_days = fields.Integer(
        related="company_id.purchase_duplicate_days", readonly=False
    )
    purchase_split_days = fields.Integer(
        related="company_id.purchase_split_days", readonly=False
    )
    purchase_price_rise = fields.Float(
        related="company_id.purchase_price_rise", readonly=False
    )

    def _get_approval_advices(self):
        advices = super()._get_approval_advices()
        if self.company_id.po_double_validation == "two_step":
            advices.append(
                self.env._(
                    "Purchase orders above a minimum amount also wait for Odoo's own "
                    "approval by a purchasing manager. Where a rule matches it takes "
                    "over; below the rules it still applies. Switch it off under "
                    "Purchase if the rules say it all."
                )
            )
        return advices
