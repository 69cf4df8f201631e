from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    @api.constrains("product_id", "product_uom_id")
    def _check_unit(self):
        for line in self:
            if not line.product_uom_id._has_common_reference(line.product_id.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s is not counted in %(unit)s: choose another unit.",
                        product=line.product_id.display_name,
                        unit=line.product_uom_id.name,
                    )
                )

    def write(self, vals):
        """Nobody moves lines to an opportunity that they may not edit."""
        if "lead_id" in vals:
            self.env["crm.lead"].browse(vals["lead_id"]).check_access("write")
        return super().write(vals)

    def action_ask_for_faster(self):
        """Open the dialog that asks the buyer about a vendor who is faster."""
        return self.env["supply.question.ask"]._open_for_faster(self)

    def _prepare_order_line(self):
        """Return the values of the line of a quotation, in the product's unit: the form
        of a new quotation puts each product into its own."""
        self.ensure_one()
        unit = self.product_id.uom_id
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.product_uom_id._compute_quantity(
                self.quantity, unit
            ),
            "product_uom_id": unit.id,
            "wanted_on": self.needed_on,
        }
