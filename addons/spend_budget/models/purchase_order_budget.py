import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .purchase_order_line import KINDS

STATES = [
    ("none", "No budget"),
    ("within", "Within budget"),
    ("warned", "Over, warned"),
    ("over", "Over budget"),
]
RANK = ["none", "within", "warned", "over"]

QUOTATION = ("draft", "sent")


class PurchaseOrder(models.Model):
    """What an order does to budgets: for people, and for approval rules."""

    _inherit = "purchase.order"

    budget_state = fields.Selection(
        STATES,
        string="Budget",
        compute="_compute_budget_state",
        search="_search_budget_state",
        compute_sudo=True,
        groups="base.group_user",
        help="Quotations: what would happen if they were submitted now. Then: what "
        "their own reservation did, whatever others took later.",
    )
    budget_impact = fields.Html(
        compute="_compute_budget_impact",
        compute_sudo=True,
        sanitize=False,
        groups="base.group_user",
        export_string_translation=False,
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    def _budget_dependencies(self):
        lines = (
            "product_id",
            "product_qty",
            "product_uom_id",
            "price_unit",
            "discount",
            "tax_ids",
            "analytic_distribution",
        )
        return (
            "state",
            "company_id",
            "currency_id",
            "date_order",
            "department_id",
            "user_id",
            *(f"order_line.{name}" for name in lines),
        )

    @api.depends(lambda self: self._budget_dependencies())
    @api.depends("budget_posted_state")
    def _compute_budget_state(self):
        impacts = {}
        quotations = self.filtered(lambda order: order.state in QUOTATION)
        if quotations and self.env["spend.control"]._in_use():
            impacts = quotations._budget_impacts()
        for order in self:
            if order.state in KINDS:
                order.budget_state = order.budget_posted_state or "none"
            else:
                verdicts = [row["verdict"] for row in impacts.get(order, ())]
                order.budget_state = max(verdicts, key=RANK.index, default="none")

    def _search_budget_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["budget_state"], "read")
        wanted = set(value)
        posted = [state for state in RANK[1:] if state in wanted]
        domain = Domain("state", "in", tuple(KINDS)) & Domain(
            "budget_posted_state", "in", posted + [False] * ("none" in wanted)
        )
        if "none" in wanted:
            domain |= Domain("state", "=", "cancel")
        orders = self.sudo()
        drafts = Domain("state", "in", QUOTATION)
        if not self.env["spend.control"]._in_use():
            domain |= drafts if "none" in wanted else Domain.FALSE
        else:
            found = orders.search(drafts).filtered(
                lambda order: order.budget_state in wanted
            )
            domain |= Domain("id", "in", found.ids)
        return Domain("id", "in", orders._search(domain))

    @api.depends(lambda self: self._budget_dependencies())
    @api.depends("budget_posted_state")
    @api.depends_context("lang")
    def _compute_budget_impact(self):
        in_use = self.env["spend.control"]._in_use()
        impacts = self._budget_impacts() if in_use else {}
        for order in self:
            rows = impacts.get(order)
            order.budget_impact = rows and self.env["ir.qweb"]._render(
                "spend_budget.impact",
                {
                    "rows": rows,
                    "currency": order.company_id.currency_id,
                    "is_forecast": order.state in QUOTATION,
                },
            )

    def _budget_impacts(self):
        """Return what the orders take from each budget line they touch.

        Quotations are measured as if they were submitted now.

        :return: by order, a list of ``{"line", "amount", "before", "after", "limit",
            "verdict"}``, amounts in company currency
        """
        engine = self.env["spend.control"]._trusted()
        orders = self.with_env(engine.env)
        lines = orders.order_line
        measures = lines._budget_measures(forecast=True)
        borne = engine._get_borne(measures)
        asked = defaultdict(lambda: defaultdict(int))
        for line in lines:
            for line_id, units in borne.get(line.id, {}).items():
                asked[line.order_id.id][line_id] += measures[line.id].take(units)
        held = orders._budget_get_held()
        impacts = {}
        for order in self:
            verdicts = (order.sudo().budget_memo or {}).get("verdicts", {})
            rows = engine._get_impact_rows(asked[order.id], held[order._origin.id])
            for row in rows:
                if order.state in KINDS:
                    row["verdict"] = verdicts.get(str(row["line"].id), "within")
            impacts[order] = rows
        return impacts

    def _budget_get_held(self):
        """Return what the ledger has of the orders on open budgets.

        :return: by order id and line id, units
        """
        held = defaultdict(lambda: defaultdict(int))
        lines = self._origin.order_line
        if not lines:
            return held
        order_of = {line.id: line.order_id.id for line in lines}
        holdings = self.env["spend.control"]._get_holdings(lines._name, lines.ids)
        for source_id, by_line in holdings.items():
            for line_id, (kinds, _number) in by_line.items():
                held[order_of[source_id]][line_id] += sum(kinds.values())
        return held

    # ------------------------------------------------------------
    # SETTLE
    # ------------------------------------------------------------

    def _budget_settled(self, targets, verdicts):
        """Remember what the settled orders did to budgets, and tell the owners.

        Each order's row is updated in any case: who confirms it while another edits a
        line then meets a serialization error, not a line from before.

        :param targets: by id of the order's line, the budget lines it meets
        :param verdicts: by source and budget line, where it changed
        """
        rows, exceeded = [], {}
        for order in self:
            memo = order.budget_memo or {}
            state = None
            if order.state in KINDS:
                state, memo, told = order._budget_get_memo(memo, targets, verdicts)
                if told:
                    exceeded[order] = told
            else:
                memo = {}
            rows.append(
                SQL(
                    "(%s, %s::jsonb, %s::varchar)",
                    order.id,
                    json.dumps(memo) if memo else None,
                    state,
                )
            )
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE purchase_order AS ordered
                   SET budget_memo = settled.memo,
                       budget_posted_state = settled.state,
                       budget_revision = COALESCE(ordered.budget_revision, 0) + 1
                  FROM (VALUES %(rows)s) AS settled (id, memo, state)
                 WHERE ordered.id = settled.id
                """,
                rows=SQL(", ").join(rows),
            )
        )
        self.invalidate_recordset(
            [
                "budget_memo",
                "budget_posted_state",
                "budget_revision",
                "budget_state",
                "budget_impact",
            ],
            flush=False,
        )
        for order, line_ids in exceeded.items():
            order._budget_exceeded(self.env["spend.budget.line"].browse(line_ids))

    def _budget_get_memo(self, memo, targets, verdicts):
        """Return the state of the order, its new memo, and which lines went over now.

        :return: ``(state or None, memo, ids of budget lines)``
        """
        self.ensure_one()
        met = {
            line_id for line in self.order_line for line_id in targets.get(line.id, ())
        }
        if not met:
            return None, {}, []
        found = {}
        for line_id in met:
            found[line_id] = memo.get("verdicts", {}).get(str(line_id), "within")
            new = [
                by_line[line_id]
                for line in self.order_line
                if (by_line := verdicts.get((line._name, line.id)))
                and line_id in by_line
            ]
            if new:
                found[line_id] = max(new, key=RANK.index)
        over = {
            line_id: found[line_id] for line_id in met if found[line_id] != "within"
        }
        told = set(memo.get("told", ()))
        new_memo = {
            "verdicts": {str(line_id): over[line_id] for line_id in sorted(over)},
            "told": sorted(told | set(over)),
        }
        if self.currency_id != self.company_id.currency_id:
            day = self._budget_date().isoformat()
            new_memo["rate"] = [self.currency_id.id, day, self._budget_rate()]
        state = max(found.values(), key=RANK.index)
        return state, {k: v for k, v in new_memo.items() if v}, sorted(set(over) - told)

    def _budget_get_department(self):
        self.ensure_one()
        return self.department_id or self.user_id._budget_department(self.company_id)

    def _budget_exceeded(self, lines):
        """Called once for each order and line that it took over the limit.

        Runs with the system's rights. Tells the owners of the budgets; extend it to
        do more.

        :param lines: the ``spend.budget.line`` records
        """
        self.ensure_one()
        lines._tell_owner(self)
