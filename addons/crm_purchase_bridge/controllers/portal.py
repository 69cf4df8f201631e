from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.purchase.controllers.portal import CustomerPortal

#: What the names of fields begin with, by what they hold; the id of the line follows.
FIELDS = {"day": "line_", "quantity": "quantity_", "price": "price_"}


class VendorPortal(CustomerPortal):
    """Vendors say on a page of their order when the goods come, how many, and of a
    quotation what they cost."""

    @http.route(
        "/my/purchase/<int:order_id>/dates",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
    )
    def portal_my_purchase_order_dates(self, order_id, access_token=None, **post):
        """Show what can be answered, and take down what the vendor enters.

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
        wrong, entered = None, {}
        if request.httprequest.method == "POST":
            user = request.env.user
            if user._is_internal() and not order.with_user(user).has_access("write"):
                return request.redirect("/my")
            entered = self._read_fields(order, post)
            wrong = order._vendor_answers(entered, post.get("note") or "")
        return request.render(
            "crm_purchase_bridge.portal_vendor_dates",
            {
                "order": order,
                "lines": order._get_vendor_lines(entered if wrong else {}),
                "deposits": order._get_vendor_deposits(),
                "is_quotation": order._is_for_answers(),
                "today": order.company_id._approval_day(),
                "access_token": access_token,
                "note": wrong and post.get("note") or "",
                "wrong": wrong,
                "is_answered": wrong == "",
                "res_company": order.company_id,
            },
        )

    def _read_fields(self, order, post):
        """Return what was typed about the lines of the order, by id of the line: what
        else is posted is not even read."""
        return {
            line.id: {
                what: post.get(f"{prefix}{line.id}") or ""
                for what, prefix in FIELDS.items()
            }
            for line in order._get_lines_to_answer()
        }
