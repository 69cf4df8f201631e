from odoo import api, fields, models, tools
from odoo.tools import SQL

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
        self.env.registry.clear_cache()  # of the home country
        return companies.with_env(self.env)

    def write(self, vals):
        result = super().write(vals)
        if not {"country_id", "partner_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_own_partner_ids(self):
        """Return the ids of the contacts that are companies of ours."""
        self.flush_model(["partner_id"])
        rows = self.env.execute_query(SQL("SELECT partner_id FROM res_company"))
        return frozenset(partner for (partner,) in rows)

    @api.model
    def _get_country_code(self, country):
        """Return the country of numbers that say none.

        :param int country: id of their owner's, if there is one
        :return: two letters
        """
        return country and self._read_country_code(country) or self._get_home_code()

    @api.model
    @tools.ormcache("country")
    def _read_country_code(self, country):
        """Return the code of a country, which nobody changes."""
        return self.env["res.country"].browse(country).exists().sudo().code

    @api.model
    @tools.ormcache()
    def _get_home_code(self):
        """Return the country of numbers that say none, when their owner says none: the
        same for all users, since they look for what others entered."""
        # the ORM would compute the whole address of the company each time
        self.env["res.company"].flush_model(["partner_id"])
        self.env["res.partner"].flush_model(["country_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT country.code
                  FROM res_company company
                  JOIN res_partner partner ON partner.id = company.partner_id
                  JOIN res_country country ON country.id = partner.country_id
              ORDER BY company.id
                 LIMIT 1
                """
            )
        )
        return rows[0][0] if rows else "VN"
