from odoo import fields, models
from odoo.tools import SQL


class CxVendorReport(models.Model):
    """Whether vendors keep their dates: one row a purchase line that is due.

    The date is that at the confirmation. Odoo's own planned date is moved by whoever
    hears that the goods are late, so that a vendor ten days late is always on time; it
    stands beside. So is the quantity: what was ordered at the end of the day due, which
    buyers change later. No prices. Buyers see their own orders, managers all.
    """

    _name = "cx.vendor.report"
    _description = "Vendors on Time"
    _named_customers = (["partner_id"], "user_id")
    _inherit = ["cx.report"]
    _auto = False
    _order = "due_on desc, id desc"
    _rec_name = "order_id"
    _sources = ("order_id",)

    order_id = fields.Many2one("purchase.order", string="Purchase Order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Vendor", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    user_id = fields.Many2one("res.users", string="Buyer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    due_on = fields.Date(
        string="Due",
        readonly=True,
        help="The company's day that was expected when the order was confirmed.",
    )
    planned_on = fields.Date(
        string="Planned Now", readonly=True, help="Odoo's date, which people move."
    )
    received_on = fields.Date(
        string="Last Receipt",
        readonly=True,
        help="Once all was received that was due, or of a line that was changed later "
        "all that it says now.",
    )
    days_late = fields.Float(
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Day of the last receipt minus the day due. Below zero: earlier. Of "
        "several: the average of those received in full. Source: purchase lines, stock "
        "moves.",
    )
    quantity = fields.Float(
        string="Ordered",
        readonly=True,
        digits="Product Unit",
        help="In the product's own unit. Source: purchase lines.",
    )
    quantity_due = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="What was ordered at the end of the day it was due, of lines that were "
        "due until yesterday. Source: purchase lines and their changes.",
    )
    quantity_in_time = fields.Float(
        string="Received in Time",
        readonly=True,
        digits="Product Unit",
        help="Received by the end of the day it was due, minus what went back by then; "
        "no more than was due. Source: stock moves.",
    )
    verdict = fields.Selection(
        [("met", "On Time"), ("missed", "Late"), ("open", "Not Due Yet")],
        string="Kept",
        readonly=True,
        help="On time: all of it was received by the end of the day it was due.",
    )
    on_time_rate = fields.Float(
        string="Vendor on Time (%)",
        readonly=True,
        aggregator="avg",
        help="Quantity received by the date at the confirmation ÷ quantity due until "
        "yesterday, as it was ordered at the end of that day. Of several lines: sum ÷ "
        "sum, in the products' units. Source: purchase lines and their changes, stock "
        "moves.",
    )
    line_rate = fields.Float(
        string="Lines on Time (%)",
        readonly=True,
        aggregator="avg",
        help="Lines received in full by the date at the confirmation ÷ lines due until "
        "yesterday. It compares vendors of different goods. Source: purchase lines, "
        "stock moves.",
    )
    planned_rate = fields.Float(
        string="By the Date Planned Now (%)",
        readonly=True,
        aggregator="avg",
        help="Lines received in full by the date that stands on them now ÷ lines due "
        "by it until yesterday: what purchasing sees of itself in Odoo. Source: "
        "purchase lines, stock moves.",
    )

    _depends = {
        "purchase.order": ["partner_id", "state", "user_id"],
        "purchase.order.line": [
            "company_id",
            "date_planned",
            "order_id",
            "ordered_before",
            "product_id",
            "product_qty",
            "product_uom_id",
        ],
        "stock.move": ["date", "purchase_line_id", "quantity", "state", "to_refund"],
    }

    def _read_group_select(self, aggregate_spec, query):
        """Lines weigh by what was due of them."""
        if aggregate_spec != "on_time_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%(kept)s) FILTER (WHERE %(due)s > 0) / NULLIF(SUM(%(due)s), 0)",
            kept=self._field_to_sql(self._table, "quantity_in_time", query),
            due=self._field_to_sql(self._table, "quantity_due", query),
        )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT judged.id, judged.order_id, judged.partner_id, judged.product_id,
                   judged.category_id, judged.product_uom_id, judged.user_id,
                   judged.company_id, judged.due_on, judged.planned_on,
                   full_on.day AS received_on,
                   full_on.day - judged.due_on AS days_late,
                   judged.quantity,
                   CASE WHEN judged.due_on < judged.today
                        THEN due.quantity ELSE 0 END AS quantity_due,
                   in_time.quantity AS quantity_in_time,
                   CASE WHEN judged.due_on >= judged.today THEN 'open'
                        WHEN in_time.is_full THEN 'met' ELSE 'missed' END AS verdict,
                   CASE WHEN judged.due_on < judged.today
                        THEN 100 * in_time.quantity / due.quantity END
                       AS on_time_rate,
                   CASE WHEN judged.due_on < judged.today
                        THEN in_time.is_full::integer * 100.0 END AS line_rate,
                   CASE WHEN judged.planned_on < judged.today AND judged.quantity > 0
                        THEN COALESCE(moved.as_planned >= judged.quantity - 0.000001,
                                      FALSE)::integer * 100.0 END AS planned_rate
              FROM (
                SELECT purchase_order_line.id, purchase_order_line.order_id,
                       purchase.partner_id, purchase_order_line.product_id,
                       template.categ_id AS category_id,
                       template.uom_id AS product_uom_id, purchase.user_id,
                       purchase_order_line.company_id, zones.zone, zones.today,
                       %(due_on)s AS due_on, %(planned_on)s AS planned_on,
                       purchase_order_line.product_qty * unit.factor
                           / own_unit.factor AS quantity,
                       purchase_order_line.ordered_before,
                       own_unit.factor AS own_factor
                  FROM purchase_order_line
                  JOIN purchase_order purchase
                    ON purchase.id = purchase_order_line.order_id
                  JOIN (%(zones)s) zones
                    ON zones.company_id = purchase_order_line.company_id
                  JOIN product_product product
                    ON product.id = purchase_order_line.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = purchase_order_line.product_uom_id
                  JOIN uom_uom own_unit ON own_unit.id = template.uom_id
                 WHERE purchase.state = 'purchase'
                   AND purchase_order_line.confirmed_arrival IS NOT NULL
                   AND (purchase_order_line.product_qty > 0
                        OR purchase_order_line.ordered_before IS NOT NULL)
                   AND template.type = 'consu'
                   AND %(readable)s
              ) judged
             CROSS JOIN LATERAL (%(changed)s) changed (how)
             CROSS JOIN LATERAL (
                SELECT COALESCE((changed.how->>'quantity')::numeric, judged.quantity),
                       (changed.how->>'until')::date, (changed.how->>'last')::date
             ) due (quantity, until, last_changed)
             CROSS JOIN LATERAL (%(moved)s) moved
             CROSS JOIN LATERAL (
                SELECT CASE WHEN moved.net_until >= due.quantity - 0.000001
                            THEN moved.last_until
                            WHEN moved.net >= judged.quantity - 0.000001
                            THEN GREATEST(moved.last_on, due.last_changed) END
             ) full_on (day)
             CROSS JOIN LATERAL (
                SELECT GREATEST(LEAST(COALESCE(moved.in_time, 0), due.quantity), 0),
                       COALESCE(moved.in_time >= due.quantity - 0.000001, FALSE)
             ) in_time (quantity, is_full)
             WHERE NOT COALESCE(moved.is_kit, FALSE) AND due.quantity > 0
            """,
            zones=self._get_zones_sql(),
            due_on=self._get_day_sql(SQL("purchase_order_line.confirmed_arrival")),
            planned_on=self._get_day_sql(SQL("purchase_order_line.date_planned")),
            readable=self._get_readable_sql("purchase.order.line"),
            changed=self._get_changed_sql(),
            moved=self._get_moved_sql(),
        )

    def _get_changed_sql(self):
        """Return a query of how a line was changed after the day it was due, as JSON;
        nothing, where it was not: what was ordered until the next change, until which
        day, and the day of the last change."""
        until = SQL("(change->>'until')::timestamp")
        return SQL(
            """
            SELECT CASE WHEN judged.ordered_before IS NOT NULL THEN (
                SELECT jsonb_build_object(
                           'quantity',
                           (change->>'quantity')::numeric * unit.factor
                           / judged.own_factor,
                           'until', %(day)s,
                           'last', %(last)s)
                  FROM jsonb_array_elements(judged.ordered_before)
                       WITH ORDINALITY AS changes (change, number)
                  JOIN uom_uom unit ON unit.id = (change->>'unit')::integer
                 WHERE %(day)s > judged.due_on
              ORDER BY number
                 LIMIT 1) END
            """,
            day=self._get_day_sql(until, "judged.zone"),
            last=self._get_day_sql(
                SQL("(judged.ordered_before->-1->>'until')::timestamp"), "judged.zone"
            ),
        )

    def _get_moved_sql(self):
        """Return a query of what was received and went back, as ``purchase_stock``
        counts it: what went back counts where it is to be refunded. Kits are left
        out: of them the parts move."""
        return SQL(
            """
            SELECT SUM(move.sign * move.quantity) AS net,
                   SUM(move.sign * move.quantity)
                       FILTER (WHERE move.day <= judged.due_on) AS in_time,
                   SUM(move.sign * move.quantity)
                       FILTER (WHERE move.day <= judged.planned_on) AS as_planned,
                   SUM(move.sign * move.quantity)
                       FILTER (WHERE move.day <= due.until) AS net_until,
                   MAX(move.day) FILTER (WHERE move.sign > 0) AS last_on,
                   MAX(move.day) FILTER (WHERE move.sign > 0 AND move.day <= due.until)
                       AS last_until,
                   bool_or(move.is_part) AS is_kit
              FROM (
                SELECT %(day)s AS day,
                       move.product_id <> judged.product_id AS is_part,
                       %(quantity)s AS quantity,
                       CASE WHEN move.state <> 'done' THEN NULL
                            WHEN move.location_dest_id IN %(suppliers)s
                                 OR move.origin_returned_move_id IS NOT NULL
                                    AND move.location_dest_id = %(between)s
                            THEN CASE WHEN move.origin_returned_move_id IS NULL
                                           OR move.to_refund THEN -1 ELSE 0 END
                            WHEN origin.location_dest_id IN %(customers)s
                                 OR (origin.location_dest_id IN %(suppliers)s
                                     OR origin.origin_returned_move_id IS NOT NULL
                                        AND origin.location_dest_id = %(between)s)
                                    AND NOT COALESCE(move.to_refund, FALSE)
                            THEN 0
                            ELSE 1 END AS sign
                  FROM stock_move move
             LEFT JOIN stock_move origin ON origin.id = move.origin_returned_move_id
                 WHERE move.purchase_line_id = judged.id
              ) move
            """,
            day=self._get_day_sql(SQL("move.date"), "judged.zone"),
            quantity=self._get_own_quantity_sql(),
            customers=self._get_places_sql("customer"),
            suppliers=self._get_places_sql("supplier"),
            # goods that go back to another company of ours
            between=self.env["supply.promise"]._get_between_companies(),
        )
