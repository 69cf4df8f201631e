from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def action_create_payments(self):
        """Say which payments were not confirmed, and why."""
        if not self.env["purchase.order"]._approval_in_use():
            return super().action_create_payments()
        bills = self.sudo().line_ids.move_id
        before = bills.matched_payment_ids
        result = super().action_create_payments()
        held = (bills.matched_payment_ids - before).filtered("excess_waiting")
        if not held:
            return result
        notice = held._flow_notice()
        notice["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return notice
