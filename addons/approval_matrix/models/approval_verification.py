from ast import literal_eval
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import unique

from ..replay import find_problems
from ..system import as_system

#: How many records are compared at a time: as much memory is needed.
BATCH = 500


class Finding(NamedTuple):
    """Something that is not as it should be, and where."""

    model: str
    id: int
    text: str


class ApprovalVerification(models.AbstractModel):
    """Whether what the database says follows from what happened.

    This is a registry of checks: other addons add theirs. A check reads only, and
    yields batch by batch, so that it needs the memory of one batch. To add one, extend
    ``_get_checks`` and write the method that it names::

        def _get_checks(self):
            return {**super()._get_checks(), "budgets": self.env._("budgets")}

        def _check_budgets(self, companies, batch):
            for budget in …:
                yield 1, [Finding(budget._name, budget.id, text) for text in …]
    """

    _name = "approval.verification"
    _description = "Verification of approvals"

    @api.model
    def _get_checks(self):
        """Return what is verified, in order: what it is called, by the name of the
        method ``_check_<name>(companies, batch)``.

        Such a method yields how many records it verified, and the list of what it
        found, for each batch. After each batch the cache is emptied.

        :rtype: dict
        """
        return {
            "requests": self.env._("requests"),
            "documents": self.env._("documents in an approved state"),
        }

    @api.model
    def _verify(self, companies=None, batch=BATCH):
        """Verify everything.

        :param companies: ``res.company`` to look at; default: all
        :param int batch: how many records are compared at a time
        :return: generator of ``(what, how many, [Finding, …])``, one for each batch
        """
        verification = as_system(self, for_texts=True)
        for name, label in verification._get_checks().items():
            check = getattr(verification, f"_check_{name}")
            for count, findings in check(companies, batch):
                yield label, count, findings
                self.env.invalidate_all()

    @api.model
    def _read_in_batches(self, model, domain, batch):
        """Yield all records of a model, archived ones too, in batches."""
        records = self.env[model].sudo().with_context(active_test=False)
        last = 0
        while found := records.search(
            Domain(domain) & Domain("id", ">", last), order="id", limit=batch
        ):
            last = found[-1].id
            yield found.with_context(active_test=True)

    # ------------------------------------------------------------
    # REQUESTS: state, tasks and terms follow from the log
    # ------------------------------------------------------------

    @api.model
    def _check_requests(self, companies, batch):
        domain = Domain("company_id", "in", companies.ids) if companies else []
        for processes in self._read_in_batches("approval.process", domain, batch):
            yield len(processes), self._find_in_requests(processes)

    @api.model
    def _find_in_requests(self, processes):
        """Compare requests with their logs, and these with their hashes.

        :return: list of :class:`Finding`
        """
        findings = []
        processes = processes.sudo()
        broken = processes._find_broken_log()
        for process in processes:
            if process in broken:
                problems = [
                    self.env._(
                        "row %(row)s of the log was tampered with",
                        row=broken[process],
                    )
                ]
            else:
                found = find_problems(
                    process._get_request(),
                    process.task_ids._get_tasks(),
                    process.log_ids._get_events(),
                )
                problems = [self._explain(problem) for problem in found]
            findings += [
                Finding(process._name, process.id, self._name_request(process, text))
                for text in unique(problems)
            ]
        return findings

    @api.model
    def _name_request(self, process, problem):
        return self.env._(
            "%(document)s (%(model)s,%(id)s), request %(request)s: %(problem)s",
            document=process.document_name,
            model=process.res_model,
            id=process.res_id,
            request=process.id,
            problem=problem,
        )

    @api.model
    def _get_problems(self):
        """Return the problems that ``replay`` finds, in words with places for values.

        :rtype: dict
        """
        return {
            "not_submitted": self.env._("the log does not begin with the submission"),
            "out_of_turn": self.env._(
                "row %(row)s of the log cannot follow the one before"
            ),
            "state": self.env._(
                "the state is “%(state)s”, by the log it is “%(logged)s”"
            ),
            "running": self.env._(
                "the log says that it is closed, but steps still wait"
            ),
            "fingerprint": self.env._("the fingerprint is not that of the terms"),
            "terms": self.env._("the terms are not those of the log"),
            "excluded": self.env._(
                "who must not decide is not as when it was submitted"
            ),
            "amount": self.env._(
                "the amount was %(before)s when it was submitted, and is %(after)s now"
            ),
            "tolerance": self.env._(
                "the tolerance was %(before)s %% when it was submitted, and is "
                "%(after)s %% now"
            ),
            "asked": self.env._(
                "step “%(step)s”: who is asked, or how many must approve, is not as "
                "when it was submitted"
            ),
            "handed_over": self.env._(
                "step “%(step)s” changed hands, and the log does not say so"
            ),
            "not_logged": self.env._(
                "step “%(step)s”: “%(decision)s” by %(user)s is not in the log"
            ),
            "not_decided": self.env._(
                "step “%(step)s”: by the log “%(decision)s” by %(user)s, by the step "
                "not"
            ),
            "not_asked": self.env._("step “%(step)s”: %(user)s was not asked"),
            "own": self.env._(
                "step “%(step)s”: approved by %(user)s, who asked for it or changed "
                "the terms"
            ),
            "quorum": self.env._(
                "approved, but step “%(step)s” has %(given)s of %(needed)s approvals"
            ),
            "sent_back": self.env._(
                "step “%(step)s” was sent back, but the log has no decision to forget"
            ),
            "before_its_turn": self.env._(
                "step “%(step)s” was approved before its turn"
            ),
        }

    @api.model
    def _explain(self, problem):
        """Return a problem of ``replay`` in words."""
        values = dict(problem.values)
        if "user" in values:
            user = self.env["res.users"].sudo().browse(values["user"] or ())
            values["user"] = user.name or "–"
        for name in ("state", "logged"):
            if name in values:
                values[name] = self._get_label("approval.process", values[name])
        if "decision" in values:
            values["decision"] = self._get_label("approval.task", values["decision"])
        return self._get_problems()[problem.name] % values

    @api.model
    def _get_label(self, model, state):
        selection = self.env[model]._fields["state"]._description_selection(self.env)
        return dict(selection).get(state, state)

    # ------------------------------------------------------------
    # DOCUMENTS: what is in an approved state has its approval
    # ------------------------------------------------------------

    @api.model
    def _check_documents(self, companies, batch):
        for model in sorted(self.env["approval.rule"]._get_approvable_models()):
            documents = self.env[model]
            if not documents._approval_in_use():
                continue  # there never was a rule
            states = documents._approval_gate_states
            domain = [(documents._approval_state_field, "in", states)]
            for found in self._read_in_batches(model, domain, batch):
                if companies:
                    found = found.filtered(
                        lambda each: each._approval_company() in companies
                    )
                yield len(found), self._find_in_documents(found)

    @api.model
    def _find_in_documents(self, documents):
        """Look for the approval of documents that are in an approved state.

        :param documents: of one model
        :return: list of :class:`Finding`
        """
        documents = as_system(documents)
        problems = self._find_other_requests(documents)
        try:
            missing = self._get_missing(documents)
        except UserError:  # one of them cannot be judged, say for want of a rate
            missing = documents.browse()
            for document in documents:
                try:
                    missing |= self._get_missing(document)
                except UserError as error:
                    if document.approval_process_id:
                        problems.setdefault(document.id, str(error))
        current = documents._approval_current()
        for document in missing:
            process = current[document]
            if document.id not in problems:
                problems[document.id] = self._explain_missing(process)
        return [
            Finding(
                document._name,
                document.id,
                self.env._(
                    "%(document)s (%(model)s,%(id)s): %(problem)s",
                    document=document.display_name,
                    model=document._name,
                    id=document.id,
                    problem=problems[document.id],
                ),
            )
            for document in documents
            if document.id in problems
        ]

    @api.model
    def _explain_missing(self, process):
        if not process:
            return self.env._("in an approved state, but never approved")
        if process.state == "approved":
            return self.env._("its terms are not those that were approved")
        return self.env._(
            "in an approved state, but its approval is “%(state)s”",
            state=self._get_label("approval.process", process.state),
        )

    @api.model
    def _find_other_requests(self, documents):
        """Return those that do not have their newest request, by id."""
        newest = dict(
            self.env["approval.process"]
            .sudo()
            ._read_group(
                [("res_model", "=", documents._name), ("res_id", "in", documents.ids)],
                ["res_id"],
                ["id:max"],
            )
        )
        return {
            document.id: self.env._("it does not name its newest request")
            for document in documents
            if document.approval_process_id.id != newest.get(document.id, False)
        }

    @api.model
    def _get_missing(self, documents):
        """Return those that lack an approval that they needed.

        Where there never was a request, it cannot be known for sure what the rules
        were when the document was approved. So such documents count only if the rule
        that matches now is older than they are, and looks at nothing that changes by
        itself.
        """
        missing = documents._approval_missing()
        current = documents._approval_current()
        free = missing.filtered(lambda document: not current[document])
        if not free:
            return missing
        routes = self.env["approval.rule"]._match(free)
        return missing - free.filtered(
            lambda document: not self._is_certain(document, routes.get(document.id))
        )

    @api.model
    def _is_certain(self, document, rule):
        """Tell whether a document cannot have been approved without that rule."""
        if not rule or rule.write_date >= document.create_date:
            return False
        company = document._approval_company()
        currency = "currency_id" in document._fields and document.currency_id
        if currency and currency != company.currency_id:
            return False  # rates move
        for condition in Domain(literal_eval(rule.domain)).iter_conditions():
            field = document._fields.get(condition.field_expr)
            if not field or not field.store or field.compute:
                return False  # what it says may come from elsewhere
        return True
