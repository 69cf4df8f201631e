from odoo import models


class ApprovalProcess(models.Model):
    _inherit = "approval.process"

    # since when a company has requests
    _submitted_index = models.Index("(company_id, submitted_at)")
