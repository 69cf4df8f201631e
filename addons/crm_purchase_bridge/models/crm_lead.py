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

    def _get_promise_company(self):
        """Return the company whose goods and days count for what is wanted.

        Without one of its own it is that of the team, or of the salesperson: whoever
        looks sees the same day.
        """
        self.ensure_one()
        lead = self.sudo()
        company = lead.company_id or lead.team_id.company_id or lead.user_id.company_id
        if not company:
            company = self.env["res.company"].sudo().search([], order="id", limit=1)
        return company

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
