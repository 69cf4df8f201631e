from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.approval_matrix.system import as_system


class SupplyQuestionMixin(models.AbstractModel):
    """Records that departments ask each other about: documents, and their lines.

    A model that inherits this has the buttons, and says what questions ask of it, see
    ``supply.question.subject``.
    """

    _name = "supply.question.mixin"
    _inherit = "supply.question.subject"
    _description = "Record with questions"

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
    # WHICH QUESTIONS ARE MEANT
    # ------------------------------------------------------------

    @api.model
    def _get_question_fields(self):
        """Return the fields of a question that name the model and the id of these."""
        if self._question_document:
            return "res_model", "res_id"
        return "document_model", "document_id"

    def _get_question_domain(self):
        """Return which questions are about these: of a document also those about its
        lines."""
        model, record = self._get_question_fields()
        return [(model, "=", self._name), (record, "in", self._origin.ids)]
