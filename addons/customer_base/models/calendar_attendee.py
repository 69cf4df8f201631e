from odoo import api, fields, models
from odoo.fields import Domain


class CalendarAttendee(models.Model):
    """Who comes to one's own meetings, though a colleague has the customer now: the
    name, and nothing else of them."""

    _inherit = "calendar.attendee"

    # Odoo reads both with the rights of the system
    email = fields.Char(related=None, compute="_compute_email", search="_search_email")
    phone = fields.Char(related=None, compute="_compute_phone", search="_search_phone")

    @api.depends("partner_id.email")
    @api.depends_context("uid")
    def _compute_email(self):
        self._read_of_partner("email")

    @api.depends("partner_id.phone")
    @api.depends_context("uid")
    def _compute_phone(self):
        self._read_of_partner("phone")

    def _read_of_partner(self, name):
        hidden = self.env["customer.access"]._filter_of_hidden(self)
        hidden[name] = False
        for attendee in self - hidden:
            attendee[name] = attendee.sudo().partner_id[name]

    @api.model
    def _search_email(self, operator, value):
        return self._search_of_partner("email", operator, value)

    @api.model
    def _search_phone(self, operator, value):
        return self._search_of_partner("phone", operator, value)

    @api.model
    def _search_of_partner(self, name, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        user = self.env.user  # nobody, where a route asks for none
        restricted = not self.env.su and user and user._has_own_customers_only()
        found = Domain(name, operator, value)
        return Domain("partner_id", "any" if restricted else "any!", found)

    def _compute_mail_tz(self):
        # when a meeting is there is told to whoever comes
        attendees = self.sudo()
        return super(CalendarAttendee, attendees)._compute_mail_tz()
