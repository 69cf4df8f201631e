import logging

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ApprovalProcess(models.Model):
    """What happens when the time limit of a step is over."""

    _inherit = "approval.process"

    def _enforce_limit(self, tasks):
        """Do what the step says; where that is impossible, remind.

        :param tasks: active tasks of this process that are over their limit
        """
        self.ensure_one()
        tasks._engine_write({"timed_out_at": fields.Datetime.now()})
        action = tasks[0].on_timeout
        done = (action == "reject" and self._reject_late(tasks)) or (
            action == "escalate" and self._escalate(tasks)
        )
        if not done:
            self._remind(tasks)

    def _remind(self, tasks):
        for task in tasks:
            self._log(
                "reminded", task.step_name, task._get_holder_name(), channel="system"
            )
        self._tell_holders(tasks)

    def _reject_late(self, tasks):
        """Reject, unless the document refuses to go back to its owner.

        :return: whether it was rejected
        """
        reason = self.env._(
            "Step “%(step)s”: nobody decided within %(hours)g working hours.",
            step=tasks[0].step_name,
            hours=tasks[0].limit_hours,
        )
        try:
            with self.env.cr.savepoint():
                self._close("rejected", reason)
                self._hand_back(reason)
                self._notify_rejection(reason)
        except UserError as error:  # one document must not hold up all others
            _logger.warning("%s was not rejected: %s", self.document_name, error)
            return False
        return True

    def _escalate(self, tasks):
        """Hand the step to somebody else, or on to the next step.

        :return: whether there was somebody to hand it to
        """
        if tasks[0].escalate_to == "next":
            return self._escalate_to_next(tasks)
        handed = self.env["approval.task"].sudo()
        for task in tasks:
            user = task._get_escalation_user()
            asked = self.task_ids.filtered(
                lambda other, key=task.step_key: other.step_key == key
            )
            # not whoever has a part in the step already, also on behalf: two parts
            # in one hand would make one person a quorum of two
            involved = asked.user_id | asked.holder_id | asked.decided_by_id
            if user and user not in involved | self._get_excluded_users():
                self._log("escalated", task.step_name, user.name, channel="system")
                handed |= task._hand_over(user, "escalation")
        self._tell_holders(handed)
        self._forget_on_documents()
        return bool(handed)

    def _escalate_to_next(self, tasks):
        waiting = self.task_ids.filtered(lambda task: task.state == "waiting")
        if not waiting:
            return False
        step = self.task_ids.filtered(
            lambda task: (
                task.state == "active" and task.step_key in tasks.mapped("step_key")
            )
        )
        step._refresh_counters(step.holder_id)
        step._engine_write({"state": "skipped"})
        self._log("escalated", tasks[0].step_name, channel="system")
        self._advance()
        return True
