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

    def action_tell_promise(self):
        """Open what to tell the customer about what they want."""
        return self.env["supply.promise.tell"]._open(self)
