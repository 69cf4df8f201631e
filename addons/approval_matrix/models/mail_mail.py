from odoo import models

from ..mail_link import put_token_in


class MailMail(models.Model):
    """The links of approval e-mails are made when an e-mail leaves."""

    _inherit = "mail.mail"

    def _personalize_outgoing_body(self, body, partner=False, doc_to_followers=None):
        body = super()._personalize_outgoing_body(body, partner, doc_to_followers)
        if partner and "/approval/" in body:
            body = put_token_in(self, partner, body)
        return body
