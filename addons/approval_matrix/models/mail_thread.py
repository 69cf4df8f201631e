from odoo import models

from ..letter import LETTER, Letter

#: Whoever gets a to-do from us does not follow the document for ever after.
NO_FOLLOW = "approval_matrix_no_follow"


class MailThread(models.AbstractModel):
    """Approvers are asked; they did not ask for all further messages."""

    _inherit = "mail.thread"

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        if self.env.context.get(NO_FOLLOW):
            return True
        own = set(partner_ids or ()) == {self.env.user.partner_id.id}
        if own and hasattr(self, "_approval_lent") and self._approval_lent():
            return True  # who reads it only while asked would be sent what comes after
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)

    def _message_parse_extract_payload(
        self, message, message_dict, save_original=False
    ):
        """Links that come back, in a bounce or an answer, are good no more."""
        self.env["approval.link"].sudo()._revoke_quoted(message)
        return super()._message_parse_extract_payload(
            message, message_dict, save_original
        )

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """Hand our letters to the layout that shows them."""
        values = super()._notify_by_email_prepare_rendering_context(
            message, *args, **kwargs
        )
        letter = self.env.context.get(LETTER)
        values["letter"] = letter if isinstance(letter, Letter) else None
        return values
