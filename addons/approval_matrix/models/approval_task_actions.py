from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tools import format_amount, format_datetime

from ..mail_link import LinkRefused, LoginNeeded
from ..one_by_one import for_each
from .approval_process_display import DECISIONS

#: How many tasks the counter at the top of the screen lists.
SHOWN = 6
#: What it tells of each, and of its request.
TOLD = ["activated_at", "due_at", "is_urgent", "process_id", "step_name"]
TOLD_OF_REQUEST = ["about_kept", "about_words", "amount", "company_id", "document_name"]
TOLD_OF_REQUEST += ["res_id", "res_model"]


class ApprovalTask(models.Model):
    """What sets tasks in motion: their holders on the screen, or by the link of an
    e-mail, and the scheduled action that enforces limits."""

    _inherit = "approval.task"

    # ------------------------------------------------------------
    # ACTIONS: as those of ``approval.mixin``, for the requests of the selected tasks
    # ------------------------------------------------------------

    def action_approve(self):
        """Approve, for all of their requests at once, the steps that wait for the user.

        :return: True
        :raises AccessError: when four eyes would be two
        :raises UserError: when one is closed, waits for somebody else, or is about a
            document that changed meanwhile: then none is approved
        """
        self.process_id._decide("approved")
        return True

    def action_approve_selected(self):
        """As ``action_approve``, for what is ticked in a list, where nobody reads each.

        It asks, once for all, if there is something to stop at. What was decided, or
        went to somebody else meanwhile, does not keep the others: the answer names it.

        :return: the action of the dialog that asks, or that names what did not go; True
            when all are approved
        :raises AccessError: when the user may read none of them any more
        """
        processes, hidden = self._get_selected()
        if processes._get_warnings():
            return processes._get_decision_action("approve")
        refused = for_each(processes, lambda some: some._decide("approved"))
        if refused or hidden:
            return self.env["approval.decision"]._tell_refused(refused, hidden)
        return True

    @api.readonly
    def get_selected_to_hold(self):
        """Return what ``action_approve_selected`` would approve without a word: the
        screen holds that back.

        :return: ``[[id, name], …]`` of the requests; False if there is something to ask
            or to tell before that
        :raises AccessError: when the user may read none of them any more
        """
        processes, hidden = self._get_selected()
        if hidden or processes._get_warnings():
            return False
        return [[process.id, process.document_name] for process in processes]

    def _get_selected(self):
        """Return the requests of the tasks, and how many of the tasks the user may not
        read any more: somebody else holds them now.

        :raises UserError: when none is left
        """
        mine = self._filtered_access("read")
        if self and not mine:
            self.check_access("read")
        return mine.process_id, len(self - mine)

    def action_open_approval(self):
        """Ask for a comment, then approve.

        :return: the action of the dialog, as of all that follow: nothing is decided yet
        """
        return self.process_id._get_decision_action("approve")

    def action_open_rejection(self):
        """Ask why, then reject."""
        return self.process_id._get_decision_action("reject")

    def action_open_send_back(self):
        """Ask why, then have the step before decide again."""
        return self.process_id._get_decision_action("send_back")

    def action_open_forward(self):
        """Ask to whom and why, then let them decide."""
        return self.process_id._get_decision_action("forward")

    def action_open_question(self):
        """Ask what the requester is to answer first."""
        return self.process_id._get_decision_action("ask")

    def action_open_document(self):
        """Open the document of one task; its form asks what the user may read.

        :return: the action of the form
        :raises ValueError: for more than one request
        """
        return self.process_id.action_open_document()

    # ------------------------------------------------------------
    # INBOX
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_inbox(self):
        """Return how many tasks the user holds, and the first of them to decide.

        Urgent ones come first, then those that wait longest. Somebody who is away is
        told so.

        :return: ``{"count": int, "tasks": [{"id": …, "document": …}, …]}``, and
            ``"absence": {"substitute": …, "until": …}``, if one is running
        :rtype: dict
        """
        domain = [("holder_id", "=", self.env.uid), ("state", "=", "active")]
        lang = self.env.context.get("lang") or self.env.user.lang
        mine = self.sudo().with_context(lang=lang)
        tasks = mine.search_fetch(domain, TOLD, limit=SHOWN)
        count = len(tasks) if len(tasks) < SHOWN else mine.search_count(domain)
        # no more of it: terms and summary are long
        tasks.process_id.fetch(TOLD_OF_REQUEST)
        levels = self.env["approval.card"]._read_levels(tasks)
        entries = [task._get_inbox_entry(levels.get(task.process_id)) for task in tasks]
        inbox = {"count": count, "tasks": entries}
        absences = self.env["approval.substitute"].sudo()
        if absence := absences._find_running([("user_id", "=", self.env.uid)])[:1]:
            inbox["absence"] = {
                "substitute": absence.substitute_id.name,
                "until": fields.Datetime.to_string(absence.date_to),
            }
        return inbox

    def _get_inbox_entry(self, level):
        self.ensure_one()
        about = self.env["approval.card"]._tell_about(self.process_id, level)
        return {
            "id": self.id,
            "document": self.document_name,
            "about": about,
            "level": level,
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "step": self.step_name,
            "since": fields.Datetime.to_string(self.activated_at),
            "late": self._is_late(),
            "is_urgent": self.is_urgent,
        }

    # ------------------------------------------------------------
    # LINK OF AN E-MAIL: who comes, and what they see
    # ------------------------------------------------------------

    @api.model
    def _open_link(self, task_id, token, visitor):
        """Return the task a link leads to, in an environment of the link's holder.

        :param visitor: the user who is logged in in the browser, or the public user
        :raises LinkRefused: unless the task can be decided with this link now
        :raises LoginNeeded: where the company asks for a log-in
        """
        link = self.env["approval.link"].sudo()._find(task_id, token)
        task = link.task_id
        if not task:
            self._refuse_link(
                404,
                self.env._("There is nothing here"),
                self.env._(
                    "This link is not complete, was not made here, or is too old. "
                    "Open it from the newest e-mail, or log in."
                ),
            )
        user = link.user_id
        task = task.with_env(
            self.env(
                user=user.id,
                su=True,
                context={
                    "lang": user.lang or self.env.lang,
                    "tz": user.tz,
                    "allowed_company_ids": task.company_id.ids,
                },
            )
        )
        task._check_link_user(visitor)
        task._check_link(link)
        task._check_link_task(link)
        task._check_link_decision()
        if task.company_id._approval_link_needs_login(task.process_id):
            raise LoginNeeded
        return task

    def _check_link(self, link):
        """Refuse links that were used, came back to us, or are too old."""
        if link.used_at:
            if self.state not in ("approved", "rejected"):
                self._refuse_link(
                    410,
                    self.env._("This link was used"),
                    self.env._("It works once. Log in to decide again."),
                )
            self._refuse_link(
                410,
                self.env._("This is decided"),
                self.env._(
                    "This link works once, and was used. %(decision)s",
                    decision=self._get_decision_text(),
                ),
            )
        if link._is_expired():
            self._refuse_link(
                410,
                self.env._("This link has expired"),
                self.env._("Log in to decide, or to see what became of it."),
            )
        if link.revoked_at:
            self._refuse_link(
                410,
                self.env._("This link is not good any more"),
                self.env._(
                    "It came back to us in an answer or a returned e-mail, which "
                    "others may read. Log in to decide."
                ),
            )

    def _check_link_user(self, visitor):
        """Refuse links of people who left, and links in other people's browsers."""
        user = self.env.user
        if not user._approval_able(self.company_id):
            self._refuse_link(
                403,
                self.env._("You cannot decide here"),
                self.env._(
                    "%(user)s has no access to %(company)s any more.",
                    user=user.name,
                    company=self.company_id.name,
                ),
            )
        if not visitor._is_public() and visitor != user:
            self._refuse_link(
                403,
                self.env._("This link is not yours"),
                self.env._(
                    "You are logged in as %(visitor)s, but this link was sent to "
                    "%(user)s, who can forward the request to you.",
                    visitor=visitor.sudo().name,
                    user=user.name,
                ),
            )

    def _check_link_task(self, link):
        """Refuse links to what is decided, changed, or somebody else's by now."""
        process = self.process_id
        if self.state in ("approved", "rejected"):
            self._refuse_link(
                410, self.env._("This is decided"), self._get_decision_text()
            )
        if process.state == "superseded" or not process._has_been_about(
            link.fingerprint
        ):
            self._refuse_changed()
        if self.state == "forwarded" or (
            self.state == "active" and not self._may_be_decided_by(self.env.user)
        ):
            self._refuse_link(
                403,
                self.env._("Somebody else decides this now"),
                self.env._(
                    "%(document)s is not in your hands any more.",
                    document=self.document_name,
                ),
            )
        if process.state != "open" or self.state != "active":
            self._refuse_link(
                410,
                self.env._("No decision is needed any more"),
                self._get_process_text(),
            )

    def _check_link_decision(self):
        """Refuse what a decision would meet, before somebody types a comment."""
        try:
            self.process_id._check_decisions(self)
        except AccessError as error:
            self._refuse_link(
                403, self.env._("Somebody else must decide this"), str(error)
            )
        except UserError:
            self._refuse_changed()

    def _refuse_changed(self):
        self._refuse_link(
            410,
            self.env._("The request has changed"),
            self.env._(
                "%(document)s changed after this e-mail was sent. If you are asked "
                "again, you get a new e-mail.",
                document=self.document_name,
            ),
        )

    def _refuse_link(self, status, title, text):
        raise LinkRefused(status, title, text, self.env)

    @api.model
    def _get_place(self, task_id):
        """Return where the user finds what a task is about, as far as they may."""
        known = 0 < task_id < 2**31
        inbox = "/odoo/my-approvals"
        task = self.browse(task_id if known else ()).exists()._filtered_access("read")
        if not task:
            return inbox
        return task.process_id._get_document_place() or f"{inbox}/{task.id}"

    def _find_files(self):
        """Return what is attached to the document, as far as the holder of the link may
        read both."""
        attachments = self.env["ir.attachment"].sudo(False)
        document = self.process_id._get_document()._approval_readable_by(self.env.user)
        if not document:
            return attachments
        return attachments.search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("res_field", "=", False),
                ("type", "=", "binary"),
            ],
            order="id desc",
        )

    def _get_file(self, file_id):
        """Return one of ``_find_files``, to hand it out.

        :raises LinkRefused: for any other
        """
        file = self._find_files().filtered(lambda each: each.id == file_id)
        if not file:
            self._refuse_link(
                404,
                self.env._("There is nothing here"),
                self.env._("This file does not belong to the request, or was deleted."),
            )
        return file.sudo()

    # ------------------------------------------------------------
    # LINK OF AN E-MAIL: the decision
    # ------------------------------------------------------------

    def _decide_by_link(self, decision, comment):
        """Decide as the holder of the link.

        Of two requests at once one meets a serialization error, which passes through
        here: Odoo tries it again from the start, and then the link is used.

        :param str decision: ``approve`` or ``reject``
        :return: the message that keeps it from being decided, or nothing
        :raises LinkRefused: when somebody else must decide
        """
        verdict = DECISIONS.get(decision)
        if not verdict:
            return self.env._("Approve or reject.")
        process = self.process_id.with_user(self.env.user)
        try:
            with self.env.cr.savepoint():
                process._decide(verdict, comment, channel="mail")
                self.env["approval.link"]._use(self, self.env.user)
        except AccessError as error:
            self._refuse_link(403, self.env._("You cannot decide here"), str(error))
        except (UserError, RedirectWarning) as error:
            return error.args[0]
        return None

    def _get_decision_text(self):
        """Return who decided what, and when."""
        return self.env._(
            "%(document)s: %(decision)s by %(user)s, %(date)s.",
            document=self.document_name,
            decision=self._get_label("state"),
            user=self._get_decider_name(),
            date=format_datetime(self.env, self.decided_at),
        )

    def _get_outcome_text(self):
        """Return what a decision led to, for the one who has just made it."""
        process = self.process_id
        if process.state == "open":
            return self.env._(
                "%(document)s now waits for %(holders)s.",
                document=self.document_name,
                holders=", ".join(process.holder_ids.mapped("name")),
            )
        return self._get_process_text()

    def _get_process_text(self):
        return self.env._(
            "%(document)s: %(state)s.",
            document=self.document_name,
            state=self.process_id._get_label("state"),
        )

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_enforce_limits(self):
        """Remind, escalate, and reject what is past its limit."""
        self.env["approval.limit"]._enforce_all()
