from odoo import api, models


class CrmLead(models.Model):
    """Leads whose customer a colleague has now: they keep what they say, and follow the
    customer no longer. What is corrected in them stays with them.

    Whoever changes the customer, the lead is read by whose it is.
    """

    _inherit = "crm.lead"

    def _filter_of_hidden(self):
        return self.env["customer.access"]._filter_of_hidden(self, "user_id")

    def _compute_email_from(self):
        return super(CrmLead, self - self._filter_of_hidden())._compute_email_from()

    def _compute_phone(self):
        return super(CrmLead, self - self._filter_of_hidden())._compute_phone()

    def _compute_function(self):
        return super(CrmLead, self - self._filter_of_hidden())._compute_function()

    def _compute_website(self):
        return super(CrmLead, self - self._filter_of_hidden())._compute_website()

    def _compute_partner_address_values(self):
        followed = self - self._filter_of_hidden()
        return super(CrmLead, followed)._compute_partner_address_values()

    @api.depends_context("uid")
    def _compute_commercial_partner_id(self):
        hidden = self._filter_of_hidden()
        hidden.commercial_partner_id = False
        return super(CrmLead, self - hidden)._compute_commercial_partner_id()

    @api.depends_context("uid")
    def _compute_partner_email_update(self):
        return super()._compute_partner_email_update()

    @api.depends_context("uid")
    def _compute_partner_phone_update(self):
        return super()._compute_partner_phone_update()

    def _get_partner_email_update(self, force_void=True):
        # said of somebody hidden, it would tell whether an address was guessed
        if self._filter_of_hidden():
            return False
        return super()._get_partner_email_update(force_void)

    def _get_partner_phone_update(self, force_void=True):
        if self._filter_of_hidden():
            return False
        return super()._get_partner_phone_update(force_void)

    @api.depends_context("uid")
    def _compute_potential_lead_duplicates(self):
        # Odoo counts everybody's: any telephone could be tried
        result = super()._compute_potential_lead_duplicates()
        user = self.env.user
        if user and user._has_own_customers_only():
            for lead in self:
                # in a form all of them are new, and of new ones nothing is refused
                found = lead.duplicate_lead_ids._origin.with_user(user)
                others = found._filtered_access("read") - lead._origin
                lead.duplicate_lead_ids = others | lead._origin
                lead.duplicate_lead_count = len(others)
        return result

    def _phone_get_country(self):
        # of the customer Odoo asks where it is
        hidden = self._filter_of_hidden()
        found = super(CrmLead, self - hidden)._phone_get_country()
        return found | {lead.id: lead.country_id for lead in hidden if lead.country_id}
