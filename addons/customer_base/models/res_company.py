from odoo import api, fields, models

from .res_partner import BLOCK, INFORM, NO_CUSTOMER, REASON


class ResCompany(models.Model):
    _inherit = "res.company"

    same_customer_action = fields.Selection(
        [
            (INFORM, "Say So"),
            (REASON, "Ask for a Reason"),
            (BLOCK, "Refuse, but for Sales Managers with a Reason"),
        ],
        string="Same Customer Again",
        default=INFORM,
        required=True,
        groups="base.group_user",
        help="What happens when somebody enters a customer who is there already, in a "
        "form, an import or by another program. Who only may be the same is said in "
        "the form and refused nowhere.",
    )
    has_tidy_customers = fields.Boolean(
        "Write Numbers One Way",
        groups="base.group_user",
        help="Telephone numbers and tax codes of customers are saved in one form, also "
        "those that an import or another program brings. In a form one sees it at "
        "once, with or without this.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super(ResCompany, self.with_context(**NO_CUSTOMER)).create(
            vals_list
        )
        return companies.with_env(self.env)
