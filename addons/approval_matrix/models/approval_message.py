from markupsafe import escape

from odoo import api, models
from odoo.tools import clean_context

from odoo.addons.mail.tools.discuss import Store


class ApprovalMessage(models.AbstractModel):
    """How texts reach people: as Odoo's messages, without asking the database for what
    is known."""

    _name = "approval.message"
    _description = "Messages about approvals"

    @api.model
    def _show(self, user, message, is_refusal=False):
        """Show a user something who has Odoo open.

        :param bool is_refusal: what they must not miss stays until they close it
        """
        look = {"type": "danger", "sticky": True} if is_refusal else {"type": "success"}
        user._bus_send("simple_notification", {**look, "message": message})

    @api.model
    def _post(self, notes, notices=(), with_tracked=False):
        """Log notes on documents, as ``_message_log_batch`` does, and send employees
        notices about documents, as ``message_notify`` does: in one insertion.

        Odoo asks how they read notices, and to which address answers go. Of those who
        read on the screen we know the one, and nobody needs the other.

        :param dict notes: markup by document
        :param notices: of each the document, the user, and the text
        :param bool with_tracked: whether a note says what changed besides
        """
        tracked = {
            document: self._take_tracked(document) if with_tracked else ((), False)
            for document in notes
            if "message_ids" in document._fields
        }
        values = [
            self._prepare_message(
                document,
                notes[document],
                message_type="notification",
                tracking_value_ids=changed,
            )
            for document, (_names, changed) in tracked.items()
        ]
        on_screen = []
        for document, user, text in notices:
            contact = user.partner_id
            if user.notification_type == "inbox" and not user.share and contact.active:
                on_screen.append((document, user))
                values.append(self._prepare_notice(document, contact, text))
            else:
                document.message_notify(
                    partner_ids=contact.ids, subject=text, body=text
                )
        if not values:
            return
        messages = self.env["mail.thread"].sudo()._message_create(values)
        first = len(values) - len(on_screen)
        for (document, user), notice, sent in zip(
            on_screen, messages[first:], values[first:], strict=True
        ):
            self._push_notice(document, user, notice, sent)
        for document, (names, _changed) in tracked.items():
            document._message_track_post_template(names)

    @api.model
    def _take_tracked(self, document):
        """Take what Odoo tracked of a document, and would log beside our note when all
        is committed: one message says both. What followers are told of is left alone.

        :return: names of the fields that changed, and commands for ``mail.message``
        """
        data, model = self.env.cr.precommit.data, document._name
        tracked = data.get(f"mail.tracking.{model}", {})
        before = tracked.get(document.id)
        has_more = any(
            document.id in data.get(f"mail.tracking.{what}.{model}", ())
            for what in ("message", "author")
        )
        if has_more or not before:
            return (), False
        context = clean_context(document.env.context)
        document = document.with_env(document.env(context=context))
        fields = document.fields_get(
            document._track_get_fields(),
            attributes=("string", "type", "selection", "currency_field"),
        )
        names, changed = document._mail_track(fields, before)
        if (
            not names
            or document._track_subtype({name: before[name] for name in names})
            or document._track_get_default_log_message(names)
        ):
            return (), False
        del tracked[document.id]
        return names, changed

    @api.model
    def _push_notice(self, document, user, notice, values):
        """Put a notice before its reader, who has Odoo open.

        :param notice: the ``mail.message``
        :param dict values: what it was made of
        """
        contact = user.partner_id
        notification = (
            self.env["mail.notification"]
            .sudo()
            .create(
                {
                    "author_id": values["author_id"],
                    "mail_message_id": notice.id,
                    "notification_status": "sent",
                    "notification_type": "inbox",
                    "res_partner_id": contact.id,
                }
            )
        )
        # what was written a moment ago, which Odoo would read
        for name, value in (
            ("body", values["body"]),
            ("res_id", values["res_id"]),
        ):
            field = notice._fields[name]
            field._insert_cache(notice, [field.convert_to_cache(value, notice)])
        field = notice._fields["notification_ids"]
        field._insert_cache(notice, [notification._ids])
        readable = notice.with_user(user).with_context(allowed_company_ids=[])
        store = Store(bus_channel=user).add(readable, msg_vals=values)
        user._bus_send(
            "mail.message/inbox",
            {"message_id": notice.id, "store_data": store.get_result()},
        )
        recipient = {"id": contact.id, "active": True, "notif": "inbox"}
        document._notify_thread_by_web_push(notice, [recipient], msg_vals=values)

    @api.model
    def _prepare_notice(self, document, contact, text):
        """Return the values of a notice that somebody reads on the screen."""
        return self._prepare_message(
            document,
            text,
            message_type="user_notification",
            subject=text,
            partner_ids=contact.ids,
        )

    @api.model
    def _prepare_message(self, document, body, **values):
        """Return the values of a message on a document that is not e-mailed."""
        author_id, email_from = document._message_compute_author()
        return {
            "author_id": author_id,
            "email_from": email_from,
            "reply_to": email_from,
            "model": document._name,
            "res_id": document.id,
            "body": escape(body),
            "is_internal": True,
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "record_alias_domain_id": False,
            "record_company_id": False,
            "email_add_signature": False,
            **values,
        }
