from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerLevel(models.Model):
    _inherit = "customer.level"

    urgency_level_id = fields.Many2one(
        "urgency.level",
        "Urgency of Orders",
        domain=[("deadline_required", "=", False)],
        index="btree_not_null",
        ondelete="restrict",
        help="New quotations and opportunities of these customers begin with it. "
        "Whoever enters one may choose another; quotas hold as for any urgency.",
    )

    @api.constrains("urgency_level_id")
    def _check_urgency_level(self):
        for level in self:
            if level.urgency_level_id.deadline_required:
                raise ValidationError(
                    self.env._(
                        "%(level)s: nobody knows beforehand by when orders are needed, "
                        "which “%(urgency)s” asks for. Choose another urgency.",
                        level=level.name,
                        urgency=level.urgency_level_id.name,
                    )
                )

    def _prepare_urgency(self):
        """Return the urgency that a new order begins with, and why.

        :rtype: dict
        """
        urgency = self.urgency_level_id
        # the level of urgency may have begun to ask for one since
        if not urgency or urgency.deadline_required:
            return {}
        reason = self.env._("%(level)s customer", level=self.name)
        return {
            "urgency_level_id": urgency.id,
            "urgency_reason": urgency.reason_required and reason,
        }
