from odoo import api, models
from odoo.fields import Domain

from ..measure import Measure

#: Bills count as spent, refunds take it back.
SIGNS = {"in_invoice": 1, "in_receipt": 1, "in_refund": -1}


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "spend.source"]

    _budget_triggers = frozenset(
        {
            "analytic_distribution",
            "balance",
            "credit",
            "debit",
            "display_type",
            "is_downpayment",
            "move_id",
            "price_unit",
            "product_id",
            "product_uom_id",
            "purchase_line_id",
            "quantity",
            "tax_ids",
        }
    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        with self.env["spend.control"]._watching(lines):
            return lines  # of bills that are posted already

    def write(self, vals):
        with self.env["spend.control"]._watching(self, vals):
            return super().write(vals)

    def unlink(self):
        with self.env["spend.control"]._watching(self):
            return super().unlink()

    def _budget_is_cost(self):
        return self.display_type == "product" and self.move_id.move_type in SIGNS

    def _budget_touch(self, touched, vals=None):
        posted = self.sudo().filtered(
            lambda line: line.parent_state == "posted" and line._budget_is_cost()
        )
        touched.see_move_lines(posted)

    # ------------------------------------------------------------
    # MEASURES
    # ------------------------------------------------------------

    def _budget_measures(self, forecast=False):
        """Down payments, matched to such lines of orders, are not counted: what they
        pay for is still committed, and the final bill takes them off again."""
        states = ("posted", "draft") if forecast else ("posted",)
        Control = self.env["spend.control"]
        measures = {}
        for line in self:
            move = line.move_id
            if (
                not line._budget_is_cost()
                or line.purchase_line_id._budget_is_advance()
                or move.state not in states
                or not Control._covers(move.company_id)
            ):
                continue
            measures[line.id] = Measure(
                companies=Control._ancestors(move.company_id),
                rounding=move.company_id.currency_id.rounding,
                date=move.date,
                amount=line._budget_get_cost(),
                distribution=line.analytic_distribution,
                department=line._budget_get_department().parent_path or "",
                category=line.product_id.categ_id.parent_path or "",
                kind="actual",
            )
        return measures

    def _budget_get_cost(self):
        """Return what the line costs the company, in its currency and at the bill's
        rate, with the taxes that nobody gives back; negative for refunds."""
        self.ensure_one()
        move = self.move_id
        cost = self.balance
        if self.tax_ids:
            taxes = self.tax_ids.with_context(round_base=False).compute_all(
                self.price_unit * (1 - self.discount / 100),
                currency=self.currency_id,
                quantity=self.quantity,
                product=self.product_id,
                partner=self.partner_id,
                is_refund=move.move_type == "in_refund",
            )
            lost = taxes["total_void"] - taxes["total_excluded"]
            cost += SIGNS[move.move_type] * lost / (self.currency_rate or 1.0)
        return cost

    def _budget_get_department(self):
        self.ensure_one()
        order = self.purchase_line_id.order_id
        if order:
            return order._budget_get_department()
        move = self.move_id
        return move.budget_department_id or move.invoice_user_id._budget_department(
            move.company_id
        )

    def _budget_reason(self, had, billing):
        match self.move_id.state:
            case "posted":
                return "changed" if had else "billed"
            case "cancel":
                return "cancelled"
        return "unbilled"

    @api.model
    def _get_budget_domain(self, budget):
        return (
            Domain("company_id", "child_of", budget.company_id.id)
            & Domain("parent_state", "=", "posted")
            & Domain("display_type", "=", "product")
            & Domain("move_id.move_type", "in", tuple(SIGNS))
            & Domain("date", ">=", budget.date_from)
            & Domain("date", "<=", budget.date_to)
        )
