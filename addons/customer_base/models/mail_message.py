from odoo import api, models


class MailMessage(models.Model):
    """Who was sent a message reads it, whatever it is about: what it is about is named
    to those only who may see that customer."""

    _inherit = "mail.message"

    @api.depends_context("uid")
    def _compute_record_name(self):
        # Odoo reads the name with the rights of the system
        result = super()._compute_record_name()
        if not self.env.su:
            for message in self._find_about_hidden():
                message.record_name = message._get_name_of_hidden()
        return result

    @api.depends_context("uid")
    def _compute_account_audit_log_partner_id(self):
        # Odoo shows it with its name
        result = super()._compute_account_audit_log_partner_id()
        if not self.env.su:
            self._find_about_hidden().account_audit_log_partner_id = False
        return result

    def _find_about_hidden(self):
        """Return messages about customers whom the user may not see, or about
        documents of these."""
        rules = self.env["ir.rule"]
        hidden = rules._find_hidden_documents(
            (message.model, message.res_id) for message in self.sudo()
        )
        if not hidden:
            return self.browse()
        return self.filtered(
            lambda message: (message.sudo().model, message.sudo().res_id) in hidden
        )

    def _get_name_of_hidden(self):
        """Return what is said in place of a name: what kind of document it is."""
        return self.env["ir.model"]._get(self.sudo().model).display_name

    def _to_store(self, store, fields, **kwargs):
        is_whole = "message_format" in fields
        result = super()._to_store(store, fields, **kwargs)
        user = store.target.get_user(self.env)
        if user and user._has_own_customers_only():
            shown = self.with_user(user)
            # links to other messages name what these are about
            shown |= shown.linked_message_ids
            for message in shown._find_about_hidden():
                message._hide_name(store)
                if is_whole and message.id in self._ids:
                    name = message._get_name_of_hidden()
                    store.add_model_values(
                        self._name, {"id": message.id, "default_subject": name}
                    )
        return result

    def _message_notifications_to_store(self, store):
        user = store.target.get_user(self.env)
        hidden = self.with_user(user)._find_about_hidden() if user else self.browse()
        others = self.filtered(lambda message: message.id not in hidden._ids)
        result = super(MailMessage, others)._message_notifications_to_store(store)
        if hidden:
            # who wrote it learns that it did not arrive, though a colleague has the
            # customer now
            super(MailMessage, hidden.sudo())._message_notifications_to_store(store)
            for message in hidden:
                message._hide_name(store)
        return result

    def _hide_name(self, store):
        about = self.sudo()
        store.add_model_values(
            "mail.thread",
            {
                "id": about.res_id,
                "model": about.model,
                "display_name": self._get_name_of_hidden(),
            },
        )
