from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

#: Key of the open watch among the data of the cursor: remote callers can set
#: context keys, never this.
WATCH = "approval_matrix.watch"


class ApprovalMixin(models.AbstractModel):
    """The gate: checks on every way a document's state or terms can change.

    A *watch* opens with the first of our ``create``/``write``/``unlink`` that touches
    state, terms or conditions, and is settled when that call ends, so that a form
    saved with twenty lines is judged once, by what it became. As the judgement comes
    after the change and raises inside the same transaction, nothing half done remains.
    """

    _inherit = "approval.mixin"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        editor = self._approval_get_editor()
        vals_list = [dict(vals, approval_editor_id=editor) for vals in vals_list]
        if not self._approval_in_use():
            return super().create(vals_list)
        with self.browse()._approval_watching() as watch:
            documents = super().create(vals_list)
            watch.see_new(documents)
        return documents

    def write(self, vals):
        protected = ("approval_editor_id", "approval_revision")
        vals = {name: value for name, value in vals.items() if name not in protected}
        edits_terms = not self._approval_term_fields().isdisjoint(vals)
        editor = edits_terms and self._approval_get_editor()
        if editor:
            vals["approval_editor_id"] = editor
        if not self._approval_in_use() or not (
            edits_terms
            or self._approval_state_field in vals
            or not self._approval_condition_fields().isdisjoint(vals)
        ):
            return super().write(vals)
        with self._approval_watching():
            return super().write(vals)

    @api.model
    def _approval_get_editor(self):
        """Return who must not approve what they write now: neither the system nor
        portal users ever could, and they do not make room for who edited before."""
        user = self.env.user
        return user.id if user.id != SUPERUSER_ID and not user.share else False

    def unlink(self):
        self._approval_end_open(self.env._("The document was deleted."))
        return super().unlink()

    # ------------------------------------------------------------
    # GATE
    # ------------------------------------------------------------

    @api.model
    def _approval_in_use(self):
        """Tell whether any rule was ever made for this model, at next to no cost."""
        return self.env["approval.rule"]._is_in_use(self._name)

    @api.model
    def _approval_condition_fields(self):
        """Return the fields that decide which rule matches, besides the terms."""
        return self.env["approval.rule"]._get_condition_fields(self._name)

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

        :param dict before: by document id, whether it was in an approved state, and
            then its terms and conditions; ``None`` for what could not be seen
        """
        documents = self.sudo()._approval_existing()
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
                    documents=", ".join(
                        missing._approval_trusted().mapped("display_name")
                    ),
                )
            )

    def _approval_revoke(self):
        """The document left the approved state: its approval is used up."""
        processes = self._approval_processes("approved")
        processes._close(
            "cancelled", self.env._("The document left its approved state.")
        )

    def _approval_recheck(self, before):
        """Send approved documents whose terms changed back to their approvers.

        So goes a document that needed no approval when it was confirmed, but does
        under the conditions it was given afterwards.
        """
        changed = self.browse()
        latest = self._approval_latest()
        for document in self:
            _gated, old, conditions = before[document.id]
            new = document._approval_terms()
            if old == new and conditions == document._approval_conditions():
                continue
            process = latest.get(document.id)
            if (
                old is not None
                and old != new
                and process
                and process.state == "approved"
                and (
                    document._approval_terms_kept(old, new)
                    or document._approval_is_tolerated(process, old, new)
                )
            ):
                process._keep(new)
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
        """Remember who changed the terms through another record, e.g. a line.

        The document's own row is updated in any case: whoever confirms or approves
        it at the same moment then meets a serialization error, not old terms.
        """
        editor = self._approval_get_editor()
        for document in self.sudo():
            values = {"approval_revision": document.approval_revision + 1}
            if editor:
                values["approval_editor_id"] = editor
            # past our own write(), which keeps these fields from callers
            super(ApprovalMixin, document).write(values)
        return True

    def _approval_conditions(self):
        """Return the values that conditions of rules look at, to compare them."""
        names = sorted(self._approval_condition_fields() - self._approval_term_fields())
        return [self[name] for name in names if name in self._fields]


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
            self.before[key] = (
                gated,
                gated and document._approval_terms(),
                gated and document._approval_conditions(),
            )

    def see_new(self, documents):
        """Remember documents that did not exist before."""
        for document in documents:
            self.before[document._name, document.id] = (False, None, None)

    def see_changed(self, documents):
        """Remember documents met only after their terms changed."""
        for document in documents.sudo():
            self.before.setdefault(
                (document._name, document.id),
                (document._approval_is_gated(), None, None),
            )

    def settle(self, env):
        """Judge all documents seen, model by model."""
        by_model = {}
        for (model, document_id), before in self.before.items():
            by_model.setdefault(model, {})[document_id] = before
        for model, before in by_model.items():
            env[model].browse(before)._approval_settle(before)
