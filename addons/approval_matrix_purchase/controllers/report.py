import json

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.web.controllers.report import ReportController

from ..models.mail_template import ORDER_REPORT

PATH = f"/report/pdf/{ORDER_REPORT}/"


class PurchaseReport(ReportController):
    @http.route()
    def report_download(self, data, context=None, token=None, readonly=True):
        """Name a printed order for what it is: Odoo calls one that waits an order."""
        response = super().report_download(
            data, context=context, token=token, readonly=readonly
        )
        url = json.loads(data)[0].split("?")[0]
        number = url.removeprefix(PATH)
        if response and url.startswith(PATH) and number.isdecimal():
            order = request.env["purchase.order"].browse(int(number))
            if order._approval_is_request():
                response.headers["Content-Disposition"] = content_disposition(
                    f"{order._get_report_base_filename()}.pdf"
                )
        return response
