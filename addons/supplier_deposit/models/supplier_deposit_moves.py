from odoo import fields, models

from .supplier_deposit import ACCOUNTING


class SupplierDeposit(models.Model):
    """The journal entries of a deposit, to click through."""

    _inherit = "supplier.deposit"

    refund_payment_ids = fields.One2many(
        "account.payment", "deposit_refund_id", string="Refunds", groups=ACCOUNTING
    )
    allocation_ids = fields.One2many(
        "account.move",
        "deposit_allocation_id",
        string="Allocations",
        groups=ACCOUNTING,
    )
    move_ids = fields.Many2many(
        "account.move",
        string="Journal Entries",
        compute="_compute_move_ids",
        groups=ACCOUNTING,
    )
    move_count = fields.Integer(compute="_compute_move_ids", groups=ACCOUNTING)

    def _compute_move_ids(self):
        for deposit in self:
            system = deposit.sudo()
            moves = system._get_moves()
            deposit.move_ids = moves.with_env(self.env)
            deposit.move_count = len(moves)

    def action_view_moves(self):
        """Open the journal entries of the deposit."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entries"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.move_ids.ids)],
        }

    def _get_moves(self):
        """Return every journal entry of the deposit, in the order of their dates."""
        self.ensure_one()
        moves = self._get_payments().move_id | self.bill_id
        moves |= self.refund_payment_ids.move_id | self.bill_id.reversal_move_ids
        moves |= self._get_settling_moves()
        moves |= self.allocation_ids | self.allocation_ids.reversal_move_ids
        lines = moves.line_ids
        matches = lines.matched_debit_ids | lines.matched_credit_ids
        moves |= matches.exchange_move_id | self._get_applied_bills()
        return moves.sorted(lambda move: (move.date, move.id))
