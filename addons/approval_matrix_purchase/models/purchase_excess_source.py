from odoo import api, fields, models

READERS = "account.group_account_invoice,account.group_account_readonly"


class PurchaseExcessSource(models.AbstractModel):
    """A bill or a payment that may have more than is approved."""

    _name = "purchase.excess.source"
    _description = "What may exceed orders"

    excess_waiting = fields.Boolean(
        compute="_compute_excess_waiting", compute_sudo=True, groups=READERS
    )

    @api.depends("excess_ids.state")
    def _compute_excess_waiting(self):
        for source in self:
            source.excess_waiting = "waiting" in source.excess_ids.mapped("state")

    def action_view_excess(self):
        """Open what was asked for."""
        self.check_access("read")
        return self.env["purchase.excess"]._get_action(self.sudo().excess_ids)

    def _excess_notice(self, title, message):
        """Return the action that says why it was not posted."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": title,
                "message": message,
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
