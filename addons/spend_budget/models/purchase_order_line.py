import json
from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.approval_matrix.reserved_fields import (
    without_defaults,
    without_values,
)
from odoo.addons.approval_matrix.system import as_system

from ..measure import Measure
from .account_move_line import SIGNS

#: Where the money of an order belongs, by its state.
KIND_OF_STATE = {"to approve": "reserve", "purchase": "commit"}

#: Only the system writes these.
SYSTEM_FIELDS = frozenset({"budget_carried", "rest_closed_qty"})


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "spend.source"]

    _budget_triggers = frozenset(
        {
            "order_id",
            "product_id",
            "product_qty",
            "product_uom_id",
            "price_unit",
            "discount",
            "tax_ids",
            "analytic_distribution",
            "display_type",
        }
    )

    budget_carried = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Ids of the budgets that the line was carried from and to.",
    )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("product_qty", "price_unit", "discount")
    def _check_budget_can_count(self):
        """While it is typed in: see ``spend.control``."""
        control = self.env["spend.control"]
        for line in as_system(self, for_texts=True):
            order = line.order_id
            if not line.display_type and control._covers(order.company_id):
                control._check_can_count(line, order, line.product_qty)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [without_values(vals, SYSTEM_FIELDS) for vals in vals_list]
        self = without_defaults(self, SYSTEM_FIELDS)
        with self.env["spend.control"]._watching() as touched:
            lines = super().create(vals_list)
            if touched:
                touched.see_order_lines(lines)
        return lines

    def write(self, vals):
        vals = without_values(vals, SYSTEM_FIELDS)
        with self.env["spend.control"]._watching(self, vals):
            return super().write(vals)

    def unlink(self):
        with self.env["spend.control"]._watching(self):
            return super().unlink()

    def _budget_touch(self, touched, vals=None):
        touched.see_order_lines(self)
        if vals is None or "order_id" in vals:
            touched.see_move_lines(self.sudo().invoice_lines)

    # ------------------------------------------------------------
    # MEASURES
    # ------------------------------------------------------------

    def _budget_measures(self, forecast=False):
        Control = self.env["spend.control"]
        kinds = KIND_OF_STATE
        if forecast:
            kinds = {**kinds, "draft": "reserve", "sent": "reserve"}
        counted = self.filtered(
            lambda line: (
                line.order_id.state in kinds
                and not line.display_type
                and Control._covers(line.order_id.company_id)
            )
        )
        billed = counted._budget_get_billed()
        days = counted.order_id._budget_get_days()
        is_named = bool(self.env["spend.budget"]._get_named_accounts())
        measures = {}
        for line in counted:
            order = line.order_id
            measures[line.id] = Measure(
                companies=Control._ancestors(order.company_id),
                rounding=order.company_id.currency_id.rounding,
                date=days[order],
                amount=line._budget_get_cost(),
                distribution=line.analytic_distribution,
                department=order._budget_get_department().parent_path or "",
                category=line.product_id.categ_id.parent_path or "",
                kind=kinds[order.state],
                # what is closed will not be billed: as if it had been
                left=(
                    line.product_qty,
                    billed.get(line._origin.id, 0.0) + line._origin.rest_closed_qty,
                ),
                carried=line._origin.budget_carried or {},
                ledger=is_named and line._budget_get_account().id or None,
            )
        return measures

    def _budget_get_account(self):
        """Return the account on which a bill for the line would be booked, as core
        chooses it; nothing without a product."""
        self.ensure_one()
        order = self.order_id
        product = self.product_id.with_company(order.company_id)
        accounts = product.product_tmpl_id.get_product_accounts(
            fiscal_pos=order.fiscal_position_id
        )
        if product.is_storable and product.valuation == "real_time":
            return accounts["stock_valuation"] or accounts["expense"]
        return accounts["expense"]

    def _budget_get_advances(self):
        """Return those of the lines that stand for a down payment: bills matched to
        them release nothing.

        What is one, money or a bill that the system made must say. Odoo's flag can be
        written by anybody who writes orders, so here no line is one.
        """
        return self.browse()

    def _budget_get_cost(self):
        """Return what the line costs the company, in its currency.

        Taxes that nobody gives back belong to it. A negative line frees nothing until
        it is billed: a rebate that never comes must not make room for a purchase.
        """
        self.ensure_one()
        order = self.order_id
        price = self.price_unit * (1 - self.discount / 100)
        cost = price * self.product_qty
        if self.tax_ids:
            cost = self.tax_ids.compute_all(
                price,
                currency=order.currency_id,
                quantity=self.product_qty,
                product=self.product_id,
                partner=order.partner_id,
            )["total_void"]
        return max(cost, 0.0) / (order._budget_rate() or 1.0)

    def _budget_get_billed(self):
        """Return the quantities on posted bills, refunds taken off, in the line's unit.

        Whatever the state of the order: one that was confirmed and waits again, or was
        refused then, has its bills.

        :return: by line id
        """
        lines = self._origin - self._origin._budget_get_advances()
        billed = defaultdict(float)
        if not lines:
            return billed
        self.env["account.move.line"].flush_model(
            ["purchase_line_id", "quantity", "product_uom_id"]
        )
        self.env["account.move"].flush_model(["move_type", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.purchase_line_id, line.product_uom_id, move.move_type,
                       SUM(line.quantity)
                  FROM account_move_line AS line
                  JOIN account_move AS move ON move.id = line.move_id
                 WHERE line.purchase_line_id IN %(ids)s
                   AND move.state = 'posted'
                   AND move.move_type IN %(types)s
              GROUP BY line.purchase_line_id, line.product_uom_id, move.move_type
                """,
                ids=tuple(lines.ids),
                types=tuple(SIGNS),
            )
        )
        for line_id, uom_id, move_type, quantity in rows:
            line = self.browse(line_id)
            uom = self.env["uom.uom"].browse(uom_id or line.product_uom_id.id)
            if uom != line.product_uom_id:
                quantity = uom._compute_quantity(
                    quantity, line.product_uom_id, round=False, raise_if_failure=False
                )
            billed[line_id] += SIGNS[move_type] * quantity
        return billed

    def _budget_get_department(self):
        return self.order_id._budget_get_department()

    def _budget_reason(self, had, billing):
        changed = "billed" if billing else "changed"
        match self.order_id.state:
            case "cancel":
                return "cancelled"
            case "to approve":
                return changed if "reserve" in had else "submitted"
            case "purchase":
                return changed if "commit" in had else "approved"
        return "returned"

    @api.model
    def _get_budget_domain(self, budget):
        first = datetime.combine(budget.date_from - timedelta(days=1), time.min)
        last = datetime.combine(budget.date_to + timedelta(days=1), time.max)
        return (
            Domain("order_id.company_id", "child_of", budget.company_id.id)
            & Domain("order_id.state", "in", tuple(KIND_OF_STATE))
            & (
                Domain("order_id.state", "=", "to approve")
                | Domain.OR(
                    Domain(f"order_id.{name}", ">=", first)
                    & Domain(f"order_id.{name}", "<=", last)
                    for name in ("date_order", "date_approve", "create_date")
                )
            )
        )

    def _budget_carry(self, source_id, target_id):
        """Note that the lines left one budget for another: by id, for the engine."""
        for line in self:
            carried = line.budget_carried or {}
            left = sorted({*carried.get("from", ()), source_id} - {target_id})
            entered = sorted({*carried.get("to", ()), target_id} - {source_id})
            self.env.cr.execute(
                SQL(
                    "UPDATE purchase_order_line SET budget_carried = %s::jsonb"
                    " WHERE id = %s",
                    json.dumps({"from": left, "to": entered}),
                    line.id,
                )
            )
        self.invalidate_recordset(["budget_carried"], flush=False)
