from odoo import models


class ApprovalProcess(models.Model):
    _inherit = "approval.process"

    #: For orders that repeat a rejected one, see ``purchase.precedent``.
    _rejected_orders = models.Index(
        "(company_id, (terms ->> 'vendor'), closed_at)"
        " WHERE state = 'rejected' AND res_model = 'purchase.order'"
    )
