from odoo import api, fields, models
from odoo.tools import format_amount, format_datetime, plaintext2html
from odoo.tools.misc import formatLang

from odoo.addons.approval_matrix.letter import Letter

TO_DO = "urgent_orders.mail_activity_type_urgent"
REQUEST_TO_DO = "urgent_orders.mail_activity_type_urgency_asked"

#: Goods that an e-mail names.
SHOWN = 3


class UrgencyNotice(models.AbstractModel):
    """Who hears of urgency, and how: on the screen at once, as a to-do, and by e-mail
    if that is how they want to hear things."""

    _name = "urgency.notice"
    _description = "Notices about urgency"

    # ------------------------------------------------------------
    # AN ORDER IS URGENT
    # ------------------------------------------------------------

    @api.model
    def _tell_raised(self, order, people, readers, assignees):
        """Tell people that an order is urgent.

        :param order: record under ``urgency.mixin``, with the system's rights
        :param readers: those of the people who may open it
        :param assignees: those of the readers who get a to-do
        """
        level = order.urgency_level_id
        notice = self._prepare_notice(order)
        readers._bus_send("urgent_orders/marked", {**notice, "can_open": True})
        (people - readers)._bus_send("urgent_orders/marked", notice)
        if level.give_activity:
            for user in assignees:
                summary = self.with_context(lang=user.lang).env._(
                    "See to the %(level)s order %(order)s",
                    level=level.with_context(lang=user.lang).name,
                    order=order.name,
                )
                self._give_to_do(
                    order, user, TO_DO, order.urgency_reason, summary=summary
                )
        if level.send_mail:
            self._send_mails(order, people, readers)
            self._push(order, readers)

    @api.model
    def _prepare_notice(self, order):
        """Return what the screen shows; no amounts, for it reaches many people."""
        return {
            "model": order._name,
            "id": order.id,
            "order": order.name,
            "level": order.urgency_level_id.name,
            "color": order.urgency_level_id.color,
            "rank": order.urgency_level_id.sequence,
            "reason": order.urgency_reason or "",
            "needed_by": fields.Datetime.to_string(order.needed_by) or "",
            "by": order.urgency_user_id.name or "",
        }

    @api.model
    def _send_mails(self, order, people, readers):
        """Write to those who want e-mails, with a link where they may open it.

        :param readers: those of the people who may open the order
        """
        for user in people.filtered(lambda user: user.notification_type == "email"):
            can_open = user in readers
            spoken = order.with_context(lang=user.lang, tz=user.tz)
            record = spoken if can_open else spoken.env["mail.thread"]
            letter = self.with_env(spoken.env)._write(spoken, user, can_open)
            self.env["approval.letter"]._send(record, user, letter)

    @api.model
    def _push(self, order, readers):
        """Let the phones of those who work in Odoo tell them; see ``approval.letter``.

        :param readers: those of whom are told who may open the order
        """
        letters = self.env["approval.letter"]
        told = []
        for user, phones in letters._get_phones(readers).items():
            spoken = order.with_context(lang=user.lang, tz=user.tz)
            letter = self.with_env(spoken.env)._write(spoken, user, can_open=True)
            told.append((phones, letter, order))
        letters._push_letters(told)

    @api.model
    def _write(self, order, user, can_open):
        """Return what an e-mail says about an urgent order.

        What it costs is for those who may open it: purchasing hears of orders whose
        sale prices it must not know, and sales of purchases.

        :param order: with the system's rights, in the reader's language and time zone
        """
        env, level = self.env, order.urgency_level_id.name
        goods = [
            (name, f"{formatLang(env, quantity, dp='Product Unit')} {unit.name or ''}")
            for name, quantity, unit in order._get_urgency_goods()
        ]
        amount = ""
        if can_open and "amount_total" in order._fields:
            amount = format_amount(env, order.amount_total, order.currency_id)
        needed_by = order.needed_by and format_datetime(
            env, order.needed_by, tz=user.tz, dt_format="short"
        )
        facts = [
            (env._("Needed by"), needed_by),
            (env._("Reason"), order.urgency_reason),
            (env._("Marked by"), order.urgency_user_id.name),
        ]
        button, url = self._get_place(order, user, can_open)
        return Letter(
            subject=env._("%(level)s: %(order)s", level=level, order=order.name),
            company=order._get_urgency_company().name,
            title=order.name,
            about=self._get_about(order, user),
            amount=amount,
            level=(level, order.urgency_level_id.color),
            due=needed_by and env._("Needed by %(moment)s", moment=needed_by) or "",
            sentence=env._("%(order)s is urgent.", order=order.name),
            facts=tuple((label, value) for label, value in facts if value),
            goods=tuple(goods[:SHOWN]),
            more=max(len(goods) - SHOWN, 0),
            button=button,
            url=url,
        )

    @api.model
    def _get_about(self, order, user):
        """Return whom an urgent order is for, to those who may read that: some may read
        their own customers only."""
        partner = order.partner_id
        theirs = partner.with_user(user).with_context(allowed_company_ids=[])
        if partner and not theirs.has_access("read"):
            return ""
        return order._get_urgency_about() or ""

    @api.model
    def _get_place(self, order, user, can_open):
        """Return where somebody can do something about an urgent order, as what the
        button says and its address."""
        if can_open:
            return (
                self.env._("Open %s", order.name),
                self.env["approval.letter"]._get_address(order),
            )
        return self.env._("Open Odoo"), f"{order.get_base_url()}/odoo"

    # ------------------------------------------------------------
    # MORE IS ASKED THAN THE QUOTA HAS
    # ------------------------------------------------------------

    @api.model
    def _tell_asked(self, order, grantors):
        """Tell the user that the quota is used up, and give managers a to-do."""
        level = order.urgency_asked_level_id
        summary = self.env._(
            "%(user)s asks for %(level)s", user=self.env.user.name, level=level.name
        )
        self._give_to_do(
            order, grantors, REQUEST_TO_DO, order.urgency_reason, summary=summary
        )
        self._warn(self.env.user, self._get_request_message(order, level, grantors))

    @api.model
    def _get_request_message(self, order, level, grantors):
        values = {"order": order.name, "level": level.name, "quota": level.quota}
        if not grantors:
            return self.env._(
                "%(order)s is saved, but not as “%(level)s”: your quota of %(quota)s a "
                "month is used up, and nobody may grant more. Ask an administrator to "
                "name an urgency manager.",
                **values,
            )
        return self.env._(
            "%(order)s is saved, but not yet as “%(level)s”: your quota of %(quota)s a "
            "month is used up. Asked to grant it: %(people)s.",
            people=", ".join(grantors.mapped("name")),
            **values,
        )

    @api.model
    def _tell_asker(self, order, user, message):
        """Say in the order's history, and to whoever asked, how it ended."""
        order.message_post(
            body=message, partner_ids=(user - self.env.user).partner_id.ids
        )
        user._bus_send(
            "simple_notification",
            {"type": "info", "message": f"{order.name}: {message}"},
        )

    # ------------------------------------------------------------
    # IN WHICH WAY
    # ------------------------------------------------------------

    @api.model
    def _give_to_do(self, order, users, to_do, reason, **values):
        """Give users a to-do on an order.

        :param str to_do: external id of its type
        :param values: of the to-do
        """
        # the e-mail on a new to-do would come on top of ours
        order = order.with_context(mail_activity_quick_update=True)
        note = plaintext2html(reason or "")
        for user in users:
            order.activity_schedule(to_do, user_id=user.id, note=note, **values)

    @api.model
    def _warn(self, users, message):
        """Show a warning that stays on the screen until it is closed."""
        users._bus_send(
            "simple_notification",
            {"type": "warning", "sticky": True, "message": message},
        )
