from odoo import api, models


class ApprovalNotice(models.AbstractModel):
    _inherit = "approval.notice"

    @api.model
    def _announce(self, processes, before, remind=None, first=()):
        """Who holds an approval is part of the promise: do not wait a minute for it."""
        result = super()._announce(processes, before, remind, first)
        if any(process.res_model == "purchase.order" for process in processes):
            self.env["supply.change"]._wake()
        return result
