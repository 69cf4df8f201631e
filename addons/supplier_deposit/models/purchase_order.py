from odoo import Command, api, fields, models
from odoo.exceptions import UserError

#: Who sees journal entries; buyers have no rights to them.
ACCOUNTING = "account.group_account_readonly,account.group_account_invoice"
#: Who sees deposits: neither customer care nor the vendor in the portal.
READERS = f"purchase.group_purchase_user,{ACCOUNTING}"
#: Who sees to them: buyers and accounting.
CLERKS = "purchase.group_purchase_user", "account.group_account_invoice"

#: Set by the button of the form; other callers are not asked.
ASK = "supplier_deposit_ask"
#: Context key, with a :class:`Together`: an object, which no remote caller can send.
TOGETHER = "supplier_deposit_together"


class Together:
    """The orders that have been confirmed so far in one call."""

    def __init__(self):
        self.ids = []


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    deposit_ids = fields.One2many(
        "supplier.deposit", "order_id", string="Deposits", groups=READERS
    )
    deposit_count = fields.Integer(compute="_compute_deposits", groups=READERS)
    deposit_paid = fields.Integer(
        string="Deposits Paid",
        compute="_compute_deposits",
        groups=READERS,
        help="In percent of all deposits of the order.",
    )
    deposit_state = fields.Char(
        string="Deposit", compute="_compute_deposits", groups=READERS
    )
    deposit_progress = fields.Json(
        string="Deposits of the Order",
        compute="_compute_deposit_progress",
        groups=READERS,
        help="Each deposit: how much, when, paid, deducted, and who holds it.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("deposit_ids.state", "deposit_ids.amount", "deposit_ids.amount_paid")
    def _compute_deposits(self):
        for order in self:
            live = order.sudo()._get_own_deposits()
            live = live.filtered(lambda deposit: deposit.state != "cancelled")
            total = sum(live.mapped("amount"))
            paid = sum(live.mapped("amount_paid"))
            order.deposit_count = len(live)
            order.deposit_paid = round(100 * min(1, paid / total)) if total else 0
            labels = [deposit._get_state_label() for deposit in live]
            order.deposit_state = ", ".join(dict.fromkeys(labels))

    @api.depends(
        "deposit_ids.state",
        "deposit_ids.amount",
        "deposit_ids.amount_paid",
        "deposit_ids.amount_deducted",
        "deposit_ids.amount_open",
        "deposit_ids.amount_refunded",
        "deposit_ids.amount_awaited",
        "deposit_ids.date_due",
        "deposit_ids.date_paid",
        "deposit_ids.hold_reason",
        "deposit_ids.held_by",
    )
    def _compute_deposit_progress(self):
        for order in self:
            deposits = order._get_own_deposits().sorted(lambda d: (d.date_due, d.id))
            order.deposit_progress = deposits._get_progress() or False

    def _get_own_deposits(self):
        """Return the deposits of one order, without a query where there are none."""
        deposits = self.env["supplier.deposit"]
        return self.deposit_ids if deposits._is_in_use() else deposits

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if any(vals.get("state") == "purchase" for vals in vals_list):
            orders._deposit_follow_states({})
        return orders

    def write(self, vals):
        watched = {"state", "partner_id", "currency_id", "user_id"}
        if watched.isdisjoint(vals) or not self.env["supplier.deposit"]._is_in_use():
            return super().write(vals)
        before = {order.id: order.state for order in self}
        result = super().write(vals)
        self._deposit_follow_states(before)
        if not {"partner_id", "currency_id", "user_id"}.isdisjoint(vals):
            self._deposit_follow_terms()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid_deposits(self):
        """Deposits that never became money go with their order."""
        deposits = self.env["supplier.deposit"]._engine()
        if not deposits._is_in_use():
            return
        deposits = deposits.search([("order_id", "in", self.ids)])
        kept = deposits.filtered(lambda d: d.state != "cancelled" or d.payment_ids)
        if kept:
            raise UserError(
                self.env._(
                    "%s has deposits with entries in accounting, and stays on record.",
                    kept[0].order_id.name,
                )
            )
        deposits.unlink()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def button_confirm(self):
        """Orders that are confirmed together begin their deposits together: what is
        asked about them counts all of them."""
        if len(self) < 2 or not self.env["supplier.deposit"]._is_in_use():
            return super().button_confirm()
        together = Together()
        orders = self.with_context(**{TOGETHER: together})
        result = super(PurchaseOrder, orders).button_confirm()
        begun = self.browse(together.ids).sudo()
        begun = begun.filtered(lambda order: order.state == "purchase")
        if begun:
            self.env["supplier.deposit"]._start(begun)
        return result

    def button_cancel(self):
        """The form's button asks first, and shows what will happen."""
        if self.env.context.get(ASK):
            return self.with_context(**{ASK: False}).action_cancel_order()
        return super().button_cancel()

    def action_cancel_order(self):
        """Ask before an order is cancelled whose deposits are under way.

        :return: the wizard that shows what will happen, or the result of cancelling
        """
        if (
            not self.env["supplier.deposit"]
            ._find(self)
            .filtered(lambda d: d.state not in ("done", "cancelled"))
        ):
            return self.button_cancel()
        self.check_access("write")
        wizard = self.env["deposit.cancellation"].create(
            {"order_ids": [Command.set(self.ids)]}
        )
        return wizard._get_action()

    def action_view_deposits(self):
        """Open the deposits of the order."""
        self.ensure_one()
        return self.deposit_ids._view([("order_id", "=", self.id)])

    def action_add_deposit(self):
        """Ask for a deposit that no rule makes."""
        self.ensure_one()
        self._deposit_check_by_hand()
        wizard = self.env["deposit.manual"].create({"order_id": self.id})
        return wizard._get_action()

    def _deposit_check_by_hand(self):
        """Refuse whoever may not ask for a deposit, or where there is nothing yet that
        it is for."""
        self.ensure_one()
        self.check_access("read")
        self.env["supplier.deposit"]._check_role(
            "purchase.group_purchase_manager", "account.group_account_invoice"
        )
        if self.state != "purchase":
            raise UserError(
                self.env._(
                    "%s is not confirmed: deposits are paid for confirmed orders.",
                    self.name,
                )
            )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _deposit_start(self):
        """Make the deposits of orders that are confirmed now, or at the end of the call
        that confirms them with others."""
        together = self.env.context.get(TOGETHER)
        if isinstance(together, Together):
            together.ids += self.ids
        else:
            self.env["supplier.deposit"]._start(self)

    def _deposit_follow_states(self, before):
        """Make deposits of orders that are confirmed now, and stop those of others.

        :param dict before: states by order id; missing: the order is new
        """
        deposits = self.env["supplier.deposit"]
        if not deposits._is_in_use():
            return

        def entered(*states):
            return self.sudo().filtered(
                lambda order: (
                    order.state in states
                    and before.get(order.id, "draft") not in states
                )
            )

        if begun := entered("purchase"):
            begun._deposit_start()
        if ended := entered("cancel"):
            deposits._find(ended)._stop()
        if paused := entered("draft", "sent"):
            deposits._find(paused)._pause()

    def _deposit_follow_terms(self):
        """Bring deposits in step with orders whose terms changed."""
        confirmed = self.sudo().filtered(lambda order: order.state == "purchase")
        deposits = self.env["supplier.deposit"]._find(confirmed)
        if not deposits:
            return
        if dropped := deposits._part_with_vendor():
            self.env["supplier.deposit"]._start(dropped.order_id)
        if "paid" in deposits.mapped("state"):
            # if less is still to come, what was billed is a larger part of the order
            deposits._settle_orders(confirmed)
        else:
            deposits._follow_order()
        deposits._tell_of_over()
