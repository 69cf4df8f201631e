from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    wanted_line_ids = fields.One2many(
        "crm.lead.line",
        "lead_id",
        string="Products Wanted",
        copy=True,
        groups="base.group_user",
    )
