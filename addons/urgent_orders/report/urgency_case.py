from odoo import fields, models
from odoo.exceptions import AccessError


class UrgencyCase(models.Model):
    """The whole chain behind each urgent order, for managers: where it is, who holds
    it, and whether it can still be there in time.

    A case is an urgent sale order with all that serves it, or an urgent purchase order
    that serves no urgent sale. Whoever sees none of its orders does not see the case.
    """

    _name = "urgency.case"
    _description = "Urgent Chain"
    _auto = False
    _order = "is_late desc, needed_by, id"
    _rec_name = "name"
    _depends = {
        "approval.process": ["res_model", "res_id", "state"],
        "approval.task": ["process_id", "state", "holder_id", "due_at"],
        "purchase.order": [
            "state",
            "user_id",
            "date_order",
            "receipt_status",
            "urgency_level_id",
            "urgency_date",
            "needed_by",
            "reference_ids",
        ],
        "purchase.order.line": [
            "order_id",
            "sale_line_id",
            "date_planned",
            "product_qty",
            "qty_received",
        ],
        "sale.order": [
            "state",
            "user_id",
            "delivery_status",
            "urgency_level_id",
            "urgency_date",
            "needed_by",
            "stock_reference_ids",
        ],
        "sale.order.line": ["order_id", "customer_lead"],
        "stock.picking": ["sale_id", "state", "user_id"],
        "urgency.level": ["is_urgent"],
    }

    name = fields.Char(string="Order", readonly=True)
    sale_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    purchase_id = fields.Many2one(
        "purchase.order",
        readonly=True,
        help="The purchase order that everything waits for.",
    )
    level_id = fields.Many2one("urgency.level", string="Urgency", readonly=True)
    reason = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(
        [
            ("quotation", "Quotation"),
            ("missing", "Waiting for Goods"),
            ("request", "To Be Bought"),
            ("approval", "Waiting for Approval"),
            ("ordered", "Ordered"),
            ("received", "In the Warehouse"),
            ("delivered", "Delivered"),
        ],
        readonly=True,
    )
    holder_kind = fields.Selection(
        [
            ("sales", "Sales"),
            ("buyer", "Buyer"),
            ("approver", "Approver"),
            ("vendor", "Vendor"),
            ("warehouse", "Warehouse"),
        ],
        string="Held By",
        readonly=True,
    )
    holder_id = fields.Many2one("res.users", string="Holder", readonly=True)
    marked_on = fields.Datetime(string="Marked Urgent On", readonly=True)
    age_days = fields.Float(
        string="Age (Days)", readonly=True, aggregator="avg", digits=(16, 1)
    )
    needed_by = fields.Datetime(readonly=True)
    expected_on = fields.Datetime(
        string="Expected",
        readonly=True,
        help="The latest arrival, or the end of the approval and the time it takes the "
        "vendor from then on.",
    )
    slack_days = fields.Float(
        string="Slack (Days)",
        readonly=True,
        aggregator="min",
        digits=(16, 1),
        help="Days between the expected date and the one it is needed by.",
    )
    is_late = fields.Boolean(
        string="Cannot Be Met", readonly=True, help="It is too late, or will be."
    )

    def action_open_document(self):
        """Open the order the case is about, or what the user may see of it.

        :raises AccessError: when the user sees none of it
        """
        self.ensure_one()
        for document in (self.sale_id, self.purchase_id):
            if document and document.has_access("read"):
                return {
                    "type": "ir.actions.act_window",
                    "res_model": document._name,
                    "res_id": document.id,
                    "views": [(False, "form")],
                }
        raise AccessError(self.env._("You do not see the orders of this case."))
