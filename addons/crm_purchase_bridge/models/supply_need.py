from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ..hot import HOT, RANK

#: What quotations would bring into a warehouse for anybody, in the product's unit: what
#: is bought for one order is that one's, and of alternatives only one is ordered.
QUOTED = """
    SELECT warehouse_id, product_id, company_id,
           SUM(quantity) AS quantity, MIN(order_id) AS order_id
      FROM (SELECT warehouse_id, product_id, company_id,
                   MAX(quantity) AS quantity, MIN(order_id) AS order_id
              FROM (SELECT type.warehouse_id, line.product_id, purchase.company_id,
                           COALESCE(purchase.purchase_group_id, -purchase.id) AS rivals,
                           purchase.id AS order_id,
                           SUM(GREATEST(line.product_uom_qty
                                        - COALESCE(tied.quantity, 0), 0)) AS quantity
                      FROM purchase_order purchase
                      JOIN purchase_order_line line ON line.order_id = purchase.id
                      JOIN stock_picking_type type
                        ON type.id = purchase.picking_type_id
              CROSS JOIN LATERAL (
                           SELECT SUM(move.product_qty) AS quantity
                             FROM stock_move_created_purchase_line_rel created
                             JOIN stock_move move ON move.id = created.move_id
                            WHERE created.created_purchase_line_id = line.id
                              AND move.state <> 'cancel'
                           ) tied
                     WHERE purchase.state IN ('draft', 'sent', 'to approve')
                       AND line.product_id IS NOT NULL
                       AND line.sale_line_id IS NULL
                  GROUP BY type.warehouse_id, line.product_id, purchase.id
                   ) AS one
          GROUP BY warehouse_id, product_id, company_id, rivals
           ) AS each
  GROUP BY warehouse_id, product_id, company_id
"""

#: The vendor that Odoo would choose for what is missing, see ``_select_seller``: the
#: first who sells as little, else the first of all.
SELLER = """
    SELECT seller.partner_id
      FROM product_supplierinfo seller
      JOIN res_partner ON res_partner.id = seller.partner_id AND res_partner.active
      JOIN uom_uom unit ON unit.id = seller.product_uom_id
     WHERE seller.product_tmpl_id = product.product_tmpl_id
       AND (seller.product_id IS NULL OR seller.product_id = product.id)
       AND (seller.company_id IS NULL OR seller.company_id = promise.company_id)
       AND (seller.date_start IS NULL OR seller.date_start <= today.day)
       AND (seller.date_end IS NULL OR seller.date_end >= today.day)
  ORDER BY seller.min_qty * unit.factor
               > promise.quantity_short * own_unit.factor + 0.000001,
           seller.sequence, seller.min_qty DESC, seller.price, seller.id
     LIMIT 1
"""


class SupplyNeed(models.Model):
    """What customers' orders still need from purchasing: the buyer's hot list.

    One row for each open promise that a buyer can do something about: nobody has bought
    the goods, the purchase is not ordered yet, is overdue, or comes too late. All of it
    is read from promises and documents when the list is opened; nothing is kept.
    """

    _name = "supply.need"
    _description = "What Customers' Orders Need from Purchasing"
    _named_customers = (["partner_id"], None)
    _auto = False
    _order = "urgency DESC, rank, id"
    _rec_name = "product_id"

    sale_line_id = fields.Many2one("sale.order.line", readonly=True)
    order_id = fields.Many2one("sale.order", string="Order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    level_id = fields.Many2one("urgency.level", string="Urgency", readonly=True)
    quantity = fields.Float(string="To Deliver", readonly=True, digits="Product Unit")
    quantity_short = fields.Float(
        string="Missing",
        readonly=True,
        digits="Product Unit",
        help="What nobody has bought yet, in the product's unit: what is missing, and "
        "what a quotation was promised because there is time to buy it again.",
    )
    quantity_likely = fields.Float(
        string="Likely Demand",
        readonly=True,
        digits="Product Unit",
        aggregator="max",
        help="Of opportunities that ask for this product, weighted by how likely they "
        "are won. Nothing of it is reserved or missing: no order waits for it.",
    )
    quantity_quoted = fields.Float(
        string="In Quotations",
        readonly=True,
        digits="Product Unit",
        aggregator="max",
        help="What quotations would bring into the same warehouse, for all who lack "
        "this product.",
    )
    due_on = fields.Date(
        string="Deadline",
        readonly=True,
        help="The day that the customer was told, else the one that they want.",
    )
    likely_on = fields.Date(string="Likely", readonly=True)
    slack_days = fields.Integer(
        string="Slack",
        readonly=True,
        aggregator="min",
        help="Days between the likely day and the deadline. Below zero: it will be "
        "late. What has to be bought is counted as if somebody did today.",
    )
    urgency = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    rank = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    risk = fields.Selection(
        [
            ("late", "Late"),
            ("unknown", "Nobody Knows"),
            ("unsafe", "Tight"),
            ("safe", "In Time"),
            ("open", "No Day Agreed"),
        ],
        readonly=True,
    )
    buy_by = fields.Date(
        readonly=True,
        help="Whoever buys by this day most likely keeps the deadline.",
    )
    is_passed_over = fields.Boolean(
        string="Passed Over",
        readonly=True,
        help="It has its goods, but a quotation was promised them: there is time to "
        "buy again, if somebody does.",
    )
    stage = fields.Selection(
        [
            ("none", "No Purchase Yet"),
            ("quotation", "In a Quotation"),
            ("approval", "Waits for Approval"),
            ("overdue", "Overdue"),
            ("ordered", "Ordered from Vendor"),
        ],
        readonly=True,
        help="No purchase yet: quotations do not cover all that is missing.",
    )
    purchase_line_id = fields.Many2one("purchase.order.line", readonly=True)
    purchase_id = fields.Many2one("purchase.order", string="Purchase", readonly=True)
    buyer_id = fields.Many2one("res.users", string="Buyer", readonly=True)
    process_id = fields.Many2one("approval.process", string="Approval", readonly=True)
    holder_names = fields.Char(string="With", compute="_compute_holder_names")
    overdue_days = fields.Integer(
        string="Days Overdue", readonly=True, aggregator="max"
    )
    vendor_id = fields.Many2one(
        "res.partner",
        string="Vendor",
        readonly=True,
        help="Of the purchase, else the one that Odoo would choose.",
    )
    on_time = fields.Float(
        string="On Time (%)",
        readonly=True,
        aggregator="avg",
        help="Of the vendor: quantity received by the day for which it was ordered, of "
        "all that was due in the last year. Empty: too few cases.",
    )
    budget_left = fields.Monetary(
        compute="_compute_budget",
        help="What is left of the budget that the purchase hits, without it; of what "
        "nobody has bought yet, of the budget that a quotation of yours would hit.",
    )
    budget_note = fields.Char(
        string="Why No Budget",
        compute="_compute_budget",
        help="Why nothing is said of a budget.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _depends = {
        "crm.lead.demand": ["company_id", "product_id", "weighted_quantity"],
        "approval.process": ["res_id", "res_model", "state"],
        "purchase.order": [
            "company_id",
            "partner_id",
            "picking_type_id",
            "purchase_group_id",
            "state",
            "user_id",
        ],
        "purchase.order.line": [
            "move_dest_ids",
            "order_id",
            "product_id",
            "product_uom_qty",
            "sale_line_id",
        ],
        "sale.order": ["urgency_level_id", "warehouse_id"],
        "supply.pace": ["kind", "on_time", "partner_id"],
        "supply.promise": [
            "buy_by",
            "company_id",
            "confidence",
            "is_open",
            "is_ordered",
            "likely_on",
            "method",
            "purchase_line_id",
            "quantity_short",
            "reason",
            "risk",
            "slack_days",
            "told_on",
            "urgency",
            "wanted_on",
        ],
        "urgency.level": ["is_urgent"],
    }

    @property
    def _table_query(self):
        """Joins that nobody asks for are left out by the database, which has to see
        that each of them finds one row at most. Scalar subqueries and what is joined
        sideways are only worked out for the rows of the page."""
        return SQL(
            """
            SELECT promise.id,
                   promise.sale_line_id,
                   promise.order_id,
                   promise.partner_id,
                   promise.product_id,
                   template.uom_id AS product_uom_id,
                   promise.company_id,
                   sale.warehouse_id,
                   level.id AS level_id,
                   promise.quantity,
                   promise.quantity_short,
                   promise.quantity_short > 0
                       AND promise.method NOT IN ('buy', 'none') AS is_passed_over,
                   (SELECT SUM(demand.weighted_quantity)
                      FROM (%(demand)s) demand
                     WHERE demand.product_id = promise.product_id
                       AND (demand.company_id IS NULL
                            OR demand.company_id = promise.company_id)
                   ) AS quantity_likely,
                   quoted.quantity AS quantity_quoted,
                   COALESCE(promise.told_on, promise.wanted_on) AS due_on,
                   promise.likely_on,
                   promise.slack_days,
                   promise.urgency,
                   %(rank)s AS rank,
                   promise.risk,
                   promise.buy_by,
                   CASE WHEN purchase.id IS NULL THEN 'none'
                        WHEN process.id IS NOT NULL OR purchase.state = 'to approve'
                        THEN 'approval'
                        WHEN purchase.state <> 'purchase' THEN 'quotation'
                        WHEN (promise.reason->>'overdue')::integer > 0 THEN 'overdue'
                        ELSE 'ordered'
                    END AS stage,
                   bought.id AS purchase_line_id,
                   purchase.id AS purchase_id,
                   purchase.user_id AS buyer_id,
                   process.id AS process_id,
                   CASE WHEN bought.id IS NOT NULL
                        THEN (promise.reason->>'overdue')::integer
                    END AS overdue_days,
                   COALESCE(purchase.partner_id, (%(seller)s)) AS vendor_id,
                   (SELECT pace.on_time
                      FROM supply_pace pace
                      JOIN res_partner vendor
                        ON vendor.commercial_partner_id = pace.partner_id
                     WHERE pace.kind = 'on_time'
                       AND pace.company_id = promise.company_id
                       AND vendor.id = COALESCE(purchase.partner_id, (%(seller)s))
                   ) AS on_time
              FROM supply_promise promise
              JOIN (VALUES %(today)s) AS today (company_id, day)
                ON today.company_id = promise.company_id
         LEFT JOIN sale_order sale ON sale.id = promise.order_id
         LEFT JOIN product_product product ON product.id = promise.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN uom_uom own_unit ON own_unit.id = template.uom_id
         LEFT JOIN urgency_level level
                ON level.id = sale.urgency_level_id AND level.is_urgent
         LEFT JOIN (%(quoted)s) quoted
                ON quoted.product_id = promise.product_id
               AND quoted.warehouse_id = sale.warehouse_id
               AND quoted.company_id = promise.company_id
         LEFT JOIN LATERAL (
                    SELECT SUM(lacking.quantity_short) AS quantity
                      FROM supply_promise lacking
                      JOIN sale_order other ON other.id = lacking.order_id
                     WHERE lacking.product_id = promise.product_id
                       AND other.warehouse_id = sale.warehouse_id
                       AND lacking.is_open
                       AND lacking.is_ordered
                       AND lacking.quantity_short > 0
                   ) short
                ON TRUE
               -- what is missing and not quoted comes before any purchase
         LEFT JOIN purchase_order_line bought
                ON bought.id = promise.purchase_line_id
               AND COALESCE(promise.quantity_short, 0) = 0
         LEFT JOIN LATERAL (
                    -- one row: MIN tells the database so
                    SELECT MIN(one.id) AS id
                      FROM (VALUES (CASE WHEN bought.id IS NOT NULL
                                         THEN bought.order_id
                                         WHEN quoted.quantity >= short.quantity
                                         THEN quoted.order_id
                                     END)) AS one (id)
                   ) chosen
                ON TRUE
         LEFT JOIN purchase_order purchase ON purchase.id = chosen.id
         LEFT JOIN LATERAL (
                    -- at most one is open
                    SELECT MIN(process.id) AS id
                      FROM approval_process process
                     WHERE process.res_model = 'purchase.order'
                       AND process.res_id = purchase.id
                       AND process.state = 'open'
                   ) process
                ON TRUE
             WHERE %(hot)s
            """,
            rank=SQL(RANK.format("promise.")),
            hot=SQL(HOT.format("promise.")),
            quoted=SQL(QUOTED),
            demand=self.env["crm.lead.demand"]._table_query,
            seller=SQL(SELLER),
            today=SQL(", ").join(
                SQL("(%s, %s::date)", company.id, company._approval_day())
                for company in self.env.companies
            ),
        )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("process_id")
    @api.depends_context("lang", "uid")
    def _compute_holder_names(self):
        words = self.env["supply.promise.words"]
        processes = self.sudo().process_id
        processes.task_ids.fetch(["holder_id", "state"])
        for need in self:
            tasks = need.sudo().process_id.task_ids
            active = tasks.filtered(lambda task: task.state == "active")
            need.holder_names = words._name_people(active.holder_id.ids)

    @api.depends("purchase_id")
    @api.depends_context("lang", "uid")
    def _compute_budget(self):
        """Of several budgets the one with the least left is named."""
        self.budget_left = self.budget_note = False
        if not self.env["spend.control"]._in_use():
            return
        purchases = self.purchase_id.filtered_domain(
            [("state", "in", ("draft", "sent", "to approve"))]
        )
        impacts = purchases._budget_impacts() if purchases else {}
        left, notes = self.filtered(
            lambda need: not need.purchase_id
        )._find_budgets_to_hit()
        for need in self:
            if need.purchase_id:
                rows = impacts.get(need.purchase_id, ())
                found = [row["before"] for row in rows]
            else:
                found = left.get(need, ())
            need.budget_left = min(found, default=False)
            need.budget_note = notes.get(need, False)

    def _find_budgets_to_hit(self):
        """Return what is left of the budgets that quotations for these rows would hit,
        and why nothing is known of others.

        As much as a quotation says by itself is known: its vendor, product and
        analytic distribution by Odoo's models, and the department of who looks. It is
        made up for that and never saved.

        :return: amounts by row, and sentences by row
        """
        known = self.filtered(lambda need: need.vendor_id)
        notes = dict.fromkeys(self - known, self.env._("No vendor is known."))
        needs = self.env(su=True)["supply.need"]
        lines = needs.env["purchase.order.line"]
        engine, lines_of = needs.env["spend.control"], {}
        for (company, vendor), group in (
            known.sudo().grouped(lambda need: (need.company_id, need.vendor_id)).items()
        ):
            products = group.product_id
            order = needs.env["purchase.order"].new(
                {
                    "company_id": company.id,
                    "currency_id": company.currency_id.id,
                    "partner_id": vendor.id,
                    "user_id": self.env.uid,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": 1.0,
                                "product_uom_id": product.uom_id.id,
                                "price_unit": 1.0,
                            }
                        )
                        for product in products
                    ],
                }
            )
            made = dict(zip(products, order.order_line, strict=True))
            lines_of.update((need.id, made[need.product_id]) for need in group)
        measures = {}
        for order in lines.union(*lines_of.values()).order_id:
            measures |= order.order_line._budget_measures(forecast=True)
        borne = engine._get_borne(measures)
        budgets, left = needs.env["spend.budget.line"], {}
        for need in known:
            hit = borne.get(lines_of[need.id].id, ())
            if hit:
                left[need] = budgets.browse(hit).mapped("available")
            else:
                notes[need] = self.env._("No open budget is for it.")
        return left, notes

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_buy(self):
        """Show what there is to buy for these orders, and from whom."""
        self.check_access("read")
        return self.env["supply.buy"]._open(self.sale_line_id)

    def action_ask_vendor(self):
        """Ask the vendors of what these orders wait for when it comes."""
        self.check_access("read")
        return self.purchase_line_id.action_ask_vendor()

    def action_new_dates(self):
        """Give the purchases that these orders wait for new dates."""
        self.check_access("read")
        return self.purchase_line_id.action_new_dates()

    def action_open_purchase(self):
        """Open the purchases that these orders wait for."""
        self.check_access("read")
        return self.env["supply.buy"]._show(self.purchase_id)
