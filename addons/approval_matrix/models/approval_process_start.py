from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError


class ApprovalProcess(models.Model):
    """How requests begin: what is kept of the document, and who is asked."""

    _inherit = "approval.process"

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
        task_values = []
        for document, process in zip(documents, processes, strict=True):
            steps = process.rule_id.step_ids
            if not steps:
                raise UserError(
                    self.env._(
                        "Rule “%(rule)s” has no step: nobody could approve.",
                        rule=process.rule_id.name,
                    )
                )
            task_values += steps._prepare_task_values(
                process, document._approval_neutral()
            )
        self.env["approval.task"].sudo()._engine_create(task_values)
        processes._forget_on_documents()
        processes._log("submitted")
        processes._advance()
        return processes

    def _prepare_process_values(self, document, rule, latest):
        """Return what a process keeps of the document and the rule.

        A request that goes on after its terms changed keeps its requester, and keeps
        out everybody who asked for it or changed it on the way.
        """
        requester = document._approval_requester()
        document = document._approval_trusted()
        summary = document._approval_summary()
        excluded = {requester.id, document.approval_editor_id.id}
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
