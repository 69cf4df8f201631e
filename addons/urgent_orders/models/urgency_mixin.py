from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import plaintext2html

ACTIVITY_TYPE = "urgent_orders.mail_activity_type_urgent"

#: Written by the system only, so that nobody signs with another's name.
STAMPS = {"urgency_user_id", "urgency_date", "urgency_source_id"}


class UrgencyMixin(models.AbstractModel):
    """An order that somebody waits for: how urgent, why, and until when."""

    _name = "urgency.mixin"
    _description = "Order with urgency"

    urgency_level_id = fields.Many2one(
        "urgency.level",
        string="Urgency",
        default=lambda self: self._default_urgency_level_id(),
        index=True,
        ondelete="restrict",
        tracking=True,
        copy=False,
        groups="base.group_user",
    )
    is_urgent = fields.Boolean(
        compute="_compute_is_urgent",
        search="_search_is_urgent",
        compute_sudo=True,
        groups="base.group_user",
    )
    urgency_reason = fields.Char(
        string="Reason for Urgency",
        tracking=True,
        copy=False,
        groups="base.group_user",
    )
    needed_by = fields.Datetime(
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="When the customer must have the goods.",
    )
    urgency_user_id = fields.Many2one(
        "res.users",
        string="Marked Urgent By",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    urgency_date = fields.Datetime(
        string="Marked Urgent On",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    @api.model
    def _default_urgency_level_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "urgent_orders.urgency_level_normal"
        )

    @api.depends("urgency_level_id.is_urgent")
    def _compute_is_urgent(self):
        for order in self:
            order.is_urgent = order.urgency_level_id.is_urgent

    def _search_is_urgent(self, operator, value):
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees see how urgent orders are."))
        return [("urgency_level_id.is_urgent", operator, value)]

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("urgency_level_id", "urgency_reason")
    def _check_urgency_reason(self):
        for order in self._urgency_not_plain():
            level = order.urgency_level_id
            if level.reason_required and not (order.urgency_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(order)s: say why it is “%(level)s”, so that others can "
                        "make room for it.",
                        order=order.display_name,
                        level=level.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        level = self.default_get(["urgency_level_id"]).get("urgency_level_id")
        unsigned = dict.fromkeys(STAMPS & self._fields.keys(), False)
        vals_list = [
            {**unsigned, **self._stamp_urgency({"urgency_level_id": level, **vals})}
            for vals in vals_list
        ]
        orders = super().create(vals_list)
        orders._urgency_not_plain().filtered("is_urgent")._urgency_raised()
        return orders

    def write(self, vals):
        vals = self._stamp_urgency(vals)
        if "urgency_level_id" not in vals:
            return super().write(vals)
        before = {order.id: order.urgency_level_id for order in self}
        result = super().write(vals)
        self.filtered(
            lambda order: (
                order.is_urgent
                and order.urgency_level_id.sequence > before[order.id].sequence
            )
        )._urgency_raised()
        self.filtered(
            lambda order: not order.is_urgent and before[order.id].is_urgent
        )._dismiss_urgency_notices()
        return result

    def _urgency_not_plain(self):
        """Return the orders whose level asks for something, without a query."""
        plain = self.env["urgency.level"]._get_plain_ids()
        return self.filtered(lambda order: order.urgency_level_id.id not in plain)

    @api.model
    def _stamp_urgency(self, vals):
        """Return the values with who and when, and with Odoo's own priority.

        Choosing an urgent level sets that priority; else it is as chosen by hand.
        """
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in STAMPS}
        if not vals.get("urgency_level_id"):
            return vals
        level = self.env["urgency.level"].browse(vals["urgency_level_id"])
        is_urgent = level.id not in level._get_plain_ids() and level.is_urgent
        stamped = {
            "urgency_user_id": is_urgent and self.env.uid,
            "urgency_date": is_urgent and fields.Datetime.now(),
        }
        if "priority" in self._fields and (is_urgent or "priority" not in vals):
            vals = {**vals, "priority": "1" if is_urgent else "0"}
        return {**stamped, **vals}

    # ------------------------------------------------------------
    # NOTICES
    # ------------------------------------------------------------

    def _urgency_raised(self):
        """Tell managers and purchasing at once: on the screen and as a to-do."""
        for order in self.sudo():
            people = order._get_urgency_audience() - self.env.user
            readers = people.filtered(order._is_readable_by)
            notice = order._prepare_urgency_notice()
            readers._bus_send("urgent_orders/marked", {**notice, "can_open": True})
            (people - readers)._bus_send("urgent_orders/marked", notice)
            for user in order._get_urgency_assignees(readers):
                order.activity_schedule(
                    ACTIVITY_TYPE,
                    date_deadline=fields.Date.context_today(order),
                    user_id=user.id,
                    summary=order.urgency_level_id.name,
                    note=plaintext2html(order.urgency_reason or ""),
                )

    def _is_readable_by(self, user):
        """Tell whether a user may open the order, in its own company."""
        as_user = self.with_user(user).with_context(
            allowed_company_ids=self.company_id.ids
        )
        return bool(as_user._filtered_access("read"))

    def _dismiss_urgency_notices(self):
        """Remove the to-dos: the order is not urgent any more, or taken care of."""
        self.sudo().activity_unlink([ACTIVITY_TYPE])

    def _get_urgency_audience(self):
        """Return who is told: members of the level's groups in the same company."""
        self.ensure_one()
        return self.urgency_level_id.notify_group_ids.all_user_ids.filtered(
            lambda user: not user.share and self.company_id in user.company_ids
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
