from odoo import api, models

from ..fingerprint import fingerprint
from ..system import as_system


class ApprovalDocument(models.AbstractModel):
    """What a model says about its documents, so that rules can put them under approval.

    A model inherits ``approval.mixin``, and must implement ``_approval_amount``,
    ``_approval_terms`` and ``_approval_term_fields``, and usually what happens in the
    end: ``_approval_granted``, ``_approval_refused``, ``_approval_reopened``. The rest
    has defaults.
    """

    _name = "approval.document"
    _description = "Document as approvals see it"

    #: Field with the state of the document.
    _approval_state_field = "state"
    #: States nobody reaches without approval while a rule matches.
    _approval_gate_states = ()
    #: States in which the document waits for its approvers.
    _approval_waiting_states = ()
    #: States in which what was approved once counts no more.
    _approval_void_states = ()

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    @api.model
    def _approval_rule_model(self):
        """Return the name of the model whose rules route these documents."""
        return self._name

    def _approval_matching(self, domain):
        """Return those that meet the condition of a rule.

        :param list domain: on :meth:`_approval_rule_model`
        """
        return self.filtered_domain(domain)

    # ------------------------------------------------------------
    # AMOUNT
    # ------------------------------------------------------------

    def _approval_company(self):
        """Return the company whose rules, currency and people count."""
        self.ensure_one()
        return self.company_id

    def _approval_amount(self):
        """Return what the document comes to.

        :return: amount in the currency of :meth:`_approval_company`, at the
            document's own date
        :rtype: float
        """
        raise NotImplementedError

    def _approval_threshold_amount(self):
        """Return the amount that ranges of rules compare with.

        It may be stricter than the amount shown, never looser.
        """
        return self._approval_amount()

    def _approval_amount_beside(self, threshold):
        """Return :meth:`_approval_amount`, where that of ranges is known already.

        :param float threshold: :meth:`_approval_threshold_amount`, as it is now
        """
        return self._approval_amount()

    def _approval_check_amount(self):
        """Refuse documents whose amount cannot be told any more: nobody knows what the
        last approval would confirm.

        :raises UserError: when something is missing, say an exchange rate
        """

    # ------------------------------------------------------------
    # TERMS
    # ------------------------------------------------------------

    def _approval_terms(self):
        """Return what is approved: ids, dates and numbers as fixed-point strings.

        :return: JSON-like value without floats, see ``fingerprint.canonical``
        :rtype: dict
        """
        raise NotImplementedError

    @api.model
    def _approval_terms_version(self):
        """Return the version of the shape that :meth:`_approval_terms` has.

        A request keeps the version of its terms. Whoever changes the shape raises the
        number of their part, and says in :meth:`_approval_terms_as` how the terms
        looked before, so that what is approved stays approved.

        :return: number by name of the part, usually the addon that adds to the terms
        :rtype: dict
        """
        return {}

    def _approval_terms_as(self, version):
        """Return the terms of the document in the shape of an older version.

        :param dict version: what :meth:`_approval_terms_version` was at that time; a
            part that is missing did not add to the terms then
        """
        return self._approval_terms()

    def _approval_term_fields(self):
        """Return the names of the fields whose change may change the terms.

        :rtype: frozenset
        """
        return frozenset()

    def _approval_fingerprint(self, version=None):
        """Return the hash of the terms.

        :param dict version: of the shape to compare with; default: the present one
        """
        self.ensure_one()
        document = as_system(self)
        if version is None or version == document._approval_terms_version():
            return fingerprint(document._approval_terms())
        return fingerprint(document._approval_terms_as(version))

    def _approval_terms_kept(self, approved, current):
        """Tell whether an approved document may keep its approval after a change.

        :param dict approved: terms before the change
        :param dict current: terms after it
        """
        return False

    def _approval_only_amounts_differ(self, approved, current):
        """Tell whether quantities and prices are all that changed.

        :param dict approved: terms before the change
        :param dict current: terms after it
        """
        return False

    def _approval_lines_tolerated(self, approved, current, percent):
        """Tell whether each part of the terms stays within a tolerance.

        :param dict approved: terms as they were approved
        :param dict current: terms now, in the same shape; quantities and prices are
            all that changed since the last change that was kept
        :param float percent: the tolerance
        """
        return True

    # ------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------

    def _approval_summary(self):
        """Return the terms in words, for approvers who cannot open the document.

        :return: ``{"about": …, "facts": [[label, value], …], "columns": […],
            "rows": [[…], …], "total": …}``; *about* is the one line that a phone has
            room for, *total* what the rows come to, and if taxes are part of it
        """
        return {"about": "", "facts": [], "columns": [], "rows": []}

    def _approval_summaries(self):
        """Return the summaries of many documents, in their order.

        Whoever has to ask the database for a summary asks once for all of them here.

        :rtype: list
        """
        return [document._approval_summary() for document in self]

    def _approval_describe(self, terms):
        """Return terms, also such as are not any more, in the reader's language.

        :param dict terms: what :meth:`_approval_terms` returned at some time
        :return: ``{"facts": [[label, value], …], "columns": […], "rows": [[…], …]}``
        """
        facts = [
            [self._fields[name].get_description(self.env)["string"], str(value)]
            for name, value in terms.items()
            if name in self._fields and not isinstance(value, (dict, list))
        ]
        return {"facts": facts, "columns": [], "rows": []}

    def _approval_warnings(self):
        """Return what approvers should stop at before they decide.

        It runs as the system, see :meth:`_approval_for_texts`, on many documents at
        once: whoever has to ask the database asks once for all of them. The user stays
        who they are: figures of other documents are only for who may read those.

        :return: by document ``[(mark, sentence), …]``: a few words that go on after a
            colon, e.g. *over budget*, and what there is to know about it, or nothing
        :rtype: dict
        """
        return {document: [] for document in self}

    def _approval_comparisons(self):
        """Return what approvers should stop at that only shows beside other documents,
        such as the same once more.

        As :meth:`_approval_warnings`, but asked for only where somebody decides.

        :return: by document ``[(mark, sentence), …]``; may leave out documents
        :rtype: dict
        """
        return {}

    def _approval_row_notes(self):
        """Return what to know of the first rows of the summaries that only shows beside
        other documents, such as that it was cheaper before.

        As :meth:`_approval_comparisons`.

        :return: by document, texts by number of the row; may leave out both
        :rtype: dict
        """
        return {}

    def _approval_details(self):
        """Return what else whoever decides may want to know: what takes time to find
        out, or is not for everybody who reads the request.

        As :meth:`_approval_warnings`, but asked for only where somebody decides, or is
        written to about it, and kept nowhere.

        :return: by document ``[(label, text), …]``; may leave out documents
        :rtype: dict
        """
        return {}

    def _approval_links(self):
        """Return where whoever decides can look further, or do something about it.

        It runs with the rights of the user, on many documents at once. What the user
        may not open is left out.

        :return: by document ``[{"about": text, "ways": [{"label": text, "action": an
            action or its XML id, "context": {…}}, …]}, …]``
        :rtype: dict
        """
        return {}

    @api.model
    def _approval_name(self, model, *ids):
        """Return the names of records, of which some may be gone, or never were."""
        known = {str(id_): id_ for id_ in ids if id_}
        records = self.env[model].browse(
            int(key) for key in known if key.isdecimal() and int(key) < 2**31
        )
        found = records.exists()
        names = {str(record.id): record.display_name for record in found}
        return ", ".join(names.get(key, f"#{key}") for key in known)

    def _approval_for_texts(self):
        """Return the documents as the system, in their own company, for texts in the
        language and time zone of the user."""
        documents = as_system(self, for_texts=True)
        return documents.with_company(documents[:1]._approval_company())

    # ------------------------------------------------------------
    # PEOPLE AND TIME
    # ------------------------------------------------------------

    def _approval_contacts(self):
        """Return the contacts that texts about the documents name, with the system's
        rights: they are read together with those of the people who are asked."""
        return self.env["res.partner"].sudo()

    def _approval_requester(self):
        """Return who asks: the user, or the owner when the system submits."""
        return self.env.user

    def _approval_check_submission(self):
        """Refuse what the user cannot submit, before they read who would be asked.

        :raises AccessError: for those who must not
        :raises UserError: when something is missing
        """
        self.check_access("write")

    def _approval_as_submitter(self):
        """Return the document as whoever submits it: the user, or the system."""
        return self

    def _approval_excluded_users(self):
        """Return who must not decide besides those who ask or changed the terms."""
        return self.env["res.users"]

    def _approval_reader_view(self):
        """Return the form for approvers who have no other business with the model.

        :return: ``ir.ui.view``; nothing: the form everybody has
        """
        return self.env["ir.ui.view"]

    def _approval_readable_by(self, user, lent=True):
        """Return those of the documents that a user may read, in their company.

        :param bool lent: also those that they read for no other reason than being asked
        """
        readable = self.browse()
        for company, documents in self.grouped(
            lambda document: document._approval_company()
        ).items():
            as_user = documents.with_user(user).with_context(
                allowed_company_ids=company.ids
            )
            found = as_user._filtered_access("read")
            if not lent:
                found -= as_user._approval_lent()
            readable |= found.with_env(self.env)
        return readable

    def _approval_urgency(self):
        """Return how urgent it is: approvers see the higher number first.

        :return: zero where it is not urgent
        :rtype: int
        """
        return 0

    def _approval_level(self):
        """Return the level of what is urgent, as name and number of a colour.

        It runs as the system, see :meth:`_approval_for_texts`.
        """
        return self.env._("Urgent"), 1

    @api.model
    def _approval_find_levels(self, ids):
        """Return the levels of documents that are urgent, as :meth:`_approval_level`.

        The counter of the inbox asks for it again and again: it reads no more of the
        documents than it needs.

        :param ids: of documents, of which some may be gone
        :rtype: dict
        """
        documents = self.sudo().browse(ids)._approval_existing()
        return {
            document.id: document._approval_for_texts()._approval_level()
            for document in documents
        }

    def _approval_limit_hours(self, step):
        """Return the working hours a step has for this document; zero: no limit."""
        return self._approval_adapt_hours(step.limit_hours, step.on_timeout)

    def _approval_adapt_hours(self, hours, on_timeout):
        """Return the working hours a step has under the document's present urgency.

        It is asked when a step is prepared, and again by :meth:`_approval_relimit`.

        :param float hours: what the rule gives; zero: no limit
        :param str on_timeout: what follows on the limit, see ``approval.rule.step``
        """
        return hours

    # ------------------------------------------------------------
    # RESULTS: these run with the system's rights
    # ------------------------------------------------------------

    def _approval_granted(self):
        """Carry out what was approved."""

    def _approval_refused(self, reason):
        """Hand the document back to its owner."""

    def _approval_reopened(self):
        """Leave the approved state: the terms are not those that were approved."""

    # ------------------------------------------------------------
    # TERMS WRITTEN BACK: this runs with the rights of the user
    # ------------------------------------------------------------

    def _approval_is_restorable(self, terms):
        """Tell whether :meth:`_approval_write_terms` can write these terms, and has
        something to write."""
        return False

    def _approval_write_terms(self, terms):
        """Give the document the terms it had.

        :param dict terms: what :meth:`_approval_terms` returned at some time
        :raises UserError: when something of them is not there any more
        """
        raise NotImplementedError

    # ------------------------------------------------------------
    # STATE
    # ------------------------------------------------------------

    def _approval_is_gated(self):
        return self[self._approval_state_field] in self._approval_gate_states

    def _approval_is_waiting(self):
        return self[self._approval_state_field] in self._approval_waiting_states

    def _approval_is_void(self):
        return self[self._approval_state_field] in self._approval_void_states

    def _approval_existing(self):
        """Return the documents that are still there.

        What this transaction has read exists; the others are read now, all at once.
        """
        state = self._approval_state_field
        unread = self.browse(doc.id for doc in self if state not in doc._cache)
        if not unread:
            return self
        found = self.with_context(active_test=False).search_fetch(
            [("id", "in", unread.ids)]
        )
        return self - (unread - found)
