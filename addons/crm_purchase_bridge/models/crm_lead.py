from odoo import Command, fields, models


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

    def action_new_quotation(self):
        """Carry the products wanted over to the quotation."""
        action = super().action_new_quotation()
        lines = self.wanted_line_ids.filtered("product_id.sale_ok")
        if lines:
            action["context"] = {
                **action["context"],
                "default_order_line": [
                    Command.create(line._prepare_order_line()) for line in lines
                ],
            }
        return action

    def _merge_dependences(self, opportunities):
        """Keep what the customers of all merged opportunities want."""
        result = super()._merge_dependences(opportunities)
        opportunities.sudo().wanted_line_ids.lead_id = self
        return result
