from odoo import SUPERUSER_ID, models
from odoo.tools import format_amount, format_date, formatLang


class PurchaseOrder(models.Model):
    """Purchase orders under approval, in Odoo's own states.

    *Confirm* leads to ``to approve``, which submits; the last approval confirms.
    Where a rule matches it replaces Odoo's double validation.
    ``purchase_order_terms`` says what is approved.
    """

    _name = "purchase.order"
    _inherit = ["purchase.order", "approval.mixin"]

    _approval_gate_states = ("purchase",)
    _approval_waiting_states = ("to approve",)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_submit_approval(self):
        """Confirm, which submits where a rule matches; ask again where nobody is asked.

        :raises UserError: when no rule applies to an order in *To Approve*
        """
        unheld = self.filtered(
            lambda order: order.state == "to approve" and order.approval_state != "open"
        )
        if unheld:
            unheld.check_access("write")
            self.env["approval.process"]._start(unheld)
        return (self - unheld).button_confirm()

    def button_confirm(self):
        """Judge all the orders together when they are confirmed together."""
        if not self._approval_in_use():
            return super().button_confirm()
        self.check_access("write")  # the watch reads with the system's rights
        with self._approval_watching():
            return super().button_confirm()

    def button_approve(self, force=False):
        """Confirm what needs no approval or has it; otherwise ask or decide.

        For an approver whose turn it is, this is the approval of their step.

        :raises UserError: when the order waits for somebody else
        """
        missing = self._approval_missing()
        if not missing:
            return super().button_approve(force=force)
        ready = self - missing
        if ready:
            super(PurchaseOrder, ready).button_approve(force=force)
        held = missing.filtered(lambda order: order.approval_state == "open")
        (missing - held).check_access("write")
        for order in missing - held:
            if order.state == "to approve":  # since before there was a rule
                order._submit_for_owner()
                held |= order.filtered("approval_can_decide")
            elif order.state in ("draft", "sent"):
                order.write({"state": "to approve"})
            else:
                super(PurchaseOrder, order).button_approve(force=force)
        if held:
            held.action_approve()
        return {}

    def _submit_for_owner(self):
        """Ask in the name of the buyer, who confirmed it before there was a rule."""
        self.ensure_one()
        owner = self.user_id or self.create_uid
        self.env["approval.process"].with_user(owner)._start(self.with_user(owner))

    # ------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------

    def _approval_allowed(self):
        if self._approval_required():
            return bool(self._approval_given())
        return super()._approval_allowed()

    def _approval_reader_view(self):
        return self.env.ref("urgent_orders.purchase_order_view_form_approver")

    def _approval_is_urgent(self):
        return self.is_urgent

    def _approval_requester(self):
        """The owner asks where the system, a vendor or somebody in sales submits.

        Requesters read prices: where the order was made for somebody in sales, too,
        nobody but the system asks.
        """
        requester = super()._approval_requester()
        if self.env.uid == SUPERUSER_ID:
            requester = requester.browse()
        for user in requester | self.user_id | self.create_uid:
            if user.has_group("purchase.group_purchase_user"):
                return user
        return requester.browse(SUPERUSER_ID)

    def _approval_kept_out(self):
        """Whose order it is does not approve it, though somebody else asks."""
        kept_out = super()._approval_kept_out()
        if self._approval_requester().id == SUPERUSER_ID:
            kept_out |= self.user_id or self.create_uid
        return kept_out

    def _approval_summary(self):
        self.ensure_one()
        env = self.env
        facts = [
            (env._("Vendor"), self.partner_id.display_name),
            (
                env._("Total"),
                format_amount(env, self.amount_total, self.currency_id),
            ),
            (env._("Expected arrival"), format_date(env, self.date_planned)),
            (env._("Urgency"), self.is_urgent and self.urgency_level_id.name),
            (env._("Needed by"), format_date(env, self.needed_by)),
            (env._("Reason for urgency"), self.urgency_reason),
            (env._("Source"), self.origin),
        ]
        lines = self.order_line.filtered("product_qty")
        about = [
            self.partner_id.display_name,
            self.is_urgent and self.urgency_level_id.name,
            self.needed_by and format_date(env, self.needed_by),
        ]
        return {
            "about": " · ".join(filter(None, about)),
            "facts": [[label, value] for label, value in facts if value],
            "columns": [
                env._("Product"),
                env._("Quantity"),
                env._("Unit Price"),
                env._("Amount"),
            ],
            "rows": [
                [
                    line.product_id.display_name or line.name,
                    f"{formatLang(env, line.product_qty, dp='Product Unit')} "
                    f"{line.product_uom_id.name or ''}",
                    format_amount(env, line.price_unit, self.currency_id),
                    format_amount(env, line.price_subtotal, self.currency_id),
                ]
                for line in lines
            ],
        }

    def _approval_granted(self):
        self.button_approve()

    def _approval_refused(self, reason):
        """Back to a quotation; but not what was received or billed: the buyer
        corrects it where it is, which asks again."""
        self.filtered(
            lambda order: order.state == "to approve" and not order._has_history()
        ).write({"state": "draft"})

    def _has_history(self):
        self.ensure_one()
        return any(line.qty_received or line.qty_invoiced for line in self.order_line)

    def _approval_reopened(self):
        self.write({"state": "to approve"})
