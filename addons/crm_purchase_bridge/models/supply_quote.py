from odoo import api, fields, models
from odoo.tools import SQL

#: The function of the database that refuses changes.
REFUSES = "supply_quote_refuse"
#: Rows stay as they are; only vendors are merged, and the rows follow.
APPEND_ONLY = f"""
    CREATE OR REPLACE FUNCTION {REFUSES}() RETURNS trigger AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND
           to_jsonb(NEW) - 'vendor_id' IS NOT DISTINCT FROM to_jsonb(OLD) - 'vendor_id'
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END $$ LANGUAGE plpgsql;

    DROP TRIGGER IF EXISTS supply_quote_append_only ON supply_quote;
    CREATE TRIGGER supply_quote_append_only BEFORE UPDATE OR DELETE ON supply_quote
       FOR EACH ROW EXECUTE FUNCTION {REFUSES}();
    DROP TRIGGER IF EXISTS supply_quote_no_truncate ON supply_quote;
    CREATE TRIGGER supply_quote_no_truncate BEFORE TRUNCATE ON supply_quote
       FOR EACH STATEMENT EXECUTE FUNCTION {REFUSES}()
"""


class SupplyQuote(models.Model):
    """What a vendor asked, kept when somebody chose.

    Odoo forgets what was not chosen: its quantity becomes zero, or its quotation is
    cancelled or deleted. Here is what the buyer had before them, whatever became of it.
    Documents are kept as numbers and names, so that nothing hinders their deletion.
    """

    _name = "supply.quote"
    _description = "Earlier Quote"
    _named_customers = (["vendor_id"], "user_id")
    _inherit = ["approval.protected"]
    _order = "id desc"
    _rec_name = "order_name"

    create_date = fields.Datetime(string="On", readonly=True)
    outcome = fields.Selection(
        [
            ("chosen", "Chosen"),
            ("ordered", "Ordered from Vendor"),
            ("lost", "Not Chosen"),
        ],
        required=True,
        readonly=True,
        help="Chosen: by a buyer; it may still have to be approved.\n"
        "Ordered from vendor: the purchase is confirmed.\n"
        "Not chosen: another one was, or the quotation was cancelled.",
    )
    vendor_id = fields.Many2one(
        "res.partner", readonly=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product", readonly=True, index=True, ondelete="restrict"
    )
    quantity = fields.Float(readonly=True, digits="Product Unit")
    product_uom_id = fields.Many2one(
        "uom.uom", string="Unit", readonly=True, ondelete="restrict"
    )
    price_unit = fields.Float(
        string="Price", readonly=True, digits="Product Price", aggregator=None
    )
    discount = fields.Float(
        string="Discount (%)", readonly=True, digits="Discount", aggregator=None
    )
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    price_landed = fields.Monetary(
        string="Price with Freight",
        readonly=True,
        currency_field="company_currency_id",
        aggregator=None,
        help="Of one of the product's unit, in company currency and without taxes: "
        "discounts taken off, freight of the quotation shared in proportion.",
    )
    planned_on = fields.Date(
        string="Arrival", readonly=True, help="The day that the quotation named."
    )
    order_id = fields.Integer(string="Quotation ID", index=True, readonly=True)
    order_name = fields.Char(string="Quotation", readonly=True)
    line_id = fields.Integer(string="Line ID", index=True, readonly=True)
    group_id = fields.Integer(
        string="Alternatives", readonly=True, help="What it was compared with."
    )
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")

    def init(self):
        self.env.cr.execute(SQL(APPEND_ONLY.replace("%", "%%")))

    def _is_other(self, values):
        """Tell whether a row would say something else than this one."""
        (mine,) = self.read(list(values), load=None)
        return any(
            mine[name] != value
            for name, value in values.items()
            if name not in ("user_id", "price_landed")
        )

    @api.model
    def _read_last(self, lines, outcomes=("chosen", "ordered", "lost")):
        """Return the last that was kept of lines, by id of the line."""
        quotes = self.sudo().search(
            [("line_id", "in", lines.ids), ("outcome", "in", outcomes)], order="id"
        )
        return {quote.line_id: quote for quote in quotes}
