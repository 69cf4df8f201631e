from odoo import api, fields, models
from odoo.exceptions import UserError


class SupplyQuestionReply(models.TransientModel):
    """Answers a question, or asks somebody else instead."""

    _name = "supply.question.reply"
    _description = "Reply to a Question"

    question_id = fields.Many2one("supply.question", required=True, ondelete="cascade")
    kind = fields.Selection(
        [("answer", "Answer"), ("forward", "Forward")],
        required=True,
        default="answer",
    )
    # what it shows is read with the rights of the user
    question = fields.Text(related="question_id.text", related_sudo=False)
    asker_id = fields.Many2one(related="question_id.asker_id", related_sudo=False)
    document_name = fields.Char(related="question_id.document_name", related_sudo=False)
    product_id = fields.Many2one(related="question_id.product_id", related_sudo=False)
    quantity = fields.Float(related="question_id.quantity", related_sudo=False)
    product_uom_id = fields.Many2one(
        related="question_id.product_uom_id", related_sudo=False
    )
    order_name = fields.Char(related="question_id.order_name", related_sudo=False)
    needed_by = fields.Datetime(related="question_id.needed_by", related_sudo=False)
    text = fields.Text(string="Answer")
    user_id = fields.Many2one(
        "res.users",
        string="Forward To",
        domain="[('share', '=', False), ('id', '!=', uid)]",
    )

    @api.constrains("question_id")
    def _check_question(self):
        """Whoever may not read a question does not get to read it here."""
        self.sudo(False)._get_question()  # constraints have the system's rights

    @api.model
    def _open(self, question, kind):
        """Return the action that replies to one question."""
        question.ensure_one()
        question.check_access("read")
        question._check_may_answer()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": labels[kind],
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_question_id": question.id,
                "default_kind": kind,
                "dialog_size": "medium",
            },
        }

    def action_confirm(self):
        """Carry the reply out, with the rights of the user."""
        self.ensure_one()
        question = self._get_question()
        if self.kind == "answer":
            question._answer(self.text)
        elif self.user_id:
            question._forward(self.user_id)
        else:
            raise UserError(self.env._("Choose whom to ask instead."))
        return {"type": "ir.actions.act_window_close"}

    def _get_question(self):
        question = self.question_id.exists()
        if not question:
            raise UserError(self.env._("This question does not exist any more."))
        question.check_access("read")
        return question
