"""Where the level of a customer is shown beside who it is."""

from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    customer_level_id = fields.Many2one(
        related="partner_id.customer_level_id",
        # SQL of what is read with all rights asks nobody for groups
        related_sudo=False,
        string="Customer Level",
        groups="base.group_user",
    )
    customer_level_color = fields.Integer(
        related="customer_level_id.color",
        related_sudo=False,
        groups="base.group_user",
    )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    customer_level_id = fields.Many2one(
        related="partner_id.customer_level_id",
        # SQL of what is read with all rights asks nobody for groups
        related_sudo=False,
        string="Customer Level",
        groups="base.group_user",
    )
    customer_level_color = fields.Integer(
        related="customer_level_id.color",
        related_sudo=False,
        groups="base.group_user",
    )


class CustomerMatch(models.AbstractModel):
    _inherit = "customer.match"

    def _get_described_fields(self):
        return [*super()._get_described_fields(), "customer_level_id"]

    def _describe(self, partner, match):
        level = partner.customer_level_id
        return {
            **super()._describe(partner, match),
            "vip": bool(level) and {"name": level.name, "color": level.color},
        }
