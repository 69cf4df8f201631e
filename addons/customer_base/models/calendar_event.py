from itertools import repeat

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: What a meeting says besides its title. Odoo writes into it who comes, with telephone
#: and e-mail address, and everybody may read it.
SAID = ("description", "notes")


class CalendarEvent(models.Model):
    """Meetings, while salespeople see their own customers only: all see their titles;
    what they say, whoever comes or may see all who come."""

    _inherit = "calendar.event"

    @api.model
    def _get_contact_details_description(self, organizer, partners):
        if self.env["customer.access"]._is_kept():
            # those who come, and may see the customer, see it among who comes
            partners = partners.filtered(lambda partner: not partner.partner_share)
        return super()._get_contact_details_description(organizer, partners)

    def _fetch_query(self, query, fields):
        events = super()._fetch_query(query, fields)
        said = [field for field in fields if field.name in SAID]
        if said and (closed := events._filter_closed()):
            for field in said:
                nothing = field.convert_to_cache(False, closed)
                self.env.cache.update(closed, field, repeat(nothing))
        for field in fields:
            if field.name == "opportunity_id":
                events._leave_out_leads(field)
        return events

    def _leave_out_leads(self, field):
        """Have no lead of a hidden customer in the cache: it is called as they are."""
        user = self.env.user
        if self.env.su or not user._has_own_customers_only():
            return
        self.env.cr.execute(
            SQL(
                "SELECT id, opportunity_id FROM calendar_event "
                "WHERE id = ANY(%s) AND opportunity_id IS NOT NULL",
                list(self.ids),
            )
        )
        leads = dict(self.env.cr.fetchall())
        hidden = self.env["ir.rule"]._find_hidden("crm.lead", set(leads.values()))
        of_hidden = self.browse(id_ for id_, lead in leads.items() if lead in hidden)
        self.env.cache.update(of_hidden, field, repeat(None))

    def _filter_closed(self):
        """Return those with somebody whom the user may not see, and to which the user
        does not come."""
        user = self.env.user
        if self.env.su or not user._has_own_customers_only():
            return self.browse()
        # not by who comes: of these the cache has those whom the user sees
        attendees = self.env["calendar.attendee"].sudo()
        who = {
            event.id: set(partners)
            for event, partners in attendees._read_group(
                [("event_id", "in", self.ids), ("partner_id", "!=", False)],
                ["event_id"],
                ["partner_id:array_agg"],
            )
        }
        readable = self.env["customer.access"]._filter(set().union(*who.values()))
        return self.filtered(
            lambda event: (
                event.user_id != user
                and user.partner_id.id not in who.get(event.id, ())
                and not who.get(event.id, set()) <= readable
            )
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        user = self.env.user
        if not self.env.su and user._has_own_customers_only():
            domain = Domain(domain)
            asked = {one.field_expr for one in domain.iter_conditions()}
            if not asked.isdisjoint(SAID):
                # looking for a number would tell who has it
                mine = Domain("user_id", "=", user.id)
                domain &= mine | Domain("partner_ids", "in", user.partner_id.ids)
        return super()._search(domain, *args, **kwargs)
