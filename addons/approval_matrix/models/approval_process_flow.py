from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..fingerprint import fingerprint
from ..prefetch import NOW, read_lines, remember_now
from ..system import as_system
from .approval_process import SOURCE

#: What a task forgets when it is decided again; the log keeps it.
FORGOTTEN = (
    "decided_at",
    "decided_by_id",
    "channel",
    "comment",
    "timed_out_at",
    "paused_at",
    "question",
    "remind_at",
    "warn_at",
    "warned_at",
    "return_reason",
)


class ApprovalProcess(models.Model):
    """How requests start, are decided, advance from step to step, and end.

    Each operation works on many requests at once, inside a block of ``_moving``: that
    locks their rows first, and tells everybody concerned in the end. The methods run
    with the system's rights, after explicit checks of who asks.
    """

    _inherit = "approval.process"

    # ------------------------------------------------------------
    # MOVING
    # ------------------------------------------------------------

    @contextmanager
    def _moving(self, remind=None, locked=False):
        """Lock the requests for the block, and announce what it changed.

        The block gets the requests with the system's rights.

        :param remind: tasks whose holders are told again
        :param bool locked: the caller has locked them a moment ago
        """
        processes = self.sudo()
        if not locked:
            processes._lock()
        read_lines(processes, "task_ids")
        notice = processes.env["approval.notice"]
        before = notice._get_asked(processes)
        yield processes
        notice._announce(processes, before, remind)

    def _lock(self):
        """Lock the rows and read them, and have them updated in any case; raise a
        retryable error if somebody changed them.

        Of two people who decide in the same moment one meets a serialization error,
        which Odoo retries, and then sees what the other did. Whatever adds to a log
        locks first: a row added on an old snapshot would meet a unique index, which
        nobody retries.

        What is locked is read by the same query, as the ORM would read it; and so is
        whether anybody is away, for that is asked of whoever comes next.
        """
        if not self:
            return
        processes = self.sudo()
        processes.flush_recordset()
        columns = [
            field
            for field in processes._determine_fields_to_fetch()
            if field.column_type and field.name != "id"
        ]
        usage = self.env["approval.usage"]
        query = processes._search([("id", "in", self.ids)], order="id")
        names = ["id", *(field.name for field in columns)]
        selected = query.select(
            NOW,
            usage._get_exists("approval.substitute"),
            *(processes._field_to_sql(self._table, name, query) for name in names),
        )
        rows = self.env.execute_query(SQL("%s FOR UPDATE", selected))
        if not rows:
            return
        (now, *_), (someone_away, *_), ids, *values = zip(*rows, strict=True)
        remember_now(self.env.cr, now)
        usage._remember({"approval.substitute": someone_away})
        processes = processes.browse(ids)
        for field, found in zip(columns, values, strict=True):
            field._insert_cache(processes, found)
        for revision, group in processes.grouped("revision").items():
            group._system_write({"revision": revision + 1})

    @api.model
    def _read_people(self, users, contacts):
        """Read at once what is asked of people later: of each user and contact it would
        be a query of its own. E-mails are sent in the name of the system, and amounts
        are written as in the language of the user's company.

        :param contacts: further ``res.partner`` records
        """
        people = users.sudo().partner_id | contacts
        if contacts:
            people |= self.env.user.company_id.sudo().partner_id
            system = self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root")
            people |= people.browse(system or ())
            people.mapped("tz")
        else:
            people.fetch(["active", "email", "lang", "name", "tz"])

    def _read_who_matters(self):
        """Read who is asked and told; where it may end with this decision also the
        contacts of the document, and the system, which does what follows."""
        people = self.env.user | self.requester_id | self.task_ids.holder_id
        contacts = self.env["res.partner"].sudo()
        ending = self.filtered(
            lambda process: all(task.state != "waiting" for task in process.task_ids)
        )
        for documents in ending._get_documents().values():
            people |= people.browse(SUPERUSER_ID)
            contacts |= documents._approval_contacts()
        self._read_people(people, contacts)

    # ------------------------------------------------------------
    # START
    # ------------------------------------------------------------

    @api.model
    def _start(self, documents, routes, previous):
        """Open one request for each document and ask its first step.

        :param documents: records under ``approval.mixin``, checked and locked
        :param routes: what ``approval.rule._match`` found a moment ago
        :param dict previous: the request before, by document; may be empty
        :return: the new requests, in the order of the documents
        :raises UserError: when a step resolves to too few people, or a rule asks for a
            field that is gone
        """
        self.env["approval.rule"].union(*routes.values()).sudo()._check_is_judged()
        # the insertion must find a request that was closed out of its unique index
        self.flush_model(["state"])
        rules = self.env["approval.rule"].sudo()
        rules = rules.union(*(routes[document.id] for document in documents))
        steps = rules._read_steps()
        self._read_people(
            self.env.user.union(*(each.user_ids for each in steps.values())),
            documents.sudo()._approval_contacts(),
        )
        processes = self.sudo()._system_create(
            [
                self._prepare_process_values(document, routes, previous[document])
                for document in documents
            ]
        )
        task_values, fallen = [], {}
        for document, process in zip(documents, processes, strict=True):
            # at once: whatever tells people of the document asks whether it waits
            document.sudo()._approval_write({"approval_process_id": process.id})
            process._keep_names(as_system(document))
            asked, fallen[process] = process._split_steps(
                as_system(document), steps[process.rule_id]
            )
            task_values += process._prepare_task_values(as_system(document), asked)
        tasks = self.env["approval.task"].sudo()._system_create(task_values)
        for names, group in processes.grouped(fallen.get).items():
            text = names and group._in_words().env._(
                "Nobody to ask, so that it falls away: %(steps)s", steps=names
            )
            group._log(
                "submitted",
                comment=text,
                details=lambda process: process._describe_start(),
            )
        notice = self.env["approval.notice"]
        # before anybody is asked: what that leads to is for the requester to do
        notice._drop_rejected_to_dos(
            documents.filtered(lambda each: previous[each].state == "rejected")
        )
        self.env["approval.holder"]._assign(
            tasks.filtered(lambda task: task.state == "active")
        )
        notice._announce(
            processes, {}, first=documents.filtered(lambda each: not previous[each])
        )
        tasks._follow_clock()
        return processes

    def _prepare_process_values(self, document, routes, previous):
        """Return what a request keeps of the document and the rule."""
        requester, excluded = self._get_parties(document, previous)
        rule, threshold = routes[document.id], routes.amounts[document.id]
        lang = self._in_words(requester).env.lang
        if lang != self.env.lang:
            document, rule = (each.with_context(lang=lang) for each in (document, rule))
        document = document._approval_for_texts()
        summary = document._approval_summary()
        return {
            "res_model": document._name,
            "res_id": document.id,
            "document_name": document.display_name,
            "company_id": document.env.company.id,
            "amount": document._approval_amount_beside(threshold),
            "threshold_amount": threshold,
            "rule_id": rule.id,
            "rule_words": rule._tell(document.env.company.currency_id),
            "tolerance": rule.tolerance,
            "allow_same_person": rule.allow_same_person,
            "requester_id": requester.id,
            "editor_id": document._approval_get_last_editor().id,
            "excluded_ids": sorted(excluded.ids),
            "state": "open",
            "terms": document._approval_terms(),
            "terms_version": document._approval_terms_version(),
            "fingerprint": document._approval_fingerprint(),
            "about_kept": summary["about"],
            "about_words": {lang or SOURCE: summary["about"]},
            "urgency": document._approval_urgency(),
            "summary": summary,
            "submitted_at": fields.Datetime.now(),
        }

    @api.model
    def _get_parties(self, document, previous):
        """Return who asks, and who must not decide.

        A request that goes on after its terms changed keeps its requester, and excludes
        everybody who asked for it or changed it on the way.

        :param document: as the user who submits
        :param previous: the request before; may be empty
        :return: two recordsets of users, of whom some may be deleted
        """
        requester = document._approval_requester()
        known = document._approval_for_texts()
        excluded = {requester.id, *known._approval_get_editors().ids}
        excluded.update(known._approval_excluded_users().ids)
        if not self.env.user.share:
            excluded.add(self.env.uid)
        if previous.state == "superseded":
            requester = previous.requester_id
            excluded |= {*(previous.excluded_ids or ()), requester.id}
        excluded -= {False, SUPERUSER_ID}
        return requester, self.env["res.users"].browse(excluded)

    def _split_steps(self, document, steps):
        """Leave out the steps that fall away.

        :return: ``(steps that are asked, names of the others)``
        :raises UserError: when nobody would be asked at all
        """
        self.ensure_one()
        fallen = steps.filtered(lambda step: step._falls_away(document))
        if fallen and fallen == steps:
            raise UserError(
                self.env._(
                    "%(document)s: rule “%(rule)s” would ask nobody, for “%(steps)s” "
                    "has nobody to ask. Ask an administrator to add a step to it.",
                    document=self.document_name,
                    rule=self.rule_id.name,
                    steps=", ".join(fallen.mapped("name")),
                )
            )
        return steps - fallen, ", ".join(fallen.mapped("name"))

    def _prepare_task_values(self, document, steps):
        """Return the values of the tasks of all steps; the first are asked at once."""
        self.ensure_one()
        tasks = self._prepare_step_values(steps, document)
        first = min(values["stage"] for values in tasks)
        asked = self.env["res.users"].browse({values["user_id"] for values in tasks})
        self._system_write({"stage": first, **self._prepare_words(document, asked)})
        for values in tasks:
            if values["stage"] == first:
                values |= self.env["approval.task"]._prepare_clock_values(
                    self.company_id, values["limit_hours"]
                )
        return tasks

    def _prepare_step_values(self, steps, document):
        """Return the values of one task per approver: the snapshot of the steps."""
        self.ensure_one()
        excluded, lang = self._get_excluded_users(), self._in_words().env.lang
        named = steps if lang == self.env.lang else steps.with_context(lang=lang)
        tasks = []
        for step, told in zip(steps, named, strict=True):
            approvers, needed = step._resolve(document, self.requester_id, excluded)
            values = {
                "process_id": self.id,
                "step_key": step.id,
                "step_name": told.name,
                "stage": step.sequence,
                "needed": needed,
                "company_id": self.company_id.id,
                "urgency": self.urgency,
                "limit_hours": document._approval_limit_hours(step),
                "rule_hours": step.limit_hours,
                "repeat_hours": step.repeat_hours,
                "warning_hours": step.warning_hours,
                "on_timeout": step.on_timeout,
                "escalate_to": step.escalate_to,
                "escalation_user_id": step.escalation_user_id.id,
            }
            tasks += [
                {**values, "user_id": user.id, "holder_id": user.id}
                for user in approvers
            ]
        return tasks

    # ------------------------------------------------------------
    # DECIDE
    # ------------------------------------------------------------

    def _decide(self, decision, comment=None, channel="screen", locked=False):
        """Record what the user decides on the steps that wait for them.

        :param str decision: ``approved`` or ``rejected``
        :param str comment: required to reject
        :param str channel: how the decision came, see ``approval.log``
        :param bool locked: the caller has locked the requests a moment ago
        :raises UserError: when a request is closed, waits for somebody else, or its
            document changed in the meantime
        :raises AccessError: when four eyes would be two
        """
        comment = self._clean_text(comment)
        if decision == "rejected" and not comment:
            raise UserError(
                self.env._("Say why: the requester must know what to change.")
            )
        with self._moving(locked=locked) as processes:
            processes._read_who_matters()
            tasks = processes._get_tasks_to_decide()
            tasks = self._keep_to_one_step(tasks)
            tasks._system_write(
                {
                    "state": decision,
                    "decided_at": fields.Datetime.now(),
                    "decided_by_id": self.env.uid,
                    "channel": channel,
                    "comment": comment,
                }
            )
            if decision == "rejected":
                self._log_tasks(tasks, decision, comment, channel)
                processes._end("rejected", comment, logged=True)
                processes._hand_back(comment)
                self.env["approval.notice"]._tell_rejected(processes, comment)
                return
            with self._logging_together() as notes:
                self._log_tasks(tasks, decision, comment, channel)
                self._move_to_holders(tasks._leave_other_steps())
                finished = processes._ask_next()
            finished._finish(notes)

    def _forward(self, user, reason):
        """Hand the user's tasks to somebody else, who decides in their place.

        :param user: who shall decide
        :param str reason: required, kept in the log
        :raises UserError: when that user cannot be asked, or was asked already
        """
        reason = self._clean_text(reason)
        if not reason or not user:
            raise UserError(self.env._("Say to whom you forward it, and why."))
        with self._moving() as processes:
            tasks = processes._get_tasks_to_decide()
            for process in processes:
                process._check_forward(user, tasks & process.task_ids)
            self._hand_over(tasks, user.sudo(), "forward")
            tasks._system_write(
                {"state": "forwarded", "decided_at": fields.Datetime.now()}
            )
            self._log_tasks(
                tasks,
                "forwarded",
                self._in_words().env._(
                    "to %(user)s: %(reason)s", user=user.name, reason=reason
                ),
            )

    def _send_back(self, reason):
        """Let the step before decide again: the same people, as they were named when
        the request was made.

        What was decided from that step on counts no more, also by others who are asked
        now. The log keeps it, and says that it does not count.

        :param str reason: required; who decides again and the requester read it
        :raises UserError: without a reason, when it is not the user's turn, or when
            nobody decided before
        :raises AccessError: when the user must not decide
        """
        reason = self._clean_text(reason)
        if not reason:
            raise UserError(
                self.env._("Say why: the step before must know what to look at.")
            )
        with self._moving() as processes:
            tasks = self._keep_to_one_step(processes._get_tasks_to_decide())
            for process in processes:
                process._ask_again(tasks & process.task_ids, reason)
            processes.env["approval.notice"]._tell_sent_back(processes, reason)

    def _ask_again(self, tasks, reason):
        """Ask the step before again.

        :param tasks: the user's tasks, whose step sends the request back
        """
        self.ensure_one()
        stage = self.task_ids._get_stage_before(self.stage)
        if stage is None:
            raise UserError(
                self.env._(
                    "%(document)s: this is the first step, so nobody decided before. "
                    "Ask for information, or reject.",
                    document=self.document_name,
                )
            )
        again = self.task_ids.filtered(
            lambda task: (
                task.stage >= stage and task.state in ("active", "approved", "skipped")
            )
        )
        before = again.filtered(lambda task: task.stage == stage)
        details = {
            "steps": sorted({(task.step_key, task.step_name) for task in again}),
            "void": [
                [task.step_name, task.decided_by_id.id, task.user_id.id]
                for task in again.sorted("id")
                if task.state == "approved"
            ],
        }
        names = [f"“{step[0].step_name}”" for step in before._grouped_by_step()]
        comment = self._in_words().env._(
            "to %(steps)s: %(reason)s", steps=", ".join(names), reason=reason
        )
        for task in tasks:
            approver = task.user_id if task.user_id != self.env.user else None
            self._log(
                "sent_back",
                task.step_name,
                comment,
                on_behalf_of=approver,
                details=details,
                channel="screen",
            )
            details = None  # what counts no more is said once
        again._system_write({"state": "waiting", **dict.fromkeys(FORGOTTEN, False)})
        before._system_write({"return_reason": reason})
        self._system_write({"stage": stage})
        self._ask(before)

    def _ask_information(self, question):
        """Ask the requester; the clock of the steps stops until they answer.

        :param str question: required
        """
        question = self._clean_text(question)
        if not question:
            raise UserError(self.env._("Say what you want to know."))
        with self._moving() as processes:
            tasks = processes._get_tasks_to_decide()
            running = tasks.filtered(lambda task: not task.paused_at)
            running._pause_clock(question)
            self._log_tasks(tasks, "questioned", question)
            self.env["approval.notice"]._tell_question(processes, question)

    def _answer(self, answer):
        """Answer what approvers asked; their clocks go on.

        :param str answer: required
        :raises UserError: for anybody but the requester, or when nothing was asked
        """
        answer = self._clean_text(answer)
        if not answer:
            raise UserError(self.env._("An answer must say something."))
        with self._moving() as processes:
            for process in processes:
                asked = process._get_unanswered()
                if not asked or process.requester_id != self.env.user:
                    raise UserError(
                        self.env._(
                            "%(document)s: nobody waits for an answer from you.",
                            document=process.document_name,
                        )
                    )
                asked._resume_clock()
                process._log("answered", comment=answer)
                self.env["approval.notice"]._tell_answer(asked, answer)

    def _remind(self):
        """Tell the holders again. It decides nothing, and moves no limit.

        :return: the action that says who was told
        """
        with self._moving(remind=self._get_tasks_to_remind()) as processes:
            for process in processes:
                process._check_reminder()
            tasks = processes._get_tasks_to_remind()
            processes._system_write({"asked_again_at": fields.Datetime.now()})
            for step in tasks._grouped_by_step():
                names = ", ".join(task._get_holder_name() for task in step)
                step.process_id._log(
                    "reminded", step[0].step_name, names, channel="screen"
                )
            processes.env["approval.notice"]._tell_reminded(tasks)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Reminded: %(holders)s",
                    holders=", ".join(tasks.holder_id.mapped("name")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _withdraw(self):
        """Close the requests on behalf of their requester."""
        with self._moving() as processes:
            for process in processes:
                if not process._can_withdraw(self.env.user):
                    raise UserError(
                        self.env._(
                            "%(document)s: only %(requester)s can withdraw this "
                            "request, while it is open.",
                            document=process.document_name,
                            requester=process.requester_id.name,
                        )
                    )
            reason = self._in_words().env._("Withdrawn by the requester.")
            processes._end("withdrawn", reason)
            processes._hand_back(reason)

    def _clean_text(self, text):
        if text and not isinstance(text, str):
            raise UserError(self.env._("A comment is plain text."))
        return (text or "").replace("\0", "").strip()

    # ------------------------------------------------------------
    # ADVANCE
    # ------------------------------------------------------------

    def _ask_next(self):
        """Ask the next step where one is decided.

        :return: the requests in which none is left: they are approved, and need to be
            finished
        """
        decided = asked = self.env["approval.task"].sudo()
        finished = self.browse()
        stages = {}
        for process in self:
            active = process.task_ids.filtered(lambda t: t.state == "active")
            over = active._filter_decided_steps()
            decided |= over
            if active - over:
                continue
            waiting = process.task_ids.filtered(lambda t: t.state == "waiting")
            if not waiting:
                finished |= process
                continue
            stage = min(waiting.mapped("stage"))
            stages.setdefault(stage, self.browse())
            stages[stage] |= process
            asked |= waiting.filtered(lambda t, stage=stage: t.stage == stage)
        decided._system_write({"state": "skipped"})
        for stage, processes in stages.items():
            processes._system_write({"stage": stage})
        self._ask(asked)
        for documents in finished._get_documents().values():
            documents._approval_check_amount()
        finished._end("approved")
        return finished

    def _finish(self, notes):
        """Let the documents go on: their requests are approved.

        :param dict notes: on these and other documents, to post by the way
        """
        for documents in self._get_documents().values():
            documents._approval_granted()
            documents._approval_write({"approval_editor_ids": False})
        self.env["approval.notice"]._tell_approved(self, notes)

    @api.model
    def _ask(self, tasks):
        """It is the turn of these tasks: start their clocks, find their holders."""
        tasks._start_clock()
        self.env["approval.holder"]._assign(tasks)
        gone = tasks.filtered(lambda task: not task._has_able_holder())
        if gone:  # since the request was submitted
            self._replace_holders(gone)

    @api.model
    def _hand_over(self, tasks, user, origin):
        """Ask another user in the same steps, from now on.

        :param user: who is asked too; four eyes have been checked
        :param str origin: why, see ``approval.task.origin``
        """
        self._ask(tasks._system_create(tasks._prepare_handed_over(user, origin)))

    # ------------------------------------------------------------
    # CLOSE
    # ------------------------------------------------------------

    def _close(self, state, reason=None):
        """End the requests because of what became of their documents.

        :param str state: one of the closed states
        :param str reason: shown to the requester
        """
        with self._moving() as processes:
            processes._end(state, reason)

    def _end(self, state, reason=None, logged=False):
        """End the requests; a last row in the log says how.

        :param bool logged: the log already has the row that ends them
        """
        if not self:
            return
        self._system_write(
            {"state": state, "closed_at": fields.Datetime.now(), "close_reason": reason}
        )
        left = self.task_ids.filtered(lambda t: t.state in ("waiting", "active"))
        left._system_write({"state": "cancelled"})
        if not logged:
            self._log("granted" if state == "approved" else state, comment=reason)
        # what follows on the end asks the documents for their state
        self.env["approval.notice"]._invalidate_documents(self)

    def _hand_back(self, reason):
        for documents in self._get_documents().values():
            documents._approval_refused(reason)

    def _keep(self, terms):
        """Let an approval, or a request for one, stand for terms that changed.

        From now on it is about these terms; the log has both. Approvals that were given
        so far are approvals of them, too.
        """
        self.ensure_one()
        process = self.sudo()
        process._lock()
        process._log(
            "kept",
            details={
                "before": process.terms,
                "version": process.terms_version,
                "after": terms,
            },
        )
        values = {
            "terms": terms,
            "terms_version": self.env[self.res_model]._approval_terms_version(),
            "fingerprint": fingerprint(terms),
        }
        if process.state == "open":
            document = process._in_words()._get_document()._approval_for_texts()
            summary = document._approval_summary()
            lang = document.env.lang or SOURCE
            values |= {
                "summary": summary,
                "about_kept": summary["about"],
                "about_words": {lang: summary["about"]},
            }
        process._system_write(values)
        if process.state == "open":
            asked = process.task_ids.user_id
            process._system_write(process._prepare_words(as_system(document), asked))
        notice = process.env["approval.notice"]
        notice._invalidate_documents(process)
        notice._tell_changed(process, editor=self.env.uid)

    # ------------------------------------------------------------
    # PEOPLE WHO ARE AWAY, OR LEFT
    # ------------------------------------------------------------

    @api.model
    def _follow_absences(self, tasks):
        """After an absence began or ended: move tasks to whom they belong now."""
        moved = self.env["approval.holder"]._filter_misplaced(tasks)
        with moved.process_id._moving():
            self._move_to_holders(moved)

    @api.model
    def _follow_departures(self, tasks):
        """Find somebody for tasks of users who were archived, or left the company."""
        with tasks.process_id._moving():
            self._replace_holders(tasks)

    @api.model
    def _move_to_holders(self, tasks):
        """The log names who has it now, and keeps who had it: see ``_find_lost``."""
        before = {task: task.holder_id.id for task in tasks}
        for task in self.env["approval.holder"]._assign(tasks):
            task.process_id._log(
                "substituted" if task.is_substituted else "returned",
                task.step_name,
                task._get_holder_name(),
                details={"left": before[task]},
            )

    @api.model
    def _replace_holders(self, tasks):
        """Find somebody for tasks whose holders cannot be asked any more.

        A substitute hands the task back. For an approver the manager is asked; where
        there is none, and too few of the step are left, the requester is told to
        submit again, which asks whom the rule names now.
        """
        self._move_to_holders(tasks)
        for task in tasks.filtered(lambda task: not task._has_able_holder()):
            process = task.process_id
            step = task._get_steps()
            manager = task.user_id._approval_manager(task.company_id)
            able = manager._approval_able(task.company_id)
            able -= process._get_excluded_users() | step.user_id | step.holder_id
            if able and not process._may_take(able, task.step_key):
                able = able.browse()
            if able:
                process._log("escalated", task.step_name, able.name, channel="system")
                self._hand_over(task, able, "escalation")
                task._system_write({"state": "skipped"})
            elif task.needed > len(
                step.filtered(
                    lambda other: other.state == "approved" or other._has_able_holder()
                )
            ):
                self.env["approval.notice"]._tell_too_few_left(task)
