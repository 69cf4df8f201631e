from odoo import fields, models


class ApprovalTask(models.Model):
    """Tasks that change hands: forwarded, escalated, or held by a substitute."""

    _inherit = "approval.task"

    def _hand_over(self, user, origin):
        """Ask another user in the same step, from now on.

        :param user: who is asked too; four eyes have been checked
        :param str origin: why, see :attr:`origin`
        """
        values = [
            {
                "process_id": task.process_id.id,
                "company_id": task.company_id.id,
                "is_urgent": task.is_urgent,
                "step_key": task.step_key,
                "step_name": task.step_name,
                "stage": task.stage,
                "needed": task.needed,
                "limit_hours": task.limit_hours,
                "rule_hours": task.rule_hours,
                # a step changes hands by itself once, so that it never goes in circles
                "on_timeout": "remind" if origin == "escalation" else task.on_timeout,
                "escalate_to": task.escalate_to,
                "escalation_user_id": task.escalation_user_id.id,
                "user_id": user.id,
                "holder_id": user.id,
                "origin": origin,
                "origin_user_id": task.holder_id.id,
            }
            for task in self
        ]
        tasks = self._engine_create(values)
        tasks._ask()
        return tasks

    def _ask(self):
        """It is the turn of these tasks: start their clocks, find their holders."""
        self._start_clock()
        self._assign_holders()
        gone = self.filtered(lambda task: not task._has_able_holder())
        if gone:  # since the request was submitted
            gone._leave_behind()

    def _assign_holders(self):
        """Give tasks to the substitutes of those who are away, and take them back.

        :return: the tasks whose holder changed
        """
        changed = self.browse()
        now = fields.Datetime.now()
        absences = self.env["approval.substitute"]
        away = absences._get_absent(self.user_id, now)
        for task in self:
            process, holder = task.process_id, task.user_id
            if holder in away:
                holder = absences._find_holder(
                    holder,
                    now,
                    rule=process.rule_id,
                    company=task.company_id,
                    excluded=process._get_excluded_users() | task._get_companions(),
                )
            if holder != task.user_id and not (
                process._get_document()._approval_readable_by(holder)
            ):
                holder = task.user_id  # substitutes see no more than they may anyway
            if holder != task.holder_id:
                task._engine_write(
                    {
                        "holder_id": holder.id,
                        "is_substituted": holder != task.user_id,
                    }
                )
                changed |= task
        return changed

    def _get_companions(self):
        """Return who must not hold this task too: where several must approve a step,
        nobody approves it twice."""
        self.ensure_one()
        if self.needed < 2:
            return self.user_id.browse()
        others = self.process_id.task_ids.filtered(
            lambda other: (
                other != self
                and other.step_key == self.step_key
                and other.state in ("waiting", "active", "approved")
            )
        )
        return others.user_id | others.holder_id | others.decided_by_id

    def _move_holders(self):
        """After an absence began or ended: hand tasks on, with their notices."""
        before = {task: task.holder_id for task in self}
        moved = self._assign_holders()
        moved.process_id._lock()
        for task in moved:
            self._refresh_counters(before[task])
            event = "substituted" if task.is_substituted else "returned"
            task.process_id._log(event, task.step_name, task._get_holder_name())
        moved.process_id._tell_holders(moved)
        moved.process_id._forget_on_documents()

    def _log_each(self, event, comment=None, channel=None):
        """Add one row per task to the logs; it says for whom the user acted."""
        groups = self.grouped(
            lambda task: (task.step_key, task.step_name, task.user_id)
        )
        for (_key, step_name, approver), tasks in groups.items():
            tasks.process_id._log(
                event,
                step_name,
                comment,
                on_behalf_of=approver if approver != self.env.user else None,
                channel=channel,
            )

    def _leave_behind(self):
        """Find somebody for tasks of users who were archived, or left the company.

        A substitute hands the task back. For an approver the manager is asked; where
        there is none, and too few of the step are left, the requester is told to
        submit again, which asks whom the rule names now.
        """
        self.process_id._lock()
        self._move_holders()
        for task in self.filtered(lambda task: not task._has_able_holder()):
            process = task.process_id
            step = process.task_ids.filtered(
                lambda other, key=task.step_key: other.step_key == key
            )
            manager = task.user_id._approval_manager(task.company_id)
            able = manager._approval_able(task.company_id)
            able -= process._get_excluded_users() | step.user_id | step.holder_id
            if able:
                process._log("escalated", task.step_name, able.name, channel="system")
                asked = task._hand_over(able, "escalation")
                task._engine_write({"state": "skipped"})
                process._tell_holders(asked)
            elif task.needed > len(
                step.filtered(
                    lambda other: other.state == "approved" or other._has_able_holder()
                )
            ):
                process._give_requester_to_do(
                    self.env._("%(user)s has left", user=task.user_id.name),
                    self.env._(
                        "Too few are left to decide step “%(step)s”. Withdraw the "
                        "request and submit it again.",
                        step=task.step_name,
                    ),
                )
                process._sync_to_dos()
        self.process_id._forget_on_documents()

    def _has_able_holder(self):
        self.ensure_one()
        return self.state == "active" and self.holder_id._approval_able(self.company_id)

    def _get_escalation_user(self):
        """Return who is asked when the limit is over, if that user can be asked."""
        self.ensure_one()
        if self.escalate_to == "manager":
            user = self.user_id._approval_manager(self.company_id)
        else:
            user = self.escalation_user_id
        return user._approval_able(self.company_id)
