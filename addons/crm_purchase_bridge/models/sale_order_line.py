from odoo import api, fields, models
from odoo.tools import SQL

#: Keeps what was ordered before somebody changed it or cancelled the order; until it is
#: confirmed again, nothing is. The database does it, so that no path passes it by, and
#: nobody writes it otherwise. The trigger names no columns, so that Odoo may change
#: their types.
CHANGED = """
    CREATE OR REPLACE FUNCTION promise_keep_ordered() RETURNS trigger AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.ordered_before := NULL;
            RETURN NEW;
        END IF;
        NEW.ordered_before := OLD.ordered_before;
        IF OLD.state = 'sale'
           AND (OLD.product_uom_qty, OLD.product_uom_id, OLD.state)
               IS DISTINCT FROM (NEW.product_uom_qty, NEW.product_uom_id, NEW.state)
           OR OLD.state <> 'sale' AND NEW.state = 'sale'
              AND jsonb_typeof(OLD.ordered_before) = 'array'
        THEN
            NEW.ordered_before := COALESCE(OLD.ordered_before, '[]')
                || jsonb_build_array(jsonb_build_object(
                    'until', now() AT TIME ZONE 'UTC',
                    'quantity', CASE WHEN OLD.state = 'sale'
                                     THEN OLD.product_uom_qty ELSE 0 END,
                    'unit', OLD.product_uom_id));
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql
"""
FUNCTION = "promise_keep_ordered"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    wanted_on = fields.Date(
        copy=False,
        groups="base.group_user",
        help="The day on which the customer wants these goods. Empty: when the order "
        "is needed, or what its delivery date said before anything was told.",
    )
    ordered_before = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What was ordered until somebody changed or cancelled it: moments in UTC, "
        "quantities and units, the oldest first. Who cuts a line that is late was "
        "late.",
    )
    promise_ids = fields.One2many(
        "supply.promise", "sale_line_id", readonly=True, groups="base.group_user"
    )
    promise_day = fields.Date(
        string="Likely There",
        compute="_compute_promise",
        groups="base.group_user",
        help="When the customer likely has all of it.",
    )
    promise_text = fields.Char(
        string="Promise", compute="_compute_promise", groups="base.group_user"
    )

    def init(self):
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                %s;
                DROP TRIGGER IF EXISTS promise_ordered ON sale_order_line;
                CREATE TRIGGER promise_ordered
                BEFORE INSERT OR UPDATE ON sale_order_line FOR EACH ROW
               EXECUTE FUNCTION promise_keep_ordered()
                """,
                SQL(CHANGED),
            )
        )
        return result

    @api.depends(
        "promise_ids.likely_on",
        "promise_ids.reason",
        "company_id.promise_beside_forecast",
    )
    @api.depends_context("lang", "uid")
    def _compute_promise(self):
        for line in self:
            promise = self.env["supply.promise"]
            if line.company_id.promise_beside_forecast:
                promise = line.sudo().promise_ids.filtered("is_open")[:1]
            line.promise_day = promise.likely_on
            line.promise_text = promise.reason_text

    def action_ask_for_faster(self):
        """Open the dialog that asks the buyer about a vendor who is faster."""
        return self.env["supply.question.ask"]._open_for_faster(self)
