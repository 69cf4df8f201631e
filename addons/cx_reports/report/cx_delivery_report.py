from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.crm_purchase_bridge.models.supply_promise import DUE, WANTED

#: Less than this is nothing: quantities are divided by factors of units.
EPSILON = 0.000001
#: The day by which a promise is judged: told first, else due.
ASKED = SQL("COALESCE(judged.told_on, judged.due_on)")


class CxDeliveryReport(models.Model):
    """What customers got of what they wanted and were told: one row a sale line.

    Lines about goods that were ordered, and for which there is a day: wanted, else
    told. Lines that were deleted or cancelled after somebody was told stay, and those
    that were cancelled after their day. No amounts: those who buy read it too. Whoever
    may read the promise sees its row.
    """

    _name = "cx.delivery.report"
    _description = "Deliveries and Promises Kept"
    _named_customers = (["partner_id"], "user_id")
    _inherit = ["cx.report"]
    _auto = False
    _order = "due_on desc, id desc"
    _rec_name = "order_name"
    _sources = ("order_id",)

    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    order_name = fields.Char(string="Order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_name = fields.Char(readonly=True)
    category_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    urgency_level_id = fields.Many2one("urgency.level", string="Urgency", readonly=True)
    is_bought = fields.Boolean(
        string="Bought For It", readonly=True, help="A purchase served the line."
    )
    is_approved = fields.Boolean(
        string="Purchase Under Approval",
        readonly=True,
        help="A purchase that served the line needed an approval.",
    )
    has_deposit = fields.Boolean(
        string="Purchase With Deposit",
        readonly=True,
        help="A purchase that served the line needed a deposit.",
    )

    # days
    wanted_on = fields.Date(
        string="Wanted",
        readonly=True,
        help="When the customer wanted the goods, as it stood when they were ordered: "
        "to move the day later, or to write one afterwards, hides no miss.",
    )
    told_on = fields.Date(
        string="First Told",
        readonly=True,
        help="The first day that the customer was told. Source: history of promises.",
    )
    due_on = fields.Date(
        string="Due",
        readonly=True,
        help="The day wanted as it stood when the line was ordered, else the first day "
        "told.",
    )
    safe_on = fields.Date(
        string="Safe",
        readonly=True,
        help="The safe day, as it was first said after the line was ordered.",
    )
    delivered_on = fields.Date(
        string="All Delivered",
        readonly=True,
        help="The company's day on which all was there that was ordered then: the last "
        "one until the day that was told, else due; where that was missed, the first "
        "one after it. What comes back or is ordered later changes nothing.",
    )
    told_at = fields.Datetime(
        string="First Told At",
        readonly=True,
        help="When the customer was told the first day. Source: history of promises.",
    )
    delivered_at = fields.Datetime(
        string="All Delivered At",
        readonly=True,
        help="The moment of the last delivery of the day on which all was there.",
    )
    days_late = fields.Float(
        string="Days After What Was Told",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Day on which all was delivered minus the first day told. Below zero: "
        "earlier. Of several: the average of those delivered in full; what is late and "
        "still open is not in it. Source: stock moves, history of promises.",
    )

    # quantities
    quantity = fields.Float(
        string="Ordered",
        readonly=True,
        digits="Product Unit",
        help="In the product's own unit, as the line is now. Source: sale lines.",
    )
    quantity_due = fields.Float(
        string="Ordered When Due",
        readonly=True,
        digits="Product Unit",
        help="What was ordered at the end of the day it was due: who cuts or cancels a "
        "line that is late was late. Source: changes of the order line.",
    )
    quantity_in_time = fields.Float(
        string="Delivered in Time",
        readonly=True,
        digits="Product Unit",
        help="Delivered by the end of the day it was due, minus what came back to be "
        "refunded. Source: stock moves.",
    )
    quantity_delivered = fields.Float(
        string="Delivered",
        readonly=True,
        digits="Product Unit",
        help="Delivered, minus what came back to be refunded. Source: stock moves.",
    )

    # figures
    otif = fields.Selection(
        [("met", "On Time, in Full"), ("missed", "Missed"), ("open", "Not Due Yet")],
        string="OTIF",
        readonly=True,
        help="On time, in full: net delivered ≥ what was ordered then, by the end of "
        "the company's day it was due. Once missed it stays missed, though it is "
        "cancelled afterwards; what is cancelled by the end of that day has no part.",
    )
    otif_rate = fields.Float(
        string="OTIF (%)",
        readonly=True,
        aggregator="avg",
        help="On time, in full: sale lines whose net delivered quantity reached what "
        "was ordered then by the end of the company's day they were due (wanted, else "
        "first told) ÷ lines due until yesterday; those cancelled after that day too, "
        "those cancelled by its end not. Source: sale lines and their changes, stock "
        "moves, promises.",
    )
    outcome = fields.Selection(
        [
            ("early", "Early"),
            ("on_day", "On the Day"),
            ("late_1", "1 Day Late"),
            ("late_5", "2 to 5 Days Late"),
            ("late_more", "More Than 5 Days Late"),
            ("overdue", "Late, Still Open"),
            ("withdrawn", "Withdrawn"),
            ("open", "Still Open"),
        ],
        string="Promise",
        readonly=True,
        help="The first day told against the company's day on which all was there that "
        "was ordered then. Once kept it stays kept: what comes back or is ordered "
        "after the day told changes nothing. Withdrawn: the line or order was "
        "cancelled after the customer was told; it counts as late.",
    )
    kept_rate = fields.Float(
        string="Promises Kept (%)",
        readonly=True,
        aggregator="avg",
        help="Told lines of which all that was ordered then was there by the end of "
        "the first day told ÷ told lines that came to an end or are overdue; withdrawn "
        "ones count as late. Once kept it stays kept. Source: history of promises, "
        "stock moves, changes of the order line.",
    )
    safe_rate = fields.Float(
        string="By the Safe Day (%)",
        readonly=True,
        aggregator="avg",
        help="Lines of which all that was ordered then was there by the end of the "
        "safe day ÷ lines whose safe day is over. It should be 80 %: above, we promise "
        "too late; below, too early. Source: history of promises, stock moves, changes "
        "of the order line.",
    )
    is_told_open = fields.Boolean(
        string="Told, Still Open",
        readonly=True,
        help="The customer was told a day, and something is still to be delivered.",
    )
    slip_rate = fields.Float(
        string="Slips (%)",
        readonly=True,
        aggregator="avg",
        help="Told promises that became impossible (likely after the day told, or "
        "nobody knows) ÷ open told promises. It is the state of now. Source: promises.",
    )

    _depends = {
        "sale.order": ["partner_id", "team_id", "urgency_level_id", "user_id"],
        "sale.order.line": [
            "company_id",
            "order_id",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "state",
        ],
        "stock.move": ["date", "quantity", "sale_line_id", "state", "to_refund"],
        "supply.promise": [
            "first_told_at",
            "first_told_on",
            "is_open",
            "is_ordered",
            "likely_on",
            "ordered_at",
            "ordered_safe_on",
            "ordered_wanted_on",
            "sale_line_id",
            "told_on",
            "wanted_on",
        ],
        "supply.promise.version": ["is_ordered", "safe_on", "told_on", "wanted_on"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT judged.id, judged.order_id,
                   COALESCE(judged.order_name, sale.name) AS order_name,
                   sale.partner_id, judged.product_id, judged.product_name,
                   judged.category_id, judged.product_uom_id,
                   COALESCE(judged.owner_id, sale.user_id) AS user_id, sale.team_id,
                   judged.company_id, sale.urgency_level_id,
                   COALESCE(served.number > 0, FALSE) AS is_bought,
                   COALESCE(served.is_approved, FALSE) AS is_approved,
                   COALESCE(served.has_deposit, FALSE) AS has_deposit,
                   judged.wanted_on, judged.told_on, judged.due_on, judged.safe_on,
                   full_on.day AS delivered_on, judged.told_at,
                   CASE WHEN NOT COALESCE(done.is_full, FALSE) THEN late.at
                        WHEN done.is_delivered THEN moved.last_at END AS delivered_at,
                   CASE WHEN judged.told_on IS NOT NULL
                        THEN full_on.day - judged.told_on END AS days_late,
                   judged.quantity, ordered.at_due AS quantity_due,
                   COALESCE(moved.in_time, 0) AS quantity_in_time,
                   COALESCE(moved.net, 0) AS quantity_delivered,
                   otif.value AS otif,
                   CASE otif.value WHEN 'met' THEN 100.0 WHEN 'missed' THEN 0.0 END
                       AS otif_rate,
                   outcome.value AS outcome,
                   CASE WHEN outcome.value IN ('early', 'on_day') THEN 100.0
                        WHEN outcome.value <> 'open' THEN 0.0 END AS kept_rate,
                   CASE WHEN ordered.at_safe > 0 AND judged.safe_on < judged.today
                        THEN COALESCE(moved.by_safe >= ordered.at_safe - %(epsilon)s,
                                      FALSE)::integer * 100.0 END AS safe_rate,
                   judged.is_told_open,
                   CASE WHEN judged.is_told_open
                        THEN COALESCE(judged.likely_on > judged.promised_on, TRUE)
                             ::integer * 100.0 END AS slip_rate
              FROM (%(lines)s UNION ALL %(gone)s) judged
             CROSS JOIN LATERAL (%(moved)s) moved
             CROSS JOIN LATERAL (
                -- OFFSET: else it would be written, and planned, wherever it is used
                SELECT %(ordered_due)s, %(ordered_asked)s, %(ordered_last)s,
                       %(ordered_safe)s OFFSET 0
             ) ordered (at_due, at_asked, at_last, at_safe)
             CROSS JOIN LATERAL (
                SELECT ordered.at_asked > 0
                       AND moved.by_asked >= ordered.at_asked - %(epsilon)s,
                       moved.by_asked >= ordered.at_last - %(epsilon)s
             ) done (is_full, is_delivered)
         -- outer, as below; nothing is looked up for what was there in time
         LEFT JOIN LATERAL (%(late)s) late ON TRUE
             CROSS JOIN LATERAL (
                -- what was cut to what had come ended when it was cut
                SELECT CASE WHEN NOT COALESCE(done.is_full, FALSE) THEN late.day
                            WHEN done.is_delivered THEN moved.last_on
                            ELSE GREATEST(moved.last_on, %(changed)s) END
             ) full_on (day)
             CROSS JOIN LATERAL (
                SELECT CASE WHEN ordered.at_due <= 0 THEN NULL
                            WHEN judged.due_on >= judged.today THEN 'open'
                            WHEN moved.in_time >= ordered.at_due - %(epsilon)s
                            THEN 'met'
                            ELSE 'missed' END
             ) otif (value)
             CROSS JOIN LATERAL (
                SELECT CASE WHEN judged.told_on IS NULL THEN NULL
                            WHEN full_on.day < judged.told_on THEN 'early'
                            WHEN full_on.day = judged.told_on THEN 'on_day'
                            WHEN full_on.day = judged.told_on + 1 THEN 'late_1'
                            WHEN full_on.day <= judged.told_on + 5 THEN 'late_5'
                            WHEN full_on.day IS NOT NULL THEN 'late_more'
                            WHEN NOT judged.is_sold OR judged.quantity <= 0
                            THEN 'withdrawn'
                            WHEN judged.told_on < judged.today THEN 'overdue'
                            ELSE 'open' END
             ) outcome (value)
         -- outer: what is not asked for is not joined
         LEFT JOIN sale_order sale ON sale.id = judged.order_id
         LEFT JOIN LATERAL (%(served)s) served ON TRUE
             WHERE NOT COALESCE(moved.is_kit, FALSE)
               -- what was cancelled before its day is in no figure
               AND (judged.is_sold OR judged.told_on IS NOT NULL OR ordered.at_due > 0)
            """,
            lines=self._get_lines_sql(),
            gone=self._get_gone_sql(),
            served=self._get_served_sql(),
            moved=self._get_moved_sql(),
            late=self._get_late_sql(),
            ordered_due=self._get_ordered_sql(SQL("judged.due_on")),
            ordered_asked=self._get_ordered_sql(ASKED),
            ordered_last=self._get_ordered_sql(SQL("moved.last_on")),
            ordered_safe=self._get_ordered_sql(SQL("judged.safe_on")),
            changed=self._get_changed_sql(),
            epsilon=EPSILON,
        )

    def _get_ordered_sql(self, day):
        """Return what was ordered at the end of a day: the quantity that was changed
        next after it, else the one of now. Nothing is ordered of what is cancelled.

        :param SQL day: of the company
        """
        return SQL(
            """
            CASE WHEN judged.ordered_before IS NULL THEN judged.ordered_now
                 ELSE COALESCE((
                    SELECT (change->>'quantity')::numeric * unit.factor
                           / judged.own_factor
                      FROM jsonb_array_elements(judged.ordered_before)
                           WITH ORDINALITY AS changes (change, number)
                      JOIN uom_uom unit ON unit.id = (change->>'unit')::integer
                     WHERE %s > %s
                  ORDER BY number
                     LIMIT 1), judged.ordered_now) END
            """,
            self._get_changed_day_sql(),
            day,
        )

    def _get_changed_day_sql(self):
        """Return the company's day of a ``change`` of what is ordered."""
        return self._get_day_sql(SQL("(change->>'until')::timestamp"), "judged.zone")

    def _get_changed_sql(self):
        """Return the day of the last change until the day that is asked about."""
        return SQL(
            """
            (SELECT MAX(changed.day)
               FROM jsonb_array_elements(judged.ordered_before) change
              CROSS JOIN LATERAL (SELECT %s) changed (day)
              WHERE changed.day <= %s)
            """,
            self._get_changed_day_sql(),
            ASKED,
        )

    def _get_late_sql(self):
        """Return a query of the first day after the one that is asked about at the end
        of which all was there that was ordered then, with the moment of its last
        delivery. What comes back or is ordered after that day changes nothing.

        Of what was not ordered any more on the day that is asked about, days before
        it count too: it may have come before somebody cut it.
        """
        return SQL(
            """
            SELECT MIN(step.day) AS day,
                   (ARRAY_AGG(step.at ORDER BY step.day))[1] AS at
              FROM (
                SELECT happened.day, MAX(happened.at) AS at,
                       SUM(SUM(happened.quantity)) OVER (ORDER BY happened.day) AS net
                  FROM (
                    SELECT move.day,
                           CASE WHEN move.sign > 0 THEN move.date END AS at,
                           move.sign * move.quantity AS quantity
                      FROM (%(moves)s) move
                     WHERE move.sign <> 0
                 UNION ALL
                    SELECT %(changed)s, NULL, 0
                      FROM jsonb_array_elements(judged.ordered_before) change
                  ) happened
              GROUP BY happened.day
              ) step
             CROSS JOIN LATERAL (SELECT %(ordered)s OFFSET 0) ordered_then (quantity)
             WHERE NOT COALESCE(done.is_full, FALSE)
               AND (step.day > %(asked)s OR ordered.at_asked <= 0)
               AND ordered_then.quantity > 0
               AND step.net >= ordered_then.quantity - %(epsilon)s
            """,
            moves=self._get_moves_sql(),
            changed=self._get_changed_day_sql(),
            ordered=self._get_ordered_sql(SQL("step.day")),
            asked=ASKED,
            epsilon=EPSILON,
        )

    def _get_lines_sql(self):
        """Return a query of the lines there are. Of their orders nothing decides."""
        return SQL(
            """
            SELECT line.id, line.order_id, NULL::varchar AS order_name,
                   line.product_id, NULL::varchar AS product_name,
                   template.categ_id AS category_id, template.uom_id AS product_uom_id,
                   NULL::integer AS owner_id, line.company_id,
                   %(wanted)s AS wanted_on,
                   supply_promise.first_told_on AS told_on,
                   supply_promise.first_told_at AS told_at,
                   supply_promise.ordered_safe_on AS safe_on, %(due)s AS due_on,
                   line.product_uom_qty * unit.factor / own_unit.factor AS quantity,
                   CASE WHEN line.state = 'sale'
                        THEN line.product_uom_qty * unit.factor / own_unit.factor
                        ELSE 0 END AS ordered_now,
                   line.ordered_before, own_unit.factor AS own_factor,
                   line.state = 'sale' AS is_sold,
                   supply_promise.is_open AND supply_promise.is_ordered
                       AND supply_promise.told_on IS NOT NULL AS is_told_open,
                   supply_promise.likely_on, supply_promise.told_on AS promised_on,
                   zones.zone, zones.today
              FROM supply_promise
              JOIN sale_order_line line ON line.id = supply_promise.sale_line_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
              JOIN uom_uom own_unit ON own_unit.id = template.uom_id
              JOIN (%(zones)s) zones ON zones.company_id = line.company_id
             WHERE %(due)s IS NOT NULL
               AND (line.state = 'sale'
                    OR supply_promise.ordered_at IS NOT NULL
                       AND (supply_promise.first_told_on IS NOT NULL
                            OR line.ordered_before IS NOT NULL))
               AND template.type = 'consu'
               AND %(readable)s
            """,
            wanted=SQL(WANTED.format("supply_promise.")),
            due=SQL(DUE.format("supply_promise.")),
            zones=self._get_zones_sql(),
            readable=self._get_readable_sql("supply.promise"),
        )

    def _get_gone_sql(self):
        """Return a query of lines that were deleted after the customer was told: of
        them there is only the history of promises."""
        return SQL(
            """
            SELECT gone.sale_line_id, NULL, version.order_name, NULL,
                   version.product_name, NULL, NULL, version.owner_id,
                   version.company_id, ordered.wanted_on, told.told_on,
                   told.create_date, safe.safe_on,
                   COALESCE(ordered.wanted_on, told.told_on), version.quantity,
                   0, NULL, 1, FALSE, FALSE, NULL, NULL, zones.zone, zones.today
              FROM supply_promise_gone deleted
             CROSS JOIN LATERAL (
                SELECT deleted.sale_line_id,
                       min(version.id) FILTER (WHERE version.told_on IS NOT NULL)
                           AS told_id,
                       min(version.id) FILTER (WHERE version.is_ordered)
                           AS ordered_id,
                       min(version.id) FILTER (
                           WHERE version.is_ordered AND version.safe_on IS NOT NULL
                       ) AS safe_id,
                       max(version.id) AS last_id
                  FROM supply_promise_version version
                 WHERE version.sale_line_id = deleted.sale_line_id
              ) gone
              JOIN supply_promise_version told ON told.id = gone.told_id
              JOIN supply_promise_version ordered ON ordered.id = gone.ordered_id
         LEFT JOIN supply_promise_version safe ON safe.id = gone.safe_id
              JOIN supply_promise_version version ON version.id = gone.last_id
              JOIN (%s) zones ON zones.company_id = version.company_id
             WHERE %s
            """,
            self._get_zones_sql(),
            self._get_readable_sql(
                "supply.promise.version", SQL("version.id"), is_reference=True
            ),
        )

    def _get_moved_sql(self):
        """Return a query of what went out and came back, in all and by each of the days
        that a line is judged by. Of a kit the parts move, and Odoo alone knows how many
        make one."""
        return SQL(
            """
            SELECT SUM(move.sign * move.quantity) AS net,
                   SUM(move.sign * move.quantity)
                       FILTER (WHERE move.day <= judged.due_on) AS in_time,
                   SUM(move.sign * move.quantity)
                       FILTER (WHERE move.day <= judged.safe_on) AS by_safe,
                   SUM(move.sign * move.quantity)
                       FILTER (WHERE move.day <= %(asked)s) AS by_asked,
                   MAX(move.day) FILTER (WHERE move.sign > 0
                                           AND move.day <= %(asked)s) AS last_on,
                   MAX(move.date) FILTER (WHERE move.sign > 0
                                            AND move.day <= %(asked)s) AS last_at,
                   bool_or(move.is_part) AS is_kit
              FROM (%(moves)s) move
            """,
            moves=self._get_moves_sql(),
            asked=ASKED,
        )

    def _get_moves_sql(self):
        """Return a query of the moves of a line, with the sign by which ``sale_stock``
        counts them: returns count where they are to be refunded."""
        return SQL(
            """
            SELECT move.date, %(day)s AS day,
                   move.product_id <> judged.product_id AS is_part,
                   %(quantity)s AS quantity,
                   CASE WHEN move.state <> 'done' THEN NULL
                        WHEN move.location_dest_id IN %(customers)s
                        THEN CASE WHEN move.origin_returned_move_id IS NULL
                                       OR move.to_refund THEN 1 ELSE 0 END
                        WHEN move.to_refund AND move.location_id IN %(customers)s
                        THEN -1
                        ELSE 0 END AS sign
              FROM stock_move move
             WHERE move.sale_line_id = judged.id
            -- else days and quantities would be worked out wherever they are used
            OFFSET 0
            """,
            day=self._get_day_sql(SQL("move.date"), "judged.zone"),
            quantity=self._get_own_quantity_sql(),
            customers=self.env["supply.promise"]._get_outgoing_sql(),
        )

    def _get_served_sql(self):
        """Return a query of the purchases that served the line: one row, looked up for
        each line that is asked about."""
        return SQL(
            """
            SELECT count(*) AS number,
                   bool_or(EXISTS (
                       SELECT FROM approval_process process
                        WHERE process.res_model = 'purchase.order'
                          AND process.res_id = bought.order_id
                   )) AS is_approved,
                   bool_or(EXISTS (
                       SELECT FROM supplier_deposit deposit
                        WHERE deposit.order_id = bought.order_id
                          AND deposit.state <> 'cancelled'
                   )) AS has_deposit
              FROM supply_link link
              JOIN purchase_order_line bought ON bought.id = link.purchase_line_id
             WHERE link.sale_line_id = judged.id AND link.kind <> 'candidate'
            """
        )
