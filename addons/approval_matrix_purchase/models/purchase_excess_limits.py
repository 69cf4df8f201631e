from odoo import fields, models

from ..allowance import Tolerance

POLICIES = [
    ("allow", "Let it pass"),
    ("warn", "Let it pass and tell the buyer"),
    ("ask", "Ask for approval"),
    ("block", "Refuse"),
]


class PurchaseExcessLimits(models.AbstractModel):
    """By how much deliveries and bills may exceed what is approved: a company has such
    limits, and a rule may have its own."""

    _name = "purchase.excess.limits"
    _description = "Tolerance of deliveries"

    excess_policy = fields.Selection(
        POLICIES,
        groups="base.group_user",
        string="Above the Order",
        help="What happens when more is received, billed or paid than is approved.",
    )
    excess_quantity_percent = fields.Float(
        string="Tolerated Quantity (%)",
        groups="base.group_user",
        help="Of what is approved of a line. Where a number is set too, the smaller "
        "of the two counts.",
    )
    excess_quantity = fields.Float(
        string="Tolerated Quantity",
        groups="base.group_user",
        digits="Product Unit",
        help="In the unit of the order line.",
    )
    excess_amount_percent = fields.Float(
        string="Tolerated Amount (%)",
        groups="base.group_user",
        help="Of what is approved of a line, without taxes. Where an amount is set "
        "too, the smaller of the two counts.",
    )
    excess_amount = fields.Float(
        string="Tolerated Amount",
        groups="base.group_user",
        help="In company currency, without taxes.",
    )

    def _get_excess_tolerances(self):
        """Return what is tolerated of quantities, and of amounts."""
        self.ensure_one()
        return (
            Tolerance(self.excess_quantity_percent, self.excess_quantity),
            Tolerance(self.excess_amount_percent, self.excess_amount),
        )
