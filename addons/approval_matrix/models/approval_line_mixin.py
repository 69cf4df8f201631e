from odoo import api, models
from odoo.fields import Domain

from ..same_values import find_changed


class ApprovalLineMixin(models.AbstractModel):
    """A line whose content is part of the terms of a document under approval."""

    _name = "approval.line.mixin"
    _description = "Line of a document under approval"
    _inherit = ["approval.reading"]

    #: Field that leads to the document.
    _approval_document_field = "order_id"

    @api.model_create_multi
    def create(self, vals_list):
        Document = self._approval_document_model()
        if not Document._approval_in_use():
            lines = super().create(vals_list)
            lines[self._approval_document_field]._approval_note_editor()
            return lines
        values = [vals.get(self._approval_document_field) for vals in vals_list]
        with self._approval_get_documents(values)._approval_watching() as judge:
            lines = super().create(vals_list)
            documents = lines[self._approval_document_field]
            documents._approval_mark_edited()
            judge.see_changed(documents)
        return lines

    def write(self, vals):
        Document = self._approval_document_model()
        term_fields = self._approval_term_fields()
        if term_fields.isdisjoint(vals):
            return super().write(vals)
        documents = self[self._approval_document_field]
        if self._approval_document_field in vals:
            # it leaves one document for another
            target = vals[self._approval_document_field]
            target = self._approval_get_documents([target])
            target._approval_take_editors(documents)
            documents |= target
        changed = self._approval_find_changed_documents(documents, vals)
        if not Document._approval_in_use():
            changed._approval_note_editor()
            return super().write(vals)
        with documents._approval_watching() as judge:
            with (documents - changed)._approval_noting_terms():
                result = super().write(vals)
            documents |= self[self._approval_document_field]
            changed._approval_mark_edited()
            judge.see_changed(documents)
        return result

    def unlink(self):
        Document = self._approval_document_model()
        documents = self[self._approval_document_field]
        if not Document._approval_in_use():
            documents._approval_note_editor()
            return super().unlink()
        with documents._approval_watching():
            result = super().unlink()
            documents.exists()._approval_mark_edited()
        return result

    def _approval_get_documents(self, ids):
        """Return those documents that are there, by what callers give for their ids."""
        known = {value for value in ids if value and isinstance(value, int)}
        documents = self._approval_document_model().browse(known)
        return documents.sudo()._approval_existing().with_env(self.env)

    def _approval_find_changed_documents(self, documents, vals):
        """Return those of the documents whose lines get other values.

        :param dict vals: as :meth:`write` gets them
        """
        lines = find_changed(self, vals, self._approval_term_fields())
        if self._approval_document_field in vals:
            return documents if lines else documents.browse()
        return lines[self._approval_document_field]

    @api.model
    def _approval_grants(self):
        if self.env.su:
            return False
        Document = self._approval_document_model()
        return Document._approval_in_use() and super()._approval_grants()

    @api.model
    def _approval_asked_domain(self):
        documents = self._approval_asked_documents(
            self._approval_document_model()._name
        )
        return Domain(self._approval_document_field, "in", documents)

    @api.model
    def _approval_document_model(self):
        return self.env[self._fields[self._approval_document_field].comodel_name]

    def _approval_term_fields(self):
        """Return the names of the fields that are part of the document's terms.

        :rtype: frozenset
        """
        return frozenset({self._approval_document_field})
