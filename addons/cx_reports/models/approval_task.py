from odoo import models


class ApprovalTask(models.Model):
    _inherit = "approval.task"

    # what was asked in a period, and since when a company has tasks
    _activated_index = models.Index("(company_id, activated_at)")
