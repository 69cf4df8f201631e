from odoo import api, fields, models


class CrmLeadLine(models.Model):
    """Goods that the customer of an opportunity wants, and until when.

    It reserves nothing and is nobody's demand: it gets a promise, so that sales can
    say a day before there is a quotation.
    """

    _name = "crm.lead.line"
    _description = "Product Wanted"
    _order = "sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    partner_id = fields.Many2one(related="lead_id.partner_id")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    needed_on = fields.Date(
        string="Needed By", help="The day on which the customer needs the goods."
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "How many are wanted? More than none."
    )

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            if line.product_id:
                line.product_uom_id = line.product_id.uom_id
