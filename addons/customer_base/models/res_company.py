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

    @api.model
    def _get_rules_of_customers(self):
        rules = super()._get_rules_of_customers()
        return [*rules, "same_customer_action", "has_tidy_customers"]

    def _get_company_root_delegated_field_names(self):
        return [
            *super()._get_company_root_delegated_field_names(),
            *self._get_rules_of_customers(),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        before = self._get_home_code()
        companies = super(ResCompany, self.with_context(**NO_CUSTOMER)).create(
            vals_list
        )
        companies._keep_access()
        self._follow_home(before)
        return companies.with_env(self.env)

    def write(self, vals):
        rules = [name for name in self._get_rules_of_customers() if name in vals]
        if rules and len(vals) > 1:
            # Odoo gives branches one after the other, and finds them different between
            for name in rules:
                self.write({name: vals[name]})
            return self.write({name: vals[name] for name in vals if name not in rules})
        if {"partner_id", "country_id"}.isdisjoint(vals):
            return super().write(vals)
        before = self._get_home_code()
        partners = self.sudo().partner_id if "partner_id" in vals else None
        result = super().write(vals)
        if partners is not None:
            self._keep_access(partners)
        self._follow_home(before)
        return result

    def _keep_access(self, partners=None):
        """Have everybody read the contacts of our companies: they were made before.

        :param partners: who were those of the companies until now
        """
        access = self.env["customer.access"].sudo()
        if access._is_kept():
            self.flush_recordset(["partner_id"])
            partners = self.sudo().partner_id | (partners or self.env["res.partner"])
            access._keep_around(partners.ids)

    @api.model
    def _follow_home(self, before):
        """Look at all customers again when numbers without a country are of another one
        now.

        :param str before: the code of the country until now
        """
        self.env.registry.clear_cache()
        if self._get_home_code() != before:
            self.env["customer.key"].sudo()._begin_filling()

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


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        if "country_id" not in vals or not self._is_of_company():
            return super().write(vals)
        companies = self.env["res.company"]
        before = companies._get_home_code()
        result = super().write(vals)
        companies._follow_home(before)
        return result

    def _is_of_company(self):
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return bool(companies.search_count([("partner_id", "in", self.ids)], limit=1))
