from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class ApprovalMixin(models.AbstractModel):
    """A document that rules may put under approval.

    This file holds what users see and do; ``approval_hooks`` what a model implements:
    an amount, its terms, and what happens in the end; ``approval_gate`` what nobody
    gets past.
    """

    _name = "approval.mixin"
    _description = "Document under approval"
    _inherit = ["approval.reading"]

    #: Field with the state of the document.
    _approval_state_field = "state"
    #: States nobody reaches without approval while a rule matches.
    _approval_gate_states = ()
    #: States in which the document waits for its approvers.
    _approval_waiting_states = ()

    approval_editor_id = fields.Many2one(
        "res.users",
        string="Terms Last Edited By",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Cannot approve these terms.",
    )
    approval_revision = fields.Integer(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Raised with the terms, so that a change and a decision meet in one row.",
    )
    approval_process_id = fields.Many2one(
        "approval.process",
        string="Approval",
        compute="_compute_approval",
        compute_sudo=True,
        groups="base.group_user",
    )
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
    approval_can_answer = fields.Boolean(
        compute="_compute_approval_rights", groups="base.group_user"
    )
    approval_progress = fields.Json(
        string="Approval Steps",
        compute="_compute_approval_progress",
        groups="base.group_user",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    def _compute_approval(self):
        latest = self._approval_latest()
        for document in self:
            process = latest.get(document.id, self.env["approval.process"])
            document.approval_process_id = process
            document.approval_state = process.state
            document.approval_holder_ids = process.holder_ids

    @api.depends_context("uid")
    @api.depends("approval_process_id")
    def _compute_approval_rights(self):
        user = self.env.user
        for document in self:
            process = document.sudo().approval_process_id
            is_open = process.state == "open"
            active = process.task_ids._may_be_decided_by(user)
            document.approval_can_decide = is_open and bool(active)
            document.approval_can_answer = (
                is_open
                and user == process.requester_id
                and any(process.task_ids.mapped("paused_at"))
            )
            document.approval_can_withdraw = is_open and process._can_withdraw(user)

    @api.depends("approval_process_id")
    def _compute_approval_progress(self):
        for document in self:
            process = document.sudo().approval_process_id
            document.approval_progress = process._get_progress() if process else False

    def _search_approval_state(self, operator, value):
        if not self.env.su and not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees see approvals."))
        if operator != "in":
            return NotImplemented
        processes = (
            self.env["approval.process"]
            .sudo()
            ._search([("res_model", "=", self._name), ("is_latest", "=", True)])
        )
        matching = processes.subselect("res_id")
        states = [state for state in value if state]
        domain = Domain(
            "id",
            "in",
            self.env["approval.process"]
            .sudo()
            ._search(
                [
                    ("res_model", "=", self._name),
                    ("is_latest", "=", True),
                    ("state", "in", states),
                ]
            )
            .subselect("res_id"),
        )
        if False in value:
            domain |= Domain("id", "not in", matching)
        return domain

    def _approval_latest(self):
        """Return the newest process of each document that has one, by its id."""
        if not self._approval_in_use() or not self.ids:
            return {}
        return self.env["approval.process"].sudo()._get_latest(self)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_submit_approval(self):
        """Ask for approval of the terms as they are now.

        :raises UserError: when no rule asks for approval, when a request is open
            already, or when a step has nobody to decide it
        """
        self.check_access("write")
        self.env["approval.process"]._start(self)
        return True

    def action_approve(self, comment=None):
        """Approve, for all documents at once, the steps that wait for the user.

        :param str comment: kept in the log, optional
        :raises UserError: when a document waits for somebody else or for nobody
        """
        self._approval_open_processes()._decide("approved", comment)
        return True

    def action_reject(self, reason=None):
        """Refuse the documents; they go back to their owners with the reason.

        :param str reason: required; the requester reads it
        :raises UserError: without a reason, or when it is not the user's turn
        """
        self._approval_open_processes()._decide("rejected", reason)
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

    def action_open_question(self):
        """Ask the requester something."""
        return self._approval_open_processes()._get_decision_action("ask")

    def action_open_answer(self):
        """Answer an approver's question."""
        return self._approval_open_processes()._get_decision_action("answer")

    def _approval_open_processes(self):
        latest = self._approval_latest()
        processes = self.env["approval.process"]
        self.filtered(
            lambda document: (
                document.id not in latest
                or not latest[document.id]._concerns(self.env.user)
            )
        ).check_access("read")
        for document in self:
            process = latest.get(document.id)
            if not process or process.state != "open":
                raise UserError(
                    self.env._(
                        "%(document)s does not wait for an approval.",
                        document=document._approval_trusted().display_name,
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
                        self._approval_trusted().mapped("display_name")
                    ),
                )
            )
