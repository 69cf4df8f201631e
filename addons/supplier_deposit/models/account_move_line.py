from odoo import api, fields, models

from .purchase_order import ACCOUNTING


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "deposit.link.mixin"]

    _deposit_links = ("deposit_id",)

    deposit_id = fields.Many2one(
        "supplier.deposit",
        string="Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=ACCOUNTING,
        help="The deposit whose money with the vendor this item holds.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any(vals.get("purchase_line_id") for vals in vals_list):
            lines._deposit_linked()
        return lines

    def write(self, vals):
        """A bill that is linked to its order after it was posted deducts as if it had
        been before."""
        if "purchase_line_id" not in vals:
            return super().write(vals)
        before = self.sudo().filtered("purchase_line_id").move_id
        result = super().write(vals)
        self._deposit_linked()
        (before - self.move_id)._deposit_settle()
        return result

    def _deposit_linked(self):
        posted = self.filtered(lambda line: line.parent_state == "posted")
        if posted and self.env["supplier.deposit"]._is_in_use():
            posted.move_id._deposit_settle()
