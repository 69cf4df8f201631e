from odoo import api, fields, models
from odoo.exceptions import UserError


class UrgencyAnswer(models.TransientModel):
    """Asks why urgency is not given, and for which level it is."""

    _name = "urgency.answer"
    _description = "Answer to a Wish for Urgency"

    answer = fields.Selection(
        [
            ("refuse", "Do not grant"),
        ],
        required=True,
    )
    res_model = fields.Char(required=True)
    res_ids = fields.Json(required=True)
    text = fields.Text(string="Message")

    @api.model
    def _open(self, orders, answer):
        """Return the action that asks, about orders of one model.

        :param str answer: what will be answered
        """
        labels = dict(self._fields["answer"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": labels[answer],
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_answer": answer,
                "default_res_model": orders._name,
                "default_res_ids": orders.ids,
            },
        }

    def action_confirm(self):
        """Carry the answer out, with the rights of the user.

        :raises UserError: when it is about nothing that can be urgent
        """
        self.ensure_one()
        orders = self._get_orders()
        orders.action_refuse_urgency(self.text)
        return {"type": "ir.actions.act_window_close"}

    def _get_orders(self):
        model = self.env.get(self.res_model)
        ids = self.res_ids if isinstance(self.res_ids, list) else []
        if (
            model is None
            or "urgency_asked_level_id" not in model._fields
            or model._abstract
            or not all(isinstance(each, int) for each in ids)
        ):
            raise UserError(self.env._("Open the order and answer there."))
        return model.browse(ids).exists()
