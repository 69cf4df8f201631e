from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

#: Key of the open watch among the data of the cursor: remote callers can set
#: context keys, never this.
WATCH = "approval_matrix.watch"


class ApprovalMixin(models.AbstractModel):
    """The gate: checks on every way a document's state or terms can change.

    A *watch* opens with the outermost ``create``/``write``/``unlink`` that touches
    state or terms and is settled when that call ends, so that a form saved with
    twenty lines is judged once, by what it became. As the judgement comes after the
    change and raises inside the same transaction, nothing half done remains.
    """

    _inherit = "approval.mixin"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals, approval_editor_id=self.env.uid) for vals in vals_list]
        if not self._approval_in_use():
            return super().create(vals_list)
        with self.browse()._approval_watching() as watch:
            documents = super().create(vals_list)
            watch.see_new(documents)
        return documents

    def write(self, vals):
        edits_terms = not self._approval_term_fields().isdisjoint(vals)
        vals = {
            name: value for name, value in vals.items() if name != "approval_editor_id"
        }
        if edits_terms and self.env.uid != SUPERUSER_ID:
            vals["approval_editor_id"] = self.env.uid
        if not self._approval_in_use() or not (
            edits_terms or self._approval_state_field in vals
        ):
            return super().write(vals)
        with self._approval_watching():
            return super().write(vals)

    def unlink(self):
        self._approval_end_open(self.env._("The document was deleted."))
        return super().unlink()

    # ------------------------------------------------------------
    # GATE
    # ------------------------------------------------------------

    @api.model
    def _approval_in_use(self):
        """Tell, without a query, whether any rule was ever made for this model."""
        return self._name in self.env["approval.rule"]._get_models_in_use()

    def _approval_required(self):
        """Return those of the documents for which a rule matches now."""
        if not self._approval_in_use():
            return self.browse()
        routes = self.env["approval.rule"]._match(self)
        return self.filtered(lambda document: document.id in routes)

    def _approval_given(self):
        """Return those with an approval in force for exactly these terms."""
        if not self._approval_in_use():
            return self.browse()
        approved = {
            document_id: process.fingerprint
            for document_id, process in self._approval_latest().items()
            if process.state == "approved"
        }
        return self.filtered(
            lambda document: (
                document.id in approved
                and approved[document.id] == document._approval_fingerprint()
            )
        )

    def _approval_missing(self):
        """Return those that need an approval and do not have it."""
        required = self._approval_required()
        return required - required._approval_given()

    def _approval_is_gated(self):
        return self[self._approval_state_field] in self._approval_gate_states

    def _approval_is_waiting(self):
        return self[self._approval_state_field] in self._approval_waiting_states

    # ------------------------------------------------------------
    # WATCH
    # ------------------------------------------------------------

    @contextmanager
    def _approval_watching(self):
        """Judge the documents, and those added to the watch, when the block ends."""
        data = self.env.cr.precommit.data
        watch = data.get(WATCH)
        if watch is not None:
            watch.see(self)
            yield watch
            return
        watch = data[WATCH] = Watch()
        try:
            watch.see(self)
            yield watch
        finally:
            data.pop(WATCH, None)
        watch.settle(self.env)

    def _approval_settle(self, before):
        """Judge what the documents have become.

        :param dict before: by document id, whether it was in an approved state and
            its terms then; ``None`` for terms that could not be seen before
        """
        documents = self.sudo().exists()
        was_gated = documents.filtered(lambda document: before[document.id][0])
        gated = documents.filtered(lambda document: document._approval_is_gated())
        (gated - was_gated)._approval_check_gate()
        (was_gated - gated)._approval_revoke()
        (was_gated & gated)._approval_recheck(before)
        (documents - gated)._approval_follow()

    def _approval_check_gate(self):
        missing = self._approval_missing()
        if missing:
            raise UserError(
                self.env._(
                    "Approval is required first: %(documents)s. "
                    "Submit for approval; the last approval confirms.",
                    documents=", ".join(missing.mapped("display_name")),
                )
            )

    def _approval_revoke(self):
        """The document left the approved state: its approval is used up."""
        processes = self._approval_processes("approved")
        processes._close(
            "superseded", self.env._("The document left its approved state.")
        )

    def _approval_recheck(self, before):
        """Send approved documents whose terms changed back to their approvers."""
        changed = self.browse()
        latest = self._approval_latest()
        for document in self:
            old, new = before[document.id][1], document._approval_terms()
            if old == new:
                continue
            if old is not None and document._approval_terms_kept(old, new):
                process = latest.get(document.id)
                if process and process.state == "approved":
                    process._log("kept", details={"terms": new})
                continue
            changed |= document
        changed = changed._approval_missing()
        if changed:
            changed._approval_processes("approved")._close(
                "superseded", self.env._("The terms changed after approval.")
            )
            changed._approval_reopened()

    def _approval_follow(self):
        """Keep requests in step with documents that are not approved (yet)."""
        held = self._approval_processes("open")
        waiting = self.filtered(lambda document: document._approval_is_waiting())
        ended = held.filtered(lambda process: process.res_id not in waiting._ids)
        ended._close(
            "cancelled",
            self.env._("The document does not wait for approval any more."),
        )
        stale = (held - ended).filtered(
            lambda process: (
                process.fingerprint
                != self.browse(process.res_id)._approval_fingerprint()
            )
        )
        stale._close("superseded", self.env._("The terms changed during approval."))
        still_held = (held - ended - stale).mapped("res_id")
        unheld = waiting.filtered(lambda document: document.id not in still_held)
        required = unheld._approval_required()
        if required:
            self.env["approval.process"]._start(required)
        freed = (unheld - required).filtered(
            lambda document: document.id in stale.mapped("res_id")
        )
        if freed:
            freed._approval_refused(
                self.env._("After the change no approval is needed any more.")
            )

    def _approval_processes(self, state):
        latest = self._approval_latest().values()
        return self.env["approval.process"].union(
            *(process for process in latest if process.state == state)
        )

    def _approval_end_open(self, reason):
        if self._approval_in_use():
            self._approval_processes("open")._close("cancelled", reason)

    def _approval_mark_edited(self):
        """Remember who changed the terms through another record, e.g. a line."""
        if self.env.uid == SUPERUSER_ID:
            return
        others = self.filtered(
            lambda document: document.sudo().approval_editor_id.id != self.env.uid
        )
        if others:
            super(ApprovalMixin, others.sudo()).write(
                {"approval_editor_id": self.env.uid}
            )


class Watch:
    """What the documents touched by one outermost call were before it."""

    def __init__(self):
        self.before = {}

    def see(self, documents):
        """Remember documents as they are now, unless seen earlier."""
        for document in documents.sudo():
            key = (document._name, document.id)
            if key in self.before:
                continue
            gated = document._approval_is_gated()
            terms = document._approval_terms() if gated else None
            self.before[key] = (gated, terms)

    def see_new(self, documents):
        """Remember documents that did not exist before."""
        for document in documents:
            self.before[document._name, document.id] = (False, None)

    def see_changed(self, documents):
        """Remember documents met only after their terms changed."""
        for document in documents.sudo():
            self.before.setdefault(
                (document._name, document.id),
                (document._approval_is_gated(), None),
            )

    def settle(self, env):
        """Judge all documents seen, model by model."""
        by_model = {}
        for (model, document_id), before in self.before.items():
            by_model.setdefault(model, {})[document_id] = before
        for model, before in by_model.items():
            env[model].browse(before)._approval_settle(before)
