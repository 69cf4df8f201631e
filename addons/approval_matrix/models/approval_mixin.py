from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, sql

from ..reserved_fields import without_defaults, without_values
from ..same_values import find_changed
from ..system import as_system
from ..watch import Judge, watching

#: Only the system writes these.
SYSTEM_FIELDS = frozenset(
    {
        "approval_base",
        "approval_editor_ids",
        "approval_process_id",
        "approval_revision",
    }
)


class ApprovalMixin(models.AbstractModel):
    """A document that rules may put under approval, and the gate that nobody gets past.

    ``approval.document`` has what a model says about itself, ``approval_mixin_actions``
    what users see and do, ``approval_restore`` how terms that were approved come into
    force again.

    The gate looks at every ``create``, ``write`` and ``unlink`` that touches state,
    terms or conditions of rules, and judges when the outermost of these calls ends, see
    ``watch``: by what the document has become, so that no path leads around it.
    """

    _name = "approval.mixin"
    _description = "Document under approval"
    _inherit = ["approval.editing", "approval.reading"]

    approval_process_id = fields.Many2one(
        "approval.process",
        string="Approval",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The newest request for this document.",
    )
    approval_base = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="The terms in force before the change that is not approved yet.",
    )

    def _auto_init(self):
        """Documents from before this field get their newest request."""
        cr, table = self.env.cr, self._table
        columns = sql.table_columns(cr, table)
        if columns and "approval_process_id" not in columns:
            sql.create_column(cr, table, "approval_process_id", "int4")
            cr.execute(
                SQL(
                    """
                    UPDATE %s AS document SET approval_process_id = newest.id
                      FROM (SELECT res_id, MAX(id) AS id
                              FROM approval_process
                             WHERE res_model = %s
                          GROUP BY res_id) AS newest
                     WHERE document.id = newest.res_id
                    """,
                    SQL.identifier(table),
                    self._name,
                )
            )
        return super()._auto_init()

    # ------------------------------------------------------------
    # REQUESTS
    # ------------------------------------------------------------

    def _approval_current(self):
        """Return the newest request of each document, which may be none, with the
        system's rights.

        Nobody can write the id that the document keeps; it is not believed all the
        same: the request must name the document, too.

        :rtype: dict
        """
        if not self._approval_in_use():
            none = self.env["approval.process"].sudo()
            return {document: none for document in self}
        return self._approval_get_newest()

    def _approval_get_newest(self):
        """As ``_approval_current``, for those who know that there are requests."""
        newest = {}
        for document in self:
            process = document.sudo().approval_process_id
            names = (process.res_model, process.res_id)
            is_own = names == (self._name, document._origin.id)
            newest[document] = process if is_own else process.browse()
        return newest

    def _approval_processes(self, state):
        """Return the newest requests of the documents, as far as they have a state."""
        current = self._approval_current().values()
        return self.env["approval.process"].union(
            *(process for process in current if process.state == state)
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, SYSTEM_FIELDS)
        editor = self._approval_get_editor()
        noted = {"approval_editor_ids": [editor]} if editor else {}
        vals_list = [
            {**without_values(vals, SYSTEM_FIELDS), **noted} for vals in vals_list
        ]
        if not self._approval_in_use():
            return super().create(vals_list)
        with self.browse()._approval_watching() as judge:
            documents = super().create(vals_list)
            judge.see_new(documents)
        return documents

    def write(self, vals):
        vals = without_values(vals, SYSTEM_FIELDS)
        edits_terms = not self._approval_term_fields().isdisjoint(vals)
        in_use = self._approval_in_use()
        if not edits_terms and not (
            in_use
            and (
                self._approval_state_field in vals
                or not self._approval_condition_fields().isdisjoint(vals)
            )
        ):
            return super().write(vals)
        changed = self.browse()
        if edits_terms:
            changed = find_changed(self, vals, self._approval_term_fields())
            changed._approval_note_editor()
        if not in_use:
            return super().write(vals)
        with self._approval_watching():
            with (self - changed if edits_terms else changed)._approval_noting_terms():
                return super().write(vals)

    def unlink(self):
        if self._approval_in_use():
            held = self._approval_processes("open")
            reason = held._in_words().env._("The document was deleted.")
            held._close("cancelled", reason)
        return super().unlink()

    # ------------------------------------------------------------
    # GATE
    # ------------------------------------------------------------

    @api.model
    def _approval_in_use(self):
        """Tell whether any rule was ever made for this model, at next to no cost."""
        return self.env["approval.rule"]._is_in_use(self._approval_rule_model())

    @api.model
    def _approval_condition_fields(self):
        """Return the fields that decide which rule matches, besides the terms."""
        if self._approval_rule_model() != self._name:
            return frozenset()
        return self.env["approval.rule"]._get_condition_fields(self._name)

    def _approval_required(self):
        """Return those of the documents for which a rule matches now."""
        if not self._approval_in_use():
            return self.browse()
        routes = self.env["approval.rule"]._match(self)
        return self.filtered(lambda document: document.id in routes)

    def _approval_given(self):
        """Return those with an approval in force for exactly these terms."""
        current = self._approval_current()
        return self.filtered(
            lambda document: (
                current[document].state == "approved"
                and current[document]._has_terms_of(document)
            )
        )

    def _approval_missing(self):
        """Return those that need an approval and do not have it.

        What has one is not matched with rules, for which amounts must be counted.
        """
        return (self - self._approval_given())._approval_required()

    # ------------------------------------------------------------
    # START
    # ------------------------------------------------------------

    def _approval_start(self, routes=None):
        """Ask for approval of the documents.

        :param routes: the rules that match, as ``approval.rule._match`` found them a
            moment ago; it is asked if nothing is said
        :return: the new requests, in the order of the documents
        :raises UserError: without a matching rule, with a request open already, or
            when a step resolves to too few people
        """
        if routes is None:
            routes = self.env["approval.rule"]._match(self)
        current = self._approval_current()
        for document, process in current.items():
            document._approval_check_start(routes.get(document.id), process)
        # written first, so that of two submissions at once the second meets a
        # serialization error, which is retried, and not a unique index
        self._approval_touch()
        self.flush_recordset()
        return self.env["approval.process"]._start(self, routes, current)

    def _approval_check_start(self, rule, current):
        """Refuse to start without a rule, or twice.

        :param rule: the matching ``approval.rule``, or nothing
        :param current: the newest request of the document; may be empty
        """
        self.ensure_one()
        name = self._approval_for_texts().display_name
        if not rule:
            raise UserError(
                self.env._(
                    "No approval rule applies to %(document)s: it needs none.",
                    document=name,
                )
            )
        if current.state == "open":
            raise UserError(
                self.env._("%(document)s already waits for approval.", document=name)
            )

    def _approval_relimit(self):
        """Bring the limits of running requests in line with the documents."""
        if self._approval_in_use():
            self.env["approval.limit"]._relimit(self._approval_processes("open"))

    # ------------------------------------------------------------
    # JUDGEMENT
    # ------------------------------------------------------------

    @contextmanager
    def _approval_watching(self):
        """Judge the documents, and those noted in the block, when the outermost call
        has ended."""
        with watching(self.env, ApprovalJudge) as judge:
            judge.see(self)
            yield judge

    def _approval_judge(self, before):
        """Judge what the documents have become.

        :param dict before: by document id, whether it was in an approved state, and
            then its terms and conditions; ``None`` for what could not be seen; and
            whether it was in a waiting state
        """
        documents = self.sudo()._approval_existing()
        was_gated = documents.filtered(lambda document: before[document.id][0])
        gated = documents.filtered(lambda document: document._approval_is_gated())
        (gated - was_gated)._approval_check_gate()
        for document in gated.filtered("approval_base"):
            document._approval_write({"approval_base": False})
        ended = (documents - gated).filtered(
            lambda document: document._approval_is_void() and document.approval_base
        )
        for document in ended:
            document._approval_write({"approval_base": False})
        documents._approval_forget_rejection()
        (was_gated - gated)._approval_revoke()
        (was_gated & gated)._approval_recheck(before)
        waited = documents.filtered(lambda document: before[document.id][3])
        (documents - gated)._approval_follow(waited)

    def _approval_forget_rejection(self):
        """Whoever cancelled what was rejected has nothing to change any more."""
        void = self.filtered(lambda document: document._approval_is_void())
        refused = void._approval_processes("rejected").mapped("res_id")
        self.env["approval.notice"]._drop_rejected_to_dos(self.browse(refused))

    def _approval_check_gate(self):
        missing = self._approval_missing()
        if missing:
            raise UserError(
                self.env._(
                    "Approval is required first: %(documents)s. "
                    "Submit for approval; the last approval confirms.",
                    documents=", ".join(
                        missing._approval_for_texts().mapped("display_name")
                    ),
                )
            )

    def _approval_revoke(self):
        """The document left the approved state: its approval is used up."""
        approved = self._approval_processes("approved")
        reason = approved._in_words().env._("The document left its approved state.")
        approved._close("cancelled", reason)

    def _approval_recheck(self, before):
        """Send approved documents whose terms changed back to their approvers.

        The same happens to a document that needed no approval when it was confirmed,
        and needs one under the conditions it was given afterwards.
        """
        changed = {}
        for document, process in self._approval_current().items():
            _gated, old, conditions, _waited = before[document.id]
            new = document._approval_terms()
            if old == new and conditions == document._approval_conditions():
                continue
            if (
                old is not None
                and old != new
                and process.state == "approved"
                and (
                    document._approval_terms_kept(old, new)
                    or document._approval_is_tolerated(process, old, new)
                )
            ):
                process._keep(new)
                continue
            approved = process.state == "approved" and process.terms
            changed[document.id] = approved or old
        missing = self.browse(changed)._approval_missing()
        if missing:
            missing._approval_reopen({id_: changed[id_] for id_ in missing.ids})

    def _approval_reopen_silently_changed(self):
        """Send back what is not as it was approved, though nobody wrote it: contacts
        are merged, and fields changed, past the ORM.

        :return: the documents that went back
        """
        missing = self.sudo()._approval_missing()
        bases = {
            document.id: process.terms
            for document, process in missing._approval_current().items()
            if process.state == "approved"
            and document._approval_is_gated()
            and not document._approval_terms_kept(
                process.terms, document._approval_terms()
            )
        }
        changed = missing.browse(bases)
        if changed:
            with changed._approval_watching():
                changed._approval_reopen(bases)
        return changed.with_env(self.env)

    def _approval_reopen(self, bases):
        """Send approved documents back to their approvers.

        :param dict bases: by document id the terms that were in force until now
        """
        approved = self._approval_processes("approved")
        reason = approved._in_words().env._("The terms changed after approval.")
        approved._close("superseded", reason)
        for document in self:
            document._approval_write({"approval_base": bases[document.id]})
        self._approval_reopened()

    def _approval_follow(self, waited):
        """Keep requests in step with documents that are not approved (yet).

        :param waited: those which waited before this call, too
        """
        held = self._approval_processes("open")
        waiting = self.filtered(lambda document: document._approval_is_waiting())
        ended = held.filtered(lambda process: process.res_id not in waiting._ids)
        env = ended._in_words().env
        ended._close(
            "cancelled", env._("The document does not wait for approval any more.")
        )
        stale = (held - ended).filtered(
            lambda process: not process._has_terms_of(self.browse(process.res_id))
        )
        news = stale.filtered(
            lambda process: self.browse(process.res_id)._approval_only_news(process)
        )
        for process in news:
            self.browse(process.res_id)._approval_tell_news(process)
        stale -= news
        still_held = (held - ended - stale).mapped("res_id")
        unheld = self.filtered(lambda document: document.id not in still_held)
        restored = unheld._approval_restore()
        stale = stale.filtered(lambda process: process.state == "open")
        reason = stale._in_words().env._("The terms changed during approval.")
        stale._close("superseded", reason)
        unheld = unheld & waiting - restored
        routes = self.env["approval.rule"]._match(unheld)
        required = unheld.filtered(lambda document: document.id in routes)
        new = required - (required & waited)._approval_resting()
        if new:
            new._approval_start(routes)
        changed = unheld - required
        freed = changed.filtered("approval_base")
        if freed:
            # confirmed before the change, and nobody needs to be asked any more
            freed._approval_granted()
        never_confirmed = (changed - freed).filtered(
            lambda document: document.id in stale.mapped("res_id")
        )
        if never_confirmed:
            never_confirmed._approval_refused(
                self.env._("After the change no approval is needed any more.")
            )

    def _approval_only_news(self, process):
        """Tell whether an open request may go on with the terms as they are now.

        Both are compared in the shape that terms had when it started.
        """
        document = as_system(self)
        current = document._approval_terms_as(process.sudo().terms_version or {})
        return document._approval_terms_kept(process.sudo().terms, current)

    def _approval_tell_news(self, process):
        """Let an open request go on. Whoever brought the news did not touch what is
        decided: who may decide stays as it was."""
        document = as_system(self)
        process._keep(document._approval_terms())
        excluded = process.sudo().excluded_ids or ()
        editors = document.approval_editor_ids or []
        kept = [editor for editor in editors if editor in excluded]
        if kept != editors:
            document._approval_write({"approval_editor_ids": kept or False})

    def _approval_resting(self):
        """Return those that are as they were refused, or withdrawn: nobody is asked
        again before somebody changes them or says so."""
        return self.filtered(
            lambda document: any(
                process.state in ("rejected", "withdrawn")
                and process._has_terms_of(document)
                for process in document._approval_current().values()
            )
        )

    def _approval_restore(self):
        """Put the last approval into force again where its terms are back, see
        ``approval_restore``.

        :return: the documents that are approved again
        """
        return self.browse()

    def _approval_is_tolerated(self, process, approved, current):
        """Tell whether a change stays within the tolerance of the rule, in each of its
        lines and in all.

        What was approved is what counts, however many small changes come one after
        the other.

        :param dict approved: terms before the change
        :param dict current: terms after it
        """
        if not process.tolerance or not self._approval_only_amounts_differ(
            approved, current
        ):
            return False
        granted = process._get_granted_terms()
        version = process._get_granted_version() or {}
        if version != self._approval_terms_version():
            current = self._approval_terms_as(version)
        if not self._approval_lines_tolerated(granted, current, process.tolerance):
            return False
        return all(
            abs(now - then) <= abs(then) * process.tolerance / 100
            for now, then in (
                (self._approval_amount(), process.amount),
                (self._approval_threshold_amount(), process.threshold_amount),
            )
        )

    def _approval_conditions(self):
        """Return the values that conditions of rules look at, to compare them."""
        names = sorted(self._approval_condition_fields() - self._approval_term_fields())
        return [self[name] for name in names if name in self._fields]

    # ------------------------------------------------------------
    # READING: see ``approval.reading``
    # ------------------------------------------------------------

    @api.model
    def _approval_grants(self):
        return (
            not self.env.su and self._approval_in_use() and super()._approval_grants()
        )

    @api.model
    def _approval_asked_domain(self):
        return Domain("id", "in", self._approval_asked_documents(self._name))


class ApprovalJudge(Judge):
    """What the documents touched by one outermost call were before it.

    By model and id: whether the document was in an approved state, and then its terms
    and conditions; ``None`` for what could not be seen; whether it was in a waiting
    state.
    """

    sequence = 20

    def __init__(self, env):
        super().__init__(env)
        self.before = {}
        #: Functions to call when all is judged, for what depends on the outcome.
        self.afterwards = []

    def see(self, documents):
        """Remember documents as they are now, unless seen earlier."""
        for document in documents.sudo():
            key = (document._name, document.id)
            if key not in self.before:
                gated = document._approval_is_gated()
                terms = gated and document._approval_terms()
                conditions = gated and document._approval_conditions()
                waited = document._approval_is_waiting()
                self.before[key] = (gated, terms, conditions, waited)

    def see_new(self, documents):
        """Remember documents that did not exist before."""
        for document in documents:
            self.before[document._name, document.id] = (False, None, None, False)

    def see_changed(self, documents):
        """Remember documents met only after their terms changed."""
        for document in documents.sudo():
            gated, waited = (
                document._approval_is_gated(),
                document._approval_is_waiting(),
            )
            before = (gated, None, None, waited)
            self.before.setdefault((document._name, document.id), before)

    def settle(self):
        """Judge all documents seen, model by model."""
        by_model = {}
        for (model, document_id), before in self.before.items():
            by_model.setdefault(model, {})[document_id] = before
        for model, before in by_model.items():
            self.env[model].browse(before)._approval_judge(before)
        for call in self.afterwards:
            call()
