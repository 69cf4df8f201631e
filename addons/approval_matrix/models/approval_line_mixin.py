from odoo import api, models
from odoo.fields import Domain


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
            return super().create(vals_list)
        values = [vals.get(self._approval_document_field) for vals in vals_list]
        known = {value for value in values if value and isinstance(value, int)}
        documents = Document.browse(known).sudo()._approval_existing()
        documents = documents.with_env(self.env)
        with documents._approval_watching() as judge:
            lines = super().create(vals_list)
            documents = lines[self._approval_document_field]
            documents._approval_mark_edited()
            judge.see_changed(documents)
        return lines

    def write(self, vals):
        Document = self._approval_document_model()
        if not Document._approval_in_use() or self._approval_term_fields().isdisjoint(
            vals
        ):
            return super().write(vals)
        with self[self._approval_document_field]._approval_watching() as judge:
            result = super().write(vals)
            documents = self[self._approval_document_field]
            documents._approval_mark_edited()
            judge.see_changed(documents)
        return result

    def unlink(self):
        Document = self._approval_document_model()
        if not Document._approval_in_use():
            return super().unlink()
        documents = self[self._approval_document_field]
        with documents._approval_watching():
            result = super().unlink()
            documents.exists()._approval_mark_edited()
        return result

    @api.model
    def _approval_grants(self):
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
