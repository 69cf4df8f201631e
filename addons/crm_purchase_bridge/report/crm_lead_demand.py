from odoo import fields, models
from odoo.tools import SQL


class CrmLeadDemand(models.Model):
    """What opportunities may need, weighted by how likely they are won.

    For those who buy: products, quantities and days, no customers and no amounts. It
    reserves nothing and counts in no forecast.
    """

    _name = "crm.lead.demand"
    _description = "Demand of Opportunities"
    _auto = False
    _order = "needed_on, id"
    _rec_name = "product_id"

    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(
        string="Wanted", readonly=True, digits="Product Unit", help="If all are won."
    )
    probability = fields.Float(
        string="Probability (%)", readonly=True, aggregator="avg"
    )
    weighted_quantity = fields.Float(
        string="Expected",
        readonly=True,
        digits="Product Unit",
        help="Quantity wanted × probability, in the product's unit. Nothing of it is "
        "reserved.",
    )
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    needed_on = fields.Date(string="Needed By", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    _depends = {
        "crm.lead": ["active", "company_id", "probability", "user_id"],
        "crm.lead.line": [
            "lead_id",
            "needed_on",
            "product_id",
            "product_uom_id",
            "quantity",
        ],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id,
                   line.product_id,
                   template.uom_id AS product_uom_id,
                   line.needed_on,
                   line.quantity * unit.factor / own_unit.factor AS quantity,
                   lead.probability,
                   line.quantity * unit.factor / own_unit.factor
                       * lead.probability / 100 AS weighted_quantity,
                   lead.user_id,
                   lead.company_id
              FROM crm_lead_line line
              JOIN crm_lead lead ON lead.id = line.lead_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
              JOIN uom_uom own_unit ON own_unit.id = template.uom_id
             WHERE lead.active
               AND lead.probability > 0
               AND lead.probability < 100
            """
        )
