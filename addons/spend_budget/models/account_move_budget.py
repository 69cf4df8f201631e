from collections import defaultdict

from odoo import api, fields, models

from ..shares import remaining
from .account_move import SIGNS


class AccountMove(models.Model):
    """What a bill does to budgets, for people."""

    _inherit = "account.move"

    budget_impact = fields.Html(
        compute="_compute_budget_impact",
        compute_sudo=True,
        sanitize=False,
        groups="base.group_user",
        export_string_translation=False,
    )

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

    def _budget_get_impact(self):
        """Return what the bill takes from each budget line it touches.

        What a draft releases of the orders behind it counts as available before it.

        :return: see ``purchase.order._budget_impacts``
        """
        self.ensure_one()
        engine = self.env["spend.control"]._trusted()
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

    def _budget_exceeded(self, lines):
        """Called when a bill goes over the limit of budget lines that do not block.

        Runs with the system's rights. Tells the owners of the budgets.

        :param lines: the ``spend.budget.line`` records
        """
        self.ensure_one()
        lines._tell_owner(self)
