from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_datetime

from odoo.addons.approval_matrix.reserved_fields import without_values

from .urgency_notice import REQUEST_TO_DO, TO_DO

#: Fields that say from which other order urgency comes.
SOURCES = {"urgency_source_id", "urgency_purchase_id"}

#: Written by the system only, so that nobody signs with another's name, or grants
#: what they asked for.
STAMPS = SOURCES | {
    "urgency_own",
    "urgency_user_id",
    "urgency_date",
    "urgency_asked_level_id",
    "urgency_asked_user_id",
    "urgency_asked_on",
}

#: What the orders further down the chain follow.
INHERITED = {"urgency_level_id", "urgency_reason", "needed_by"}

#: What is kept of an order's own urgency.
OWN = (
    "urgency_level_id",
    "urgency_reason",
    "needed_by",
    "urgency_user_id",
    "urgency_date",
)
EMPTY = dict.fromkeys(OWN, False)

GRANTORS = "urgent_orders.group_urgency_manager"

#: Longest reason, in characters.
REASON_LENGTH = 500
#: How far *needed by* may be from today.
YEARS_BACK, YEARS_AHEAD = 1, 5


class UrgencyMixin(models.AbstractModel):
    """An order that somebody waits for: how urgent, why, and until when.

    Urgency goes down the chain: from the opportunity to quotations, from sale orders to
    purchase orders and deliveries, from purchase orders to receipts. A model says from
    whom it takes urgency and to whom it gives it (``urgency.document``); what is taken
    over is decided here alone. What somebody set on the order itself is kept apart
    (``urgency_own``), so that it is still there when the others calm down. Beyond the
    quota of a level the order is kept as it was, with the level that is asked for,
    until a manager grants it or not. ``urgency.notice`` tells people.
    """

    _name = "urgency.mixin"
    _inherit = "urgency.document"
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
    urgency_needs_reason = fields.Boolean(
        compute="_compute_urgency_needs", groups="base.group_user"
    )
    urgency_needs_deadline = fields.Boolean(
        compute="_compute_urgency_needs", groups="base.group_user"
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
    urgency_own = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What was set on this order itself, whatever it inherits.",
    )

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
    # COMPUTE
    # ------------------------------------------------------------

    @api.model
    def _default_urgency_level_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "urgent_orders.urgency_level_normal"
        )

    @api.depends("urgency_level_id.is_urgent")
    def _compute_is_urgent(self):
        for order in self:
            order.is_urgent = order.urgency_level_id.is_urgent

    @api.depends(
        "urgency_level_id.reason_required",
        "urgency_level_id.deadline_required",
        "urgency_asked_level_id.reason_required",
        "urgency_asked_level_id.deadline_required",
    )
    def _compute_urgency_needs(self):
        for order in self:
            level = order.urgency_asked_level_id or order.urgency_level_id
            order.urgency_needs_reason = level.reason_required
            order.urgency_needs_deadline = level.deadline_required

    def _search_is_urgent(self, operator, value):
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees see how urgent orders are."))
        return [("urgency_level_id.is_urgent", operator, value)]

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("urgency_level_id", "urgency_asked_level_id", "urgency_reason")
    def _check_urgency_reason(self):
        for order in self:
            if len(order.urgency_reason or "") > REASON_LENGTH:
                raise ValidationError(
                    self.env._(
                        "%(order)s: the reason for urgency is %(length)s characters "
                        "long. Say it in at most %(limit)s.",
                        order=order.display_name,
                        length=len(order.urgency_reason),
                        limit=REASON_LENGTH,
                    )
                )
        asking = self.filtered("urgency_asked_level_id")
        for order in self._urgency_not_plain() | asking:
            level = order.urgency_asked_level_id or order.urgency_level_id
            if level.reason_required and not (order.urgency_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(order)s: say why it is “%(level)s”, so that others can "
                        "make room for it.",
                        order=order.display_name,
                        level=level.name,
                    )
                )

    def _check_urgency_deadline(self):
        """Refuse a level without the deadline that it asks for.

        This is no constraint, which core checks as the system: what the system takes
        over must not stop a delivery.

        :raises ValidationError: says of which order it is missing
        """
        if self.env.su:
            return
        asking = self.filtered("urgency_asked_level_id")
        for order in self._urgency_not_plain() | asking:
            level = order.urgency_asked_level_id or order.urgency_level_id
            order._check_deadline_of(level)

    def _check_deadline_of(self, level):
        """Refuse a level for an order without the deadline that it asks for.

        :raises ValidationError: says of which order it is missing
        """
        self.ensure_one()
        if level.deadline_required and not self.needed_by:
            raise ValidationError(
                self.env._(
                    "%(order)s: say by when it is needed, since it is “%(level)s”.",
                    order=self.display_name,
                    level=level.name,
                )
            )

    @api.onchange("needed_by")
    def _onchange_needed_by(self):
        """Ask again before colleagues are told of a moment that is over already."""
        return self._warn_of_past(self.needed_by)

    @api.model
    def _warn_of_past(self, moment):
        """Return what a form says of a deadline that has passed.

        :param datetime moment: the deadline, in UTC, or nothing
        """
        if not moment or moment >= fields.Datetime.now():
            return None
        return {
            "warning": {
                "title": self.env._("This moment is over"),
                "message": self.env._(
                    "“Needed by” is %(moment)s, which has passed. Colleagues would be "
                    "told that it is too late already: is the date right?",
                    moment=format_datetime(self.env, moment, dt_format="short"),
                ),
            }
        }

    @api.model
    def _check_needed_by(self, value):
        """Refuse slips of the keyboard: 2062 for 2026, the year 9999.

        This is no constraint of the field: what the system takes over from an old
        order must not stop a delivery.

        :param value: what somebody wants to write
        """
        moment = value and fields.Datetime.to_datetime(value)
        now = fields.Datetime.now()
        earliest = now - relativedelta(years=YEARS_BACK)
        latest = now + relativedelta(years=YEARS_AHEAD)
        if moment and not earliest <= moment <= latest:
            raise ValidationError(
                self.env._(
                    "“Needed by” in the year %(year)s cannot be right. Give a day from "
                    "%(earliest)s to %(latest)s.",
                    year=moment.year,
                    earliest=earliest.date(),
                    latest=latest.date(),
                )
            )

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
        stamped = [self._stamp_urgency(vals) for vals in vals_list]
        orders = super().create(
            [
                {**unsigned, **vals, "urgency_own": self._prepare_own(vals)}
                for vals in stamped
            ]
        )
        orders._check_urgency_deadline()
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
        if INHERITED.isdisjoint(vals):
            return super().write(vals)
        is_own = self._is_own_urgency(vals)
        if is_own:
            self._check_not_below_sources(vals)
        if "urgency_level_id" not in vals:
            result = super().write(vals)
        else:
            result = self._write_urgency(vals)
        self._check_urgency_deadline()
        if is_own:
            self._keep_own(vals)
            self._inherit_urgency()
        self._pass_urgency_on()
        return result

    def unlink(self):
        """What served these orders is not urgent because of them any more."""
        heirs = self._urgency_matters().sudo()._get_urgency_heirs()
        result = super().unlink()
        for orders in heirs:
            orders.exists()._inherit_urgency()
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
        if "priority" in self._fields:
            calm.write({"priority": "0"})

    def _urgency_matters(self):
        """Return the orders from which others have a level or a deadline."""
        return self._urgency_not_plain() | self.filtered("needed_by")

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
        return without_values(vals, self._get_urgency_stamps())

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

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_grant_urgency(self):
        """Give the orders the level that was asked for, as a manager.

        :raises AccessError: for anybody but urgency managers
        :raises UserError: where nothing is asked, or the deadline has gone meanwhile
        """
        self._check_may_grant()
        Notice = self.env["urgency.notice"]
        for order in self.sudo():
            level, asker = order.urgency_asked_level_id, order.urgency_asked_user_id
            if level.sequence > order.urgency_level_id.sequence:
                order._check_deadline_of(level)
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
            Notice._tell_asker(order, asker, self.env._("%s is granted.", level.name))
        return True

    def action_refuse_urgency(self, reason=None):
        """Let the orders stay as they are, as a manager.

        :param str reason: shown to whoever asked
        :raises AccessError: for anybody but urgency managers
        :raises UserError: where nothing is asked
        """
        self._check_may_grant()
        reason = reason.strip() if isinstance(reason, str) else ""
        Notice = self.env["urgency.notice"]
        for order in self.sudo():
            level, asker = order.urgency_asked_level_id, order.urgency_asked_user_id
            order.write(order._prepare_no_request({}))
            order._dismiss_urgency_request()
            message = self.env._("%s is not granted.", level.name)
            Notice._tell_asker(order, asker, f"{message} {reason}".strip())
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

    def action_open_urgency(self):
        """Choose a level with its consequences before one's eyes."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Urgency"),
            "res_model": "urgency.change",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    # ------------------------------------------------------------
    # ORDER OF RECORDS
    # ------------------------------------------------------------

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """What has no level or no day is last where the most urgent, or the last day,
        is first: the database would have it above all others."""
        is_falling = direction.code == "DESC" and not nulls.code
        if is_falling and field_name in ("urgency_level_id", "needed_by"):
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

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
    # CHAIN
    # ------------------------------------------------------------

    def _pass_urgency_on(self):
        """Bring what serves these orders up to date."""
        for heirs in self.sudo()._get_urgency_heirs():
            heirs._inherit_urgency()

    def _inherit_urgency(self):
        """Take over the strongest urgency and the earliest need of the orders served.

        What somebody set on the order itself counts when it is as strong, and when
        nothing is inherited any more.
        """
        for order in self.sudo().filtered(lambda order: order._urgency_follows()):
            values = order._prepare_inherited_urgency()
            changes = order._get_changes(values)
            if "urgency_level_id" in changes:  # with who and when, whatever they are
                changes = values
            if changes:
                order.write({**changes, "urgency_own": order.urgency_own})

    def _get_changes(self, values):
        """Return those of the values that the order does not have already."""
        self.ensure_one()
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    def _prepare_inherited_urgency(self):
        """Return what holds here: own urgency, or that of the strongest source."""
        self.ensure_one()
        sources = self._get_urgency_sources()
        own = self._read_own()
        deadlines = [order.needed_by for order in sources if order.needed_by]
        if own["needed_by"]:
            deadlines.append(own["needed_by"])
        values = {"needed_by": min(deadlines, default=False)}
        source = self._get_strongest(sources)
        level = self.env["urgency.level"].browse(own["urgency_level_id"])
        if source and (
            not level.is_urgent or level.sequence < source.urgency_level_id.sequence
        ):
            values |= source._prepare_urgency_values()
        else:
            source = None
            values |= {name: own[name] for name in OWN if name != "needed_by"}
        level = self.env["urgency.level"].browse(values["urgency_level_id"])
        if level.deadline_required and not values["needed_by"]:
            values["needed_by"] = self.needed_by  # the last one that was known
        return values | self._prepare_urgency_source(source)

    @api.model
    def _get_strongest(self, sources):
        """Return the most urgent of these orders, or nothing when none is urgent."""
        return max(
            (order for order in sources if order.is_urgent),
            key=lambda order: order.urgency_level_id.sequence,
            default=None,
        )

    def _prepare_urgency_values(self):
        """Return the values of an order that is as urgent as this one."""
        self.ensure_one()
        return {
            "urgency_level_id": self.urgency_level_id.id,
            "urgency_reason": self.urgency_reason,
            "urgency_user_id": self.urgency_user_id.id,
            "urgency_date": self.urgency_date,
        }

    def _urgency_is_inherited(self):
        """Tell whether the urgency comes from another order."""
        self.ensure_one()
        return any(self[name] for name in self._prepare_urgency_source(None))

    # ------------------------------------------------------------
    # OWN: what somebody set here, apart from what is inherited
    # ------------------------------------------------------------

    @api.model
    def _is_own_urgency(self, vals):
        """Tell whether somebody sets urgency here, or it comes down the chain."""
        return "urgency_own" not in vals and not any(vals.get(name) for name in SOURCES)

    @api.model
    def _prepare_own(self, vals):
        """Return what to keep of the values of a new order as its own."""
        is_set = (
            vals.get("urgency_level_id") != self._default_urgency_level_id()
            or vals.get("urgency_reason")
            or vals.get("needed_by")
        )
        if not is_set or not self._is_own_urgency(vals):
            return False
        return {name: _to_json(vals.get(name)) for name in OWN}

    def _keep_own(self, vals):
        """Keep what was set on these orders, as far as it was granted."""
        for order in self.sudo():
            own = {**EMPTY, **(order.urgency_own or {})}
            for name in ("urgency_reason", "needed_by"):
                if name in vals:
                    own[name] = _to_json(order[name])
            if vals.get("urgency_level_id") == order.urgency_level_id.id:
                own["urgency_level_id"] = order.urgency_level_id.id
                own["urgency_user_id"] = order.urgency_user_id.id
                own["urgency_date"] = _to_json(order.urgency_date)
            if own != order.urgency_own:
                order.write({"urgency_own": own})

    def _take_own_urgency(self, orders):
        """Take over what was set on other orders whose need these meet from now on."""
        marked = max(
            orders.sudo().filtered("urgency_own"),
            key=lambda order: order._get_own_level().sequence,
            default=None,
        )
        for order in self.sudo() if marked else ():
            if order._get_own_level().sequence < marked._get_own_level().sequence:
                own = dict(marked.urgency_own)
                if marked._get_own_level().deadline_required:
                    # whoever marked it may have seen a deadline that came from others
                    own["needed_by"] = own["needed_by"] or _to_json(marked.needed_by)
                order.write({"urgency_own": own})
                order._inherit_urgency()

    def _get_own_level(self):
        return self.env["urgency.level"].browse(self._read_own()["urgency_level_id"])

    def _read_own(self):
        """Return the values that were set on this order.

        :return: by name of the field; the plain level where none was set
        :rtype: dict
        """
        self.ensure_one()
        own = {**EMPTY, **(self.urgency_own or {})}
        level = self.env["urgency.level"].browse(own["urgency_level_id"] or []).exists()
        for name in ("needed_by", "urgency_date"):
            own[name] = own[name] and fields.Datetime.to_datetime(own[name])
        return {
            **own,
            "urgency_level_id": level.id or self._default_urgency_level_id(),
        }

    def _check_not_below_sources(self, vals):
        """Refuse what would have no effect.

        :raises UserError: for a level below that of an order which is served
        """
        if self.env.su or "urgency_level_id" not in vals:
            return
        level = self.env["urgency.level"].browse(vals["urgency_level_id"])
        for order in self.sudo().filtered(lambda order: order._urgency_is_inherited()):
            source = order._get_strongest(order._get_urgency_sources())
            if source and level.sequence < source.urgency_level_id.sequence:
                raise UserError(
                    self.env._(
                        "%(order)s is as urgent as %(served)s, which it serves. Change "
                        "the urgency there.",
                        order=order.display_name,
                        served=source.display_name,
                    )
                )

    # ------------------------------------------------------------
    # SUPPLY: from whom urgency takes goods
    # ------------------------------------------------------------

    def _get_displaced(self):
        """Return who becomes late through the urgency of this order.

        :return: see ``urgency.displacement._summarize``
        """
        self.ensure_one()
        moves = self.sudo()._get_supply_moves()
        pairs = self.env["urgency.supply"]._find_displaced(moves)
        return self.env["urgency.displacement"].sudo()._summarize(pairs)

    def _urgency_takes_supply(self):
        """Tell the owners of orders that become late, however urgency was set."""
        for order in self.sudo():
            found = order._get_displaced()
            if found:
                self.env["urgency.displacement"].sudo()._record(order, found)

    # ------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------

    def _urgency_raised(self):
        """Tell whom the level names."""
        for order in self.sudo():
            people = order._get_urgency_audience() - self.env.user
            readers = people.filtered(order._urgency_readable_by)
            self.env["urgency.notice"]._tell_raised(
                order, people, readers, order._get_urgency_assignees(readers)
            )

    def _urgency_asked(self):
        """Tell the user that the quota is used up, and give managers a to-do."""
        for order in self.sudo():
            self.env["urgency.notice"]._tell_asked(order, order._get_urgency_grantors())

    def _dismiss_urgency_notices(self):
        """Remove the to-dos: the order is not urgent any more, or taken care of."""
        if self:
            self.sudo().activity_unlink([TO_DO])

    def _dismiss_urgency_request(self):
        if self:
            self.sudo().activity_unlink([REQUEST_TO_DO])

    def _get_urgency_audience(self):
        """Return who is told: members of the level's groups in the same company."""
        self.ensure_one()
        company = self._get_urgency_company()
        return self.urgency_level_id.notify_group_ids.all_user_ids.filtered(
            lambda user: not user.share and company in user.company_ids
        )

    def _get_urgency_grantors(self):
        """Return the managers who may grant it: they can open the order."""
        self.ensure_one()
        company = self._get_urgency_company()
        managers = self.env.ref(GRANTORS).sudo().all_user_ids
        return managers.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        ).filtered(self._urgency_readable_by)

    def _urgency_readable_by(self, user):
        """Tell whether a user may open the order, in its own company."""
        as_user = self.with_user(user).with_context(
            allowed_company_ids=self._get_urgency_company().ids
        )
        return bool(as_user._filtered_access("read"))


def _to_json(value):
    return fields.Datetime.to_string(value) if isinstance(value, datetime) else value
