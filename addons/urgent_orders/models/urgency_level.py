from odoo import SUPERUSER_ID, api, fields, models, tools


class UrgencyLevel(models.Model):
    _name = "urgency.level"
    _description = "Urgency Level"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="The higher the number, the more urgent the order."
    )
    is_urgent = fields.Boolean(
        help="Marks Odoo's own priority, warns people and stands out on the screen."
    )
    color = fields.Integer()
    reason_required = fields.Boolean(help="Whoever chooses this level must say why.")
    deadline_required = fields.Boolean(
        help="Whoever chooses this level must say by when it is needed."
    )
    notify_group_ids = fields.Many2many(
        "res.groups",
        string="Tell at Once",
        help="Members of these groups are told as soon as an order gets this level.",
    )

    give_activity = fields.Boolean(
        string="To-do",
        default=True,
        help="Whoever is told and may open the order also gets a to-do on it.",
    )
    send_mail = fields.Boolean(
        string="E-mail",
        default=True,
        help="Whoever is told and handles notifications by e-mail also gets one; the "
        "phones of others, which Odoo may notify, show it to those who may open the "
        "order. On the screen all of them are told in any case.",
    )
    approval_hours = fields.Float(
        string="Approve Within",
        help="Working hours that each step of an approval has at most; a shorter limit "
        "of its rule stays. Zero: as the rules say.",
    )
    quota = fields.Integer(
        help="How many orders a user may give this level in a calendar month; from "
        "then on a manager grants it. Managers have no quota. Zero: no quota. Source: "
        "urgency levels.",
    )

    _name_uniq = models.Constraint(
        "UNIQUE (name)", "There is an urgency level with this name already."
    )
    _numbers_not_negative = models.Constraint(
        "CHECK (approval_hours >= 0 AND quota >= 0)",
        "Hours and quota cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        self.env.registry.clear_cache()
        return levels

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_plain_ids(self):
        """Return the ids of the levels that ask for nothing: most orders have one.

        :rtype: frozenset
        """
        asking = ("is_urgent", "reason_required", "deadline_required")
        plain = [(name, "=", False) for name in asking]
        levels = self.sudo().with_context(active_test=False).search(plain)
        return frozenset(levels.ids)

    @api.model
    @tools.ormcache()
    def _get_urgent_sequences(self):
        """Return the sequences of the levels that are urgent, by id.

        :rtype: frozendict
        """
        levels = self.sudo().with_context(active_test=False)
        urgent = levels.search([("is_urgent", "=", True)])
        return tools.frozendict({level.id: level.sequence for level in urgent})

    def _shorten(self, hours):
        """Return the limit of an approval step under this level.

        :param float hours: working hours the rule gives; zero: no limit
        """
        if not self.is_urgent or not self.approval_hours:
            return hours
        return min(hours, self.approval_hours) if hours else self.approval_hours

    def _is_rationed_for(self, user):
        """Tell whether a user may give this level only so often."""
        return bool(
            self.quota
            and user.id != SUPERUSER_ID
            and not user.has_group("urgent_orders.group_urgency_manager")
        )
