from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix.reserved_fields import (
    without_defaults,
    without_values,
)
from odoo.addons.approval_matrix.system import as_system

#: Only the system writes these: what they name is cancelled.
SYSTEM_FIELDS = frozenset({"approval_alternatives"})

#: States in which Odoo cancels an alternative.
OPEN = ("draft", "sent", "to approve")


class PurchaseOrder(models.Model):
    """Alternatives fall when the order is approved, not when it is submitted."""

    _inherit = "purchase.order"

    approval_alternatives = fields.Json(
        string="Alternatives to Cancel",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Which alternatives fall with the approval: their terms as they were when "
        "the buyer chose so, by id.",
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [without_values(vals, SYSTEM_FIELDS) for vals in vals_list]
        return super(PurchaseOrder, without_defaults(self, SYSTEM_FIELDS)).create(
            vals_list
        )

    def write(self, vals):
        vals = without_values(vals, SYSTEM_FIELDS)
        result = super().write(vals)
        if "state" in vals and self._approval_in_use():
            if vals["state"] in ("draft", "sent", "cancel"):
                self._approval_forget_alternatives()
            elif vals["state"] == "purchase":
                self.filtered("purchase_group_id")._approval_settle_alternatives()
        return result

    # ------------------------------------------------------------
    # ALTERNATIVES
    # ------------------------------------------------------------

    def _approval_hold_alternatives(self, alternatives):
        """Remember which alternatives fall when the orders are confirmed.

        :param alternatives: those that the user wants to cancel; the user must have the
            right to, since the system cancels them later
        """
        alternatives = (alternatives - self).filtered(lambda each: each.state in OPEN)
        (self | alternatives).check_access("write")
        orders, alternatives = as_system(self), as_system(alternatives)
        for order in orders.filtered(lambda order: order.state != "cancel"):
            held = alternatives & order.alternative_po_ids
            order._approval_write(
                {
                    "approval_alternatives": {
                        str(each.id): each._approval_terms() for each in held
                    }
                }
            )

    def _approval_forget_alternatives(self):
        """The order is no candidate any more: its alternatives stay as they are."""
        held = as_system(self).filtered("approval_alternatives")
        held._approval_write({"approval_alternatives": False})

    def _approval_settle_alternatives(self):
        """Cancel what falls with the orders, once it is sure that they are confirmed;
        say what will fall with those that wait."""
        held = as_system(self, for_texts=True).filtered("approval_alternatives")
        for order in held.filtered(lambda order: order.state == "to approve"):
            names = ", ".join(order._approval_get_alternatives().mapped("name"))
            order._message_log(
                body=order.env._(
                    "Cancelled when this order is approved: %(orders)s", orders=names
                )
            )
        if any(order.state == "purchase" for order in held):
            with held._approval_watching() as judge:
                judge.afterwards.append(held._approval_cancel_alternatives)

    def _approval_cancel_alternatives(self):
        for order in self.filtered(lambda order: order.state == "purchase"):
            chosen = order.approval_alternatives or {}
            alternatives = order._approval_get_alternatives()
            order._approval_write({"approval_alternatives": False})
            alternatives = alternatives.filtered(lambda each: each.state != "cancel")
            cancelled = alternatives.filtered(
                lambda each, order=order, chosen=chosen: (
                    order._approval_has_alternative(each, chosen[str(each.id)])
                    and each._approval_cancel_as_alternative()
                )
            )
            order._approval_log_alternatives(cancelled, alternatives - cancelled)

    def _approval_log_alternatives(self, cancelled, left):
        self.ensure_one()
        env = self.env
        if cancelled:
            names = ", ".join(cancelled.mapped("name"))
            self._message_log(
                body=env._(
                    "Cancelled, since this order is confirmed: %(orders)s", orders=names
                )
            )
        if left:
            names = ", ".join(left.mapped("name"))
            self._message_log(
                body=env._(
                    "Not cancelled, since they were confirmed or changed meanwhile, or "
                    "cannot be cancelled: %(orders)s",
                    orders=names,
                )
            )

    def _approval_has_alternative(self, alternative, terms):
        """Tell whether it is still what the buyer wanted to cancel.

        :param dict terms: of the alternative at that time
        """
        self.ensure_one()
        current = as_system(alternative)._approval_terms()
        return (
            alternative.state in OPEN
            and alternative.company_id == self.company_id
            and alternative in self.alternative_po_ids
            and (terms == current or self._approval_terms_kept(terms, current))
        )

    def _approval_cancel_as_alternative(self):
        """Cancel an alternative; one that refuses must not hold up the approval.

        :return: whether it is cancelled
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.button_cancel()
        except UserError:
            return False
        return self.state == "cancel"

    def _approval_get_alternatives(self):
        self.ensure_one()
        chosen = self.sudo().approval_alternatives or {}
        return self.browse(int(id_) for id_ in chosen).exists()

    # ------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------

    def _approval_facts(self):
        names = self.sudo()._approval_get_alternatives().mapped("name")
        label = self.env._("Alternatives to Cancel")
        return [*super()._approval_facts(), (label, ", ".join(names))]
