from odoo import api, fields, models
from odoo.exceptions import UserError


class UrgencyAnswer(models.TransientModel):
    """What to say to a customer, or to a colleague beyond the quota."""

    _name = "urgency.answer"
    _description = "Answer to a Wish for Urgency"

    answer = fields.Selection(
        [
            ("refuse", "Do not grant"),
            ("accept", "Accept the customer's wish"),
            ("decline", "Decline the customer's wish"),
        ],
        required=True,
    )
    res_model = fields.Char(required=True)
    res_ids = fields.Json()
    urgency_level_id = fields.Many2one(
        "urgency.level",
        string="Urgency",
        domain=[("is_urgent", "=", True)],
        # the mildest of the levels: the customer has not chosen one
        default=lambda self: self.env["urgency.level"].search(
            [("is_urgent", "=", True)], limit=1
        ),
    )
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
        if self.answer == "accept":
            orders._accept_wish(self.urgency_level_id)
        elif self.answer == "decline":
            orders._decline_wish(self.text)
        else:
            orders.action_refuse_urgency(self.text)
        return {"type": "ir.actions.act_window_close"}

    def _get_orders(self):
        models_asked = ["sale.order"]
        if self.answer == "refuse":
            models_asked = self.env.registry["urgency.mixin"]._inherit_children
        ids = self.res_ids
        if (
            self.res_model not in models_asked
            or not isinstance(ids, list)
            or not ids
            or not all(type(each) is int and 0 < each < 2**31 for each in ids)
        ):
            raise UserError(self.env._("Open the order and answer there."))
        orders = self.env[self.res_model].browse(ids).exists()
        if not orders:
            raise UserError(self.env._("There is no such order any more."))
        return orders
