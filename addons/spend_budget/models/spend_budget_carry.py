from odoo import models
from odoo.exceptions import UserError

from .spend_control import Watch


class SpendBudget(models.Model):
    """What is open at the end of a period moves to the budget of the next one."""

    _inherit = "spend.budget"

    def _carry_forward(self, target):
        """Move open reservations and commitments to the matching lines of a budget.

        :param target: the open ``spend.budget`` that follows
        :raises UserError: when an order meets no line there; nothing is moved then
        """
        self.ensure_one()
        engine = self.env["spend.control"]._trusted()
        lines = engine._get_open_order_lines(self)
        if not lines:
            return
        lines._budget_carry(self.id, target.id)
        self._check_carried(engine, lines, target)
        watch = Watch("carried")
        watch.order_lines.update(lines.ids)
        engine._settle(watch)
        self.message_post(
            body=self.env._(
                "Open orders were carried forward to %(budget)s.",
                budget=target.display_name,
            )
        )

    def _check_carried(self, engine, lines, target):
        targets = engine._get_targets(lines)
        known = set(target.sudo().line_ids.ids)
        lost = lines.filtered(lambda line: known.isdisjoint(targets.get(line.id, ())))
        if lost:
            raise UserError(
                self.env._(
                    "%(budget)s has no line for: %(orders)s. Add one, or leave them "
                    "where they are.",
                    budget=target.display_name,
                    orders=", ".join(lost.order_id.mapped("name")),
                )
            )
