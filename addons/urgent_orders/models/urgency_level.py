from odoo import fields, models


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

    def _get_priority(self):
        """Return the value of Odoo's own priority field for this level."""
        self.ensure_one()
        return "1" if self.is_urgent else "0"
