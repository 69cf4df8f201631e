from datetime import date, datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

from .urgency_mixin import REASON_LENGTH

WISH_TYPE = "urgent_orders.mail_activity_type_customer_wish"
WISH = {
    "customer_urgency_state",
    "customer_urgency_reason",
    "customer_needed_by",
    "customer_urgency_on",
}
#: Customers name a day; this is when it ends for whoever delivers.
END_OF_DAY = time(17)
DAYS_AHEAD = 365


class SaleOrder(models.Model):
    """What customers ask for in the portal, and what sales answers."""

    _inherit = "sale.order"

    customer_urgency_state = fields.Selection(
        [("asked", "Asked"), ("accepted", "Accepted"), ("declined", "Declined")],
        string="Customer's Wish",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    customer_urgency_reason = fields.Char(
        string="Customer's Reason", readonly=True, copy=False, groups="base.group_user"
    )
    customer_needed_by = fields.Date(
        string="Customer Needs It By",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    customer_urgency_on = fields.Datetime(
        string="Customer Asked On", readonly=True, copy=False, groups="base.group_user"
    )

    @api.model
    def _get_urgency_stamps(self):
        return super()._get_urgency_stamps() | WISH

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "cancel":
            open_wishes = self.sudo().filtered(
                lambda order: order.customer_urgency_state == "asked"
            )
            open_wishes._close_wish("declined")
        return result

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_wish_acceptance(self):
        """Ask how urgent it shall be, then tell the customer."""
        self._check_open_wish()
        return self.env["urgency.answer"]._open(self, "accept")

    def action_open_wish_refusal(self):
        """Ask what to tell the customer."""
        self._check_open_wish()
        return self.env["urgency.answer"]._open(self, "decline")

    def _check_open_wish(self):
        self.check_access("write")
        for order in self.sudo():
            if order.customer_urgency_state != "asked":
                raise UserError(
                    self.env._(
                        "%(order)s: the customer does not wait for an answer.",
                        order=order.name,
                    )
                )

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    def _portal_may_ask_urgency(self):
        """Tell whether the page shows the form."""
        self.ensure_one()
        order = self.sudo()
        return (
            order.company_id.portal_urgency
            and order.state in ("draft", "sent", "sale")
            and order.delivery_status != "full"
            and not order.is_urgent
            and order.customer_urgency_state != "asked"
        )

    def _customer_asks_urgency(self, partner, reason, needed_by):
        """Keep what a customer asks, and show it to sales.

        The caller has checked that the customer may see the order.

        :param partner: who asks
        :param str reason: at most ``REASON_LENGTH`` characters
        :param str needed_by: a day, as ``YYYY-MM-DD``
        :return: nothing, or what is wrong: *closed*, *reason* or *date*
        """
        self.ensure_one()
        if not self._portal_may_ask_urgency():
            return "closed"
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason or len(reason) > REASON_LENGTH:
            return "reason"
        day = self._parse_wished_day(needed_by)
        if not day:
            return "date"
        order = self.sudo()
        order.write(
            {
                "customer_urgency_state": "asked",
                "customer_urgency_reason": reason,
                "customer_needed_by": day,
                "customer_urgency_on": fields.Datetime.now(),
            }
        )
        order.message_post(
            author_id=partner.id,
            body=self.env._(
                "Please deliver by %(date)s: %(reason)s",
                date=format_date(self.env, day),
                reason=reason,
            ),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        quiet = order.with_context(mail_activity_quick_update=True)
        for user in order.user_id or order._get_urgency_grantors():
            quiet.activity_schedule(
                WISH_TYPE, user_id=user.id, note=plaintext2html(reason)
            )
            user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "sticky": True,
                    "message": self.env._(
                        "%(customer)s asks to have %(order)s by %(date)s.",
                        customer=partner.name,
                        order=order.name,
                        date=format_date(self.env, day),
                    ),
                },
            )
        return None

    def _parse_wished_day(self, text):
        """Return the day if it makes sense: from today to a year from now."""
        try:
            day = date.fromisoformat(text)
        except (TypeError, ValueError):
            return None
        today = fields.Date.context_today(
            self.with_context(tz=self._get_company_tz().zone)
        )
        return day if today <= day <= today + timedelta(days=DAYS_AHEAD) else None

    def _get_company_tz(self):
        calendar = self.sudo().company_id.resource_calendar_id
        return timezone(calendar.tz or "UTC")

    # ------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------

    def _accept_wish(self, level):
        """Mark the orders as the customers asked.

        Beyond the quota of the user it waits for a manager; the customers hear of it
        as soon as the orders are urgent.

        :raises UserError: where no customer waits, or for a level that is not urgent
        """
        self._check_open_wish()
        if not level.is_urgent:
            raise UserError(self.env._("Choose a level that is urgent."))
        for order in self:
            wish = order.sudo()
            moment = datetime.combine(wish.customer_needed_by, END_OF_DAY)
            moment = self._get_company_tz().localize(moment).astimezone(utc)
            order.write(
                {
                    "urgency_level_id": level.id,
                    "urgency_reason": wish.customer_urgency_reason,
                    "needed_by": moment.replace(tzinfo=None),
                }
            )
        return True

    def _decline_wish(self, text):
        """Tell the customers that it is not possible.

        :param str text: what else to say
        :raises UserError: where no customer waits
        """
        self._check_open_wish()
        orders = self.sudo()
        orders._close_wish("declined")
        for order in orders:
            env = order.with_context(lang=order.partner_id.lang).env
            message = env._("We cannot treat your order %s as urgent.", order.name)
            order._tell_customer(f"{message} {(text or '').strip()}".strip())
        return True

    def _urgency_changed(self, before):
        """An order that became urgent answers the customer who asked for it."""
        result = super()._urgency_changed(before)
        fulfilled = self.sudo().filtered(
            lambda order: order.is_urgent and order.customer_urgency_state == "asked"
        )
        fulfilled._close_wish("accepted")
        for order in fulfilled:
            env = order.with_context(lang=order.partner_id.lang).env
            order._tell_customer(
                env._("Your order %s is now treated as urgent.", order.name)
            )
        return result

    def _close_wish(self, state):
        if self:
            self.write({"customer_urgency_state": state})
            self.activity_unlink([WISH_TYPE])

    def _tell_customer(self, message):
        self.ensure_one()
        self.message_post(
            body=message,
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
