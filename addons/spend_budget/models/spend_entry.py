from odoo import api, fields, models

from odoo.addons.approval_matrix.append_only import make_append_only

#: The documents' lines that move money, and the document each belongs to.
SOURCES = {"purchase.order.line": "order_id", "account.move.line": "move_id"}


class SpendEntry(models.Model):
    """The ledger of the budgets: every movement, once, for ever.

    The database itself refuses to change or remove a row, and to count the same
    movement of the same source twice. Documents are named in text, so that entries
    outlive them.
    """

    _name = "spend.entry"
    _description = "Budget Entry"
    _inherit = ["approval.protected"]
    _order = "id desc"
    _rec_name = "document"
    _log_access = False

    line_id = fields.Many2one(
        "spend.budget.line",
        string="Budget Line",
        required=True,
        index=True,
        ondelete="restrict",
    )
    budget_id = fields.Many2one(
        "spend.budget", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("reserve", "Reserved"), ("commit", "Committed"), ("actual", "Actual")],
        required=True,
    )
    amount = fields.Monetary(required=True)
    reason = fields.Selection(
        [
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("changed", "Changed"),
            ("returned", "Back to draft"),
            ("cancelled", "Cancelled"),
            ("deleted", "Deleted"),
            ("billed", "Billed"),
            ("unbilled", "Bill taken back"),
            ("booked", "Booked"),
            ("unbooked", "Entry taken back"),
            ("closed", "Rest closed"),
            ("reopened", "Rest opened again"),
            ("carried", "Carried forward"),
            ("synchronised", "Brought up to date"),
        ],
        required=True,
    )
    date = fields.Datetime(required=True)
    user_id = fields.Many2one("res.users", string="By", ondelete="restrict")
    document = fields.Char(help="The document as it was called at that time.")
    description = fields.Char(help="The line of the document at that time.")
    source_model = fields.Selection(
        [
            ("purchase.order.line", "Purchase order"),
            ("account.move.line", "Bill or entry"),
        ],
        string="Kind of Document",
        required=True,
    )
    source_id = fields.Many2oneReference(model_field="source_model", required=True)
    number = fields.Integer(
        required=True, help="Counts the movements of a source on a budget line."
    )

    _once = models.UniqueIndex(
        "(source_model, source_id, line_id, kind, number)",
        "This movement is in the ledger already.",
    )

    def init(self):
        """Let the database itself guard the ledger."""
        make_append_only(self.env.cr, self._table)

    @api.model
    def _get_refusal(self):
        return self.env._(
            "Entries of budgets cannot be made, changed or deleted by hand: change "
            "the order or the bill instead."
        )

    def action_open_document(self):
        """Open the order or bill behind the entry, with the user's own rights."""
        self.ensure_one()
        self.check_access("read")
        field_name = SOURCES[self.source_model]
        source = self.env[self.source_model].browse(self.source_id).exists()
        document = source.sudo()[field_name].with_env(self.env)
        if not document:
            return False
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }
