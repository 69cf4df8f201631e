from odoo import models


class MailMessage(models.Model):
    """Whoever may read a document because of being asked may read its messages."""

    _inherit = "mail.message"

    def _find_allowed_doc_ids(self, model_ids):
        """Odoo asks for access rights to the model before it asks the documents."""
        allowed_ids = super()._find_allowed_doc_ids(model_ids)
        access = self.env["ir.model.access"]
        for model, documents in model_ids.items():
            if access.check(model, "read", False) or not (
                hasattr(self.env.get(model), "_approval_grants")
                and self.env[model]._approval_grants()
            ):
                continue
            readable = self._filter_records_for_message_operation(
                model, list(documents), "read"
            )
            for document in readable:
                allowed_ids |= documents[document.id]
        return allowed_ids
