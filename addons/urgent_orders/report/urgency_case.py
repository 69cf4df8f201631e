from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

#: Delivered cases stay on the screen that long.
DAYS_KEPT = 90


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
        "supply.link": ["sale_line_id", "purchase_line_id"],
        "supply.state": ["order_id", "method", "ready_on", "purchase_line_id"],
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

    # ------------------------------------------------------------
    # QUERY: one statement, over urgent orders only
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        """Arrivals are planned for days, not hours: half a day makes nobody late."""
        return SQL(
            """
            WITH moment AS (SELECT now() AT TIME ZONE 'UTC' AS now),
            sale AS (%(sales)s),
            supply AS (%(supplies)s),
            link AS (%(links)s),
            purchase AS (%(purchases)s),
            held AS (%(held)s),
            cases AS (%(sale_cases)s UNION ALL %(purchase_cases)s)
            SELECT cases.*,
                   CASE cases.state WHEN 'quotation' THEN 'sales'
                                    WHEN 'missing' THEN 'buyer'
                                    WHEN 'request' THEN 'buyer'
                                    WHEN 'approval' THEN 'approver'
                                    WHEN 'ordered' THEN 'vendor'
                                    WHEN 'received' THEN 'warehouse'
                   END AS holder_kind,
                   EXTRACT(EPOCH FROM moment.now - cases.marked_on) / 86400
                       AS age_days,
                   EXTRACT(EPOCH FROM cases.needed_by - cases.expected_on) / 86400
                       AS slack_days,
                   cases.state <> 'delivered' AND COALESCE(
                       moment.now > cases.needed_by
                       OR cases.expected_on > cases.needed_by + INTERVAL '12 hours',
                       FALSE
                   ) AS is_late
              FROM cases, moment
            """,
            sales=self._get_sales_sql(),
            supplies=self._get_supplies_sql(),
            links=self._get_links_sql(),
            purchases=self._get_purchases_sql(),
            held=self._get_held_sql(),
            sale_cases=self._get_sale_cases_sql(),
            purchase_cases=self._get_purchase_cases_sql(),
        )

    def _get_readable_sql(self, model, domain=()):
        """Return the ids the user may read, by the rules of the orders themselves.

        :param domain: those that matter
        """
        orders = self.env[model]
        if not orders.has_access("read"):
            return SQL("SELECT NULL::integer")
        return orders._search(Domain(domain or [])).select()

    def _get_sales_sql(self):
        return SQL(
            """
            SELECT so.id, so.name, so.state, so.partner_id, so.company_id, so.user_id,
                   so.delivery_status, so.urgency_level_id, so.urgency_reason,
                   so.urgency_date, so.needed_by
              FROM sale_order so
              JOIN urgency_level level ON level.id = so.urgency_level_id
             WHERE level.is_urgent
               AND so.state <> 'cancel'
               AND (so.delivery_status IS DISTINCT FROM 'full'
                    OR so.date_order > now() - %(kept)s * INTERVAL '1 day')
            """,
            kept=DAYS_KEPT,
        )

    def _get_supplies_sql(self):
        """Return from where the lines of urgent orders get their goods, and when:
        ``supply.state`` knows it by line, whatever else a purchase is late with."""
        return SQL(
            """
            SELECT state.order_id AS sale_id, state.method, state.ready_on,
                   line.order_id AS purchase_id
              FROM sale
              JOIN supply_state state ON state.order_id = sale.id
              LEFT JOIN purchase_order_line line ON line.id = state.purchase_line_id
            """
        )

    def _get_links_sql(self):
        """Return which purchases serve, or served, which urgent orders: by their links,
        as refills of the stock for them, or because their goods come next."""
        return SQL(
            """
            SELECT sale_id, purchase_id FROM supply WHERE purchase_id IS NOT NULL
             UNION
            SELECT sale.id, bought.order_id
              FROM sale
              JOIN sale_order_line line ON line.order_id = sale.id
              JOIN supply_link link ON link.sale_line_id = line.id
              JOIN purchase_order_line bought ON bought.id = link.purchase_line_id
             UNION
            SELECT sale.id, purchases.purchase_id
              FROM sale
              JOIN stock_reference_sale_rel sales ON sales.sale_id = sale.id
              JOIN stock_reference_purchase_rel purchases
                ON purchases.reference_id = sales.reference_id
            """
        )

    def _get_purchases_sql(self):
        """Return for each purchase order where it is, who holds it and until when.

        Before it is confirmed the vendor's time counts from the end of the approval. A
        plan in the past is no arrival: it can come now at the earliest.
        """
        return SQL(
            """
            SELECT po.id, po.name, po.partner_id, po.company_id, po.urgency_level_id,
                   po.urgency_reason, po.urgency_date, po.needed_by,
                   po.urgency_source_id,
                   CASE WHEN po.state = 'to approve' THEN 'approval'
                        WHEN po.state <> 'purchase' THEN 'request'
                        WHEN po.receipt_status = 'full' THEN 'received'
                        ELSE 'ordered' END AS state,
                   CASE WHEN po.state = 'to approve' THEN task.holder_id
                        ELSE po.user_id END AS holder_id,
                   GREATEST(task.due_at - moment.now, INTERVAL '0') AS approval_time,
                   CASE WHEN po.state = 'purchase'
                        THEN GREATEST(planned.latest, moment.now)
                        ELSE GREATEST(
                            planned.latest,
                            GREATEST(moment.now, task.due_at)
                            + GREATEST(planned.latest - po.date_order, INTERVAL '0')
                        ) END AS expected_on
              FROM moment, purchase_order po
              LEFT JOIN LATERAL (
                    SELECT max(line.date_planned) AS latest
                      FROM purchase_order_line line
                     WHERE line.order_id = po.id
                       AND po.receipt_status IS DISTINCT FROM 'full'
                       AND line.product_qty > COALESCE(line.qty_received, 0)
                   ) planned ON TRUE
              LEFT JOIN LATERAL (
                    SELECT (array_agg(task.holder_id ORDER BY task.id))[1] AS holder_id,
                           max(task.due_at) AS due_at
                      FROM approval_process process
                      JOIN approval_task task ON task.process_id = process.id
                                             AND task.state = 'active'
                     WHERE process.res_model = 'purchase.order'
                       AND process.res_id = po.id
                       AND process.state = 'open'
                       AND po.state <> 'purchase'
                   ) task ON TRUE
             WHERE po.state <> 'cancel'
               AND po.id IN (
                    SELECT purchase_id FROM supply
                     UNION
                    SELECT urgent.id
                      FROM purchase_order urgent
                      JOIN urgency_level level ON level.id = urgent.urgency_level_id
                     WHERE level.is_urgent
                   )
            """
        )

    def _get_held_sql(self):
        """Of several lines the one that is furthest behind counts, and the latest
        arrival of all. There is none where one has no date."""
        return SQL(
            """
            SELECT DISTINCT ON (place.sale_id)
                   place.sale_id, place.purchase_id AS id, place.state,
                   place.holder_id,
                   CASE WHEN bool_and(place.is_dated) OVER every_line
                        THEN max(place.expected_on) OVER every_line
                   END AS expected_on
              FROM (SELECT supply.sale_id, purchase.id AS purchase_id,
                           CASE supply.method WHEN 'none' THEN 'missing'
                                              WHEN 'stock' THEN 'received'
                                ELSE COALESCE(
                                    NULLIF(purchase.state, 'received'), 'ordered'
                                ) END AS state,
                           purchase.holder_id,
                           supply.method = 'stock' OR supply.ready_on IS NOT NULL
                               AS is_dated,
                           GREATEST(supply.ready_on, moment.now) + COALESCE(
                               purchase.approval_time, INTERVAL '0'
                           ) AS expected_on
                      FROM moment, supply
                      LEFT JOIN purchase ON purchase.id = supply.purchase_id
                   ) place
            WINDOW every_line AS (PARTITION BY place.sale_id)
             ORDER BY place.sale_id,
                   array_position(
                       ARRAY['missing', 'approval', 'request', 'ordered', 'received'],
                       place.state
                   ), place.expected_on DESC NULLS FIRST, place.purchase_id
            """
        )

    def _get_sale_cases_sql(self):
        return SQL(
            """
            SELECT sale.id * 2 AS id, sale.name, sale.id AS sale_id,
                   held.id AS purchase_id, sale.urgency_level_id AS level_id,
                   sale.urgency_reason AS reason, sale.partner_id, sale.company_id,
                   chain.state,
                   CASE WHEN chain.state = 'quotation' THEN sale.user_id
                        WHEN chain.state = 'received' THEN picking.user_id
                        WHEN chain.state <> 'delivered' THEN held.holder_id
                   END AS holder_id,
                   sale.urgency_date AS marked_on, sale.needed_by,
                   CASE WHEN chain.state = 'quotation'
                        THEN moment.now + lead.days * INTERVAL '1 day'
                        WHEN chain.state = 'received' THEN moment.now
                        WHEN chain.state IN ('request', 'approval', 'ordered')
                        THEN held.expected_on
                   END AS expected_on
              FROM sale
             CROSS JOIN moment
              LEFT JOIN held ON held.sale_id = sale.id
              LEFT JOIN LATERAL (
                    SELECT bool_or(picking.state IN ('confirmed', 'waiting'))
                               AS is_missing,
                           max(picking.user_id) AS user_id
                      FROM stock_picking picking
                     WHERE picking.sale_id = sale.id
                       AND sale.state = 'sale'
                       AND sale.delivery_status IS DISTINCT FROM 'full'
                       AND picking.state NOT IN ('done', 'cancel', 'draft')
                   ) picking ON TRUE
              LEFT JOIN LATERAL (
                    SELECT COALESCE(max(line.customer_lead), 0) AS days
                      FROM sale_order_line line
                     WHERE line.order_id = sale.id
                       AND sale.state IN ('draft', 'sent')
                   ) lead ON TRUE
             CROSS JOIN LATERAL (
                    SELECT CASE WHEN sale.state IN ('draft', 'sent') THEN 'quotation'
                                WHEN sale.delivery_status = 'full' THEN 'delivered'
                                WHEN held.sale_id IS NOT NULL THEN held.state
                                WHEN picking.is_missing THEN 'missing'
                                ELSE 'received' END AS state
                   ) chain
             WHERE sale.id IN (%(sales)s)
                OR sale.id IN (SELECT sale_id FROM link
                                WHERE purchase_id IN (%(purchases)s))
            """,
            sales=self._get_readable_sql(
                "sale.order", [("urgency_level_id.is_urgent", "=", True)]
            ),
            purchases=self._get_readable_sql("purchase.order"),
        )

    def _get_purchase_cases_sql(self):
        return SQL(
            """
            SELECT purchase.id * 2 + 1, purchase.name, NULL::integer, purchase.id,
                   purchase.urgency_level_id, purchase.urgency_reason,
                   NULL::integer, purchase.company_id, purchase.state,
                   purchase.holder_id, purchase.urgency_date, purchase.needed_by,
                   purchase.expected_on
              FROM purchase
              JOIN urgency_level level ON level.id = purchase.urgency_level_id
             WHERE level.is_urgent
               AND purchase.state <> 'received'
               AND purchase.urgency_source_id IS NULL
               AND NOT EXISTS (SELECT FROM link WHERE link.purchase_id = purchase.id)
               AND purchase.id IN (%(purchases)s)
            """,
            purchases=self._get_readable_sql("purchase.order"),
        )
