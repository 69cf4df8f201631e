import logging
from collections import defaultdict

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, plaintext2html

from ..letter import LETTER
from ..mail_link import answer_link, login_link
from ..system import as_system
from .mail_thread import NO_FOLLOW

_logger = logging.getLogger(__name__)

TO_DO = "approval_matrix.mail_activity_type_approval"
QUESTION_TO_DO = "approval_matrix.mail_activity_type_question"
REQUESTER_TO_DO = "approval_matrix.mail_activity_type_requester"
TEMPLATE = "approval_matrix.mail_template_approval"
QUEUE = "mail.ir_cron_mail_scheduler_action"

#: Holders do not follow the document, and get our e-mail only: that of Odoo on new
#: activities has no link to decide.
QUIETLY = {NO_FOLLOW: True, "mail_activity_quick_update": True}


class ApprovalNotice(models.AbstractModel):
    """Who hears of a request, and how: to-dos, e-mails, the live counter, messages.

    ``_announce`` is called once at the end of each operation on requests. It compares
    who is asked now with who was asked before, so that no operation can forget anybody.
    """

    _name = "approval.notice"
    _description = "Notices about approvals"

    # ------------------------------------------------------------
    # HOLDERS
    # ------------------------------------------------------------

    @api.model
    def _get_asked(self, processes):
        """Return what the holders of active tasks see of them.

        :return: by task, its holder, when it is due, and whether it is urgent
        :rtype: dict
        """
        active = processes.task_ids.filtered(lambda task: task.state == "active")
        return {task: (task.holder_id, task.due_at, task.is_urgent) for task in active}

    @api.model
    def _announce(self, processes, before, remind=None, first=()):
        """Tell everybody what an operation changed for them.

        :param processes: the requests, with the system's rights
        :param dict before: what ``_get_asked`` returned before the operation
        :param remind: tasks whose holders are told again
        :param first: documents that never had a request before: they have no to-dos
        """
        if not processes:
            return
        now = self._get_asked(processes)
        asked = remind or self.env["approval.task"].sudo()
        concerned = asked.holder_id
        for task in {**before, **now}:
            old, new = before.get(task), now.get(task)
            if old == new:
                continue
            concerned = concerned.union(*(each[0] for each in (old, new) if each))
            if new and (not old or old[0] != new[0]):
                asked |= task
        again = remind or asked.browse()
        self._invalidate_documents(processes)
        self._sync_to_dos(processes, first)
        self._send_mails(again, "reminded")
        self._send_mails(asked - again)
        self.env["approval.letter"]._push(asked - again)
        concerned._bus_send("approval_matrix/inbox", {})

    @api.model
    def _invalidate_documents(self, processes):
        """Drop what documents have cached about their approval."""
        names = [
            name
            for name, field in self.env["approval.mixin"]._fields.items()
            if name.startswith("approval_") and not field.store
        ]
        for model, group in processes.grouped("res_model").items():
            documents = self.env[model].browse(group.mapped("res_id"))
            documents.invalidate_recordset(names, flush=False)

    # ------------------------------------------------------------
    # TO-DOS OF HOLDERS
    # ------------------------------------------------------------

    @api.model
    def _sync_to_dos(self, processes, first=()):
        """Give the holders of active tasks one to-do a document, and nobody else."""
        documents = processes._get_documents()
        for model, group in processes.grouped("res_model").items():
            if "activity_ids" in documents[model]._fields:
                self._sync_to_dos_on(documents[model], group, first)

    @api.model
    def _sync_to_dos_on(self, documents, processes, first=()):
        """Compare the to-dos that are there with those that should be.

        One that nobody needs any more goes to whoever is asked next. If the request is
        approved it is marked as done. Only what comes to nothing is deleted: deleting
        makes Odoo forget all it has read.

        :param documents: of one model, existing
        :param first: those among them that have no to-dos yet
        """
        # one may have begun inside the operation that ended another
        processes |= documents.approval_process_id.filtered(
            lambda process: (
                process.state == "open" and process.res_model == documents._name
            )
        )
        wanted = self._get_wanted_to_dos(documents, processes)
        to_write, spare = defaultdict(list), defaultdict(list)
        found = self._get_to_dos(documents.filtered(lambda d: d not in first))
        kind = self.env["ir.model.data"]._xmlid_to_res_id(TO_DO)
        of_holders = found.filtered(lambda to_do: to_do.activity_type_id.id == kind)
        for to_do in of_holders:
            values = wanted.pop((to_do.res_id, to_do.user_id.id), None)
            if not values:
                spare[to_do.res_id].append(to_do)
            elif changed := self._get_changed(to_do, values):
                to_write[tuple(changed.items())].append(to_do.id)
        to_create, by_id = [], {document.id: document for document in documents}
        for (document_id, _user_id), values in self._keep_readable(wanted, documents):
            if spare[document_id]:
                to_do = spare[document_id].pop()
                # what one holder noted there is not for the next
                changed = self._get_changed(to_do, {**values, "note": False})
                to_write[tuple(changed.items())].append(to_do.id)
            else:
                document = by_id[document_id]
                to_create.append(self._prepare_to_do_values(document, values))
        activities = self.env["mail.activity"].sudo().with_context(**QUIETLY)
        for values, ids in to_write.items():
            activities.browse(ids).write(dict(values))
        if to_create:
            activities.create(to_create)
        left = activities.union(*(to_do for some in spare.values() for to_do in some))
        approved = set(
            processes.filtered(lambda each: each.state == "approved").mapped("res_id")
        )
        done = left.filtered(lambda to_do: to_do.res_id in approved)
        answered, over = self._find_settled(found - of_holders, processes)
        (done | answered).with_context(**QUIETLY).write({"active": False})
        (left - done | over).with_context(**QUIETLY).unlink()

    @api.model
    def _find_settled(self, to_dos, processes):
        """Return what requesters need not do any more.

        :param to_dos: those of requesters, of the documents of the requests
        :param processes: the requests that moved, and those that are open
        :return: what was done, and what came to nothing
        """
        kinds = self.env["ir.model.data"]
        question = kinds._xmlid_to_res_id(QUESTION_TO_DO)
        current = {process.res_id: process for process in processes.sorted("id")}
        done = over = told = to_dos.browse()
        for to_do in to_dos.sorted("id", reverse=True):
            process = current[to_do.res_id]
            is_question = to_do.activity_type_id.id == question
            if process.state == "open":
                if is_question and not self._waits_for_answer(to_do, process):
                    done |= to_do
            elif process.state != "rejected" or is_question:
                over |= to_do
            elif to_do.res_id in told.mapped("res_id"):
                over |= to_do  # what was told before the rejection
            else:
                told |= to_do
        return done, over

    @api.model
    def _waits_for_answer(self, to_do, process):
        """Tell whether an approver who asked waits for the answer still.

        While somebody else holds the task the question stands all the same; once it
        is decided or forwarded the answer would be for nobody.
        """
        asking = process._get_unanswered()
        own = process.task_ids.filtered(
            lambda task: (
                to_do.create_uid in (task.holder_id | task.user_id | task.decided_by_id)
            )
        )
        return bool(own & asking if own else asking)

    @api.model
    def _get_changed(self, record, values):
        """Return those of the values that a record does not have yet."""
        now = record._convert_to_write({name: record[name] for name in values})
        return {
            name: value
            for name, value in values.items()
            if (now[name] or False) != (value or False)
        }

    @api.model
    def _get_wanted_to_dos(self, documents, processes):
        """Return the values of the to-dos there should be, by document and holder."""
        wanted = {}
        for process in processes:
            if process.state != "open" or process.res_id not in documents._ids:
                continue
            active = process.task_ids.filtered(lambda task: task._has_able_holder())
            for task in active.sorted("due_at", reverse=True):
                env = self._speak_to(task.holder_id)
                wanted[process.res_id, task.holder_id.id] = {
                    "user_id": task.holder_id.id,
                    "summary": env._(
                        "Approve %(document)s", document=process.document_name
                    ),
                    "date_deadline": task._get_due_date(),
                }
        return wanted

    @api.model
    def _prepare_to_do_values(self, document, values):
        """Return the values of a new to-do, with those that Odoo would compute and
        write after its insertion.

        :param dict values: as in ``_get_wanted_to_dos``
        """
        user = self.env["res.users"].sudo().browse(values["user_id"])
        model = (
            self.env["ir.model"]
            .sudo()
            .browse(self.env["ir.model"]._get_id(document._name))
        )
        # the name of the model is all that Odoo reads of it
        model._fields["model"]._insert_cache(model, [document._name])
        return {
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(TO_DO),
            "automated": True,
            "res_model_id": model.id,
            "res_id": document.id,
            "res_name": as_system(document, for_texts=True).display_name,
            "user_tz": user.tz,
            "note": False,
            **values,
        }

    @api.model
    def _get_to_dos(self, documents, kinds=(TO_DO, QUESTION_TO_DO, REQUESTER_TO_DO)):
        """Return the to-dos that are there, of holders and of requesters."""
        activities = self.env["mail.activity"].sudo()
        find = self.env["ir.model.data"]._xmlid_to_res_id
        return activities.search_fetch(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("activity_type_id", "in", [find(kind) for kind in kinds]),
                ("automated", "=", True),
            ]
        )

    @api.model
    def _keep_readable(self, wanted, documents):
        """Leave out to-dos on documents that their holders may not open: they have
        the task."""
        readable = {
            user_id: documents._approval_readable_by(
                self.env["res.users"].browse(user_id)
            )
            for user_id in {user_id for _document_id, user_id in wanted}
        }
        return [
            (key, values)
            for key, values in wanted.items()
            if key[0] in readable[key[1]]._ids
        ]

    # ------------------------------------------------------------
    # E-MAILS TO HOLDERS
    # ------------------------------------------------------------

    @api.model
    def _send_mails(self, tasks, kind="asked"):
        """Queue e-mails to the holders who handle notifications by e-mail.

        :param str kind: see ``approval.letter._write_to_holders``

        An e-mail that cannot be made, say because an administrator broke the template,
        does not keep the request from its approvers: they still have their to-do.
        """
        wanted = tasks.filtered(lambda task: self._gets_mail(task.holder_id))
        # what an id is remembered of is there: it is not asked for
        template_id = wanted and self.env["ir.model.data"]._xmlid_to_res_id(TEMPLATE)
        if not template_id:
            return
        template = self.env["mail.template"].browse(template_id)
        try:
            with self.env.cr.savepoint():
                self._queue_mails(wanted, template, kind)
        except UserError:
            _logger.exception("No e-mails about the approvals %s", wanted.ids)

    @api.model
    def _queue_mails(self, tasks, template, kind):
        """Make the e-mails in the name of the system, and have them sent at once.

        What is stored has links that need a log-in; those that do not are made when an
        e-mail leaves, see ``mail_link``. They are secrets, also from the user who
        submits: Odoo shows a message to its creator and to the readers of its record,
        and takes missing values, such as further recipients, from the caller's
        context. So there is no creator but the system, no record, no context, and no
        recipient but the holder.
        """
        env = self.env(user=SUPERUSER_ID, context={})
        tasks = tasks.with_env(env)
        links = {task.id: login_link(task) for task in tasks}
        letters = env["approval.letter"]._write_to_holders(tasks, kind)
        template = template.with_env(env).with_context(
            approval_links=links, **{LETTER: letters}
        )
        rendered = template._generate_template(
            tasks.ids,
            ("subject", "body_html", "email_from", "auto_delete", "mail_server_id"),
        )
        if kind != "asked":
            for task in tasks:
                rendered[task.id]["subject"] = letters[task.id].subject
        mails = env["mail.mail"].create(
            [self._prepare_mail_values(task, rendered[task.id]) for task in tasks]
        )
        links = env["approval.link"]
        links._system_create(
            [
                links._prepare_values(task, task.holder_id, mail)
                for task, mail in zip(tasks, mails, strict=True)
            ]
        )
        queue_id = env["ir.model.data"]._xmlid_to_res_id(QUEUE)
        if queue_id:
            env["ir.cron"].browse(queue_id)._trigger()

    @api.model
    def _prepare_mail_values(self, task, rendered):
        """Return the values of the e-mail to the holder of a task.

        :param dict rendered: what the template gave
        """
        values = {
            name: rendered[name]
            for name in ("subject", "body_html", "auto_delete", "mail_server_id")
        }
        if rendered["email_from"]:
            values["email_from"] = rendered["email_from"]
        return {**values, "recipient_ids": task.holder_id.partner_id.ids}

    # ------------------------------------------------------------
    # REQUESTERS, AND HOLDERS WHO ASKED THEM
    # ------------------------------------------------------------

    @api.model
    def _tell_rejected(self, processes, reason):
        """Give the requesters a to-do: change the document, or let it go."""
        for process in processes:
            env = self._speak_to(process.requester_id)
            if self.env.uid == SUPERUSER_ID:
                summary = env._("Rejected")
            else:
                summary = env._("Rejected by %(user)s", user=self.env.user.name)
            self._turn_to_requester(
                process, summary, reason, env._("Reason"), env._("Change the request")
            )

    @api.model
    def _tell_question(self, processes, question):
        for process in processes:
            env = self._speak_to(process.requester_id)
            self._turn_to_requester(
                process,
                env._("%(user)s asks", user=self.env.user.name),
                question,
                env._("Question"),
                env._("Answer"),
                kind=QUESTION_TO_DO,
                url=answer_link(process),
            )

    @api.model
    def _tell_too_few_left(self, task):
        """Tell the requester that a step cannot be decided any more."""
        env = self._speak_to(task.requester_id)
        self._turn_to_requester(
            task.process_id,
            env._("%(user)s has left", user=task.user_id.name),
            env._(
                "Too few are left to decide step “%(step)s”. Withdraw the "
                "request and submit it again.",
                step=task.step_name,
            ),
        )

    @api.model
    def _tell_stays(self, task, reason):
        """Tell the requester that a request waits for somebody who is away."""
        env = self._speak_to(task.requester_id)
        self._turn_to_requester(
            task.process_id,
            env._("%(user)s is away", user=task.user_id.name),
            env._(
                "%(reason)s Step “%(step)s” waits for %(user)s all the same: ask them, "
                "or an administrator, to name somebody else.",
                reason=reason,
                step=task.step_name,
                user=task.user_id.name,
            ),
        )

    @api.model
    def _turn_to_requester(
        self, process, summary, note, label="", button="", kind=REQUESTER_TO_DO, url=""
    ):
        """Give the requester a to-do, and tell them the way they want to hear things.

        :param str summary: what happened, without a full stop
        :param str note: what somebody wrote, or what to do
        :param str label: of the note, where somebody wrote it
        :param str button: what the requester does about it
        :param str kind: of the to-do, see ``_find_settled``
        :param str url: where the button of an e-mail leads; default: to the document
        """
        user = process.requester_id
        document = process._get_document()._approval_readable_by(user)
        if not document:
            return
        if "activity_ids" in document._fields:
            # the notice on a new to-do would come on top of ours, and say less
            document.with_context(mail_activity_quick_update=True).activity_schedule(
                kind,
                user_id=user.id,
                summary=summary,
                note=plaintext2html(note),
            )
        values = {"button": button, "url": url}
        values = {name: value for name, value in values.items() if value}
        letters = self.env["approval.letter"]
        letter = letters._write_to_requester(
            process, user, summary, quotes=((label, note),), **values
        )
        letters._send(document, user, letter)

    @api.model
    def _drop_rejected_to_dos(self, documents):
        """Nothing is left to change: the documents are submitted again, or ended.

        :param documents: of one model, whose last request was rejected
        """
        if documents and "activity_ids" in documents._fields:
            to_dos = self._get_to_dos(documents, (REQUESTER_TO_DO,))
            to_dos.with_context(**QUIETLY).unlink()

    @api.model
    def _tell_approved(self, processes, notes):
        """Tell the requesters that they can go on: one message for all of theirs.

        :param dict notes: on documents, by document, which are logged with them
        """
        groups = processes.grouped(
            lambda process: (process.requester_id, process.res_model)
        )
        notices = []
        for (requester, _model), group in groups.items():
            env = self._speak_to(requester)
            names = ", ".join(group.mapped("document_name"))
            message = env._("%(document)s is approved.", document=names)
            self.env["approval.message"]._show(requester, message)
            document = group[:1]._get_document()
            if document and "message_ids" in document._fields:
                notices.append((document, requester, message))
        self.env["approval.message"]._post(notes, notices)

    @api.model
    def _tell_answer(self, tasks, answer):
        """Tell the approvers who asked that they can go on."""
        for task in tasks:
            user, process = task.holder_id, task.process_id
            message = f"{process.document_name}: {answer}"
            self.env["approval.message"]._show(user, message)
        self._send_mails(tasks, "answered")
        self._tell_in_odoo(tasks, "answered")

    @api.model
    def _tell_reminded(self, tasks):
        """Tell holders who get no e-mail of ours that somebody waits for them."""
        for task in tasks:
            message = self._speak_to(task.holder_id)._(
                "%(document)s waits for your decision: %(step)s",
                document=task.document_name,
                step=task.step_name,
            )
            self.env["approval.message"]._show(task.holder_id, message)
        self._tell_in_odoo(tasks, "reminded")

    @api.model
    def _tell_in_odoo(self, tasks, kind):
        """Tell holders among Odoo's notices what others get by e-mail."""
        letters = self.env["approval.letter"]
        tasks = tasks.filtered(lambda task: not self._gets_mail(task.holder_id))
        written = letters._write_to_holders(tasks, kind)
        for task in tasks:
            user = task.holder_id
            document = task.process_id._get_document()._approval_readable_by(user)
            if document:
                letters._send(document, user, written[task.id])

    @api.model
    def _tell_before_rejection(self, tasks):
        """Tell holders and requester what happens if nobody decides.

        :param tasks: active tasks of one request
        """
        process = tasks.process_id
        for user in tasks.holder_id | process.requester_id:
            env = self._speak_to(user)
            due = min(tasks.mapped("due_at"))
            message = env._(
                "%(document)s is rejected at %(moment)s unless somebody decides: "
                "step “%(step)s” waits for %(holders)s.",
                document=process.document_name,
                moment=format_datetime(env, due, tz=user.tz, dt_format="short"),
                step=tasks[0].step_name,
                holders=", ".join(task._get_holder_name() for task in tasks),
            )
            self._notify(process, user, message, is_holder=user in tasks.holder_id)

    @api.model
    def _tell_sent_back(self, processes, reason):
        for process in processes:
            requester = process.requester_id
            message = self._speak_to(requester)._(
                "%(document)s: %(user)s sent it back to the step before. %(reason)s",
                document=process.document_name,
                user=self.env.user.name,
                reason=reason,
            )
            self._notify(process, requester, message)

    @api.model
    def _tell_refused(self, process, user, message):
        """Tell a user for sure why a decision of theirs was not carried out: the page
        that sent it is gone, and what is on the screen goes with the next one.

        Who may not open the document finds the notice at their task. Who has lost that
        too is told no more than the message.
        """
        self.env["approval.message"]._show(user, message, is_refusal=True)
        letters = self.env["approval.letter"]
        document = process._get_document()._approval_readable_by(user)
        own = process.with_user(user).sudo(False)._filtered_access("read")
        if not document and not own:
            self.env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids,
                subject=message.splitlines()[0],
                body=message,
            )
            return
        if document:
            values = {}
        else:
            process = process.with_user(user).sudo()
            task = process.task_ids._may_be_decided_by(user)[:1]
            values = {"url": login_link(task or process.task_ids[:1])}
        letter = letters._write_to_requester(
            process, user, message, subject=message.splitlines()[0], **values
        )
        record = document or self.env["mail.thread"]
        letters._send(record, user, letter)

    # ------------------------------------------------------------
    # ON THE SCREEN, AND FOR LATER
    # ------------------------------------------------------------

    @api.model
    def _speak_to(self, user):
        """Return an environment whose texts are in the language of a user."""
        return self.with_context(lang=user.lang or self.env.lang).env

    @api.model
    def _gets_mail(self, user):
        """Tell whether a holder gets e-mails of ours, with a link to decide."""
        return user.notification_type == "email" and bool(user.email)

    @api.model
    def _notify(self, process, user, message, is_holder=False):
        """Tell a user something about a request, on the screen and for later.

        :param bool is_holder: who gets our e-mail already, if e-mails are wanted
        """
        self.env["approval.message"]._show(user, message)
        if is_holder and self._gets_mail(user):
            return
        document = process._get_document()._approval_readable_by(user)
        if document:
            letters = self.env["approval.letter"]
            letter = letters._write_to_requester(
                process, user, message, subject=message.splitlines()[0]
            )
            letters._send(document, user, letter)
