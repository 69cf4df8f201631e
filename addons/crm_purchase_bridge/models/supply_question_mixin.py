from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.approval_matrix.system import as_system


class SupplyQuestionMixin(models.AbstractModel):
    """Records that departments ask each other about: documents, and their lines.

    A model that inherits this says whom to ask, and what a question shows of it: names,
    products, quantities and days, never amounts.
    """

    _name = "supply.question.mixin"
    _description = "Record with questions"

    #: Field of a line that leads to its document; nothing for documents.
    _question_document = None
    #: Key of the department that its button asks.
    _question_department = None

    question_count = fields.Integer(
        string="Open Questions",
        compute="_compute_question_count",
        groups="base.group_user",
    )

    def _compute_question_count(self):
        counts = dict(
            self.env["supply.question"]._read_group(
                Domain(self._get_question_domain()) & Domain("state", "=", "open"),
                [self._get_question_fields()[1]],
                ["__count"],
            )
        )
        for record in self:
            record.question_count = counts.get(record._origin.id, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_withdraw_questions(self):
        """Nobody needs an answer about what is gone."""
        questions = as_system(self.env["supply.question"])
        domain = [*self._get_question_domain(), ("state", "=", "open")]
        questions.search(domain)._close_unanswered()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_ask_question(self):
        """Open the dialog that asks about this."""
        return self.env["supply.question.ask"]._open(self, self._question_department)

    def action_view_questions(self):
        """Open the questions about this."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_purchase_bridge.supply_question_action"
        )
        return {**action, "domain": self._get_question_domain(), "context": {}}

    # ------------------------------------------------------------
    # WHAT A QUESTION SHOWS, AND WHOM IT ASKS
    # ------------------------------------------------------------

    @api.model
    def _get_question_fields(self):
        if self._question_document:
            return "res_model", "res_id"
        return "document_model", "document_id"

    def _get_question_domain(self):
        """Return which questions are about these: of a document also those about its
        lines."""
        model, record = self._get_question_fields()
        return [(model, "=", self._name), (record, "in", self._origin.ids)]

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
