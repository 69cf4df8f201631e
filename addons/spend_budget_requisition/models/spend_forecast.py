from collections import defaultdict
from dataclasses import replace

from odoo import Command, api, models

from odoo.addons.spend_budget.forecast import get_days, part
from odoo.addons.spend_budget.measure import Measure
from odoo.addons.spend_budget.models.purchase_order_line import KIND_OF_STATE
from odoo.addons.spend_budget.shares import is_exact


class SpendForecast(models.Model):
    """Blanket orders: what is agreed and not ordered yet is bound to come."""

    _inherit = "spend.forecast"

    @api.model
    def _get_plan_measures(self, last):
        measures = super()._get_plan_measures(last)
        agreements = self.env["purchase.requisition"].search(
            [("state", "=", "confirmed"), ("requisition_type", "=", "blanket_order")]
        )
        for agreement in agreements:
            company, currency = agreement.company_id, agreement.currency_id
            own = company.currency_id
            # nobody knows what an amount without a rate comes to
            if not self.env["spend.control"]._covers(company) or (
                currency != own and not currency._approval_has_rate(company)
            ):
                continue
            today = company._approval_day()
            first = max(today, agreement.date_start or today)
            end = max(min(agreement.date_end or last, last), first)
            days = list(get_days(first, "monthly", end))
            for line, quantity in self._get_agreed_rest(agreement):
                whole = self._measure_agreed(line, quantity, today)
                if not is_exact(whole.amount, own.rounding):
                    continue  # nonsense of one buyer must not close all forecasts
                for day, amount in zip(
                    days, part(whole.amount, len(days), own.rounding), strict=True
                ):
                    measures[line, day] = replace(whole, date=day, amount=amount)
        return measures

    @api.model
    def _get_agreed_rest(self, agreement):
        """Yield the lines of a blanket order and the quantity that its orders leave, in
        the unit of the line.

        What is ordered or waits for approval counts itself. Of two lines of a product
        the first is used up first, as nothing ties orders to one of them.
        """
        ordered = defaultdict(float)
        orders = agreement.purchase_ids.filtered(lambda o: o.state in KIND_OF_STATE)
        for line in orders.order_line.filtered("product_id"):
            ordered[line.product_id] += line.product_uom_id._compute_quantity(
                line.product_qty, line.product_id.uom_id, round=False
            )
        for line in agreement.line_ids:
            unit, product = line.product_uom_id, line.product_id
            agreed = unit._compute_quantity(
                line.product_qty, product.uom_id, round=False
            )
            used = min(max(ordered[product], 0.0), agreed)
            ordered[product] -= used
            left = product.uom_id._compute_quantity(agreed - used, unit, round=False)
            if unit.compare(left, 0.0) > 0:
                yield line, left

    @api.model
    def _measure_agreed(self, line, quantity, day):
        """Return what a part of a line is worth: as much as if it was ordered."""
        Control, agreement = self.env["spend.control"], line.requisition_id
        company = agreement.company_id
        order = (
            self.env["purchase.order"]
            .with_company(company)
            .new(
                {
                    "company_id": company.id,
                    "partner_id": agreement.vendor_id.id,
                    "currency_id": agreement.currency_id.id,
                    "user_id": agreement.user_id.id,
                }
            )
        )
        position = order.fiscal_position_id
        taxes = line.product_id.supplier_taxes_id._filter_taxes_by_company(company)
        bought = order.order_line.new(
            {
                "order_id": order,
                "product_id": line.product_id.id,
                "product_uom_id": line.product_uom_id.id,
                "product_qty": quantity,
                "price_unit": line.price_unit,
                "discount": 0.0,
                "tax_ids": [Command.set(position.map_tax(taxes).ids)],
            }
        )
        is_named = bool(self.env["spend.budget"]._get_named_accounts())
        return Measure(
            companies=Control._ancestors(company),
            rounding=company.currency_id.rounding,
            date=day,
            amount=bought._budget_get_cost(),
            distribution=line.analytic_distribution or bought.analytic_distribution,
            department=order._budget_get_department().parent_path or "",
            category=line.product_id.categ_id.parent_path or "",
            kind="commit",
            ledger=is_named and bought._budget_get_account().id or None,
        )
