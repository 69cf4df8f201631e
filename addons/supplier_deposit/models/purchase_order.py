from odoo import Command, api, fields, models
from odoo.exceptions import UserError

#: Who sees deposits: neither customer care nor the vendor in the portal.
READERS = (
    "purchase.group_purchase_user,account.group_account_readonly,"
    "account.group_account_invoice"
)

#: Set by the button of the form; other callers are not asked.
ASK = "supplier_deposit_ask"


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

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("deposit_ids.state", "deposit_ids.amount", "deposit_ids.amount_paid")
    def _compute_deposits(self):
        in_use = self.env["deposit.rule"]._is_in_use()
        for order in self:
            live = order.sudo().deposit_ids if in_use else self.env["supplier.deposit"]
            live = live.filtered(lambda deposit: deposit.state != "cancelled")
            total = sum(live.mapped("amount"))
            paid = sum(live.mapped("amount_paid"))
            order.deposit_count = len(live)
            order.deposit_paid = round(100 * min(1, paid / total)) if total else 0
            states = dict(live._fields["state"]._description_selection(self.env))
            order.deposit_state = ", ".join(
                dict.fromkeys(states[deposit.state] for deposit in live)
            )

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
        if watched.isdisjoint(vals) or not self.env["deposit.rule"]._is_in_use():
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
        if not self.env["deposit.rule"]._is_in_use():
            return
        deposits = self.env["supplier.deposit"]._engine()
        deposits = deposits.search([("order_id", "in", self.ids)])
        kept = deposits.filtered(
            lambda deposit: (
                deposit.state != "cancelled" or deposit.payment_id or deposit.bill_id
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(order)s has deposits with entries in accounting, and stays on "
                    "record.",
                    order=kept[0].order_id.name,
                )
            )
        deposits.unlink()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def button_cancel(self):
        """Cancel with what the wizard would do: nothing is left behind.

        Odoo refuses to cancel while bills are posted. Those of deposits do not count:
        unpaid ones are cancelled, paid ones are claimed back. The form's button asks
        first, and shows what will happen.
        """
        if self.env.context.get(ASK):
            return self.with_context(**{ASK: False}).action_cancel_order()
        if not self.env["deposit.rule"]._is_in_use():
            return super().button_cancel()
        self.check_access("write")
        deposits = self._get_deposits()
        unpaid = deposits.filtered(lambda d: d.state == "due" and d.bill_id)
        unpaid._cancel_unpaid()
        bills = deposits.bill_id | deposits.bill_id.reversal_move_ids
        lines = bills.filtered(
            lambda bill: bill.state == "posted"
        ).invoice_line_ids.filtered("purchase_line_id")
        links = {line: line.purchase_line_id for line in lines}
        lines.write({"purchase_line_id": False})
        result = super().button_cancel()
        for line, order_line in links.items():
            line.purchase_line_id = order_line
        return result

    def action_cancel_order(self):
        """Ask before an order is cancelled whose deposits are under way.

        :return: the wizard that shows what will happen, or the result of cancelling
        """
        deposits = self._get_deposits().filtered(
            lambda deposit: deposit.state not in ("cancelled", "refunded")
        )
        if not deposits:
            return self.button_cancel()
        self.check_access("write")
        wizard = self.env["deposit.cancellation"].create(
            {"order_ids": [Command.set(self.ids)]}
        )
        return wizard._get_action()

    def action_view_deposits(self):
        """Open the deposits of the order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_deposit.supplier_deposit_action"
        )
        deposits = self.deposit_ids
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {}
        if len(deposits) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = deposits.id
        return action

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def action_create_invoice(self, attachment_ids=False):
        """Let new bills deduct what is paid of deposit bills."""
        if not self.env["deposit.rule"]._is_in_use():
            return super().action_create_invoice(attachment_ids)
        known = self.invoice_ids
        result = super().action_create_invoice(attachment_ids)
        self.invalidate_recordset(["invoice_ids"])
        (self.invoice_ids - known).sudo()._deposit_refresh_lines()
        return result

    def _get_deposit_base(self, base):
        """Return what percentages of deposits are taken of, in the order's currency.

        :param str base: ``untaxed`` or ``total``
        """
        self.ensure_one()
        lines = [line for line in self.order_line if not line.is_downpayment]
        totals = self._approval_tax_totals(lines)
        name = "base" if base == "untaxed" else "total"
        return totals[f"{name}_amount_currency"]

    def _get_deposits(self):
        """Return the deposits of the orders, as the system.

        They are read once for all lines of an order that are written one by one.
        """
        if not self.env["deposit.rule"]._is_in_use():
            return self.env["supplier.deposit"]
        deposits = self.browse(self.ids).sudo().deposit_ids
        return deposits._engine().browse(deposits.ids)

    def _deposit_follow_states(self, before):
        """Make deposits of orders that are confirmed now, and stop those of others.

        :param dict before: states by order id; missing: the order is new
        """
        if not self.env["deposit.rule"]._is_in_use():
            return
        orders = self.sudo()
        begun = orders.filtered(
            lambda o: o.state == "purchase" and before.get(o.id) != "purchase"
        )
        if begun:
            begun._deposit_start()
        ended = orders.filtered(
            lambda o: o.state == "cancel" and before.get(o.id) != "cancel"
        )
        if ended:
            ended._get_deposits()._stop()
        paused = orders.filtered(
            lambda o: (
                o.state in ("draft", "sent") and before.get(o.id, "draft") == "purchase"
            )
        )
        if paused:
            paused._get_deposits()._pause()

    def _deposit_follow_terms(self):
        """Bring unpaid deposits in step with orders whose terms changed."""
        confirmed = self.sudo().filtered(lambda order: order.state == "purchase")
        if confirmed:
            deposits = confirmed._get_deposits()
            if not deposits:
                return
            dropped = deposits._part_with_vendor()
            if dropped:
                self.env["supplier.deposit"]._start(dropped.order_id)
            deposits._follow_order()
            deposits._tell_of_over()
