from odoo import api, fields, models

from ..one_by_one import for_each

#: Refusals that are told one by one.
TOLD = 20


class ApprovalDecision(models.TransientModel):
    """Asks what belongs to a decision: a comment, a reason, a person."""

    _name = "approval.decision"
    _description = "Approval Decision"

    process_ids = fields.Many2many("approval.process", string="Requests", readonly=True)
    absence_ids = fields.Many2many(
        "approval.substitute", string="Absences", readonly=True
    )
    decision = fields.Selection(
        [
            ("approve", "Approve"),
            ("reject", "Reject"),
            ("forward", "Forward"),
            ("send_back", "Send Back to the Step Before"),
            ("ask", "Ask for Information"),
            ("answer", "Answer"),
            ("decline", "Decline to Stand In"),
        ],
        required=True,
        default="reject",
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Forward To", domain="[('id', 'in', candidate_ids)]"
    )
    candidate_ids = fields.Many2many(
        "res.users",
        compute="_compute_candidate_ids",
        help="To whom all of these can be forwarded.",
    )
    text = fields.Text()
    question = fields.Text(compute="_compute_question")
    result = fields.Text(
        readonly=True, help="Which of several did not go, when all others did, and why."
    )
    warnings = fields.Text(
        compute="_compute_warnings",
        help="What to stop at before all of these are approved.",
    )

    @api.depends("process_ids")
    def _compute_question(self):
        for wizard in self:
            questions = wizard.process_ids.task_ids.filtered(
                lambda task: task.state == "active" and task.paused_at
            )
            # of one person, about two steps, it is one
            wizard.question = "\n".join(dict.fromkeys(questions.mapped("question")))

    @api.depends("process_ids", "decision")
    @api.depends_context("uid")
    def _compute_candidate_ids(self):
        """Whoever makes a dialog by hand learns nothing of requests of others."""
        for wizard in self:
            processes = wizard.process_ids.browse()
            if wizard.decision == "forward":
                processes = wizard.process_ids._origin._filtered_access("read")
            wizard.candidate_ids = processes._find_candidates()

    @api.depends("process_ids", "decision")
    @api.depends_context("uid", "lang")
    def _compute_warnings(self):
        """Whoever makes a dialog by hand learns nothing of requests of others."""
        for wizard in self:
            lines = {}
            if wizard.decision == "approve":
                processes = wizard.process_ids._origin
                lines = processes._filtered_access("read")._get_warnings()
            wizard.warnings = "\n".join(lines.values())

    def action_confirm(self):
        """Carry out the decision for all the requests that are still there to decide;
        of several, say which are not."""
        self.ensure_one()
        self.check_access("read")
        if self.decision == "decline":
            self.absence_ids.action_decline(self.text)
            return {"type": "ir.actions.act_window_close"}
        # those that went to somebody else cannot be read any more
        chosen = self.sudo().process_ids.sudo(False)
        processes = chosen._filtered_access("read")
        if not processes:
            chosen.check_access("read")
        refused = for_each(processes, self._carry_out)
        hidden = len(chosen - processes)
        if refused or hidden:
            return self._tell_refused(refused, hidden)
        return {"type": "ir.actions.act_window_close"}

    def _carry_out(self, processes):
        match self.decision:
            case "approve":
                processes._decide("approved", self.text)
            case "reject":
                processes._decide("rejected", self.text)
            case "forward":
                processes._forward(self.user_id, self.text)
            case "send_back":
                processes._send_back(self.text)
            case "ask":
                processes._ask_information(self.text)
            case "answer":
                processes._answer(self.text)

    @api.model
    def _tell_refused(self, refused, hidden=0):
        """Return the dialog that says which requests did not go, and why.

        :param dict refused: as ``one_by_one.for_each`` returns it
        :param int hidden: how many others the user may not even read any more
        """
        lines = list(dict.fromkeys(refused.values()))
        more = len(lines) - TOLD
        lines = lines[:TOLD]
        if more > 0:
            lines.append(self.env._("and %(count)s more", count=more))
        if hidden:
            lines.append(
                self.env._(
                    "%(count)s are not in your hands any more, and were left out.",
                    count=hidden,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not all of them"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_decision": "approve",
                "default_result": "\n".join(lines),
            },
        }
