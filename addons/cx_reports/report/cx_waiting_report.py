from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.case_timeline.limits import (
    for_approvals,
    get_meanwhile_sql,
    get_over_sql,
)
from odoo.addons.case_timeline.models.timeline_words import STEPS
from odoo.addons.case_timeline.spans import NOBODY

#: Who may compare how long people had their work; others see their own.
EVERYBODY = "cx_reports.group_people"
#: Who keeps a calendar of their own: their time is all of it.
OUTSIDERS = ("customer", "vendor")
#: Who reads which vendor had what.
VENDOR_READERS = (
    "purchase.group_purchase_user,account.group_account_invoice,"
    "account.group_account_readonly"
)
#: Leads that are cases: what nobody has qualified is none yet.
QUALIFIED = Domain("type", "=", "opportunity")


class CxWaitingReport(models.Model):
    """Who cases waited for, and how long: one row a decisive span.

    Whoever may read the order or opportunity sees all of its time; whoever may read a
    purchase or transfer only, the time that it was held, without its customer. The
    names of holders are shown to themselves. A lead that nobody has qualified is no
    case yet.
    """

    _name = "cx.waiting.report"
    _description = "Where Cases Wait"
    _inherit = ["cx.report"]
    _auto = False
    _order = "date_from desc, id desc"
    _rec_name = "case_name"
    _sources = ("sale_id", "lead_id", "purchase_id")

    sale_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    purchase_id = fields.Many2one(
        "purchase.order",
        string="Purchase Order",
        readonly=True,
        groups=VENDOR_READERS,
    )
    case_name = fields.Char(
        string="Case",
        readonly=True,
        help="The order, or the opportunity that has none yet. A lead that nobody has "
        "qualified is no case yet; once it is, its time counts from the beginning.",
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department = fields.Selection(
        selection="_select_departments",
        readonly=True,
        help="Who had the case: what ends last of all that is held at a moment is what "
        "the case waits for. Nobody: no one held anything.",
    )
    from_department = fields.Selection(
        selection="_select_departments",
        string="Handed Over By",
        readonly=True,
        help="Who had the case just before.",
    )
    step = fields.Selection(
        selection="_select_steps", readonly=True, help="What was done meanwhile."
    )
    holder_id = fields.Many2one(
        "res.users",
        string="Holder",
        readonly=True,
        help="The person who had it; of approvals, who decided last. People see their "
        "own name only, unless they may compare people.",
    )
    vendor_id = fields.Many2one(
        "res.partner", string="Vendor", readonly=True, groups=VENDOR_READERS
    )
    category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        readonly=True,
        help="Of the purchase that was held, else of the order. Empty: they have goods "
        "of several categories.",
    )
    date_from = fields.Datetime(string="From", readonly=True)
    date_to = fields.Datetime(
        string="Until", readonly=True, help="Empty: it still waits."
    )
    is_open = fields.Boolean(string="Still Waiting", readonly=True)
    hours = fields.Float(
        string="Waiting (h)",
        readonly=True,
        aggregator="median",
        help="Working hours of the company from beginning to end; of vendors and "
        "customers all hours. Those that still wait are not in it. Source: decisive "
        "spans of the timeline. Of several: the median, half of them were faster.",
    )
    hours_p80 = fields.Float(
        string="Waiting, 4 of 5 (h)",
        readonly=True,
        aggregator="p80",
        help="Four of five were done within these hours, counted as the waiting. "
        "Source: decisive spans of the timeline.",
    )
    hours_p95 = fields.Float(
        string="Waiting, 19 of 20 (h)",
        readonly=True,
        aggregator="p95",
        help="Nineteen of twenty were done within these hours, counted as the "
        "waiting. Source: decisive spans of the timeline.",
    )
    hours_total = fields.Float(
        string="Waiting, All Together (h)",
        readonly=True,
        aggregator="sum",
        help="The sum of the hours of those that are over, counted as the waiting. "
        "Source: decisive spans of the timeline.",
    )
    hours_open = fields.Float(
        string="Waits For (h)",
        readonly=True,
        aggregator="max",
        help="Hours until now of what still waits, counted as the waiting. Of several: "
        "the longest. Source: decisive spans of the timeline.",
    )
    over = fields.Selection(
        [("no", "Within the Limit"), ("yes", "Over the Limit"), ("none", "No Limit")],
        string="Limit",
        readonly=True,
        help="Over: a limit ran out meanwhile. Steps of approvals have limits, and "
        "questions; nothing else has one.",
    )
    over_rate = fields.Float(
        string="Over the Limit (%)",
        readonly=True,
        aggregator="avg",
        help="Those whose limit ran out ÷ those that have one; what still waits "
        "counts. Empty: nothing had a limit. Source: approval tasks, questions.",
    )

    came_back = fields.Integer(
        readonly=True,
        aggregator="sum",
        help="Times that a case came back to a department that had it before, after "
        "another one. Nobody is no department. Source: decisive spans of the timeline.",
    )
    back_rate = fields.Float(
        string="Came Back (%)",
        readonly=True,
        aggregator="avg",
        help="Times that a case came back to a department that had it before ÷ times "
        "that it was handed over to it. Source: decisive spans of the timeline.",
    )

    _depends = {
        "timeline.span": [
            "company_id",
            "date_from",
            "date_to",
            "department",
            "from_department",
            "is_back",
            "is_decisive",
            "lead_id",
            "over",
            "res_id",
            "res_model",
            "sale_id",
            "step",
            "user_id",
            "working_hours",
        ],
        "sale.order": ["name", "partner_id"],
        "crm.lead": ["name", "partner_id", "type"],
        "purchase.order": ["partner_id"],
        "approval.task": ["activated_at", "decided_at", "due_at", "state"],
        "supply.question": ["closed_at", "due_at"],
    }

    def _select_departments(self):
        departments = self.env["timeline.words"]._get_departments()
        return sorted(departments.items(), key=lambda each: each[1])

    def _select_steps(self):
        words = self.env["timeline.words"]
        return [(step, words._get_step(step)) for step in STEPS]

    # ------------------------------------------------------------
    # QUERY
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        """One select without grouping, so that the database does only what is asked:
        what no column needs is not joined."""
        # the time of orders that are deleted stays; there is no order to read
        sale = SQL(
            """
            (%s AND span.sale_id NOT IN (
                SELECT event.sale_id FROM timeline_event event
                 WHERE event.kind = 'sale.gone' AND event.sale_id IS NOT NULL))
            """,
            self._get_readable_sql(
                "sale.order", SQL("span.sale_id"), is_reference=True
            ),
        )
        lead = self._get_readable_sql("crm.lead", SQL("span.lead_id"), QUALIFIED)
        purchase = self._get_readable_sql("purchase.order", SQL("span.res_id"))
        bought = self._get_readable_sql(
            "purchase.order", SQL("bought.id"), is_reference=True
        )
        now = SQL("%s::timestamp", fields.Datetime.now())
        hours = self._get_hours_sql()
        return SQL(
            """
            SELECT span.id,
                   CASE WHEN %(sale)s THEN sale.id END AS sale_id,
                   CASE WHEN %(lead)s THEN span.lead_id END AS lead_id,
                   CASE WHEN %(bought)s THEN bought.id END AS purchase_id,
                   CASE WHEN span.sale_id IS NULL
                        THEN CASE WHEN %(lead)s THEN lead.name END
                        WHEN %(sale)s THEN sale.name END AS case_name,
                   CASE WHEN span.sale_id IS NULL
                        THEN CASE WHEN %(lead)s THEN lead.partner_id END
                        WHEN %(sale)s THEN sale.partner_id END AS partner_id,
                   span.company_id, span.department, span.from_department,
                   span.step, %(holder)s AS holder_id,
                   CASE WHEN %(bought)s THEN bought.partner_id END AS vendor_id,
                   category.id AS category_id,
                   span.date_from, span.date_to,
                   span.date_to IS NULL AS is_open,
                   %(hours)s AS hours, %(hours)s AS hours_p80, %(hours)s AS hours_p95,
                   %(hours)s AS hours_total,
                   CASE WHEN span.date_to IS NOT NULL THEN NULL
                        WHEN span.department IN %(outsiders)s
                        THEN date_part('epoch', %(now)s - span.date_from) / 3600
                        ELSE %(open)s END AS hours_open,
                   COALESCE(%(over)s, 'none') AS over,
                   CASE %(over)s WHEN 'yes' THEN 100.0 WHEN 'no' THEN 0.0 END
                       AS over_rate,
                   COALESCE(span.is_back, FALSE)::integer AS came_back,
                   CASE WHEN span.from_department <> span.department
                             AND span.department <> %(nobody)s
                        THEN COALESCE(span.is_back, FALSE)::integer * 100.0 END
                       AS back_rate
              FROM timeline_span span
         LEFT JOIN purchase_order bought
                ON bought.id = span.res_id AND span.res_model = 'purchase.order'
         -- HAVING: one key of the two, by which the database remembers the category;
         -- it also sees that this is one row, and drops it where no column needs it
         LEFT JOIN LATERAL (
            SELECT CASE WHEN span.res_model = 'purchase.order' THEN NULL
                        ELSE span.sale_id END,
                   CASE WHEN span.res_model = 'purchase.order' THEN span.res_id END
            HAVING TRUE
         ) held (sale_id, purchase_id) ON TRUE
         LEFT JOIN LATERAL (%(category)s) category ON TRUE
         -- after the category: what it comes after is joined for it
         LEFT JOIN sale_order sale ON sale.id = span.sale_id
         LEFT JOIN crm_lead lead ON lead.id = span.lead_id
         LEFT JOIN (%(worktime)s) worktime
                ON worktime.company_id = COALESCE(span.company_id, %(company)s)
             WHERE span.is_decisive AND %(readable)s
            """,
            sale=sale,
            lead=lead,
            bought=bought,
            holder=self._get_holder_sql(),
            nobody=NOBODY,
            category=self._get_category_sql(),
            hours=hours,
            outsiders=OUTSIDERS,
            now=now,
            company=self.env.company.id,
            open=self._get_worked_sql(SQL("span.date_from"), now),
            over=SQL(
                """
                CASE WHEN span.date_to IS NOT NULL THEN span.over
                     ELSE CASE %s WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END END
                """,
                get_over_sql(now),
            ),
            worktime=self._get_worktime_sql(self._get_open_firsts()),
            readable=self._get_visible_sql(sale, lead, purchase),
        )

    def _get_hours_sql(self):
        return SQL(
            """
            CASE WHEN span.department IN %s
                 THEN date_part('epoch', span.date_to - span.date_from) / 3600
                 ELSE span.working_hours END
            """,
            OUTSIDERS,
        )

    def _get_visible_sql(self, sale, lead, purchase):
        """Return the condition that the reader may read the case, or what was held."""
        if self.env.su:
            return SQL("(span.lead_id IS NULL OR %s)", lead)
        return SQL(
            """
            (%(sale)s OR %(lead)s
             OR span.res_model = 'purchase.order' AND %(purchase)s
             OR span.res_model = 'stock.picking' AND %(picking)s)
            """,
            sale=sale,
            lead=lead,
            purchase=purchase,
            picking=self._get_readable_sql("stock.picking", SQL("span.res_id")),
        )

    def _get_open_firsts(self):
        """Return since when something waits, by id of the company. What is of no
        company, such as an opportunity, is of that of the reader."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(company_id, %s) AS company, min(date_from)
                  FROM timeline_span
                 WHERE is_decisive AND date_to IS NULL
              GROUP BY company
                """,
                self.env.company.id,
            )
        )
        return dict(rows)

    def _get_holder_sql(self):
        decided = for_approvals(
            lambda document: SQL(
                """
                SELECT CASE WHEN task.state = 'active' THEN task.holder_id
                            ELSE COALESCE(task.decided_by_id, task.holder_id) END
                  FROM approval_process process
                  JOIN approval_task task ON task.process_id = process.id
                 WHERE %s AND %s
              ORDER BY task.decided_at DESC NULLS FIRST, task.id
                 LIMIT 1
                """,
                document,
                get_meanwhile_sql(),
            )
        )
        holder = SQL("COALESCE(span.user_id, %s)", decided)
        if self.env.su or self.env.user.has_group(EVERYBODY):
            return holder
        me = self.env.uid
        return SQL("CASE WHEN %s = %s THEN %s END", holder, me, me)

    def _get_category_sql(self):
        """Return a query of the category of the goods of the purchase that was held,
        else of the order, if they have one. As a join, the database asks once for all
        spans of the order, or not at all."""
        return SQL(
            """
            SELECT CASE WHEN min(template.categ_id) = max(template.categ_id)
                        THEN min(template.categ_id) END AS id
              FROM (
                SELECT line.product_id FROM sale_order_line line
                 WHERE line.order_id = held.sale_id
             UNION ALL
                SELECT line.product_id FROM purchase_order_line line
                 WHERE line.order_id = held.purchase_id
              ) line
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
            """
        )
