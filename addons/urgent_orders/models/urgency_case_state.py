from odoo import api, fields, models
from odoo.tools import SQL

#: Delivered cases stay on the screen that long.
DAYS_KEPT = 90

STATES = [
    ("quotation", "Quotation"),
    ("missing", "Waiting for Goods"),
    ("request", "To Be Bought"),
    ("approval", "Waiting for Approval"),
    ("ordered", "Ordered"),
    ("received", "In the Warehouse"),
    ("delivered", "Delivered"),
]

#: What is worked out of each case, besides its id.
COLUMNS = (
    "name",
    "sale_id",
    "purchase_id",
    "level_id",
    "reason",
    "partner_id",
    "company_id",
    "state",
    "holder_id",
    "marked_on",
    "needed_by",
    "is_dated",
    "not_before",
    "lead_days",
    "approved_and_ready",
    "delivered_order_date",
    "purchase_ids",
)


class UrgencyCaseState(models.Model):
    """What does not depend on the moment of an urgent case: its row of the screen.

    It is worked out from orders, approvals, transfers and the supply of their lines by
    one statement, for the cases that triggers have noted. What depends on the moment,
    such as whether it is late, ``urgency.case`` adds when it is read. Nobody else reads
    the rows, as a case is seen by whoever may read one of its orders.
    """

    _name = "urgency.case.state"
    _description = "State of an Urgent Case"
    _log_access = False
    _rec_name = "name"

    name = fields.Char(string="Order", readonly=True)
    sale_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        ondelete="cascade",
        index="btree_not_null",
        readonly=True,
    )
    purchase_id = fields.Many2one(
        "purchase.order", index="btree_not_null", readonly=True
    )
    level_id = fields.Many2one("urgency.level", string="Urgency", readonly=True)
    reason = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    holder_id = fields.Many2one("res.users", string="Holder", readonly=True)
    marked_on = fields.Datetime(string="Marked Urgent On", readonly=True)
    needed_by = fields.Datetime(readonly=True)

    # From these follows, at any moment, when the goods are expected. Nobody sees them.
    is_dated = fields.Boolean(
        readonly=True,
        export_string_translation=False,
        help="It can be said when it is ready.",
    )
    not_before = fields.Datetime(
        readonly=True,
        export_string_translation=False,
        help="The latest arrival, or end of an approval.",
    )
    lead_days = fields.Float(
        readonly=True,
        export_string_translation=False,
        help="What it takes at least, from any moment on.",
    )
    approved_and_ready = fields.Datetime(
        readonly=True,
        export_string_translation=False,
        help="The latest sum of an arrival and the end of the approval before it, both "
        "counted from 1970.",
    )
    delivered_order_date = fields.Datetime(
        readonly=True,
        export_string_translation=False,
        help="When an order was made that is delivered.",
    )

    def _auto_init(self):
        """Who may read one of the purchase orders of a case sees it. The ORM has no
        field for lists of ids, and a table for them would be asked for each row."""
        result = super()._auto_init()
        self.env.cr.execute(
            "ALTER TABLE urgency_case_state "
            "ADD COLUMN IF NOT EXISTS purchase_ids integer[]"
        )
        return result

    # ------------------------------------------------------------
    # KEEPING UP
    # ------------------------------------------------------------

    @api.model
    def _follow(self, sales, purchases):
        """Bring the cases up to date that some changed orders belong to.

        :param list sales: ids of sale orders
        :param list purchases: ids of purchase orders
        """
        cases = self._get_touched(sales, purchases)
        if not any(cases):
            return
        columns = [SQL.identifier(name) for name in COLUMNS]
        rows = self.env.execute_query(
            SQL(
                """
                WITH derived AS MATERIALIZED (%(derived)s),
                gone AS (
                    DELETE FROM urgency_case_state kept
                     WHERE kept.id = ANY(%(ids)s)
                       AND kept.id NOT IN (SELECT id FROM derived)
                    RETURNING kept.id
                ),
                changed AS (
                    INSERT INTO urgency_case_state AS kept (id, %(columns)s)
                    SELECT id, %(columns)s FROM derived
                        ON CONFLICT (id) DO UPDATE SET (%(columns)s) = (%(new)s)
                     WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                    RETURNING kept.id
                )
                SELECT id FROM gone UNION ALL SELECT id FROM changed
                """,
                derived=self._get_derived_sql(*cases),
                ids=self._get_ids(*cases),
                columns=SQL(", ").join(columns),
                new=SQL(", ").join(SQL("excluded.%s", name) for name in columns),
                old=SQL(", ").join(SQL("kept.%s", name) for name in columns),
            )
        )
        self.browse(id_ for (id_,) in rows).invalidate_recordset()

    @api.model
    def _get_shown_sql(self, alias):
        return SQL(
            "COALESCE(%(alias)s.delivered_order_date"
            " > now() - %(kept)s * INTERVAL '1 day', TRUE)",
            alias=alias,
            kept=DAYS_KEPT,
        )

    @api.model
    def _get_ids(self, sales, purchases):
        """Return the ids of cases: even ones of sale orders, odd ones of purchases."""
        return [id_ * 2 for id_ in sales] + [id_ * 2 + 1 for id_ in purchases]

    # ------------------------------------------------------------
    # WHICH CASES: those of the orders, and of what they are tied to
    # ------------------------------------------------------------

    @api.model
    def _get_touched(self, sales, purchases):
        """Return the orders whose cases may have changed with others.

        Orders that are not urgent are left out, unless there is a case that is not
        right any more.

        :param list sales: ids of sale orders that changed
        :param list purchases: ids of purchase orders that changed
        :return: ids of sale orders, and of purchase orders
        """
        if not sales and not purchases:
            return [], []
        rows = self.env.execute_query(
            SQL(
                """
                WITH served AS (%(served)s),
                serving AS (%(serving)s)
                SELECT touched.id, NULL
                  FROM (SELECT unnest(%(sales)s::integer[])
                         UNION
                        SELECT sale_id FROM served) touched (id)
                 WHERE %(is_urgent_sale)s
                    OR EXISTS (SELECT FROM urgency_case_state kept
                                WHERE kept.id = touched.id * 2)
                 UNION ALL
                SELECT NULL, touched.id
                  FROM (SELECT unnest(%(purchases)s::integer[])
                         UNION
                        SELECT purchase_id FROM serving) touched (id)
                 WHERE %(is_urgent_purchase)s
                    OR EXISTS (SELECT FROM urgency_case_state kept
                                WHERE kept.id = touched.id * 2 + 1)
                """,
                served=self._get_ties_sql("purchase_id", purchases),
                serving=self._get_ties_sql("sale_id", sales),
                sales=sales,
                purchases=purchases,
                is_urgent_sale=self._is_urgent_sql("sale_order"),
                is_urgent_purchase=self._is_urgent_sql("purchase_order"),
            )
        )
        return (
            sorted(sale for sale, _purchase in rows if sale),
            sorted(purchase for _sale, purchase in rows if purchase),
        )

    @api.model
    def _is_urgent_sql(self, table):
        return SQL(
            """
            EXISTS (SELECT FROM %s orders
                      JOIN urgency_level level ON level.id = orders.urgency_level_id
                     WHERE orders.id = touched.id AND level.is_urgent)
            """,
            SQL.identifier(table),
        )

    @api.model
    def _get_ties_sql(self, side, ids):
        """Return which purchases serve, or served, which orders: because their goods
        come next, by their links, or as refills of the stock for them.

        :param str side: *sale_id* or *purchase_id*
        :param ids: of the orders of that side
        """
        return SQL(
            """
            SELECT state.order_id AS sale_id, bought.order_id AS purchase_id
              FROM supply_state state
              JOIN purchase_order_line bought ON bought.id = state.purchase_line_id
             WHERE %(of_state)s = ANY(%(ids)s::integer[])
             UNION
            SELECT sold.order_id, bought.order_id
              FROM supply_link link
              JOIN sale_order_line sold ON sold.id = link.sale_line_id
              JOIN purchase_order_line bought ON bought.id = link.purchase_line_id
             WHERE %(of_link)s = ANY(%(ids)s::integer[])
             UNION
            SELECT sales.sale_id, purchases.purchase_id
              FROM stock_reference_sale_rel sales
              JOIN stock_reference_purchase_rel purchases
                ON purchases.reference_id = sales.reference_id
             WHERE %(of_reference)s = ANY(%(ids)s::integer[])
            """,
            ids=ids,
            **{
                "sale_id": {
                    "of_state": SQL("state.order_id"),
                    "of_link": SQL("sold.order_id"),
                    "of_reference": SQL("sales.sale_id"),
                },
                "purchase_id": {
                    "of_state": SQL("bought.order_id"),
                    "of_link": SQL("bought.order_id"),
                    "of_reference": SQL("purchases.purchase_id"),
                },
            }[side],
        )

    # ------------------------------------------------------------
    # WHAT FOLLOWS FROM THE ORDERS: one statement
    # ------------------------------------------------------------

    @api.model
    def _get_derived_sql(self, sales, purchases):
        """Return the rows that there ought to be of some cases.

        :param list sales: ids of sale orders
        :param list purchases: ids of purchase orders that may be cases of their own
        """
        return SQL(
            """
            WITH sale AS (%(sales)s),
            supply AS (%(supplies)s),
            tie AS (%(ties)s),
            purchase AS (%(purchases)s),
            held AS (%(held)s)
            SELECT id, %(columns)s FROM (%(sale_cases)s) sales (id, %(columns)s)
             UNION ALL
            SELECT id, %(columns)s FROM (%(purchase_cases)s) own (id, %(columns)s)
            """,
            sales=self._get_sales_sql(SQL("sale.id = ANY(%s::integer[])", sales)),
            supplies=self._get_supplies_sql(),
            ties=self._get_ties_sql("sale_id", sales),
            purchases=self._get_purchases_sql(purchases),
            held=self._get_held_sql(),
            sale_cases=self._get_sale_cases_sql(),
            purchase_cases=self._get_purchase_cases_sql(purchases),
            columns=SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
        )

    @api.model
    def _get_sales_sql(self, condition):
        """Return the sale orders that are cases."""
        return SQL(
            """
            SELECT sale.id, sale.name, sale.state, sale.partner_id, sale.company_id,
                   sale.user_id, sale.delivery_status, sale.date_order,
                   sale.urgency_level_id, sale.urgency_reason, sale.urgency_date,
                   sale.needed_by
              FROM sale_order sale
              JOIN urgency_level level ON level.id = sale.urgency_level_id
             WHERE level.is_urgent
               AND sale.state <> 'cancel'
               AND (sale.delivery_status IS DISTINCT FROM 'full'
                    OR sale.date_order > now() - %(kept)s * INTERVAL '1 day')
               AND %(condition)s
            """,
            condition=condition,
            kept=DAYS_KEPT,
        )

    @api.model
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

    @api.model
    def _get_purchases_sql(self, purchases):
        """Return for each purchase order where it is, who holds it and until when.

        Before it is confirmed the vendor's time counts from the end of the approval.
        """
        return SQL(
            """
            SELECT po.id, po.name, po.company_id, po.urgency_level_id,
                   po.urgency_reason, po.urgency_date, po.needed_by,
                   po.urgency_source_id,
                   CASE WHEN po.state = 'to approve' THEN 'approval'
                        WHEN po.state <> 'purchase' THEN 'request'
                        WHEN po.receipt_status = 'full' THEN 'received'
                        ELSE 'ordered' END AS state,
                   CASE WHEN po.state = 'to approve' THEN task.holder_id
                        ELSE po.user_id END AS holder_id,
                   task.due_at, planned.latest AS planned_on,
                   CASE WHEN po.state = 'purchase' THEN INTERVAL '0'
                        ELSE GREATEST(planned.latest - po.date_order, INTERVAL '0')
                   END AS lead
              FROM purchase_order po
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
               AND po.id IN (SELECT purchase_id FROM supply
                              UNION
                             SELECT unnest(%(purchases)s::integer[]))
            """,
            purchases=purchases,
        )

    @api.model
    def _get_held_sql(self):
        """Of several lines the one that is furthest behind counts, and the latest
        arrival of all. There is none where one has no date.

        What is still approved comes later by the time that the approval takes from now
        on. So the sum of both moments is kept, from which that moment is taken away.
        """
        return SQL(
            """
            SELECT DISTINCT ON (place.sale_id)
                   place.sale_id, place.purchase_id AS id, place.state,
                   place.holder_id,
                   bool_and(place.is_dated) OVER every_line AS is_dated,
                   GREATEST(
                       max(place.ready_on) OVER every_line,
                       max(place.due_at) OVER every_line
                   ) AS not_before,
                   max(place.ready_on + (place.due_at - TIMESTAMP 'epoch'))
                       OVER every_line AS approved_and_ready
              FROM (SELECT supply.sale_id, purchase.id AS purchase_id,
                           CASE supply.method WHEN 'none' THEN 'missing'
                                              WHEN 'stock' THEN 'received'
                                ELSE COALESCE(
                                    NULLIF(purchase.state, 'received'), 'ordered'
                                ) END AS state,
                           purchase.holder_id,
                           supply.method = 'stock' OR supply.ready_on IS NOT NULL
                               AS is_dated,
                           supply.ready_on, purchase.due_at
                      FROM supply
                      LEFT JOIN purchase ON purchase.id = supply.purchase_id
                   ) place
            WINDOW every_line AS (PARTITION BY place.sale_id)
             ORDER BY place.sale_id,
                   array_position(
                       ARRAY['missing', 'approval', 'request', 'ordered', 'received'],
                       place.state
                   ),
                   place.ready_on DESC NULLS FIRST, place.due_at DESC NULLS LAST,
                   place.purchase_id
            """
        )

    @api.model
    def _get_sale_cases_sql(self):
        """Return the urgent orders of customers, with what serves them.

        The columns are the id and :data:`COLUMNS`, in their order.
        """
        return SQL(
            """
            SELECT sale.id * 2, sale.name, sale.id, held.id,
                   sale.urgency_level_id, sale.urgency_reason, sale.partner_id,
                   sale.company_id, chain.state,
                   CASE WHEN chain.state = 'quotation' THEN sale.user_id
                        WHEN chain.state = 'received' THEN picking.user_id
                        WHEN chain.state <> 'delivered' THEN held.holder_id
                   END,
                   sale.urgency_date, sale.needed_by,
                   CASE WHEN chain.is_coming THEN held.is_dated
                        ELSE chain.state IN ('quotation', 'received') END,
                   CASE WHEN chain.is_coming THEN held.not_before END,
                   CASE WHEN chain.state = 'quotation' THEN lead.days ELSE 0 END,
                   CASE WHEN chain.is_coming THEN held.approved_and_ready END,
                   CASE WHEN sale.delivery_status = 'full' THEN sale.date_order END,
                   ties.purchase_ids
              FROM sale
              LEFT JOIN held ON held.sale_id = sale.id
              LEFT JOIN (
                    SELECT sale_id,
                           array_agg(purchase_id ORDER BY purchase_id) AS purchase_ids
                      FROM tie
                     GROUP BY sale_id
                   ) ties ON ties.sale_id = sale.id
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
                   ) place
             CROSS JOIN LATERAL (
                    SELECT place.state,
                           place.state IN ('request', 'approval', 'ordered')
                               AS is_coming
                   ) chain
            """
        )

    @api.model
    def _get_purchase_cases_sql(self, purchases):
        """Return the urgent purchases that serve no urgent order."""
        return SQL(
            """
            SELECT purchase.id * 2 + 1, purchase.name, NULL::integer, purchase.id,
                   purchase.urgency_level_id, purchase.urgency_reason,
                   NULL::integer, purchase.company_id, purchase.state,
                   purchase.holder_id, purchase.urgency_date, purchase.needed_by,
                   TRUE,
                   GREATEST(purchase.planned_on, purchase.due_at + purchase.lead),
                   EXTRACT(EPOCH FROM purchase.lead)::double precision / 86400,
                   NULL::timestamp, NULL::timestamp, ARRAY[purchase.id]
              FROM purchase
              JOIN urgency_level level ON level.id = purchase.urgency_level_id
             WHERE level.is_urgent
               AND purchase.state <> 'received'
               AND purchase.urgency_source_id IS NULL
               AND purchase.id = ANY(%(purchases)s::integer[])
               AND purchase.id NOT IN (
                    SELECT tie.purchase_id
                      FROM (%(ties)s) tie
                      JOIN (%(sales)s) sale ON sale.id = tie.sale_id
                   )
            """,
            purchases=purchases,
            ties=self._get_ties_sql("purchase_id", purchases),
            sales=self._get_sales_sql(SQL("TRUE")),
        )

    # ------------------------------------------------------------
    # VERIFICATION
    # ------------------------------------------------------------

    @api.model
    def _find_differences(self, sales, purchases, passed_over=()):
        """Compare what is kept with what follows from the orders now.

        :param list sales: ids of sale orders to look at
        :param list purchases: ids of purchase orders to look at
        :param passed_over: ids of cases that are noted and not followed yet
        :return: pairs of the id of an order and a sentence
        :rtype: list
        """
        ids = set(self._get_ids(sales, purchases)) - set(passed_over)
        rows = self.env.execute_query(
            SQL(
                """
                WITH kept AS (
                    SELECT * FROM urgency_case_state
                     WHERE id = ANY(%(ids)s::integer[]) AND %(shown)s
                )
                SELECT id, to_jsonb(kept), to_jsonb(derived)
                  FROM kept
                  FULL JOIN (%(derived)s) derived USING (id)
                 WHERE id = ANY(%(ids)s::integer[])
                 ORDER BY id
                """,
                ids=list(ids),
                shown=self._get_shown_sql(SQL.identifier("urgency_case_state")),
                derived=self._get_derived_sql(sales, purchases),
            )
        )
        found = []
        for id_, kept, right in rows:
            values = {
                name: right.get(name)
                for name in (right or {})
                if kept and kept[name] != right[name]
            }
            if not kept:
                text = self.env._("%s is urgent, and no case.", right["name"])
            elif not right:
                text = self.env._("%s is no urgent case any more.", kept["name"])
            elif values:
                text = self.env._(
                    "%(order)s: %(values)s would be right.",
                    order=kept["name"],
                    values=", ".join(f"{key} {value}" for key, value in values.items()),
                )
            else:
                continue
            found.append((id_ // 2, text))
        return found
