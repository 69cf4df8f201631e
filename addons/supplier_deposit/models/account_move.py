from collections import defaultdict

from odoo import api, fields, models

from ..readings import get_deposits
from .purchase_order import ACCOUNTING


class AccountMove(models.Model):
    """Bills deduct deposits when they are posted; our entries know whose they are."""

    _name = "account.move"
    _inherit = ["account.move", "deposit.link.mixin"]

    _deposit_links = ("deposit_allocation_id", "deposit_exchange_id")

    deposit_allocation_id = fields.Many2one(
        "supplier.deposit",
        string="Deducts Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=ACCOUNTING,
        help="The deposit that this entry deducts from a vendor bill.",
    )
    deposit_exchange_id = fields.Many2one(
        "account.move",
        string="Exchange Difference at Cost",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=ACCOUNTING,
        help="The exchange difference that this entry books on to what was bought.",
    )
    deposit_reclass_ids = fields.One2many(
        "account.move", "deposit_exchange_id", groups=ACCOUNTING
    )
    related_deposit_ids = fields.Many2many(
        "supplier.deposit",
        string="Deposits",
        compute="_compute_related_deposits",
        groups=ACCOUNTING,
        help="Deposits of the orders that the bill is for, and those it deducts.",
    )
    deposit_deducted = fields.Monetary(
        string="Deducted Deposits",
        compute="_compute_related_deposits",
        groups=ACCOUNTING,
    )
    deposit_notice = fields.Char(
        compute="_compute_related_deposits",
        groups=ACCOUNTING,
        help="What a draft will deduct, and deposits that are not paid yet.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends(
        "invoice_line_ids.purchase_line_id",
        "line_ids.matched_debit_ids",
        "line_ids.matched_credit_ids",
        "payment_state",
    )
    def _compute_related_deposits(self):
        in_use = self.env["supplier.deposit"]._is_in_use()
        for move in self:
            is_bill = in_use and move.is_purchase_document()
            related = self.env["supplier.deposit"]
            if is_bill:
                related = move._deposit_find_related()
            move.related_deposit_ids = related.with_env(self.env)
            move.deposit_deducted = related._get_taken(move.sudo(), related.order_id)
            move.deposit_notice = is_bill and move._deposit_get_notice(related)

    def _deposit_find_related(self):
        """Return the deposits of the orders that a bill is for, and those that were
        matched with it by hand."""
        system = self.sudo()
        related = system._deposit_get_orders().deposit_ids
        related |= get_deposits(system._deposit_get_matches())
        return related.filtered(lambda deposit: deposit.state != "cancelled")

    def _deposit_get_orders(self):
        return self.sudo().invoice_line_ids.purchase_line_id.order_id

    def _deposit_get_matches(self):
        """Return how the bill was matched with advances, and entries over parts of
        them."""
        return self.line_ids.matched_debit_ids.filtered(get_deposits)

    def _deposit_get_notice(self, deposits):
        """Return in words what a draft will deduct, and what is not deducted because
        nobody has paid it; nothing where both are zero."""
        notices = []
        if self.state == "draft" and self.move_type == "in_invoice":
            paid = deposits.filtered(lambda deposit: deposit.state == "paid")
            if listed := self._deposit_list(paid, lambda d: d._get_free_amount()):
                text = self.env._(
                    "Deducted when it is posted, as far as it has room: %s", listed
                )
                notices.append(text)
        if self.payment_state not in ("paid", "reversed"):
            if listed := self._deposit_list(deposits, lambda d: d.amount_unpaid):
                text = self.env._("Not deducted, because not paid yet: %s", listed)
                notices.append(text)
        return " ".join(notices) or False

    @api.model
    def _deposit_list(self, deposits, get_amount):
        return ", ".join(
            f"{deposit.name} ({deposit._money(amount)})"
            for deposit in deposits
            if (amount := get_amount(deposit))
        )

    def action_view_deposits(self):
        """Open the deposits of the orders that the bill is for."""
        self.ensure_one()
        self.check_access("read")
        self.env["supplier.deposit"].check_access("read")
        deposits = self.related_deposit_ids
        return deposits._view([("id", "in", deposits.ids)])

    # ------------------------------------------------------------
    # POSTED, RESET, CANCELLED
    # ------------------------------------------------------------

    def _post(self, soft=True):
        """Bills deduct the deposits of their order; payments of deposits count."""
        if not self.env["supplier.deposit"]._is_in_use():
            return super()._post(soft)
        turns = self._deposit_get_turns()
        if len(turns) > 1:
            return self.browse().union(*(turn._post(soft) for turn in turns))
        drafts = self.sudo().filtered(lambda move: move.state == "draft")
        drafts.origin_payment_id.filtered("deposit_id")._deposit_check_entry()
        posted = super()._post(soft)
        posted.sudo().origin_payment_id.filtered("deposit_id")._deposit_posted()
        posted._deposit_settle()
        return posted

    def _deposit_get_turns(self):
        """Return the entries in groups to post one after the other: of bills of one
        order each has to see what those before it deducted."""
        turns = []
        counts = defaultdict(int)
        for move in self:
            orders = move._deposit_get_orders()
            turn = max((counts[order] for order in orders), default=0)
            for order in orders:
                counts[order] = turn + 1
            if turn == len(turns):
                turns.append(self.browse())
            turns[turn] |= move
        return turns

    def _deposit_settle(self):
        """Bring the deposits of the orders of bills in step with them."""
        bills = self.filtered(lambda move: move.is_purchase_document())
        if orders := bills._deposit_get_orders():
            self.env["supplier.deposit"]._settle_orders(orders)

    def button_draft(self):
        result = super().button_draft()
        self._deposit_withdraw()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._deposit_withdraw()
        return result

    def _deposit_withdraw(self):
        """Bills that do not count any more deduct nothing, payments that do not count
        are not deducted. Odoo leaves drafts matched, as if they still did."""
        if not self.env["supplier.deposit"]._is_in_use():
            return
        items = self.sudo().line_ids
        matches = (items.matched_debit_ids | items.matched_credit_ids).filtered(
            lambda match: get_deposits(match) or match.credit_move_id.deposit_id
        )
        deposits = get_deposits(matches) | items.deposit_id
        matches.unlink()
        self._deposit_settle()
        self.env["supplier.deposit"]._settle_orders(items.deposit_id.order_id)
        deposits = deposits._as_system()
        deposits.claim_ids._ask_again(deposits)
