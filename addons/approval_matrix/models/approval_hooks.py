from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..fingerprint import fingerprint


class ApprovalMixin(models.AbstractModel):
    """What a model says about itself to be put under approval."""

    _inherit = "approval.mixin"

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

    def _approval_terms(self):
        """Return what is approved: ids, dates and numbers as fixed-point strings.

        :return: JSON-like value without floats, see ``fingerprint.canonical``
        :rtype: dict
        """
        raise NotImplementedError

    def _approval_term_fields(self):
        """Return the names of the fields whose change may change the terms.

        :rtype: frozenset
        """
        return frozenset()

    def _approval_summary(self):
        """Return the terms in words, for approvers who cannot open the document.

        :return: ``{"about": …, "facts": [[label, value], …], "columns": […],
            "rows": [[…], …]}``; *about* is the one line that a phone has room for
        """
        return {"about": "", "facts": [], "columns": [], "rows": []}

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

    def _approval_is_urgent(self):
        """Tell whether approvers should see it first."""
        return False

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

    def _approval_relimit(self):
        """Bring the limits of running requests in line with the documents."""
        if self._approval_in_use():
            self._approval_processes("open")._relimit()

    def _approval_requester(self):
        """Return who asks: the user, or the owner when the system submits."""
        return self.env.user

    def _approval_kept_out(self):
        """Return who must not decide besides those who ask or changed the terms."""
        return self.env["res.users"]

    def _approval_neutral(self):
        """Return the documents with the system's rights and an empty context: what
        callers say there decides nothing."""
        return self.with_env(self.env(su=True, context={}))

    def _approval_trusted(self):
        """Return the documents likewise, in their own company, for texts: in the
        language and time zone of the user."""
        context = {
            name: self.env.context[name]
            for name in ("lang", "tz")
            if name in self.env.context
        }
        documents = self._approval_neutral().with_context(**context)
        return documents.with_company(documents[:1]._approval_company())

    def _approval_terms_kept(self, approved, current):
        """Tell whether an approved document may keep its approval after a change.

        :param dict approved: terms before the change
        :param dict current: terms after it
        """
        return False

    def _approval_is_tolerated(self, process, approved, current):
        """Tell whether a change stays within the tolerance of the rule.

        The amount that was approved is what counts, however many small changes come
        one after the other.
        """
        if not process.tolerance or not self._approval_only_amounts_differ(
            approved, current
        ):
            return False
        return all(
            abs(now - then) <= abs(then) * process.tolerance / 100
            for now, then in (
                (self._approval_amount(), process.amount),
                (self._approval_threshold_amount(), process.threshold_amount),
            )
        )

    def _approval_only_amounts_differ(self, approved, current):
        """Tell whether quantities and prices are all that changed.

        :param dict approved: terms before the change
        :param dict current: terms after it
        """
        return False

    def _approval_granted(self):
        """Carry out what was approved; runs with the system's rights."""

    def _approval_refused(self, reason):
        """Hand the document back to its owner; runs with the system's rights."""

    def _approval_reopened(self):
        """Leave the approved state: the terms are not those that were approved."""

    def _approval_check_start(self, rule, latest):
        """Refuse to start without a rule, or twice.

        :param rule: the matching ``approval.rule``, or nothing
        :param latest: the newest process of the document, or nothing
        """
        self.ensure_one()
        name = self._approval_trusted().display_name
        if not rule:
            raise UserError(
                self.env._(
                    "No approval rule applies to %(document)s: it needs none.",
                    document=name,
                )
            )
        if latest and latest.state == "open":
            raise UserError(
                self.env._("%(document)s already waits for approval.", document=name)
            )

    @api.model
    def _approval_grants(self):
        return self._approval_in_use() and super()._approval_grants()

    @api.model
    def _approval_asked_domain(self):
        return Domain("id", "in", self._approval_asked_documents(self._name))

    def _approval_reader_view(self):
        """Return the form for approvers who have no other business with the model.

        :return: ``ir.ui.view``; nothing: the form everybody has
        """
        return self.env["ir.ui.view"]

    def _approval_existing(self):
        """Return the documents that are still there.

        What this transaction has read is; the others are read now, at once.
        """
        state = self._approval_state_field
        unread = self.browse(doc.id for doc in self if state not in doc._cache)
        if not unread:
            return self
        found = self.with_context(active_test=False).search_fetch(
            [("id", "in", unread.ids)]
        )
        return self - (unread - found)

    def _approval_readable_by(self, user):
        """Return those of the documents that a user may read, in their company."""
        readable = self.browse()
        for company, documents in self.grouped(
            lambda document: document._approval_company()
        ).items():
            as_user = documents.with_user(user).with_context(
                allowed_company_ids=company.ids
            )
            readable |= as_user._filtered_access("read").with_env(self.env)
        return readable

    def _approval_fingerprint(self):
        self.ensure_one()
        return fingerprint(self._approval_neutral()._approval_terms())
