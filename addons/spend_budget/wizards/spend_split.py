from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..periods import split_amount, split_period
from ..shares import from_units, to_units


class SpendSplit(models.TransientModel):
    """Asks into which parts the period of a budget is to be split."""

    _name = "spend.split"
    _description = "Split a Budget into Periods"

    budget_id = fields.Many2one("spend.budget", required=True, ondelete="cascade")
    months = fields.Selection(
        [("1", "Months"), ("3", "Quarters")],
        string="Into",
        default="1",
        required=True,
    )

    @api.constrains("budget_id")
    def _check_writable(self):
        """With the user's own rights: Odoo runs constraints with the system's."""
        self.sudo(False).budget_id.check_access("write")

    def action_split(self):
        """Replace each line for the whole period by one for each part of it, with equal
        amounts that can be edited then.

        :raises UserError: for a budget that controls already, or has nothing to split
        """
        self.ensure_one()
        budget = self.budget_id
        budget.check_access("write")
        if budget.state != "draft":
            raise UserError(
                self.env._(
                    "%(budget)s is in use: what its lines cover stays as it is. Split "
                    "a draft.",
                    budget=budget.display_name,
                )
            )
        parts = split_period(budget.date_from, budget.date_to, int(self.months))
        whole = budget.line_ids.filtered(
            lambda line: not (line.part_from or line.part_to)
        )
        if not whole or len(parts) < 2:
            raise UserError(
                self.env._(
                    "There is nothing to split: each line is for a part of the period "
                    "already, or the period has one part only."
                )
            )
        commands = [Command.delete(line.id) for line in whole]
        for line in whole:
            rounding = line.currency_id.rounding
            amounts = split_amount(to_units(line.amount, rounding), len(parts))
            (values,) = line.copy_data()
            commands += [
                Command.create(
                    {
                        **values,
                        "part_from": first,
                        "part_to": last,
                        "amount": float(from_units(units, rounding)),
                    }
                )
                for (first, last), units in zip(parts, amounts, strict=True)
            ]
        budget.line_ids = commands
        return {"type": "ir.actions.act_window_close"}
