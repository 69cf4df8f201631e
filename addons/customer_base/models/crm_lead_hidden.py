from odoo import api, fields, models

from odoo.addons.crm.models.crm_lead import PARTNER_ADDRESS_FIELDS_TO_SYNC

#: What Odoo takes from the customer, and keeps where the next customer has none of it.
TAKEN = ("email_from", "phone", "function", "website", *PARTNER_ADDRESS_FIELDS_TO_SYNC)


class WorkedOut:
    """Which leads of some are of hidden customers: handed on in the context to what
    Odoo asks of each of them. No call from outside can send one."""

    def __init__(self, leads, hidden):
        self.asked, self.hidden = frozenset(leads._ids), frozenset(hidden._ids)


class CrmLead(models.Model):
    """Leads whose customer a colleague has now: they keep what they say, and follow the
    customer no longer. What is corrected in them stays with them.

    Whoever changes the customer, the lead is read by whose it is.
    """

    _inherit = "crm.lead"

    # Odoo reads and searches it with the rights of the system
    partner_is_blacklisted = fields.Boolean(related_sudo=False)

    def _filter_of_hidden(self):
        known = self.env.context.get("leads_of_hidden")
        if isinstance(known, WorkedOut) and known.asked.issuperset(self._ids):
            return self.filtered(lambda lead: lead.id in known.hidden)
        return self.env["customer.access"]._filter_of_hidden(self, "user_id")

    def _with_hidden(self, hidden=None):
        """Return the leads with a context in which it is known which of them are of
        hidden customers: Odoo asks for one after the other.

        :param hidden: these leads, where they are known
        """
        if hidden is None:
            hidden = self._filter_of_hidden()
        return self.with_context(leads_of_hidden=WorkedOut(self, hidden))

    def write(self, vals):
        changed = self.env["customer.access"]._find_given_on(self, vals)
        result = super().write(vals)
        if changed and (hidden := changed._filter_of_hidden()):
            hidden.write(dict.fromkeys({*TAKEN} - vals.keys(), False))
        return result

    def _leave_hidden(self):
        """Return the leads that follow their customer, and those of a form that are
        given from one customer on to a hidden one: what the one before said goes. What
        a lead that is not saved says may be of anybody."""
        hidden = self._filter_of_hidden()
        given_on = hidden.filtered(
            lambda lead: (
                not lead._origin
                or (
                    lead._origin.partner_id
                    and lead._origin.partner_id != lead.partner_id._origin
                )
            )
        )
        return (self - hidden)._with_hidden(self.browse()), given_on

    def _compute_email_from(self):
        followed, given_on = self._leave_hidden()
        given_on.email_from = False
        return super(CrmLead, followed)._compute_email_from()

    def _compute_phone(self):
        followed, given_on = self._leave_hidden()
        given_on.phone = False
        return super(CrmLead, followed)._compute_phone()

    def _compute_function(self):
        followed, given_on = self._leave_hidden()
        given_on.function = False
        return super(CrmLead, followed)._compute_function()

    def _compute_website(self):
        followed, given_on = self._leave_hidden()
        given_on.website = False
        return super(CrmLead, followed)._compute_website()

    def _compute_partner_address_values(self):
        followed, given_on = self._leave_hidden()
        for lead in given_on:
            lead.update(dict.fromkeys(PARTNER_ADDRESS_FIELDS_TO_SYNC, False))
        return super(CrmLead, followed)._compute_partner_address_values()

    def _inverse_email_from(self):
        leads = self._with_hidden()
        return super(CrmLead, leads)._inverse_email_from()

    def _inverse_phone(self):
        leads = self._with_hidden()
        return super(CrmLead, leads)._inverse_phone()

    def _compute_phone_sanitized(self):
        leads = self._with_hidden()
        return super(CrmLead, leads)._compute_phone_sanitized()

    @api.depends_context("uid")
    def _compute_commercial_partner_id(self):
        hidden = self._filter_of_hidden()
        hidden.commercial_partner_id = False
        return super(CrmLead, self - hidden)._compute_commercial_partner_id()

    @api.depends_context("uid")
    def _compute_partner_email_update(self):
        return super(CrmLead, self._with_hidden())._compute_partner_email_update()

    @api.depends_context("uid")
    def _compute_partner_phone_update(self):
        return super(CrmLead, self._with_hidden())._compute_partner_phone_update()

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
