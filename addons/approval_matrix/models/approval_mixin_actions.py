from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..prefetch import read_lines


class ApprovalMixin(models.AbstractModel):
    """What users see of the approval of a document, and what they do with it."""

    _inherit = "approval.mixin"

    approval_state = fields.Selection(
        selection=lambda self: (
            self.env["approval.process"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        compute="_compute_approval",
        search="_search_approval_state",
        compute_sudo=True,
        groups="base.group_user",
    )
    approval_holder_ids = fields.Many2many(
        "res.users",
        string="Waiting For",
        compute="_compute_approval",
        compute_sudo=True,
        groups="base.group_user",
    )
    approval_can_decide = fields.Boolean(
        compute="_compute_approval_rights", groups="base.group_user"
    )
    approval_can_withdraw = fields.Boolean(
        compute="_compute_approval_rights", groups="base.group_user"
    )
    approval_can_send_back = fields.Boolean(
        compute="_compute_approval_rights", groups="base.group_user"
    )
    approval_can_remind = fields.Boolean(
        compute="_compute_approval_rights", groups="base.group_user"
    )
    approval_can_answer = fields.Boolean(
        compute="_compute_approval_rights", groups="base.group_user"
    )
    approval_progress = fields.Json(
        string="Approval Steps",
        compute="_compute_approval_progress",
        groups="base.group_user",
    )
    approval_stops = fields.Json(
        string="To Note",
        compute="_compute_approval_stops",
        groups="base.group_user",
        help="For those who are asked now: what to stop at before they decide.",
    )
    approval_changes_html = fields.Html(
        string="What Changed",
        compute="_compute_approval_changes_html",
        sanitize=False,
        groups="base.group_user",
        help="For those who are asked now: what is not as it was last approved.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("approval_process_id")
    def _compute_approval(self):
        for document, process in self._approval_current().items():
            document.approval_state = process.state
            document.approval_holder_ids = process.holder_ids

    @api.depends_context("uid")
    @api.depends("approval_process_id")
    def _compute_approval_rights(self):
        user = self.env.user
        for document, process in self._approval_current().items():
            is_open = process.state == "open"
            active = process.task_ids._may_be_decided_by(user)
            document.approval_can_decide = is_open and bool(active)
            document.approval_can_send_back = (
                document.approval_can_decide
                and process.task_ids._get_stage_before(process.stage) is not None
            )
            document.approval_can_answer = (
                is_open
                and user == process.requester_id
                and bool(process._get_unanswered())
            )
            document.approval_can_withdraw = is_open and process._can_withdraw(user)
            document.approval_can_remind = is_open and process._can_remind(user)

    @api.depends("approval_process_id")
    def _compute_approval_progress(self):
        for document, process in self._approval_current().items():
            document.approval_progress = process._get_progress() if process else False

    @api.depends("approval_process_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_approval_stops(self):
        asked = {
            document: process.task_ids._may_be_decided_by(self.env.user)[:1]
            for document, process in self._approval_current().items()
            if process.state == "open"
        }
        tasks = self.env["approval.task"].sudo().union(*asked.values())
        stops = self.env["approval.card"]._read_stops(tasks)
        for document in self:
            told = stops.get(asked.get(document), {})
            document.approval_stops = bool(told.get("warnings")) and {
                "warnings": told["warnings"],
                "sentences": told["sentences"],
            }

    @api.depends("approval_process_id")
    @api.depends_context("uid", "lang")
    def _compute_approval_changes_html(self):
        for document, process in self._approval_current().items():
            mine = process.state == "open" and process.task_ids._may_be_decided_by(
                self.env.user
            )
            document.approval_changes_html = bool(mine) and process.changes_html

    def _search_approval_state(self, operator, value):
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees see approvals."))
        if operator != "in":
            return NotImplemented
        # everybody who may read a document sees the state of its approval
        states = Domain("state", "in", [state for state in value if state])
        domain = Domain("approval_process_id", "any!", states)
        if False in value:
            domain |= Domain("approval_process_id", "=", False)
        return domain

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_submit_approval(self):
        """Ask for approval of the terms as they are now.

        :raises UserError: when no rule asks for approval, when a request is open
            already, or when a step has nobody to decide it
        """
        self.check_access("write")
        self._approval_start()
        return True

    def action_open_submission(self):
        """Show who would be asked, and submit only from there.

        What no rule asks about, or what is approved already, goes on at once. Buttons
        of any form may call it where they called what submits.

        :raises UserError: what keeps it from being submitted
        """
        self.ensure_one()
        self._approval_check_submission()
        route = self._approval_missing() and self.env["approval.route"]._read(self)
        if not route:
            return self.action_submit_approval()
        return {
            "type": "ir.actions.client",
            "tag": "approval_matrix.submission",
            "name": self.env._("Submit for Approval"),
            "target": "new",
            "params": {"model": self._name, "id": self.id, "route": route},
        }

    def action_approve(self, comment=None):
        """Approve, for all documents at once, the steps that wait for the user.

        :param str comment: kept in the log, optional
        :raises UserError: when a document waits for somebody else or for nobody
        """
        processes = self._approval_open_processes(lock=True)
        processes._decide("approved", comment, locked=True)
        return True

    def action_reject(self, reason=None):
        """Refuse the documents; they go back to their owners with the reason.

        :param str reason: required; the requester reads it
        :raises UserError: without a reason, or when it is not the user's turn
        """
        processes = self._approval_open_processes(lock=True)
        processes._decide("rejected", reason, locked=True)
        return True

    def action_forward(self, user_id, reason=None):
        """Hand the user's part in the steps to somebody else.

        :param int user_id: ``res.users`` id of who shall decide
        :param str reason: required
        :raises UserError: when that user cannot be asked, or was asked already
        """
        known = isinstance(user_id, int) and 0 < user_id < 2**31
        user = self.env["res.users"].browse(user_id if known else ()).exists()
        self._approval_open_processes()._forward(user, reason)
        return True

    def action_send_back(self, reason=None):
        """Let the step before decide again, instead of starting over.

        :param str reason: required; who decides again and the requester read it
        :raises UserError: without a reason, when it is not the user's turn, or when
            nobody decided before
        """
        self._approval_open_processes()._send_back(reason)
        return True

    def action_ask_information(self, question=None):
        """Ask the requester; the time limit waits for the answer.

        :param str question: required
        :raises UserError: without a question, or when it is not the user's turn
        """
        self._approval_open_processes()._ask_information(question)
        return True

    def action_answer(self, answer=None):
        """Answer what an approver asked, as the requester.

        :param str answer: required
        :raises UserError: when nobody asked, or for anybody but the requester
        """
        self._approval_open_processes()._answer(answer)
        return True

    def action_remind(self):
        """Remind those who hold the requests now, as the requester.

        :return: the action that says who was told
        :raises UserError: for anybody but the requester, or too soon after the last
            time
        """
        return self._approval_open_processes()._remind()

    def action_withdraw(self):
        """Take the request back before it is decided.

        :raises UserError: for anybody but the requester
        """
        self._approval_open_processes()._withdraw()
        return True

    def action_open_approval(self):
        """Ask for a comment, then approve."""
        return self._approval_open_processes()._get_decision_action("approve")

    def action_open_rejection(self):
        """Ask for the reason, then refuse."""
        return self._approval_open_processes()._get_decision_action("reject")

    def action_open_forward(self):
        """Ask to whom and why, then forward."""
        return self._approval_open_processes()._get_decision_action("forward")

    def action_open_send_back(self):
        """Ask why, then send the documents back to the step before."""
        return self._approval_open_processes()._get_decision_action("send_back")

    def action_open_question(self):
        """Ask the requester something."""
        return self._approval_open_processes()._get_decision_action("ask")

    def action_open_answer(self):
        """Answer an approver's question."""
        return self._approval_open_processes()._get_decision_action("answer")

    @api.readonly
    def get_approval_history(self):
        """Return the log of every approval the document was ever under.

        It names events, people and what they said, no amounts: all readers of the
        document may see it.

        :return: the newest approval first, ``[{"state": …, "rows": [{"date": …,
            "event": …, "user": …, "step": …, "comment": …}, …]}, …]``
        :rtype: list
        """
        self.check_access("read")
        if not self._approval_in_use() or not self.ids:
            return []
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        return self.env["approval.process"].sudo().search(domain)._get_history()

    # ------------------------------------------------------------
    # REQUESTS THAT WAIT
    # ------------------------------------------------------------

    def _approval_open_processes(self, lock=False):
        """Return the requests that wait, as the user.

        :param bool lock: lock them as they are read, for a decision
        :raises UserError: when a document waits for nobody
        """
        if lock:
            self.sudo().approval_process_id._lock()
        current = self._approval_get_newest()
        processes = self.env["approval.process"]
        read_lines(processes.sudo().union(*current.values()), "task_ids")
        self.filtered(
            lambda document: not current[document]._concerns(self.env.user)
        ).check_access("read")
        for document, process in current.items():
            if process.state != "open":
                raise UserError(
                    self.env._(
                        "%(document)s does not wait for an approval.",
                        document=document._approval_for_texts().display_name,
                    )
                )
            processes |= process
        self._approval_check_seen(processes)
        return processes.with_env(self.env)

    def _approval_check_seen(self, processes):
        """Refuse a decision on a request that came after the screen was opened.

        The buttons say in the context which request they show. Without it, somebody
        could change the terms under an approver's hand, and Odoo's automatic retry
        of conflicting transactions would approve what nobody read.
        """
        seen = self.env.context.get("approval_process_id")
        if seen and seen not in processes.ids:
            raise UserError(
                self.env._(
                    "%(documents)s changed since you opened it. Reload the page and "
                    "look at it again.",
                    documents=", ".join(
                        self._approval_for_texts().mapped("display_name")
                    ),
                )
            )
