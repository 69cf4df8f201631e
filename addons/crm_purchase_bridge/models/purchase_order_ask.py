from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_date

#: No vendor names a day further off than this, in days.
FURTHEST = 3 * 365


class PurchaseOrderLine(models.Model):
    """Lines of which the vendor is asked when they come."""

    _inherit = "purchase.order.line"

    vendor_asked_on = fields.Datetime(
        string="Vendor Asked",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the vendor was last asked for the day of arrival.",
    )
    vendor_answered_on = fields.Datetime(
        string="Vendor Answered",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the vendor confirmed or changed the day of arrival.",
    )
    quantity_due = fields.Float(
        string="Still to Come",
        compute="_compute_quantity_due",
        digits="Product Unit",
        groups="base.group_user",
    )

    @api.depends("product_qty", "qty_received")
    def _compute_quantity_due(self):
        for line in self:
            line.quantity_due = max(line.product_qty - line.qty_received, 0.0)

    def _is_to_come(self):
        """Tell whether the vendor still owes something of the line."""
        self.ensure_one()
        return (
            not self.display_type
            and self.product_id.type == "consu"
            and self.order_id.state == "purchase"
            and float_compare(self.qty_received, self.product_qty, precision_digits=6)
            < 0
        )

    def _is_to_be_dated(self):
        """Tell whether its date still matters, ordered or not."""
        self.ensure_one()
        return self._is_to_come() or (
            not self.display_type
            and bool(self.product_id)
            and self.order_id.state in ("draft", "sent", "to approve")
        )

    def _is_asked(self):
        """Tell whether the vendor owes an answer."""
        self.ensure_one()
        return bool(
            self.vendor_asked_on
            and (self.vendor_answered_on or self.vendor_asked_on)
            <= self.vendor_asked_on
        )

    def action_ask_vendor(self):
        """Ask the vendors of these lines, by e-mail, when they come.

        One e-mail an order, whichever lines are chosen and however often: a line is
        asked about once a day.

        :raises UserError: when there is nothing to ask, or nowhere to send it to
        """
        self.check_access("write")
        self.env["supply.need"].check_access("read")  # buyers only
        lines = self.sudo().filtered(lambda line: line._is_to_come())
        if not lines:
            raise UserError(self.env._("Choose ordered goods that have not come yet."))
        unknown = lines.order_id.partner_id.filtered(lambda each: not each.email)
        if unknown:
            raise UserError(
                self.env._(
                    "Enter an e-mail address first: %s.",
                    ", ".join(unknown.mapped("display_name")),
                )
            )
        lines.lock_for_update()
        now = fields.Datetime.now()
        fresh = lines.filtered(
            lambda line: (
                not line._is_asked()
                or line.company_id._approval_day(line.vendor_asked_on)
                < line.company_id._approval_day(now)
            )
        )
        fresh.write({"vendor_asked_on": now, "vendor_answered_on": False})
        for order in fresh.order_id:
            order._send_question()
        if not fresh:
            message = self.env._("The vendors were asked today already.")
        else:
            names = ", ".join(fresh.order_id.partner_id.mapped("display_name"))
            message = self.env._("Asked: %s.", names)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if fresh else "info",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_new_dates(self):
        """Give these lines new dates, and see before what comes later because of it."""
        self.check_access("write")
        return self.env["supply.redate"]._open(self)


class PurchaseOrder(models.Model):
    """Vendors say without a log-in when the goods come."""

    _inherit = "purchase.order"

    def get_dates_url(self):
        """Return the address of the page on which the vendor names days."""
        self.ensure_one()
        self.check_access("write")  # who has the link may name days
        self.sudo()._portal_ensure_token()
        return self.get_base_url() + self.get_portal_url(suffix="/dates")

    def _send_question(self):
        self.ensure_one()
        template = self.env.ref("crm_purchase_bridge.mail_template_ask_vendor")
        self.with_context(is_reminder=True).message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_light",
            subtype_xmlid="mail.mt_comment",
        )

    def _get_lines_to_date(self):
        """Return the lines of which the vendor can name the day: all that is to come,
        what was asked first."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: line._is_to_come())
        return lines.sorted(lambda line: not line._is_asked())

    def _vendor_names_days(self, days, note=""):
        """Take down when the vendor says that the goods come.

        It is news, and decides nothing: the buyer hears of it as Odoo does it, and an
        approval stays.

        :param dict days: what the vendor entered, ``YYYY-MM-DD`` by id of the line
        :param str note: in the vendor's words
        :return: what is wrong with it, for the vendor; nothing when all is well
        :rtype: str
        """
        self.ensure_one()
        today = self.company_id._approval_day()
        lines = self._get_lines_to_date()
        named = {}
        for line in lines:
            if not days.get(line.id):
                continue
            try:
                day = fields.Date.to_date(days[line.id])
            except ValueError:
                day = None
            if not day or not today <= day <= today + timedelta(days=FURTHEST):
                return self.env._("Please enter a day from today on.")
            named[line] = day
        if not named:
            return self.env._("Please enter at least one day.")
        changed = []
        for line, day in named.items():
            before = line.date_planned and self.company_id._approval_day(
                line.date_planned
            )
            if day != before:
                changed.append((line, line._convert_to_middle_of_day(day)))
        if changed and self.user_id:
            self._update_date_planned_for_lines(changed)
        else:  # nobody to hear of it but who follows the order
            for line, moment in changed:
                line._update_date_planned(moment)
        self.env["purchase.order.line"].union(*named).write(
            {"vendor_answered_on": fields.Datetime.now()}
        )
        if not self.acknowledged:
            self.action_acknowledge()
        self._log_named_days(named, note)
        return ""

    def _update_date_planned_for_lines(self, updated_dates):
        """What vendors enter on Odoo's own page is an answer as well."""
        result = super()._update_date_planned_for_lines(updated_dates)
        lines = self.env["purchase.order.line"].union(
            *(each[0] for each in updated_dates)
        )
        lines.write({"vendor_answered_on": fields.Datetime.now()})
        return result

    def _log_named_days(self, named, note):
        rows = [
            self.env._(
                "%(product)s: %(day)s",
                product=line.product_id.display_name,
                day=format_date(self.env, day),
            )
            for line, day in named.items()
        ]
        text = self.env._("%s says when it comes.", self.partner_id.display_name)
        self.message_post(
            body="\n".join([text, *rows, *filter(None, [note[:500]])]),
            author_id=self.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
