"""What a company does about data of customers that is missing or old."""

from odoo import api, fields, models

#: What happens when required data is missing.
SAY, REFUSE = "say", "refuse"


class ResCompany(models.Model):
    _inherit = "res.company"

    required_data_action = fields.Selection(
        [(SAY, "Say So"), (REFUSE, "Refuse Saving")],
        string="Required Data Missing",
        default=SAY,
        groups="base.group_user",
        help="What happens when somebody saves a customer without required data.",
    )
    review_months = fields.Integer(
        "Review Customers After",
        groups="base.group_user",
        help="Months after which somebody must say again that the data of a customer "
        "is right. Zero: nobody is asked.",
    )

    _review_months_range = models.Constraint(
        "CHECK (review_months BETWEEN 0 AND 120)",
        "Customers are reviewed after at most 120 months; zero: never.",
    )

    @api.model
    def _get_rules_of_customers(self):
        """Return the fields that say how customers are treated: branches do as the
        company above them."""
        return ["required_data_action", "review_months"]


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    required_data_action = fields.Selection(
        related="company_id.required_data_action", readonly=False, required=True
    )
    review_months = fields.Integer(related="company_id.review_months", readonly=False)
    group_customer_review = fields.Boolean(
        "Review of Customers", implied_group="customer_base.group_customer_review"
    )
