from odoo import models

from .res_partner_completeness import NO_DATA_ASKED


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _find_matching_partner(self):
        """Also by telephone or name and place, when no e-mail tells who it is."""
        return (
            super()._find_matching_partner()
            or self._find_same_customer(self.contact_name)
            or self._find_same_customer(self.partner_name, is_company=True)
        )

    def _create_customer(self, with_parent=None):
        """Where customers are entered once, a lead takes those who are there."""
        if self.env["res.partner"]._is_guarded():
            if same := self._find_same_customer(self.contact_name):
                return same
            with_parent = with_parent or self._find_same_customer(
                self.partner_name, is_company=True
            )
        lead = self.with_context(customer_of_lead=True)
        partner = super(CrmLead, lead)._create_customer(with_parent=with_parent)
        return partner.with_env(self.env)

    def _inverse_phone(self):
        """What the customer lacks from before keeps nobody from saving a lead: it is on
        no screen here."""
        lead = self.with_context(**NO_DATA_ASKED)
        return super(CrmLead, lead)._inverse_phone()

    def _inverse_email_from(self):
        """As for the telephone."""
        lead = self.with_context(**NO_DATA_ASKED)
        return super(CrmLead, lead)._inverse_email_from()

    def _find_same_customer(self, name, is_company=False):
        """Return who surely is the one that this lead names, of those one may read and
        who are not archived."""
        self.ensure_one()
        partners = self.env["res.partner"]
        if not name:
            return partners
        matches = self.env["customer.match"]
        values = self._prepare_customer_values(name, is_company=is_company)
        sure = matches._match_surely(*matches._read_form(values))
        readable = partners.browse(sure)._filtered_access("read")
        return readable.filtered("active")[:1]
