"""Where the level of a customer is shown beside who it is."""

from odoo import fields, models


class Level(fields.Many2one):
    """The level of a document's customer; none where one may not see the customer, so
    that documents of one's own open all the same."""

    def _compute_related(self, records):
        hidden = records.browse()
        if not records.env.su:
            readable = records.partner_id._filtered_access("read")
            hidden = records.filtered(lambda record: record.partner_id - readable)
        result = super()._compute_related(records - hidden)
        for record in hidden:
            record[self.name] = False
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    customer_level_id = Level(
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

    customer_level_id = Level(
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


class CustomerMerge(models.Model):
    _inherit = "customer.merge"

    def _may_choose(self, name):
        """Only sales managers say which level stays."""
        if name == "customer_level_id" and not self.env.su:
            return self.env.user.has_group("sales_team.group_sale_manager")
        return super()._may_choose(name)


class CustomerMatch(models.AbstractModel):
    _inherit = "customer.match"

    def _get_described_fields(self):
        return [*super()._get_described_fields(), "customer_level_id"]

    def _describe(self, partner, match):
        level = partner.customer_level_id
        return {
            **super()._describe(partner, match),
            "vip": bool(level) and level._describe(),
        }
