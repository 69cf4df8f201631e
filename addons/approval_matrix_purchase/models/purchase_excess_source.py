from odoo import api, fields, models

from odoo.addons.approval_matrix.system import as_system

READERS = "account.group_account_invoice,account.group_account_readonly"


class PurchaseExcessSource(models.AbstractModel):
    """A bill or a payment that may have more than is approved."""

    _name = "purchase.excess.source"
    _description = "What may exceed orders"

    excess_waiting = fields.Boolean(
        compute="_compute_excess_waiting", compute_sudo=True, groups=READERS
    )

    excess_agreed = fields.Boolean(
        compute="_compute_excess_waiting",
        compute_sudo=True,
        groups=READERS,
        help="All that was asked for is approved.",
    )

    @api.depends("excess_ids.state")
    def _compute_excess_waiting(self):
        for source in self:
            newest = {
                excess.order_id: excess.state
                for excess in source.excess_ids.sorted("id")
                if excess.state != "cancelled"
            }
            source.excess_waiting = "waiting" in source.excess_ids.mapped("state")
            source.excess_agreed = set(newest.values()) == {"approved"}

    def unlink(self):
        """Close what waits: the database would drop it without a word."""
        if self.env["purchase.order"]._approval_in_use():
            as_system(self).excess_ids.unlink()
        return super().unlink()

    def _excess_cancel(self):
        """What was posted within its limits, or cancelled, asks for nothing."""
        as_system(self, for_texts=True).excess_ids._cancel()

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
