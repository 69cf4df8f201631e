from collections import defaultdict

from odoo import models

from .mail_thread import NO_FOLLOW

ACTIVITY_TYPE = "approval_matrix.mail_activity_type_approval"
#: Ours, nobody's by hand; without Odoo's e-mail on new activities, which leads nowhere.
QUIETLY = {NO_FOLLOW: True, "mail_activity_quick_update": True}


class ApprovalProcess(models.Model):
    """How those who are asked hear of it: a to-do, an e-mail, a live counter."""

    _inherit = "approval.process"

    def _tell_holders(self, asked):
        """Bring the to-dos up to date, and tell those who are asked from now on.

        :param asked: the tasks that are new to their holders
        """
        self._sync_to_dos()
        asked._notify_by_mail()
        asked._refresh_counters(asked.holder_id)

    def _sync_to_dos(self):
        """Give the holders of active tasks one to-do a document, and nobody else."""
        documents = self._get_documents()
        for model, processes in self.grouped("res_model").items():
            if "activity_ids" in documents[model]._fields:
                processes._sync_to_dos_on(documents[model])

    def _sync_to_dos_on(self, documents):
        """Compare the to-dos that are there with those that should be.

        One that nobody needs any more goes to whoever is asked next: that is one
        update, while deleting it makes Odoo forget all it has read.

        :param documents: of one model, existing
        """
        wanted = self._get_wanted_to_dos(documents)
        to_write, spare = defaultdict(list), defaultdict(list)
        for to_do in self._get_to_dos(documents):
            values = wanted.pop((to_do.res_id, to_do.user_id.id), None)
            if not values:
                spare[to_do.res_id].append(to_do)
            elif values != to_do._convert_to_write(
                {name: to_do[name] for name in values}
            ):
                to_write[tuple(values.items())].append(to_do.id)
        to_create = defaultdict(list)
        for (document_id, _user_id), values in self._keep_readable(wanted, documents):
            if spare[document_id]:
                to_do = spare[document_id].pop()
                # what one holder noted there is not for the next
                values = {**values, "note": False}
                to_write[tuple(values.items())].append(to_do.id)
            else:
                to_create[tuple(values.items())].append(document_id)
        activities = self.env["mail.activity"].sudo().with_context(**QUIETLY)
        for values, ids in to_write.items():
            activities.browse(ids).write(dict(values))
        for values, ids in to_create.items():
            quiet = documents.browse(ids).with_context(**QUIETLY)
            quiet.activity_schedule(ACTIVITY_TYPE, **dict(values))
        activities.union(
            *(to_do for found in spare.values() for to_do in found)
        ).unlink()

    def _get_wanted_to_dos(self, documents):
        """Return the values of the to-dos there should be, by document and holder."""
        wanted = {}
        for process in self:
            if process.state != "open" or process.res_id not in documents._ids:
                continue
            active = process.task_ids.filtered(lambda task: task._has_able_holder())
            for task in active.sorted("due_at", reverse=True):
                key = (process.res_id, task.holder_id.id)
                wanted[key] = task._prepare_to_do_values()
        return wanted

    def _get_to_dos(self, documents):
        """Return the to-dos that are there."""
        activities = self.env["mail.activity"].sudo()
        to_do = self.env["ir.model.data"]._xmlid_to_res_id(ACTIVITY_TYPE)
        return activities.search_fetch(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("activity_type_id", "=", to_do),
                ("automated", "=", True),
            ]
        )

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
