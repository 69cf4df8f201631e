from odoo import api, models

#: Fields that tie a line to the customer's order it serves.
CUSTOMER_LINKS = {"move_dest_ids", "sale_line_id"}


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "approval.line.mixin"]

    def _approval_term_fields(self):
        return super()._approval_term_fields() | {
            "name",
            "product_id",
            "product_qty",
            "product_uom_id",
            "price_unit",
            "discount",
            "tax_ids",
            "analytic_distribution",
            "date_planned",
        }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        served = [
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if any(vals.get(link) for link in CUSTOMER_LINKS)
        ]
        self.browse(served).order_id._inherit_urgency()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not CUSTOMER_LINKS.isdisjoint(vals):
            self.order_id._inherit_urgency()
        return result

    def _create_or_update_picking(self):
        """Leave receipts alone while the order goes back to its approvers.

        Their last approval brings the receipts up to date.
        """
        held = self.order_id._approval_missing()
        free = self.filtered(lambda line: line.order_id not in held)
        return super(PurchaseOrderLine, free)._create_or_update_picking()

    def _get_approval_terms(self):
        """Return what approvers approve of this line.

        :return: ids, dates and fixed-point strings: quantity in the line's UoM,
            price in the order's currency per that UoM, discount and analytic shares
            in percent
        """
        self.ensure_one()
        return {
            "product": self.product_id.id,
            "text": self.name,
            "quantity": f"{self.product_qty:.6f}",
            "uom": self.product_uom_id.id,
            "price": f"{self.price_unit:.6f}",
            "discount": f"{self.discount:.6f}",
            "taxes": sorted(self.tax_ids.ids),
            "analytic": {
                accounts: f"{share:.6f}"
                for accounts, share in (self.analytic_distribution or {}).items()
            },
            "date": self.date_planned and self.date_planned.date().isoformat(),
        }
