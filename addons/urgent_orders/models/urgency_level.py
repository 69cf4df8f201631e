from odoo import api, fields, models, tools


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
    notify_group_ids = fields.Many2many(
        "res.groups",
        string="Tell at Once",
        help="Members of these groups are told as soon as an order gets this level.",
    )

    _name_uniq = models.Constraint(
        "UNIQUE (name)", "There is an urgency level with this name already."
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
        plain = [("is_urgent", "=", False), ("reason_required", "=", False)]
        levels = self.sudo().with_context(active_test=False).search(plain)
        return frozenset(levels.ids)
