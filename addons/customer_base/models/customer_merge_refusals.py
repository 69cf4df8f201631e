from odoo import api, models
from odoo.tools import SQL

from ..merging.places import MODEL


class CustomerMerge(models.Model):
    """What speaks against a merge: nothing is done then, and the reason is said."""

    _inherit = "customer.merge"

    @api.model
    def _get_refusals(self, partners, survivor):
        """Return why customers cannot be merged, in words; for others to extend.

        :param partners: all of them, as the system, archived ones too
        :param survivor: who would stay
        :rtype: list[str]
        """
        sources = partners - survivor
        if not sources or not survivor:
            return [self.env._("Choose at least two customers to merge.")]
        found = (
            self._refuse_archived(partners),
            self._refuse_hashed(sources, survivor),
            self._refuse_users(partners),
            self._refuse_own_companies(partners),
            self._refuse_employees(partners),
            self._refuse_families(partners),
            self._refuse_companies(sources, survivor),
            self._refuse_accounts(partners),
        )
        return [reason for reason in found if reason]

    @api.model
    def _list(self, partners):
        return ", ".join(partner.display_name for partner in partners)

    @api.model
    def _refuse_archived(self, partners):
        if archived := partners.filtered(lambda partner: not partner.active):
            return self.env._(
                "%(names)s: archived, so merged already or no longer used. Take it off "
                "the list, or restore it first.",
                names=self._list(archived),
            )
        return ""

    @api.model
    def _refuse_hashed(self, sources, survivor):
        """The hash of an entry is also of its customer."""
        self.env["account.move"].flush_model()
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id
                  FROM unnest(%s::int4[]) AS partner (id)
                 WHERE EXISTS (SELECT
                                 FROM account_move_line line
                                 JOIN account_move move ON move.id = line.move_id
                                WHERE line.partner_id = partner.id
                                  AND move.inalterable_hash IS NOT NULL)
                    OR EXISTS (SELECT
                                 FROM account_move move
                                WHERE move.partner_id = partner.id
                                  AND move.inalterable_hash IS NOT NULL)
                """,
                (sources | survivor).ids,
            )
        )
        hashed = sources.browse([row for (row,) in rows])
        if not hashed & sources:
            return ""
        if len(hashed) == 1:
            return self.env._(
                "%(name)s has locked journal entries, which must not change. Merge the "
                "others into this customer.",
                name=hashed.display_name,
            )
        return self.env._(
            "%(names)s have locked journal entries, which must not change, so they "
            "cannot become one.",
            names=self._list(hashed),
        )

    @api.model
    def _refuse_users(self, partners):
        users = partners.user_ids
        if internal := users.filtered(lambda user: not user.share):
            return self.env._(
                "%(names)s: colleagues, who log in here. Only customers are merged.",
                names=self._list(internal.partner_id),
            )
        if public := users.filtered(lambda user: user._is_public()):
            return self.env._(
                "%(names)s: stands for all visitors who have not logged in. Only "
                "customers are merged.",
                names=self._list(public.partner_id),
            )
        if len(users) > 1:
            return self.env._(
                "%(names)s: each logs in with an account. Delete all but one.",
                names=self._list(users.partner_id),
            )
        return ""

    @api.model
    def _refuse_own_companies(self, partners):
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        own = companies.search([("partner_id", "in", partners.ids)])
        if own:
            return self.env._(
                "%(names)s: a company of ours, which stays as it is.",
                names=self._list(own),
            )
        return ""

    @api.model
    def _refuse_employees(self, partners):
        if "hr.employee" not in self.env:
            return ""
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        employees = employees.search([("work_contact_id", "in", partners.ids)])
        if employees:
            return self.env._(
                "%(names)s: employees, whose contact stays as it is.",
                names=self._list(employees.work_contact_id),
            )
        return ""

    @api.model
    def _refuse_families(self, partners):
        for partner in partners:
            parent = partner.parent_id
            while parent:
                if parent in partners:
                    return self.env._(
                        "%(name)s belongs to %(parent)s. Take one of them off.",
                        name=partner.name or partner.display_name,
                        parent=parent.display_name,
                    )
                parent = parent.parent_id
        return ""

    @api.model
    def _refuse_companies(self, sources, survivor):
        """Documents of a company belong to nobody of another one."""
        if survivor.company_id and sources.filtered(
            lambda source: source.company_id != survivor.company_id
        ):
            return self.env._(
                "%(name)s is a customer of %(company)s only, others are not.",
                name=survivor.display_name,
                company=survivor.company_id.name,
            )
        if len(sources.company_id) > 1:
            return self.env._(
                "The customers belong to different companies: %(names)s.",
                names=", ".join(sources.company_id.mapped("name")),
            )
        return ""

    @api.model
    def _refuse_accounts(self, partners):
        """What is owed stands on the accounts of then."""
        names = ("property_account_receivable_id", "property_account_payable_id")
        self.env[MODEL].flush_model(names)
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT company::int4
                  FROM res_partner partner,
                       jsonb_object_keys(
                           COALESCE(partner.property_account_receivable_id, '{}')
                           || COALESCE(partner.property_account_payable_id, '{}')
                       ) AS company
                 WHERE partner.id = ANY(%s)
                """,
                partners.ids,
            )
        )
        companies = [company for (company,) in self.env.cr.fetchall()]
        for company in self.env["res.company"].sudo().browse(companies).exists():
            for name in names:
                in_company = partners.with_company(company)
                accounts = {partner[name] for partner in in_company}
                if len(accounts) > 1:
                    return self.env._(
                        "The customers have different accounts in %(company)s: "
                        "%(accounts)s. Give them the same one first.",
                        company=company.name,
                        accounts=", ".join(
                            sorted(account.display_name or "–" for account in accounts)
                        ),
                    )
        return ""
