from itertools import islice

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

#: Key among what the transaction remembers.
LATEST = "approval_matrix.latest"
#: As many documents as are read together.
PREFETCH = 1000


class ApprovalProcess(models.Model):
    """How requests begin: what is kept of the document, and who is asked."""

    _inherit = "approval.process"

    @api.model
    def _get_latest(self, documents):
        """Return the newest process of each document that has one, by its id.

        It is asked often, also of one document after the other: the answer for all
        that are read together is remembered until a process begins, or the
        transaction ends. Callers could write into a field's cache, never here.
        """
        memo = self.env.cr.cache.setdefault(LATEST, {})
        memo = memo.setdefault(documents._name, {})
        if not memo.keys() >= set(documents.ids):
            together = islice(documents._prefetch_ids, PREFETCH)
            ids = (id_ for id_ in together if isinstance(id_, int))
            unknown = list({*documents.ids, *ids} - memo.keys())
            memo |= dict.fromkeys(unknown)
            processes = self.search_fetch(
                [
                    ("res_model", "=", documents._name),
                    ("res_id", "in", unknown),
                    ("is_latest", "=", True),
                ]
            )
            memo.update((process.res_id, process.id) for process in processes)
        found = {id_: memo[id_] for id_ in documents.ids if memo[id_]}
        processes = self.browse(found.values())
        return dict(zip(found, processes, strict=True))

    @api.model
    def _start(self, documents):
        """Open one process for each document and ask its first step.

        :param documents: records under ``approval.mixin``
        :return: the new processes, in the order of the documents
        :raises UserError: without a matching rule, with a request open already, or
            when a step resolves to too few people
        """
        routes = self.env["approval.rule"]._match(documents)
        latest = documents._approval_latest()
        for document in documents:
            document._approval_check_start(
                routes.get(document.id), latest.get(document.id)
            )
        # Written first, so that of two submissions at once the second meets a
        # serialization error, which is retried, and not a unique index.
        documents.flush_recordset()
        if latest:
            self.union(*latest.values()).sudo()._engine_write({"is_latest": False})
            # the insertion must find the old rows out of its unique indexes
            self.flush_model(["state", "is_latest"])
        processes = self.sudo()._engine_create(
            [
                self._prepare_process_values(
                    document, routes[document.id], latest.get(document.id)
                )
                for document in documents
            ]
        )
        self.env.cr.cache.pop(LATEST, None)
        task_values = []
        for document, process in zip(documents, processes, strict=True):
            task_values += process._prepare_task_values(document._approval_neutral())
        tasks = self.env["approval.task"].sudo()._engine_create(task_values)
        processes._forget_on_documents()
        processes._log("submitted")
        asked = tasks.filtered(lambda task: task.state == "active")
        asked._assign_holders()
        processes._tell_holders(asked)
        return processes

    def _prepare_task_values(self, document):
        """Return the values of the tasks of all steps; the first are asked at once."""
        self.ensure_one()
        steps = self.rule_id.step_ids
        if not steps:
            raise UserError(
                self.env._(
                    "Rule “%(rule)s” has no step: nobody could approve.",
                    rule=self.rule_id.name,
                )
            )
        tasks = steps._prepare_task_values(self, document)
        first = min(values["stage"] for values in tasks)
        self._engine_write({"stage": first})
        for values in tasks:
            if values["stage"] == first:
                values |= self.env["approval.task"]._prepare_clock_values(
                    self.company_id, values["limit_hours"]
                )
        return tasks

    def _prepare_process_values(self, document, rule, latest):
        """Return what a process keeps of the document and the rule.

        A request that goes on after its terms changed keeps its requester, and keeps
        out everybody who asked for it or changed it on the way.
        """
        requester = document._approval_requester()
        document = document._approval_trusted()
        summary = document._approval_summary()
        excluded = {requester.id, document.approval_editor_id.id}
        excluded.update(document._approval_kept_out().ids)
        if not self.env.user.share:
            excluded.add(self.env.uid)
        if latest and latest.state == "superseded":
            requester = latest.requester_id
            excluded |= {*(latest.excluded_ids or ()), requester.id}
        return {
            "res_model": document._name,
            "res_id": document.id,
            "document_name": document.display_name,
            "company_id": document.env.company.id,
            "amount": document._approval_amount(),
            "threshold_amount": document._approval_threshold_amount(),
            "rule_id": rule.id,
            "tolerance": rule.tolerance,
            "requester_id": requester.id,
            "editor_id": document.approval_editor_id.id,
            "excluded_ids": sorted(excluded - {False, SUPERUSER_ID}),
            "state": "open",
            "is_latest": True,
            "terms": document._approval_terms(),
            "fingerprint": document._approval_fingerprint(),
            "about": summary["about"],
            "is_urgent": document._approval_is_urgent(),
            "summary": summary,
            "submitted_at": fields.Datetime.now(),
        }
