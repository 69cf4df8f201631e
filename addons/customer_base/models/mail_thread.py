from odoo import models


class MailThread(models.AbstractModel):
    """Whoever gets a message, or follows, is shown by name beside it: nobody adds a
    customer whom they may not see."""

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

    def _check_named_partners(self, partner_ids):
        get_id = self.env["customer.match"]._get_id
        ids = {get_id(partner) for partner in partner_ids or ()} - {None}
        self.env["customer.access"]._check_ids(ids)
