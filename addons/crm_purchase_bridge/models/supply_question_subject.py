from odoo import models


class SupplyQuestionSubject(models.AbstractModel):
    """What a record says of itself to questions about it: whom they ask, and what they
    show of it: names, products, quantities and days, never amounts.

    A model inherits ``supply.question.mixin``, which also brings the buttons.
    """

    _name = "supply.question.subject"
    _description = "Record as questions see it"

    #: Field of a line that leads to its document; nothing for documents.
    _question_document = None

    def _get_question_document(self):
        """Return the document: whoever may read it may read the question."""
        return self[self._question_document] if self._question_document else self

    def _get_question_lines(self):
        """Return the lines with products of which the user may choose one, if any."""
        return self.browse()

    def _get_question_name(self):
        """Return the name of the document, without amounts."""
        self.ensure_one()
        return self[self._rec_name] or self.env["ir.model"]._get(self._name).name

    def _get_question_subject(self):
        """Return what a question shows of this; called with the system's rights.

        :return: of these what there is: ``product_id``, ``quantity``,
            ``product_uom_id``, ``order_name``, ``needed_by``
        :rtype: dict
        """
        self.ensure_one()
        return {}

    def _get_question_people(self, department):
        """Return who of a department deals with this; called with the system's rights.

        :rtype: ``res.users``
        """
        return self.env["res.users"]
