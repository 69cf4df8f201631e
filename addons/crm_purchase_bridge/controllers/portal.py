from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.purchase.controllers.portal import CustomerPortal

#: What the names of fields begin with that hold the day of a line.
FIELD = "line_"


class VendorPortal(CustomerPortal):
    """Vendors say on a page of their order when the goods come."""

    @http.route(
        "/my/purchase/<int:order_id>/dates",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
    )
    def portal_my_purchase_order_dates(self, order_id, access_token=None, **post):
        """Show what is still to come, and take down the days that the vendor enters.

        Whoever has the link of the order may: it was sent to the vendor.
        """
        try:
            order = self._document_check_access(
                "purchase.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        # a vendor reads their own language, whatever the browser says
        request.update_context(lang=order.partner_id.lang or request.env.lang)
        order = order.with_context(lang=request.env.lang)
        wrong = None
        if request.httprequest.method == "POST":
            user = request.env.user
            if user._is_internal() and not order.with_user(user).has_access("write"):
                return request.redirect("/my")
            days = {
                int(name[len(FIELD) :]): value
                for name, value in post.items()
                if name.startswith(FIELD) and name[len(FIELD) :].isdecimal()
            }
            wrong = order._vendor_names_days(days, post.get("note") or "")
        return request.render(
            "crm_purchase_bridge.portal_vendor_dates",
            {
                "order": order,
                "lines": order._get_lines_to_date(),
                "today": order.company_id._approval_day(),
                "day_of": order.company_id._approval_day,
                "access_token": access_token,
                "wrong": wrong,
                "is_answered": wrong == "",
                "page_name": "purchase",
                "res_company": order.company_id,
            },
        )
