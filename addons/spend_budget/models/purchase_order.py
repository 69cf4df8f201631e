from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..defaults import without_defaults

#: Fields of the order that decide what it takes from which budget.
TRIGGERS = frozenset(
    {
        "state",
        "order_line",
        "company_id",
        "currency_id",
        "date_order",
        "department_id",
        "user_id",
        "partner_id",
        "fiscal_position_id",
    }
)

#: Written by the engine only.
ENGINE_FIELDS = frozenset({"budget_memo", "budget_posted_state", "budget_revision"})


class PurchaseOrder(models.Model):
    """Orders take from budgets what they cost, on every way their state, lines or
    terms can change."""

    _inherit = "purchase.order"

    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        tracking=True,
        groups="base.group_user",
        help="Whose budgets pay. By default the department of the buyer.",
    )
    budget_memo = fields.Json(readonly=True, copy=False, groups="base.group_system")
    budget_posted_state = fields.Selection(
        [("within", "Within"), ("warned", "Warned"), ("over", "Over")],
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_system",
    )
    budget_revision = fields.Integer(
        readonly=True, copy=False, groups="base.group_system"
    )

    @api.depends("user_id", "company_id")
    def _compute_department_id(self):
        """Suggest a department where budgets are in use: elsewhere it costs nothing."""
        covers = self.env["spend.control"]._covers
        for order in self:
            if covers(order.company_id):
                user = order.user_id._origin or order.user_id
                order.department_id = user._budget_department(order.company_id)
            else:
                order.department_id = order.department_id

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {name: value for name, value in vals.items() if name not in ENGINE_FIELDS}
            for vals in vals_list
        ]
        self = without_defaults(self, ENGINE_FIELDS)
        Control = self.env["spend.control"]
        if not Control._in_use():
            return super().create(vals_list)
        with Control._watching() as watch:
            orders = super().create(vals_list)
            watch.see_orders(orders)
        return orders

    def write(self, vals):
        if not ENGINE_FIELDS.isdisjoint(vals):
            vals = {name: vals[name] for name in vals if name not in ENGINE_FIELDS}
        Control = self.env["spend.control"]
        if TRIGGERS.isdisjoint(vals) or not Control._in_use():
            return super().write(vals)
        with Control._watching() as watch:
            watch.see_orders(self)
            if "department_id" in vals or "user_id" in vals:
                watch.see_bills_of(self.order_line)
            return super().write(vals)

    def unlink(self):
        Control = self.env["spend.control"]
        if not Control._in_use():
            return super().unlink()
        with Control._watching() as watch:
            watch.see_order_lines(self.sudo().order_line)
            watch.see_bills_of(self.order_line)
            return super().unlink()

    # ------------------------------------------------------------
    # ACTIONS: several orders at once are settled at once
    # ------------------------------------------------------------

    def button_confirm(self):
        if not self.env["spend.control"]._in_use():
            return super().button_confirm()
        with self.env["spend.control"]._watching():
            return super().button_confirm()

    def button_approve(self, force=False):
        if not self.env["spend.control"]._in_use():
            return super().button_approve(force=force)
        with self.env["spend.control"]._watching():
            return super().button_approve(force=force)

    # ------------------------------------------------------------
    # MEASURES
    # ------------------------------------------------------------

    def _budget_date(self):
        """Return the day of the order where its company is, whoever looks at it."""
        self.ensure_one()
        return self._budget_day(self.date_order or fields.Datetime.now())

    def _budget_day(self, moment):
        """Return the day of a moment where the order's company is."""
        zone = self.company_id.partner_id.tz or self.company_id.resource_calendar_id.tz
        return (
            moment.replace(tzinfo=ZoneInfo("UTC"))
            .astimezone(ZoneInfo(zone or "UTC"))
            .date()
        )

    def _budget_counted_on(self):
        """Return the day whose budgets pay.

        Buyers choose the date of an order: where no open budget holds it, the day it
        was approved counts, until then today. Neither is before the order was made.
        What a closed budget still holds stays there.
        """
        self.ensure_one()
        day = self._budget_date()
        if self.env["spend.control"]._is_open_on(self.company_id, day):
            return day
        if self._budget_is_left_behind():
            return day
        now = fields.Datetime.now()
        moment = self.date_approve if self.state == "purchase" else now
        made = self._origin.create_date or now
        return self._budget_day(min(max(moment or made, made), now))

    def _budget_is_left_behind(self):
        """Tell whether a closed budget holds money of the order."""
        ids = self._origin.order_line.ids
        if not ids:
            return False
        self.env["spend.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 1
                  FROM spend_entry AS entry
                  JOIN spend_budget AS budget ON budget.id = entry.budget_id
                 WHERE entry.source_model = 'purchase.order.line'
                   AND entry.source_id IN %s
                   AND budget.state = 'closed'
              GROUP BY entry.source_id
                HAVING SUM(entry.amount) > 0
                 LIMIT 1
                """,
                tuple(ids),
            )
        )
        return bool(rows)

    def _budget_rate(self):
        """Return how much of the order's currency one of the company's is worth.

        Once the order takes from budgets it keeps its rate, unless its currency or
        date change. The stored rate of Odoo is not used: remote callers can write it.

        :raises UserError: without any rate, when Odoo would convert one to one
        """
        self.ensure_one()
        currency, company = self.currency_id, self.company_id
        if not currency or currency == company.currency_id:
            return 1.0
        kept = (self.budget_memo or {}).get("rate") or [None, None, 0.0]
        day = self._budget_date()
        if kept[:2] == [currency.id, day.isoformat()] and kept[2]:
            return kept[2]
        known = self.env["res.currency.rate"].search_count(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", (False, company.root_id.id)),
            ],
            limit=1,
        )
        if not known:
            raise UserError(
                self.env._(
                    "%(order)s: there is no exchange rate for %(currency)s, so no "
                    "budget can be charged. Enter a rate first.",
                    order=self.display_name,
                    currency=currency.name,
                )
            )
        return self.env["res.currency"]._get_conversion_rate(
            company.currency_id, currency, company, day
        )
