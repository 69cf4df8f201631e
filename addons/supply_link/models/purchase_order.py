from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def write(self, vals):
        """Quotations of one group compete with each other."""
        result = super().write(vals)
        if "purchase_group_id" in vals:
            self.env["supply.link"]._follow(self.order_line)
        return result

    def button_cancel(self):
        """Odoo forgets whom the order served: the links keep it."""
        result = super().button_cancel()
        self.env["supply.link"]._follow(self.order_line)
        return result

    def action_merge(self):
        """Odoo folds equal lines of the oldest quotation into one as it merges: who
        was to get the goods of a folded line gets them of that one."""
        before = [
            (line, line.order_id, line._get_merge_key(), links)
            for line, links in self.order_line._get_kept_links().items()
        ]
        quantities = {line: line.product_qty for line in self.order_line}
        result = super().action_merge()
        for line, order, key, links in before:
            if line.exists():
                continue
            grown = order.order_line.filtered(
                lambda each: each.product_qty > quantities.get(each, each.product_qty)
            )
            heirs = grown.filtered(lambda each, key=key: each._get_merge_key() == key)
            if heirs:
                links._replace(heirs[0])
                self.env["supply.link"]._follow(heirs[0])
        return result

    def action_view_supply_waiting(self):
        """Show who waits for the goods of these orders."""
        return self.env["supply.waiting"]._open(self.order_line)
