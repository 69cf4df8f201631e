import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..system import as_system

_logger = logging.getLogger(__name__)


class ApprovalMixin(models.AbstractModel):
    """Terms that were approved come back: by one click after a change that is not
    approved, or because somebody writes them again. Their approval is put into force
    again where it still holds."""

    _inherit = "approval.mixin"

    approval_can_restore = fields.Boolean(
        compute="_compute_approval_can_restore",
        groups="base.group_user",
        help="A change waits or was refused, and the approved terms are known.",
    )

    @api.depends_context("uid")
    @api.depends("approval_process_id")
    def _compute_approval_can_restore(self):
        """The terms depend on more than can be named here: a form reads this afresh."""
        for document in self:
            system = document.sudo()
            base = self._approval_in_use() and system.approval_base
            document.approval_can_restore = (
                bool(base)
                and not document._approval_is_gated()
                and system._approval_is_restorable(base)
                and document.has_access("write")
            )

    # ------------------------------------------------------------
    # THE CHANGE IS TAKEN BACK
    # ------------------------------------------------------------

    def action_restore_terms(self):
        """Take back a change that is not approved: write the approved terms again.

        This is an edit like any other, which the gate judges: where the approval of
        these terms still holds nobody is asked.

        :raises UserError: when no change waits, or what was approved is gone
        """
        self.check_access("write")
        for document in self:
            terms = document.sudo().approval_base
            if not terms or not document.approval_can_restore:
                raise UserError(
                    self.env._(
                        "%(document)s has no approved terms to go back to.",
                        document=document._approval_for_texts().display_name,
                    )
                )
            with document._approval_watching():
                document._approval_write_terms(terms)
        left = self.filtered(
            lambda document: (
                not (document._approval_is_gated() or document._approval_is_waiting())
            )
        )
        return left.action_submit_approval() if left else True

    # ------------------------------------------------------------
    # THE APPROVAL IS PUT INTO FORCE AGAIN
    # ------------------------------------------------------------

    def _approval_restore(self):
        restored = super()._approval_restore()
        for document, process in self._approval_get_restorable().items():
            try:
                with self.env.cr.savepoint():
                    document._approval_restore_from(process)
            except UserError as error:
                # e.g. a budget that is used up: it is asked as if it were new
                _logger.info("%s is not approved again: %s", document, error)
                continue
            restored |= document
        return restored

    def _approval_restore_from(self, process):
        self.ensure_one()
        held = self._approval_processes("open")
        reason = held._in_words().env._("The approved terms are back.")
        held._close("superseded", reason)
        notice = self.env["approval.notice"]
        with process._moving() as moved:
            moved._system_write(
                {
                    "state": "approved",
                    "closed_at": fields.Datetime.now(),
                    "close_reason": False,
                }
            )
            moved._log("restored")
            if not moved._has_terms_of(self):
                moved._keep(self._approval_terms())
            notice._invalidate_documents(moved)
        self._approval_write(
            {"approval_process_id": process.id, "approval_editor_ids": False}
        )
        self._approval_granted()

    def _approval_get_restorable(self):
        """Return the approvals that hold for the documents as they are, though another
        change came between.

        Only the last approval counts, and only where the same rule applies still and
        asks nothing more. What was refused since stays refused.

        :return: the ``approval.process`` by document
        :rtype: dict
        """
        changed = self.filtered(
            lambda document: (
                document.approval_base and not document._approval_is_gated()
            )
        )
        found = {}
        routes = changed and self.env["approval.rule"]._match(changed)
        for document in changed:
            rule = routes.get(document.id)
            process = rule and document._approval_find_restorable()
            if process and process.rule_id == rule and self._approval_covers(process):
                found[document] = process
        return found

    def _approval_find_restorable(self):
        """Return the last approval of the document, if the document has its terms again
        and they were not refused in the meantime."""
        self.ensure_one()
        processes = self.env["approval.process"].sudo()
        granted = processes.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("log_ids.event", "=", "granted"),
            ],
            order="id desc",
            limit=1,
        )
        if granted.state != "superseded" or not self._approval_holds(granted):
            return processes
        refused = self._approval_rejected_since(granted)
        if any(process._has_terms_of(self) for process in refused):
            return processes
        return granted

    def _approval_rejected_since(self, process):
        """Return the requests for the document that came after this one, and failed."""
        self.ensure_one()
        return process.sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("id", ">", process.id),
                ("state", "=", "rejected"),
            ]
        )

    def _approval_holds(self, process):
        """Tell whether an approval is one of the document as it is, but for changes
        that need none."""
        self.ensure_one()
        return process._has_terms_of(self) or (
            process.terms_version == self._approval_terms_version()
            and self._approval_terms_kept(process.terms, self._approval_terms())
        )

    @api.model
    def _approval_covers(self, process):
        """Tell whether everybody agreed whom the rule of a request asks as it is now.

        A step that is new, needs more approvals, or asks nobody whom it asked then,
        makes the rule stricter than it was.
        """
        tasks = process.task_ids.filtered(lambda task: task.origin == "rule")
        for step in process.rule_id.step_ids:
            asked = tasks.filtered(lambda task, step=step: task.step_key == step.id)
            if not asked or self._approval_is_stricter(step, asked):
                return False
        return True

    @api.model
    def _approval_is_stricter(self, step, tasks):
        """Tell whether a step asks for more than it did when it was asked.

        :param tasks: what it asked then, as the rule named it
        """
        process = tasks.process_id
        document = as_system(process._get_document())
        named = step._find_approvers(document, process.requester_id)
        if not named & tasks.user_id:
            return True
        # of all of a step, those who were kept out were not needed then
        excluded = process._get_excluded_users()
        return step._get_needed(named - excluded) > tasks[0].needed
