from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix.system import as_system

from ..shares import remaining
from .account_move_line import SIGNS


class AccountMove(models.Model):
    """What is posted is what was spent: bills and refunds, and whatever else is booked
    as an expense."""

    _name = "account.move"
    _inherit = ["account.move", "spend.document"]

    _budget_triggers = frozenset(
        {
            "state",
            "date",
            "company_id",
            "journal_id",
            "move_type",
            "invoice_currency_rate",
            "invoice_user_id",
            "budget_department_id",
        }
    )
    _budget_lines_field = "invoice_line_ids"

    budget_department_id = fields.Many2one(
        "hr.department",
        string="Department",
        compute="_compute_budget_department_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        groups="base.group_user",
        help="Whose budgets pay a bill without an order, or an entry.",
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

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def write(self, vals):
        with self.env["spend.control"]._watching(self, vals):
            return super().write(vals)

    def unlink(self):
        with self.env["spend.control"]._watching(self):
            return super().unlink()

    def _post(self, soft=True):
        """Judge all bills together that are posted together."""
        with self.env["spend.control"]._watching():
            return super()._post(soft=soft)

    # ------------------------------------------------------------
    # BUDGET
    # ------------------------------------------------------------

    def _budget_is_bill(self):
        return self.move_type in SIGNS

    def _budget_touch(self, touched, vals=None):
        self._budget_touch_missing(touched)
        touched.see_move_lines(self.sudo().line_ids._budget_filter_counted())

    def _budget_touch_missing(self, touched):
        bills = as_system(self).filtered(lambda move: move._budget_is_bill())
        return super(AccountMove, bills)._budget_touch_missing(touched)

    def _budget_get_judged_lines(self):
        """What is billed as it was ordered was judged with its order. A link to it
        alone says nothing: whoever bills may write it."""
        bills = self.filtered(lambda move: move._budget_is_bill())
        lines = bills.invoice_line_ids.filtered(
            lambda line: (
                line.purchase_line_id.state != "purchase"
                or line.purchase_line_id.product_id != line.product_id
                or line.purchase_line_id.analytic_distribution
                != line.analytic_distribution
            )
        )
        return lines - lines._budget_get_advances()

    def _budget_judge_missing(self, before):
        """Refuse posted bills that no budget line is for, where the company wants that,
        or say so: what was let through before stays.

        :param before: by id, the units that no line was for before
        :raises UserError: which, and who could add a line
        """
        found = {
            move: missing
            for move, missing in self._budget_get_missing().items()
            if missing[1] > before[move.id]
        }
        texts = self.env["spend.control"]._describe_missing(found)
        for move, (_lines, _units, policy) in found.items():
            if policy == "block":
                raise UserError(texts[move])
            move.message_post(body=texts[move])

    def _budget_impacts(self):
        bills = self.filtered(
            lambda move: move._budget_is_bill() and move.state != "cancel"
        )
        return super(AccountMove, bills)._budget_impacts()

    def _budget_get_held(self):
        """What a draft releases of the orders behind it counts as available, too."""
        posted = self.filtered(lambda move: move.state == "posted")
        held = super(AccountMove, posted)._budget_get_held()
        for move in self - posted:
            held[move._origin.id] = move._budget_get_release()
        return held

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
