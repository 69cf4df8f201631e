from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.approval_matrix.system import as_system

from ..shares import remaining
from .account_move_line import SIGNS

TRIGGERS = frozenset({"state", "date", "invoice_user_id", "budget_department_id"})


class AccountMove(models.Model):
    """Posted bills and refunds are what was spent."""

    _name = "account.move"
    _inherit = ["account.move", "spend.document"]

    budget_department_id = fields.Many2one(
        "hr.department",
        string="Department",
        compute="_compute_budget_department_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        groups="base.group_user",
        help="Whose budgets pay a bill without an order.",
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

    @api.depends("invoice_user_id", "company_id", "move_type")
    def _compute_budget_department_id(self):
        """Suggest a department where budgets are in use: elsewhere it costs nothing."""
        covers = self.env["spend.control"]._covers
        for move in self:
            if move._budget_is_bill() and covers(move.company_id):
                user = move.invoice_user_id._origin or move.invoice_user_id
                move.budget_department_id = user._budget_department(move.company_id)
            else:
                move.budget_department_id = move.budget_department_id

    @api.depends(
        "state",
        "date",
        "company_id",
        "invoice_user_id",
        "invoice_line_ids.balance",
        "invoice_line_ids.quantity",
        "invoice_line_ids.tax_ids",
        "invoice_line_ids.product_id",
        "invoice_line_ids.analytic_distribution",
    )
    @api.depends_context("lang")
    def _compute_budget_impact(self):
        in_use = self.env["spend.control"]._in_use()
        for move in self:
            rows = (
                in_use
                and move._budget_is_bill()
                and move.state != "cancel"
                and move._budget_get_impact()
            )
            move.budget_impact = rows and self.env["ir.qweb"]._render(
                "spend_budget.impact",
                {
                    "rows": rows,
                    "currency": move.company_id.currency_id,
                    "is_forecast": move.state == "draft",
                },
            )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        Control = self.env["spend.control"]
        if TRIGGERS.isdisjoint(vals) or not Control._in_use():
            return super().write(vals)
        with Control._watching() as touched:
            touched.see_move_lines(self._budget_get_lines())
            result = super().write(vals)
            touched.see_move_lines(self._budget_get_lines())
        return result

    def unlink(self):
        Control = self.env["spend.control"]
        if not Control._in_use():
            return super().unlink()
        with Control._watching() as touched:
            touched.see_move_lines(self._budget_get_lines())
            return super().unlink()

    def _post(self, soft=True):
        """Judge all bills together that are posted together."""
        if not self.env["spend.control"]._in_use():
            return super()._post(soft=soft)
        with self.env["spend.control"]._watching():
            return super()._post(soft=soft)

    # ------------------------------------------------------------
    # BUDGET
    # ------------------------------------------------------------

    def _budget_is_bill(self):
        return self.move_type in SIGNS

    def _budget_get_lines(self):
        """Return the lines of bills and refunds that cost something; other moves have
        no budget."""
        return self.sudo().line_ids.filtered(lambda line: line._budget_is_cost())

    def _budget_get_impact(self):
        """Return what the bill takes from each budget line it touches.

        What a draft releases of the orders behind it counts as available before it.

        :return: see ``purchase.order._budget_impacts``
        """
        self.ensure_one()
        engine = as_system(self.env["spend.control"], for_texts=True)
        move = self.with_env(engine.env)
        lines = move.invoice_line_ids
        asked, held = defaultdict(int), defaultdict(int)
        for borne in engine._get_borne(lines._budget_measures(forecast=True)).values():
            for line_id, units in borne.items():
                asked[line_id] += units
        if move.state == "posted":
            for by_line in engine._get_holdings(lines._name, lines.ids).values():
                for line_id, (kinds, _number) in by_line.items():
                    held[line_id] += sum(kinds.values())
        else:
            for line_id, units in move._budget_get_release().items():
                held[line_id] += units
        return engine._get_impact_rows(asked, held)

    def _budget_get_release(self):
        """Return what posting this bill would release of commitments.

        :return: units by budget line id
        """
        released = defaultdict(int)
        extra = defaultdict(float)
        for line in self.invoice_line_ids.filtered("purchase_line_id"):
            ordered = line.purchase_line_id
            unit = line.product_uom_id or ordered.product_uom_id
            extra[ordered.id] += SIGNS[self.move_type] * unit._compute_quantity(
                line.quantity,
                ordered.product_uom_id,
                round=False,
                raise_if_failure=False,
            )
        measures = self.invoice_line_ids.purchase_line_id._budget_measures()
        for source_id, borne in self.env["spend.control"]._get_borne(measures).items():
            measure = measures[source_id]
            if not measure.left:
                continue
            ordered, billed = measure.left
            for line_id, units in borne.items():
                after = remaining(units, ordered, billed + extra[source_id])
                released[line_id] += measure.take(units) - after
        return released
