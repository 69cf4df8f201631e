from odoo import api, fields, models
from odoo.exceptions import AccessError

#: Fields that say from which other order urgency comes.
SOURCES = {"urgency_source_id", "urgency_purchase_id"}

#: Written by the system only, so that nobody signs with another's name, or grants
#: what they asked for.
STAMPS = SOURCES | {
    "urgency_user_id",
    "urgency_date",
    "urgency_asked_level_id",
    "urgency_asked_user_id",
    "urgency_asked_on",
}

#: What the orders further down the chain follow.
INHERITED = {"urgency_level_id", "urgency_reason", "needed_by"}


class UrgencyMixin(models.AbstractModel):
    """An order that somebody waits for: how urgent, why, and until when.

    This file holds the fields and their changes; ``urgency_check`` what is refused,
    ``urgency_chain`` how urgency goes from order to order, ``urgency_request`` what
    needs a manager, ``urgency_notice`` who hears of it, ``urgency_supply`` who loses
    goods to it.
    """

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
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        level = self.default_get(["urgency_level_id"]).get("urgency_level_id")
        unsigned = dict.fromkeys(self._get_urgency_stamps(), False)
        vals_list = [
            self._ration_new({"urgency_level_id": level, **self._unsign(vals)})
            for vals in vals_list
        ]
        orders = super().create(
            [{**unsigned, **self._stamp_urgency(vals)} for vals in vals_list]
        )
        urgent = orders._urgency_not_plain().filtered("is_urgent")
        urgent._urgency_raised()
        urgent._urgency_takes_supply()
        asking = [
            order.id
            for order, vals in zip(orders, vals_list, strict=True)
            if vals.get("urgency_asked_level_id")
        ]
        self.browse(asking)._urgency_asked()
        return orders

    def write(self, vals):
        vals = self._unsign(vals)
        if "urgency_level_id" not in vals:
            result = super().write(vals)
        else:
            result = self._write_urgency(vals)
        if not INHERITED.isdisjoint(vals):
            self._pass_urgency_on()
        return result

    def _write_urgency(self, vals):
        before = {order.id: order.urgency_level_id for order in self}
        asked_before = {order.id: order.urgency_asked_level_id for order in self}
        asking = self._get_over_quota(vals, before)
        granted = self - asking
        result = True
        if granted:
            stamped = {**self._prepare_no_request(vals), **vals}
            levels = {before[order.id].id for order in granted}
            if levels != {vals["urgency_level_id"]}:
                stamped = self._stamp_urgency(stamped)
            result = super(UrgencyMixin, granted).write(stamped)
        if asking:
            rest = {k: v for k, v in vals.items() if k != "urgency_level_id"}
            values = {**rest, **self._prepare_request(vals["urgency_level_id"])}
            result = super(UrgencyMixin, asking).write(values)
            asking.filtered(
                lambda order: order.urgency_asked_level_id != asked_before[order.id]
            )._urgency_asked()
        granted.filtered(
            lambda order: asked_before[order.id] and not order.urgency_asked_level_id
        )._dismiss_urgency_request()
        granted.filtered(
            lambda order: order.urgency_level_id != before[order.id]
        )._urgency_changed(before)
        return result

    def _urgency_changed(self, before):
        """Do what a new level brings with it.

        :param dict before: the level of each order until now, by id
        """
        raised = self.filtered(
            lambda order: (
                order.is_urgent
                and order.urgency_level_id.sequence > before[order.id].sequence
            )
        )
        raised._urgency_raised()
        raised.filtered(
            lambda order: not before[order.id].is_urgent
        )._urgency_takes_supply()
        calm = self.filtered(
            lambda order: not order.is_urgent and before[order.id].is_urgent
        )
        calm._dismiss_urgency_notices()
        calm._reset_priority()

    def _urgency_not_plain(self):
        """Return the orders whose level asks for something, without a query."""
        plain = self.env["urgency.level"]._get_plain_ids()
        return self.filtered(lambda order: order.urgency_level_id.id not in plain)

    @api.model
    def _unsign(self, vals):
        """Return the values without what only the system writes.

        :raises ValidationError: for a deadline out of this world
        """
        if self.env.su:
            return vals
        self._check_needed_by(vals.get("needed_by"))
        stamps = self._get_urgency_stamps()
        return {name: value for name, value in vals.items() if name not in stamps}

    @api.model
    def _get_urgency_stamps(self):
        """Return the names of the fields that only the system writes."""
        return STAMPS & self._fields.keys()

    @api.model
    def _stamp_urgency(self, vals):
        """Return the values with who and when, and with Odoo's own priority.

        Choosing an urgent level sets that priority; else it is as chosen by hand.
        """
        if not vals.get("urgency_level_id"):
            return vals
        level = self.env["urgency.level"].browse(vals["urgency_level_id"])
        is_urgent = level.id not in level._get_plain_ids() and level.is_urgent
        stamped = {
            "urgency_user_id": is_urgent and self.env.uid,
            "urgency_date": is_urgent and fields.Datetime.now(),
        }
        if is_urgent and "priority" in self._fields:
            vals = {**vals, "priority": self._get_urgency_priority(level)}
        return {**stamped, **vals}

    @api.model
    def _get_urgency_priority(self, level):
        """Return Odoo's own priority for an urgent level."""
        return "1"

    def _reset_priority(self):
        if "priority" in self._fields:
            self.write({"priority": "0"})

    def _urgency_takes_supply(self):
        """Hook: the orders have just become urgent, which others may feel."""
