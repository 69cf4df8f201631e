from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class UrgencyPortal(CustomerPortal):
    """Customers ask for an earlier delivery on the page of their order."""

    @http.route(
        "/my/orders/<int:order_id>/urgency",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_ask_urgency(
        self, order_id, access_token=None, reason=None, needed_by=None, **post
    ):
        """Take down what a customer asks; whoever may open the page may ask.

        :param str reason: in the customer's words
        :param str needed_by: a day, as ``YYYY-MM-DD``
        """
        try:
            order = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        user = request.env.user
        partner = order.partner_id if user._is_public() else user.partner_id
        wrong = order._customer_asks_urgency(partner, reason, needed_by)
        message = f"urgency_{wrong or 'asked'}"
        return request.redirect(
            order.get_portal_url(query_string=f"&message={message}", anchor="urgency")
        )
