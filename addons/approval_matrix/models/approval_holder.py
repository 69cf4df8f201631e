from functools import cache

from odoo import api, models

from ..substitutes import find_holder


class ApprovalHolder(models.AbstractModel):
    """Who holds a task: its approver, or whoever stands in while the approver is
    away."""

    _name = "approval.holder"
    _description = "Holders of approval tasks"

    @api.model
    def _assign(self, tasks):
        """Give tasks to the substitutes of those who are away, and take them back.

        Where that cannot be, the log and the requester are told why.

        :return: the tasks whose holder changed
        """
        holders, unable = self._find_holders(tasks)
        changed = tasks.filtered(lambda task: holders[task] != task.holder_id)
        for task in changed:
            holder = holders[task]
            task._system_write(
                {"holder_id": holder.id, "is_substituted": holder != task.user_id}
            )
        for task in tasks.filtered(lambda task: unable[task][0] != task.unable_id):
            user, reason = unable[task]
            task._system_write({"unable_id": user.id})
            if user:
                task.process_id._log("stayed", task.step_name, reason, channel="system")
                self.env["approval.notice"]._tell_stays(task, reason)
        return changed

    @api.model
    def _filter_misplaced(self, tasks):
        """Return those tasks that are not with whom they belong to now."""
        holders, unable = self._find_holders(tasks)
        return tasks.filtered(
            lambda task: (
                holders[task] != task.holder_id or unable[task][0] != task.unable_id
            )
        )

    @api.model
    def _find_holders(self, tasks):
        """Return who must hold each task at this moment: its approver, or whoever
        stands in; and whom it stays with although somebody was named to stand in.

        :return: ``({task: holder}, {task: (substitute, why not)})``
        """
        if not tasks:
            return {}, {}
        absences = self.env["approval.substitute"].sudo()._find_running()
        # limits to archived rules are limits, too
        by_user = absences.with_context(active_test=False).grouped("user_id")
        holders, unable = {}, {}
        documents = absences and tasks.process_id._get_documents()

        @cache
        def get_readable(user):
            """Return what of all these a user may read: substitutes see no more than
            they may anyway."""
            return {
                model: set(found._approval_readable_by(user, lent=False)._ids)
                for model, found in documents.items()
            }

        for task in tasks:  # in turn: each sees who gets those before it
            holders[task], unable[task] = self._find_holder(
                task, by_user, holders, get_readable
            )
        return holders, unable

    @api.model
    def _find_holder(self, task, absences, holders, get_readable):
        """Return who must hold the task, and who was named to but cannot.

        :param dict absences: the ``approval.substitute`` that count now, by user
        :param dict holders: who will hold other tasks
        :param get_readable: function that returns ids of documents, by model, that a
            user may read
        :return: ``(holder, (substitute, why not))``
        """
        process, approver = task.process_id, task.user_id
        nobody = approver.browse()

        def substitute_of(user):
            for absence in absences.get(user, ()):
                if absence._covers(process.rule_id, process.res_model):
                    return absence.substitute_id
            return None

        first = substitute_of(approver)
        if not first:
            return approver, (nobody, False)
        excluded = process._get_excluded_users()
        companions = self._get_companions(task, holders)

        def why_not(user):
            return self._why_not(task, user, excluded, companions, get_readable(user))

        holder = find_holder(
            approver,
            substitute_of,
            lambda user: not why_not(user),
            # past the requester it would be the requester who chooses
            lambda user: user not in excluded,
        )
        return holder, ((first, why_not(first)) if holder == approver else (nobody, ""))

    @api.model
    def _why_not(self, task, user, excluded, companions, readable):
        """Return why a user cannot hold a task for somebody else, in words; nothing
        if they can."""
        process, company = task.process_id, task.company_id
        values = {"user": user.name, "document": process.document_name}
        if not user._approval_able(company):
            return self.env._(
                "%(user)s, who stands in, has no access to %(company)s.",
                user=user.name,
                company=company.name,
            )
        if user in excluded:
            return self.env._(
                "%(user)s, who stands in, asked for this approval or changed the "
                "terms.",
                **values,
            )
        if user in companions:
            return self.env._(
                "%(user)s, who stands in, has another part in this request.", **values
            )
        active = process.task_ids.filtered(lambda task: task.state == "active")
        if user in active.user_id or process.res_id in readable[process.res_model]:
            return ""
        return self.env._(
            "%(user)s, who stands in, may not open %(document)s.", **values
        )

    @api.model
    def _get_companions(self, task, holders):
        """Return who must not hold the task too: where several must approve a step,
        nobody approves it twice; and two steps are two persons, unless the rule says
        otherwise."""
        others = task.browse()
        if task.needed > 1:
            others |= task._get_steps() - task
        if not task.process_id.allow_same_person:
            others |= task.process_id.task_ids - task._get_steps()
        others = others.filtered(
            lambda other: other.state in ("waiting", "active", "approved")
        )
        held = task.user_id.browse().union(
            *(holders.get(other, other.holder_id) for other in others)
        )
        return others.user_id | held | others.decided_by_id
