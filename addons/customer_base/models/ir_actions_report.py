from contextlib import contextmanager

from odoo import api, models


class IrActionsReport(models.Model):
    """Documents of one's own are printed though a colleague has the customer now: with
    the name, as lists show it."""

    _inherit = "ir.actions.report"

    @api.model
    def _render_qweb_html(self, report_ref, docids, data=None):
        with self._blanking_in(report_ref, docids) as reports:
            return super(IrActionsReport, reports)._render_qweb_html(
                report_ref, docids, data=data
            )

    @api.model
    def _render_qweb_text(self, report_ref, docids, data=None):
        with self._blanking_in(report_ref, docids) as reports:
            return super(IrActionsReport, reports)._render_qweb_text(
                report_ref, docids, data=data
            )

    @contextmanager
    def _blanking_in(self, report_ref, docids):
        access = self.env["customer.access"]
        with access._blanking(self) as reports:
            if reports is not self and docids:
                model = self._get_report(report_ref).model
                access._blank_named(reports.env[model].browse(docids))
            yield reports
