from odoo import api, models
from odoo.fields import Domain


class MailThread(models.AbstractModel):
    """Whoever gets a message, or follows, is shown by name beside it: nobody adds a
    customer whom they may not see, or looks for documents by what such a follower is
    called."""

    _inherit = "mail.thread"

    def message_post(self, *, partner_ids=None, **kwargs):
        self._check_named_partners(partner_ids)
        return super().message_post(partner_ids=partner_ids, **kwargs)

    def message_notify(self, *, partner_ids=False, **kwargs):
        self._check_named_partners(partner_ids)
        return super().message_notify(partner_ids=partner_ids, **kwargs)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        self._check_named_partners(partner_ids)
        return super().message_subscribe(partner_ids, subtype_ids)

    @api.model
    def _search_message_partner_ids(self, operator, operand):
        user = self.env.user
        if self.env.su or not user or not user._has_own_customers_only():
            return super()._search_message_partner_ids(operator, operand)
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # as Odoo: it asks again, the other way round
        # Odoo looks with the rights of the system: any telephone could be tried
        followers = self.env["mail.followers"]._search(
            [("res_model", "=", self._name), ("partner_id", operator, operand)]
        )
        return [("id", "in", followers.subselect("res_id"))]

    def _check_named_partners(self, partner_ids):
        get_id = self.env["customer.match"]._get_id
        ids = {get_id(partner) for partner in partner_ids or ()} - {None}
        self.env["customer.access"]._check_ids(ids)
