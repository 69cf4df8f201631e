import json

from odoo import api, models
from odoo.tools import format_amount, format_datetime

from ..letter import LETTER, Letter, Letters
from ..mail_link import login_link

LAYOUT = "approval_matrix.letter_layout"

#: How much of what was said an e-mail repeats.
REPEATED = 2


class ApprovalLetter(models.AbstractModel):
    """What e-mails and notices about requests say, and how Odoo's notices get there.

    Texts are in the language of whoever gets them. Amounts are only for approvers, and
    for those who may read the document.
    """

    _name = "approval.letter"
    _description = "E-mails about Approvals"

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    @api.model
    def _speak_to(self, user):
        """Return this model in the language and time zone of a user."""
        return self.with_context(lang=user.lang or self.env.lang, tz=user.tz)

    @api.model
    def _write_to_holders(self, tasks, kind="asked"):
        """Return what whoever must decide is told.

        :param tasks: ``approval.task`` records
        :param str kind: *asked*, *reminded* or *answered*
        :return: letters by the task's id
        :rtype: Letters
        """
        letters = Letters()
        for holder, group in tasks.grouped("holder_id").items():
            reader = holder or self.env.user
            speaker = self.with_user(reader).sudo()._speak_to(reader)
            own = group.with_env(speaker.env)
            cards = speaker.env["approval.card"]._read_facts(own)
            for task in own:
                letters[task.id] = speaker._write_to_holder(task, cards[task], kind)
        return letters

    @api.model
    def _write_to_holder(self, task, card, kind):
        """Return the letter about one task, in the holder's environment."""
        env, process = self.env, task.process_id.sudo()
        names = {
            "document": process.document_name,
            "user": process.requester_id.name,
        }
        subject, sentence = {
            "asked": (
                env._("Please decide: %(document)s", **names),
                env._("%(user)s asks for your approval.", **names),
            ),
            "reminded": (
                env._("Reminder: %(document)s waits for your decision", **names),
                env._("%(user)s still waits for your decision.", **names),
            ),
            "answered": (
                env._("%(document)s: %(user)s has answered", **names),
                env._("%(user)s has answered. It is for you to decide again.", **names),
            ),
        }[kind]
        if task.is_substituted:
            absent = env._(
                "You decide on behalf of %(user)s, who is away.",
                user=task.user_id.sudo().name,
            )
            sentence = f"{sentence} {absent}"
        warning = ""
        if task.timed_out_at:
            warning = env._("The time limit is over.")
        elif task.warned_at:
            warning = env._(
                "It is rejected when it is due, unless somebody decides before."
            )
        due = task.due_at and format_datetime(
            env, task.due_at, tz=env.user.tz, dt_format="short"
        )
        facts = [
            (env._("Requested by"), names["user"]),
            (env._("Step"), task.step_name),
            (env._("Sent back"), task.return_reason),
            (env._("Due"), due),
            (env._("Why you"), card["why"]),
        ]
        said = [
            (f"{each['who']}: {each['event']}", each["text"]) for each in card["talk"]
        ]
        return self._write(
            process,
            subject=subject,
            sentence=sentence,
            warning=warning,
            level=tuple(card["level"] or ()),
            marks=tuple(card["warnings"]),
            due=due and env._("Due: %(moment)s", moment=due) or "",
            notes=tuple(card["sentences"]),
            quotes=tuple(said[-REPEATED:]),
            facts=facts,
            card=card,
            button=env._("Look and decide"),
            url=login_link(task),
            foot=env._(
                "The button shows the request and asks. It is for you alone and works "
                "once: do not pass this e-mail on. To let somebody else decide, "
                "forward the request in My Approvals."
            ),
        )

    @api.model
    def _write_to_requester(self, process, user, summary, **values):
        """Return what whoever asked for an approval, or follows it, is told.

        :param process: with the system's rights
        :param user: who is told, and may read the document
        :param str summary: what happened, without a full stop
        :param values: of the letter besides, or in place of what is usual
        """
        speaker = self._speak_to(user)
        process = process.with_env(speaker.env)
        document = process._get_document()
        card = speaker.env["approval.card"]._describe(
            process.task_ids[:1], process._get_summary()
        )
        return speaker._write(
            process,
            card=card,
            facts=[(speaker.env._("Requested by"), process.requester_id.name)],
            **{
                "url": speaker._get_address(document),
                # a header has one line, whatever somebody wrote
                "subject": f"{process.document_name}: {summary.splitlines()[0]}",
                "sentence": summary,
                "button": speaker.env._("Open the request"),
                **values,
            },
        )

    @api.model
    def _write(self, process, facts, card, **values):
        """Return a letter with what all of them say about a request."""
        level = values.get("level") or ()
        about = self.env["approval.card"]._tell_about(process, level)
        amount = process.amount and format_amount(
            self.env, process.amount, process.currency_id
        )
        shown, notes = {about, amount, *level[:1]}, set(values.get("notes", ()))
        then = [
            (self.env._("%s when it was submitted", label), value)
            for label, value in card["before"]
        ]
        facts = [
            (label, value)
            for label, value in (*facts, *card["facts"], *then)
            if f"{label}: {value}" not in notes
        ]
        return Letter(
            company=process.company_id.name,
            title=process.document_name,
            about=about,
            amount=amount or "",
            facts=tuple(
                (label, value) for label, value in facts if value and value not in shown
            ),
            goods=tuple(tuple(row) for row in card["goods"]),
            beside=tuple(card["beside"]),
            more=card["more"],
            total=card["total"],
            details=tuple(tuple(each) for each in card.get("details", ())),
            **values,
        )

    @api.model
    def _get_address(self, document):
        """Return where Odoo opens a document, after asking for a log-in."""
        base = document.get_base_url()
        return f"{base}/mail/view?model={document._name}&res_id={document.id}"

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    @api.model
    def _send(self, record, user, letter):
        """Send a user a letter the way they want to hear things: by e-mail, or among
        Odoo's notices, which phones show as well.

        :param record: what it is about; ``mail.thread`` if the user may not open it
        :param letter: see ``Letter``
        """
        thread = record.with_context(
            lang=user.lang or self.env.lang, tz=user.tz, **{LETTER: letter}
        )
        values = {}
        if "message_ids" not in record._fields:
            values = {"model": record._name, "res_id": record.id}
            thread = thread.env["mail.thread"]
        return thread.message_notify(
            partner_ids=user.partner_id.ids,
            subject=letter.subject,
            body=self.env["ir.qweb"]._render(
                "approval_matrix.letter_notice", {"letter": letter}
            ),
            email_layout_xmlid=LAYOUT,
            **values,
        )

    @api.model
    def _push(self, tasks):
        """Show holders who work in Odoo, and let their phones tell them, what they are
        asked; those who want e-mails have one.

        A to-do makes no message that Odoo would push. Nothing is asked of the database
        unless somebody registered a phone.
        """
        owners = self._get_phones(tasks.holder_id)
        tasks = tasks.filtered(lambda task: task.holder_id in owners)
        letters = self._write_to_holders(tasks)
        told = []
        for task in tasks:
            document = task.process_id._get_document()
            place = document._approval_readable_by(task.holder_id) or task
            told.append((owners[task.holder_id], letters[task.id], place))
        self._push_letters(told)

    @api.model
    def _get_phones(self, users):
        """Return the registered phones of those who work in Odoo, by user."""
        users = users.filtered(lambda user: user.notification_type == "inbox")
        devices, _private, _public = self.env[
            "mail.thread"
        ]._web_push_get_partners_parameters(users.partner_id.ids)
        owners = devices.grouped("partner_id")
        return {
            user: owners[user.partner_id] for user in users if user.partner_id in owners
        }

    @api.model
    def _push_letters(self, told):
        """Let phones tell their owners what a letter says, when all is committed.

        :param told: of each letter the phones, the letter, and the record to open
        """
        values = []
        for devices, letter, place in told:
            payload = self.env["mail.thread"]._web_push_truncate_payload(
                {
                    "title": letter.subject,
                    "options": {
                        "body": letter.brief,
                        "icon": letter.icon,
                        "data": {"model": place._name, "res_id": place.id},
                    },
                }
            )
            values += [
                {"mail_push_device_id": device.id, "payload": json.dumps(payload)}
                for device in devices
            ]
        if values:  # not now: the request may yet be rolled back
            self.env["mail.push"].sudo().create(values)
            self.env.ref("mail.ir_cron_web_push_notification")._trigger()
