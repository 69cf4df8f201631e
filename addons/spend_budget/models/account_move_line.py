from odoo import api, models
from odoo.fields import Domain

from .account_move import SIGNS
from .spend_control_settle import Measure

TRIGGERS = frozenset(
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


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if self.env["spend.control"]._in_use():
            lines._budget_touched()
        return lines

    def write(self, vals):
        Control = self.env["spend.control"]
        if TRIGGERS.isdisjoint(vals) or not Control._in_use():
            return super().write(vals)
        posted = self._budget_get_posted()
        if not posted:
            return super().write(vals)
        with Control._watching() as watch:
            watch.see_move_lines(posted)
            result = super().write(vals)
            watch.see_move_lines(posted)
        return result

    def unlink(self):
        Control = self.env["spend.control"]
        posted = Control._in_use() and self._budget_get_posted()
        if not posted:
            return super().unlink()
        with Control._watching() as watch:
            watch.see_move_lines(posted)
            return super().unlink()

    def _budget_get_posted(self):
        return self.sudo().filtered(
            lambda line: (
                line.parent_state == "posted" and line.move_id._budget_is_bill()
            )
        )

    def _budget_touched(self):
        """Settle new lines of bills that are posted already."""
        posted = self._budget_get_posted()
        if posted:
            with self.env["spend.control"]._watching() as watch:
                watch.see_move_lines(posted)

    # ------------------------------------------------------------
    # MEASURES
    # ------------------------------------------------------------

    def _budget_measures(self, forecast=False):
        """Return what the lines are worth to budgets, see ``Measure``.

        Down payments, matched to such lines of orders, are not counted: what they pay
        for is still committed, and the final bill takes them off again.

        :param bool forecast: measure draft bills as if they were posted
        :return: by id of the line; lines that take nothing are left out
        """
        states = ("posted", "draft") if forecast else ("posted",)
        covers = self.env["spend.control"]._covers
        measures = {}
        for line in self:
            move = line.move_id
            if (
                line.display_type != "product"
                or line.purchase_line_id._budget_is_advance()
                or move.state not in states
                or not move._budget_is_bill()
                or not covers(move.company_id)
            ):
                continue
            measures[line.id] = Measure(
                company=move.company_id,
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
        """Return why the ledger moves for this line."""
        match self.move_id.state:
            case "posted":
                return "changed" if had else "billed"
            case "cancel":
                return "cancelled"
        return "unbilled"

    @api.model
    def _get_budget_domain(self, budget):
        """Return a domain for the lines that a budget could meet, and some more."""
        return (
            Domain("company_id", "child_of", budget.company_id.id)
            & Domain("parent_state", "=", "posted")
            & Domain("display_type", "=", "product")
            & Domain("move_id.move_type", "in", tuple(SIGNS))
            & Domain("date", ">=", budget.date_from)
            & Domain("date", "<=", budget.date_to)
        )
