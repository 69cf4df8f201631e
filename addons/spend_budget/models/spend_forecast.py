from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.approval_matrix.system import as_system

from ..forecast import get_days
from ..measure import Measure
from ..shares import from_units
from .purchase_order_line import KIND_OF_STATE
from .spend_entry import SOURCES

#: The day of a moment where the company of the budget is.
LOCAL_DAY = "(%(moment)s AT TIME ZONE 'UTC' AT TIME ZONE place.zone)::date"


class SpendForecast(models.Model):
    """What each line of an open budget has, and what takes from it, by month.

    What is spent counts in the month of its bill or entry; what is ordered in that of
    its delivery, if that is not over; then what is bound to come: drafts that core will
    post by itself, one time or again and again.
    """

    _name = "spend.forecast"
    _description = "Budget Forecast"
    _auto = False
    _order = "month, id"
    _rec_name = "line_id"

    line_id = fields.Many2one("spend.budget.line", string="Budget Line", readonly=True)
    budget_id = fields.Many2one("spend.budget", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(readonly=True)
    kind = fields.Selection(
        [
            ("budget", "Budget"),
            ("actual", "Spent"),
            ("commit", "Committed"),
            ("reserve", "Reserved"),
            ("plan", "Recurring and planned"),
        ],
        readonly=True,
    )
    side = fields.Selection(
        [("budget", "Budget"), ("use", "Used and to Come")],
        string="Budget or Use",
        readonly=True,
    )
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self) -> SQL:
        for model in ("spend.budget", "spend.budget.line", "spend.entry", *SOURCES):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT (line.id * 10 + array_position(%(kinds)s, parts.kind)) * 1200::bigint
                   + (extract(year FROM day)::int * 12 + extract(month FROM day)::int)
                     %% 1200 AS id,
                   line.id AS line_id, budget.id AS budget_id, budget.company_id,
                   day::date AS month, parts.kind, SUM(parts.amount) AS amount,
                   CASE parts.kind WHEN 'budget' THEN 'budget' ELSE 'use' END AS side
              FROM spend_budget_line AS line
              JOIN spend_budget AS budget
                ON budget.id = line.budget_id AND budget.state = 'open'
              JOIN (%(entries)s UNION ALL %(amounts)s UNION ALL %(plans)s)
                   AS parts
                ON parts.line_id = line.id AND parts.budget_id = budget.id,
                   date_trunc('month', LEAST(GREATEST(parts.month, line.date_from),
                                             line.date_to)::timestamp) AS day
          GROUP BY line.id, budget.id, budget.company_id, day, parts.kind
            """,
            kinds=[kind for kind, _label in self._fields["kind"].selection],
            entries=self._get_entries_query(),
            amounts=self._get_amounts_query(),
            plans=self._get_plans_query(),
        )

    @api.model
    def _get_amounts_query(self):
        """What there is, in the first month; and nothing more in each of the others, so
        that graphs have all months."""
        return SQL(
            """
            SELECT line.budget_id, line.id AS line_id, each::date AS month,
                   'budget' AS kind,
                   CASE WHEN each = first THEN line.amount ELSE 0 END AS amount
              FROM spend_budget_line AS line,
                   date_trunc('month', line.date_from::timestamp) AS first,
                   generate_series(first, line.date_to, interval '1 month') AS each
            """
        )

    @api.model
    def _get_entries_query(self):
        """What the ledger has, in the month of the document behind it.

        Open budgets are named, that the database knows how much it will find.
        """
        budgets = self.env["spend.budget"].sudo().search([("state", "=", "open")])
        places = [
            SQL(
                "(%s, %s, %s::date)",
                budget.id,
                budget.company_id._approval_zone().key,
                budget.company_id._approval_day(),
            )
            for budget in budgets
        ]
        return SQL(
            """
            SELECT entry.budget_id, entry.line_id,
                   COALESCE(item.date,
                            GREATEST(%(planned)s, place.today),
                            %(entered)s) AS month,
                   entry.kind, SUM(entry.amount) AS amount
              FROM spend_entry AS entry
              JOIN (VALUES %(places)s) AS place (budget_id, zone, today)
                ON place.budget_id = entry.budget_id
         LEFT JOIN account_move_line AS item
                ON item.id = entry.source_id
               AND entry.source_model = 'account.move.line'
         LEFT JOIN purchase_order_line AS line
                ON line.id = entry.source_id
               AND entry.source_model = 'purchase.order.line'
             WHERE entry.budget_id IN %(budgets)s
          GROUP BY 1, 2, 3, 4
            HAVING SUM(entry.amount) <> 0
            """,
            planned=SQL(LOCAL_DAY, moment=SQL("line.date_planned")),
            entered=SQL(LOCAL_DAY, moment=SQL("entry.date")),
            places=SQL(", ").join(places or [SQL("(0, 'UTC', NULL::date)")]),
            budgets=tuple(budgets.ids) or (0,),
        )

    # ------------------------------------------------------------
    # PLANS: what is bound to come
    # ------------------------------------------------------------

    @api.model
    def _get_plans_query(self):
        rows = [
            SQL("(%s, %s::date, 'plan', %s::numeric)", *plan)
            for plan in self._get_plans()
        ]
        if not rows:
            return SQL(
                "SELECT NULL::int, NULL::int, NULL::date, 'plan', NULL::numeric"
                " WHERE FALSE"
            )
        return SQL(
            "SELECT line.budget_id, plan.* FROM (VALUES %s) AS plan (line_id)"
            " JOIN spend_budget_line AS line ON line.id = plan.line_id",
            SQL(", ").join(rows),
        )

    @api.model
    def _get_plans(self):
        """Return what is bound to take money from open budgets.

        :return: list of ``(id of the budget line, day, amount)``
        """
        self = as_system(self)
        Control = self.env["spend.control"]
        days = [
            day
            for periods in self.env["spend.budget"]._get_periods().values()
            for _start, day, _policy in periods
        ]
        if not days:
            return []
        measures = self._get_plan_measures(max(days))
        return [
            (line_id, measures[key].date, from_units(units, measures[key].rounding))
            for key, borne in Control._deal(measures, Measure.bear).items()
            for line_id, units in borne.items()
            if units
        ]

    @api.model
    def _get_plan_measures(self, last):
        """Return what is bound to come, each as ``measure.Measure`` by a key of its
        own; addons add theirs.

        :param last: the day on which the last of the open budgets ends
        :rtype: dict
        """
        measures = {}
        for item in self.env["account.move.line"].search(self._get_plans_domain()):
            move = item.move_id
            end = min(move.auto_post_until or last, last)
            # what is ordered is committed already; its copies bill nothing of it
            is_ordered = item.purchase_line_id.state in KIND_OF_STATE
            for measure in item._budget_measures(forecast=True).values():
                for day in get_days(move.date, move.auto_post, end):
                    if day != move.date or not is_ordered:
                        measures[item, day] = replace(measure, date=day)
        return measures

    @api.model
    def _get_plans_domain(self):
        """Drafts that core posts by itself."""
        return Domain("move_id.auto_post", "!=", "no") & Domain(
            "parent_state", "=", "draft"
        )
