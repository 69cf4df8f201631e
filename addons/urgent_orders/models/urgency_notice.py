from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_datetime, plaintext2html

ACTIVITY_TYPE = "urgent_orders.mail_activity_type_urgent"


class UrgencyMixin(models.AbstractModel):
    """Who hears that an order is urgent: on the screen at once, as a to-do, and by
    e-mail if that is how they want to hear things."""

    _inherit = "urgency.mixin"

    def _urgency_raised(self):
        """Tell whom the level names."""
        for order in self.sudo():
            people = order._get_urgency_audience() - self.env.user
            readers = people.filtered(order._is_readable_by)
            notice = order._prepare_urgency_notice()
            readers._bus_send("urgent_orders/marked", {**notice, "can_open": True})
            (people - readers)._bus_send("urgent_orders/marked", notice)
            if order.urgency_level_id.give_activity:
                order._give_urgency_to_do(order._get_urgency_assignees(readers))
            if order.urgency_level_id.send_mail:
                order._mail_urgency(people, readers)

    def _give_urgency_to_do(self, users):
        # the e-mail on a new to-do would come on top of ours
        order = self.with_context(mail_activity_quick_update=True)
        for user in users:
            order.activity_schedule(
                ACTIVITY_TYPE,
                date_deadline=fields.Date.context_today(order),
                user_id=user.id,
                summary=order.urgency_level_id.name,
                note=plaintext2html(order.urgency_reason or ""),
            )

    def _mail_urgency(self, people, readers):
        """Write to those who want e-mails, with a link where they may open it."""
        wanted = people.filtered(lambda user: user.notification_type == "email")
        for user in wanted:
            order = self.with_context(lang=user.lang, tz=user.tz)
            thread = order if user in readers else self.env["mail.thread"]
            subject = order.env._(
                "%(level)s: %(order)s",
                level=order.urgency_level_id.name,
                order=order.name,
            )
            thread.message_notify(
                partner_ids=user.partner_id.ids,
                subject=subject,
                body=order._get_urgency_mail(),
            )

    def _get_urgency_mail(self):
        """Return the text of the e-mail; no amounts, for it reaches many people."""
        self.ensure_one()
        env = self.env
        facts = [
            (env._("Marked by"), self.urgency_user_id.name),
            (env._("Reason"), self.urgency_reason),
            (
                env._("Needed by"),
                self.needed_by and format_datetime(env, self.needed_by),
            ),
        ]
        lines = [
            Markup("<b>%s</b>: %s") % (label, value) for label, value in facts if value
        ]
        return Markup("<p>%s</p>") % Markup("<br/>").join(lines)

    def _is_readable_by(self, user):
        """Tell whether a user may open the order, in its own company."""
        as_user = self.with_user(user).with_context(
            allowed_company_ids=self._get_urgency_company().ids
        )
        return bool(as_user._filtered_access("read"))

    def _get_urgency_company(self):
        """Return the company; an opportunity may have none."""
        return self.company_id or self.env.company

    def _dismiss_urgency_notices(self):
        """Remove the to-dos: the order is not urgent any more, or taken care of."""
        if self:
            self.sudo().activity_unlink([ACTIVITY_TYPE])

    def _get_urgency_audience(self):
        """Return who is told: members of the level's groups in the same company."""
        self.ensure_one()
        company = self._get_urgency_company()
        return self.urgency_level_id.notify_group_ids.all_user_ids.filtered(
            lambda user: not user.share and company in user.company_ids
        )

    def _get_urgency_assignees(self, readers):
        """Return who gets a to-do, among those who are told and may open the order."""
        self.ensure_one()
        return readers

    def _prepare_urgency_notice(self):
        """Return what the screen shows; no amounts, for it reaches many people."""
        self.ensure_one()
        return {
            "model": self._name,
            "id": self.id,
            "order": self.name,
            "level": self.urgency_level_id.name,
            "reason": self.urgency_reason or "",
            "needed_by": fields.Datetime.to_string(self.needed_by) or "",
            "by": self.urgency_user_id.name or "",
        }
