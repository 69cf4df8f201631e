from odoo import models


class SaleOrder(models.Model):
    """Confirming what is urgent already takes supply, too: the form shows from whom."""

    _inherit = "sale.order"

    def action_confirm_urgent(self):
        """Confirm an order from its form, or list first who becomes late.

        Only the form asks: code, customers and imports call ``action_confirm``.
        """
        self.ensure_one()
        self.check_access("write")
        if self._get_displaced_by_confirming():
            return self.env["urgency.confirmation"]._open(self)
        return self.action_confirm()

    def _get_displaced_by_confirming(self):
        """Return who would become late through this quotation's urgency.

        :return: see ``urgency.displacement._summarize``
        """
        self.ensure_one()
        if not self.is_urgent or self.state not in ("draft", "sent"):
            return []
        planned = self.order_line._get_planned_demands()
        pairs = self.env["stock.move"].sudo()._find_displaced_by(planned)
        return self.env["urgency.displacement"].sudo()._summarize(pairs)
