from odoo import fields, models

from odoo.addons.approval_matrix.append_only import make_append_only


class SupplyPromiseVersion(models.Model):
    """What was promised, and what was possible, at a moment: the history of a line.

    One row when something is told, one when it is ordered, and one when the likely day
    changes, with the cause. Rows stay when the order is deleted, so that nothing points
    to it.
    """

    _name = "supply.promise.version"
    _description = "Earlier Promise"
    _inherit = ["approval.protected"]
    _order = "id desc"
    _rec_name = "order_name"

    sale_line_id = fields.Integer(string="Order Line", index=True, readonly=True)
    lead_line_id = fields.Integer(string="Product Wanted", index=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    order_name = fields.Char(string="Order", readonly=True)
    product_name = fields.Char(string="Product", readonly=True)
    create_date = fields.Datetime(string="On", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, ondelete="restrict"
    )
    owner_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, ondelete="restrict"
    )
    is_ordered = fields.Boolean(readonly=True, help="It was an order already.")
    quantity = fields.Float(readonly=True, digits="Product Unit")
    wanted_on = fields.Date(string="Wanted", readonly=True)
    told_on = fields.Date(string="Told", readonly=True)
    channel = fields.Char(readonly=True)
    likely_on = fields.Date(string="Likely", readonly=True)
    safe_on = fields.Date(string="Safe", readonly=True)
    estimated_at = fields.Datetime(
        string="Estimated", readonly=True, help="The middle of what was expected."
    )
    spread = fields.Float(
        readonly=True, help="Days from there until the formula calls it safe."
    )
    way = fields.Char(
        string="Kind", readonly=True, help="Ordered, or to buy; nothing: in stock."
    )
    vendor = fields.Integer(readonly=True, help="Whose delays it waits for.")
    cause = fields.Json(readonly=True)
    cause_text = fields.Char(string="Why", compute="_compute_cause_text")

    _told_index = models.Index("(sale_line_id) WHERE told_on IS NOT NULL")

    def init(self):
        make_append_only(self.env.cr, self._table)

    def _compute_cause_text(self):
        words = self.env["supply.promise.words"]
        for version in self:
            version.cause_text = words._render_cause(version.cause or {})
