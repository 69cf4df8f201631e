from datetime import date, datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

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
    """Takes urgency from its opportunity, gives it to all that serves the order.

    Customers ask for it in the portal, and sales answers.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "urgency.mixin"]

    urgency_source_id = fields.Many2one(
        "crm.lead",
        string="Urgent For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The opportunity this urgency comes from.",
    )

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

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered("opportunity_id")._inherit_urgency()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if "opportunity_id" in vals:
            self._inherit_urgency()
        if vals.get("state") == "cancel":
            self._urgency_not_plain()._dismiss_urgency_notices()
            self._close_wish("declined")
        if vals.get("state") in ("cancel", "draft"):
            self._urgency_matters()._pass_urgency_on()
        return result

    @api.model
    def _get_urgency_stamps(self):
        return super()._get_urgency_stamps() | WISH

    def _action_confirm(self):
        result = super()._action_confirm()
        self._urgency_not_plain().filtered("is_urgent")._urgency_takes_supply()
        return result

    def _get_supply_moves(self):
        confirmed = self.filtered(lambda order: order.state == "sale")
        return confirmed.order_line.move_ids

    def _get_urgency_goods(self):
        return [
            (line.product_id.display_name, line.product_uom_qty, line.product_uom_id)
            for line in self.order_line.filtered("product_id")
        ]

    def _urgency_follows(self):
        return self.state != "cancel"

    def _get_urgency_sources(self):
        return list(self.opportunity_id)

    def _prepare_urgency_source(self, source):
        return {"urgency_source_id": bool(source) and source.id}

    def _get_urgency_heirs(self):
        lines = self.order_line
        purchases = self._get_purchase_orders() | lines.supply_link_ids.purchase_id
        noted = purchases.search([("urgency_source_id", "in", self.ids)])
        return [
            purchases | noted,
            self.picking_ids | self.stock_reference_ids.move_ids.picking_id,
        ]

    # ------------------------------------------------------------
    # CONFIRMATION: what is urgent already takes supply, too
    # ------------------------------------------------------------

    def action_confirm_urgent(self):
        """Confirm an order from its form, or list first who becomes late.

        Only the form asks: code, customers and imports call ``action_confirm``.
        """
        self.ensure_one()
        self.check_access("write")
        if self._get_displaced_by_confirming():
            return self.env["urgency.confirmation"]._open(self)
        return self.action_confirm()

    def _get_displaced_by_confirming(self):
        """Return who would become late through this quotation's urgency.

        :return: see ``urgency.displacement._summarize``
        """
        self.ensure_one()
        if not self.is_urgent or self.state not in ("draft", "sent"):
            return []
        planned = self.order_line._get_planned_demands()
        pairs = self.env["urgency.supply"]._find_displaced_by(planned)
        return self.env["urgency.displacement"].sudo()._summarize(pairs)

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
        until = format_date(self.env, day)
        order.message_post(
            author_id=partner.id,
            body=self.env._(
                "Please deliver by %(date)s: %(reason)s", date=until, reason=reason
            ),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        users = order.user_id or order._get_urgency_grantors()
        notices = self.env["urgency.notice"]
        notices._give_to_do(order, users, WISH_TYPE, reason)
        notices._warn(
            users,
            self.env._(
                "%(customer)s asks to have %(order)s by %(date)s.",
                customer=partner.name,
                order=order.name,
                date=until,
            ),
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
        for order in self._close_wish("declined"):
            env = order.with_context(lang=order.partner_id.lang).env
            message = env._("We cannot treat your order %s as urgent.", order.name)
            order._tell_customer(f"{message} {(text or '').strip()}".strip())
        return True

    def _urgency_changed(self, before):
        """An order that became urgent answers the customer who asked for it."""
        result = super()._urgency_changed(before)
        for order in self.sudo().filtered("is_urgent")._close_wish("accepted"):
            env = order.with_context(lang=order.partner_id.lang).env
            order._tell_customer(
                env._("Your order %s is now treated as urgent.", order.name)
            )
        return result

    def _close_wish(self, state):
        """End the wishes that wait for an answer, and return their orders."""
        orders = self.sudo().filtered(
            lambda order: order.customer_urgency_state == "asked"
        )
        if orders:
            orders.write({"customer_urgency_state": state})
            orders.activity_unlink([WISH_TYPE])
        return orders

    def _tell_customer(self, message):
        self.ensure_one()
        self.message_post(
            body=message,
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
