from odoo import fields, models


class CxRequestReport(models.AbstractModel):
    """What reports about requests for approval share."""

    _name = "cx.request.report"
    _description = "Report on Requests for Approval"
    _inherit = ["cx.report"]

    process_id = fields.Many2one("approval.process", string="Request", readonly=True)
    document_name = fields.Char(string="Document", readonly=True)
    document_model = fields.Char(string="Model of the Document", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    is_urgent = fields.Boolean(readonly=True)

    def action_open_source(self):
        """Open the document, or the request where the user may not see that."""
        self.ensure_one()
        return self.process_id.action_open_document()
