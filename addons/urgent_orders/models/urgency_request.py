from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from .urgency_mixin import SOURCES

GRANTORS = "urgent_orders.group_urgency_manager"
REQUEST_TYPE = "urgent_orders.mail_activity_type_urgency_asked"


class UrgencyMixin(models.AbstractModel):
    """What happens when the quota of a level is used up: the order is kept as it was,
    with the level that is asked for, until a manager grants it or not."""

    _inherit = "urgency.mixin"

    urgency_asked_level_id = fields.Many2one(
        "urgency.level",
        string="Urgency Asked For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="The quota is used up: a manager must grant this level.",
    )
    urgency_asked_user_id = fields.Many2one(
        "res.users",
        string="Urgency Asked By",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    urgency_asked_on = fields.Datetime(
        readonly=True, copy=False, groups="base.group_user"
    )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_grant_urgency(self):
        """Give the orders the level that was asked for, as a manager.

        :raises AccessError: for anybody but urgency managers
        :raises UserError: where nothing is asked
        """
        self._check_may_grant()
        for order in self.sudo():
            level, asker = order.urgency_asked_level_id, order.urgency_asked_user_id
            if level.sequence > order.urgency_level_id.sequence:
                order.write(
                    {
                        "urgency_level_id": level.id,
                        "urgency_user_id": asker.id,
                        **order._prepare_urgency_source(None),
                    }
                )
            else:  # it has become as urgent in another way
                order.write(order._prepare_no_request({}))
                order._dismiss_urgency_request()
            order._tell_asker(asker, self.env._("%s is granted.", level.name))
        return True

    def action_refuse_urgency(self, reason=None):
        """Let the orders stay as they are, as a manager.

        :param str reason: shown to whoever asked
        :raises AccessError: for anybody but urgency managers
        :raises UserError: where nothing is asked
        """
        self._check_may_grant()
        reason = reason.strip() if isinstance(reason, str) else ""
        for order in self.sudo():
            level, asker = order.urgency_asked_level_id, order.urgency_asked_user_id
            order.write(order._prepare_no_request({}))
            order._dismiss_urgency_request()
            message = self.env._("%s is not granted.", level.name)
            order._tell_asker(asker, f"{message} {reason}".strip())
        return True

    def action_open_urgency_refusal(self):
        """Ask why it is not granted."""
        self._check_may_grant()
        return self.env["urgency.answer"]._open(self, "refuse")

    def action_withdraw_urgency_request(self):
        """Take back what was asked, which leaves the order as it is.

        :raises UserError: where nothing is asked
        """
        self.check_access("write")
        self._check_asked()
        for order in self.sudo():
            order.write(order._prepare_no_request({}))
            order._dismiss_urgency_request()
        return True

    def _check_may_grant(self):
        if not self.env.user.has_group(GRANTORS):
            raise AccessError(
                self.env._("Only urgency managers grant what is beyond the quota.")
            )
        self.check_access("read")
        self._check_asked()

    def _check_asked(self):
        for order in self.sudo():
            if not order.urgency_asked_level_id:
                raise UserError(
                    self.env._(
                        "%(order)s: nobody waits for more urgency.",
                        order=order.display_name,
                    )
                )

    # ------------------------------------------------------------
    # QUOTA
    # ------------------------------------------------------------

    def _ration_new(self, vals):
        """Return the values of a new order, with a request if the quota is used up."""
        level_id = vals.get("urgency_level_id")
        if self._urgency_has_slot(vals):
            return vals
        plain = self._default_urgency_level_id()
        return {**vals, "urgency_level_id": plain, **self._prepare_request(level_id)}

    def _get_over_quota(self, vals, before):
        """Return those of the orders that must ask a manager; the others take a slot.

        :param dict before: the level of each order until now, by id
        """
        if not vals.get("urgency_level_id"):
            return self.browse()
        level = self.env["urgency.level"].browse(vals["urgency_level_id"])
        raised = self.filtered(lambda order: before[order.id].sequence < level.sequence)
        return raised.filtered(lambda order: not order._urgency_has_slot(vals))

    def _urgency_has_slot(self, vals):
        """Take a slot of the user's quota, if there is one for this level.

        :return: whether the level may be set
        """
        level = self.env["urgency.level"].browse(vals.get("urgency_level_id"))
        if not level or level.id in level._get_plain_ids():
            return True
        # only the system signs: what others chose comes down the chain or is granted
        inherited = self.env.su and "urgency_user_id" in vals
        level = level.sudo()
        user = self.env.user
        if inherited or not level.is_urgent or not level._is_rationed_for(user):
            return True
        return self.env["urgency.quota"].sudo()._take(user, level)

    def _prepare_request(self, level_id):
        return {
            "urgency_asked_level_id": level_id,
            "urgency_asked_user_id": self.env.uid,
            "urgency_asked_on": fields.Datetime.now(),
        }

    def _prepare_no_request(self, vals):
        """Return what ends a request; urgency that comes from elsewhere leaves it."""
        if any(vals.get(name) for name in SOURCES):
            return {}
        return {
            "urgency_asked_level_id": False,
            "urgency_asked_user_id": False,
            "urgency_asked_on": False,
        }

    # ------------------------------------------------------------
    # NOTICES
    # ------------------------------------------------------------

    def _urgency_asked(self):
        """Tell the user, and give managers a to-do."""
        for order in self.sudo():
            level = order.urgency_asked_level_id
            grantors = order._get_urgency_grantors()
            quiet = order.with_context(mail_activity_quick_update=True)
            for user in grantors:
                quiet.activity_schedule(
                    REQUEST_TYPE,
                    user_id=user.id,
                    summary=self.env._(
                        "%(user)s asks for %(level)s",
                        user=self.env.user.name,
                        level=level.name,
                    ),
                    note=plaintext2html(order.urgency_reason or ""),
                )
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "sticky": True,
                    "message": order._get_request_message(level, grantors),
                },
            )

    def _get_request_message(self, level, grantors):
        values = {"order": self.name, "level": level.name, "quota": level.quota}
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

    def _get_urgency_grantors(self):
        """Return the managers who may grant it: they can open the order."""
        self.ensure_one()
        company = self._get_urgency_company()
        managers = self.env.ref(GRANTORS).sudo().all_user_ids
        return managers.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        ).filtered(self._is_readable_by)

    def _dismiss_urgency_request(self):
        if self:
            self.sudo().activity_unlink([REQUEST_TYPE])

    def _tell_asker(self, user, message):
        """Say in the order's history, and to whoever asked, how it ended."""
        self.ensure_one()
        self.message_post(
            body=message, partner_ids=(user - self.env.user).partner_id.ids
        )
        user._bus_send(
            "simple_notification",
            {"type": "info", "message": f"{self.name}: {message}"},
        )
